"""Talks to the lab's control endpoints; for the demo and for tests."""

from __future__ import annotations

import json
import urllib.request
from typing import Any


class Control:
    """The control endpoints of a running emulator."""

    def __init__(self, url: str) -> None:
        self.url = url

    def ask(self, path: str, body: Any = None, method: str | None = None) -> Any:
        """One request."""
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.url + path, data=data, method=method or ("POST" if data else "GET"))
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.load(answer)

    def calls(self, **wanted: str) -> list[dict[str, Any]]:
        """The calls so far, those with these values."""
        query = "&".join(f"{name}={value}" for name, value in wanted.items())
        return self.ask(f"/lab/calls?{query}")

    def lag(self, region: str, instance: str, **lag: Any) -> None:
        """Sets the lag of a replica."""
        self.ask("/lab/lag", {"region": region, "instance": instance, **lag})

    def fault(self, **fault: Any) -> None:
        """Orders a fault."""
        self.ask("/lab/faults", fault)

    def pace(self, **seconds: float) -> None:
        """Sets how long things take."""
        self.ask("/lab/settings", seconds)
