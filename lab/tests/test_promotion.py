"""Promotion of a cross-region replica, as AWS documents it."""

from __future__ import annotations

import pytest
from botocore.exceptions import ClientError


def code(error: pytest.ExceptionInfo[ClientError]) -> str:
    return error.value.response["Error"]["Code"]


def test_a_promotion_lies_then_works_then_is_done(estate) -> None:
    source, replica = estate.pair("a")
    west = estate.client("rds", "us-west-2")
    # Phases that a busy machine still sees.
    estate.control.pace(phase=0.8, lying=1.5)
    assert estate.see("us-west-2", replica)["StatusInfos"][0]["Status"] == "replicating"
    west.promote_read_replica(DBInstanceIdentifier=replica, BackupRetentionPeriod=9, PreferredBackupWindow="03:00-04:00")
    first = estate.see("us-west-2", replica)
    assert (first["DBInstanceStatus"], first["ReadReplicaSourceDBInstanceIdentifier"]) == ("available", source)
    assert estate.statuses("us-west-2", replica, 5.0) == ["available", "modifying", "rebooting", "backing-up", "available"]
    estate.control.pace(phase=0.2, lying=0.3)
    done = estate.see("us-west-2", replica)
    assert not done.get("ReadReplicaSourceDBInstanceIdentifier") and not done.get("StatusInfos")
    assert (done["BackupRetentionPeriod"], done["PreferredBackupWindow"]) == (9, "03:00-04:00")
    assert estate.see("us-east-1", "a")["ReadReplicaDBInstanceIdentifiers"] == []


def test_what_cannot_be_promoted_is_refused_as_aws_words_it(estate) -> None:
    _, replica = estate.pair("b")
    east, west = estate.client("rds", "us-east-1"), estate.client("rds", "us-west-2")
    with pytest.raises(ClientError) as standalone:
        east.promote_read_replica(DBInstanceIdentifier="b")
    assert code(standalone) == "InvalidDBInstanceState"
    with pytest.raises(ClientError) as nobody:
        west.promote_read_replica(DBInstanceIdentifier="nobody")
    assert code(nobody) == "DBInstanceNotFound"
    west.promote_read_replica(DBInstanceIdentifier=replica)
    with pytest.raises(ClientError) as twice:
        west.promote_read_replica(DBInstanceIdentifier=replica)
    assert code(twice) == "InvalidDBInstanceState"
    assert estate.settle("us-west-2", replica)


def test_changes_are_pending_until_they_are_made(estate) -> None:
    estate.pair("c")
    east = estate.client("rds", "us-east-1")
    # Long enough to be seen on a busy machine.
    estate.control.pace(phase=1.5)
    answer = east.modify_db_instance(DBInstanceIdentifier="c", MultiAZ=True, DeletionProtection=True, ApplyImmediately=True)["DBInstance"]
    assert answer["PendingModifiedValues"]["MultiAZ"] is True
    assert (answer["MultiAZ"], answer["DeletionProtection"]) == (False, True)
    assert "modifying" in estate.statuses("us-east-1", "c", 0.8)
    estate.control.pace(phase=0.2)
    done = estate.settle("us-east-1", "c")
    assert done["MultiAZ"] is True and not done.get("PendingModifiedValues")


def test_a_replica_across_regions_can_be_deleted(estate) -> None:
    _, replica = estate.pair("d")
    estate.client("rds", "us-west-2").delete_db_instance(DBInstanceIdentifier=replica, SkipFinalSnapshot=True)
    assert estate.see("us-east-1", "d")["ReadReplicaDBInstanceIdentifiers"] == []
