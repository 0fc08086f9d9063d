//! How long transitions take, and what they change.

use std::time::Duration;

use crate::rds::{DbStatus, PendingModifications};

/// How long transitions take. The sequence is AWS's (Amazon RDS User Guide, "Promoting a read replica" and "Viewing DB
/// instance status"); the times are chosen short, real ones are minutes and more by size.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lifecycle {
    /// How long `available` still shows after an accepted promotion or change, as if nothing had happened.
    pub lie: Duration,
    /// `modifying` of a promotion.
    pub modifying: Duration,
    /// `rebooting` of a promotion.
    pub rebooting: Duration,
    /// `backing-up` of a promotion that turns backups on. The source link and the replication status show until the
    /// end of this.
    pub backing_up: Duration,
    /// `modifying` of a change of settings.
    pub changing: Duration,
}

impl Default for Lifecycle {
    fn default() -> Self {
        Lifecycle {
            lie: Duration::from_secs(45),
            modifying: Duration::from_mins(2),
            rebooting: Duration::from_mins(1),
            backing_up: Duration::from_mins(3),
            changing: Duration::from_mins(4),
        }
    }
}

/// What happens to an instance at the end of a stage.
#[derive(Clone, Debug)]
pub(super) enum Change {
    /// The status shows.
    Status(DbStatus),
    /// It is a standalone writer, with these backups.
    Promoted {
        retention: u8,
        window: Option<String>,
    },
    /// What was pending is made.
    Applied(PendingModifications),
    /// It stands behind these security groups.
    Regrouped(Vec<String>),
    /// It has another identifier, and with it another ARN and endpoint.
    Renamed(String),
    /// It was restarted: connections that its groups do not allow are gone.
    Restarted,
    /// It follows its source.
    Following,
}

impl Lifecycle {
    /// Stages of a promotion: after how long what changes.
    pub(super) fn promotion(
        &self,
        retention: u8,
        window: Option<String>,
    ) -> Vec<(Duration, Change)> {
        let mut at = self.lie;
        let mut stages = vec![(at, Change::Status(DbStatus::Modifying))];
        at += self.modifying;
        stages.push((at, Change::Status(DbStatus::Rebooting)));
        at += self.rebooting;
        if retention > 0 {
            stages.push((at, Change::Status(DbStatus::BackingUp)));
            at += self.backing_up;
        }
        stages.push((at, Change::Promoted { retention, window }));
        stages
    }

    /// Stages of a restart.
    pub(super) fn restart(&self) -> Vec<(Duration, Change)> {
        vec![
            (self.lie, Change::Status(DbStatus::Rebooting)),
            (self.lie + self.rebooting, Change::Restarted),
        ]
    }

    /// Stages of a stop.
    pub(super) fn stop(&self) -> Vec<(Duration, Change)> {
        let status = |text: &str| Change::Status(DbStatus::Other(text.to_owned()));
        vec![
            (self.lie, status("stopping")),
            (self.lie + self.modifying, status("stopped")),
        ]
    }

    /// Stages of a new replica, of its own and of its source.
    pub(super) fn replication(&self) -> Vec<(Duration, Change)> {
        let backing_up = Change::Status(DbStatus::BackingUp);
        vec![
            (self.changing, backing_up),
            (self.changing + self.backing_up, Change::Following),
        ]
    }

    /// Stages of a change of settings.
    pub(super) fn change(&self, pending: PendingModifications) -> Vec<(Duration, Change)> {
        vec![
            (self.lie, Change::Status(DbStatus::Modifying)),
            (self.lie + self.changing, Change::Applied(pending)),
        ]
    }
}
