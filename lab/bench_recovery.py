#!/usr/bin/env python3
"""Measures `drctl`: start, memory, what the engine costs a step, how long a large plan takes, how often the target's store is
asked, and the oldest glibc it runs on. `make bench-recovery` runs it; `--check` fails over a limit.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from story import EAST, WEST, DemoError, Story, fresh  # noqa: E402

#: What README.md promises.
START_MS, RSS_MB, STEP_MS, PLAN_MS, REQUESTS, GLIBC = 10.0, 40.0, 5.0, 50.0, 2.0, (2, 34)
STORE = f"moleculeflow-dr-{WEST}"
RUN = ("run", "--to", WEST, "--lost", EAST, "--accept", "unfenced", "--reason", "it is measured", "--poll", "0.3")


def milliseconds(command: list[str], rounds: int) -> float:
    """The median of so many runs."""
    taken = []
    for _ in range(rounds + 1):
        begun = time.perf_counter()
        subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)
        taken.append((time.perf_counter() - begun) * 1000)
    return statistics.median(taken[1:])


def glibc(binary: Path) -> tuple[int, int]:
    """The newest version of glibc that a symbol of the binary asks for."""
    found = re.findall(rb"GLIBC_(\d+)\.(\d+)", binary.read_bytes())
    if not found:
        raise DemoError(f"{binary} names no version of glibc")
    return max((int(major), int(minor)) for major, minor in found)


def large_plan(steps: int) -> str:
    """A plan of so many steps."""
    regions = (EAST, WEST)
    first = {"name": "promote", "tier": "critical", "after": [], "rds_promote_replica": {"instances": dict(zip(regions, ("orders", "orders-replica")))}}
    rest = [{"name": f"value-{number}", "tier": "critical", "application_target": {"parameters": [{"name": f"/orders/{number}", "values": {EAST: "a", WEST: "b"}}]}} for number in range(steps - 1)]
    return json.dumps({
        "schema": 1, "name": "orders", "regions": regions, "tiers": {"critical": {"rto": "24h", "rpo": "5m"}}, "authority": "promote",
        "stores": {region: {"bucket": f"orders-dr-{region}", "prefix": "failover/"} for region in regions}, "steps": [first, *rest],
    })


def failover(demo: Story) -> tuple[float, float, str]:
    """Peak memory of a run in MB, and requests to the target's store for each entry of the journal."""
    demo.control.ask("/lab/lost-regions", {"regions": [EAST]})
    demo.control.ask("/lab/calls", method="DELETE")
    process = demo.start(*RUN)
    assert process.stdout is not None
    text = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 5:
        raise DemoError(f"the run ended with {process.returncode}:\n{text}")
    calls = [call["action"] for call in demo.control.calls(service="s3") if f"/{STORE}" in call["action"]]
    entries = [action for action in calls if action.startswith("PUT ") and "/executions/" in action]
    return usage.ru_maxrss / 1000, len(calls) / len(entries), f"{len(calls)} requests, {len(entries)} entries"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--target", type=Path, required=True, help="directory of release binaries")
    parser.add_argument("--check", action="store_true", help="exit 1 over a limit")
    args = parser.parse_args()
    binary = (args.target / "drctl").resolve()
    try:
        engine = json.loads(subprocess.run([str(args.target / "examples" / "engine_bench")], capture_output=True, text=True, check=True).stdout)
        with tempfile.TemporaryDirectory(prefix="dr-bench-") as scratch:
            plan = Path(scratch) / "plan.json"
            plan.write_text(large_plan(500), encoding="utf-8")
            validated = milliseconds([str(binary), "plan", "validate", "--plan", str(plan)], 15)
        start = milliseconds([str(binary), "--help"], 31)
        with fresh(binary, phase=0.3, lying=0.3) as demo:
            memory, requests, of = failover(demo)
        needs = glibc(binary)
    except (DemoError, subprocess.SubprocessError) as error:
        print(f"bench: {error}", file=sys.stderr)
        return 1
    rows = [
        ("drctl --help, median of 31 starts", start, START_MS, "ms"),
        ("peak memory of a failover", memory, RSS_MB, "MB"),
        (f"the engine's own work for each of {engine['steps']} steps", engine["step_ms"], STEP_MS, "ms"),
        ("drctl plan validate of 500 steps, with its start", validated, PLAN_MS, "ms"),
        (f"requests to the target's store for each entry of the journal ({of})", requests, REQUESTS, ""),
    ]
    print("| measured | value | limit |\n|---|---|---|")
    for name, value, limit, unit in rows:
        print(f"| {name} | {value:.2f} {unit} | {limit:g} {unit} |")
    print(f"| oldest glibc it runs on | {needs[0]}.{needs[1]} | {GLIBC[0]}.{GLIBC[1]} |")
    over = [name for name, value, limit, _ in rows if value > limit] + (["glibc"] if needs > GLIBC else [])
    if over:
        print(f"over the limit: {', '.join(over)}", file=sys.stderr)
    return 1 if over and args.check else 0


if __name__ == "__main__":
    sys.exit(main())
