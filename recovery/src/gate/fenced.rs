//! The gate "fenced": the old writer accepts no writes any more, proved by observation.
//!
//! An instance is fenced when it shows a status in which nobody can write, or when its only security group is the one
//! that it was quarantined with and a whole minute after that showed no connection. The group alone proves nothing:
//! connections that were open before go on (Amazon VPC User Guide, "Security group connection tracking").

use std::fmt;

use aws::metrics::Datapoint;
use aws::rds::DbInstance;
use jiff::Timestamp;

use super::{Gate, GateResult, Verdict};
use crate::consent::Judged;
use crate::message::Message;

/// The tag that names an instance's quarantine: the security group, a space, and since when it was seen in force.
pub const QUARANTINE_TAG: &str = "dr:quarantine";

/// A quarantine as its tag names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quarantine {
    /// The security group, prepared without any rule.
    pub group: String,
    /// When it was first seen as the only group.
    pub since: Timestamp,
}

impl Quarantine {
    /// What the instance's tag says, if its only group is still the one that the tag names.
    pub fn of(instance: &DbInstance) -> Option<Quarantine> {
        let (group, since) = instance.tags.get(QUARANTINE_TAG)?.split_once(' ')?;
        let since = since.parse().ok()?;
        let group = group.to_owned();
        (instance.security_groups == [group.clone()]).then_some(Quarantine { group, since })
    }
}

impl fmt::Display for Quarantine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.group, self.since)
    }
}

/// What is known about the old writer.
#[derive(Clone, Debug, PartialEq)]
pub enum OldWriter {
    /// It does not exist any more, or follows a source itself; the text says which.
    NoWriter(String),
    /// Shown in a status in which nobody can write.
    TakesNoWrites {
        /// The status.
        status: String,
    },
    /// Its only group is the quarantine.
    Quarantined {
        /// The quarantine.
        quarantine: Quarantine,
        /// The newest datapoint of its connections, or why there is none.
        connections: Result<Option<Datapoint>, String>,
    },
    /// Its writers were stopped: it is open, and showed no connection since.
    Quiesced {
        /// Since when.
        since: Timestamp,
    },
    /// It can be reached and written to; the text says how it is seen.
    Open(String),
    /// It could not be observed; the text says why.
    Unseen(String),
}

/// Statuses in which the database does not run, so that nobody can write (Amazon RDS User Guide, "Viewing Amazon RDS DB
/// instance status"). One that is only being stopped or deleted may still run.
pub fn takes_no_writes(status: &str) -> bool {
    matches!(
        status,
        "stopped"
            | "failed"
            | "restore-error"
            | "inaccessible-encryption-credentials"
            | "inaccessible-encryption-credentials-recoverable"
    )
}

impl OldWriter {
    /// What an observation of the old writer proves.
    pub fn of(instance: &DbInstance, connections: Result<Option<Datapoint>, String>) -> OldWriter {
        let status = instance.status.as_str();
        let id = &instance.identifier;
        if instance.source.is_some() {
            return OldWriter::NoWriter(format!("{id} follows a source and takes no writes"));
        }
        if takes_no_writes(status) {
            return OldWriter::TakesNoWrites {
                status: status.to_owned(),
            };
        }
        match Quarantine::of(instance) {
            Some(quarantine) => OldWriter::Quarantined {
                quarantine,
                connections,
            },
            None => OldWriter::Open(format!(
                "{id} is {status} behind {}",
                instance.security_groups.join(", ")
            )),
        }
    }

    /// What proves that it accepts no writes; otherwise what is missing.
    pub fn proof(&self) -> Result<String, String> {
        match self {
            OldWriter::NoWriter(why) => Ok(why.clone()),
            OldWriter::TakesNoWrites { status } => Ok(format!("the old writer is {status}")),
            OldWriter::Quiesced { since } => Ok(format!(
                "the writers are stopped and the old writer shows no connection since {since}"
            )),
            OldWriter::Open(seen) => Err(format!("the old writer accepts writes: {seen}")),
            OldWriter::Unseen(why) => Err(format!("the old writer could not be observed: {why}")),
            OldWriter::Quarantined {
                quarantine,
                connections,
            } => quarantined(quarantine, connections),
        }
    }
}

fn quarantined(
    quarantine: &Quarantine,
    connections: &Result<Option<Datapoint>, String>,
) -> Result<String, String> {
    let Quarantine { group, since } = quarantine;
    match connections {
        Err(why) => Err(format!(
            "the old writer is behind {group} since {since}, but its connections could not be read: {why}"
        )),
        Ok(None) => Err(format!(
            "the old writer is behind {group} since {since}, but there is no datapoint of its connections"
        )),
        Ok(Some(point)) if point.at < *since => Err(format!(
            "the old writer is behind {group} since {since}; the newest datapoint of its connections, {}, is of \
             before that",
            point.at
        )),
        // Anything but exactly none, so that a value that is no number proves nothing.
        Ok(Some(point)) if point.value != 0.0 => Err(format!(
            "the old writer is behind {group} since {since}, and {} connections were open at {}: those opened before \
             go on",
            point.value, point.at
        )),
        Ok(Some(point)) => Ok(format!(
            "the old writer is behind {group} since {since}, and at {} no connection was open",
            point.at
        )),
    }
}

/// Asks the gate. Only an old writer that answers can still be fenced; what time or another step may change is told
/// apart by that.
pub fn fenced(writer: &OldWriter, consents: &Judged) -> GateResult {
    let expected = "the old writer accepts no writes, proved by observation";
    let (verdict, message) = match writer.proof() {
        Ok(seen) => (Verdict::Passed, Message::new(seen, expected, "")),
        Err(seen) if consents.unfenced() => (
            Verdict::Consented,
            Message::new(seen, format!("{expected}; accepted by consent"), ""),
        ),
        Err(seen) => (
            Verdict::Refused {
                may_change: !matches!(writer, OldWriter::Unseen(_)),
            },
            Message::new(
                seen,
                expected,
                "fence it first (a fence_database step, or stop it), or accept a second writer with a consent of risk \
                 \"unfenced\"; then fence it as soon as its region answers",
            ),
        ),
    };
    GateResult {
        gate: Gate::Fenced,
        verdict,
        message,
        at_risk: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::consent::AcceptedRisk;

    fn at(text: &str) -> Timestamp {
        format!("2026-08-01T{text}Z").parse().unwrap()
    }

    fn quarantined(connections: Result<Option<(&str, f64)>, &str>) -> OldWriter {
        OldWriter::Quarantined {
            quarantine: Quarantine {
                group: "sg-closed".to_owned(),
                since: at("12:00:30"),
            },
            connections: connections
                .map(|point| {
                    point.map(|(moment, value)| Datapoint {
                        at: at(moment),
                        value,
                    })
                })
                .map_err(str::to_owned),
        }
    }

    fn judged(risks: &[AcceptedRisk]) -> Judged {
        Judged {
            active: risks.to_vec(),
            warnings: Vec::new(),
        }
    }

    #[test]
    fn only_what_was_seen_proves_a_fence() {
        let stopped = OldWriter::TakesNoWrites {
            status: "stopped".to_owned(),
        };
        for (writer, verdict, text) in [
            (stopped, Verdict::Passed, "stopped"),
            (
                OldWriter::NoWriter("deleted".to_owned()),
                Verdict::Passed,
                "deleted",
            ),
            (
                OldWriter::Quiesced {
                    since: at("11:00:00"),
                },
                Verdict::Passed,
                "no connection",
            ),
            (
                quarantined(Ok(Some(("12:01:00", 0.0)))),
                Verdict::Passed,
                "no connection",
            ),
            (
                quarantined(Ok(Some(("12:01:00", 2.0)))),
                Verdict::Refused { may_change: true },
                "2 connections",
            ),
            // The minute began before the group was in force.
            (
                quarantined(Ok(Some(("12:00:00", 0.0)))),
                Verdict::Refused { may_change: true },
                "before that",
            ),
            (
                quarantined(Ok(Some(("12:01:00", f64::NAN)))),
                Verdict::Refused { may_change: true },
                "NaN",
            ),
            (
                quarantined(Ok(None)),
                Verdict::Refused { may_change: true },
                "no datapoint",
            ),
            (
                quarantined(Err("denied")),
                Verdict::Refused { may_change: true },
                "denied",
            ),
            (
                OldWriter::Open("orders is available".to_owned()),
                Verdict::Refused { may_change: true },
                "accepts writes",
            ),
            (
                OldWriter::Unseen("us-east-1 is lost".to_owned()),
                Verdict::Refused { may_change: false },
                "us-east-1",
            ),
        ] {
            let answer = fenced(&writer, &judged(&[]));
            assert_eq!(answer.verdict, verdict, "{writer:?}");
            assert!(answer.message.seen.contains(text), "{}", answer.message);
        }
    }

    #[test]
    fn a_consent_opens_it_only_when_it_names_the_second_writer_and_is_not_needed_for_a_proof() {
        let lost = OldWriter::Unseen("us-east-1 is lost".to_owned());
        assert!(!fenced(&lost, &judged(&[AcceptedRisk::UnknownLag])).is_open());
        let unfenced = judged(&[AcceptedRisk::Unfenced]);
        assert_eq!(fenced(&lost, &unfenced).verdict, Verdict::Consented);
        let proved = quarantined(Ok(Some(("12:01:00", 0.0))));
        assert_eq!(fenced(&proved, &unfenced).verdict, Verdict::Passed);
    }
}
