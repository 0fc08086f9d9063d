"""What a test or a demo can set while the emulator runs."""

from __future__ import annotations

import threading
from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass
class Pace:
    """How long things take, in seconds. AWS takes minutes; tests do not want to."""

    #: One phase of a lifecycle (`creating`, `modifying`, `rebooting`, `backing-up`).
    phase: float = 1.0
    #: How long DescribeDBInstances goes on saying `available`, link and all, after a promotion was accepted. AWS documents
    #: no figure; its own sample for promotions sleeps 60 s before it trusts the status.
    lying: float = 1.0
    #: Seconds between two datapoints of a metric; whole seconds. AWS has one a minute.
    period: float = 60.0

    def set(self, given: dict[str, Any]) -> None:
        """Takes what is given; nothing of it when one value cannot be."""
        values = {name: float(value) for name, value in given.items()}
        unknown = sorted(set(values) - set(asdict(self)))
        if unknown or min(values.values(), default=0.0) < 0.0:
            raise ValueError(f"{', '.join(unknown) or given}: not one of {', '.join(asdict(self))}, in seconds")
        if values.get("period", 1.0) < 1.0 or values.get("period", 1.0) % 1.0:
            raise ValueError("a period is whole seconds, as timestamps of CloudWatch are")
        for name, value in values.items():
            setattr(self, name, value)


@dataclass
class Lag:
    """Replication lag of one replica, as CloudWatch will show it."""

    #: Seconds; -1 where replication does not run; None where no datapoints are published.
    seconds: float | None = 1.0
    #: Since when (Unix time) the source is dead: PostgreSQL's lag grows from then on without end.
    source_dead_since: float | None = None


@dataclass
class Settings:
    """All of it."""

    pace: Pace = field(default_factory=Pace)
    lags: dict[str, Lag] = field(default_factory=dict)
    #: Any other metric, by region, namespace, name and dimensions: one value for every minute.
    metrics: dict[str, float] = field(default_factory=dict)
    #: Who connects to an instance (`REGION/INSTANCE`): connections of each running task or instance, by client.
    clients: dict[str, dict[str, int]] = field(default_factory=dict)
    lock: threading.RLock = field(default_factory=threading.RLock)

    def lag(self, region: str, instance: str) -> Lag:
        """The lag of an instance; a second unless somebody said otherwise."""
        return self.lags.get(f"{region}/{instance}", Lag())

    def metric(self, region: str, namespace: str, name: str, dimensions: dict[str, str]) -> float | None:
        """The value that somebody set; None where nobody did, so that no datapoints are published."""
        return self.metrics.get(metric_key(region, namespace, name, dimensions))

    def shown(self) -> dict:
        """As the control endpoint shows it."""
        return {"pace": asdict(self.pace), "metrics": dict(self.metrics), "clients": dict(self.clients), "lags": {key: asdict(lag) for key, lag in self.lags.items()}}


def metric_key(region: str, namespace: str, name: str, dimensions: dict[str, str]) -> str:
    """One text for one metric, whatever the order of its dimensions."""
    return "/".join([region, namespace, name, *(f"{key}={dimensions[key]}" for key in sorted(dimensions))])


SETTINGS = Settings()
