//! Consents: bound, expiring statements that a named risk is accepted.
//!
//! A consent is written by a person for one replica, one source and one day. Everything that does not fit is inert:
//! it opens no gate, and a warning says why, so that a forgotten line in a configuration never promotes anything.

use std::time::Duration;

use jiff::Timestamp;

use crate::instance_name::names_source;
use crate::message::duration_text;

/// How far ahead a consent may reach. A longer one would be a standing order.
pub const LONGEST_CONSENT: Duration = Duration::from_hours(24);

/// The risk that somebody accepts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AcceptedRisk {
    /// Nobody knows how much data is at risk.
    UnknownLag,
    /// At most this much is lost, although the objective allows less.
    DataLossUpTo(Duration),
    /// The old writer may still accept writes.
    Unfenced,
}

impl AcceptedRisk {
    /// The word that configurations use for it.
    pub fn name(&self) -> &'static str {
        match self {
            AcceptedRisk::UnknownLag => "unknown_lag",
            AcceptedRisk::DataLossUpTo(_) => "data_loss_up_to",
            AcceptedRisk::Unfenced => "unfenced",
        }
    }
}

/// One consent as it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Consent {
    /// What is accepted.
    pub risk: AcceptedRisk,
    /// When it stops to count; at most [`LONGEST_CONSENT`] ahead.
    pub until: Timestamp,
    /// The source, by ARN (an identifier is compared as [`names_source`] says), that it was written for.
    pub source: String,
    /// The identifier of the replica that it was written for.
    pub target: String,
}

/// A consent for an execution of a failover plan: bound to the plan, the region it leads to, the epoch and a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlanConsent {
    /// What is accepted.
    pub risk: AcceptedRisk,
    /// The step it is for; `None` for every step of the execution.
    pub step: Option<String>,
    /// When it stops to count; at most [`LONGEST_CONSENT`] ahead.
    pub until: Timestamp,
    /// The region that becomes active.
    pub target: String,
    /// The epoch that the execution completes; one of an earlier epoch is inert.
    pub epoch: u64,
    /// Who accepted it.
    pub by: String,
    /// Why.
    pub reason: String,
}

/// The consents that count, and why the others do not.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Judged {
    /// The accepted risks that count now.
    pub active: Vec<AcceptedRisk>,
    /// One line for each inert consent.
    pub warnings: Vec<String>,
}

impl Judged {
    /// Whether promoting without knowing the lag is accepted.
    pub fn unknown_lag(&self) -> bool {
        self.active.contains(&AcceptedRisk::UnknownLag)
    }

    /// Whether a second writer is accepted.
    pub fn unfenced(&self) -> bool {
        self.active.contains(&AcceptedRisk::Unfenced)
    }

    /// These and those of another judgement.
    #[must_use]
    pub fn and(mut self, other: Judged) -> Judged {
        self.active.extend(other.active);
        self.warnings.extend(other.warnings);
        self
    }

    /// The largest accepted loss, if any is accepted.
    pub fn data_loss_up_to(&self) -> Option<Duration> {
        self.active
            .iter()
            .filter_map(|risk| match risk {
                AcceptedRisk::DataLossUpTo(bound) => Some(*bound),
                _ => None,
            })
            .max()
    }
}

/// Sorts consents into those that count for this target and this source now, and inert ones.
///
/// `source` is the source as AWS shows it (`None` when it is not known: then nothing can be bound to it and every
/// consent is inert), `replica_arn` the replica's own ARN.
pub fn judge(
    consents: &[Consent],
    now: Timestamp,
    source: Option<&str>,
    target: &str,
    replica_arn: &str,
) -> Judged {
    let mut judged = Judged::default();
    for consent in consents {
        match inert(consent, now, source, target, replica_arn) {
            None => judged.active.push(consent.risk),
            Some(why) => judged.warnings.push(format!(
                "the consent {} does not count: {why}",
                consent.risk.name()
            )),
        }
    }
    judged
}

/// Sorts the consents of an execution into those that count for one of its steps now, and inert ones. One that was
/// given for another step of the execution is neither.
pub fn judge_plan(
    consents: &[PlanConsent],
    now: Timestamp,
    step: &str,
    target: &str,
    epoch: u64,
) -> Judged {
    let mut judged = Judged::default();
    for consent in consents {
        if consent.step.as_deref().is_some_and(|named| named != step) {
            continue;
        }
        let why = if consent.target != target {
            Some(format!(
                "it was given for {}, this execution leads to {target}",
                consent.target
            ))
        } else if consent.epoch != epoch {
            Some(format!(
                "it was given for epoch {}, this execution completes epoch {epoch}",
                consent.epoch
            ))
        } else {
            ended(consent.until, now)
        };
        match why {
            None => judged.active.push(consent.risk),
            Some(why) => judged.warnings.push(format!(
                "the consent {} of {} does not count: {why}",
                consent.risk.name(),
                consent.by
            )),
        }
    }
    judged
}

fn inert(
    consent: &Consent,
    now: Timestamp,
    source: Option<&str>,
    target: &str,
    replica_arn: &str,
) -> Option<String> {
    if !consent.target.eq_ignore_ascii_case(target) {
        return Some(format!(
            "it was given for {}, this is {target}",
            consent.target
        ));
    }
    match source {
        None => return Some("the source of the replica is not known".to_owned()),
        Some(source) if !names_source(&consent.source, source, replica_arn) => {
            return Some(format!(
                "it was given for the source {}, the replica follows {source}",
                consent.source
            ));
        }
        Some(_) => {}
    }
    ended(consent.until, now)
}

/// Why a consent does not count at this moment, if so.
fn ended(until: Timestamp, now: Timestamp) -> Option<String> {
    let left = Duration::try_from(until.duration_since(now)).unwrap_or_default();
    if left.is_zero() {
        return Some(format!("it ended at {until}"));
    }
    (left > LONGEST_CONSENT).then(|| {
        format!(
            "it ends at {until}, more than {} ahead",
            duration_text(LONGEST_CONSENT)
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const REPLICA: &str = "arn:aws:rds:us-west-2:123456789012:db:orders-replica";
    const SOURCE: &str = "arn:aws:rds:us-east-1:123456789012:db:orders";

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn consent(risk: AcceptedRisk, until: &str) -> Consent {
        Consent {
            risk,
            until: at(until),
            source: SOURCE.to_owned(),
            target: "orders-replica".to_owned(),
        }
    }

    fn judged(consent: Consent) -> Judged {
        judge(
            &[consent],
            at("2026-08-01T12:00:00Z"),
            Some(SOURCE),
            "orders-replica",
            REPLICA,
        )
    }

    #[test]
    fn a_consent_counts_until_its_end_and_not_in_that_moment() {
        for (until, counts) in [
            ("2026-08-01T11:59:59Z", false),
            ("2026-08-01T12:00:00Z", false),
            ("2026-08-01T12:00:01Z", true),
            ("2026-08-02T12:00:00Z", true),
            ("2026-08-02T12:00:01Z", false),
        ] {
            let judged = judged(consent(AcceptedRisk::UnknownLag, until));
            assert_eq!(judged.unknown_lag(), counts, "{until}");
            assert_eq!(judged.warnings.is_empty(), counts, "{until}");
        }
    }

    #[test]
    fn a_consent_for_another_source_or_target_is_inert_and_says_so() {
        let until = "2026-08-01T13:00:00Z";
        let mut foreign = consent(AcceptedRisk::UnknownLag, until);
        foreign.source = "arn:aws:rds:eu-west-1:123456789012:db:orders".to_owned();
        let answer = judged(foreign);
        assert!(!answer.unknown_lag());
        assert!(
            answer.warnings[0].contains("eu-west-1"),
            "{:?}",
            answer.warnings
        );

        let mut foreign = consent(AcceptedRisk::Unfenced, until);
        foreign.target = "billing-replica".to_owned();
        let answer = judged(foreign);
        assert!(!answer.unfenced());
        assert!(
            answer.warnings[0].contains("billing-replica"),
            "{:?}",
            answer.warnings
        );
    }

    #[test]
    fn without_a_known_source_no_consent_counts() {
        let consents = [consent(AcceptedRisk::UnknownLag, "2026-08-01T13:00:00Z")];
        let answer = judge(
            &consents,
            at("2026-08-01T12:00:00Z"),
            None,
            "orders-replica",
            REPLICA,
        );
        assert_eq!(answer.active, []);
        assert_eq!(answer.warnings.len(), 1);
    }

    #[test]
    fn of_several_accepted_losses_the_largest_counts_and_none_accepts_an_unknown_lag() {
        let until = "2026-08-01T13:00:00Z";
        let consents = [
            consent(AcceptedRisk::DataLossUpTo(Duration::from_mins(10)), until),
            consent(AcceptedRisk::DataLossUpTo(Duration::from_hours(1)), until),
        ];
        let answer = judge(
            &consents,
            at("2026-08-01T12:00:00Z"),
            Some(SOURCE),
            "orders-replica",
            REPLICA,
        );
        assert_eq!(answer.data_loss_up_to(), Some(Duration::from_hours(1)));
        assert!(!answer.unknown_lag());
    }

    #[test]
    fn a_consent_of_an_execution_counts_only_for_its_step_target_epoch_and_day() {
        let given = PlanConsent {
            risk: AcceptedRisk::Unfenced,
            step: None,
            until: at("2026-08-01T13:00:00Z"),
            target: "us-west-2".to_owned(),
            epoch: 7,
            by: "ada".to_owned(),
            reason: "us-east-1 is gone".to_owned(),
        };
        let changed = |change: fn(&mut PlanConsent)| {
            let mut consent = given.clone();
            change(&mut consent);
            consent
        };
        for (consent, counts, warned) in [
            (given.clone(), true, ""),
            (changed(|it| it.step = Some("promote".to_owned())), true, ""),
            (changed(|it| it.step = Some("other".to_owned())), false, ""),
            (
                changed(|it| it.target = "eu-west-1".to_owned()),
                false,
                "eu-west-1",
            ),
            (changed(|it| it.epoch = 6), false, "epoch 6"),
            (changed(|it| it.epoch = 8), false, "epoch 8"),
            (
                changed(|it| it.until = "2026-08-01T12:00:00Z".parse().unwrap()),
                false,
                "ended",
            ),
            (
                changed(|it| it.until = "2026-08-02T12:00:01Z".parse().unwrap()),
                false,
                "more than",
            ),
        ] {
            let now = at("2026-08-01T12:00:00Z");
            let judged = judge_plan(
                std::slice::from_ref(&consent),
                now,
                "promote",
                "us-west-2",
                7,
            );
            assert_eq!(judged.unfenced(), counts, "{consent:?}");
            assert_eq!(judged.warnings.is_empty(), warned.is_empty(), "{consent:?}");
            assert!(
                judged.warnings.iter().all(|line| line.contains(warned)),
                "{judged:?}"
            );
        }
    }
}
