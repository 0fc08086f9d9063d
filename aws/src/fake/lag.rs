//! The lag metric, computed from how a replica's lag goes over time.

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};

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
        world.note(Call {
            operation: "GetMetricStatistics",
            region: self.region.clone(),
            id: instance.to_owned(),
            at: now,
            effect: Effect::Read,
        });
        let period = i64::from(period_seconds.max(60)) / MINUTE * MINUTE;
        let begin = from.as_second().div_euclid(period) * period;
        let end = to.as_second().min(now.as_second() - MINUTE + 1);
        let minute = |second| Timestamp::from_second(second).unwrap_or(Timestamp::MIN);
        let step = usize::try_from(period).unwrap_or(60);
        let starts = (begin..end).step_by(step);
        let mut points: Vec<LagPoint> = starts
            .filter_map(|start| {
                let minutes = (start..(start + period).min(end)).step_by(60);
                let values =
                    minutes.filter_map(|s| world.lag.at(&self.region, instance, minute(s)));
                let (least, most) =
                    values.fold((f64::MAX, f64::MIN), |(a, b), v| (a.min(v), b.max(v)));
                let seconds = if least < 0.0 { -1.0 } else { most };
                let at = minute(start);
                (most > f64::MIN && at >= from).then_some(LagPoint { at, seconds })
            })
            .collect();
        points.reverse();
        Ok(points)
    }
}
