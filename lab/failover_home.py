"""The second half of the failover's story: the lost region is back, replication is rebuilt, and production goes home."""

from __future__ import annotations

from collections.abc import Callable

from failover_claims import NEW, at_peace, east_serves, reprotected, second_writer
from story import EAST, WEST, Story


def home(demo: Story, pace: tuple[str, ...], evidence: Callable[[], None]) -> None:
    """Reprotect, the switchover home, and reprotect again; each claim read back."""
    back(demo)
    demo.drctl("status")
    demo.step("Reprotect", "The second writer is fenced, renamed and kept; a new replica is made under its old name. Nothing is deleted.")
    demo.drctl("run", "--to", WEST, "--mode", "reprotect", *pace)
    reprotected(demo)
    demo.step("Home, without loss", "Writers in us-west-2 are stopped, nobody is connected for two datapoints, the last write is replayed; only then us-east-1 is promoted.")
    demo.drctl("observe")
    demo.drctl("run", "--to", EAST, "--mode", "switchover", *pace)
    demo.step("Read back from AWS", "us-east-1 serves again.")
    east_serves(demo)
    evidence()
    demo.step("Peace again", "The writer that was left is kept under another name too, and us-west-2 follows as before.")
    demo.drctl("run", "--to", EAST, "--mode", "reprotect", *pace)
    at_peace(demo)


def back(demo: Story) -> None:
    """The region answers again, with a database that does not know that it was replaced."""
    demo.step("us-east-1 is back, and with it a second writer", "Its database never heard of the failover: the old tasks are connected to it and could write.")
    demo.control.ask("/lab/lost-regions", {"regions": []})
    demo.control.lag(WEST, NEW, seconds=1)
    second_writer(demo)
