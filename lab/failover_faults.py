#!/usr/bin/env python3
"""A failover by `drctl` while AWS throttles, fails, breaks connections, or says nothing; and with a region that nobody has
declared lost. Each ends done, with each one-way act once; the waits are measured in the emulator's call log. `make faults`
runs it.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from story import EAST, WEST, DemoError, Story, fresh  # noqa: E402

ONE_WAY = ("PromoteReadReplica", "StopReplicationToReplica")
PACE = ("--poll", "0.2", "--heartbeat", "5")
CONSENT = ("--accept", "unfenced", "--reason", "the region is gone")
AWAY = ("run", "--to", WEST, "--lost", EAST, *CONSENT, *PACE)
#: The longest pause between two calls of a failover, and until it is told that a region seems lost, in seconds.
PAUSE, TOLD = 20.0, 30.0
#: Services of us-west-2 that a failover of the example calls, with how many of their first calls are hit.
SERVICES = {"rds": 3, "ecs": 2, "ssm": 1, "secretsmanager": 2, "autoscaling": 1, "application-autoscaling": 1, "cloudwatch": 1, "s3": 3}
KINDS = ("throttle", "unavailable", "reset_before", "slow", "black_hole")


def once(demo: Story) -> None:
    """Each act that cannot be undone took effect once."""
    for action in ONE_WAY:
        effects = len(demo.effects(action))
        if effects != 1:
            raise DemoError(f"{action} took effect {effects} times")


def longest_pause(demo: Story) -> float:
    """The longest time between two calls of the failover."""
    times = sorted(call["time"] for call in demo.control.calls())
    return max((after - before for before, after in zip(times, times[1:])), default=0.0)


def under(demo: Story, kind: str) -> str:
    """A failover whose first calls to every service are hit."""
    for service, times in SERVICES.items():
        demo.control.fault(kind=kind, times=times, service=service, region=WEST, seconds=3.0 if kind == "slow" else 30.0)
    demo.control.ask("/lab/lost-regions", {"regions": [EAST]})
    demo.control.ask("/lab/calls", method="DELETE")
    return finished(demo, kind)


def unclear(demo: Story, action: str) -> str:
    """The answer of one act is lost after its effect."""
    demo.control.fault(kind="reset_after", action=action, region=WEST)
    demo.control.ask("/lab/lost-regions", {"regions": [EAST]})
    demo.control.ask("/lab/calls", method="DELETE")
    return finished(demo, "reset_after")


def finished(demo: Story, kind: str) -> str:
    """Runs the failover to its end, once more where a refusal says that it can be tried again."""
    begun = time.monotonic()
    done = subprocess.run([str(demo.binary), *AWAY], env=demo.environment, capture_output=True, text=True, check=False, timeout=400)
    if done.returncode != 5:
        raise DemoError(f"it ended with {done.returncode}:\n{done.stdout}{done.stderr}")
    once(demo)
    hit = len([call for call in demo.control.calls() if call["fault"] == kind])
    if hit == 0:
        raise DemoError("no fault hit anything")
    pause = longest_pause(demo)
    if pause > PAUSE:
        raise DemoError(f"{pause:.1f} s without any call")
    return f"done in {time.monotonic() - begun:.0f} s, {hit} calls hit, longest time between two calls {pause:.1f} s"


def not_declared(demo: Story) -> str:
    """The region is lost, nobody has said so yet: drctl tells within a bound, and once it is declared nothing there is called."""
    demo.control.ask("/lab/lost-regions", {"regions": [EAST]})
    demo.control.ask("/lab/calls", method="DELETE")
    begun = time.monotonic()
    first = subprocess.run([str(demo.binary), "run", "--to", WEST, *CONSENT, *PACE], env=demo.environment, capture_output=True, text=True, check=False, timeout=400)
    seconds = time.monotonic() - begun
    calls = [call for call in demo.control.calls() if call["fault"] == "lost_region"]
    pause = longest_pause(demo)
    if pause > PAUSE or seconds > TOLD:
        raise DemoError(f"{pause:.1f} s without any call, {seconds:.0f} s until it was told")
    demo.control.ask("/lab/calls", method="DELETE")
    if first.returncode != 5:
        command = ("resume", "--lost", EAST, *CONSENT, *PACE) if "execution " in first.stdout else AWAY
        done = subprocess.run([str(demo.binary), *command], env=demo.environment, capture_output=True, text=True, check=False, timeout=400)
        if done.returncode != 5:
            raise DemoError(f"declared lost it ended with {done.returncode}:\n{done.stdout}{done.stderr}\nbefore that:\n{first.stdout}{first.stderr}")
        stray = [call for call in demo.control.calls(region=EAST) if call["fault"] == "lost_region"]
        if stray:
            raise DemoError(f"{len(stray)} calls to a region that was declared lost")
    once(demo)
    return f"not declared: exit {first.returncode} after {seconds:.0f} s and {len(calls)} calls there, longest time between two calls {pause:.1f} s; declared: done without a call there"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--drctl", required=True, type=Path, help="the break-glass CLI")
    parser.add_argument("--only", default="", help="scenarios whose name holds these words")
    args = parser.parse_args()
    scenarios = {f"{kind} everywhere": (lambda demo, kind=kind: under(demo, kind)) for kind in KINDS}
    for action in (*ONE_WAY, "PutParameter", "UpdateService"):
        scenarios[f"lost answer of {action}"] = lambda demo, action=action: unclear(demo, action)
    scenarios["a lost region"] = not_declared
    failures = 0
    for name, scenario in scenarios.items():
        if args.only not in name:
            continue
        try:
            with fresh(args.drctl, phase=0.5, lying=0.5, period=4) as demo:
                print(f"{name}: {scenario(demo)}", flush=True)
        except (DemoError, subprocess.SubprocessError) as error:
            failures += 1
            print(f"faults: {name}: {error}", file=sys.stderr, flush=True)
    print("every failover ended done, and nothing that cannot be undone took effect twice" if not failures else f"{failures} scenarios failed")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
