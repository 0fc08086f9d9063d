"""What the stories of the lab share: a lab with an estate in it, `drctl`, and what is told about both."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from control import Control
from launcher import environment, mirror, services, venv

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
PLAN = ROOT / "examples" / "region-failover" / "plan.json"
EAST, WEST = "us-east-1", "us-west-2"
BOLD, DIM, PLAIN = ("\033[1m", "\033[2m", "\033[0m") if sys.stdout.isatty() else ("", "", "")
#: Connections of each task and each worker to the database of its region.
CLIENTS = {"ecs:moleculeflow/api": 5, "asg:moleculeflow-workers": 2}
#: Seconds without a line after which it is told that something is still waited for.
QUIET = 10
#: What the emulated AWS is asked about a region, in one process: argument 1 is the region, 2 its database, others too.
LOOK = """
import boto3, json, sys
region, names = sys.argv[1], sys.argv[2:]
ask = lambda service: boto3.client(service, region_name=region)
rds = ask('rds')
def database(it):
    groups = [group['VpcSecurityGroupId'] for group in it['VpcSecurityGroups']]
    tags = {tag['Key']: tag['Value'] for tag in rds.list_tags_for_resource(ResourceName=it['DBInstanceArn'])['TagList']}
    return {'status': it['DBInstanceStatus'], 'follows': it.get('ReadReplicaSourceDBInstanceIdentifier') or None, 'retention': it['BackupRetentionPeriod'], 'groups': groups, 'tags': tags}
service = ask('ecs').describe_services(cluster='moleculeflow', services=['api'])['services'][0]
group = ask('autoscaling').describe_auto_scaling_groups(AutoScalingGroupNames=['moleculeflow-workers'])['AutoScalingGroups'][0]
print(json.dumps({
    'databases': {it['DBInstanceIdentifier']: database(it) for it in rds.describe_db_instances()['DBInstances'] if not it.get('DBClusterIdentifier')},
    'host': ask('ssm').get_parameter(Name='/moleculeflow/database/host')['Parameter']['Value'],
    'tasks': service['runningCount'],
    'workers': len([it for it in group['Instances'] if it['LifecycleState'] == 'InService']),
    'switched': 'active' in [it['Key'] for it in ask('s3').list_objects_v2(Bucket='moleculeflow-switch-' + region).get('Contents', [])],
    'secret_follows': ask('secretsmanager').describe_secret(SecretId='moleculeflow/database').get('PrimaryRegion'),
}))
"""


class DemoError(Exception):
    """The demo saw something else than it promises."""


#: What ends a story: it is told in a line, without a trace.
TROUBLE = (DemoError, services.LabError, venv.VenvError, mirror.MirrorError, subprocess.CalledProcessError)


class Story:
    """The lab, the estate in it, and what is told about both."""

    def __init__(self, state: dict, lab: Path, binary: Path, plan: Path = PLAN) -> None:
        self.python = venv.ensure()
        self.control = Control(state["services"]["aws"]["url"])
        self.environment = {**os.environ, **environment.variables(lab, state), "DRCTL_PLAN": str(plan)}
        self.lab = lab
        self.binary = binary
        self.steps = 0

    def step(self, title: str, why: str) -> None:
        """Announces what comes and why."""
        self.steps += 1
        print(f"\n{BOLD}{self.steps}. {title}{PLAIN}\n   {DIM}{why}{PLAIN}\n", flush=True)

    def say(self, text: str) -> None:
        """One line of what was seen."""
        print(f"     {text}", flush=True)

    def start(self, *arguments: str, **other: Any) -> subprocess.Popen:
        """Starts drctl and leaves it running; its output is a pipe."""
        settings = {**self.environment, **other.pop("environment", {})}
        return subprocess.Popen([str(self.binary), *arguments], env=settings, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, **other)

    def drctl(self, *arguments: str, expect: int | tuple[int, ...] = 0, quiet: bool = False) -> str:
        """Runs drctl and shows what it prints, as it comes, and how long it has been silent."""
        print(f"   $ drctl {' '.join(arguments)}", flush=True)
        process = self.start(*arguments)
        begun = last = time.monotonic()
        over = threading.Event()

        def wait() -> None:
            while not over.wait(1):
                now = time.monotonic()
                if now - last >= QUIET and int(now - last) % QUIET == 0:
                    self.say(f"{DIM}... still waiting, {now - begun:.0f} s since it began{PLAIN}")

        threading.Thread(target=wait, daemon=True).start()
        lines = []
        assert process.stdout is not None
        for line in process.stdout:
            last = time.monotonic()
            lines.append(line)
            if not quiet:
                self.say(line.rstrip())
        code = process.wait()
        over.set()
        print(f"     {DIM}exit {code}, {time.monotonic() - begun:.1f} s{PLAIN}", flush=True)
        if code not in (expect if isinstance(expect, tuple) else (expect,)):
            raise DemoError(f"drctl {arguments[0]} ended with {code}, expected {expect}:\n{''.join(lines)}")
        return "".join(lines)

    def run(self, *command: str) -> str:
        """Runs something in the lab's environment."""
        done = subprocess.run([str(self.python), *command], env=self.environment, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise DemoError(f"{command[0][:40]} ended with {done.returncode}:\n{done.stdout}{done.stderr}")
        return done.stdout

    def seed(self) -> None:
        """Makes the estate, with clients of its databases."""
        self.run(str(HERE / "moleculeflow.py"))
        for region, instance in ((EAST, "moleculeflow-prod"), (WEST, "moleculeflow-replica")):
            self.control.ask("/lab/clients", {"region": region, "instance": instance, "clients": CLIENTS})

    def look(self, region: str) -> dict[str, Any]:
        """What the emulated AWS shows of a region, asked with AWS's own client."""
        return json.loads(self.run("-c", LOOK, region))

    def effects(self, action: str, **wanted: str) -> list[dict[str, Any]]:
        """The calls of an action that took effect, by the emulator's call log."""
        return [call for call in self.control.calls(action=action, **wanted) if call["took_effect"]]

    def hold(self, claim: str, seen: Any, wanted: Any) -> None:
        """A claim, read back: told when it holds, an error when not."""
        if seen != wanted:
            raise DemoError(f"{claim}: AWS shows {seen!r}, expected {wanted!r}")
        self.say(f"{claim}: {seen}")


@contextmanager
def empty(drctl: Path, **pace: float) -> Iterator[Story]:
    """A lab of its own with nothing in it; stopped afterwards. Beside `Story.lab` there is room that goes with it."""
    with tempfile.TemporaryDirectory(prefix="dr-story-") as scratch:
        lab = Path(scratch) / "lab"
        try:
            demo = Story(services.up(lab, venv.ensure()), lab, drctl.resolve())
            demo.control.pace(**pace)
            yield demo
        finally:
            services.down(lab)


@contextmanager
def fresh(drctl: Path, **pace: float) -> Iterator[Story]:
    """The same with the estate in it, its plan published and observed."""
    with empty(drctl, **pace) as demo:
        demo.seed()
        for command in (("plan", "publish"), ("observe",)):
            subprocess.run([str(demo.binary), *command], env=demo.environment, check=True, capture_output=True)
        yield demo


def play(drctl: Path, period: int, tell: Callable[[Story], None], source: str) -> int:
    """Tells a story in a lab of its own, at the pace of demos; 0 when everything was as it is told."""
    started = time.monotonic()
    try:
        with empty(drctl, phase=0.5, lying=0.5, period=period) as demo:
            tell(demo)
    except TROUBLE as error:
        print(f"\ndemo: {error}", file=sys.stderr)
        return 1
    print(f"\nDone in {time.monotonic() - started:.0f} s. {source}")
    return 0
