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


def dimension(dimensions: list[dict[str, str]] | None) -> str:
    """The instance that a metric is about."""
    return next((d["Value"] for d in dimensions or [] if d.get("Name") == "DBInstanceIdentifier"), "")


def is_lag(namespace: str | None, name: str | None) -> bool:
    """Whether the metric is the one that is answered here."""
    return (namespace, name) == ("AWS/RDS", "ReplicaLag")


def lag_statistics(account: str, region: str, params: dict[str, Any]) -> dict[str, Any]:
    """The answer of GetMetricStatistics."""
    start, end = _moment(params["StartTime"]), _moment(params["EndTime"])
    points = series(account, region, dimension(params.get("Dimensions")), start, end)
    shown = [
        {"Timestamp": at, "Average": lag, "Maximum": lag, "Minimum": lag, "SampleCount": 1.0, "Sum": lag, "Unit": "Seconds"}
        for at, lag in points
    ]
    return {"Label": "ReplicaLag", "Datapoints": shown}


def lag_data(account: str, region: str, params: dict[str, Any]) -> dict[str, Any] | None:
    """The answer of GetMetricData, newest first; None when a query is about something else."""
    start, end = _moment(params["StartTime"]), _moment(params["EndTime"])
    results = []
    for query in params.get("MetricDataQueries", []):
        metric = query.get("MetricStat", {}).get("Metric", {})
        if not is_lag(metric.get("Namespace"), metric.get("MetricName")):
            return None
        points = series(account, region, dimension(metric.get("Dimensions")), start, end)[::-1]
        label = query.get("Label") or "ReplicaLag"
        moments, values = [at for at, _ in points], [lag for _, lag in points]
        results.append({"Id": query.get("Id"), "Label": label, "Timestamps": moments, "Values": values, "StatusCode": "Complete"})
    return {"MetricDataResults": results, "Messages": []}


def set_statistics(region: str, params: dict[str, Any]) -> dict[str, Any] | None:
    """The answer of GetMetricStatistics for a metric that somebody set; None where nobody did."""
    dimensions = {d["Name"]: d["Value"] for d in params.get("Dimensions") or []}
    value = SETTINGS.metric(region, params.get("Namespace", ""), params.get("MetricName", ""), dimensions)
    if value is None:
        return None
    now = datetime.datetime.now(datetime.timezone.utc).timestamp()
    start, end = _moment(params["StartTime"]), min(_moment(params["EndTime"]), now)
    minutes = range(-int(-start // PERIOD) * PERIOD, int(end) + 1, PERIOD)
    shown = [
        {"Timestamp": datetime.datetime.fromtimestamp(at, datetime.timezone.utc), "Average": value, "Maximum": value, "Minimum": value, "SampleCount": 1.0, "Sum": value}
        for at in minutes
    ]
    return {"Label": params.get("MetricName", ""), "Datapoints": shown}


def install() -> None:
    """Adds it to moto."""
    statistics = CloudWatchResponse.get_metric_statistics
    data = CloudWatchResponse.get_metric_data

    def get_metric_statistics(self: CloudWatchResponse) -> Any:
        names = ("StartTime", "EndTime", "Dimensions", "Namespace", "MetricName")
        params = {name: self._get_param(name) for name in names}
        if not is_lag(params["Namespace"], params["MetricName"]):
            known = set_statistics(self.region, params)
            return statistics(self) if known is None else ActionResult(known)
        return ActionResult(lag_statistics(self.current_account, self.region, params))

    def get_metric_data(self: CloudWatchResponse) -> Any:
        answer = lag_data(self.current_account, self.region, self._get_params())
        return data(self) if answer is None else ActionResult(answer)

    CloudWatchResponse.get_metric_statistics = get_metric_statistics
    CloudWatchResponse.get_metric_data = get_metric_data
