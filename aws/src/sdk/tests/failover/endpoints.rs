//! Routing controls over the endpoints of a cluster.

use std::collections::BTreeMap;

use super::{Server, contains, json, refused_in_json, region, settings, with};
use crate::arc::{ClusterEndpoint, RoutingControls};
use crate::sdk::tests::Answer;
use crate::{Aws, ErrorKind, Region};

async fn cluster(answers: Vec<Vec<Answer>>) -> (Vec<Server>, Vec<ClusterEndpoint>) {
    let regions = [
        "us-east-1",
        "us-west-2",
        "eu-west-1",
        "ap-northeast-1",
        "ap-southeast-2",
    ];
    let mut servers = Vec::new();
    for answers in answers {
        servers.push(Server::answering(answers).await);
    }
    let endpoints = servers
        .iter()
        .zip(regions)
        .map(|(server, region)| ClusterEndpoint {
            region: Region::new(region).unwrap(),
            url: format!("{}/v1", server.url),
        });
    let endpoints = endpoints.collect();
    (servers, endpoints)
}

fn controls() -> std::sync::Arc<dyn RoutingControls> {
    with(settings("http://127.0.0.1:1"))
        .routing_controls(&region())
        .unwrap()
}

fn counts(servers: &[Server]) -> Vec<usize> {
    servers
        .iter()
        .map(|server| server.requests().len())
        .collect()
}

fn down() -> Vec<Answer> {
    vec![refused_in_json(
        503,
        "EndpointTemporarilyUnavailableException",
    )]
}

fn is(state: &str) -> Answer {
    json(&format!(
        "{{\"RoutingControlArn\":\"arn:c\",\"RoutingControlState\":\"{state}\"}}"
    ))
}

#[tokio::test]
async fn all_controls_are_set_in_one_call_at_the_first_endpoint_that_answers() {
    let answers = vec![
        down(),
        vec![Answer::Silence],
        vec![json("{}")],
        vec![json("{}")],
    ];
    let (servers, endpoints) = cluster(answers).await;
    let wanted = BTreeMap::from([
        ("arn:west".to_owned(), true),
        ("arn:east".to_owned(), false),
    ]);
    controls().set(&endpoints, &wanted).await.unwrap();
    assert_eq!(counts(&servers), [1, 1, 1, 0]);
    contains(
        &servers[2].requests()[0],
        &[
            "POST /v1",
            "ToggleCustomerAPI.UpdateRoutingControlStates",
            "{\"RoutingControlArn\":\"arn:west\",\"RoutingControlState\":\"On\"}",
            "{\"RoutingControlArn\":\"arn:east\",\"RoutingControlState\":\"Off\"}",
            "/eu-west-1/route53-recovery-cluster/",
        ],
    );
}

#[tokio::test]
async fn each_endpoint_is_tried_once_and_then_it_ends() {
    let (servers, endpoints) = cluster(vec![down(), down(), down(), down(), down()]).await;
    let failed = controls()
        .set(&endpoints, &BTreeMap::new())
        .await
        .unwrap_err();
    assert_eq!(failed.kind, ErrorKind::Unavailable);
    assert!(
        failed.message.contains("none of 5 endpoints answered"),
        "{failed}"
    );
    assert_eq!(counts(&servers), [1, 1, 1, 1, 1]);
}

#[tokio::test]
async fn a_refusal_counts_whichever_endpoint_tells_it() {
    let cases = [
        (403, "AccessDeniedException", ErrorKind::AccessDenied),
        (409, "ConflictException", ErrorKind::InvalidState),
        (404, "ResourceNotFoundException", ErrorKind::NotFound),
    ];
    for (status, code, kind) in cases {
        let answers = vec![vec![refused_in_json(status, code)], vec![json("{}")]];
        let (servers, endpoints) = cluster(answers).await;
        let failed = controls()
            .set(&endpoints, &BTreeMap::new())
            .await
            .unwrap_err();
        assert_eq!(failed.kind, kind, "{failed}");
        assert_eq!(failed.region, "us-east-1");
        assert_eq!(counts(&servers), [1, 0]);
    }
}

#[tokio::test]
async fn states_that_one_endpoint_told_are_kept_when_it_falls_silent() {
    let (servers, endpoints) = cluster(vec![vec![is("On"), Answer::Close], vec![is("Off")]]).await;
    let wanted = ["arn:a".to_owned(), "arn:b".to_owned()];
    let seen = controls().states(&endpoints, &wanted).await.unwrap();
    let expected = BTreeMap::from([("arn:a".to_owned(), true), ("arn:b".to_owned(), false)]);
    assert_eq!(seen, expected);
    assert_eq!(counts(&servers), [2, 1]);
    contains(
        &servers[1].requests()[0],
        &[
            "ToggleCustomerAPI.GetRoutingControlState",
            "{\"RoutingControlArn\":\"arn:b\"}",
        ],
    );
}

#[tokio::test]
async fn a_state_that_is_neither_on_nor_off_is_told_and_not_guessed() {
    let (_servers, endpoints) = cluster(vec![vec![is("Sideways")]]).await;
    let failed = controls()
        .states(&endpoints, &["arn:a".to_owned()])
        .await
        .unwrap_err();
    assert!(failed.message.contains("Sideways"), "{failed}");
}
