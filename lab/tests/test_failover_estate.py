"""What a failover of a whole region needs beyond the database: global clusters, services, secrets, records, metrics."""

from __future__ import annotations

import datetime
import time

import pytest
from botocore.exceptions import BotoCoreError, ClientError

EAST, WEST = "us-east-1", "us-west-2"


@pytest.fixture(autouse=True)
def long_enough(estate) -> None:
    """Phases that a busy machine still sees."""
    estate.control.pace(phase=1.5, lying=0.3)


def until(seconds: float, look):
    """What `look` gives once it is true."""
    end = time.monotonic() + seconds
    while not (seen := look()):
        assert time.monotonic() < end, "it did not come"
        time.sleep(0.05)
    return seen


def test_a_failover_moves_the_writer_of_a_global_cluster_once_and_leaves_a_snapshot_of_lost_writes(estate) -> None:
    east, west = estate.client("rds", EAST), estate.client("rds", WEST)
    common = {"Engine": "aurora-postgresql", "MasterUsername": "app", "MasterUserPassword": "not-a-real-password"}
    made = east.create_db_cluster(DBClusterIdentifier="events", **common)["DBCluster"]["DBClusterArn"]
    east.create_global_cluster(GlobalClusterIdentifier="events-global", SourceDBClusterIdentifier=made)
    target = west.create_db_cluster(DBClusterIdentifier="events-west", GlobalClusterIdentifier="events-global", **common)["DBCluster"]["DBClusterArn"]

    def see() -> dict:
        return west.describe_global_clusters(GlobalClusterIdentifier="events-global")["GlobalClusters"][0]

    def writers() -> list[str]:
        return [member["DBClusterArn"] for member in see()["GlobalClusterMembers"] if member["IsWriter"]]

    assert writers() == [made]
    west.failover_global_cluster(GlobalClusterIdentifier="events-global", TargetDbClusterIdentifier=target, AllowDataLoss=True)
    seen = see()
    assert (seen["Status"], seen["FailoverState"]["IsDataLossAllowed"]) == ("failing-over", True)
    until(20, lambda: see()["Status"] == "available")
    assert writers() == [target] and "FailoverState" not in see()
    names = [s["DBClusterSnapshotIdentifier"] for s in east.describe_db_cluster_snapshots(DBClusterIdentifier="events")["DBClusterSnapshots"]]
    assert any(name.startswith("rds:unplanned-global-failover-events-") for name in names)
    with pytest.raises(ClientError, match="already the primary"):
        west.failover_global_cluster(GlobalClusterIdentifier="events-global", TargetDbClusterIdentifier=target, AllowDataLoss=True)


def test_a_service_starts_its_tasks_after_a_while_and_a_forced_deployment_completes(estate) -> None:
    ecs = estate.client("ecs", WEST)
    ecs.create_cluster(clusterName="app")
    ecs.register_task_definition(family="api", containerDefinitions=[{"name": "api", "image": "api", "memory": 128}])
    ecs.create_service(cluster="app", serviceName="api", taskDefinition="api", desiredCount=1)

    def see() -> dict:
        return ecs.describe_services(cluster="app", services=["api"])["services"][0]

    until(20, lambda: see()["runningCount"] == 1)
    ecs.update_service(cluster="app", service="api", desiredCount=4)
    assert (see()["desiredCount"], see()["runningCount"]) == (4, 1)
    until(20, lambda: see()["runningCount"] == 4)
    before = see()["deployments"][0]["id"]
    ecs.update_service(cluster="app", service="api", forceNewDeployment=True)
    forced = see()["deployments"][0]
    assert forced["id"] != before and forced["rolloutState"] == "IN_PROGRESS"
    until(20, lambda: see()["deployments"][0]["rolloutState"] == "COMPLETED")


def test_a_replica_of_a_secret_becomes_one_of_its_own(estate) -> None:
    east, west = estate.client("secretsmanager", EAST), estate.client("secretsmanager", WEST)
    east.create_secret(Name="app/db", SecretString='{"host": "east"}', AddReplicaRegions=[{"Region": WEST}])
    assert west.describe_secret(SecretId="app/db")["PrimaryRegion"] == EAST
    west.stop_replication_to_replica(SecretId="app/db")
    assert "PrimaryRegion" not in west.describe_secret(SecretId="app/db")
    west.put_secret_value(SecretId="app/db", SecretString='{"host": "west"}')
    assert west.get_secret_value(SecretId="app/db")["SecretString"] == '{"host": "west"}'
    assert east.get_secret_value(SecretId="app/db")["SecretString"] == '{"host": "east"}'
    with pytest.raises(ClientError, match="not a replica"):
        west.stop_replication_to_replica(SecretId="app/db")


def test_a_change_of_records_is_pending_first(estate) -> None:
    route53 = estate.client("route53", EAST)
    zone = route53.create_hosted_zone(Name="app.example", CallerReference="1")["HostedZone"]["Id"]
    record = {"Name": "api.app.example", "Type": "CNAME", "TTL": 60, "ResourceRecords": [{"Value": "west.app.example"}]}
    for _ in range(2):
        change = route53.change_resource_record_sets(HostedZoneId=zone, ChangeBatch={"Changes": [{"Action": "UPSERT", "ResourceRecordSet": record}]})["ChangeInfo"]["Id"]
        assert route53.get_change(Id=change)["ChangeInfo"]["Status"] == "PENDING"
        until(20, lambda: route53.get_change(Id=change)["ChangeInfo"]["Status"] == "INSYNC")


def test_metrics_are_what_somebody_set_and_nothing_otherwise(estate) -> None:
    now = datetime.datetime.now(datetime.timezone.utc)

    def points() -> list[float]:
        answer = estate.client("cloudwatch", EAST).get_metric_statistics(
            Namespace="AWS/RDS", MetricName="DatabaseConnections", Dimensions=[{"Name": "DBInstanceIdentifier", "Value": "orders"}],
            StartTime=now - datetime.timedelta(minutes=5), EndTime=now, Period=60, Statistics=["Maximum"],
        )
        return [point["Maximum"] for point in answer["Datapoints"]]

    assert points() == []
    estate.control.ask("/lab/metrics", {"region": EAST, "namespace": "AWS/RDS", "name": "DatabaseConnections", "dimensions": {"DBInstanceIdentifier": "orders"}, "value": 0})
    assert len(points()) >= 4 and set(points()) == {0.0}


def test_a_lost_us_east_1_takes_the_control_plane_of_route_53_with_it(estate) -> None:
    estate.control.ask("/lab/lost-regions", {"regions": [EAST]})
    try:
        with pytest.raises(BotoCoreError):
            estate.client("route53", EAST).list_hosted_zones()
        assert estate.client("ecs", WEST).list_clusters()["clusterArns"] is not None
    finally:
        estate.control.ask("/lab/lost-regions", {"regions": []})
