//! The replication status of what lives in several regions: every region is asked by itself, and one that does not answer
//! is told with its reason beside what the others say.

use std::collections::BTreeMap;
use std::pin::Pin;
use std::time::Duration;

use aws::clock::Clock;
use aws::metrics::{Metric, Statistic};
use aws::{Aws, Error, Region};
use futures_util::future::join_all;
use jiff::Timestamp;

use super::Health;
use crate::gate::data_at_risk::LAG_PERIOD;

/// How far back the newest datapoint is looked for.
const WINDOW: Duration = Duration::from_mins(15);

/// The regions to ask, and those that must not be, with why.
#[derive(Clone, Debug, Default)]
pub struct Asked {
    /// In order: of two that answer, the first one counts.
    pub regions: Vec<Region>,
    /// Not called: lost, or not to be entered.
    pub barred: BTreeMap<Region, String>,
}

/// What one region's part does.
#[derive(Clone, Debug, PartialEq)]
pub struct Part {
    /// Its name: an ARN, a group, a table.
    pub name: String,
    /// Whether it takes the writes.
    pub writes: bool,
    /// Its status as AWS names it; `None` where nobody says.
    pub status: Option<String>,
    /// How well it follows.
    pub health: Health,
    /// Seconds behind, when they were measured.
    pub lag: Option<(Timestamp, f64)>,
    /// Why the health or the lag is not known.
    pub unknown: Option<String>,
}

/// The whole as one look showed it.
#[derive(Clone, Debug, PartialEq)]
pub struct Several {
    /// Its status as AWS names it in the first region that answers.
    pub status: String,
    /// That region.
    pub seen_in: Region,
    /// The region that takes the writes; `None` where none does, or all do.
    pub writer: Option<Region>,
    /// The parts, by region.
    pub parts: BTreeMap<Region, Part>,
}

/// Nobody answered: why, by region.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Silent(pub BTreeMap<Region, String>);

/// A call to one region that is yet to be made.
pub(super) type Call<'a, T> = Pin<Box<dyn Future<Output = Result<T, Error>> + Send + 'a>>;

/// What regions answered, in their order, and why others gave no answer.
pub(super) type Answers<T> = (Vec<(Region, T)>, BTreeMap<Region, String>);

impl Asked {
    /// The regions that may be called.
    pub(super) fn open(&self) -> impl Iterator<Item = &Region> {
        let regions = self.regions.iter();
        regions.filter(|region| !self.barred.contains_key(*region))
    }

    /// Makes calls, one for each region that may be called, all at once.
    pub(super) async fn ask<T>(&self, calls: Vec<Call<'_, T>>) -> Result<Answers<T>, Silent> {
        let mut reasons = self.barred.clone();
        let mut found = Vec::new();
        for (region, answer) in self.open().zip(join_all(calls).await) {
            match answer {
                Ok(answer) => found.push((region.clone(), answer)),
                Err(error) => {
                    reasons.insert(region.clone(), error.to_string());
                }
            }
        }
        if found.is_empty() {
            return Err(Silent(reasons));
        }
        Ok((found, reasons))
    }
}

/// The newest datapoint of the last minutes; `None` where there is none.
pub(super) async fn newest(
    aws: &dyn Aws,
    clock: &dyn Clock,
    region: &Region,
    metric: &Metric,
) -> Result<Option<(Timestamp, f64)>, Error> {
    let now = clock.now();
    let from = now.saturating_sub(WINDOW).unwrap_or(now);
    let to = now.saturating_add(LAG_PERIOD).unwrap_or(now);
    let metrics = aws.metrics(region)?;
    let points = metrics.datapoints(metric, Statistic::Maximum, from, to, 60);
    let points = points.await?;
    let newest = points.iter().max_by_key(|point| point.at);
    Ok(newest.map(|point| (point.at, point.value)))
}

/// A metric by its dimensions.
pub(super) fn metric(namespace: &str, name: &str, dimensions: &[(&str, &str)]) -> Metric {
    let dimensions = dimensions.iter();
    Metric {
        namespace: namespace.to_owned(),
        name: name.to_owned(),
        dimensions: dimensions
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect(),
    }
}

/// The first lag that one of several places tells, in seconds after the divisor; else why there is none.
pub(super) async fn first_lag(
    aws: &dyn Aws,
    clock: &dyn Clock,
    places: &[(Region, Metric)],
    divisor: f64,
) -> Result<(Timestamp, f64), String> {
    let mut why = String::new();
    for (region, metric) in places {
        match newest(aws, clock, region, metric).await {
            Ok(Some((at, value))) => return Ok((at, value / divisor)),
            Ok(None) if why.is_empty() => {
                let minutes = WINDOW.as_secs() / 60;
                why = format!("no {} datapoint in the last {minutes} minutes", metric.name);
            }
            Ok(None) => {}
            Err(error) => why = format!("{} could not be read: {error}", metric.name),
        }
    }
    Err(why)
}

impl Part {
    /// The part of a region that did not answer, as far as others tell of it.
    pub(super) fn unseen(name: String, writes: bool, status: Option<String>, why: &str) -> Self {
        Part {
            name,
            writes,
            status,
            health: Health::Unknown,
            lag: None,
            unknown: Some(why.to_owned()),
        }
    }

    /// The part that takes the writes.
    pub(super) fn writer(name: String, status: String) -> Self {
        Part {
            name,
            writes: true,
            status: Some(status),
            health: Health::NotAReplica,
            lag: None,
            unknown: None,
        }
    }

    /// A part that follows, with its lag.
    pub(super) fn follows(
        name: String,
        status: String,
        lag: Result<(Timestamp, f64), String>,
    ) -> Self {
        let health = match &lag {
            Ok(_) => Health::Replicating,
            Err(_) => Health::Unmeasured,
        };
        Part {
            name,
            writes: false,
            status: Some(status),
            health,
            unknown: lag.as_ref().err().cloned(),
            lag: lag.ok(),
        }
    }
}
