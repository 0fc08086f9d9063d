//! Tables: what each kind of evidence proves about data at risk, and what the gate answers.

use jiff::SignedDuration;
use proptest::prelude::*;

use super::*;
use crate::consent::AcceptedRisk;

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

fn points(moment: Timestamp, points: &[(i64, f64)]) -> Vec<LagPoint> {
    points
        .iter()
        .map(|(age, seconds)| LagPoint {
            at: moment - SignedDuration::from_secs(*age),
            seconds: *seconds,
        })
        .collect()
}

/// A replica that replicates from a source that accepts writes, with datapoints (age in seconds, value).
fn living(ages: &[(i64, f64)]) -> LagEvidence {
    let now = at("2026-08-01T12:00:00Z");
    LagEvidence {
        now,
        source: SourceLife::Accepting { at: now },
        points: Ok(points(now, ages)),
        replication: Some("replicating".to_owned()),
        replicating: true,
        postgres: false,
        metric: "ReplicaLag",
    }
}

/// The same with the source lost two hours ago; ages count from the loss, negative ones lie after it.
fn lost(ages: &[(i64, f64)]) -> LagEvidence {
    let lost_at = at("2026-08-01T10:00:00Z");
    LagEvidence {
        source: SourceLife::Dead {
            lost_at: Some(lost_at),
        },
        points: Ok(points(lost_at, ages)),
        replication: Some("error".to_owned()),
        replicating: false,
        ..living(&[])
    }
}

fn bound_of(evidence: &LagEvidence) -> Result<u64, UnknownLag> {
    let risk = data_at_risk(evidence);
    match (risk.upper_bound, risk.unknown) {
        (Some(bound), None) => Ok(bound.as_secs()),
        (None, Some(why)) => Err(why),
        (bound, unknown) => panic!("neither known nor unknown: {bound:?} {unknown:?}"),
    }
}

#[test]
fn with_a_living_source_the_bound_is_the_lag_plus_the_age_of_its_measurement() {
    for (ages, expected) in [
        (&[(30, 5.0)][..], Ok(35)),
        (&[(0, 0.0)], Ok(0)),
        // The newest counts, whatever order they come in, and not the best.
        (&[(150, 1.0), (30, 200.0), (90, 3.0)], Ok(230)),
        (&[(180, 5.0)], Ok(185)),
        (&[(181, 5.0)], Err(UnknownLag::TooOld)),
        (&[], Err(UnknownLag::NoDatapoint)),
        // MySQL says -1 when replication does not run, even if it ran a minute ago.
        (&[(30, -1.0), (90, 2.0)], Err(UnknownLag::NotReplicating)),
        (&[(30, f64::NAN)], Err(UnknownLag::NotANumber)),
        (&[(30, f64::INFINITY)], Err(UnknownLag::NotANumber)),
        (&[(30, 1e300)], Err(UnknownLag::NotANumber)),
    ] {
        assert_eq!(bound_of(&living(ages)), expected, "{ages:?}");
    }
}

#[test]
fn zero_proves_nothing_unless_the_replica_says_that_it_replicates() {
    for status in [None, Some("stopped"), Some("error"), Some("terminated")] {
        let mut evidence = living(&[(30, 0.0)]);
        evidence.replicating = false;
        evidence.replication = status.map(str::to_owned);
        assert_eq!(
            bound_of(&evidence),
            Err(UnknownLag::ZeroWithoutReplication),
            "{status:?}"
        );
    }
    // A lag above zero still dates the last replayed transaction.
    let mut evidence = living(&[(30, 400.0)]);
    evidence.replicating = false;
    assert_eq!(bound_of(&evidence), Ok(430));
}

#[test]
fn with_a_dead_source_only_what_was_measured_before_the_loss_counts() {
    for (ages, expected) in [
        (&[(20, 4.0)][..], Ok(24)),
        // PostgreSQL's lag grows for ever after the loss: two hours of it are no lost data.
        (&[(20, 4.0), (-40, 60.0), (-7000, 7004.0)], Ok(24)),
        (&[(-40, 44.0)], Err(UnknownLag::NoDatapoint)),
        (&[(600, 4.0)], Err(UnknownLag::TooOld)),
        (&[(20, -1.0)], Err(UnknownLag::NotReplicating)),
        (&[(20, 0.0)], Err(UnknownLag::ZeroWithoutReplication)),
        (&[(0, 7.0)], Ok(7)),
    ] {
        assert_eq!(bound_of(&lost(ages)), expected, "{ages:?}");
    }
    assert_eq!(data_at_risk(&lost(&[(20, 4.0)])).basis, Basis::BeforeLoss);
}

#[test]
fn a_source_of_which_nothing_is_known_leaves_the_amount_unknown_whatever_the_metric_says() {
    for source in [
        SourceLife::Unknown("us-east-1 did not answer".to_owned()),
        SourceLife::Dead { lost_at: None },
        SourceLife::Dead {
            lost_at: Some(at("2026-08-01T12:00:01Z")),
        },
    ] {
        let evidence = LagEvidence {
            source: source.clone(),
            ..living(&[(10, 1.0)])
        };
        assert!(
            matches!(bound_of(&evidence), Err(UnknownLag::SourceUnknown(_))),
            "{source:?}"
        );
    }
}

#[test]
fn a_metric_that_could_not_be_read_is_unknown_and_says_why() {
    let evidence = LagEvidence {
        points: Err("AccessDenied".to_owned()),
        ..living(&[])
    };
    let risk = data_at_risk(&evidence);
    assert_eq!(
        risk.unknown,
        Some(UnknownLag::NotMeasured("AccessDenied".to_owned()))
    );
    assert!(
        risk.describe().contains("AccessDenied"),
        "{}",
        risk.describe()
    );
}

fn asked(evidence: &LagEvidence, bound: u64, consents: &[AcceptedRisk]) -> GateResult {
    let consents = Judged {
        active: consents.to_vec(),
        warnings: Vec::new(),
    };
    gate(
        &data_at_risk(evidence),
        &evidence.source,
        seconds(bound),
        &consents,
    )
}

#[test]
fn the_gate_opens_at_the_bound_and_not_a_second_above() {
    let evidence = living(&[(30, 5.0)]);
    assert_eq!(asked(&evidence, 35, &[]).verdict, Verdict::Passed);
    assert_eq!(
        asked(&evidence, 34, &[]).verdict,
        Verdict::Refused { may_change: false }
    );
}

#[test]
fn a_consent_opens_the_gate_only_for_the_risk_that_it_names() {
    let known = living(&[(30, 900.0)]);
    let unknown = living(&[]);
    let loss = |bound| AcceptedRisk::DataLossUpTo(seconds(bound));
    for (evidence, consents, open) in [
        (&known, vec![], false),
        (&known, vec![AcceptedRisk::UnknownLag], false),
        (&known, vec![AcceptedRisk::Unfenced], false),
        (&known, vec![loss(929)], false),
        (&known, vec![loss(930)], true),
        (&unknown, vec![], false),
        (&unknown, vec![loss(930)], false),
        (&unknown, vec![AcceptedRisk::UnknownLag], true),
    ] {
        let answer = asked(evidence, 300, &consents);
        assert_eq!(answer.is_open(), open, "{consents:?}");
        assert_ne!(answer.verdict, Verdict::Passed, "{consents:?}");
    }
}

#[test]
fn an_unknown_lag_may_still_become_known_while_the_source_lives_and_not_after() {
    assert_eq!(
        asked(&living(&[]), 300, &[]).verdict,
        Verdict::Refused { may_change: true }
    );
    assert_eq!(
        asked(&lost(&[]), 300, &[]).verdict,
        Verdict::Refused { may_change: false }
    );
}

#[test]
fn a_refusal_says_the_numbers_and_for_postgres_how_an_idle_source_is_told_from_a_slow_replica() {
    let mut evidence = living(&[(30, 290.0)]);
    let answer = asked(&evidence, 300, &[]);
    assert!(
        answer.message.seen.contains("5 min 20 s"),
        "{}",
        answer.message
    );
    assert!(
        answer.message.seen.contains("lag 290 s"),
        "{}",
        answer.message
    );
    assert!(
        answer.message.expected.contains("5 min"),
        "{}",
        answer.message
    );
    assert!(
        !answer.message.next.contains("PostgreSQL"),
        "{}",
        answer.message
    );
    evidence.postgres = true;
    let answer = asked(&evidence, 300, &[]);
    assert!(
        answer.message.next.contains("write one row"),
        "{}",
        answer.message
    );
    assert_eq!(
        bound_of(&evidence),
        Ok(320),
        "the number stays an upper bound"
    );
}

/// A source that is quiet for ten minutes; ages count from now.
fn quiet(ages: &[(i64, f64)]) -> LagEvidence {
    LagEvidence {
        source: SourceLife::Quiesced {
            since: at("2026-08-01T11:50:00Z"),
        },
        ..living(ages)
    }
}

#[test]
fn a_quiet_source_loses_nothing_once_its_last_write_is_replayed() {
    for (ages, expected) in [
        // MySQL: zero, measured after the last write.
        (&[(30, 0.0)][..], Ok(0)),
        // Measured before the last write: proves nothing about it, even if it is zero.
        (&[(630, 0.0)], Err(UnknownLag::NoDatapoint)),
        // PostgreSQL on an idle source: the lag is the age of the last replayed transaction. At 11:59:30 it had
        // replayed 11:54:30, which lies after the last write.
        (&[(30, 300.0)], Ok(0)),
        // It had replayed 11:49:10: the writes of the last fifty seconds are missing.
        (&[(30, 620.0)], Ok(50)),
        (&[(30, -1.0)], Err(UnknownLag::NotReplicating)),
        (&[(240, 0.0)], Err(UnknownLag::TooOld)),
        (&[], Err(UnknownLag::NoDatapoint)),
    ] {
        let mut evidence = quiet(ages);
        assert_eq!(bound_of(&evidence), expected, "{ages:?}");
        evidence.postgres = true;
        assert_eq!(bound_of(&evidence), expected, "PostgreSQL, {ages:?}");
    }
    assert_eq!(
        data_at_risk(&quiet(&[(30, 0.0)])).basis,
        Basis::AfterQuiesce
    );
    assert_eq!(
        asked(&quiet(&[(30, 620.0)]), 0, &[]).verdict,
        Verdict::Refused { may_change: true },
        "it catches up"
    );
}

#[test]
fn figures_of_engines_as_they_are_met() {
    let numbers = |postgres: bool, ages: &[(i64, f64)]| LagEvidence {
        postgres,
        ..living(ages)
    };
    for (name, evidence, expected) in [
        (
            "MySQL that keeps up",
            numbers(false, &[(45, 0.0), (105, 1.0)]),
            Ok(45),
        ),
        (
            "MySQL behind a long transaction",
            numbers(false, &[(45, 1_800.0)]),
            Ok(1_845),
        ),
        (
            "MySQL whose IO thread stopped a minute ago",
            numbers(false, &[(45, -1.0), (105, 0.0)]),
            Err(UnknownLag::NotReplicating),
        ),
        (
            "PostgreSQL that keeps up",
            numbers(true, &[(45, 0.04)]),
            Ok(45),
        ),
        (
            "PostgreSQL on an idle source, before it switches its log",
            numbers(true, &[(45, 296.0), (105, 236.0)]),
            Ok(341),
        ),
        (
            "PostgreSQL on an idle source, after it switched",
            numbers(true, &[(45, 12.0), (105, 296.0)]),
            Ok(57),
        ),
        (
            "PostgreSQL two hours after its source died",
            LagEvidence {
                postgres: true,
                ..lost(&[(30, 2.5), (-90, 122.5), (-7_170, 7_202.5)])
            },
            Ok(32),
        ),
    ] {
        assert_eq!(bound_of(&evidence), expected, "{name}");
    }
}

/// A replica's history, second by second: how far it had replayed, never going back and never ahead of its source.
fn replayed(steps: &[u8]) -> Vec<i64> {
    let mut done = 0;
    steps
        .iter()
        .enumerate()
        .map(|(second, step)| {
            done = (done + i64::from(*step)).min(i64::try_from(second).unwrap());
            done
        })
        .collect()
}

proptest! {
    /// Whatever the replica did, the bound is never smaller than what is really lost when the source ends at `until`.
    #[test]
    fn the_bound_is_never_smaller_than_the_truth(
        steps in proptest::collection::vec(0_u8..4, 2..400),
        until in any::<prop::sample::Index>(),
        measured in proptest::collection::vec(any::<prop::sample::Index>(), 0..6),
        dead in any::<bool>(),
    ) {
        let start = at("2026-08-01T10:00:00Z");
        let moment = |second: usize| start + SignedDuration::from_secs(i64::try_from(second).unwrap());
        let history = replayed(&steps);
        let until = until.index(history.len());
        let points = measured
            .iter()
            .map(|second| second.index(history.len()))
            .map(|second| LagPoint {
                at: moment(second),
                seconds: f64::from(i32::try_from(i64::try_from(second).unwrap() - history[second]).unwrap()),
            })
            .collect();
        let evidence = LagEvidence {
            now: if dead { moment(history.len()) } else { moment(until) },
            source: if dead {
                SourceLife::Dead { lost_at: Some(moment(until)) }
            } else {
                SourceLife::Accepting { at: moment(until) }
            },
            points: Ok(points),
            ..living(&[])
        };
        if let Some(bound) = data_at_risk(&evidence).upper_bound_seconds() {
            let lost = i64::try_from(until).unwrap() - history[until];
            prop_assert!(i64::try_from(bound).unwrap() >= lost, "bound {bound}, lost {lost}");
        }
    }
}
