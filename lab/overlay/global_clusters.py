"""Aurora global clusters: switchover, failover, and what is left of lost writes.

Amazon Aurora User Guide, "Using switchover or failover in Amazon Aurora Global Database": a switchover loses nothing and needs
both regions; a failover with `AllowDataLoss` is called in the target's region. While it runs the global cluster shows
`FailoverState`; afterwards the target is the writer. What the old primary held and nobody replicated lands in a snapshot
`rds:unplanned-global-failover-CLUSTER-TIME` there.
"""

from __future__ import annotations

import datetime
from typing import Any

from moto.core.responses import ActionResult
from moto.rds import models
from moto.rds.exceptions import DBClusterNotFoundError, RDSClientError
from moto.rds.responses import RDSResponse

from .lifecycle import Lifecycle, Phase
from .settings import SETTINGS


def _global(backend: models.RDSBackend, name: str) -> models.GlobalCluster:
    found = backend.global_clusters.get(name)
    if found is None:
        raise RDSClientError("GlobalClusterNotFoundFault", f"Global cluster {name} not found")
    return found


def _status(cluster: models.GlobalCluster) -> str:
    lifecycle = cluster.__dict__.get("lifecycle")
    with SETTINGS.lock:
        return lifecycle.status() if lifecycle else "available"


def _describe(response: RDSResponse) -> ActionResult:
    """One by its name, or all."""
    backend = response.global_backend
    name = response.params.get("GlobalClusterIdentifier")
    found = [_global(backend, name)] if name else list(backend.global_clusters.values())
    return ActionResult({"GlobalClusters": found})


def _move(response: RDSResponse, loss: bool) -> ActionResult:
    """Makes the target the writer, after a while."""
    params = response.params
    cluster = _global(response.global_backend, params["GlobalClusterIdentifier"])
    wanted = params["TargetDbClusterIdentifier"]
    with SETTINGS.lock:
        target = next((m for m in cluster.members if wanted in (m.db_cluster_arn, m.db_cluster_identifier)), None)
        if target is None:
            raise DBClusterNotFoundError(wanted)
        if target.is_writer:
            raise RDSClientError("InvalidDBClusterStateFault", f"{wanted} is already the primary cluster")
        if _status(cluster) != "available":
            raise RDSClientError("InvalidGlobalClusterStateFault", f"Global cluster {cluster.global_cluster_identifier} is {_status(cluster)}")
        old = next((m for m in cluster.members if m.is_writer), None)
        word = "failing-over" if loss else "switching-over"
        cluster.failover_state = {"Status": word, "FromDbClusterArn": old and old.db_cluster_arn, "ToDbClusterArn": target.db_cluster_arn, "IsDataLossAllowed": loss}

        def moved() -> None:
            for member in cluster.members:
                member.is_writer = member is target
            cluster.failover_state = None
            if loss and old is not None:
                _lost_writes(old)

        cluster.lifecycle = Lifecycle((Phase(word, 2 * SETTINGS.pace.phase, moved),), "available")
    return ActionResult({"GlobalCluster": cluster})


def _lost_writes(old: models.DBCluster) -> None:
    """The snapshot of what was not replicated, in the old primary's region."""
    stamp = datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%d-%H-%M-%S")
    backend = models.rds_backends[old.account_id][old.region]
    name = f"rds:unplanned-global-failover-{old.db_cluster_identifier}-{stamp}"
    backend.create_auto_cluster_snapshot(old.db_cluster_identifier, name)


def install() -> None:
    """Adds it to moto."""
    models.GlobalCluster.failover_state = None
    models.GlobalCluster.status = property(_status, lambda self, value: None)
    create = models.RDSBackend.create_global_cluster

    def create_global_cluster(self: models.RDSBackend, *args: Any, **kwargs: Any) -> models.GlobalCluster:
        made = create(self, *args, **kwargs)
        for member in made.members:
            member.is_writer = True
        return made

    models.RDSBackend.create_global_cluster = create_global_cluster
    members = models.GlobalCluster.global_cluster_members.fget

    def global_cluster_members(self: models.GlobalCluster) -> list[dict[str, Any]]:
        _ = self.status
        return [{**member, "SynchronizationStatus": "connected"} for member in members(self)]

    models.GlobalCluster.global_cluster_members = property(global_cluster_members)
    RDSResponse.describe_global_clusters = _describe
    RDSResponse.switchover_global_cluster = lambda self: _move(self, False)
    RDSResponse.failover_global_cluster = lambda self: _move(self, str(self.params.get("AllowDataLoss")).lower() == "true")
