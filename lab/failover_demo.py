#!/usr/bin/env python3
"""Shows a whole region failing over, and the way home: `drctl`, the plan of `examples/region-failover`, emulated AWS.
`make demo-drctl` runs it.

Every claim on screen is read back from the emulated AWS with AWS's own client, or from the emulator's call log.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

from failover_claims import west_serves  # noqa: E402
from failover_home import home  # noqa: E402
from story import EAST, ROOT, WEST, Story, play  # noqa: E402

PACE = ("--poll", "0.3", "--heartbeat", "3")
#: Seconds between datapoints of metrics. In AWS it is a minute.
PERIOD = 4


def away(demo: Story) -> None:
    """A region is lost, and another one becomes active."""
    lost = ("--lost", EAST)
    demo.step("Peace: production runs in us-east-1, us-west-2 waits", "Databases, services, workers, secrets, names; the plan is published to a store in each region and what runs is observed.")
    demo.seed()
    demo.drctl("plan", "validate")
    demo.drctl("plan", "publish")
    demo.drctl("observe")

    demo.step("us-east-1 is lost", "Its services answer nobody, and with it the control planes of Route 53 and IAM are gone. Should we fail over?")
    demo.control.ask("/lab/lost-regions", {"regions": [EAST]})
    demo.control.lag(WEST, "moleculeflow-replica", seconds=1, source_dead_since=time.time())
    demo.drctl("assess", *lost, expect=3)

    demo.step("A gate refuses", "Nobody can prove that the old database accepts no writes any more: promoting now could leave two writers.")
    demo.drctl("run", "--to", WEST, *lost, *PACE, expect=3)
    demo.hold("promotions, by the emulator's call log", len(demo.effects("PromoteReadReplica")), 0)

    demo.step("Somebody decides", "The consent is bound to this execution, ends in an hour, and stands in the journal with its reason.")
    demo.drctl("resume", *lost, "--accept", "unfenced", "--reason", "us-east-1 is gone, customers wait", *PACE, expect=5)

    demo.step("Read back from AWS", "What the steps said is what AWS says.")
    west_serves(demo)

    demo.step("The evidence", "Who decided what, which gates saw which numbers, how long it took, what stays open.")
    evidence(demo, "failover-evidence.html", *lost)


def evidence(demo: Story, name: str, *lost: str) -> None:
    """The page about the newest execution, and its journal verified."""
    page = ROOT / "target" / name
    page.parent.mkdir(exist_ok=True)
    demo.drctl("report", *lost, "--output", f"html={page}")
    demo.drctl("verify", *lost)
    print(f"   The page with the time line: target/{page.name}")


def tell(demo: Story, period: int) -> None:
    if period != 60:
        print(f"   The lab's time is short: a restart takes half a second, and metrics have a datapoint every {period} s.\n   In AWS they have one a minute, and proofs wait for them: --period 60 waits as long.")
    away(demo)
    home(demo, PACE, lambda: evidence(demo, "switchover-evidence.html"))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--drctl", required=True, type=Path, help="the break-glass CLI")
    parser.add_argument("--period", type=int, default=PERIOD, help="seconds between datapoints of metrics; 60 in AWS (default: %(default)s)")
    args = parser.parse_args()
    return play(args.drctl, args.period, lambda demo: tell(demo, args.period), "The plan is examples/region-failover/plan.json.")


if __name__ == "__main__":
    sys.exit(main())
