//! Which hosts are asked, signed for which region, where no endpoint is given; and that a lost region is not.

use super::{ARN, Settings, region, remembering};
use crate::arc::ClusterEndpoint;
use crate::objects::Condition;
use crate::rds::InstanceId;
use crate::sdk::SdkAws;
use crate::{Aws, ErrorKind, Region};

/// One call of each service; all of them fail.
async fn ask(aws: &SdkAws) {
    let west = &region();
    let id = InstanceId::new("x").unwrap();
    let failed = [
        aws.rds(west).unwrap().reboot(&id).await.is_err(),
        aws.global_clusters(west)
            .unwrap()
            .describe("g")
            .await
            .is_err(),
        aws.ecs(west).unwrap().describe("c", "s").await.is_err(),
        aws.ecs(west).unwrap().bounds("c", "s").await.is_err(),
        aws.groups(west).unwrap().describe("g").await.is_err(),
        aws.records(west)
            .unwrap()
            .list("Z1", "x.example.com", "A")
            .await
            .is_err(),
        aws.access_point_routes(west)
            .unwrap()
            .routes(ARN)
            .await
            .is_err(),
        aws.objects(west)
            .unwrap()
            .get("some-bucket", "k")
            .await
            .is_err(),
        aws.secrets(west).unwrap().value("s").await.is_err(),
        aws.parameters(west).unwrap().get("p").await.is_err(),
        aws.functions(west).unwrap().mapping("u").await.is_err(),
        aws.topics(west)
            .unwrap()
            .publish("arn:t", "s", "t")
            .await
            .is_err(),
        aws.tables(west).unwrap().describe("t").await.is_err(),
        aws.global_datastores(west)
            .unwrap()
            .describe("d")
            .await
            .is_err(),
        aws.metrics(west).unwrap().alarm("a").await.is_err(),
    ];
    assert!(
        failed.iter().all(|failed| *failed),
        "nothing is sent: {failed:?}"
    );
}

#[tokio::test]
async fn every_service_is_asked_in_its_region_and_route_53_in_us_east_1() {
    let (aws, remembers) = remembering(Settings::default());
    ask(&aws).await;
    let seen = remembers.seen();
    let expected = [
        ("https://rds.us-west-2.amazonaws.com/", "/us-west-2/rds/"),
        ("https://rds.us-west-2.amazonaws.com/", "/us-west-2/rds/"),
        ("https://ecs.us-west-2.amazonaws.com/", "/us-west-2/ecs/"),
        (
            "https://application-autoscaling.us-west-2.amazonaws.com/",
            "/us-west-2/application-autoscaling/",
        ),
        (
            "https://autoscaling.us-west-2.amazonaws.com/",
            "/us-west-2/autoscaling/",
        ),
        (
            "https://route53.amazonaws.com/2013-04-01/hostedzone/Z1/rrset",
            "/us-east-1/route53/",
        ),
        (
            "https://123456789012.s3-control.us-west-2.amazonaws.com/",
            "/us-west-2/s3/",
        ),
        (
            "https://some-bucket.s3.us-west-2.amazonaws.com/k",
            "/us-west-2/s3/",
        ),
        (
            "https://secretsmanager.us-west-2.amazonaws.com/",
            "/us-west-2/secretsmanager/",
        ),
        ("https://ssm.us-west-2.amazonaws.com/", "/us-west-2/ssm/"),
        (
            "https://lambda.us-west-2.amazonaws.com/",
            "/us-west-2/lambda/",
        ),
        ("https://sns.us-west-2.amazonaws.com/", "/us-west-2/sns/"),
        (
            "https://dynamodb.us-west-2.amazonaws.com/",
            "/us-west-2/dynamodb/",
        ),
        (
            "https://elasticache.us-west-2.amazonaws.com/",
            "/us-west-2/elasticache/",
        ),
        (
            "https://monitoring.us-west-2.amazonaws.com/",
            "/us-west-2/monitoring/",
        ),
    ];
    assert_eq!(seen.len(), expected.len(), "{seen:#?}");
    for (seen, (host, scope)) in seen.iter().zip(expected) {
        assert!(seen.starts_with(host), "{host}: {seen}");
        assert!(seen.contains(scope), "{scope}: {seen}");
    }
}

#[tokio::test]
async fn making_clients_asks_nobody() {
    let (aws, remembers) = remembering(Settings::default());
    assert!(aws.objects(&region()).is_ok() && aws.web().is_ok());
    assert!(remembers.seen().is_empty());
}

#[tokio::test]
async fn no_service_of_a_lost_region_is_asked() {
    let mut settings = Settings::default();
    settings.lost_regions.insert(region());
    let (aws, remembers) = remembering(settings);
    let west = &region();
    let kinds = [
        aws.global_clusters(west).err(),
        aws.ecs(west).err(),
        aws.groups(west).err(),
        aws.routing_controls(west).err(),
        aws.access_point_routes(west).err(),
        aws.objects(west).err(),
        aws.secrets(west).err(),
        aws.parameters(west).err(),
        aws.functions(west).err(),
        aws.topics(west).err(),
        aws.tables(west).err(),
        aws.global_datastores(west).err(),
        aws.metrics(west).err(),
    ];
    for refused in kinds {
        assert_eq!(refused.unwrap().kind, ErrorKind::Unreachable);
    }
    assert!(aws.records(west).is_ok(), "its control plane is elsewhere");
    assert!(remembers.seen().is_empty());
}

#[tokio::test]
async fn route_53_is_lost_with_us_east_1_whatever_region_asks() {
    let mut settings = Settings::default();
    settings
        .lost_regions
        .insert(Region::new("us-east-1").unwrap());
    let (aws, _) = remembering(settings);
    let refused = aws.records(&region()).err().unwrap();
    assert_eq!(
        (refused.kind, refused.region.as_str()),
        (ErrorKind::Unreachable, "us-east-1")
    );
    let s3 = aws.objects(&region()).unwrap();
    let written = s3.put("b", "k", vec![], Condition::Absent, None).await;
    assert!(written.is_err(), "it was tried");
}

#[tokio::test]
async fn the_endpoint_of_a_lost_region_is_left_out() {
    let east = Region::new("us-east-1").unwrap();
    let mut settings = Settings::default();
    settings.lost_regions.insert(east.clone());
    let (aws, remembers) = remembering(settings);
    let endpoint = |region: &Region| ClusterEndpoint {
        region: region.clone(),
        url: format!("https://x.route53-recovery-cluster.{region}.amazonaws.com/v1"),
    };
    let controls = aws.routing_controls(&region()).unwrap();
    let both = [endpoint(&east), endpoint(&region())];
    assert!(controls.states(&both, &["arn:c".to_owned()]).await.is_err());
    let seen = remembers.seen();
    assert_eq!(seen.len(), 1, "{seen:?}");
    assert!(seen[0].starts_with("https://x.route53-recovery-cluster.us-west-2.amazonaws.com/v1"));
    let refused = controls
        .states(&both[..1], &["arn:c".to_owned()])
        .await
        .unwrap_err();
    assert_eq!(refused.kind, ErrorKind::Unreachable);
    assert_eq!(remembers.seen().len(), 1);
}
