#!/usr/bin/env python3
"""Shows the promotion of one replica, held in Terraform: real Terraform, this provider, emulated AWS. `make demo-promotion`
runs it."""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

from control import Control  # noqa: E402
from launcher import environment, mirror, services, venv  # noqa: E402

ROOT = HERE.parent
REPLICA, REGION = "moleculeflow-replica", "us-west-2"
BOLD, DIM, PLAIN = ("\033[1m", "\033[2m", "\033[0m") if sys.stdout.isatty() else ("", "", "")


class DemoError(Exception):
    """The demo saw something else than it promises."""


class Demo:
    """A Terraform root of its own in the lab, and what is told about it."""

    def __init__(self, state: dict, lab: Path, work: Path) -> None:
        self.python = venv.ensure()
        self.control = Control(state["services"]["aws"]["url"])
        self.environment = {**os.environ, **environment.variables(lab, state)}
        self.work = work
        self.steps = 0

    def step(self, title: str, why: str) -> None:
        """Announces what comes and why."""
        self.steps += 1
        print(f"\n{BOLD}{self.steps}. {title}{PLAIN}\n   {DIM}{why}{PLAIN}\n", flush=True)

    def terraform(self, *arguments: str, expect: int = 0, keep: tuple[str, ...] = (), since: str = "") -> str:
        """Runs Terraform and shows what it prints: lines with one of the words in `keep`, and all from `since` on."""
        print(f"   $ terraform {' '.join(arguments)}", flush=True)
        quiet = list(arguments)
        if arguments[0] in ("plan", "apply", "init"):
            quiet[1:1] = ["-no-color", "-input=false"]
        log = self.work / "provider.log"
        log.unlink(missing_ok=True)
        watched = {**self.environment, "TF_LOG_PROVIDER": "INFO", "TF_LOG_PATH": str(log)}
        done = subprocess.run(["terraform", *quiet], cwd=self.work, env=watched, capture_output=True, text=True, check=False)
        text = done.stdout + done.stderr
        whole = False
        for line in text.splitlines():
            whole = whole or (since != "" and since in line)
            if line.strip() and (whole or any(word in line for word in keep)):
                print(f"     {line}", flush=True)
        for line in log.read_text(encoding="utf-8").splitlines() if log.exists() else []:
            progress = re.search(r"(\[\d\d:\d\d\] [^:]*.*?): (?:@|instance=|region=|tf_)", line)
            if progress:
                print(f"     {DIM}provider: {progress.group(1)}{PLAIN}", flush=True)
        if done.returncode != expect:
            raise DemoError(f"terraform {arguments[0]} ended with {done.returncode}, expected {expect}:\n{text}")
        print(f"     {DIM}exit {done.returncode}{PLAIN}", flush=True)
        return text

    def aws(self) -> dict:
        """The instance, asked of AWS with AWS's own Python client."""
        code = f"import boto3, json; print(json.dumps(boto3.client('rds', region_name='{REGION}').describe_db_instances(DBInstanceIdentifier='{REPLICA}')['DBInstances'][0], default=str))"
        shown = subprocess.run([str(self.python), "-c", code], env=self.environment, capture_output=True, text=True, check=True)
        return json.loads(shown.stdout)

    def show_aws(self) -> dict:
        """Prints what AWS says of the instance."""
        seen = self.aws()
        source = seen.get("ReadReplicaSourceDBInstanceIdentifier") or "nobody: it is a writer"
        print(f"     AWS says: {REPLICA} in {REGION} is {seen['DBInstanceStatus']}, follows {source},", flush=True)
        print(f"     backups kept {seen['BackupRetentionPeriod']} days, deletion protection {seen['DeletionProtection']}", flush=True)
        return seen

    def seed(self) -> None:
        """Makes the databases anew."""
        subprocess.run([str(self.python), str(HERE / "seed.py")], env=self.environment, check=True, stdout=subprocess.DEVNULL)


def story(demo: Demo) -> None:
    """The story, each claim read back from AWS."""
    demo.step("A database in us-east-1, its replica in us-west-2", "This is the estate in peace; AWS is emulated on this machine.")
    demo.seed()
    if not demo.show_aws().get("ReadReplicaSourceDBInstanceIdentifier"):
        raise DemoError("the replica follows nobody")
    demo.terraform("init", keep=("Installed", "initialized"))

    demo.step("Hold the role: role = \"replica\"", "The plan shows the source, the data source shows the lag. Nothing is touched.")
    demo.terraform("plan", keep=("role ", "source_arn", "lag_seconds", "health", "Plan:", "adopted"))
    demo.terraform("apply", "-auto-approve", keep=("adopted", "Apply complete"))

    demo.step("A gate refuses: the replica is 15 minutes behind", "Promoting now would lose 15 minutes; 5 are allowed. Nothing may be touched.")
    demo.control.lag(REGION, REPLICA, seconds=900)
    demo.terraform("apply", "-auto-approve", "-var=role=primary", expect=1, since="Error:")
    if demo.control.calls(action="PromoteReadReplica"):
        raise DemoError("something was promoted")
    print("     the emulator's call log has no PromoteReadReplica", flush=True)

    demo.step("Fail over: role = \"primary\"", "The lag is a second again. The plan shows the one-way act, the gates and the data at risk.")
    demo.control.lag(REGION, REPLICA, seconds=1)
    demo.terraform("plan", "-var=role=primary", keep=("role ", "Plan:"), since="Warning:")
    demo.terraform("apply", "-auto-approve", "-var=role=primary", keep=("Modifying", "Still modifying", "Modifications", "Apply complete"))
    seen = demo.show_aws()
    if seen.get("ReadReplicaSourceDBInstanceIdentifier") or seen["BackupRetentionPeriod"] != 7 or not seen["DeletionProtection"]:
        raise DemoError(f"AWS shows something else: {seen}")

    demo.step("Apply again", "What is done is done. (The first apply only brings the measured outputs up to date.)")
    demo.terraform("apply", "-auto-approve", "-var=role=primary", keep=("No changes", "Apply complete"))
    demo.terraform("plan", "-detailed-exitcode", "-var=role=primary", keep=("No changes",))

    demo.step("Somebody promotes behind Terraform's back", "A failover by hand is a fact. It is recorded, never undone by a plan.")
    print("     (a new replica, held as \"replica\", then promoted with AWS's own client)", flush=True)
    by_hand(demo)
    text = demo.terraform("plan", keep=("Plan:",), since="Warning:")
    if "changed outside Terraform" not in text or " to change" in text:
        raise DemoError("the plan does not leave the promotion alone")


def by_hand(demo: Demo) -> None:
    """Starts over with a fresh replica and promotes it outside."""
    code = f"""
import boto3, seed
rds = boto3.client('rds', region_name='{REGION}')
rds.modify_db_instance(DBInstanceIdentifier='{REPLICA}', DeletionProtection=False, ApplyImmediately=True)
rds.delete_db_instance(DBInstanceIdentifier='{REPLICA}', SkipFinalSnapshot=True)
seed.seed('moleculeflow-prod', '{REPLICA}')
"""
    settings = {**demo.environment, "PYTHONPATH": str(HERE)}
    subprocess.run([str(demo.python), "-c", code], env=settings, check=True)
    demo.terraform("state", "rm", "dr_replica_promotion.orders", keep=("Removed",))
    demo.terraform("apply", "-auto-approve", "-var=role=replica", keep=("Apply complete",))
    promote = f"""
import boto3, seed, time
rds = boto3.client('rds', region_name='{REGION}')
rds.promote_read_replica(DBInstanceIdentifier='{REPLICA}')
while rds.describe_db_instances(DBInstanceIdentifier='{REPLICA}')['DBInstances'][0].get('ReadReplicaSourceDBInstanceIdentifier'):
    time.sleep(0.1)
seed.wait(rds, '{REPLICA}')
"""
    subprocess.run([str(demo.python), "-c", promote], env=settings, check=True)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--binary", required=True, type=Path, help="the provider")
    args = parser.parse_args()
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="dr-demo-") as scratch:
        lab = Path(scratch) / "lab"
        python = venv.ensure()
        try:
            state = services.up(lab, python)
            mirror.add(lab, "estate-recovery/dr", "0.1.0", args.binary)
            work = Path(scratch) / "root"
            work.mkdir()
            shutil.copy(ROOT / "examples" / "replica-promotion" / "main.tf", work)
            demo = Demo(state, lab, work)
            demo.control.pace(phase=1.0, lying=1.0)
            story(demo)
        except (DemoError, services.LabError, mirror.MirrorError, subprocess.CalledProcessError) as error:
            print(f"\ndemo: {error}", file=sys.stderr)
            return 1
        finally:
            services.down(lab)
    print(f"\nDone in {time.monotonic() - started:.0f} s. The root is examples/replica-promotion; `make lab-up` gives you the lab to try your own.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
