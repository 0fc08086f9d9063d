"""Changes of an instance take time.

Amazon RDS User Guide, "Modifying a DB instance": class, Multi-AZ and retention are pending until they are made, the
status is `modifying` meanwhile; window and deletion protection change at once. Reboot, stop and start have statuses of
their own; a stopped instance that has replicas is refused (RDS User Guide, "Stopping a DB instance temporarily").
"""

from __future__ import annotations

from typing import Any

from moto.rds import models
from moto.rds.exceptions import DBInstanceAlreadyExists

from .lifecycle import Phase
from .rds_instances import begin, find, phase, require_available, state_error

#: What is pending until it is made, by the names in moto and in `PendingModifiedValues`.
PENDING = {
    "db_instance_class": "DBInstanceClass",
    "multi_az": "MultiAZ",
    "backup_retention_period": "BackupRetentionPeriod",
}


def rename(backend: models.RDSBackend, instance: models.DBInstance, wanted: str) -> models.DBInstance:
    """Gives an instance another name, after a while (Amazon RDS User Guide, "Renaming a DB instance"): the status is
    `renaming` under the old name meanwhile. Tags and connections stay."""
    if wanted in backend.databases:
        raise DBInstanceAlreadyExists()
    old = instance.db_instance_identifier

    def renamed() -> None:
        del backend.databases[old]
        instance.db_instance_identifier = wanted
        backend.databases[wanted] = instance

    begin(instance, phase("renaming", renamed))
    return instance


def install() -> None:
    """Adds it to moto."""
    modify = models.RDSBackend.modify_db_instance

    def modify_db_instance(self: models.RDSBackend, db_instance_identifier: str, db_kwargs: dict[str, Any]) -> models.DBInstance:
        instance = find(self, db_instance_identifier)
        require_available(instance)
        wanted = db_kwargs.get("new_db_instance_identifier")
        if wanted:
            return rename(self, instance, wanted)
        slow = {name: db_kwargs[name] for name in PENDING if db_kwargs.get(name) is not None}
        slow = {name: value for name, value in slow.items() if getattr(instance, name, None) != value}
        fast = {name: value for name, value in db_kwargs.items() if name not in PENDING}
        changed = modify(self, db_instance_identifier, fast)
        if not slow:
            return changed
        changed.pending_modified_values = {PENDING[name]: value for name, value in slow.items()}

        def made() -> None:
            for name, value in slow.items():
                setattr(changed, name, value)
            changed.pending_modified_values = {}

        if db_kwargs.get("apply_immediately"):
            # AWS answers before it begins: the status still says available for a moment.
            begin(changed, Phase("available", 0.2), phase("modifying", made))
        return changed

    def reboot_db_instance(self: models.RDSBackend, db_instance_identifier: str) -> models.DBInstance:
        instance = find(self, db_instance_identifier)
        require_available(instance)
        begin(instance, phase("rebooting"))
        return instance

    def stop_db_instance(self: models.RDSBackend, db_instance_identifier: str, db_snapshot_identifier: str | None = None) -> models.DBInstance:
        instance = find(self, db_instance_identifier)
        require_available(instance)
        if instance.replicas or instance.is_replica:
            raise state_error("A DB instance that has read replicas, or is one, cannot be stopped.")
        begin(instance, phase("stopping"), last="stopped")
        return instance

    def start_db_instance(self: models.RDSBackend, db_instance_identifier: str) -> models.DBInstance:
        instance = find(self, db_instance_identifier)
        if instance.status != "stopped":
            raise state_error(f"Instance {db_instance_identifier} is not stopped.")
        begin(instance, phase("starting"))
        return instance

    models.RDSBackend.modify_db_instance = modify_db_instance
    models.RDSBackend.reboot_db_instance = reboot_db_instance
    models.RDSBackend.stop_db_instance = stop_db_instance
    models.RDSBackend.start_db_instance = start_db_instance
