"""One emulator for a test module, on a free port, stopped by the process that was started."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import boto3
import pytest

LAB = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(LAB))

from control import Control  # noqa: E402


class Estate:
    """The emulator and clients of it."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.control = Control(url)

    def client(self, service: str, region: str, caller: str = "lab") -> object:
        """A client that tries once, so that faults show."""
        from botocore.config import Config

        return boto3.client(
            service, region_name=region, endpoint_url=self.url, aws_access_key_id=caller, aws_secret_access_key="lab",
            config=Config(retries={"total_max_attempts": 1}, read_timeout=5),
        )

    def pair(self, name: str) -> tuple[str, str]:
        """A primary in us-east-1 and its replica in us-west-2, both available."""
        east, west = self.client("rds", "us-east-1"), self.client("rds", "us-west-2")
        made = east.create_db_instance(DBInstanceIdentifier=name, Engine="postgres", DBInstanceClass="db.r6g.large", AllocatedStorage=20, MasterUsername="app", MasterUserPassword="not-a-real-password", BackupRetentionPeriod=7)  # type: ignore[attr-defined]
        self.settle("us-east-1", name)
        west.create_db_instance_read_replica(DBInstanceIdentifier=f"{name}-replica", SourceDBInstanceIdentifier=made["DBInstance"]["DBInstanceArn"])  # type: ignore[attr-defined]
        self.settle("us-west-2", f"{name}-replica")
        return made["DBInstance"]["DBInstanceArn"], f"{name}-replica"

    def see(self, region: str, name: str) -> dict:
        """The instance as it is described now."""
        return self.client("rds", region).describe_db_instances(DBInstanceIdentifier=name)["DBInstances"][0]  # type: ignore[attr-defined]

    def settle(self, region: str, name: str) -> dict:
        """Waits for `available`."""
        for _ in range(200):
            seen = self.see(region, name)
            if seen["DBInstanceStatus"] == "available":
                return seen
            time.sleep(0.05)
        raise AssertionError(f"{name} is {seen['DBInstanceStatus']}")

    def statuses(self, region: str, name: str, seconds: float) -> list[str]:
        """The statuses that come one after the other."""
        found: list[str] = []
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            status = self.see(region, name)["DBInstanceStatus"]
            if not found or found[-1] != status:
                found.append(status)
            time.sleep(0.02)
        return found


@pytest.fixture(scope="module")
def estate() -> Iterator[Estate]:
    """A fresh emulator."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen([sys.executable, "-m", "overlay", "--port", str(port)], cwd=LAB, env={**os.environ, "PYTHONPATH": str(LAB), "PYTHONDONTWRITEBYTECODE": "1"}, stderr=subprocess.DEVNULL)
    found = Estate(f"http://127.0.0.1:{port}")
    try:
        for _ in range(300):
            try:
                found.control.ask("/lab/health")
                break
            except OSError:
                time.sleep(0.1)
        found.control.pace(phase=0.2, lying=0.3)
        yield found
    finally:
        process.terminate()
        process.wait(timeout=10)
