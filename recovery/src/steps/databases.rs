//! What the kinds around databases share: instances by region, their connections, and how errors are told.

use std::collections::BTreeSet;
use std::time::Duration;

use aws::clock::Clock;
use aws::metrics::{Datapoint, Metric, Statistic};
use aws::rds::{DbInstance, InstanceId};
use aws::{Aws, Error, ErrorKind, Region};
use jiff::Timestamp;
use serde_json::Value;

use crate::argument::{Argument, ArgumentType, Arguments};
use crate::gate::data_at_risk::{LAG_PERIOD, OLDEST_PERIODS};
use crate::kind::{ApiCall, Case, Plane};
use crate::message::Message;
use crate::mode::Mode;

/// The tag of a promoted writer: the epoch that its promotion completed. Of two standalone writers the one of the
/// higher epoch is active.
pub(super) const EPOCH_TAG: &str = "dr:epoch";

/// The epoch that a writer carries.
pub(super) fn epoch_of(instance: &DbInstance) -> Option<u64> {
    instance.tags.get(EPOCH_TAG)?.parse().ok()
}

/// Whether of two standalone writers this one is proved to be the active one.
pub(super) fn outranks(active: &DbInstance, other: &DbInstance) -> bool {
    let own = epoch_of(active).filter(|_| active.source.is_none());
    own.is_some_and(|own| epoch_of(other).is_none_or(|other| own > other))
}

/// How far back metrics are read: enough to say how old the newest datapoint is when it is too old.
pub(super) const WINDOW: Duration = Duration::from_mins(15);

/// The argument that names an instance for every region.
pub(super) const INSTANCES: Argument = Argument::required(
    "instances",
    ArgumentType::ByRegion(&ArgumentType::Text),
    "Identifier of the RDS instance of each region, such as orders-replica.",
);

/// The instance that the argument names for a region.
pub(super) fn instance_in(arguments: &Arguments, region: &Region) -> Result<InstanceId, Message> {
    let named = arguments
        .text_in(INSTANCES.name, region)
        .unwrap_or_default();
    InstanceId::new(named).map_err(|error| {
        Message::new(
            error.to_string(),
            format!("an instance for {region} under instances"),
            "name it in the document",
        )
    })
}

/// Each instance with its region, in the words of [`Kind::fences`](crate::kind::Kind::fences).
pub(super) fn places(arguments: &Arguments) -> BTreeSet<String> {
    let named = arguments.texts_by_name(INSTANCES.name).into_iter();
    named.map(|(region, id)| format!("{region} {id}")).collect()
}

/// What is wrong with the names of the instances.
pub(super) fn check_instances(arguments: &Arguments, regions: &[Region]) -> Vec<(String, Message)> {
    let wrong = regions.iter().filter_map(|region| {
        let message = instance_in(arguments, region).err()?;
        Some((format!("{}.{region}", INSTANCES.name), message))
    });
    wrong.collect()
}

/// The regions that the active role may have to leave: the one that had it, or all others where nobody could tell.
pub(super) fn left_behind(case: &Case) -> Vec<Region> {
    match &case.from {
        Some(from) if *from != case.target => vec![from.clone()],
        Some(_) => Vec::new(),
        None => case.others().cloned().collect(),
    }
}

/// The same for a declaration of calls, by the regions that an argument has a value for. Reprotect leaves no region:
/// it sees to all others.
pub(super) fn other_regions(
    arguments: &Arguments,
    by_region: &str,
    mode: Mode,
    target: &Region,
    from: Option<&Region>,
) -> Vec<Region> {
    if let Some(from) = from.filter(|_| mode != Mode::Reprotect) {
        let left = Some(from.clone()).filter(|from| from != target);
        return left.into_iter().collect();
    }
    let named = arguments
        .as_json()
        .get(by_region)
        .and_then(Value::as_object);
    let regions = named.into_iter().flat_map(|it| it.keys());
    let regions = regions.filter_map(|name| Region::new(name).ok());
    regions.filter(|region| region != target).collect()
}

/// The target is declared lost: nothing could be done there.
pub(super) fn target_answers(case: &Case) -> Result<(), Message> {
    if case.answers(&case.target) {
        return Ok(());
    }
    Err(Message::new(
        format!("{} is declared lost", case.target),
        "a target whose region answers",
        "choose another target, or withdraw the declaration",
    ))
}

/// A call of a control plane.
pub(super) fn control(
    service: &'static str,
    operation: &'static str,
    region: &Region,
    changes: bool,
    needed: bool,
) -> ApiCall {
    ApiCall {
        service,
        operation,
        region: region.clone(),
        plane: Plane::Control,
        changes,
        needed,
    }
}

/// Reading metrics: what CloudWatch's daily work is.
pub(super) fn metric_data(region: &Region, needed: bool) -> ApiCall {
    ApiCall {
        plane: Plane::Data,
        ..control("cloudwatch", "GetMetricData", region, false, needed)
    }
}

/// A metric with one dimension or more.
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

/// Datapoints of a minute each, newest first, of the last [`WINDOW`] before `until`.
pub(super) async fn minutes(
    aws: &dyn Aws,
    region: &Region,
    metric: &Metric,
    statistic: Statistic,
    until: Timestamp,
) -> Result<Vec<Datapoint>, Error> {
    // CloudWatch leaves out the end of the range, and stamps a datapoint with the start of its period.
    let to = until.saturating_add(LAG_PERIOD).unwrap_or(until);
    let from = until.saturating_sub(WINDOW).unwrap_or(until);
    let metrics = aws.metrics(region)?;
    let mut points = metrics.datapoints(metric, statistic, from, to, 60).await?;
    points.sort_by_key(|point| std::cmp::Reverse(point.at));
    Ok(points)
}

/// Client connections of an instance, the most of each minute (Amazon RDS User Guide, "Amazon CloudWatch metrics for
/// Amazon RDS": connections of RDS itself are not among them).
pub(super) async fn connections(
    aws: &dyn Aws,
    clock: &dyn Clock,
    region: &Region,
    instance: &str,
) -> Result<Vec<Datapoint>, Error> {
    let metric = metric(
        "AWS/RDS",
        "DatabaseConnections",
        &[("DBInstanceIdentifier", instance)],
    );
    minutes(aws, region, &metric, Statistic::Maximum, clock.now()).await
}

/// The newest datapoint, unless it is too old to say anything about now.
pub(super) fn fresh(points: &[Datapoint], now: Timestamp) -> Option<Datapoint> {
    let newest = points.first()?;
    let age = Duration::try_from(now.duration_since(newest.at)).unwrap_or_default();
    (age <= LAG_PERIOD * OLDEST_PERIODS).then_some(*newest)
}

/// Since when no connection was open: the last minutes, two at least and three at most, showed none. The latest such
/// moment is taken, because it asks the most of what is measured afterwards; one minute alone may be one in which
/// somebody reconnected.
pub(super) fn quiet_since(points: &[Datapoint], now: Timestamp) -> Option<Timestamp> {
    fresh(points, now)?;
    let quiet = points.iter().take(3).take_while(|point| point.value == 0.0);
    let quiet: Vec<&Datapoint> = quiet.collect();
    let together = quiet
        .windows(2)
        .all(|pair| pair[0].at.duration_since(pair[1].at).as_secs() <= 2 * 60);
    let oldest = quiet.last().filter(|_| quiet.len() >= 2 && together)?;
    Some(oldest.at)
}

/// What to tell about an AWS error that ends a step.
pub(super) fn told(error: &Error, wanted: &str) -> Message {
    let region = &error.region;
    let (expected, next) = match error.kind {
        ErrorKind::NotFound => (
            wanted.to_owned(),
            format!("check name, region and account of what the document names in {region}"),
        ),
        ErrorKind::AccessDenied => (
            format!("a caller that may {} in {region}", error.operation),
            format!(
                "allow {} to the caller, or use other credentials",
                error.missing_permission().unwrap_or("what is denied")
            ),
        ),
        ErrorKind::Credentials => (
            "usable AWS credentials".to_owned(),
            "renew the credentials and run it again".to_owned(),
        ),
        ErrorKind::Unreachable => (
            format!("an answer from {} in {region}", error.service),
            format!("check network and endpoint of {region}; if the region is lost, declare it lost"),
        ),
        _ => (
            wanted.to_owned(),
            "settle what AWS names, then run it again: it looks first and goes on from what it sees"
                .to_owned(),
        ),
    };
    Message::new(error.to_string(), expected, next)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        format!("2026-08-01T{text}Z").parse().unwrap()
    }

    #[test]
    fn quiet_are_only_fresh_minutes_without_a_connection_two_in_a_row() {
        for (points, since) in [
            (&[][..], None),
            (&[("11:58:00", 0.0)][..], None),
            (&[("11:58:00", 0.0), ("11:57:00", 0.0)], Some("11:57:00")),
            (
                &[("11:58:00", 0.0), ("11:57:00", 3.0), ("11:56:00", 0.0)],
                None,
            ),
            (
                &[
                    ("11:58:00", 0.0),
                    ("11:57:00", 0.0),
                    ("11:56:00", 0.0),
                    ("11:55:00", 0.0),
                ],
                Some("11:56:00"),
            ),
            (
                &[("11:58:00", 1.0), ("11:57:00", 0.0), ("11:56:00", 0.0)],
                None,
            ),
            // Too old, and with a hole.
            (&[("11:55:00", 0.0), ("11:54:00", 0.0)], None),
            (&[("11:58:00", 0.0), ("11:54:00", 0.0)], None),
        ] {
            let points: Vec<Datapoint> = points
                .iter()
                .map(|(moment, value)| Datapoint {
                    at: at(moment),
                    value: *value,
                })
                .collect();
            assert_eq!(
                quiet_since(&points, at("12:00:00")),
                since.map(at),
                "{points:?}"
            );
        }
    }
}
