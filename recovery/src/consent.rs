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
    let Ok(left) = Duration::try_from(consent.until.duration_since(now)) else {
        return Some(format!("it ended at {}", consent.until));
    };
    if left.is_zero() {
        return Some(format!("it ended at {}", consent.until));
    }
    (left > LONGEST_CONSENT).then(|| {
        format!(
            "it ends at {}, more than {} ahead",
            consent.until,
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
}
