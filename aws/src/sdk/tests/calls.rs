//! Calls, one by one.

use std::time::Duration;

use super::{Answer, aws, refused, region, settings, with, xml};
use crate::rds::{DbInstance, InstanceId, ModifyDbInstance, PromoteReadReplica};
use crate::sdk::Settings;
use crate::{Aws, Error, ErrorKind};

const REPLICA: &str = "<DBInstanceIdentifier>orders-replica</DBInstanceIdentifier>\
    <DBInstanceArn>arn:aws:rds:us-west-2:123456789012:db:orders-replica</DBInstanceArn>\
    <DbiResourceId>db-ABC</DbiResourceId><Engine>postgres</Engine><EngineVersion>16.4</EngineVersion>\
    <DBInstanceStatus>available</DBInstanceStatus><DBInstanceClass>db.r6g.large</DBInstanceClass>\
    <ReadReplicaSourceDBInstanceIdentifier>arn:aws:rds:us-east-1:123456789012:db:orders</ReadReplicaSourceDBInstanceIdentifier>\
    <StatusInfos><DBInstanceStatusInfo><StatusType>read replication</StatusType><Status>replicating</Status>\
    <Normal>true</Normal></DBInstanceStatusInfo></StatusInfos>\
    <BackupRetentionPeriod>0</BackupRetentionPeriod><MultiAZ>false</MultiAZ><DeletionProtection>true</DeletionProtection>\
    <PendingModifiedValues><MultiAZ>true</MultiAZ><EngineVersion>16.5</EngineVersion></PendingModifiedValues>";

fn described() -> Answer {
    xml(
        200,
        format!(
            "<DescribeDBInstancesResponse><DescribeDBInstancesResult><DBInstances><DBInstance>{REPLICA}</DBInstance></DBInstances></DescribeDBInstancesResult></DescribeDBInstancesResponse>"
        ),
    )
}

fn id() -> InstanceId {
    InstanceId::new("orders-replica").unwrap()
}

async fn describe(answers: Vec<Answer>) -> (Result<DbInstance, Error>, usize) {
    let (aws, server) = aws(answers).await;
    let answer = aws.rds(&region()).unwrap().describe(&id()).await;
    (answer, server.requests().len())
}

async fn promote(answers: Vec<Answer>) -> (Error, usize) {
    let (aws, server) = aws(answers).await;
    let request = PromoteReadReplica::new(id());
    let answer = aws
        .rds(&region())
        .unwrap()
        .promote_read_replica(&request)
        .await;
    (answer.unwrap_err(), server.requests().len())
}

#[tokio::test]
async fn a_replica_is_read_with_source_replication_and_what_is_pending() {
    let (answer, _) = describe(vec![described()]).await;
    let seen = answer.unwrap();
    assert_eq!(
        seen.source.unwrap().as_str(),
        "arn:aws:rds:us-east-1:123456789012:db:orders"
    );
    assert!(seen.replication.unwrap().is_replicating());
    assert_eq!(
        (seen.status.as_str(), seen.resource_id.as_str()),
        ("available", "db-ABC")
    );
    assert_eq!(
        (seen.backup_retention_days, seen.deletion_protection),
        (0, true)
    );
    assert_eq!(seen.pending.multi_az, Some(true));
    assert_eq!(seen.pending.others, ["EngineVersion"]);
}

#[tokio::test]
async fn an_error_keeps_code_message_region_and_request_id() {
    let (answer, requests) = describe(vec![refused(
        404,
        "DBInstanceNotFound",
        "DBInstance x not found.",
    )])
    .await;
    let error = answer.unwrap_err();
    assert_eq!(error.kind, ErrorKind::NotFound);
    assert_eq!(error.code.as_deref(), Some("DBInstanceNotFound"));
    assert_eq!(error.message, "DBInstance x not found.");
    assert_eq!(
        (error.region.as_str(), error.operation.as_str()),
        ("us-west-2", "DescribeDBInstances")
    );
    assert!(error.request_id.is_some());
    assert_eq!(requests, 1, "asking again would change nothing");
}

#[tokio::test]
async fn a_denied_call_names_the_missing_permission() {
    let words = "User: arn:aws:iam::123456789012:user/x is not authorized to perform: rds:PromoteReadReplica on resource: y";
    let (error, requests) = promote(vec![refused(403, "AccessDenied", words)]).await;
    assert_eq!(error.kind, ErrorKind::AccessDenied);
    assert_eq!(error.missing_permission(), Some("rds:PromoteReadReplica"));
    assert_eq!(requests, 1);
}

#[tokio::test]
async fn c31_reads_are_retried_over_throttling_server_errors_and_broken_connections() {
    let busy = xml(503, "");
    let throttled = refused(400, "Throttling", "Rate exceeded");
    for first in [busy, throttled, Answer::Close, Answer::Silence] {
        let (answer, requests) = describe(vec![first.clone(), described()]).await;
        assert!(answer.is_ok(), "{first:?}: {answer:?}");
        assert_eq!(requests, 2, "{first:?}");
    }
}

#[tokio::test]
async fn a_read_gives_up_after_its_attempts() {
    let (answer, requests) = describe(vec![refused(400, "Throttling", "Rate exceeded")]).await;
    assert_eq!(answer.unwrap_err().kind, ErrorKind::Throttled);
    assert_eq!(requests, 3);
}

#[tokio::test]
async fn a_promotion_is_sent_once_whatever_happens_to_it() {
    let cases = [
        (xml(503, ""), ErrorKind::Unavailable, true),
        (
            Answer::Http(500, "text/html", "<html><h1>Oops</h1></html>".to_owned()),
            ErrorKind::Unavailable,
            true,
        ),
        (
            refused(400, "Throttling", "Rate exceeded"),
            ErrorKind::Throttled,
            false,
        ),
        (
            refused(
                400,
                "InvalidDBInstanceState",
                "DB Instance is not a read replica.",
            ),
            ErrorKind::InvalidState,
            false,
        ),
        (
            refused(403, "ExpiredToken", "The security token is expired"),
            ErrorKind::Credentials,
            false,
        ),
        (Answer::Cut, ErrorKind::Unavailable, true),
        (xml(200, "<html>no"), ErrorKind::Unavailable, true),
        (Answer::Close, ErrorKind::Timeout, true),
        (Answer::Silence, ErrorKind::Timeout, true),
    ];
    for (answer, kind, ambiguous) in cases {
        let (error, requests) = promote(vec![answer.clone()]).await;
        assert_eq!((error.kind, requests), (kind, 1), "{answer:?}: {error}");
        assert_eq!(error.may_have_taken_effect(), ambiguous, "{answer:?}");
    }
}

#[tokio::test]
async fn a_change_of_settings_is_sent_once_and_at_once() {
    let (aws, server) = aws(vec![xml(503, "")]).await;
    let request = ModifyDbInstance {
        multi_az: Some(true),
        ..ModifyDbInstance::new(id())
    };
    let error = aws
        .rds(&region())
        .unwrap()
        .modify(&request)
        .await
        .unwrap_err();
    assert_eq!(error.kind, ErrorKind::Unavailable);
    let requests = server.requests();
    assert_eq!(requests.len(), 1);
    assert!(requests[0].contains("ApplyImmediately=true") && requests[0].contains("MultiAZ=true"));
    assert!(
        !requests[0].contains("BackupRetentionPeriod"),
        "what was not asked for is not sent"
    );
}

#[tokio::test]
async fn a_page_of_html_is_told_as_what_it_is() {
    let (answer, _) = describe(vec![Answer::Http(500, "text/html", "<html>".to_owned())]).await;
    let error = answer.unwrap_err();
    assert_eq!(error.code.as_deref(), Some("HTTP 500"));
    assert!(!error.message.is_empty());
}

#[tokio::test]
async fn a_black_hole_costs_no_more_than_the_operation_may() {
    let mut bounded = settings("http://127.0.0.1:1");
    let server = super::Server::answering(vec![Answer::Silence]).await;
    bounded
        .endpoints
        .insert("rds".to_owned(), server.url.clone());
    bounded.attempt_timeout = Duration::from_millis(150);
    bounded.operation_timeout = Duration::from_millis(250);
    let rds = with(bounded).rds(&region()).unwrap();
    let id = id();
    let answer = tokio::time::timeout(Duration::from_secs(10), rds.describe(&id)).await;
    let error = answer.expect("the call is bounded").unwrap_err();
    assert_eq!(error.kind, ErrorKind::Timeout);
    assert!(error.is_transient());
}

#[tokio::test]
async fn a_dead_endpoint_and_a_name_that_does_not_exist_are_unreachable_and_had_no_effect() {
    let closed = std::net::TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    for endpoint in [
        format!("http://{closed}"),
        "http://no-such-name.invalid".to_owned(),
    ] {
        let rds = with(settings(&endpoint)).rds(&region()).unwrap();
        let error = rds
            .promote_read_replica(&PromoteReadReplica::new(id()))
            .await
            .unwrap_err();
        assert_eq!(error.kind, ErrorKind::Unreachable, "{endpoint}: {error}");
        assert!(!error.may_have_taken_effect());
    }
}

#[tokio::test]
async fn an_endpoint_without_tls_where_tls_is_expected_is_unreachable() {
    let server = super::Server::answering(vec![xml(200, "")]).await;
    let endpoint = server.url.replace("http://", "https://");
    // The time to connect ends first, however busy the machine is.
    let patient = Settings {
        attempt_timeout: Duration::from_secs(5),
        operation_timeout: Duration::from_secs(10),
        ..settings(&endpoint)
    };
    let rds = with(patient).rds(&region()).unwrap();
    let error = rds
        .promote_read_replica(&PromoteReadReplica::new(id()))
        .await
        .unwrap_err();
    assert_eq!(error.kind, ErrorKind::Unreachable, "{error}");
}

#[tokio::test]
async fn a_region_declared_lost_is_never_called() {
    let server = super::Server::answering(vec![described()]).await;
    let mut lost = settings(&server.url);
    lost.lost_regions.insert(region());
    let aws = with(lost);
    assert_eq!(
        aws.rds(&region()).err().unwrap().kind,
        ErrorKind::Unreachable
    );
    assert!(aws.replica_lag(&region()).is_err() && aws.identity(&region()).is_err());
    assert!(server.requests().is_empty());
}
