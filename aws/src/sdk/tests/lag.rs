//! The lag metric as `CloudWatch` answers it: CBOR, in no order.

use jiff::Timestamp;

use super::cbor::{float, text};
use super::{Answer, aws, region};
use crate::cloudwatch::LagPoint;
use crate::{Aws, ErrorKind};

/// A map of three: when (tag 1, seconds), least and most.
fn datapoint(minute: f64, least: f64, most: f64) -> Vec<u8> {
    let at = [vec![0xc1], float(minute * 60.0)].concat();
    let parts = [
        vec![0xa3],
        text("Timestamp"),
        at,
        text("Minimum"),
        float(least),
        text("Maximum"),
        float(most),
    ];
    parts.concat()
}

fn answer(points: &[Vec<u8>]) -> Answer {
    let count = 0x80 | u8::try_from(points.len()).unwrap();
    Answer::Cbor(
        200,
        [vec![0xa1], text("Datapoints"), vec![count], points.concat()].concat(),
    )
}

async fn datapoints(answer: Answer) -> (Result<Vec<LagPoint>, crate::Error>, Vec<String>) {
    let (aws, server) = aws(vec![answer]).await;
    let metric = aws.replica_lag(&region()).unwrap();
    let (from, to) = (Timestamp::UNIX_EPOCH, Timestamp::from_second(3600).unwrap());
    (
        metric.datapoints("orders-replica", from, to, 60).await,
        server.requests(),
    )
}

#[tokio::test]
async fn datapoints_come_newest_first_and_a_minute_that_stood_still_counts_as_still() {
    let points = [
        datapoint(2.0, 1.0, 4.0),
        datapoint(9.0, -1.0, 30.0),
        datapoint(5.0, 0.0, 0.0),
    ];
    let (answer, requests) = datapoints(answer(&points)).await;
    let seen: Vec<(i64, f64)> = answer
        .unwrap()
        .iter()
        .map(|p| (p.at.as_second() / 60, p.seconds))
        .collect();
    assert_eq!(seen, [(9, -1.0), (5, 0.0), (2, 4.0)]);
    for part in [
        "GetMetricStatistics",
        "AWS/RDS",
        "ReplicaLag",
        "DBInstanceIdentifier",
        "orders-replica",
    ] {
        assert!(requests[0].contains(part), "{part} in {}", requests[0]);
    }
}

#[tokio::test]
async fn no_datapoints_are_an_answer_and_no_error() {
    let (answer, _) = datapoints(answer(&[])).await;
    assert_eq!(answer.unwrap(), []);
}

#[tokio::test]
async fn an_answer_that_is_no_cbor_is_told_and_not_taken_for_no_datapoints() {
    let (answer, _) = datapoints(Answer::Cbor(200, vec![0xff, 0x00])).await;
    assert_eq!(answer.unwrap_err().kind, ErrorKind::Unavailable);
    let page = Answer::Http(500, "text/html", "<html>".to_owned());
    let (answer, requests) = datapoints(page).await;
    assert_eq!(answer.unwrap_err().kind, ErrorKind::Unavailable);
    assert_eq!(requests.len(), 3, "a read is retried");
}
