"""S3 is another emulator's; its calls pass through here, so that lost regions, faults and the call log count for them too."""

from __future__ import annotations

import http.client
import io
import urllib.parse
from collections.abc import Callable, Iterable
from typing import Any

#: Headers of one connection, which are not passed on (RFC 9110, section 7.6.1).
HOP = {"connection", "keep-alive", "te", "trailer", "transfer-encoding", "upgrade", "date", "server"}


class ObjectStorage:
    """A WSGI application that asks another server."""

    def __init__(self, url: str) -> None:
        parts = urllib.parse.urlsplit(url)
        self.place = (parts.hostname or "127.0.0.1", parts.port or 80)

    def __call__(self, environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        headers = {name[5:].replace("_", "-").title(): value for name, value in environ.items() if name.startswith("HTTP_")}
        if environ.get("CONTENT_TYPE"):
            headers["Content-Type"] = environ["CONTENT_TYPE"]
        body = environ["wsgi.input"].read() if isinstance(environ["wsgi.input"], io.BytesIO) else b""
        headers["Content-Length"] = str(len(body))
        target = environ.get("RAW_URI") or environ.get("REQUEST_URI") or environ["PATH_INFO"]
        connection = http.client.HTTPConnection(*self.place, timeout=60)
        try:
            connection.request(environ["REQUEST_METHOD"], target, body=body, headers=headers)
            answer = connection.getresponse()
            content = answer.read()
            kept = [(name, value) for name, value in answer.getheaders() if name.lower() not in HOP]
            start(f"{answer.status} {answer.reason}", kept)
            return [content]
        finally:
            connection.close()
