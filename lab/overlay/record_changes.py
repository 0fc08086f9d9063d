"""Route 53 changes take a while: PENDING, then INSYNC (Amazon Route 53 API Reference, `GetChange`)."""

from __future__ import annotations

import time
from typing import Any

from moto.core.responses import ActionResult
from moto.core.utils import utcnow
from moto.route53 import models, responses

from .settings import SETTINGS

#: moto gives every change the same id; the newest one counts.
SUBMITTED: dict[str, float] = {}


def install() -> None:
    """Adds it to moto."""

    def get_change(self: responses.Route53) -> Any:
        name = self._get_param("Id")
        since = SUBMITTED.setdefault(name, time.monotonic())
        over = time.monotonic() - since >= SETTINGS.pace.phase
        return ActionResult({"ChangeInfo": {"Id": name, "Status": "INSYNC" if over else "PENDING", "SubmittedAt": utcnow()}})

    change = models.Route53Backend.change_resource_record_sets

    def change_resource_record_sets(self: models.Route53Backend, *args: Any, **kwargs: Any) -> Any:
        SUBMITTED.clear()
        return change(self, *args, **kwargs)

    models.Route53Backend.change_resource_record_sets = change_resource_record_sets
    responses.Route53.get_change = get_change
