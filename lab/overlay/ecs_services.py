"""ECS services take a while: tasks start and stop one phase after they were asked for, and a deployment completes then.

Amazon ECS API Reference, `Deployment`: `rolloutState` is IN_PROGRESS until the service is steady, then COMPLETED; a forced
deployment has a new id. An update of the number of tasks alone makes no new deployment.
"""

from __future__ import annotations

import time
from typing import Any

from moto.ecs import models

from .settings import SETTINGS


def settle(service: models.Service) -> None:
    """Brings what runs to what is asked for, once a phase has passed."""
    since = service.__dict__.get("asked_at")
    if since is None or time.monotonic() - since < SETTINGS.pace.phase:
        return
    service.asked_at = None
    _show(service, service.desired_count, "COMPLETED")


def _show(service: models.Service, running: int, rollout: str) -> None:
    service.running_count = running
    service.pending_count = max(0, service.desired_count - running)
    for deployment in service.deployments[:1]:
        deployment.update(
            desiredCount=service.desired_count, runningCount=running, pendingCount=service.pending_count, rolloutState=rollout,
            rolloutStateReason=f"ECS deployment {deployment['id']} {'completed' if rollout == 'COMPLETED' else 'in progress'}.", taskDefinition=service.task_definition,
        )


def install() -> None:
    """Adds it to moto."""
    create = models.EC2ContainerServiceBackend.create_service
    update = models.EC2ContainerServiceBackend.update_service
    describe = models.EC2ContainerServiceBackend.describe_services

    def create_service(self: Any, *args: Any, **kwargs: Any) -> models.Service:
        service = create(self, *args, **kwargs)
        service.asked_at = time.monotonic()
        return service

    def update_service(self: Any, properties: dict[str, Any]) -> models.Service:
        forced = bool(properties.get("force_new_deployment"))
        name = properties["service"].split("/")[-1]
        before = self._get_service(properties.get("cluster", "default"), name)
        settle(before)
        running, rollout = before.running_count, before.deployments[0]["rolloutState"] if before.deployments else "COMPLETED"
        service = update(self, properties)
        service.asked_at = time.monotonic()
        _show(service, running, "IN_PROGRESS" if forced else rollout)
        return service

    def describe_services(self: Any, cluster: str, names: list[str]) -> Any:
        found, missing = describe(self, cluster, names)
        for service in found:
            settle(service)
        return found, missing

    models.EC2ContainerServiceBackend.create_service = create_service
    models.EC2ContainerServiceBackend.update_service = update_service
    models.EC2ContainerServiceBackend.describe_services = describe_services
