"""In front of the emulator: control endpoints under `/lab`, the call log, and faults."""

from __future__ import annotations

import json
import socket
import struct
import threading
import time
import urllib.parse
from collections.abc import Callable, Iterable
from typing import Any

from . import call as calls
from . import cloudwatch_cbor, connections
from . import faults as fault_room
from .settings import SETTINGS, Lag, metric_key

Start = Callable[..., Any]
#: What begins like this changes nothing.
READS = ("Describe", "Get", "List", "GET ", "HEAD ")


class Gateway:
    """A WSGI application around another."""

    def __init__(self, app: Callable[[dict[str, Any], Start], Iterable[bytes]], objects: Callable[[dict[str, Any], Start], Iterable[bytes]] | None = None) -> None:
        self.app = app
        self.objects = objects
        self.faults = fault_room.Faults()
        self.log: list[dict[str, Any]] = []
        self.lock = threading.Lock()

    def __call__(self, environ: dict[str, Any], start: Start) -> Iterable[bytes]:
        if environ.get("PATH_INFO", "").startswith("/lab/"):
            return self.control(environ, start)
        call = calls.read(environ)
        if call is None:
            return self.app(environ, start)
        try:
            return self.served(call, environ, start)
        except fault_room.Reset:
            # Break the connection as a lost network would: no answer, no orderly end.
            connection = environ.get("werkzeug.socket")
            if connection is not None:
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                connection.shutdown(socket.SHUT_RDWR)
                connection.close()
            raise ConnectionResetError("fault: reset") from None

    def served(self, call: calls.Call, environ: dict[str, Any], start: Start) -> Iterable[bytes]:
        """One call, with the faults that are ordered for it."""
        entry = {"time": time.time(), "caller": call.caller, "service": call.service, "region": call.region, "action": call.action, "params": call.params, "fault": "", "status": 0, "took_effect": False}
        with self.lock:
            self.log.append(entry)
        if call.region in self.faults.lost:
            entry["fault"] = "lost_region"
            fault_room.silence(20)
        fault = self.faults.take(call)
        if fault is not None:
            entry["fault"] = fault.kind
            if fault.kind == "reset_before":
                raise fault_room.Reset
            if fault.kind == "black_hole":
                fault_room.silence(fault.seconds)
            if fault.kind == "slow":
                time.sleep(fault.seconds)
            instead = fault_room.answer(fault, call)
            if instead is not None:
                entry["status"] = int(instead[0].split()[0])
                start(instead[0], instead[1])
                return [instead[2]]

        def remembered(status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
            entry["status"] = int(status.split()[0])
            entry["took_effect"] = entry["status"] < 300 and not call.action.startswith(READS)
            return start(status, headers, *rest)

        app = cloudwatch_cbor.serve if cloudwatch_cbor.speaks(environ) else self.app
        if call.service == "s3" and self.objects is not None:
            app = self.objects
        if fault is not None and fault.kind == "reset_after":
            for _ in app(environ, lambda status, headers, *rest: remember_only(entry, call, status)):
                pass
            raise fault_room.Reset
        return app(environ, remembered)

    def control(self, environ: dict[str, Any], start: Start) -> Iterable[bytes]:
        """The endpoints that README.md lists."""
        method, path = environ["REQUEST_METHOD"], environ["PATH_INFO"]
        length = int(environ.get("CONTENT_LENGTH") or 0)
        try:
            given = json.loads(environ["wsgi.input"].read(length)) if length else {}
            query = dict(urllib.parse.parse_qsl(environ.get("QUERY_STRING", "")))
            answer = self.answer(method, path, given, query)
            status = "200 OK" if answer is not None else "404 Not Found"
        except (ValueError, TypeError, KeyError) as error:
            status, answer = "400 Bad Request", {"error": str(error)}
        text = json.dumps(answer, default=str).encode()
        start(status, [("Content-Type", "application/json"), ("Content-Length", str(len(text)))])
        return [text]

    def answer(self, method: str, path: str, given: dict[str, Any], query: dict[str, str]) -> Any:
        if path == "/lab/health":
            return {"healthy": True}
        if path == "/lab/calls":
            return self.calls(method, query)
        if path == "/lab/settings":
            if method == "POST":
                SETTINGS.pace.set(given)
            return SETTINGS.shown()
        if path == "/lab/lag" and method == "POST":
            region, instance = given.pop("region"), given.pop("instance")
            SETTINGS.lags[f"{region}/{instance}"] = Lag(**given)
            return SETTINGS.shown()
        if path == "/lab/metrics" and method == "POST":
            SETTINGS.metrics[metric_key(given["region"], given["namespace"], given["name"], given.get("dimensions", {}))] = float(given["value"])
            return SETTINGS.shown()
        if path == "/lab/clients":
            if method == "POST":
                SETTINGS.clients[f"{given['region']}/{given['instance']}"] = {str(client): int(each) for client, each in given["clients"].items()}
            return connections.known()
        if path == "/lab/status" and method == "POST":
            return self.set_status(**given)
        if path == "/lab/faults":
            if method == "POST":
                self.faults.order(given)
            if method == "DELETE":
                self.faults.clear()
            return {"ordered": [vars(fault) for fault in self.faults.ordered], "lost": sorted(self.faults.lost)}
        if path == "/lab/lost-regions" and method == "POST":
            self.faults.lost = set(given["regions"])
            return {"lost": sorted(self.faults.lost)}
        return None

    def calls(self, method: str, query: dict[str, str]) -> Any:
        with self.lock:
            if method == "DELETE":
                self.log.clear()
            wanted = [entry for entry in self.log if all(str(entry.get(name)) == value for name, value in query.items())]
            return list(wanted)

    def set_status(self, region: str, instance: str, status: str) -> dict[str, str]:
        """Puts an instance into a status of one's own, such as `failed`."""
        from moto.rds import models

        models.rds_backends["123456789012"][region].databases[instance].status = status
        return {"status": status}


def remember_only(entry: dict[str, Any], call: calls.Call, status: str) -> Callable[[bytes], None]:
    """Writes down what the emulator did although nobody will hear of it."""
    entry["status"] = int(status.split()[0])
    entry["took_effect"] = entry["status"] < 300 and not call.action.startswith(READS)
    return lambda _: None
