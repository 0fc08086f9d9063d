#!/usr/bin/env python3
"""Records the plans of tests/data/estates/after-switch with real Terraform and the AWS provider against the emulated AWS of lab/.

    eval "$(python3 lab/lab.py env)" && python3 validator/oracle/switch/record.py

The provider comes from a filesystem mirror; TF_PROVIDERS names another one than /opt/tf-plugins. What a failover does is done
by API calls, as the tools that people switch with do it.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Any

import boto3

REPOSITORY = Path(__file__).resolve().parents[3]
ESTATE = REPOSITORY / "validator/tests/data/estates/after-switch"
# What no rule reads, and what makes plans large.
UNREAD = ("planned_values", "output_changes", "checks", "timestamp", "relevant_attributes")


def client(service: str, region: str) -> Any:
    return boto3.client(service, region_name=region, endpoint_url=os.environ["AWS_ENDPOINT_URL"])


def terraform(directory: Path, *words: str) -> str:
    run = subprocess.run(["terraform", *words], cwd=directory, check=False, text=True, capture_output=True)
    if run.returncode:
        raise SystemExit(f"terraform {' '.join(words)}:\n{run.stdout[-4000:]}\n{run.stderr[-4000:]}")
    return run.stdout


def plan(directory: Path, name: str, *words: str) -> None:
    """Plans, and keeps the plan without what nobody reads of it."""
    terraform(directory, "plan", "-input=false", "-out=p", *words)
    document = json.loads(terraform(directory, "show", "-json", "p"))
    for key in UNREAD:
        document.pop(key, None)
    # Of the state before only data sources are read; the changes hold the rest.
    resources = document.get("prior_state", {}).get("values", {}).get("root_module", {})
    resources["resources"] = [one for one in resources.get("resources", []) if one["mode"] == "data"]
    (ESTATE / f"{name}.json").write_text(json.dumps(document, separators=(",", ":")) + "\n")
    print(name, [f"{c['address']} {c['change']['actions']}" for c in document["resource_changes"] if c["change"]["actions"] not in (["no-op"], ["read"])])


def switch() -> None:
    """Promotes the replica, scales up, and turns traffic: the estate serves from us-west-2."""
    west, east = (lambda service: client(service, "us-west-2")), (lambda service: client(service, "us-east-1"))
    west("rds").promote_read_replica(DBInstanceIdentifier="app-west", BackupRetentionPeriod=14)
    west("rds").get_waiter("db_instance_available").wait(DBInstanceIdentifier="app-west", WaiterConfig={"Delay": 2})
    address = west("rds").describe_db_instances(DBInstanceIdentifier="app-west")["DBInstances"][0]["Endpoint"]["Address"]
    west("ecs").update_service(cluster="west", service="api", desiredCount=8)
    west("ecs").update_service(cluster="west", service="batch", desiredCount=4)
    west("autoscaling").update_auto_scaling_group(AutoScalingGroupName="workers", MinSize=4, MaxSize=12, DesiredCapacity=4)
    west("events").enable_rule(Name="nightly")
    dns = east("route53")
    zone = dns.list_hosted_zones_by_name(DNSName="app.example")["HostedZones"][0]["Id"]
    changes = []
    for record in dns.list_resource_record_sets(HostedZoneId=zone)["ResourceRecordSets"]:
        if record["Name"].startswith("db."):
            record["ResourceRecords"] = [{"Value": address}]
        elif record.get("SetIdentifier") in ("east", "west"):
            record["Weight"] = 100 if record["SetIdentifier"] == "west" else 0
        else:
            continue
        changes.append({"Action": "UPSERT", "ResourceRecordSet": record})
    dns.change_resource_record_sets(HostedZoneId=zone, ChangeBatch={"Changes": changes})
    check = dns.list_health_checks()["HealthChecks"][0]["Id"]
    dns.update_health_check(HealthCheckId=check, Inverted=True)


def main() -> None:
    client("ssm", "us-east-1").put_parameter(Name="/app/license", Value="site", Type="String", Overwrite=True)
    mirror = os.environ.get("TF_PROVIDERS", "/opt/tf-plugins")
    with tempfile.TemporaryDirectory() as scratch:
        directory = Path(scratch)
        shutil.copy(ESTATE / "main.tf", directory)
        rc = directory / "terraform.rc"
        rc.write_text(f'provider_installation {{\n  filesystem_mirror {{\n    path = "{mirror}"\n  }}\n}}\n')
        os.environ["TF_CLI_CONFIG_FILE"] = str(rc)
        terraform(directory, "init", "-input=false")
        plan(directory, "first")
        terraform(directory, "apply", "-input=false", "-auto-approve")
        # Settles what a first refresh finds.
        terraform(directory, "apply", "-input=false", "-auto-approve")
        plan(directory, "quiet")
        plan(directory, "pending", "-var=inbox=true")
        plan(directory, "swap", "-var=adopted=true")
        switch()
        plan(directory, "switched")
        plan(directory, "adopted", "-var=adopted=true")
        plan(directory, "destructive", "-var=adopted=true", "-var=database=other", "-var=image=api:2", '-var=copies=["eu-west-1"]', "-var=workers=false", "-replace=aws_db_instance.replica", "-replace=aws_ecs_service.api")


if __name__ == "__main__":
    main()
