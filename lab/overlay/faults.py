"""Faults by order: throttling, failures, resets before or after the effect, silence, denied access, a lost region."""

from __future__ import annotations

import json
import threading
import time
import uuid
from dataclasses import dataclass
from typing import Any

import cbor2

from .call import Call

KINDS = ("throttle", "unavailable", "reset_before", "reset_after", "black_hole", "access_denied", "slow")


@dataclass
class Fault:
    """One fault, for so many calls."""

    kind: str
    times: int = 1
    service: str = ""
    region: str = ""
    action: str = ""
    #: Whose calls, by access key id: one operator is cut off while others are not.
    caller: str = ""
    #: How long a black hole is silent, or a slow answer takes.
    seconds: float = 30.0

    def hits(self, call: Call) -> bool:
        """Whether it is meant for this call. An empty field means any."""
        pairs = ((self.service, call.service), (self.region, call.region), (self.action, call.action), (self.caller, call.caller))
        return self.times > 0 and all(want in ("", seen) for want, seen in pairs)


class Reset(Exception):
    """The connection breaks without an answer."""


class Faults:
    """The faults that are ordered, and the regions that are lost."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.ordered: list[Fault] = []
        self.lost: set[str] = set()

    def take(self, call: Call) -> Fault | None:
        """The fault for this call, used up by one."""
        with self.lock:
            for fault in self.ordered:
                if fault.hits(call):
                    fault.times -= 1
                    self.ordered = [f for f in self.ordered if f.times > 0]
                    return fault
        return None

    def order(self, spec: dict[str, Any]) -> None:
        """Orders a fault."""
        fault = Fault(**spec)
        if fault.kind not in KINDS:
            raise ValueError(f"{fault.kind!r} is not one of {', '.join(KINDS)}")
        with self.lock:
            self.ordered.append(fault)

    def clear(self) -> None:
        """Takes all back."""
        with self.lock:
            self.ordered.clear()
            self.lost.clear()


#: Status, code and message of each, as the service's protocol names it.
ERRORS = {
    "throttle": ("400 Bad Request", "Throttling", "Rate exceeded"),
    "unavailable": ("503 Service Unavailable", "ServiceUnavailable", "Service is unavailable"),
}
NAMES = {("throttle", "s3"): ("503 Slow Down", "SlowDown"), ("throttle", "json"): ("400 Bad Request", "ThrottlingException")}


def answer(fault: Fault, call: Call) -> tuple[str, list[tuple[str, str]], bytes] | None:
    """Status, headers and body instead of the emulator's, in the caller's protocol; None for faults of another kind."""
    permission = f"{call.service}:{call.action}"
    denied = f"User: arn:aws:iam::123456789012:user/lab is not authorized to perform: {permission} because no identity-based policy allows the {permission} action"
    errors = {**ERRORS, "access_denied": ("403 Forbidden", "AccessDeniedException" if call.protocol == "json" else "AccessDenied", denied)}
    if fault.kind not in errors:
        return None
    status, code, message = errors[fault.kind]
    status, code = NAMES.get((fault.kind, call.protocol), (status, code))
    request = ("x-amzn-RequestId", "lab-fault")
    if call.protocol == "cbor":
        return status, [request, ("Content-Type", "application/cbor"), ("smithy-protocol", "rpc-v2-cbor")], cbor2.dumps({"__type": code, "message": message})
    if call.protocol == "json":
        return status, [request, ("Content-Type", "application/x-amz-json-1.1"), ("x-amzn-errortype", code)], json.dumps({"__type": code, "message": message}).encode()
    error = f"<Code>{code}</Code><Message>{message}</Message>"
    name = uuid.uuid4()
    if call.protocol == "s3":
        return status, [request, ("Content-Type", "application/xml")], f"<Error>{error}<RequestId>{name}</RequestId></Error>".encode()
    return status, [request, ("Content-Type", "text/xml")], f"<ErrorResponse><Error><Type>Sender</Type>{error}</Error><RequestId>{name}</RequestId></ErrorResponse>".encode()


def silence(seconds: float) -> None:
    """Says nothing for a while, then breaks the connection."""
    time.sleep(seconds)
    raise Reset
