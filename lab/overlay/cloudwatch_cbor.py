"""CloudWatch by Smithy's CBOR protocol, which newer SDKs speak and moto does not.

Requests go to `/service/NAME/operation/OPERATION` with a CBOR map as body (Smithy RPC v2 CBOR). The lag of
replicas, metrics that were set, and the state of alarms are answered; anything else is an emulator gap and says so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import cbor2
from moto.cloudwatch.models import cloudwatch_backends

from . import call as calls
from . import metrics

ACCOUNT = "123456789012"
HEADERS = [("Content-Type", "application/cbor"), ("smithy-protocol", "rpc-v2-cbor"), ("x-amzn-RequestId", "lab")]


def speaks(environ: dict[str, Any]) -> bool:
    """Whether the request is of this protocol."""
    return environ.get("HTTP_SMITHY_PROTOCOL") == "rpc-v2-cbor" and calls.CBOR.match(environ.get("PATH_INFO", "")) is not None


def alarms(call: calls.Call, params: dict[str, Any]) -> dict[str, Any] | None:
    """DescribeAlarms and SetAlarmState, by moto's own alarms; None for any other action."""
    known = cloudwatch_backends[ACCOUNT][call.region].alarms
    if call.action == "DescribeAlarms":
        wanted = params.get("AlarmNames") or list(known)
        shown = [known[name] for name in wanted if name in known]
        return {"MetricAlarms": [{"AlarmName": alarm.name, "AlarmArn": alarm.arn, "StateValue": alarm.state_value, "StateReason": alarm.state_reason} for alarm in shown], "CompositeAlarms": []}
    if call.action == "SetAlarmState" and params["AlarmName"] in known:
        known[params["AlarmName"]].update_state(params["StateReason"], params.get("StateReasonData", ""), params["StateValue"])
        return {}
    return None


def serve(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
    """Answers one request."""
    call = calls.read(environ)
    body = environ["wsgi.input"].read()
    params = cbor2.loads(body) if body else {}
    answer: dict[str, Any] | None = alarms(call, params) if call is not None else None
    if call is not None and call.action == "GetMetricStatistics" and metrics.is_lag(params.get("Namespace"), params.get("MetricName")):
        answer = metrics.lag_statistics(ACCOUNT, call.region, params)
    elif call is not None and call.action == "GetMetricStatistics":
        answer = metrics.set_statistics(call.region, params) or {"Label": params.get("MetricName", ""), "Datapoints": []}
    if call is not None and call.action == "GetMetricData":
        answer = metrics.lag_data(ACCOUNT, call.region, params)
    if answer is None:
        start("501 Not Implemented", HEADERS)
        gap = {"__type": "com.amazonaws.cloudwatch#EmulatorGap", "message": "the lab answers metrics and the state of alarms only"}
        return [cbor2.dumps(gap)]
    start("200 OK", HEADERS)
    return [cbor2.dumps(answer, datetime_as_timestamp=True)]
