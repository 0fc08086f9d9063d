"""The second half of the failover's story: the lost region is back, replication is rebuilt, and production goes home."""

from __future__ import annotations

from collections.abc import Callable

from story import EAST, WEST, DemoError, Story

OLD, NEW = "moleculeflow-prod", "moleculeflow-replica"
CLOSED = {EAST: "sg-0aaaaaaaaaaaaaaaa", WEST: "sg-0bbbbbbbbbbbbbbbb"}


def home(demo: Story, pace: tuple[str, ...], evidence: Callable[[], None]) -> None:
    """Reprotect, the switchover home, and reprotect again; each claim read back."""
    back(demo)
    reprotect(demo, pace)
    switchover(demo, pace)
    evidence()
    peace(demo, pace)


def back(demo: Story) -> None:
    """The region answers again, with a database that does not know that it was replaced."""
    demo.step("us-east-1 is back, and with it a second writer", "Its database never heard of the failover: the old tasks are connected to it and could write.")
    demo.control.ask("/lab/lost-regions", {"regions": []})
    demo.control.lag(WEST, NEW, seconds=1)
    old = demo.look(EAST)["databases"][OLD]
    demo.hold(f"{OLD} in us-east-1 follows", old["follows"], None)
    open_connections = demo.control.ask("/lab/clients")[f"{EAST}/{OLD}"]
    if open_connections == 0:
        raise DemoError(f"nobody is connected to {OLD}")
    demo.say(f"connections to it: {open_connections}")
    demo.drctl("status")


def reprotect(demo: Story, pace: tuple[str, ...]) -> None:
    """The second writer is fenced and kept, replication is rebuilt."""
    demo.step("Reprotect", "The second writer is fenced, renamed and kept; a new replica is made under its old name. Nothing is deleted.")
    demo.drctl("run", "--to", WEST, "--mode", "reprotect", *pace)
    east = demo.look(EAST)["databases"]
    kept = [name for name in east if name.startswith(f"{OLD}-old-")]
    demo.hold("the second writer is kept, as", len(kept), 1)
    old, replica = east[kept[0]], east[OLD]
    demo.hold(f"{kept[0]} stands behind", old["groups"], [CLOSED[EAST]])
    demo.hold("connections to it", demo.control.ask("/lab/clients")[f"{EAST}/{kept[0]}"], 0)
    demo.hold(f"{OLD} follows", replica["follows"], f"arn:aws:rds:{WEST}:123456789012:db:{NEW}")
    demo.hold("the secret of us-east-1 follows", demo.look(EAST)["secret_follows"], WEST)
    demo.hold("instances that were deleted, by the call log", len(demo.control.calls(action="DeleteDBInstance")), 0)
    fenced_before(demo)


def fenced_before(demo: Story) -> None:
    """By the call log the second writer was restarted behind its quarantine before it was renamed."""
    modified = demo.effects("ModifyDBInstance", region=EAST)
    closed = [call["time"] for call in modified if CLOSED[EAST] in call["params"].values()]
    renamed = [call["time"] for call in modified if "NewDBInstanceIdentifier" in call["params"]]
    restarted = [call["time"] for call in demo.effects("RebootDBInstance", region=EAST)]
    if len(closed) != 1 or len(renamed) != 1 or not closed[0] < restarted[0] < renamed[0]:
        raise DemoError(f"quarantine {closed}, restarts {restarted}, renaming {renamed}")
    demo.say("by the call log: quarantine, restart, then the new name, each once" if len(restarted) == 1 else f"by the call log: quarantine, {len(restarted)} restarts, then the new name")


def switchover(demo: Story, pace: tuple[str, ...]) -> None:
    """Production goes home without loss."""
    demo.step("Home, without loss", "Writers in us-west-2 are stopped, nobody is connected for two datapoints, the last write is replayed; only then us-east-1 is promoted.")
    demo.drctl("observe")
    demo.drctl("run", "--to", EAST, "--mode", "switchover", *pace)
    demo.step("Read back from AWS", "us-east-1 serves again.")
    east, west = demo.look(EAST), demo.look(WEST)
    demo.hold(f"{OLD} follows", east["databases"][OLD]["follows"], None)
    demo.hold("its epoch", east["databases"][OLD]["tags"].get("dr:epoch"), "2")
    demo.hold("the application connects to", east["host"], "moleculeflow-prod.us-east-1.rds.amazonaws.com")
    demo.hold("tasks and workers that run in us-east-1", (east["tasks"], east["workers"]), (4, 3))
    demo.hold("tasks and workers that run in us-west-2", (west["tasks"], west["workers"]), (0, 0))
    demo.hold(f"{NEW} stands behind", west["databases"][NEW]["groups"], [CLOSED[WEST]])
    demo.hold("names point at us-west-2", west["switched"], False)
    demo.hold("promotions that took effect, by the call log: one each way", [call["region"] for call in demo.effects("PromoteReadReplica")], [WEST, EAST])
    promoted = demo.effects("PromoteReadReplica", region=EAST)[0]["time"]
    stopped = [call["time"] for call in demo.effects("UpdateService", region=WEST) if call["time"] < promoted][-1]
    demo.say(f"from the last task that was asked to stop to the promotion: {promoted - stopped:.0f} s")


def peace(demo: Story, pace: tuple[str, ...]) -> None:
    """us-west-2 becomes the standby again."""
    demo.step("Peace again", "The writer that was left is kept under another name too, and us-west-2 follows as before.")
    demo.drctl("run", "--to", EAST, "--mode", "reprotect", *pace)
    west = demo.look(WEST)["databases"]
    demo.hold(f"{NEW} follows", west[NEW]["follows"], f"arn:aws:rds:{EAST}:123456789012:db:{OLD}")
    demo.hold("the second writers that are kept", len([name for name in west if name.startswith(f"{NEW}-old-")]), 1)
    demo.hold("instances that were deleted, by the call log", len(demo.control.calls(action="DeleteDBInstance")), 0)
