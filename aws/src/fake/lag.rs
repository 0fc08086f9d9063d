//! The lag metric, computed from how a replica's lag goes over time.

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};

use super::refusal::Refusal;
use super::{ByPlace, Call, Effect, Local};
use crate::cloudwatch::{LagPoint, ReplicaLag};
use crate::{Error, Region};

/// How a replica's lag goes (Amazon RDS User Guide, "Monitoring read replication").
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Lag {
    /// Always this many seconds.
    Steady(f64),
    /// Grows by a second a second from these seconds on: a `PostgreSQL` replica whose source is dead.
    Growing(f64),
    /// Grows to five minutes and falls to zero again: `PostgreSQL` whose source writes nothing switches its log so often.
    IdlePostgres,
    /// -1: replication stands still (`MySQL`, `MariaDB`).
    NotReplicating,
    /// No datapoints.
    Missing,
}

impl Lag {
    fn seconds(self, since: SignedDuration) -> Option<f64> {
        match self {
            Lag::Steady(seconds) => Some(seconds),
            Lag::Growing(start) => Some(start + since.as_secs_f64()),
            Lag::IdlePostgres => Some(since.as_secs_f64().rem_euclid(300.0)),
            Lag::NotReplicating => Some(-1.0),
            Lag::Missing => None,
        }
    }
}

/// Lag by replica: from when on it goes how.
#[derive(Default)]
pub(super) struct Lags(ByPlace<Vec<(Timestamp, Lag)>>);

impl Lags {
    pub(super) fn set(&mut self, region: &Region, id: &str, from: Timestamp, lag: Lag) {
        let course = self.0.entry((region.clone(), id.to_owned())).or_default();
        course.retain(|(at, _)| *at != from);
        course.push((from, lag));
        course.sort_by_key(|(at, _)| *at);
    }

    /// What a datapoint of the minute that starts at `at` shows.
    fn at(&self, region: &Region, id: &str, at: Timestamp) -> Option<f64> {
        let course = self.0.get(&(region.clone(), id.to_owned()))?;
        let (from, lag) = course.iter().rev().find(|(from, _)| *from <= at)?;
        lag.seconds(at.duration_since(*from))
    }
}

/// Datapoints start at whole minutes and appear when their minute is over.
const MINUTE: i64 = 60;

/// What one answer holds at most (Amazon `CloudWatch` API Reference, `GetMetricStatistics`).
const MOST_DATAPOINTS: i64 = 1440;

#[async_trait]
impl ReplicaLag for Local {
    async fn datapoints(
        &self,
        instance: &str,
        from: Timestamp,
        to: Timestamp,
        period_seconds: u32,
    ) -> Result<Vec<LagPoint>, Error> {
        let now = self.aws.clock.now();
        let mut world = self.aws.world();
        let period = i64::from(period_seconds.max(60)) / MINUTE * MINUTE;
        let count = (to.as_second() - from.as_second()) / period;
        let refusal = (count > MOST_DATAPOINTS).then(|| Refusal::too_many_datapoints(count));
        let kind = refusal.as_ref().map(|refusal| refusal.kind);
        let operation = "GetMetricStatistics";
        world.note(Call {
            operation,
            region: self.region.clone(),
            id: instance.to_owned(),
            at: now,
            effect: kind.map_or(Effect::Read, Effect::Refused),
        });
        if let Some(refusal) = refusal {
            return Err(refusal.into_error(operation, &self.region, world.log.len()));
        }
        let over = to.as_second().min(now.as_second() - MINUTE + 1);
        let value = |second| {
            let at = Timestamp::from_second(second).ok()?;
            world.lag.at(&self.region, instance, at)
        };
        Ok(newest_first(from.as_second(), over, period, value))
    }
}

/// Datapoints of the periods that begin before `end`, each of its minutes that are over.
fn newest_first(
    from: i64,
    end: i64,
    period: i64,
    value: impl Fn(i64) -> Option<f64>,
) -> Vec<LagPoint> {
    // CloudWatch rounds the first moment down.
    let first = from.div_euclid(period) * period;
    let step = usize::try_from(period).unwrap_or(60);
    let mut points: Vec<LagPoint> = (first..end)
        .step_by(step)
        .filter_map(|start| {
            let minutes = (start..(start + period).min(end)).step_by(60);
            let values: Vec<f64> = minutes.filter_map(&value).collect();
            let most = values.iter().copied().reduce(f64::max)?;
            let still = values.iter().any(|seconds| *seconds < 0.0);
            let at = Timestamp::from_second(start).ok()?;
            let seconds = if still { -1.0 } else { most };
            Some(LagPoint { at, seconds })
        })
        .collect();
    points.reverse();
    points
}
