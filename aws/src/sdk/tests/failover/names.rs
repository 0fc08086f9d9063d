//! What Route 53 and the routes of access points answer.

use std::collections::BTreeMap;

use super::{ARN, aws, contains, region, xml};
use crate::route53::{RecordSet, Routing};
use crate::sdk::tests::{Answer, refused};
use crate::{Aws, ErrorKind, Region};

fn set(name: &str, inner: &str) -> String {
    format!("<ResourceRecordSet><Name>{name}</Name>{inner}</ResourceRecordSet>")
}

fn listed(sets: &str, next: &str) -> Answer {
    let truncated = !next.is_empty();
    xml(
        200,
        format!(
            "<ListResourceRecordSetsResponse><ResourceRecordSets>{sets}</ResourceRecordSets><IsTruncated>{truncated}</IsTruncated>{next}<MaxItems>300</MaxItems></ListResourceRecordSetsResponse>"
        ),
    )
}

#[tokio::test]
async fn sets_of_one_name_and_type_are_read_over_pages_with_their_routing() {
    let weighted = set(
        "app.example.com.",
        "<Type>CNAME</Type><SetIdentifier>east</SetIdentifier><Weight>0</Weight><TTL>60</TTL>\
         <ResourceRecords><ResourceRecord><Value>east.example.com</Value></ResourceRecord></ResourceRecords>",
    );
    let latency = set(
        "app.example.com.",
        "<Type>CNAME</Type><SetIdentifier>west</SetIdentifier><Region>us-west-2</Region>",
    );
    let other = set("www.example.com.", "<Type>CNAME</Type>");
    let next = "<NextRecordName>app.example.com.</NextRecordName><NextRecordType>CNAME</NextRecordType>\
                <NextRecordIdentifier>west</NextRecordIdentifier>";
    let (aws, server) = aws(vec![
        listed(&weighted, next),
        listed(&(latency + &other), ""),
    ])
    .await;
    let records = aws.records(&region()).unwrap();
    let seen = records
        .list("Z1", "App.example.com", "CNAME")
        .await
        .unwrap();
    let expected = RecordSet {
        name: "app.example.com.".to_owned(),
        kind: "CNAME".to_owned(),
        set_identifier: "east".to_owned(),
        routing: Routing::Weighted(0),
        ttl: Some(60),
        values: vec!["east.example.com".to_owned()],
        alias: None,
        health_check: None,
    };
    assert_eq!(seen[0], expected);
    assert_eq!(seen[1].routing, Routing::Other("latency".to_owned()));
    assert_eq!(seen.len(), 2, "the next name is another one");
    let requests = server.requests();
    contains(
        &requests[0],
        &[
            "GET /2013-04-01/hostedzone/Z1/rrset?",
            "name=App.example.com",
            "type=CNAME",
        ],
    );
    contains(&requests[1], &["identifier=west", "/us-east-1/route53/"]);
}

#[tokio::test]
async fn failover_records_and_aliases_are_read() {
    let primary = set(
        "app.example.com.",
        "<Type>A</Type><SetIdentifier>p</SetIdentifier><Failover>PRIMARY</Failover><AliasTarget>\
         <HostedZoneId>Z2</HostedZoneId><DNSName>lb.example.</DNSName><EvaluateTargetHealth>true</EvaluateTargetHealth>\
         </AliasTarget><HealthCheckId>hc</HealthCheckId>",
    );
    let (aws, _server) = aws(vec![listed(&primary, "")]).await;
    let records = aws.records(&region()).unwrap();
    let seen = records.list("Z1", "app.example.com.", "A").await.unwrap();
    assert_eq!(seen[0].routing, Routing::Failover("PRIMARY".to_owned()));
    let alias = ("Z2".to_owned(), "lb.example.".to_owned(), true);
    assert_eq!((&seen[0].alias, seen[0].ttl), (&Some(alias), None));
    assert_eq!(seen[0].health_check.as_deref(), Some("hc"));
}

#[tokio::test]
async fn a_wildcard_is_found_by_the_name_that_people_write() {
    let wildcard = set("\\052.example.com.", "<Type>A</Type><TTL>5</TTL>");
    let (aws, _server) = aws(vec![listed(&wildcard, "")]).await;
    let records = aws.records(&region()).unwrap();
    assert_eq!(
        records
            .list("Z1", "*.example.com", "A")
            .await
            .unwrap()
            .len(),
        1
    );
}

#[tokio::test]
async fn a_change_is_followed_until_it_is_in_sync() {
    let info = |operation: &str, status: &str| {
        xml(
            200,
            format!(
                "<{operation}Response><ChangeInfo><Id>/change/C1</Id><Status>{status}</Status><SubmittedAt>2026-05-01T10:00:00Z</SubmittedAt></ChangeInfo></{operation}Response>"
            ),
        )
    };
    let (aws, server) = aws(vec![
        info("ChangeResourceRecordSets", "PENDING"),
        info("GetChange", "PENDING"),
        info("GetChange", "INSYNC"),
        refused(404, "NoSuchChange", "no"),
    ])
    .await;
    let records = aws.records(&region()).unwrap();
    let set = RecordSet {
        name: "app.example.com.".to_owned(),
        kind: "A".to_owned(),
        set_identifier: "s".to_owned(),
        routing: Routing::Failover("SECONDARY".to_owned()),
        ttl: None,
        values: Vec::new(),
        alias: Some(("Z2".to_owned(), "lb.example.".to_owned(), false)),
        health_check: None,
    };
    let change = records.upsert("Z1", &[set]).await.unwrap();
    assert!(!records.in_sync(&change).await.unwrap());
    assert!(records.in_sync(&change).await.unwrap());
    let failed = records.in_sync(&change).await.unwrap_err();
    assert_eq!(
        (failed.kind, failed.region.as_str()),
        (ErrorKind::NotFound, "us-east-1")
    );
    let requests = server.requests();
    contains(
        &requests[0],
        &[
            "<Failover>SECONDARY</Failover>",
            "<AliasTarget><HostedZoneId>Z2</HostedZoneId><DNSName>lb.example.</DNSName>",
        ],
    );
    contains(&requests[1], &["GET /2013-04-01/change/C1 "]);
}

#[tokio::test]
async fn routes_are_read_by_region() {
    let body = "<GetMultiRegionAccessPointRoutesResult><Mrap>m</Mrap><Routes><Route><Bucket>e</Bucket><Region>us-east-1</Region>\
        <TrafficDialPercentage>0</TrafficDialPercentage></Route><Route><Bucket>w</Bucket><Region>us-west-2</Region>\
        <TrafficDialPercentage>100</TrafficDialPercentage></Route></Routes></GetMultiRegionAccessPointRoutesResult>";
    let (aws, server) = aws(vec![xml(200, body)]).await;
    let routes = aws.access_point_routes(&region()).unwrap();
    let seen = routes.routes(ARN).await.unwrap();
    let east = Region::new("us-east-1").unwrap();
    assert_eq!(seen, BTreeMap::from([(east, 0), (region(), 100)]));
    contains(
        &server.requests()[0],
        &[
            "GET /v20180820/mrap/instances/arn",
            "x-amz-account-id: 123456789012",
        ],
    );
}

#[tokio::test]
async fn what_is_no_arn_of_an_access_point_is_not_sent() {
    let (aws, server) = aws(vec![xml(200, "")]).await;
    let routes = aws.access_point_routes(&region()).unwrap();
    for arn in [
        "mfzwi23gnjvgw.mrap",
        "arn:aws:s3:::bucket",
        "arn:aws:s3::12:accesspoint/x.mrap",
    ] {
        let failed = routes.routes(arn).await.unwrap_err();
        assert!(
            failed.message.contains("Multi-Region Access Point"),
            "{failed}"
        );
    }
    assert!(server.requests().is_empty());
}
