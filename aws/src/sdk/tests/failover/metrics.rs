//! Metrics and alarms, as `CloudWatch` answers in CBOR.

use jiff::Timestamp;

use super::{aws, contains, region};
use crate::metrics::{AlarmState, Metric, Statistic};
use crate::sdk::tests::Answer;
use crate::sdk::tests::cbor::{float, text};
use crate::{Aws, ErrorKind};

/// A map of at most 23 entries.
fn map(entries: &[(&str, Vec<u8>)]) -> Vec<u8> {
    let mut bytes = vec![0xa0 | u8::try_from(entries.len()).unwrap()];
    for (key, value) in entries {
        bytes.extend(text(key));
        bytes.extend(value);
    }
    bytes
}

fn list(items: &[Vec<u8>]) -> Vec<u8> {
    let head = 0x80 | u8::try_from(items.len()).unwrap();
    [vec![head], items.concat()].concat()
}

fn point(minute: f64, sum: Option<f64>) -> Vec<u8> {
    let at = [vec![0xc1], float(minute * 60.0)].concat();
    let mut entries = vec![("Timestamp", at)];
    entries.extend(sum.map(|sum| ("Sum", float(sum))));
    map(&entries)
}

#[tokio::test]
async fn datapoints_of_any_metric_come_newest_first_and_those_without_the_statistic_not_at_all() {
    let points = list(&[
        point(2.0, Some(5.0)),
        point(9.0, Some(0.0)),
        point(4.0, None),
    ]);
    let (aws, server) = aws(vec![Answer::Cbor(200, map(&[("Datapoints", points)]))]).await;
    let metric = Metric {
        namespace: "AWS/S3".to_owned(),
        name: "OperationsPendingReplication".to_owned(),
        dimensions: vec![("RuleId".to_owned(), "to-west".to_owned())],
    };
    let (from, to) = (Timestamp::UNIX_EPOCH, Timestamp::from_second(3600).unwrap());
    let metrics = aws.metrics(&region()).unwrap();
    let seen = metrics
        .datapoints(&metric, Statistic::Sum, from, to, 300)
        .await
        .unwrap();
    let seen: Vec<(i64, f64)> = seen
        .iter()
        .map(|p| (p.at.as_second() / 60, p.value))
        .collect();
    assert_eq!(seen, [(9, 0.0), (2, 5.0)]);
    contains(
        &server.requests()[0],
        &[
            "GetMetricStatistics",
            "AWS/S3",
            "OperationsPendingReplication",
            "RuleId",
            "to-west",
            "Sum",
        ],
    );
}

#[tokio::test]
async fn alarms_of_both_sorts_are_read_and_an_unknown_state_is_told() {
    let alarm = |sort: &str, state: &str| {
        let alarm = map(&[("AlarmName", text("a")), ("StateValue", text(state))]);
        Answer::Cbor(200, map(&[(sort, list(&[alarm]))]))
    };
    let (aws, server) = aws(vec![
        alarm("MetricAlarms", "OK"),
        alarm("CompositeAlarms", "ALARM"),
        alarm("MetricAlarms", "INSUFFICIENT_DATA"),
        alarm("MetricAlarms", "DREAMING"),
        Answer::Cbor(200, map(&[])),
    ])
    .await;
    let metrics = aws.metrics(&region()).unwrap();
    for state in [
        AlarmState::Ok,
        AlarmState::Alarm,
        AlarmState::InsufficientData,
    ] {
        assert_eq!(metrics.alarm("a").await.unwrap(), state);
    }
    let failed = metrics.alarm("a").await.unwrap_err();
    assert!(failed.message.contains("DREAMING"), "{failed}");
    assert_eq!(
        metrics.alarm("a").await.unwrap_err().kind,
        ErrorKind::NotFound
    );
    contains(
        &server.requests()[0],
        &["DescribeAlarms", "MetricAlarm", "CompositeAlarm"],
    );
}

#[tokio::test]
async fn a_state_is_set_and_an_alarm_that_is_missing_is_not_found() {
    let error = map(&[("__type", text("com.amazonaws.cloudwatch#ResourceNotFound"))]);
    let missing = Answer::Cbor(404, error);
    let (aws, server) = aws(vec![Answer::Cbor(200, map(&[])), missing]).await;
    let metrics = aws.metrics(&region()).unwrap();
    metrics
        .set_alarm("a", AlarmState::Ok, "back")
        .await
        .unwrap();
    let failed = metrics
        .set_alarm("a", AlarmState::Ok, "back")
        .await
        .unwrap_err();
    assert_eq!(failed.kind, ErrorKind::NotFound, "{failed}");
    assert_eq!(server.requests().len(), 2);
}
