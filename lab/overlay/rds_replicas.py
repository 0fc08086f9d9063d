"""Read replicas across regions, and their promotion.

Amazon RDS User Guide, "Creating a read replica in a different AWS Region": created in the destination, source by ARN, the
source needs automated backups; the replica itself has none. "Promoting a read replica to be a standalone DB instance":
replication stops, the instance reboots, retention is 1 day unless given, the endpoint's name stays; refused while it is
`backing-up`, and for an instance that is no replica. There is no status of its own for a promotion.
"""

from __future__ import annotations

import datetime
from typing import Any

from moto.ec2.models import ec2_backends
from moto.rds import models

from .lifecycle import Phase
from .rds_instances import begin, find, phase, require_available, resource_id, state_error
from .settings import SETTINGS


def replication(status: str) -> list[dict[str, Any]]:
    """`StatusInfos` as RDS shows them for a replica."""
    return [{"StatusType": "read replication", "Normal": status == "replicating", "Status": status}]


def default_group(backend: models.RDSBackend) -> str:
    """The default security group of the backend's region."""
    groups = ec2_backends[backend.account_id][backend.region_name]
    return groups.get_default_security_group(groups.default_vpc.id).id


def _unlink(source: models.DBInstance | None, replica: models.DBInstance) -> None:
    if source is not None:
        names = (replica.db_instance_arn, replica.db_instance_identifier)
        source.replicas = [name for name in source.replicas if name not in names]
    replica.is_replica = False
    replica.source_db_instance_identifier = None
    replica.status_infos = []


def _source(backend: models.RDSBackend, replica: models.DBInstance) -> models.DBInstance | None:
    """The source, if it still exists."""
    name = replica.source_db_instance_identifier
    if not name:
        return None
    region = name.split(":")[3] if name.startswith("arn:") else backend.region_name
    return models.rds_backends[backend.account_id][region].databases.get(name.split(":")[-1])


def install() -> None:
    """Adds it to moto."""
    create = models.RDSBackend.create_db_instance_read_replica

    def create_db_instance_read_replica(self: models.RDSBackend, db_kwargs: dict[str, Any]) -> models.DBInstance:
        source = self.find_db_from_id(db_kwargs["source_db_instance_identifier"])
        if not int(source.backup_retention_period or 0):
            raise state_error("Automated backups are not enabled for this database instance. To enable automated backups, use ModifyDBInstance to set the backup retention period to a non-zero value.")
        require_available(source)
        replica = create(self, db_kwargs)
        # moto copies the source; what the copy must not share is made anew.
        replica.__dict__.update(lifecycle=None, pending_modified_values={}, replicas=[])
        replica.dbi_resource_id = resource_id()
        replica.availability_zone = db_kwargs.get("availability_zone") or f"{self.region_name}a"
        replica.multi_az = bool(db_kwargs.get("multi_az"))
        replica.deletion_protection = bool(db_kwargs.get("deletion_protection"))
        # Groups belong to a region; without any it gets the default one of its own.
        replica.vpc_security_group_ids = db_kwargs.get("vpc_security_group_ids") or [default_group(self)]
        replica.backup_retention_period = 0
        replica.instance_create_time = datetime.datetime.now(datetime.timezone.utc)
        replica.tags = db_kwargs.get("tags") or []
        replica.status_infos = replication("replicating")
        begin(replica, phase("creating"))
        return replica

    def promote_read_replica(self: models.RDSBackend, db_kwargs: dict[str, Any]) -> models.DBInstance:
        instance = find(self, db_kwargs["db_instance_identifier"])
        with SETTINGS.lock:
            if not instance.is_replica or not instance.source_db_instance_identifier:
                raise state_error(f"DB Instance is not a read replica: {instance.db_instance_identifier}.")
            require_available(instance)
            if instance.__dict__.get("promoting"):
                raise state_error(f"DB Instance {instance.db_instance_identifier} is already being promoted.")
            instance.promoting = True

        def stopped() -> None:
            instance.status_infos = replication("terminated")

        def rebooted() -> None:
            _unlink(_source(self, instance), instance)
            retention = db_kwargs.get("backup_retention_period")
            instance.backup_retention_period = 1 if retention is None else retention
            if db_kwargs.get("preferred_backup_window"):
                instance.preferred_backup_window = db_kwargs["preferred_backup_window"]
            instance.promoting = False

        lying = Phase("available", SETTINGS.pace.lying, stopped)
        begin(instance, lying, phase("modifying"), phase("rebooting", rebooted), phase("backing-up"))
        return instance

    delete = models.RDSBackend.delete_db_instance

    def delete_db_instance(self: models.RDSBackend, db_instance_identifier: str, *args: Any, **kwargs: Any) -> models.DBInstance:
        instance = self.databases.get(db_instance_identifier)
        if instance is not None and instance.is_replica:
            _unlink(_source(self, instance), instance)
        return delete(self, db_instance_identifier, *args, **kwargs)

    models.RDSBackend.create_db_instance_read_replica = create_db_instance_read_replica
    models.RDSBackend.promote_read_replica = promote_read_replica
    models.RDSBackend.delete_db_instance = delete_db_instance
