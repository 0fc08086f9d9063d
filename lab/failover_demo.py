#!/usr/bin/env python3
"""Shows a whole region failing over: `drctl`, the plan of `examples/region-failover`, emulated AWS. `make demo-drctl` runs it.

Every claim on screen is read back from the emulated AWS with AWS's own client, or from the emulator's call log.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

from control import Control  # noqa: E402
from launcher import environment, services, venv  # noqa: E402

ROOT = HERE.parent
PLAN = ROOT / "examples" / "region-failover" / "plan.json"
EAST, WEST = "us-east-1", "us-west-2"
BOLD, DIM, PLAIN = ("\033[1m", "\033[2m", "\033[0m") if sys.stdout.isatty() else ("", "", "")
#: What the emulated AWS is asked at the end, in one process.
LOOK = """
import boto3, json
west = lambda service: boto3.client(service, region_name='us-west-2')
db = west('rds').describe_db_instances(DBInstanceIdentifier='moleculeflow-replica')['DBInstances'][0]
service = west('ecs').describe_services(cluster='moleculeflow', services=['api'])['services'][0]
group = west('autoscaling').describe_auto_scaling_groups(AutoScalingGroupNames=['moleculeflow-workers'])['AutoScalingGroups'][0]
print(json.dumps({
    'follows': db.get('ReadReplicaSourceDBInstanceIdentifier'),
    'retention': db['BackupRetentionPeriod'],
    'host': west('ssm').get_parameter(Name='/moleculeflow/database/host')['Parameter']['Value'],
    'tasks': service['runningCount'],
    'workers': len([it for it in group['Instances'] if it['LifecycleState'] == 'InService']),
    'switched': 'active' in [it['Key'] for it in west('s3').list_objects_v2(Bucket='moleculeflow-switch-us-west-2').get('Contents', [])],
    'secret_follows': west('secretsmanager').describe_secret(SecretId='moleculeflow/database').get('PrimaryRegion'),
}))
"""


class DemoError(Exception):
    """The demo saw something else than it promises."""


class Story:
    """The lab, the estate in it, and what is told about both."""

    def __init__(self, state: dict, lab: Path, binary: Path) -> None:
        self.python = venv.ensure()
        self.control = Control(state["services"]["aws"]["url"])
        self.environment = {**os.environ, **environment.variables(lab, state), "DRCTL_PLAN": str(PLAN)}
        self.binary = binary
        self.steps = 0

    def step(self, title: str, why: str) -> None:
        """Announces what comes and why."""
        self.steps += 1
        print(f"\n{BOLD}{self.steps}. {title}{PLAIN}\n   {DIM}{why}{PLAIN}\n", flush=True)

    def drctl(self, *arguments: str, expect: int = 0, quiet: bool = False) -> str:
        """Runs drctl and shows what it prints, as it comes."""
        print(f"   $ drctl {' '.join(arguments)}", flush=True)
        process = subprocess.Popen([str(self.binary), *arguments], env=self.environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        lines = []
        assert process.stdout is not None
        for line in process.stdout:
            lines.append(line)
            if not quiet:
                print(f"     {line.rstrip()}", flush=True)
        code = process.wait()
        print(f"     {DIM}exit {code}{PLAIN}", flush=True)
        if code != expect:
            raise DemoError(f"drctl {arguments[0]} ended with {code}, expected {expect}:\n{''.join(lines)}")
        return "".join(lines)

    def run(self, *command: str) -> str:
        """Runs something in the lab's environment."""
        return subprocess.run([str(self.python), *command], env=self.environment, capture_output=True, text=True, check=True).stdout

    def promotions(self) -> int:
        """How many promotions took effect, by the emulator's call log."""
        return len([call for call in self.control.calls(action="PromoteReadReplica") if call["took_effect"]])


def story(demo: Story) -> None:
    """The story, each claim read back."""
    demo.step("Peace: production runs in us-east-1, us-west-2 waits", "Databases, services, workers, secrets, names; the plan is published to a store in each region and what runs is observed.")
    demo.run(str(HERE / "moleculeflow.py"))
    connections = {"namespace": "AWS/RDS", "name": "DatabaseConnections", "dimensions": {"DBInstanceIdentifier": "moleculeflow-prod"}, "value": 12}
    demo.control.ask("/lab/metrics", {"region": EAST, **connections})
    demo.drctl("plan", "validate")
    demo.drctl("plan", "publish")
    demo.drctl("observe")

    demo.step("us-east-1 is lost", "Its services answer nobody, and with it the control planes of Route 53 and IAM are gone. Should we fail over?")
    demo.control.ask("/lab/lost-regions", {"regions": [EAST]})
    lost = ("--lost", EAST)
    demo.drctl("assess", *lost, expect=3)

    demo.step("A gate refuses", "Nobody can prove that the old database accepts no writes any more: promoting now could leave two writers.")
    demo.drctl("run", "--to", WEST, *lost, "--poll", "0.3", "--heartbeat", "3", expect=3)
    if demo.promotions():
        raise DemoError("something was promoted")
    print("     the emulator's call log has no promotion", flush=True)

    demo.step("Somebody decides", "The consent is bound to this execution, ends in an hour, and stands in the journal with its reason.")
    demo.drctl("resume", *lost, "--accept", "unfenced", "--reason", "us-east-1 is gone, customers wait", "--poll", "0.3", "--heartbeat", "3", expect=5)

    demo.step("Read back from AWS", "What the steps said is what AWS says.")
    seen = json.loads(demo.run("-c", LOOK))
    wanted = {"follows": None, "retention": 30, "tasks": 4, "workers": 3, "switched": True, "secret_follows": None}
    for name, value in seen.items():
        print(f"     {name}: {value}", flush=True)
    wrong = {name: seen[name] for name, value in wanted.items() if seen[name] != value}
    if wrong or not seen["host"].startswith("moleculeflow-replica"):
        raise DemoError(f"AWS shows something else: {wrong or seen['host']}")
    if demo.promotions() != 1:
        raise DemoError(f"{demo.promotions()} promotions took effect")
    print("     promotions that took effect, by the call log: 1", flush=True)
    stray = [call for call in demo.control.calls(region=EAST) if call["fault"] == "lost_region"]
    print(f"     calls to the lost region since it was declared lost: {len(stray)}", flush=True)

    demo.step("The evidence", "Who decided what, which gates saw which numbers, how long it took, what stays open.")
    page = ROOT / "target" / "failover-evidence.html"
    page.parent.mkdir(exist_ok=True)
    demo.drctl("report", *lost, "--output", f"html={page}")
    demo.drctl("verify", *lost)
    print(f"   The page with the time line: target/{page.name}")


def play(drctl: Path) -> int:
    """The whole of it, in a lab of its own; 0 when everything was as it is told."""
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="dr-failover-") as scratch:
        lab = Path(scratch) / "lab"
        try:
            state = services.up(lab, venv.ensure())
            demo = Story(state, lab, drctl.resolve())
            demo.control.pace(phase=0.5, lying=0.5)
            story(demo)
        except (DemoError, services.LabError, subprocess.CalledProcessError) as error:
            print(f"\ndemo: {error}", file=sys.stderr)
            return 1
        finally:
            services.down(lab)
    print(f"\nDone in {time.monotonic() - started:.0f} s. The plan is examples/region-failover/plan.json.")
    return 0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--drctl", required=True, type=Path, help="the break-glass CLI")
    return play(parser.parse_args().drctl)


if __name__ == "__main__":
    sys.exit(main())
