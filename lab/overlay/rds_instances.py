"""RDS instances have a life: creating, backing-up, available (Amazon RDS User Guide, "Viewing DB instance status").

Also here: an id of its own for each instance (`DbiResourceId`), and what `describe` shows of pending changes.
"""

from __future__ import annotations

from typing import Any

from moto.moto_api._internal import mock_random
from moto.rds import models
from moto.rds.exceptions import DBInstanceNotFoundError, RDSClientError

from .lifecycle import Lifecycle, Phase
from .settings import SETTINGS


def state_error(message: str) -> RDSClientError:
    """The refusal of something that the present status does not allow; documented without the suffix `Fault`."""
    return RDSClientError("InvalidDBInstanceState", message)


def resource_id() -> str:
    """An id as AWS makes them."""
    return "db-" + mock_random.get_random_hex(26).upper()


def begin(instance: models.DBInstance, *phases: Phase, last: str = "available") -> None:
    """Starts a lifecycle."""
    instance.__dict__["lifecycle"] = Lifecycle(phases, last)


def phase(status: str, then: Any = None) -> Phase:
    """A phase of the usual length."""
    return Phase(status, SETTINGS.pace.phase, then)


def find(backend: models.RDSBackend, identifier: str) -> models.DBInstance:
    """The instance, by identifier."""
    if identifier not in backend.databases:
        raise DBInstanceNotFoundError(identifier)
    return backend.databases[identifier]


def require_available(instance: models.DBInstance) -> None:
    """Most changes need `available`."""
    if instance.status != "available":
        raise state_error(f"Database instance is not in available state: {instance.db_instance_identifier} is {instance.status}.")


def _status(instance: models.DBInstance) -> str:
    lifecycle = instance.__dict__.get("lifecycle")
    with SETTINGS.lock:
        return lifecycle.status() if lifecycle else instance.__dict__.get("plain_status", "available")


def _set_status(instance: models.DBInstance, status: str) -> None:
    instance.__dict__["lifecycle"] = None
    instance.__dict__["plain_status"] = status


def install() -> None:
    """Adds it to moto."""
    models.DBInstance.status = property(_status, _set_status)
    models.DBInstance.pending_modified_values = {}
    create = models.RDSBackend.create_db_instance

    def create_db_instance(self: models.RDSBackend, db_kwargs: dict[str, Any]) -> models.DBInstance:
        instance = create(self, db_kwargs)
        instance.dbi_resource_id = resource_id()
        begin(instance, phase("creating"), phase("backing-up"))
        return instance

    models.RDSBackend.create_db_instance = create_db_instance
    describe = models.RDSBackend.describe_db_instances

    def describe_db_instances(self: models.RDSBackend, db_instance_identifier: str | None = None, filters: Any = None) -> list:
        for instance in list(self.databases.values()):
            # The effect of a phase that is over belongs into this answer.
            _ = instance.status
        return describe(self, db_instance_identifier, filters)

    models.RDSBackend.describe_db_instances = describe_db_instances
