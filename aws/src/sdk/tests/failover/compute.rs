//! What ECS, Auto Scaling and Lambda answer.

use std::time::Duration;

use super::{Server, aws, contains, json, refused_in_json, region, settings, with, xml};
use crate::ecs::ScalingBounds;
use crate::sdk::tests::Answer;
use crate::{Aws, ErrorKind};

const CLUSTER: &str = "arn:aws:ecs:us-west-2:123456789012:cluster/shop";
const SERVICE: &str = "arn:aws:ecs:us-west-2:123456789012:service/shop/web";

#[tokio::test]
async fn a_service_is_read_with_its_primary_deployment() {
    let body = "{\"services\":[{\"serviceName\":\"web\",\"serviceArn\":\"arn:web\",\"status\":\"ACTIVE\",\
        \"desiredCount\":4,\"runningCount\":3,\"pendingCount\":1,\"taskDefinition\":\"td:9\",\"deployments\":[\
        {\"id\":\"old\",\"status\":\"ACTIVE\",\"taskDefinition\":\"td:8\"},\
        {\"id\":\"new\",\"status\":\"PRIMARY\",\"taskDefinition\":\"td:9\",\"rolloutState\":\"IN_PROGRESS\",\"createdAt\":1780000000.5}]}]}";
    let (aws, server) = aws(vec![json(body)]).await;
    let seen = aws
        .ecs(&region())
        .unwrap()
        .describe("shop", "web")
        .await
        .unwrap();
    assert_eq!((seen.desired, seen.running, seen.pending), (4, 3, 1));
    assert_eq!(
        (seen.deployment.as_str(), seen.rollout.as_str()),
        ("new", "IN_PROGRESS")
    );
    assert_eq!(seen.task_definition, "td:9");
    assert_eq!(seen.deployed_at.unwrap().as_second(), 1_780_000_000);
    contains(
        &server.requests()[0],
        &[
            "AmazonEC2ContainerServiceV20141113.DescribeServices",
            "\"cluster\":\"shop\"",
            "\"services\":[\"web\"]",
        ],
    );
}

#[tokio::test]
async fn a_service_that_is_missing_is_not_found_and_another_failure_is_told() {
    let failure = |reason: &str| {
        json(&format!(
            "{{\"services\":[],\"failures\":[{{\"arn\":\"a\",\"reason\":\"{reason}\"}}]}}"
        ))
    };
    let answers = vec![
        failure("MISSING"),
        failure("BROKEN"),
        refused_in_json(400, "ClusterNotFoundException"),
    ];
    let (aws, _server) = aws(answers).await;
    let ecs = aws.ecs(&region()).unwrap();
    for kind in [ErrorKind::NotFound, ErrorKind::Other, ErrorKind::NotFound] {
        assert_eq!(ecs.describe("shop", "web").await.unwrap_err().kind, kind);
    }
}

#[tokio::test]
async fn bounds_are_read_and_set_by_names_and_never_made() {
    let target = "{\"ScalableTargets\":[{\"ServiceNamespace\":\"ecs\",\"ResourceId\":\"service/shop/web\",\
        \"ScalableDimension\":\"ecs:service:DesiredCount\",\"MinCapacity\":1,\"MaxCapacity\":9,\"RoleARN\":\"r\",\
        \"CreationTime\":1,\"SuspendedState\":{\"DynamicScalingInSuspended\":false,\"DynamicScalingOutSuspended\":true}}]}";
    let none = "{\"ScalableTargets\":[]}";
    let (aws, server) = aws(vec![json(target), json(target), json("{}"), json(none)]).await;
    let ecs = aws.ecs(&region()).unwrap();
    let seen = ecs.bounds(CLUSTER, SERVICE).await.unwrap();
    let expected = ScalingBounds {
        minimum: 1,
        maximum: 9,
        suspended: true,
    };
    assert_eq!(seen, Some(expected));
    ecs.set_bounds(CLUSTER, SERVICE, 4, 12).await.unwrap();
    let failed = ecs.set_bounds(CLUSTER, SERVICE, 4, 12).await.unwrap_err();
    assert_eq!(failed.kind, ErrorKind::NotFound);
    let requests = server.requests();
    assert_eq!(requests.len(), 4, "nothing is registered where nothing was");
    contains(
        &requests[2],
        &[
            "AnyScaleFrontendService.RegisterScalableTarget",
            "\"ResourceId\":\"service/shop/web\"",
            "\"ScalableDimension\":\"ecs:service:DesiredCount\"",
            "\"MinCapacity\":4",
            "\"MaxCapacity\":12",
            "/us-west-2/application-autoscaling/",
        ],
    );
}

#[tokio::test]
async fn a_group_counts_only_instances_that_serve() {
    let instance = |state: &str, health: &str| {
        format!(
            "<member><InstanceId>i</InstanceId><LifecycleState>{state}</LifecycleState><HealthStatus>{health}</HealthStatus></member>"
        )
    };
    let instances = [
        instance("InService", "Healthy"),
        instance("InService", "Unhealthy"),
        instance("Pending", "Healthy"),
        instance("InService", "Healthy"),
    ]
    .concat();
    let answer = |inner: String| {
        xml(
            200,
            format!(
                "<DescribeAutoScalingGroupsResponse><DescribeAutoScalingGroupsResult><AutoScalingGroups>{inner}</AutoScalingGroups></DescribeAutoScalingGroupsResult></DescribeAutoScalingGroupsResponse>"
            ),
        )
    };
    let group = format!(
        "<member><AutoScalingGroupName>web</AutoScalingGroupName><MinSize>2</MinSize><MaxSize>8</MaxSize>\
         <DesiredCapacity>4</DesiredCapacity><Instances>{instances}</Instances><SuspendedProcesses><member>\
         <ProcessName>Launch</ProcessName></member></SuspendedProcesses></member>"
    );
    let (aws, server) = aws(vec![answer(group), answer(String::new())]).await;
    let groups = aws.groups(&region()).unwrap();
    let seen = groups.describe("web").await.unwrap();
    assert_eq!((seen.minimum, seen.desired, seen.maximum), (2, 4, 8));
    assert_eq!(
        (seen.in_service, seen.suspended),
        (2, vec!["Launch".to_owned()])
    );
    contains(
        &server.requests()[0],
        &["AutoScalingGroupNames.member.1=web"],
    );
    let failed = groups.describe("web").await.unwrap_err();
    assert_eq!(failed.kind, ErrorKind::NotFound);
}

#[tokio::test]
async fn a_mapping_is_read_with_its_state() {
    let body = "{\"UUID\":\"u-1\",\"State\":\"Disabled\",\"FunctionArn\":\"arn:f\"}";
    let (aws, server) = aws(vec![
        json(body),
        refused_in_json(404, "ResourceNotFoundException"),
    ])
    .await;
    let functions = aws.functions(&region()).unwrap();
    let seen = functions.mapping("u-1").await.unwrap();
    assert_eq!(
        (seen.state.as_str(), seen.function.as_str()),
        ("Disabled", "arn:f")
    );
    contains(
        &server.requests()[0],
        &["GET /2015-03-31/event-source-mappings/u-1"],
    );
    let failed = functions.mapping("u-1").await.unwrap_err();
    assert_eq!(failed.kind, ErrorKind::NotFound);
}

#[tokio::test]
async fn a_function_that_failed_says_so_and_its_answer_is_cut() {
    let kind = "application/json\r\nx-amz-function-error: Unhandled";
    let (aws, server) = aws(vec![Answer::Http(200, kind, "a".repeat(9000))]).await;
    let functions = aws.functions(&region()).unwrap();
    let seen = functions.invoke("f", "{\"step\":\"x\"}").await.unwrap();
    assert_eq!(
        (seen.status, seen.function_error.as_deref()),
        (200, Some("Unhandled"))
    );
    assert_eq!(seen.payload.len(), 4096);
    assert_eq!(seen.request_id.as_deref(), Some("id-0"));
    contains(&server.requests()[0], &["{\"step\":\"x\"}"]);
}

#[tokio::test]
async fn a_function_may_run_longer_than_any_other_call_but_not_for_ever() {
    let server = Server::answering(vec![Answer::Silence]).await;
    let mut bounded = settings(&server.url);
    bounded.attempt_timeout = Duration::from_millis(50);
    bounded.operation_timeout = Duration::from_millis(80);
    bounded.invoke_timeout = Duration::from_millis(400);
    let functions = with(bounded).functions(&region()).unwrap();
    let began = std::time::Instant::now();
    let failed = functions.invoke("f", "{}").await.unwrap_err();
    assert_eq!(failed.kind, ErrorKind::Timeout);
    assert!(
        began.elapsed() >= Duration::from_millis(350),
        "{:?}",
        began.elapsed()
    );
    assert_eq!(server.requests().len(), 1);
}
