//! The circuit breaker in front of real connections.

use std::time::{Duration, Instant};

use super::{Answer, Server, region, settings, with, xml};
use crate::rds::{InstanceId, PromoteReadReplica};
use crate::sdk::SdkAws;
use crate::{Aws, Error, ErrorKind, Region};

fn id() -> InstanceId {
    InstanceId::new("orders-replica").unwrap()
}

async fn promote(aws: &SdkAws) -> Error {
    let rds = aws.rds(&region()).unwrap();
    let request = PromoteReadReplica::new(id());
    rds.promote_read_replica(&request).await.unwrap_err()
}

async fn who(aws: &SdkAws) -> Result<String, Error> {
    let identity = aws.identity(&region()).unwrap();
    identity.caller().await.map(|caller| caller.account)
}

/// Region us-west-2 at `endpoint`, and eu-west-1, which answers.
async fn beside_one_that_answers(endpoint: &str) -> (SdkAws, Server) {
    let elsewhere = Server::answering(vec![caller()]).await;
    let mut settings = settings(endpoint);
    let other = Region::new("eu-west-1").unwrap();
    let special = settings.regions.entry(other.clone()).or_default();
    special.endpoint = Some(elsewhere.url.clone());
    let aws = with(settings);
    let answer = aws.identity(&other).unwrap().caller().await;
    assert_eq!(answer.unwrap().account, "123456789012");
    (aws, elsewhere)
}

fn caller() -> Answer {
    xml(
        200,
        "<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>arn:a</Arn><Account>123456789012</Account></GetCallerIdentityResult></GetCallerIdentityResponse>",
    )
}

#[tokio::test]
async fn after_two_silent_calls_the_third_one_is_not_sent_and_says_so() {
    let server = Server::answering(vec![Answer::Silence]).await;
    let (aws, _elsewhere) = beside_one_that_answers(&server.url).await;
    for _ in 0..2 {
        let silent = promote(&aws).await;
        assert_eq!(silent.kind, ErrorKind::Timeout, "{silent}");
        assert!(silent.may_have_taken_effect() && !silent.was_held_back());
    }
    let began = Instant::now();
    let third = promote(&aws).await;
    assert!(began.elapsed() < Duration::from_millis(300), "it waited");
    assert_eq!(third.kind, ErrorKind::Unreachable, "{third}");
    assert!(third.was_held_back() && third.is_transient());
    assert!(!third.may_have_taken_effect(), "it was not sent");
    let words = "rds PromoteReadReplica in us-west-2: HeldBack: not sent: us-west-2 has not answered twice in a row, and is asked again in 5 s";
    assert_eq!(third.to_string(), words);
    assert_eq!(server.requests().len(), 2);
    // No other service of that region has ever answered either.
    assert!(who(&aws).await.unwrap_err().was_held_back());
    assert_eq!(server.requests().len(), 2);
}

#[tokio::test]
async fn a_call_one_of_whose_attempts_was_sent_is_never_told_as_not_sent() {
    let server = Server::answering(vec![Answer::Silence]).await;
    let (aws, _elsewhere) = beside_one_that_answers(&server.url).await;
    let silent = aws.rds(&region()).unwrap().describe(&id()).await;
    let silent = silent.unwrap_err();
    // Two attempts, and the third one was held back.
    assert_eq!(server.requests().len(), 2);
    assert_eq!(silent.kind, ErrorKind::Timeout, "{silent}");
    assert!(silent.may_have_taken_effect() && !silent.was_held_back());
    assert!(silent.message.contains("not sent again"), "{silent}");
}

#[tokio::test]
async fn a_dead_endpoint_is_held_back_too_and_another_region_is_not() {
    let closed = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = closed.local_addr().unwrap();
    drop(closed);
    let endpoint = format!("http://{address}");
    let (aws, _elsewhere) = beside_one_that_answers(&endpoint).await;
    for held_back in [false, false, true] {
        let failed = promote(&aws).await;
        assert_eq!(failed.kind, ErrorKind::Unreachable, "{failed}");
        assert_eq!(failed.was_held_back(), held_back, "{failed}");
    }
    let other = Region::new("eu-west-1").unwrap();
    let answer = aws.identity(&other).unwrap().caller().await;
    assert!(answer.is_ok(), "{answer:?}");
}

#[tokio::test]
async fn refusals_and_broken_connections_are_answers_enough() {
    for answer in [xml(503, ""), Answer::Close] {
        let server = Server::answering(vec![answer.clone()]).await;
        let (aws, _elsewhere) = beside_one_that_answers(&server.url).await;
        for _ in 0..4 {
            assert!(!promote(&aws).await.was_held_back(), "{answer:?}");
        }
        assert_eq!(server.requests().len(), 4);
    }
}

#[tokio::test]
async fn where_nobody_answers_calls_are_sent_as_ever() {
    let server = Server::answering(vec![Answer::Silence]).await;
    let aws = with(settings(&server.url));
    for _ in 0..3 {
        assert!(!promote(&aws).await.was_held_back());
    }
    assert_eq!(server.requests().len(), 3);
}
