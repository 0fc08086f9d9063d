"""Connections to a database: what runs connects, a quarantine cuts off after a restart, and the metric has a history."""

from __future__ import annotations

import datetime
import time

import pytest

EAST = "us-east-1"
CLIENTS = {"ecs:shop/api": 5, "asg:none": 2}


def points(estate, instance: str) -> list[float]:
    """The datapoints of the last three minutes, oldest first."""
    now = datetime.datetime.now(datetime.timezone.utc)
    answer = estate.client("cloudwatch", EAST).get_metric_statistics(
        Namespace="AWS/RDS", MetricName="DatabaseConnections", Dimensions=[{"Name": "DBInstanceIdentifier", "Value": instance}],
        StartTime=now - datetime.timedelta(minutes=3), EndTime=now + datetime.timedelta(minutes=1), Period=60, Statistics=["Maximum"],
    )
    return [point["Maximum"] for point in sorted(answer["Datapoints"], key=lambda point: point["Timestamp"])]


def until(look) -> None:
    end = time.monotonic() + 30
    while not look():
        assert time.monotonic() < end, "it did not come"
        time.sleep(0.1)


@pytest.fixture
def shop(estate):
    """A database and a service of three tasks, each with five connections to it."""
    estate.control.pace(phase=0.3, period=2)
    name = f"shop-{time.monotonic_ns()}"
    estate.client("rds", EAST).create_db_instance(DBInstanceIdentifier=name, Engine="postgres", DBInstanceClass="db.r6g.large", AllocatedStorage=20, MasterUsername="app", MasterUserPassword="not-a-real-password", BackupRetentionPeriod=7)
    estate.settle(EAST, name)
    ecs = estate.client("ecs", EAST)
    ecs.create_cluster(clusterName="shop")
    ecs.register_task_definition(family="api", containerDefinitions=[{"name": "api", "image": "api", "memory": 128}])
    if not ecs.describe_services(cluster="shop", services=["api"])["services"]:
        ecs.create_service(cluster="shop", serviceName="api", taskDefinition="api", desiredCount=3)
    ecs.update_service(cluster="shop", service="api", desiredCount=3)
    estate.control.ask("/lab/clients", {"region": EAST, "instance": name, "clients": CLIENTS})
    until(lambda: points(estate, name)[-1:] == [15.0])
    return name


def test_what_stops_disconnects_and_the_minutes_before_keep_their_numbers(estate, shop: str) -> None:
    estate.client("ecs", EAST).update_service(cluster="shop", service="api", desiredCount=0)
    until(lambda: points(estate, shop)[-2:] == [0.0, 0.0])
    seen = points(estate, shop)
    assert 15.0 in seen and len(seen) > 30


def test_a_quarantine_keeps_open_connections_until_the_restart(estate, shop: str) -> None:
    rds = estate.client("rds", EAST)
    rds.modify_db_instance(DBInstanceIdentifier=shop, VpcSecurityGroupIds=["sg-0closed"], ApplyImmediately=True)
    time.sleep(2.5)
    assert points(estate, shop)[-1] == 15.0
    rds.reboot_db_instance(DBInstanceIdentifier=shop)
    until(lambda: points(estate, shop)[-2:] == [0.0, 0.0])
    estate.settle(EAST, shop)
    time.sleep(2.5)
    assert points(estate, shop)[-1] == 0.0


def test_a_renamed_instance_keeps_its_tags_and_frees_its_name_a_phase_later(estate, shop: str) -> None:
    rds = estate.client("rds", EAST)
    rds.add_tags_to_resource(ResourceName=estate.see(EAST, shop)["DBInstanceArn"], Tags=[{"Key": "epoch", "Value": "1"}])
    rds.modify_db_instance(DBInstanceIdentifier=shop, NewDBInstanceIdentifier=f"{shop}-old", ApplyImmediately=True)
    until(lambda: [it["DBInstanceIdentifier"] for it in rds.describe_db_instances()["DBInstances"]].count(f"{shop}-old") == 1)
    with pytest.raises(rds.exceptions.DBInstanceNotFoundFault):
        estate.see(EAST, shop)
    assert estate.see(EAST, f"{shop}-old")["TagList"] == [{"Key": "epoch", "Value": "1"}]
