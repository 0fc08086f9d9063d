"""`StopReplicationToReplica`: the replica becomes a secret of its own.

AWS Secrets Manager User Guide, "Promote a replica secret to a standalone secret": called in the replica's region; its ARN
stays, and the original no longer lists it.
"""

from __future__ import annotations

import copy
import json
from typing import Any

from moto.secretsmanager import models
from moto.secretsmanager.exceptions import InvalidParameterException
from moto.secretsmanager.responses import SecretsManagerResponse


def _stop(self: SecretsManagerResponse) -> str:
    backend: models.SecretsManagerBackend = self.backend
    name = self._get_param("SecretId")
    replica: Any = backend.secrets.get(name)
    source = getattr(replica, "source", None)
    if source is None:
        raise InvalidParameterException(f"Secret {name} is not a replica secret.")
    region = backend.region_name
    source.replicas = [other for other in source.replicas if other.region != region]
    own = copy.copy(source)
    own.__dict__.update(region=region, arn=replica.arn, replicas=[], tags=list(source.tags or []))
    own.versions = copy.deepcopy(source.versions)
    # The store finds by name and by ARN; the place is the replica's own.
    place = next(key for key, value in dict.items(backend.secrets) if value is replica)
    backend.secrets[place] = own
    return json.dumps({"ARN": own.arn})


def install() -> None:
    """Adds it to moto."""
    SecretsManagerResponse.stop_replication_to_replica = _stop
