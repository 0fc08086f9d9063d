"""How many clients are connected to an instance: `AWS/RDS DatabaseConnections`, sampled all the time, with a history.

Who connects is told at `/lab/clients`: so many connections for each running task of an ECS service and each instance in
service of an Auto Scaling group. What runs is looked at in the emulator, so a service that is stopped disconnects. A
security group that lets nothing in keeps new clients out, but open connections go on behind it until the instance restarts
(Amazon VPC User Guide, "Security group connection tracking"). An instance that nobody was named for has datapoints of 0.
"""

from __future__ import annotations

import threading
import time
from typing import Any

from moto.autoscaling.models import autoscaling_backends
from moto.ec2.models import ec2_backends
from moto.ecs.models import ecs_backends
from moto.rds import models

from .ecs_services import settle
from .settings import SETTINGS

ACCOUNT = "123456789012"
#: Statuses in which the database runs and can be connected to.
SERVES = ("available", "backing-up", "modifying", "renaming")
EVERY = 0.1


class History:
    """Since when an instance has had how many connections."""

    def __init__(self) -> None:
        self.changes: list[tuple[float, int]] = []
        self.lock = threading.Lock()

    def now(self) -> int:
        """The newest number."""
        return self.changes[-1][1] if self.changes else 0

    def add(self, at: float, count: int) -> None:
        """What was counted; the first number is taken to have been true before."""
        with self.lock:
            if not self.changes or self.changes[-1][1] != count:
                self.changes.append((at if self.changes else 0.0, count))

    def most(self, start: float, end: float) -> int:
        """The most at any moment from `start` to before `end`."""
        with self.lock:
            before = [count for at, count in self.changes if at <= start][-1:]
            within = [count for at, count in self.changes if start < at < end]
        return max(before + within, default=0)


HISTORIES: dict[str, History] = {}


def _running(region: str, client: str) -> int:
    """How much of a client runs: `ecs:CLUSTER/SERVICE` or `asg:GROUP`."""
    kind, _, name = client.partition(":")
    if kind == "asg":
        group = autoscaling_backends[ACCOUNT][region].autoscaling_groups.get(name)
        states = list(group.instance_states) if group else []
        return len([state for state in states if state.lifecycle_state == "InService"])
    cluster, _, service_name = name.partition("/")
    for service in list(ecs_backends[ACCOUNT][region].services.values()):
        if (service.cluster_name, service.name) == (cluster, service_name):
            settle(service)
            return int(service.running_count)
    return 0


def _lets_in(region: str, instance: models.DBInstance) -> bool:
    """Whether a group of the instance has a rule for what comes in. A group that nobody made has none; the default one of
    AWS lets its own members in, which moto leaves out."""
    groups = ec2_backends[ACCOUNT][region]
    found = [groups.get_security_group_from_id(name) for name in instance.vpc_security_group_ids]
    return any(group is not None and (group.ingress_rules or group.name == "default") for group in found) or not found


def count(region: str, name: str, instance: models.DBInstance, before: int) -> int:
    """The connections of an instance now."""
    if instance.status not in SERVES:
        return 0
    clients = SETTINGS.clients.get(f"{region}/{name}", {})
    wanted = sum(each * _running(region, client) for client, each in clients.items())
    return wanted if _lets_in(region, instance) else min(before, wanted)


def sample() -> None:
    """Counts once."""
    at = time.time()
    for region, backend in list(models.rds_backends[ACCOUNT].items()):
        for name, instance in list(backend.databases.items()):
            # A renamed instance keeps its connections; one that is made anew under the name has none of them.
            history = HISTORIES.setdefault(instance.dbi_resource_id, History())
            history.add(at, count(region, name, instance, history.now()))


def most(region: str, name: str, start: float, end: float) -> int | None:
    """The most connections of an instance in a period; None when there is no such instance."""
    instance = models.rds_backends[ACCOUNT][region].databases.get(name)
    if instance is None:
        return None
    sample()
    return HISTORIES[instance.dbi_resource_id].most(start, end)


def _forever() -> None:
    while True:
        try:
            sample()
        except RuntimeError:
            pass  # Something was made while it was counted: the next sample counts it.
        time.sleep(EVERY)


def install() -> None:
    """Begins to count."""
    threading.Thread(target=_forever, daemon=True).start()


def known() -> dict[str, Any]:
    """What is counted now, for the control endpoint."""
    return {f"{region}/{name}": HISTORIES[it.dbi_resource_id].now() for region, backend in list(models.rds_backends[ACCOUNT].items()) for name, it in list(backend.databases.items()) if it.dbi_resource_id in HISTORIES}
