#!/usr/bin/env python3
"""Measures Terraform with this provider: a whole failover beside `drctl`, what a plan reads after four executions, twenty
aliases, a thousand instances, and plans with a region that is lost. `make bench-terraform` runs it; `--only PART` one part
of it.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import os
import statistics
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

from failover_terraform import AWAY, PERIOD, accepted, away, example, home  # noqa: E402
from story import EAST, PLAN, TROUBLE, WEST, DemoError, Story, empty  # noqa: E402
from terraform_root import EXAMPLE, TerraformRoot, paced  # noqa: E402

NAME = "moleculeflow"
POLL, HEARTBEAT = 1, 3
RUN = ("run", "--to", WEST, "--lost", EAST, "--accept", "unfenced", "--reason", "it is measured", "--poll", str(POLL), "--heartbeat", str(HEARTBEAT))
TICK = os.sysconf("SC_CLK_TCK")
PAGE = os.sysconf("SC_PAGE_SIZE")


@dataclass
class Watched:
    """What the provider's processes of one command took, seen every few milliseconds."""

    processes: set[int] = field(default_factory=set)
    cpu: dict[int, float] = field(default_factory=dict)
    most_at_once: int = 0
    most_memory: float = 0.0
    most_shared_out: float = 0.0
    most_of_one: float = 0.0

    def look(self, group: int) -> None:
        """One look at the processes of a group."""
        together, shared_out, alive = 0.0, 0.0, 0
        for entry in Path("/proc").iterdir():
            if not entry.name.isdigit():
                continue
            try:
                stat = (entry / "stat").read_text(encoding="utf-8")
                fields = stat.rpartition(")")[2].split()
                if int(fields[2]) != group or "terraform-provi" not in stat:
                    continue
                pid = int(entry.name)
                rollup = (entry / "smaps_rollup").read_text(encoding="utf-8")
                resident = int((entry / "statm").read_text(encoding="utf-8").split()[1]) * PAGE / 1e6
            except (OSError, IndexError, ValueError):  # It ended meanwhile.
                continue
            self.processes.add(pid)
            self.cpu[pid] = (int(fields[11]) + int(fields[12])) / TICK
            together, alive = together + resident, alive + 1
            # Pages that several processes have in common count once.
            shared_out += next(int(line.split()[1]) / 1e3 for line in rollup.splitlines() if line.startswith("Pss:"))
            self.most_of_one = max(self.most_of_one, resident)
        self.most_at_once = max(self.most_at_once, alive)
        self.most_memory = max(self.most_memory, together)
        self.most_shared_out = max(self.most_shared_out, shared_out)


def watched(root: TerraformRoot, *arguments: str) -> tuple[float, Watched]:
    """Runs Terraform and watches its providers."""
    seen, over = Watched(), threading.Event()
    begun = time.monotonic()
    process = root.start(*arguments)

    def watch() -> None:
        while not over.wait(0.05):
            seen.look(process.pid)

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    text = process.communicate()[0]
    seconds = time.monotonic() - begun
    over.set()
    watcher.join()
    if process.returncode != 0:
        raise DemoError(f"terraform {arguments[0]} ended with {process.returncode}:\n{text}")
    return seconds, seen


def ran(root: TerraformRoot, *arguments: str, expect: tuple[int, ...] = (0,)) -> tuple[float, str]:
    """Runs Terraform; its seconds and what it said."""
    code, text, seconds = root.quietly(*arguments)
    if code not in expect:
        raise DemoError(f"terraform {arguments[0]} ended with {code}:\n{text}")
    return seconds, text


class Bench:
    """One lab, and roots in it."""

    def __init__(self, args: argparse.Namespace, demo: Story) -> None:
        self.args = args
        self.demo = demo
        self.scratch = demo.lab.parent
        self.demo.environment["PYTHONPATH"] = str(HERE)
        self.control = self.demo.control

    def root(self, name: str, content: str) -> TerraformRoot:
        """A root of this content, initialised."""
        root = TerraformRoot(self.demo, self.args.target / "terraform-provider-dr", {"main.tf": content}, name)
        ran(root, "init")
        return root

    def estate(self, name: str) -> None:
        """The estate of the example under another name."""
        self.demo.run("-c", f"import moleculeflow; moleculeflow.NAME = {name!r}; moleculeflow.main()")

    def drctl(self, name: str, *arguments: str, expect: tuple[int, ...] = (0,)) -> float:
        """Runs drctl on the plan of an estate; its seconds."""
        plan = self.scratch / f"{name}.json"
        plan.write_text(PLAN.read_text(encoding="utf-8").replace(NAME, name), encoding="utf-8")
        begun = time.monotonic()
        done = subprocess.run([str(self.demo.binary), *arguments], env={**self.demo.environment, "DRCTL_PLAN": str(plan)}, capture_output=True, text=True, check=False)
        if done.returncode not in expect:
            raise DemoError(f"drctl {arguments[0]} ended with {done.returncode}:\n{done.stdout}{done.stderr}")
        return time.monotonic() - begun

    def example(self, name: str) -> TerraformRoot:
        """The root of an estate, applied: it holds us-east-1."""
        main = paced((EXAMPLE / "main.tf").read_text(encoding="utf-8").replace(NAME, name), f"{HEARTBEAT}s", f"{POLL}s")
        root = self.root(name, main)
        ran(root, "apply", "-auto-approve")
        return root


def failovers(bench: Bench) -> None:
    """A whole failover by drctl and by Terraform, in turn, in one lab, at the same pace."""
    rounds = range(bench.args.rounds)
    bench.control.pace(phase=0.1, lying=0.1, period=4)
    for number in rounds:
        bench.estate(f"one{number}")
        bench.estate(f"two{number}")
        bench.drctl(f"one{number}", "plan", "publish")
        bench.drctl(f"one{number}", "observe")
    roots = [bench.example(f"two{number}") for number in rounds]
    bench.control.pace(phase=bench.args.phase, lying=bench.args.phase)
    bench.control.ask("/lab/lost-regions", {"regions": [EAST]})
    by_drctl, by_terraform, inside = [], [], []
    for number, root in zip(rounds, roots):
        by_drctl.append(bench.drctl(f"one{number}", *RUN, expect=(5,)))
        root.environment["DR_LOST_REGIONS"] = EAST
        seconds, text = ran(root, "apply", "-auto-approve", *AWAY, accepted())
        by_terraform.append(seconds)
        told = [line for line in text.splitlines() if "Modifications complete after" in line]
        inside.append(float(told[0].split("after ")[1].split("s")[0].split()[0]))
    one, two = statistics.median(by_drctl), statistics.median(by_terraform)
    print(f"| a whole failover, phases of {bench.args.phase:g} s, medians of {bench.args.rounds} | drctl run {one:.1f} s | terraform apply {two:.1f} s, of which the resource {statistics.median(inside):.0f} s | {100 * (two / one - 1):+.0f} % |", flush=True)


def reads(bench: Bench) -> None:
    """What a plan asks of the stores after a failover, a reprotect, the switchover home and another reprotect."""
    bench.control.pace(phase=0.5, lying=0.5, period=PERIOD)
    root = example(bench.demo, bench.args.target / "terraform-provider-dr")
    with contextlib.redirect_stdout(io.StringIO()):
        away(bench.demo, root)
        home(bench.demo, root)
    before = len(bench.control.calls())
    seconds, _ = ran(root, "plan")
    calls = [call["action"] for call in bench.control.calls()[before:] if call["service"] == "s3"]
    entries = [action for action in calls if action.startswith("GET") and "/executions/" in action]
    print(f"| terraform plan of the example after four executions | {seconds:.1f} s | {len(calls)} requests to S3, of which {len(entries)} read {len(set(entries))} entries of journals |", flush=True)


def aliases(bench: Bench) -> None:
    """Twenty aliases, a hundred data sources, all at once."""
    bench.control.pace(phase=0.1, lying=0.1)
    bench.demo.run("-c", "import seed; seed.seed('orders', 'orders-replica')")
    content = ['terraform {\n  required_providers {\n    dr = { source = "estate-recovery/dr" }\n  }\n}\n']
    for number in range(20):
        content.append(f'provider "dr" {{\n  alias  = "p{number}"\n  region = "{WEST}"\n}}\n')
        content.append(f'data "dr_replication_status" "p{number}" {{\n  count = 5\n  provider = dr.p{number}\n  rds_instances = {{ copy = {{ db_instance_identifier = "orders-replica" }} }}\n}}\n')
    root = bench.root("aliases", "".join(content))
    seconds, seen = watched(root, "apply", "-auto-approve", "-parallelism=100")
    print(f"| 20 aliases, 100 data sources, -parallelism=100 | apply {seconds:.1f} s | {seen.most_at_once} processes at once, {seen.most_memory:.0f} MB resident together ({seen.most_shared_out:.0f} MB where what they share counts once), {seen.most_of_one:.0f} MB the largest | provider CPU {sum(seen.cpu.values()):.1f} s |", flush=True)


def instances(bench: Bench) -> None:
    """A thousand resources of one provider, all at once."""
    stores = bench.scratch / "stores"
    content = f"""
terraform {{
  required_providers {{
    dr = {{ source = "estate-recovery/dr" }}
  }}
}}
provider "dr" {{
  region = "{WEST}"
}}
resource "dr_failover_plan" "many" {{
  count     = {bench.args.instances}
  name      = "many-${{count.index}}"
  regions   = ["{EAST}", "{WEST}"]
  authority = "promote"
  tiers     = {{ critical = {{ rto = "1h", rpo = "5m" }} }}
  stores = {{
    {EAST} = {{ directory = "{stores}/east/${{count.index}}" }}
    {WEST} = {{ directory = "{stores}/west/${{count.index}}" }}
  }}
  steps = [{{
    name = "promote"
    tier = "critical"
    rds_promote_replica = {{ instances = {{ {EAST} = "orders", {WEST} = "orders-replica" }} }}
  }}]
}}
"""
    root = bench.root("instances", content)
    for title, command in (("apply", ("apply", "-auto-approve")), ("plan again", ("plan",))):
        seconds, seen = watched(root, *command, "-parallelism=100")
        print(f"| {bench.args.instances} failover plans, -parallelism=100 | {title} {seconds:.1f} s | provider {seen.most_of_one:.1f} MB | provider CPU {sum(seen.cpu.values()):.1f} s |", flush=True)


def lost(bench: Bench) -> None:
    """Plans of the whole estate: in peace, with a lost region that is declared, and with one that is not."""
    bench.control.pace(phase=0.1, lying=0.1, period=4)
    bench.demo.seed()
    root = bench.example(NAME)
    peace, _ = ran(root, "plan")
    bench.control.ask("/lab/lost-regions", {"regions": [EAST]})
    silent, text = ran(root, "plan", expect=(0, 1))
    root.environment["DR_LOST_REGIONS"] = EAST
    declared, _ = ran(root, "plan")
    ended = "an error that says what to declare" if "DR_LOST_REGIONS" in text else "a plan"
    print(f"| terraform plan of the example's root | in peace {peace:.1f} s | us-east-1 silent, nothing declared: {silent:.0f} s, {ended} | declared lost: {declared:.1f} s |", flush=True)


PARTS = {"failovers": failovers, "reads": reads, "aliases": aliases, "instances": instances, "lost": lost}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--target", type=Path, required=True, help="directory of the binaries")
    parser.add_argument("--only", choices=PARTS, action="append", help="this part; may be given several times (default: all)")
    parser.add_argument("--rounds", type=int, default=3, help="failovers of each (default: %(default)s)")
    parser.add_argument("--phase", type=float, default=0.5, help="seconds of a phase of a database's lifecycle; minutes in AWS (default: %(default)s)")
    parser.add_argument("--instances", type=int, default=1000, help="resources at once (default: %(default)s)")
    args = parser.parse_args()
    for name in args.only or PARTS:
        try:
            with empty(args.target / "drctl") as demo:
                PARTS[name](Bench(args, demo))
        except TROUBLE as error:
            print(f"bench: {error}", file=sys.stderr)
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
