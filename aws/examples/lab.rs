//! Asks every operation that a failover needs of the lab once, and says which of them work there.
//!
//! It runs in the lab's environment, and asks for things named `probe` in us-west-2, which somebody has to make before;
//! what is missing is told as a failure.

#![allow(
    clippy::result_large_err,
    reason = "the crate's errors are as large as they are"
)]

use std::future::Future;
use std::io::Write;

use aws::metrics::{AlarmState, Metric, Statistic};
use aws::objects::Condition;
use aws::rds::{CreateReplica, InstanceId, ModifyDbInstance};
use aws::route53::{RecordSet, Routing};
use aws::sdk::{SdkAws, Settings};
use aws::secrets::SecretValue;
use aws::{Aws, Error, Region};
use jiff::Timestamp;

const ACCOUNT: &str = "123456789012";

/// Runs one operation and prints how it went.
async fn tell<T: std::fmt::Debug>(name: &str, call: impl Future<Output = Result<T, Error>>) {
    let line = match call.await {
        Ok(answer) => format!("works  {name}: {answer:?}"),
        Err(failed) => format!("fails  {name}: {failed}"),
    };
    let line: String = line.chars().take(400).collect();
    writeln!(std::io::stdout(), "{line}").expect("standard output is open");
}

fn region(name: &str) -> Region {
    Region::new(name).expect("it is a region's name")
}

fn id(name: &str) -> InstanceId {
    InstanceId::new(name).expect("it is an identifier")
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let aws = SdkAws::new(Settings {
        max_attempts: 1,
        ..Settings::default()
    });
    databases(&aws).await?;
    compute(&aws).await?;
    traffic(&aws).await?;
    values(&aws).await?;
    objects(&aws).await
}

async fn databases(aws: &SdkAws) -> Result<(), Error> {
    let west = region("us-west-2");
    let rds = aws.rds(&west)?;
    let replica = CreateReplica {
        id: id("probe-replica-2"),
        source: format!("arn:aws:rds:us-east-1:{ACCOUNT}:db:probe"),
        source_region: region("us-east-1"),
        instance_class: None,
        subnet_group: None,
        security_groups: Vec::new(),
        parameter_group: None,
        kms_key_id: None,
        tags: vec![("epoch".to_owned(), "1".to_owned())],
    };
    tell("rds create_replica", rds.create_replica(&replica)).await;
    let arn = format!("arn:aws:rds:us-west-2:{ACCOUNT}:db:probe-replica");
    tell("rds add_tags", rds.add_tags(&arn, &replica.tags)).await;
    let fenced = ModifyDbInstance {
        security_groups: Some(vec!["sg-quarantine".to_owned()]),
        ..ModifyDbInstance::new(id("probe-replica"))
    };
    tell("rds modify security_groups", rds.modify(&fenced)).await;
    tell("rds describe", rds.describe(&id("probe-replica"))).await;
    tell("rds reboot", rds.reboot(&id("probe-replica"))).await;
    clusters(aws).await
}

async fn clusters(aws: &SdkAws) -> Result<(), Error> {
    let west = region("us-west-2");
    let global = aws.global_clusters(&west)?;
    let target = format!("arn:aws:rds:us-west-2:{ACCOUNT}:cluster:probe-west");
    tell("aurora describe", global.describe("probe-global")).await;
    tell("aurora cluster", global.cluster("probe-west")).await;
    tell("aurora snapshots", global.snapshots("probe-west")).await;
    tell(
        "aurora copy_snapshot",
        global.copy_snapshot("probe-snapshot", "probe-copy"),
    )
    .await;
    tell(
        "aurora switchover",
        global.switchover("probe-global", &target),
    )
    .await;
    tell("aurora failover", global.failover("probe-global", &target)).await;
    tell("aurora describe after", global.describe("probe-global")).await;
    let datastores = aws.global_datastores(&west)?;
    tell("elasticache describe", datastores.describe("probe")).await;
    tell(
        "elasticache failover",
        datastores.failover("probe", &west, "west"),
    )
    .await;
    tell(
        "dynamodb describe",
        aws.tables(&region("us-east-1"))?.describe("probe"),
    )
    .await;
    tell(
        "dynamodb describe replica",
        aws.tables(&west)?.describe("probe"),
    )
    .await;
    Ok(())
}

async fn compute(aws: &SdkAws) -> Result<(), Error> {
    let west = region("us-west-2");
    let ecs = aws.ecs(&west)?;
    tell("ecs describe", ecs.describe("probe", "web")).await;
    tell("ecs set_desired", ecs.set_desired("probe", "web", 3)).await;
    tell("ecs redeploy", ecs.redeploy("probe", "web")).await;
    tell("ecs describe after", ecs.describe("probe", "web")).await;
    tell("ecs bounds", ecs.bounds("probe", "web")).await;
    tell("ecs set_bounds", ecs.set_bounds("probe", "web", 2, 9)).await;
    let groups = aws.groups(&west)?;
    tell("autoscaling describe", groups.describe("probe")).await;
    tell("autoscaling resize", groups.resize("probe", 2, 6, 3)).await;
    tell("autoscaling describe after", groups.describe("probe")).await;
    let functions = aws.functions(&west)?;
    let mapping = std::env::var("PROBE_MAPPING").unwrap_or_default();
    tell("lambda mapping", functions.mapping(&mapping)).await;
    tell("lambda set_enabled", functions.set_enabled(&mapping, false)).await;
    tell("lambda invoke", functions.invoke("probe", "{}")).await;
    Ok(())
}

async fn traffic(aws: &SdkAws) -> Result<(), Error> {
    let west = region("us-west-2");
    let records = aws.records(&west)?;
    let zone = std::env::var("PROBE_ZONE").unwrap_or_default();
    let set = RecordSet {
        name: "app.probe.example.".to_owned(),
        kind: "CNAME".to_owned(),
        set_identifier: "west".to_owned(),
        routing: Routing::Weighted(100),
        ttl: Some(60),
        values: vec!["west.probe.example".to_owned()],
        alias: None,
        health_check: None,
    };
    let sets = [set];
    tell("route53 upsert", records.upsert(&zone, &sets)).await;
    tell(
        "route53 list",
        records.list(&zone, "app.probe.example", "CNAME"),
    )
    .await;
    tell("route53 in_sync", records.in_sync("C123")).await;
    let endpoints = [aws::arc::ClusterEndpoint {
        region: west.clone(),
        url: std::env::var("AWS_ENDPOINT_URL").unwrap_or_default(),
    }];
    let controls = aws.routing_controls(&west)?;
    let names = ["arn:aws:route53-recovery-control::1:controlpanel/x".to_owned()];
    tell("arc states", controls.states(&endpoints, &names)).await;
    let on = [(names[0].clone(), true)].into();
    tell("arc set", controls.set(&endpoints, &on)).await;
    let routes = aws.access_point_routes(&west)?;
    let mrap = format!("arn:aws:s3::{ACCOUNT}:accesspoint/probe.mrap");
    tell("mrap routes", routes.routes(&mrap)).await;
    let to_west = [(west.clone(), 100)].into();
    tell("mrap submit", routes.submit(&mrap, &to_west)).await;
    let metrics = aws.metrics(&west)?;
    let metric = Metric {
        namespace: "Probe".to_owned(),
        name: "Backlog".to_owned(),
        dimensions: vec![("Rule".to_owned(), "west".to_owned())],
    };
    let to = Timestamp::now();
    let from = Timestamp::from_second(to.as_second() - 3600).unwrap_or(to);
    let points = metrics.datapoints(&metric, Statistic::Maximum, from, to, 60);
    tell("cloudwatch datapoints", points).await;
    tell("cloudwatch alarm", metrics.alarm("probe")).await;
    let alarm = metrics.set_alarm("probe", AlarmState::Alarm, "the probe");
    tell("cloudwatch set_alarm", alarm).await;
    let url = std::env::var("AWS_ENDPOINT_URL").unwrap_or_default() + "/lab/health";
    let web = aws.web()?;
    tell("web get", web.get(&url, std::time::Duration::from_secs(5))).await;
    Ok(())
}

async fn values(aws: &SdkAws) -> Result<(), Error> {
    let west = region("us-west-2");
    let east = aws.secrets(&region("us-east-1"))?;
    let secrets = aws.secrets(&west)?;
    tell("secrets describe original", east.describe("probe")).await;
    tell("secrets describe replica", secrets.describe("probe")).await;
    tell("secrets value", secrets.value("probe")).await;
    tell(
        "secrets stop_replication",
        secrets.stop_replication("probe"),
    )
    .await;
    let value = SecretValue("not-a-real-password".to_owned());
    let token = "11111111-2222-3333-4444-555555555555";
    tell("secrets put_value", east.put_value("probe", &value, token)).await;
    let to = [region("eu-west-1")];
    tell("secrets replicate", east.replicate("probe", &to)).await;
    let parameters = aws.parameters(&west)?;
    tell("ssm put", parameters.put("/probe/host", "west")).await;
    tell("ssm get", parameters.get("/probe/host")).await;
    tell("ssm get secure", parameters.get("/probe/secure")).await;
    tell("ssm put over secure", parameters.put("/probe/secure", "x")).await;
    let topic = format!("arn:aws:sns:us-west-2:{ACCOUNT}:probe");
    tell(
        "sns publish",
        aws.topics(&west)?.publish(&topic, "subject", "text"),
    )
    .await;
    Ok(())
}

async fn objects(aws: &SdkAws) -> Result<(), Error> {
    let s3 = aws.objects(&region("us-west-2"))?;
    let body = || b"{}".to_vec();
    tell(
        "s3 put absent",
        s3.put("probe-west", "p/1", body(), Condition::Absent, None),
    )
    .await;
    tell(
        "s3 put absent again",
        s3.put("probe-west", "p/1", body(), Condition::Absent, None),
    )
    .await;
    tell("s3 get", s3.get("probe-west", "p/1")).await;
    let tag = s3
        .get("probe-west", "p/1")
        .await?
        .map(|o| o.etag)
        .unwrap_or_default();
    let unchanged = || Condition::Unchanged(tag.clone());
    tell(
        "s3 put unchanged",
        s3.put("probe-west", "p/1", b"2".to_vec(), unchanged(), None),
    )
    .await;
    tell(
        "s3 put changed",
        s3.put("probe-west", "p/1", body(), unchanged(), None),
    )
    .await;
    tell(
        "s3 put gone",
        s3.put("probe-west", "p/none", body(), unchanged(), None),
    )
    .await;
    tell(
        "s3 delete changed",
        s3.delete("probe-west", "p/1", Some(&tag)),
    )
    .await;
    tell("s3 list", s3.list("probe-west", "p/")).await;
    tell("s3 delete", s3.delete("probe-west", "p/1", None)).await;
    tell(
        "s3 delete absent with tag",
        s3.delete("probe-west", "p/none", Some(&tag)),
    )
    .await;
    tell("s3 get absent", s3.get("probe-west", "p/1")).await;
    tell("s3 get no bucket", s3.get("no-such-bucket-here", "p/1")).await;
    tell("s3 bucket", s3.bucket("probe-west")).await;
    tell("s3 bucket replicated", s3.bucket("probe-east")).await;
    Ok(())
}
