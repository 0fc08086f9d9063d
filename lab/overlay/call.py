"""What an HTTP request to AWS asks for: service, region, action. Read from the signature and the body."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs

SCOPE = re.compile(r"Credential=([^/]+)/\d+/([^/]+)/([^/]+)/aws4_request")
#: Smithy's CBOR protocol names the operation in the path.
CBOR = re.compile(r"^/service/[^/]+/operation/([A-Za-z0-9]+)")


@dataclass
class Call:
    """One request."""

    service: str
    region: str
    action: str
    params: dict[str, str]
    #: The access key id: who asks.
    caller: str = ""
    #: How its errors are written: `query`, `json`, `cbor` or `s3`.
    protocol: str = "query"


def protocol(environ: dict[str, Any], service: str) -> str:
    """In which protocol a request is answered."""
    if environ.get("HTTP_SMITHY_PROTOCOL") == "rpc-v2-cbor":
        return "cbor"
    if "json" in environ.get("CONTENT_TYPE", "") or service == "lambda":
        return "json"
    return "s3" if service == "s3" else "query"


def read(environ: dict[str, Any]) -> Call | None:
    """The call of a request; None when it is not signed as AWS requests are. The body can be read again afterwards."""
    scope = SCOPE.search(environ.get("HTTP_AUTHORIZATION", ""))
    if scope is None:
        return None
    region, service = scope.group(2), scope.group(3)
    service = "cloudwatch" if service == "monitoring" else service
    length = int(environ.get("CONTENT_LENGTH") or 0)
    body = environ["wsgi.input"].read(length) if length else b""
    environ["wsgi.input"] = io.BytesIO(body)
    params: dict[str, str] = {}
    if "x-www-form-urlencoded" in environ.get("CONTENT_TYPE", ""):
        params = {name: values[0] for name, values in parse_qs(body.decode("utf-8", "replace")).items()}
    action = params.pop("Action", "") or environ.get("HTTP_X_AMZ_TARGET", "").rpartition(".")[2]
    path = CBOR.match(environ.get("PATH_INFO", ""))
    if path is not None:
        action = path.group(1)
    params.pop("Version", None)
    # A log that tests print must not hold passwords, not even of an emulator.
    params = {name: value for name, value in params.items() if "assword" not in name}
    return Call(service, region, action or f"{environ.get('REQUEST_METHOD')} {environ.get('PATH_INFO')}", params, scope.group(1), protocol(environ, service))
