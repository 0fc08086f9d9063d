"""Metrics in CloudWatch: `AWS/RDS ReplicaLag`, `DatabaseConnections` (`connections.py`), and those that somebody set.

One datapoint for each period, stamped with its start and shown from then on; AWS shows it up to a minute or two later. The
period is a minute as in AWS, unless `/lab/settings` makes the lab's time shorter.

Amazon RDS User Guide, "Monitoring read replication": seconds; -1 where MySQL or MariaDB do not replicate. A PostgreSQL
replica whose source is dead sees its lag grow without end.
"""

from __future__ import annotations

import datetime
from typing import Any

from moto.cloudwatch.responses import CloudWatchResponse
from moto.core.responses import ActionResult
from moto.rds import models

from . import connections
from .settings import SETTINGS

#: How far back datapoints reach, in periods.
HISTORY = 15


def period() -> int:
    """Seconds between two datapoints."""
    return int(SETTINGS.pace.period)


def starts(start: float, end: float) -> range:
    """The starts of the periods from `start` to before `end`, none of them in the future."""
    now = datetime.datetime.now(datetime.timezone.utc).timestamp()
    return range(-int(-start // period()) * period(), int(min(end - 0.001, now)) + 1, period())


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
    created = found.instance_create_time.timestamp() - HISTORY * period()
    points = []
    for at in starts(max(start, created), end):
        grown = max(0.0, at - lag.source_dead_since) if lag.source_dead_since else 0.0
        points.append((datetime.datetime.fromtimestamp(at, datetime.timezone.utc), lag.seconds + grown))
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
    """The answer of GetMetricStatistics for a metric that somebody set, or that is counted; None for any other."""
    dimensions = {d["Name"]: d["Value"] for d in params.get("Dimensions") or []}
    names = params.get("Namespace", ""), params.get("MetricName", "")
    fixed = SETTINGS.metric(region, *names, dimensions)
    counted = names == ("AWS/RDS", "DatabaseConnections") and list(dimensions) == ["DBInstanceIdentifier"]
    if fixed is None and not counted:
        return None
    shown = []
    for at in starts(_moment(params["StartTime"]), _moment(params["EndTime"])):
        value = connections.most(region, dimensions["DBInstanceIdentifier"], at, at + period()) if fixed is None else fixed
        if value is not None:
            shown.append({"Timestamp": datetime.datetime.fromtimestamp(at, datetime.timezone.utc), "Average": float(value), "Maximum": float(value), "Minimum": float(value), "SampleCount": 1.0, "Sum": float(value)})
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
