#!/usr/bin/env python3
"""Seeds a primary database in us-east-1 and a replica of it in us-west-2, and waits until both are available.

Runs in the lab's environment: `lab.py run -- python lab/seed.py`, or with what `lab.py env` prints.
"""

from __future__ import annotations

import argparse
import sys
import time

import boto3

PRIMARY_REGION, SECONDARY_REGION = "us-east-1", "us-west-2"
SECONDS = 60


def wait(rds: object, identifier: str) -> dict:
    """Waits for `available` and returns the instance."""
    deadline = time.monotonic() + SECONDS
    while True:
        instance = rds.describe_db_instances(DBInstanceIdentifier=identifier)["DBInstances"][0]  # type: ignore[attr-defined]
        if instance["DBInstanceStatus"] == "available":
            return instance
        if time.monotonic() > deadline:
            raise TimeoutError(f"{identifier} is {instance['DBInstanceStatus']} after {SECONDS} s")
        time.sleep(0.1)


def seed(primary: str, replica: str, engine: str = "postgres") -> tuple[str, str]:
    """Creates both and returns their ARNs. What is there already stays."""
    east, west = boto3.client("rds", region_name=PRIMARY_REGION), boto3.client("rds", region_name=SECONDARY_REGION)
    try:
        source = wait(east, primary)
    except east.exceptions.DBInstanceNotFoundFault:
        east.create_db_instance(
            DBInstanceIdentifier=primary, Engine=engine, DBInstanceClass="db.r6g.large", AllocatedStorage=100, MultiAZ=True,
            MasterUsername="app", MasterUserPassword="not-a-real-password", BackupRetentionPeriod=30, StorageEncrypted=True,
        )
        source = wait(east, primary)
    try:
        copy = wait(west, replica)
    except west.exceptions.DBInstanceNotFoundFault:
        west.create_db_instance_read_replica(
            DBInstanceIdentifier=replica, SourceDBInstanceIdentifier=source["DBInstanceArn"], DBInstanceClass="db.r6g.large"
        )
        copy = wait(west, replica)
    return source["DBInstanceArn"], copy["DBInstanceArn"]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--primary", default="moleculeflow-prod")
    parser.add_argument("--replica", default="moleculeflow-replica")
    parser.add_argument("--engine", default="postgres")
    args = parser.parse_args()
    for arn in seed(args.primary, args.replica, args.engine):
        print(arn)
    return 0


if __name__ == "__main__":
    sys.exit(main())
