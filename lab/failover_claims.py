"""What the stories of a failover claim, read back from the emulated AWS and its call log; whoever ran the failover."""

from __future__ import annotations

from story import EAST, WEST, DemoError, Story

OLD, NEW = "moleculeflow-prod", "moleculeflow-replica"
CLOSED = {EAST: "sg-0aaaaaaaaaaaaaaaa", WEST: "sg-0bbbbbbbbbbbbbbbb"}


def west_serves(demo: Story) -> None:
    """After the failover from a lost us-east-1."""
    seen = demo.look(WEST)
    database = seen["databases"][NEW]
    demo.hold(f"{NEW} follows", database["follows"], None)
    demo.hold("its backups are kept, in days", database["retention"], 30)
    demo.hold("its epoch", database["tags"].get("dr:epoch"), "1")
    demo.hold("the application connects to", seen["host"], "moleculeflow-replica.us-west-2.rds.amazonaws.com")
    demo.hold("tasks and workers that run", (seen["tasks"], seen["workers"]), (4, 3))
    demo.hold("names point at us-west-2", seen["switched"], True)
    demo.hold("the secret follows", seen["secret_follows"], None)
    demo.hold("promotions that took effect, by the call log", len(demo.effects("PromoteReadReplica")), 1)
    stray = [call for call in demo.control.calls(region=EAST) if call["fault"] == "lost_region"]
    demo.hold("calls to the region that was declared lost", len(stray), 0)


def second_writer(demo: Story) -> None:
    """The region that was lost answers again, with a database that never heard of the failover."""
    old = demo.look(EAST)["databases"][OLD]
    demo.hold(f"{OLD} in us-east-1 follows", old["follows"], None)
    open_connections = demo.control.ask("/lab/clients")[f"{EAST}/{OLD}"]
    if open_connections == 0:
        raise DemoError(f"nobody is connected to {OLD}")
    demo.say(f"connections to it: {open_connections}")


def reprotected(demo: Story) -> None:
    """The second writer is fenced and kept, and replication runs the other way."""
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


def east_serves(demo: Story) -> None:
    """After the switchover home."""
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


def at_peace(demo: Story) -> None:
    """us-west-2 follows as before."""
    west = demo.look(WEST)["databases"]
    demo.hold(f"{NEW} follows", west[NEW]["follows"], f"arn:aws:rds:{EAST}:123456789012:db:{OLD}")
    demo.hold("the second writers that are kept", len([name for name in west if name.startswith(f"{NEW}-old-")]), 1)
    demo.hold("instances that were deleted, by the call log", len(demo.control.calls(action="DeleteDBInstance")), 0)
