//! What a failover plan asks for beyond a promotion by itself: a fenced source, a target that is ready, and in a
//! switchover that nothing is lost.

use aws::clock::Clock;
use aws::metrics::Datapoint;
use aws::rds::DbInstance;
use aws::{Aws, Error, Region};
use jiff::Timestamp;

use super::super::databases::{connections, fresh, quiet_since};
use super::observe::SourceSeen;
use super::{Request, Seen};
use crate::consent::{Judged, PlanConsent};
use crate::gate::GateResult;
use crate::gate::data_at_risk::{SourceLife, UnknownLag, data_at_risk};
use crate::gate::fenced::{OldWriter, fenced};
use crate::gate::ready_to_serve::{Counterpart, instance_facts, ready_to_serve};
use crate::instance_name::InstanceArn;
use crate::mode::Mode;

/// The execution that the promotion is part of.
#[derive(Clone, Debug)]
pub struct PlanTerms {
    /// What the execution is for.
    pub mode: Mode,
    /// Name of the step.
    pub step: String,
    /// The region that was active; `None` when nobody could tell.
    pub from: Option<Region>,
    /// The plan's regions: no other one is called.
    pub regions: Vec<Region>,
    /// The epoch that the execution completes.
    pub epoch: u64,
    /// What somebody accepted for the execution.
    pub consents: Vec<PlanConsent>,
}

/// What the plan's gates ask for.
#[derive(Clone, Debug)]
pub struct PlanEvidence {
    /// Whether the source still accepts writes, as far as it is proved.
    pub writer: OldWriter,
    /// The source, where it answered.
    pub source: Option<DbInstance>,
    /// Whether its region is declared lost, or it does not exist any more.
    pub source_lost: bool,
    /// What is still about to show, in a switchover.
    pub settling: Option<String>,
}

/// The source that the replica has to follow. The document names it by identifier; the region that was active and the
/// replica's account make it one database and no other.
pub(super) fn named_source(request: &Request, replica_arn: &str) -> Option<String> {
    let named = request.source.clone()?;
    let from = request.plan.as_ref().and_then(|terms| terms.from.as_ref());
    let (Some(from), Some(own), None) = (
        from,
        InstanceArn::parse(replica_arn),
        InstanceArn::parse(&named),
    ) else {
        return Some(named);
    };
    let (partition, account) = (own.partition, own.account);
    Some(format!("arn:{partition}:rds:{from}:{account}:db:{named}"))
}

/// Looks at the source for the plan's gates. Also tells since when it is quiet, which counts more than that it answers.
pub(super) async fn look(
    aws: &dyn Aws,
    clock: &dyn Clock,
    request: &Request,
    source: SourceSeen,
    strict: bool,
) -> Result<(PlanEvidence, Option<SourceLife>), Error> {
    let evidence = |writer, source_lost| PlanEvidence {
        writer,
        source: None,
        source_lost,
        settling: None,
    };
    let source = match source {
        SourceSeen::Described(source) => *source,
        SourceSeen::Lost(region) => {
            let writer = OldWriter::Unseen(format!("{region} is declared lost"));
            return Ok((evidence(writer, true), None));
        }
        SourceSeen::Gone => {
            let writer = OldWriter::NoWriter("the source does not exist any more".to_owned());
            return Ok((evidence(writer, true), None));
        }
        SourceSeen::Silent(why) => return Ok((evidence(OldWriter::Unseen(why), false), None)),
    };
    let arn = InstanceArn::parse(&source.arn);
    let region = arn.and_then(|arn| Region::new(arn.region).ok());
    let region = region.unwrap_or_else(|| request.region.clone());
    let points = match connections(aws, clock, &region, &source.identifier).await {
        Ok(points) => Ok(points),
        Err(error) if strict && error.is_transient() => Err(error)?,
        Err(error) => Err(error.to_string()),
    };
    Ok(judged(source, points, clock.now(), is_switchover(request)))
}

/// What the source and its connections prove; pure.
fn judged(
    source: DbInstance,
    points: Result<Vec<Datapoint>, String>,
    now: Timestamp,
    switchover: bool,
) -> (PlanEvidence, Option<SourceLife>) {
    let newest = points
        .as_ref()
        .map(|points| fresh(points, now))
        .map_err(Clone::clone);
    let mut writer = OldWriter::of(&source, newest.clone());
    let mut life = None;
    let mut settling = None;
    match &writer {
        OldWriter::Quarantined { quarantine, .. } if writer.proof().is_ok() => {
            let since = closed_since(points.as_deref().unwrap_or_default(), quarantine.since);
            life = since.map(|since| SourceLife::Quiesced { since });
        }
        OldWriter::Open(_) if switchover => {
            let quiet = points.ok().and_then(|points| quiet_since(&points, now));
            if let Some(since) = quiet {
                writer = OldWriter::Quiesced { since };
                life = Some(SourceLife::Quiesced { since });
            } else if newest.is_ok_and(|point| point.is_none_or(|point| point.value == 0.0)) {
                settling = Some(
                    "the source has shown no connection for less than two minutes; waiting for the next datapoint"
                        .to_owned(),
                );
            }
        }
        _ => {}
    }
    let evidence = PlanEvidence {
        writer,
        source: Some(source),
        source_lost: false,
        settling,
    };
    (evidence, life)
}

/// Since when nobody was connected behind the quarantine: the first of the datapoints without a connection. Whoever was
/// cut off cannot come back, so the moment stays where it is while newer datapoints come: a replica that is always a
/// second behind would else never have replayed "the last write".
fn closed_since(points: &[Datapoint], quarantined: Timestamp) -> Option<Timestamp> {
    let closed = points
        .iter()
        .take_while(|point| point.value == 0.0 && point.at >= quarantined);
    closed.last().map(|point| point.at)
}

fn is_switchover(request: &Request) -> bool {
    let terms = request.plan.as_ref();
    terms.is_some_and(|terms| terms.mode == Mode::Switchover)
}

/// What a switchover still waits for: that the source is quiet, and that its last write was replayed. A number that
/// does not come by waiting is the gates' matter.
pub(super) fn settling(seen: &Seen, request: &Request) -> Option<String> {
    let evidence = seen.evidence.as_ref().filter(|_| is_switchover(request))?;
    let plan = evidence.plan.as_ref()?;
    if plan.settling.is_some() {
        return plan.settling.clone();
    }
    if !matches!(evidence.lag.source, SourceLife::Quiesced { .. }) {
        return None;
    }
    let risk = data_at_risk(&evidence.lag);
    let comes = match (&risk.unknown, risk.upper_bound) {
        (None, bound) => bound.is_some_and(|bound| !bound.is_zero()),
        (Some(UnknownLag::NoDatapoint | UnknownLag::TooOld), _) => true,
        _ => false,
    };
    comes.then(|| {
        format!(
            "waiting until the replica has replayed the last write: {}",
            risk.describe()
        )
    })
}

/// The gates that only a plan asks. Without evidence (nobody looked) nothing is proved.
pub(super) fn gates(
    target: &DbInstance,
    evidence: Option<&PlanEvidence>,
    judged: &Judged,
) -> Vec<GateResult> {
    let nobody = OldWriter::Unseen("nobody looked".to_owned());
    let writer = evidence.map_or(&nobody, |evidence| &evidence.writer);
    let counterpart = match evidence {
        Some(PlanEvidence {
            source: Some(source),
            ..
        }) => Counterpart::Seen(source),
        Some(evidence) if evidence.source_lost => Counterpart::Lost,
        _ => Counterpart::Silent,
    };
    vec![
        fenced(writer, judged),
        ready_to_serve(&instance_facts(target, counterpart)),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        format!("2026-08-01T{text}Z").parse().unwrap()
    }

    #[test]
    fn behind_a_quarantine_the_last_write_does_not_move_on_with_the_datapoints() {
        for (points, since) in [
            (&[("12:03:00", 0.0)][..], Some("12:03:00")),
            // Newer datapoints say the same: nothing was written after the first of them.
            (
                &[("12:05:00", 0.0), ("12:04:00", 0.0), ("12:03:00", 0.0)],
                Some("12:03:00"),
            ),
            // Connections that outlived the change of groups count until they end.
            (
                &[("12:05:00", 0.0), ("12:04:00", 2.0), ("12:03:00", 0.0)],
                Some("12:05:00"),
            ),
            // A minute from before the quarantine proves nothing about it.
            (&[("12:03:00", 0.0), ("12:02:00", 0.0)], Some("12:03:00")),
            (&[("12:02:00", 0.0)], None),
            (&[], None),
        ] {
            let points: Vec<Datapoint> = points
                .iter()
                .map(|(moment, value)| Datapoint {
                    at: at(moment),
                    value: *value,
                })
                .collect();
            assert_eq!(
                closed_since(&points, at("12:02:30")),
                since.map(at),
                "{points:?}"
            );
        }
    }
}
