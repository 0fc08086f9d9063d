#!/usr/bin/env python3
"""Shows a whole region failing over, and the way home, by `terraform apply`: `examples/region-failover`, emulated AWS.
`make demo` runs it; `failover_demo.py` tells the same story by `drctl`.

Every claim on screen is read back from the emulated AWS with AWS's own client, or from the emulator's call log.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

from failover_claims import NEW, at_peace, east_serves, reprotected, west_serves  # noqa: E402
from failover_home import back  # noqa: E402
from story import EAST, WEST, DemoError, Story, play  # noqa: E402
from terraform_root import EXAMPLE, TerraformRoot, paced  # noqa: E402

AWAY = ("-var=active_region=us-west-2", "-var=mode=failover")
THERE = ("-var=active_region=us-west-2",)
REPROTECT = "-invoke=action.dr_reprotect.moleculeflow"
#: Seconds between datapoints of metrics. In AWS it is a minute.
PERIOD = 3


def example(demo: Story, binary: Path) -> TerraformRoot:
    """The example's root, at a pace for emulators."""
    main = paced((EXAMPLE / "main.tf").read_text(encoding="utf-8"), heartbeat="3s", poll="1s")
    reprotect = (EXAMPLE / "reprotect.tf").read_text(encoding="utf-8")
    return TerraformRoot(demo, binary, {"main.tf": main, "reprotect.tf": reprotect})


def accepted(hours: float = 1) -> str:
    """The consent that the refusal asks for, as the variable of the example."""
    until = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + hours * 3600))
    return f"-var=accept_unfenced_until={until}"


def lose_east(demo: Story, root: TerraformRoot) -> None:
    """us-east-1 answers nobody, and is declared lost."""
    demo.control.ask("/lab/lost-regions", {"regions": [EAST]})
    demo.control.lag(WEST, NEW, seconds=1, source_dead_since=time.time())
    root.environment["DR_LOST_REGIONS"] = EAST


def away(demo: Story, root: TerraformRoot) -> None:
    """A region is lost, and an edit makes another one active."""
    demo.step("Peace: production runs in us-east-1, us-west-2 waits", "The apply publishes the failover plan to a store in each region, adopts us-east-1 as active, and writes down what runs.")
    demo.seed()
    root.terraform("init", keep=("Installed", "successfully initialized"))
    root.terraform("apply", "-auto-approve", keep=("already is active", "Apply complete", "digest ="))

    demo.step("us-east-1 is lost, and a gate refuses", "Nobody can prove that the old database accepts no writes any more: promoting now could leave two writers.")
    lose_east(demo, root)
    print("   $ export DR_LOST_REGIONS=us-east-1", flush=True)
    root.terraform("plan", *AWAY, expect=1, since="Error:")
    demo.hold("promotions, by the emulator's call log", len(demo.effects("PromoteReadReplica")), 0)

    demo.step("Somebody decides: an edit and a consent", "The plan says what would be done, what would be lost and what cannot be undone; the apply does it.")
    root.terraform("plan", "-out=away", *AWAY, accepted(), since="Warning: failover of", till="────", keep=("~ active_region", "Plan:"))
    root.terraform("apply", "away", keep=("Modifying", "Still modifying", "Modifications", "Warning: Done", "Apply complete"))

    demo.step("Read back from AWS", "What the apply said is what AWS says.")
    west_serves(demo)


def home(demo: Story, root: TerraformRoot) -> None:
    """The region is back: reprotect, the switchover home, and peace."""
    back(demo)
    del root.environment["DR_LOST_REGIONS"]
    print("   $ unset DR_LOST_REGIONS", flush=True)

    demo.step("Reprotect", "The second writer is fenced, renamed and kept; a new replica is made under its old name. Nothing is deleted.")
    root.terraform("apply", "-auto-approve", *THERE, REPROTECT, keep=("Action started", "Action complete", "Apply complete"))
    reprotected(demo)

    demo.step("Home, without loss: the edit is taken back", "Writers in us-west-2 are stopped, nobody is connected for two datapoints, the last write is replayed; only then us-east-1 is promoted.")
    root.terraform("apply", "-auto-approve", keep=("~ active_region", "Modifying", "Still modifying", "Modifications", "Apply complete"))
    demo.step("Read back from AWS", "us-east-1 serves again.")
    east_serves(demo)

    demo.step("Peace again", "The writer that was left is kept under another name too, and us-west-2 follows as before.")
    root.terraform("apply", "-auto-approve", REPROTECT, keep=("Action started", "Action complete", "Apply complete"))
    at_peace(demo)
    text = root.terraform("plan", "-detailed-exitcode", keep=("No changes",))
    if "No changes" not in text:
        raise DemoError(f"the plan at home is not empty:\n{text}")


def tell(demo: Story, binary: Path) -> None:
    root = example(demo, binary)
    away(demo, root)
    home(demo, root)


def told(binary: Path, drctl: Path, period: int = PERIOD) -> int:
    """The whole of it, in a lab of its own; 0 when everything was as it is told."""
    return play(drctl, period, lambda demo: tell(demo, binary), "The root is examples/region-failover.")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--binary", required=True, type=Path, help="the provider")
    parser.add_argument("--drctl", required=True, type=Path, help="the break-glass CLI")
    parser.add_argument("--period", type=int, default=PERIOD, help="seconds between datapoints of metrics; 60 in AWS (default: %(default)s)")
    args = parser.parse_args()
    return told(args.binary, args.drctl, args.period)


if __name__ == "__main__":
    sys.exit(main())
