#!/usr/bin/env python3
"""Kills `drctl` with SIGKILL in the middle of a failover, again and again at other moments; each time the next run finishes it.

By the emulator's call log no act that cannot be undone took effect twice. `make kills KILLS=30` runs it.
"""

from __future__ import annotations

import argparse
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

from story import EAST, TROUBLE, WEST, DemoError, Story, empty  # noqa: E402

ONE_WAY = ("PromoteReadReplica", "StopReplicationToReplica")
RUN = ("--lost", EAST, "--accept", "unfenced", "--reason", "the region is gone", "--poll", "0.2", "--heartbeat", "1")


def effects(demo: Story) -> dict[str, int]:
    """How often each act that cannot be undone took effect."""
    return {action: len(demo.effects(action)) for action in ONE_WAY}


def kill_at(demo: Story, after: float) -> str:
    """One failover, killed after so many seconds and resumed until it is done; what happened, in a line."""
    demo.seed()
    for command in (("plan", "publish"), ("observe",)):
        subprocess.run([str(demo.binary), *command], env=demo.environment, check=True, capture_output=True)
    demo.control.ask("/lab/lost-regions", {"regions": [EAST]})
    process = subprocess.Popen([str(demo.binary), "run", "--to", WEST, *RUN], env=demo.environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    time.sleep(after)
    process.send_signal(signal.SIGKILL)
    first = process.communicate()[0].strip().splitlines()
    killed = process.returncode == -signal.SIGKILL
    begun = any(line.startswith("execution ") for line in first)
    # Nothing was written down yet: then it is begun anew.
    again = ("resume", *RUN) if begun else ("run", "--to", WEST, *RUN)
    done = subprocess.run([str(demo.binary), *again], env=demo.environment, capture_output=True, text=True, check=False)
    if killed and done.returncode != 5:
        raise DemoError(f"killed after {after:.2f} s; the next run ended with {done.returncode}:\n{done.stdout}{done.stderr}")
    twice = {action: count for action, count in effects(demo).items() if count != 1}
    seen = demo.look(WEST)
    if twice or seen["databases"]["moleculeflow-replica"]["follows"] or seen["tasks"] != 4 or not seen["switched"]:
        raise DemoError(f"killed after {after:.2f} s: effects {effects(demo)}, AWS shows {seen}")
    last = first[-1].strip() if first else "nothing said"
    return f"{'killed' if killed else 'over before the kill'} after {after:.2f} s, at: {last[:90]}"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--drctl", required=True, type=Path, help="the break-glass CLI")
    parser.add_argument("--kills", type=int, default=30, help="how many failovers are killed")
    parser.add_argument("--seed", type=int, default=1, help="draws the moments")
    args = parser.parse_args()
    draw = random.Random(args.seed)
    try:
        for number in range(args.kills):
            with empty(args.drctl, phase=0.4, lying=0.4) as demo:
                print(f"{number + 1:>3}: {kill_at(demo, draw.uniform(0.05, 5.0))}", flush=True)
    except TROUBLE as error:
        print(f"kills: {error}", file=sys.stderr)
        return 1
    print(f"{args.kills} failovers were killed and finished; nothing that cannot be undone took effect twice")
    return 0


if __name__ == "__main__":
    sys.exit(main())
