//! Every change, with its operation and what has to stand in its request.

use std::future::Future;
use std::pin::Pin;

use crate::metrics::AlarmState;
use crate::objects::Condition;
use crate::rds::{CreateReplica, InstanceId, ModifyDbInstance};
use crate::route53::{RecordSet, Routing};
use crate::sdk::SdkAws;
use crate::sdk::tests::failover::{ARN, region};
use crate::secrets::SecretValue;
use crate::{Aws, Error, Region};

type Call = Pin<Box<dyn Future<Output = Result<(), Error>>>>;
pub(super) type Case = (fn(SdkAws) -> Call, &'static str, &'static [&'static str]);

fn id() -> InstanceId {
    InstanceId::new("orders-replica").unwrap()
}

pub(super) fn replica() -> CreateReplica {
    CreateReplica {
        id: id(),
        source: "arn:aws:rds:us-east-1:123456789012:db:orders".to_owned(),
        source_region: Region::new("us-east-1").unwrap(),
        instance_class: None,
        subnet_group: Some("west".to_owned()),
        security_groups: vec!["sg-1".to_owned()],
        parameter_group: None,
        kms_key_id: Some("key-of-west".to_owned()),
        tags: vec![("epoch".to_owned(), "7".to_owned())],
    }
}

fn renamed() -> ModifyDbInstance {
    ModifyDbInstance {
        security_groups: Some(vec!["sg-quarantine".to_owned()]),
        new_identifier: Some(InstanceId::new("orders-old").unwrap()),
        ..ModifyDbInstance::new(id())
    }
}

pub(super) fn record() -> RecordSet {
    RecordSet {
        name: "app.example.com.".to_owned(),
        kind: "CNAME".to_owned(),
        set_identifier: "west".to_owned(),
        routing: Routing::Weighted(100),
        ttl: Some(60),
        values: vec!["west.example.com".to_owned()],
        alias: None,
        health_check: Some("hc-1".to_owned()),
    }
}

pub(super) const RDS: &[Case] = &[
    (
        |aws| Box::pin(async move { aws.rds(&region())?.reboot(&id()).await }),
        "RebootDBInstance",
        &[
            "Action=RebootDBInstance&",
            "DBInstanceIdentifier=orders-replica",
            "/us-west-2/rds/",
        ],
    ),
    (
        |aws| {
            Box::pin(async move {
                aws.rds(&region())?
                    .create_replica(&replica())
                    .await
                    .map(drop)
            })
        },
        "CreateDBInstanceReadReplica",
        &[
            "Action=CreateDBInstanceReadReplica&",
            "SourceDBInstanceIdentifier=arn%3Aaws%3Ards%3Aus-east-1%3A123456789012%3Adb%3Aorders",
            "DBSubnetGroupName=west",
            "KmsKeyId=key-of-west",
            "VpcSecurityGroupIds.VpcSecurityGroupId.1=sg-1",
            "Tags.Tag.1.Key=epoch&Tags.Tag.1.Value=7",
        ],
    ),
    (
        |aws| Box::pin(async move { aws.rds(&region())?.modify(&renamed()).await.map(drop) }),
        "ModifyDBInstance",
        &[
            "ApplyImmediately=true",
            "NewDBInstanceIdentifier=orders-old",
            "VpcSecurityGroupIds.VpcSecurityGroupId.1=sg-quarantine",
        ],
    ),
    (
        |aws| {
            Box::pin(async move {
                let tags = [("epoch".to_owned(), "8".to_owned())];
                aws.rds(&region())?.add_tags("arn:of:it", &tags).await
            })
        },
        "AddTagsToResource",
        &[
            "ResourceName=arn%3Aof%3Ait",
            "Tags.Tag.1.Key=epoch&Tags.Tag.1.Value=8",
        ],
    ),
    (
        |aws| {
            Box::pin(async move {
                aws.global_clusters(&region())?
                    .switchover("g", "arn:w")
                    .await
            })
        },
        "SwitchoverGlobalCluster",
        &[
            "GlobalClusterIdentifier=g&TargetDbClusterIdentifier=arn%3Aw\n",
            "/us-west-2/rds/",
        ],
    ),
    (
        |aws| Box::pin(async move { aws.global_clusters(&region())?.failover("g", "arn:w").await }),
        "FailoverGlobalCluster",
        &["GlobalClusterIdentifier=g&TargetDbClusterIdentifier=arn%3Aw&AllowDataLoss=true\n"],
    ),
    (
        |aws| {
            Box::pin(async move {
                let clusters = aws.global_clusters(&region())?;
                clusters.copy_snapshot("rds:lost", "kept").await
            })
        },
        "CopyDBClusterSnapshot",
        &[
            "SourceDBClusterSnapshotIdentifier=rds%3Alost",
            "TargetDBClusterSnapshotIdentifier=kept",
        ],
    ),
];

pub(super) const COMPUTE: &[Case] = &[
    (
        |aws| Box::pin(async move { aws.ecs(&region())?.set_desired("c", "s", 4).await }),
        "UpdateService",
        &[
            "AmazonEC2ContainerServiceV20141113.UpdateService",
            "\"cluster\":\"c\"",
            "\"service\":\"s\"",
            "\"desiredCount\":4",
            "/us-west-2/ecs/",
        ],
    ),
    (
        |aws| Box::pin(async move { aws.ecs(&region())?.redeploy("c", "s").await }),
        "UpdateService",
        &["\"forceNewDeployment\":true"],
    ),
    (
        |aws| Box::pin(async move { aws.groups(&region())?.resize("web", 2, 8, 4).await }),
        "UpdateAutoScalingGroup",
        &[
            "Action=UpdateAutoScalingGroup",
            "AutoScalingGroupName=web",
            "MinSize=2&MaxSize=8&DesiredCapacity=4",
            "/us-west-2/autoscaling/",
        ],
    ),
    (
        |aws| Box::pin(async move { aws.functions(&region())?.set_enabled("u-1", false).await }),
        "UpdateEventSourceMapping",
        &[
            "PUT /2015-03-31/event-source-mappings/u-1 ",
            "\"Enabled\":false",
            "/us-west-2/lambda/",
        ],
    ),
    (
        |aws| Box::pin(async move { aws.functions(&region())?.invoke("f", "{}").await.map(drop) }),
        "Invoke",
        &[
            "POST /2015-03-31/functions/f/invocations ",
            "x-amz-invocation-type: RequestResponse",
        ],
    ),
    (
        |aws| {
            Box::pin(async move {
                let west = region();
                aws.global_datastores(&west)?
                    .failover("gd", &west, "group-west")
                    .await
            })
        },
        "FailoverGlobalReplicationGroup",
        &[
            "GlobalReplicationGroupId=gd&PrimaryRegion=us-west-2&PrimaryReplicationGroupId=group-west",
            "/us-west-2/elasticache/",
        ],
    ),
];

pub(super) const OTHERS: &[Case] = &[
    (
        |aws| {
            Box::pin(async move {
                aws.records(&region())?
                    .upsert("Z1", &[record()])
                    .await
                    .map(drop)
            })
        },
        "ChangeResourceRecordSets",
        &[
            "POST /2013-04-01/hostedzone/Z1/rrset",
            "<Action>UPSERT</Action>",
            "<SetIdentifier>west</SetIdentifier><Weight>100</Weight>",
            "<TTL>60</TTL>",
            "<Value>west.example.com</Value>",
            "<HealthCheckId>hc-1</HealthCheckId>",
            "/us-east-1/route53/",
        ],
    ),
    (
        |aws| {
            Box::pin(async move {
                let routes = [(region(), 100), (Region::new("us-east-1").unwrap(), 0)].into();
                aws.access_point_routes(&region())?
                    .submit(ARN, &routes)
                    .await
            })
        },
        "SubmitMultiRegionAccessPointRoutes",
        &[
            "PATCH /v20180820/mrap/instances/arn",
            "x-amz-account-id: 123456789012",
            "<Region>us-west-2</Region><TrafficDialPercentage>100</TrafficDialPercentage>",
            "<Region>us-east-1</Region><TrafficDialPercentage>0</TrafficDialPercentage>",
            "/us-west-2/s3/",
        ],
    ),
    (
        |aws| {
            Box::pin(async move {
                let s3 = aws.objects(&region())?;
                s3.put("b", "k", b"x".to_vec(), Condition::Always, Some("key"))
                    .await
                    .map(drop)
            })
        },
        "PutObject",
        &[
            "PUT /b/k",
            "x-amz-server-side-encryption: aws:kms",
            "x-amz-server-side-encryption-aws-kms-key-id: key",
            "/us-west-2/s3/",
        ],
    ),
    (
        |aws| {
            Box::pin(async move {
                aws.objects(&region())?
                    .delete("b", "k", Some("\"e\""))
                    .await
            })
        },
        "DeleteObject",
        &["DELETE /b/k", "if-match: \"e\""],
    ),
    (
        |aws| {
            Box::pin(async move {
                let value = SecretValue("v".to_owned());
                aws.secrets(&region())?
                    .put_value("db", &value, "token-1")
                    .await
            })
        },
        "PutSecretValue",
        &[
            "secretsmanager.PutSecretValue",
            "\"SecretId\":\"db\"",
            "\"ClientRequestToken\":\"token-1\"",
            "/us-west-2/secretsmanager/",
        ],
    ),
    (
        |aws| Box::pin(async move { aws.secrets(&region())?.stop_replication("db").await }),
        "StopReplicationToReplica",
        &[
            "secretsmanager.StopReplicationToReplica",
            "\"SecretId\":\"db\"",
        ],
    ),
    (
        |aws| Box::pin(async move { aws.secrets(&region())?.replicate("db", &[region()]).await }),
        "ReplicateSecretToRegions",
        &[
            "\"AddReplicaRegions\":[{\"Region\":\"us-west-2\"}]",
            "\"ForceOverwriteReplicaSecret\":true",
        ],
    ),
    (
        |aws| Box::pin(async move { aws.parameters(&region())?.put("/db/host", "west").await }),
        "PutParameter",
        &[
            "AmazonSSM.PutParameter",
            "\"Name\":\"/db/host\"",
            "\"Value\":\"west\"",
            "\"Type\":\"String\"",
            "\"Overwrite\":true",
            "/us-west-2/ssm/",
        ],
    ),
    (
        |aws| {
            Box::pin(async move {
                aws.topics(&region())?
                    .publish("arn:t", "s", "m")
                    .await
                    .map(drop)
            })
        },
        "Publish",
        &[
            "Action=Publish",
            "TopicArn=arn%3At&Message=m&Subject=s",
            "/us-west-2/sns/",
        ],
    ),
    (
        |aws| {
            Box::pin(async move {
                aws.metrics(&region())?
                    .set_alarm("fence", AlarmState::Alarm, "drill")
                    .await
            })
        },
        "SetAlarmState",
        &[
            "operation/SetAlarmState",
            "fence",
            "ALARM",
            "drill",
            "/us-west-2/monitoring/",
        ],
    ),
];
