//! Settings are changed.

use super::super::{Effect, Lifecycle};
use super::{Estate, modification};
use crate::ErrorKind;
use crate::rds::ModifyDbInstance;

#[test]
fn a_slow_change_is_pending_then_modifying_then_made() {
    let estate = Estate::new();
    let request = ModifyDbInstance {
        multi_az: Some(true),
        instance_class: Some("db.r6g.xlarge".to_owned()),
        ..modification()
    };
    let accepted = estate.modify(&request).unwrap();
    assert_eq!(accepted.pending.multi_az, Some(true));
    assert_eq!(
        (accepted.status.as_str(), accepted.multi_az),
        ("available", false)
    );
    let times = Lifecycle::default();
    estate.clock.advance(times.lie);
    assert_eq!(estate.status(), "modifying");
    assert!(!estate.replica().pending.is_empty());
    estate.clock.advance(times.changing);
    let made = estate.replica();
    assert_eq!(made.status.as_str(), "available");
    assert!(made.multi_az && made.pending.is_empty());
    assert_eq!(made.instance_class, "db.r6g.xlarge");
}

#[test]
fn protection_and_backup_window_are_changed_at_once() {
    let estate = Estate::new();
    let request = ModifyDbInstance {
        deletion_protection: Some(true),
        backup_window: Some("05:00-06:00".to_owned()),
        ..modification()
    };
    let made = estate.modify(&request).unwrap();
    assert!(made.deletion_protection && made.pending.is_empty());
    assert_eq!(made.backup_window.as_deref(), Some("05:00-06:00"));
    estate.clock.advance(Lifecycle::default().lie);
    assert_eq!(estate.status(), "available", "no change is under way");
}

#[test]
fn asking_for_what_is_there_changes_nothing() {
    let estate = Estate::new();
    let request = ModifyDbInstance {
        multi_az: Some(false),
        ..modification()
    };
    estate.modify(&request).unwrap();
    assert_eq!(estate.aws.calls().last().unwrap().effect, Effect::Nothing);
    assert_eq!(estate.aws.effects("ModifyDBInstance"), 0);
}

#[test]
fn a_change_during_a_promotion_or_another_change_is_refused() {
    let estate = Estate::new();
    let request = ModifyDbInstance {
        backup_retention_days: Some(7),
        ..modification()
    };
    estate.modify(&request).unwrap();
    assert_eq!(
        estate.modify(&request).unwrap_err().kind,
        ErrorKind::InvalidState
    );
    assert_eq!(
        estate.promote(&super::promotion()).unwrap_err().kind,
        ErrorKind::InvalidState
    );
    estate.pass(3600);
    estate.promote(&super::promotion()).unwrap();
    assert_eq!(
        estate.modify(&modification()).unwrap_err().kind,
        ErrorKind::InvalidState
    );
}
