//! The gate "data at risk": how much would be lost at most, and is that within the bound.
//!
//! Data at risk is the time the source was last known to accept writes minus the time of the last transaction that
//! the replica replayed. A datapoint of `ReplicaLag` taken at `T` with value `L` proves that everything up to
//! `T - L` was replayed. So with a source that accepts writes now the upper bound is `now - (T - L)`, the lag plus
//! the age of its measurement, and with a source lost at `D` it is `D - (T - L)` of the newest datapoint at or before
//! `D`. What the lag does after `D` says nothing: `PostgreSQL`'s grows for ever once the source is gone.
//!
//! Everything that is not such a proof is unknown, and unknown is refused without a consent.

#[cfg(test)]
mod tests;

use std::time::Duration;

use aws::cloudwatch::LagPoint;
use jiff::Timestamp;

use super::{Gate, GateResult, Verdict};
use crate::consent::Judged;
use crate::message::{Message, duration_text, whole_seconds};

/// The period of `ReplicaLag` in `CloudWatch`: RDS publishes it once a minute.
pub const LAG_PERIOD: Duration = Duration::from_mins(1);

/// A datapoint older than this many periods proves nothing about now.
pub const OLDEST_PERIODS: u32 = 3;

/// Whether the source accepts writes, as far as is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SourceLife {
    /// Observed just now in a state in which it accepts writes.
    Accepting {
        /// When it was observed.
        at: Timestamp,
    },
    /// Does not answer any more.
    Dead {
        /// When it last accepted writes, if anybody knows.
        lost_at: Option<Timestamp>,
    },
    /// Healthy, but nobody writes any more: its writers were stopped, and it showed no connection since.
    Quiesced {
        /// From when on nothing was written.
        since: Timestamp,
    },
    /// Neither is known; the text says why.
    Unknown(String),
}

/// What the judgement is made from.
#[derive(Clone, Debug)]
pub struct LagEvidence {
    /// When the evidence was taken together.
    pub now: Timestamp,
    /// Whether the source accepts writes.
    pub source: SourceLife,
    /// The datapoints in any order, or why they could not be read.
    pub points: Result<Vec<LagPoint>, String>,
    /// The replication status as the replica shows it now; `None` when it shows none.
    pub replication: Option<String>,
    /// Whether that status is `replicating`.
    pub replicating: bool,
    /// Whether the engine is `PostgreSQL`, whose lag also grows while the source is idle.
    pub postgres: bool,
    /// The metric that the datapoints are of, such as `ReplicaLag`.
    pub metric: &'static str,
}

/// Why nobody knows how much is at risk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum UnknownLag {
    /// `CloudWatch` has no datapoint in the window.
    NoDatapoint,
    /// The newest datapoint is older than three periods before the moment that counts.
    TooOld,
    /// The newest datapoint is -1: replication is not running.
    NotReplicating,
    /// The newest datapoint is 0, but the replica does not say that it replicates.
    ZeroWithoutReplication,
    /// The newest datapoint is no number of seconds.
    NotANumber,
    /// The metric could not be read; the text says why.
    NotMeasured(String),
    /// It is not known whether the source accepts writes, or when it last did; the text says why.
    SourceUnknown(String),
}

/// What the upper bound rests on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Basis {
    /// The source accepts writes: lag as measured, counted up to now.
    MeasuredNow,
    /// The source was lost: the newest datapoint before that, counted up to the loss.
    BeforeLoss,
    /// The source lives and is written no more: the newest datapoint after that, counted up to the last write.
    AfterQuiesce,
    /// Nothing: the amount is unknown.
    Unknown,
}

impl Basis {
    /// The word for it in attributes and reports.
    pub fn name(&self) -> &'static str {
        match self {
            Basis::MeasuredNow => "measured_now",
            Basis::BeforeLoss => "before_loss",
            Basis::AfterQuiesce => "after_quiesce",
            Basis::Unknown => "unknown",
        }
    }
}

/// How much data is at risk, with the numbers it was computed from.
#[derive(Clone, Debug, PartialEq)]
pub struct DataAtRisk {
    /// The most that can be lost, or `None` when that is unknown. This is `measured_rpo_seconds`.
    pub upper_bound: Option<Duration>,
    /// What the bound rests on.
    pub basis: Basis,
    /// The newest datapoint that counts, in seconds as `CloudWatch` gives it (-1 included).
    pub lag_seconds: Option<f64>,
    /// When that datapoint was taken.
    pub measured_at: Option<Timestamp>,
    /// The last moment at which the source is known, or has to be taken, to have accepted writes.
    pub writes_until: Option<Timestamp>,
    /// Why the amount is unknown.
    pub unknown: Option<UnknownLag>,
    /// Whether an idle source may be the reason of the number (`PostgreSQL`).
    pub may_be_idle: bool,
    /// The metric that it was computed from.
    pub metric: &'static str,
}

impl DataAtRisk {
    fn unknown(
        metric: &'static str,
        why: UnknownLag,
        writes_until: Option<Timestamp>,
        point: Option<LagPoint>,
    ) -> Self {
        Self {
            metric,
            upper_bound: None,
            basis: Basis::Unknown,
            lag_seconds: point.as_ref().map(|point| point.seconds),
            measured_at: point.as_ref().map(|point| point.at),
            writes_until,
            unknown: Some(why),
            may_be_idle: false,
        }
    }

    /// The upper bound in whole seconds, rounded up; `None` when it is unknown.
    pub fn upper_bound_seconds(&self) -> Option<u64> {
        self.upper_bound.map(whole_seconds)
    }

    /// The numbers in one line, the bound first.
    pub fn describe(&self) -> String {
        match (&self.unknown, self.upper_bound) {
            (None, Some(bound)) => {
                let tail = match self.basis {
                    Basis::BeforeLoss => "before the source was lost at",
                    Basis::AfterQuiesce => "nothing was written after",
                    _ => "counted to",
                };
                format!(
                    "up to {} of data at risk (lag {} s measured at {}, {tail} {})",
                    duration_text(bound),
                    self.lag_seconds.unwrap_or_default(),
                    moment(self.measured_at),
                    moment(self.writes_until),
                )
            }
            (Some(why), _) => format!("data at risk unknown: {}", self.why(why)),
            (None, None) => "data at risk unknown".to_owned(),
        }
    }

    fn why(&self, why: &UnknownLag) -> String {
        let oldest = duration_text(LAG_PERIOD * OLDEST_PERIODS);
        let (at, until) = (moment(self.measured_at), moment(self.writes_until));
        let metric = self.metric;
        match why {
            UnknownLag::NoDatapoint => {
                format!("CloudWatch has no {metric} datapoint that counts for {until}")
            }
            UnknownLag::TooOld => format!(
                "the newest {metric} datapoint ({} s, taken at {at}) is older than {oldest} at {until}",
                self.lag_seconds.unwrap_or_default()
            ),
            UnknownLag::NotReplicating => {
                format!("{metric} is -1 at {at}: the replica does not replicate")
            }
            UnknownLag::ZeroWithoutReplication => {
                format!("{metric} is 0 at {at}, but the replica does not report that it replicates")
            }
            UnknownLag::NotANumber => format!("{metric} at {at} is no number of seconds"),
            UnknownLag::NotMeasured(why) => format!("{metric} could not be read: {why}"),
            UnknownLag::SourceUnknown(why) => why.clone(),
        }
    }
}

/// How much data is at risk, from the evidence alone.
pub fn data_at_risk(evidence: &LagEvidence) -> DataAtRisk {
    let unknown = |why, until, point| DataAtRisk::unknown(evidence.metric, why, until, point);
    let (until, basis) = match writes_until(evidence) {
        Ok(found) => found,
        Err(why) => return unknown(UnknownLag::SourceUnknown(why), None, None),
    };
    let points = match &evidence.points {
        Ok(points) => points,
        Err(why) => return unknown(UnknownLag::NotMeasured(why.clone()), Some(until), None),
    };
    // Before a loss only what was measured until then counts; of a source that is quiet, what was measured since.
    let quiesced = basis == Basis::AfterQuiesce;
    let newest = points
        .iter()
        .filter(|point| (point.at >= until && quiesced) || (point.at <= until && !quiesced))
        .max_by_key(|point| point.at);
    let Some(point) = newest else {
        return unknown(UnknownLag::NoDatapoint, Some(until), None);
    };
    let judged_at = if quiesced { evidence.now } else { until };
    let age = Duration::try_from(judged_at.duration_since(point.at)).unwrap_or_default();
    let lag = Duration::try_from_secs_f64(point.seconds);
    let why = if age > LAG_PERIOD * OLDEST_PERIODS {
        Some(UnknownLag::TooOld)
    } else if point.seconds < 0.0 {
        Some(UnknownLag::NotReplicating)
    } else if point.seconds == 0.0 && !evidence.replicating {
        Some(UnknownLag::ZeroWithoutReplication)
    } else if lag.is_err() {
        Some(UnknownLag::NotANumber)
    } else {
        None
    };
    if let Some(why) = why {
        return unknown(why, Some(until), Some(*point));
    }
    let lag = lag.unwrap_or_default();
    let bound = if quiesced {
        let since = Duration::try_from(point.at.duration_since(until)).unwrap_or_default();
        lag.saturating_sub(since)
    } else {
        lag.saturating_add(age)
    };
    DataAtRisk {
        upper_bound: Some(bound),
        basis,
        lag_seconds: Some(point.seconds),
        measured_at: Some(point.at),
        writes_until: Some(until),
        unknown: None,
        may_be_idle: evidence.postgres && basis != Basis::BeforeLoss,
        metric: evidence.metric,
    }
}

/// The last moment at which the source has to be taken to have accepted writes.
fn writes_until(evidence: &LagEvidence) -> Result<(Timestamp, Basis), String> {
    match &evidence.source {
        SourceLife::Accepting { .. } => Ok((evidence.now, Basis::MeasuredNow)),
        SourceLife::Quiesced { since } if *since > evidence.now => Err(format!(
            "it is said to be quiet since {since}, ahead of now, {}",
            evidence.now
        )),
        SourceLife::Quiesced { since } => Ok((*since, Basis::AfterQuiesce)),
        SourceLife::Dead {
            lost_at: Some(lost_at),
        } if *lost_at > evidence.now => Err(format!(
            "lost_at {lost_at} lies ahead of now, {}",
            evidence.now
        )),
        SourceLife::Dead {
            lost_at: Some(lost_at),
        } => Ok((*lost_at, Basis::BeforeLoss)),
        SourceLife::Dead { lost_at: None } => {
            Err("the source does not accept writes, and when it last did is not known".to_owned())
        }
        SourceLife::Unknown(why) => Err(why.clone()),
    }
}

/// Asks the gate: known and within `bound`, or accepted by a consent that counts.
pub fn gate(
    risk: &DataAtRisk,
    source: &SourceLife,
    bound: Duration,
    consents: &Judged,
) -> GateResult {
    let accepted = consents.data_loss_up_to();
    let verdict = match risk.upper_bound {
        Some(amount) if amount <= bound => Verdict::Passed,
        Some(amount) if accepted.is_some_and(|accepted| amount <= accepted) => Verdict::Consented,
        // A replica of a quiet source catches up by itself.
        Some(_) => Verdict::Refused {
            may_change: matches!(source, SourceLife::Quiesced { .. }),
        },
        None if consents.unknown_lag() => Verdict::Consented,
        // Datapoints of a source that lives may still arrive; those before a loss are all there are.
        None => Verdict::Refused {
            may_change: !matches!(source, SourceLife::Dead { .. }),
        },
    };
    let expected = match verdict {
        Verdict::Consented => format!(
            "known and at most {}; accepted by consent",
            duration_text(bound)
        ),
        _ => format!("known and at most {}", duration_text(bound)),
    };
    let next = match verdict {
        Verdict::Refused { .. } => next_move(risk, source),
        _ => String::new(),
    };
    GateResult {
        gate: Gate::DataAtRisk,
        verdict,
        message: Message::new(risk.describe(), expected, next),
        at_risk: risk.upper_bound,
    }
}

fn next_move(risk: &DataAtRisk, source: &SourceLife) -> String {
    match (&risk.unknown, risk.upper_bound) {
        (None, Some(amount)) => {
            let mut next = format!(
                "wait until the replica has caught up, raise max_data_loss, or accept the loss with a consent of risk \
                 \"data_loss_up_to\" and a bound of at least {}",
                duration_text(amount)
            );
            if risk.may_be_idle {
                next.push_str(
                    "; PostgreSQL's lag also grows, to about 5 min, while nothing is written to the source: write one \
                     row there and measure again",
                );
            }
            next
        }
        (Some(UnknownLag::SourceUnknown(_)), _) => match source {
            SourceLife::Dead { .. } => {
                "say when the source was lost (lost_at, not ahead of now), or accept it with a consent of risk \
                 \"unknown_lag\""
            }
            _ => {
                "if its region is lost, declare it lost and say when (lost_at), or accept it with a consent of risk \
                 \"unknown_lag\""
            }
        }
        .to_owned(),
        (Some(UnknownLag::NotReplicating | UnknownLag::ZeroWithoutReplication), _) => {
            "see why replication stopped (the replica's status and its events), or accept it with a consent of risk \
             \"unknown_lag\""
                .to_owned()
        }
        (Some(UnknownLag::NotMeasured(_)), _) => format!(
            "allow cloudwatch:{} in the replica's region, or accept it with a consent of risk \"unknown_lag\"",
            if risk.metric == "ReplicaLag" {
                "GetMetricStatistics"
            } else {
                "GetMetricData"
            }
        ),
        _ => format!(
            "wait for a fresh {} datapoint (one a minute), or accept it with a consent of risk \"unknown_lag\"",
            risk.metric
        ),
    }
}

fn moment(at: Option<Timestamp>) -> String {
    at.map_or_else(|| "an unknown time".to_owned(), |at| at.to_string())
}
