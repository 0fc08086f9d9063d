#!/usr/bin/env python3
"""Seeds a whole estate in two regions: what a failover of a region has to move, and the stores that it is written down in.

Production runs in us-east-1; us-west-2 is a warm standby. Runs in the lab's environment, like `seed.py`, and prints what a
failover plan has to name. What is there already stays.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from typing import Any

import boto3
from botocore.exceptions import ClientError

import seed

EAST, WEST = seed.PRIMARY_REGION, seed.SECONDARY_REGION
REGIONS = (EAST, WEST)
ACCOUNT = "123456789012"
NAME = "moleculeflow"
#: What runs in peace: the standby runs the least.
TASKS = {EAST: 4, WEST: 1}
WORKERS = {EAST: 3, WEST: 1}


def once(make: Callable[[], Any]) -> Any:
    """Makes something that may be there already."""
    try:
        return make()
    except ClientError as error:
        if any(word in error.response["Error"]["Code"] for word in ("Exist", "Duplicate", "InUse", "Owned")):
            return None
        raise


def services(region: str) -> None:
    """A service that answers customers, and workers."""
    ecs = boto3.client("ecs", region_name=region)
    ecs.create_cluster(clusterName=NAME)
    ecs.register_task_definition(family="api", containerDefinitions=[{"name": "api", "image": f"{ACCOUNT}.dkr.ecr.{region}.amazonaws.com/api:1", "memory": 512}])
    if not ecs.describe_services(cluster=NAME, services=["api"])["services"]:
        ecs.create_service(cluster=NAME, serviceName="api", taskDefinition="api", desiredCount=TASKS[region])
    boto3.client("application-autoscaling", region_name=region).register_scalable_target(
        ServiceNamespace="ecs", ResourceId=f"service/{NAME}/api", ScalableDimension="ecs:service:DesiredCount", MinCapacity=TASKS[region], MaxCapacity=10
    )
    groups = boto3.client("autoscaling", region_name=region)
    once(lambda: groups.create_launch_configuration(LaunchConfigurationName="workers", ImageId="ami-12345678", InstanceType="m5.large"))
    once(
        lambda: groups.create_auto_scaling_group(
            AutoScalingGroupName=f"{NAME}-workers", MinSize=WORKERS[region], MaxSize=6, DesiredCapacity=WORKERS[region], LaunchConfigurationName="workers", AvailabilityZones=[f"{region}a", f"{region}b"]
        )
    )
    boto3.client("ssm", region_name=region).put_parameter(Name=f"/{NAME}/database/host", Value=f"{NAME}-prod.{EAST}.rds.amazonaws.com", Type="String", Overwrite=True)
    boto3.client("sns", region_name=region).create_topic(Name="oncall")
    boto3.client("cloudwatch", region_name=region).put_metric_alarm(
        AlarmName=f"{NAME}-api-errors", Namespace="AWS/ApplicationELB", MetricName="HTTPCode_Target_5XX_Count", Statistic="Sum", Period=60, EvaluationPeriods=1, Threshold=10, ComparisonOperator="GreaterThanThreshold"
    )


def buckets() -> None:
    """Documents with replication, and one versioned bucket in each region for the journal and the lock."""
    for region in REGIONS:
        s3 = boto3.client("s3", region_name=region)
        place = {} if region == EAST else {"CreateBucketConfiguration": {"LocationConstraint": region}}
        for name in (f"{NAME}-documents-{region}", f"{NAME}-dr-{region}", f"{NAME}-switch-{region}"):
            once(lambda name=name: s3.create_bucket(Bucket=name, **place))
            s3.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})
    rule = {"ID": "documents", "Status": "Enabled", "Priority": 1, "Filter": {"Prefix": ""}, "DeleteMarkerReplication": {"Status": "Enabled"}, "Destination": {"Bucket": f"arn:aws:s3:::{NAME}-documents-{WEST}"}}
    boto3.client("s3", region_name=EAST).put_bucket_replication(Bucket=f"{NAME}-documents-{EAST}", ReplicationConfiguration={"Role": f"arn:aws:iam::{ACCOUNT}:role/replication", "Rules": [rule]})


def names() -> str:
    """The zone, with a record for each region; its id."""
    route53 = boto3.client("route53", region_name=EAST)
    for zone in route53.list_hosted_zones()["HostedZones"]:
        if zone["Name"] == f"{NAME}.example.":
            return zone["Id"].rpartition("/")[2]
    zone = route53.create_hosted_zone(Name=f"{NAME}.example", CallerReference=NAME)["HostedZone"]["Id"].rpartition("/")[2]
    changes = [
        {"Action": "UPSERT", "ResourceRecordSet": {"Name": f"api.{NAME}.example", "Type": "CNAME", "SetIdentifier": region, "Weight": 100 if region == EAST else 0, "TTL": 60, "ResourceRecords": [{"Value": f"api.{region}.{NAME}.example"}]}}
        for region in REGIONS
    ]
    route53.change_resource_record_sets(HostedZoneId=zone, ChangeBatch={"Changes": changes})
    return zone


def events() -> None:
    """An Aurora global cluster with an instance in each region."""
    east, west = (boto3.client("rds", region_name=region) for region in REGIONS)
    common = {"Engine": "aurora-postgresql", "MasterUsername": "app", "MasterUserPassword": "not-a-real-password"}
    source = f"arn:aws:rds:{EAST}:{ACCOUNT}:cluster:{NAME}-events-{EAST}"
    once(lambda: east.create_db_cluster(DBClusterIdentifier=f"{NAME}-events-{EAST}", **common))
    once(lambda: east.create_global_cluster(GlobalClusterIdentifier=f"{NAME}-events", SourceDBClusterIdentifier=source))
    once(lambda: west.create_db_cluster(DBClusterIdentifier=f"{NAME}-events-{WEST}", GlobalClusterIdentifier=f"{NAME}-events", **common))
    for region, rds in zip(REGIONS, (east, west)):
        once(lambda region=region, rds=rds: rds.create_db_instance(DBInstanceIdentifier=f"{NAME}-events-{region}-1", DBClusterIdentifier=f"{NAME}-events-{region}", Engine="aurora-postgresql", DBInstanceClass="db.r6g.large"))


def main() -> int:
    primary, replica = seed.seed(f"{NAME}-prod", f"{NAME}-replica")
    for region in REGIONS:
        services(region)
    buckets()
    events()
    once(lambda: boto3.client("secretsmanager", region_name=EAST).create_secret(Name=f"{NAME}/database", SecretString=json.dumps({"host": f"{NAME}-prod", "user": "app"}), AddReplicaRegions=[{"Region": WEST}]))
    print(json.dumps({"primary": primary, "replica": replica, "zone": names()}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
