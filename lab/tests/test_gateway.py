"""Lag, the call log, and faults."""

from __future__ import annotations

import datetime
import urllib.error

import pytest
from botocore.exceptions import BotoCoreError, ClientError


def lag(estate, replica: str) -> list[float]:
    now = datetime.datetime.now(datetime.timezone.utc)
    answer = estate.client("cloudwatch", "us-west-2").get_metric_statistics(
        Namespace="AWS/RDS", MetricName="ReplicaLag", Dimensions=[{"Name": "DBInstanceIdentifier", "Value": replica}],
        StartTime=now - datetime.timedelta(minutes=5), EndTime=now, Period=60, Statistics=["Maximum"],
    )
    assert all(point["Timestamp"].second == 0 for point in answer["Datapoints"])
    return [point["Maximum"] for point in sorted(answer["Datapoints"], key=lambda p: p["Timestamp"])]


def test_lag_is_what_somebody_set(estate) -> None:
    _, replica = estate.pair("lagging")
    assert lag(estate, replica)[-1] == 1.0
    estate.control.lag("us-west-2", replica, seconds=900)
    assert set(lag(estate, replica)) == {900.0}
    estate.control.lag("us-west-2", replica, seconds=None)
    assert lag(estate, replica) == []
    dead = datetime.datetime.now(datetime.timezone.utc).timestamp() - 240
    estate.control.lag("us-west-2", replica, seconds=2, source_dead_since=dead)
    grown = lag(estate, replica)
    assert grown[-1] > grown[0] >= 2.0


def test_the_call_log_tells_what_took_effect_and_no_password(estate) -> None:
    estate.pair("logged")
    calls = estate.control.calls(action="CreateDBInstance", region="us-east-1")
    mine = [call for call in calls if call["params"].get("DBInstanceIdentifier") == "logged"]
    assert [call["took_effect"] for call in mine] == [True]
    assert "not-a-real-password" not in str(calls)


@pytest.mark.parametrize(("kind", "code"), [("throttle", "Throttling"), ("unavailable", "ServiceUnavailable"), ("access_denied", "AccessDenied")])
def test_an_error_is_answered_once(estate, kind: str, code: str) -> None:
    rds = estate.client("rds", "us-west-2")
    estate.control.fault(kind=kind, action="DescribeDBInstances")
    with pytest.raises(ClientError) as error:
        rds.describe_db_instances()
    assert error.value.response["Error"]["Code"] == code
    assert rds.describe_db_instances()["DBInstances"] is not None


@pytest.mark.parametrize(("kind", "promoted"), [("reset_before", False), ("reset_after", True)])
def test_a_reset_happens_before_or_after_the_effect(estate, kind: str, promoted: bool) -> None:
    _, replica = estate.pair(kind.replace("_", "-"))
    estate.control.fault(kind=kind, action="PromoteReadReplica")
    with pytest.raises(BotoCoreError):
        estate.client("rds", "us-west-2").promote_read_replica(DBInstanceIdentifier=replica)
    statuses = estate.statuses("us-west-2", replica, 1.4)
    assert ("rebooting" in statuses) is promoted


def test_a_lost_region_answers_nobody_and_the_others_go_on(estate) -> None:
    estate.control.ask("/lab/lost-regions", {"regions": ["eu-west-1"]})
    with pytest.raises(BotoCoreError):
        estate.client("rds", "eu-west-1").describe_db_instances()
    assert estate.client("rds", "us-west-2").describe_db_instances()
    estate.control.ask("/lab/faults", method="DELETE")
    assert estate.client("rds", "eu-west-1").describe_db_instances()["DBInstances"] == []


@pytest.mark.parametrize(("service", "ask"), [("ssm", lambda it: it.get_parameter(Name="/x")), ("secretsmanager", lambda it: it.list_secrets()), ("rds", lambda it: it.describe_db_instances()), ("sns", lambda it: it.list_topics()), ("cloudwatch", lambda it: it.describe_alarms())])
def test_throttling_is_told_in_the_protocol_of_each_service(estate, service: str, ask) -> None:
    estate.control.fault(kind="throttle", service=service)
    with pytest.raises(ClientError) as error:
        ask(estate.client(service, "us-west-2"))
    assert error.value.response["Error"]["Code"].startswith("Throttling")


def test_a_fault_can_be_meant_for_one_operator_and_the_log_tells_who_called(estate) -> None:
    estate.control.fault(kind="access_denied", caller="bob", times=2)
    assert estate.client("rds", "us-west-2").describe_db_instances() is not None
    with pytest.raises(ClientError, match="not authorized"):
        estate.client("rds", "us-west-2", "bob").describe_db_instances()
    estate.control.ask("/lab/faults", method="DELETE")
    assert estate.client("sts", "us-west-2", "bob").get_caller_identity()["Arn"].endswith("user/bob")
    assert {"lab", "bob"} <= {call["caller"] for call in estate.control.calls()}


@pytest.mark.parametrize("wrong", [{"period": 0.5}, {"period": 1.5}, {"phase": -1}, {"hurry": 1}])
def test_a_pace_that_cannot_be_is_refused(estate, wrong: dict) -> None:
    before = estate.control.ask("/lab/settings")
    with pytest.raises(urllib.error.HTTPError):
        estate.control.pace(**wrong)
    assert estate.control.ask("/lab/settings") == before
