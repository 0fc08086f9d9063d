#!/usr/bin/env python3
"""Kills Terraform and its provider with SIGKILL in the middle of a failover, again and again at other moments; each time the
next apply finishes it.

By the emulator's call log no act that cannot be undone took effect twice. `make kills BY=terraform KILLS=30` runs it.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

from failover_kills import effects  # noqa: E402
from failover_terraform import AWAY, accepted, example, lose_east  # noqa: E402
from story import TROUBLE, WEST, DemoError, Story, empty  # noqa: E402
from terraform_root import TerraformRoot  # noqa: E402

T = TypeVar("T")


def kill_at(demo: Story, root: TerraformRoot, after: float) -> str:
    """One failover, killed after so many seconds and finished by the next apply; what happened, in a line."""
    prepared(demo, root)
    apply = ("apply", "-auto-approve", *AWAY, accepted())
    process = root.start(*apply)
    time.sleep(after)
    # The group holds Terraform and its providers.
    os.killpg(process.pid, signal.SIGKILL)
    said = process.communicate()[0]
    killed = process.returncode == -signal.SIGKILL
    at = (root.progress() or ["before the execution"])[-1]
    before = effects(demo)
    code, text, seconds = root.quietly(*apply)
    if code != 0:
        raise DemoError(f"killed after {after:.2f} s, at {at}; the next apply ended with {code}:\n{said}\n---\n{text}")
    proved(demo, root, f"killed after {after:.2f} s, at {at}")
    done = sum(before.values())
    return f"{'killed' if killed else 'over before the kill'} after {after:5.2f} s, {done} of {len(before)} one-way acts done, at: {at[:80]}; finished in {seconds:.0f} s"


def prepared(demo: Story, root: TerraformRoot) -> None:
    """The estate in peace, held by the root; and then the region is lost."""
    demo.seed()
    for command in (("init",), ("apply", "-auto-approve")):
        code, text, _ = root.quietly(*command)
        if code != 0:
            raise DemoError(f"terraform {command[0]} ended with {code}:\n{text}")
    lose_east(demo, root)


def proved(demo: Story, root: TerraformRoot, moment: str) -> None:
    """What holds after the second apply, whenever the first one was killed."""
    twice = {action: count for action, count in effects(demo).items() if count != 1}
    seen = demo.look(WEST)
    if twice or seen["databases"]["moleculeflow-replica"]["follows"] or seen["tasks"] != 4 or not seen["switched"]:
        raise DemoError(f"{moment}: effects {effects(demo)}, AWS shows {seen}")
    code, text, _ = root.quietly("plan", "-detailed-exitcode", *AWAY)
    if code not in (0, 2) or "active_region        =" in text or "Cannot be undone" in text:
        raise DemoError(f"{moment}: the plan afterwards ended with {code}:\n{text}")
    shown = subprocess.run([str(demo.binary), "status", "--lost", "us-east-1", "--json"], env=demo.environment, capture_output=True, text=True, check=False).stdout
    if "done_unfenced" not in shown:
        raise DemoError(f"{moment}: drctl status says\n{shown}")


def whole(demo: Story, root: TerraformRoot) -> float:
    """Seconds of an apply that nobody kills."""
    prepared(demo, root)
    code, text, seconds = root.quietly("apply", "-auto-approve", *AWAY, accepted())
    if code != 0:
        raise DemoError(f"an apply that nobody killed ended with {code}:\n{text}")
    return seconds


def played(args: argparse.Namespace, act: Callable[[Story, TerraformRoot], T]) -> T:
    """Something in a lab of its own."""
    with empty(args.drctl, phase=0.4, lying=0.4, period=4) as demo:
        return act(demo, example(demo, args.binary))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--binary", required=True, type=Path, help="the provider")
    parser.add_argument("--drctl", required=True, type=Path, help="the break-glass CLI")
    parser.add_argument("--kills", type=int, default=30, help="how many failovers are killed")
    parser.add_argument("--seed", type=int, default=1, help="draws the moments")
    args = parser.parse_args()
    draw = random.Random(args.seed)
    try:
        seconds = played(args, whole)
        print(f"an apply that nobody kills takes {seconds:.1f} s", flush=True)
        for number in range(args.kills):
            # One moment in each part of the apply, so that all of it is hit.
            moment = (number + draw.random()) * seconds / args.kills
            print(f"{number + 1:>3}: {played(args, lambda demo, root, at=moment: kill_at(demo, root, at))}", flush=True)
    except TROUBLE as error:
        print(f"kills: {error}", file=sys.stderr)
        return 1
    print(f"{args.kills} applies were killed and finished by the next one; nothing that cannot be undone took effect twice")
    return 0


if __name__ == "__main__":
    sys.exit(main())
