//! Metrics as values that last until they are set anew, and alarms.

use std::collections::BTreeMap;

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};

use super::refusal::Refusal;
use super::{Effect, FakeAws, Local};
use crate::metrics::{AlarmState, Datapoint, Metric, Metrics, Statistic};
use crate::{Error, ErrorKind, Region};

/// The metric of an instance's connections (Amazon RDS User Guide, "Amazon `CloudWatch` metrics for Amazon RDS").
pub fn connections(instance: &str) -> Metric {
    Metric {
        namespace: "AWS/RDS".to_owned(),
        name: "DatabaseConnections".to_owned(),
        dimensions: vec![("DBInstanceIdentifier".to_owned(), instance.to_owned())],
    }
}

type Place = (Region, String);

/// Every metric with its values since when, and alarms with their state.
#[derive(Default)]
pub(super) struct Series {
    values: BTreeMap<Place, Vec<(Timestamp, Option<f64>)>>,
    alarms: BTreeMap<Place, AlarmState>,
}

fn place(region: &Region, metric: &Metric) -> Place {
    let mut dimensions = metric.dimensions.clone();
    dimensions.sort();
    let (namespace, name) = (&metric.namespace, &metric.name);
    (region.clone(), format!("{namespace} {name} {dimensions:?}"))
}

impl Series {
    pub(super) fn set(
        &mut self,
        region: &Region,
        metric: &Metric,
        from: Timestamp,
        value: Option<f64>,
    ) {
        let values = self.values.entry(place(region, metric)).or_default();
        values.push((from, value));
        values.sort_by_key(|(at, _)| *at);
    }

    /// The values that held at some time in a minute.
    fn in_minute(&self, place: &Place, start: Timestamp) -> Vec<f64> {
        let end = start + SignedDuration::from_secs(60);
        let all = self
            .values
            .get(place)
            .map(Vec::as_slice)
            .unwrap_or_default();
        let before = all.iter().rev().find(|(at, _)| *at <= start);
        let within = all.iter().filter(|(at, _)| *at > start && *at < end);
        before
            .into_iter()
            .chain(within)
            .filter_map(|(_, value)| *value)
            .collect()
    }
}

impl FakeAws {
    /// Sets a metric from this moment on, until it is set anew; `None`: no datapoints.
    pub fn set_metric(&self, region: &Region, metric: &Metric, value: Option<f64>) {
        let from = self.clock.now();
        self.world().metrics.set(region, metric, from, value);
    }

    /// Sets a metric as it has always been until now.
    pub fn set_metric_of_the_past(&self, region: &Region, metric: &Metric, value: Option<f64>) {
        self.world()
            .metrics
            .set(region, metric, Timestamp::MIN, value);
    }

    /// Adds an alarm, or sets its state.
    pub fn put_alarm(&self, region: &Region, name: &str, state: AlarmState) {
        let place = (region.clone(), name.to_owned());
        self.world().metrics.alarms.insert(place, state);
    }
}

fn no_alarm(name: &str) -> Refusal {
    let message = format!("no alarm {name}");
    Refusal::of(
        ErrorKind::NotFound,
        "cloudwatch",
        "ResourceNotFound",
        message,
    )
}

fn condense(values: &[f64], statistic: Statistic) -> Option<f64> {
    let all = values.iter().copied();
    match statistic {
        Statistic::Maximum => all.reduce(f64::max),
        Statistic::Minimum => all.reduce(f64::min),
        Statistic::Sum => (!values.is_empty()).then(|| all.sum()),
        Statistic::Average => {
            let count = u32::try_from(values.len())
                .ok()
                .filter(|count| *count > 0)?;
            Some(all.sum::<f64>() / f64::from(count))
        }
    }
}

#[async_trait]
impl Metrics for Local {
    async fn datapoints(
        &self,
        metric: &Metric,
        statistic: Statistic,
        from: Timestamp,
        to: Timestamp,
        period_seconds: u32,
    ) -> Result<Vec<Datapoint>, Error> {
        let now = self.aws.clock.now();
        self.answer("GetMetricData", &metric.name, |world| {
            let period = i64::from(period_seconds);
            if period < 60 || period % 60 != 0 {
                return Err(Refusal::value("the period is no multiple of 60"));
            }
            let place = place(&self.region, metric);
            // A period shows only once it is over.
            let over = to.as_second().min(now.as_second() - period + 1);
            let first = from.as_second().div_euclid(period) * period;
            let mut points = Vec::new();
            let mut start = first;
            while start < over {
                let minutes = (0..period / 60).filter_map(|minute| {
                    let at = Timestamp::from_second(start + minute * 60).ok()?;
                    let values = world.metrics.in_minute(&place, at);
                    // A sum adds up minutes, of which each counts once.
                    let within = if statistic == Statistic::Sum {
                        Statistic::Maximum
                    } else {
                        statistic
                    };
                    condense(&values, within)
                });
                let value = condense(&minutes.collect::<Vec<f64>>(), statistic);
                if let (Some(value), Ok(at)) = (value, Timestamp::from_second(start)) {
                    points.push(Datapoint { at, value });
                }
                start += period;
            }
            points.reverse();
            Ok((points, Effect::Read))
        })
    }

    async fn alarm(&self, name: &str) -> Result<AlarmState, Error> {
        self.answer("DescribeAlarms", name, |world| {
            let place = (self.region.clone(), name.to_owned());
            let state = world.metrics.alarms.get(&place).copied();
            Ok((state.ok_or_else(|| no_alarm(name))?, Effect::Read))
        })
    }

    async fn set_alarm(&self, name: &str, state: AlarmState, _: &str) -> Result<(), Error> {
        self.answer("SetAlarmState", name, |world| {
            let place = (self.region.clone(), name.to_owned());
            let alarm = world
                .metrics
                .alarms
                .get_mut(&place)
                .ok_or_else(|| no_alarm(name))?;
            let changed = if *alarm == state {
                Effect::Nothing
            } else {
                Effect::Changed
            };
            *alarm = state;
            Ok(((), changed))
        })
    }
}
