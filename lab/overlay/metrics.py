"""Replication lag in CloudWatch: `AWS/RDS ReplicaLag`, one datapoint a minute, aligned to the minute.

Amazon RDS User Guide, "Monitoring read replication": seconds; -1 where MySQL or MariaDB do not replicate. A PostgreSQL
replica whose source is dead sees its lag grow without end.
"""

from __future__ import annotations

import datetime
from typing import Any

from moto.cloudwatch.responses import CloudWatchResponse
from moto.core.responses import ActionResult
from moto.rds import models

from .settings import SETTINGS

PERIOD = 60


def _moment(value: Any) -> float:
    if isinstance(value, datetime.datetime):
        zone = value.tzinfo or datetime.timezone.utc
        return value.replace(tzinfo=zone).timestamp()
    if isinstance(value, (int, float)):
        return float(value)
    return datetime.datetime.fromisoformat(str(value).replace("Z", "+00:00")).timestamp()


def series(account: str, region: str, instance: str, start: float, end: float) -> list[tuple[datetime.datetime, float]]:
    """Datapoints of a replica, oldest first. What is no replica has none."""
    found = models.rds_backends[account][region].databases.get(instance)
    lag = SETTINGS.lag(region, instance)
    if found is None or not found.is_replica or lag.seconds is None:
        return []
    now = datetime.datetime.now(datetime.timezone.utc).timestamp()
    created = found.instance_create_time.timestamp() - 15 * PERIOD
    points = []
    minute = int(max(start, created) // PERIOD) * PERIOD
    while minute < min(end, now):
        if minute >= start:
            grown = max(0.0, minute - lag.source_dead_since) if lag.source_dead_since else 0.0
            points.append((datetime.datetime.fromtimestamp(minute, datetime.timezone.utc), lag.seconds + grown))
        minute += PERIOD
    return points


def install() -> None:
    """Adds it to moto."""
    statistics = CloudWatchResponse.get_metric_statistics
    data = CloudWatchResponse.get_metric_data

    def dimension(dimensions: list[dict[str, str]]) -> str:
        return next((d["Value"] for d in dimensions or [] if d.get("Name") == "DBInstanceIdentifier"), "")

    def get_metric_statistics(self: CloudWatchResponse) -> Any:
        if (self._get_param("Namespace"), self._get_param("MetricName")) != ("AWS/RDS", "ReplicaLag"):
            return statistics(self)
        start, end = _moment(self._get_param("StartTime")), _moment(self._get_param("EndTime"))
        points = series(self.current_account, self.region, dimension(self._get_param("Dimensions", [])), start, end)
        shown = [
            {"Timestamp": at, "Average": lag, "Maximum": lag, "Minimum": lag, "SampleCount": 1.0, "Sum": lag, "Unit": "Seconds"}
            for at, lag in points
        ]
        return ActionResult({"Label": "ReplicaLag", "Datapoints": shown})

    def get_metric_data(self: CloudWatchResponse) -> Any:
        params = self._get_params()
        results, others = [], []
        for query in params.get("MetricDataQueries", []):
            metric = query.get("MetricStat", {}).get("Metric", {})
            if (metric.get("Namespace"), metric.get("MetricName")) != ("AWS/RDS", "ReplicaLag"):
                others.append(query)
                continue
            start, end = _moment(params["StartTime"]), _moment(params["EndTime"])
            points = series(self.current_account, self.region, dimension(metric.get("Dimensions", [])), start, end)
            points.reverse()
            results.append(
                {
                    "Id": query.get("Id"),
                    "Label": query.get("Label") or "ReplicaLag",
                    "Timestamps": [at for at, _ in points],
                    "Values": [lag for _, lag in points],
                    "StatusCode": "Complete",
                }
            )
        if others:
            return data(self)
        return ActionResult({"MetricDataResults": results, "Messages": []})

    CloudWatchResponse.get_metric_statistics = get_metric_statistics
    CloudWatchResponse.get_metric_data = get_metric_data
