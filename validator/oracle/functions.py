#!/usr/bin/env python3
"""Asks real Terraform which functions it has, and writes their parameters and results for the build and the tests to compare."""

from __future__ import annotations

import json
import sys
from typing import Any

from terraform import REPOSITORY, Record, Terraform

TARGET = REPOSITORY / "validator" / "data" / "functions.json"


def parameter(given: Record) -> Record:
    """What a parameter is called and takes."""
    return {"name": given["name"], "type": given["type"], "nullable": given.get("is_nullable", False)}


def signature(given: Record) -> Record:
    """What a function takes and gives."""
    more = given.get("variadic_parameter")
    return {
        "parameters": [parameter(one) for one in given.get("parameters", [])],
        "variadic": parameter(more) if more else None,
        "returns": given["return_type"],
    }


def line(name: str, value: Any) -> str:
    """One function, one line."""
    return f"  {json.dumps(name)}: {json.dumps(value)}"


def main() -> int:
    """Writes the list."""
    with Terraform(None) as terraform:
        given = json.loads(terraform.must("metadata", "functions", "-json"))["function_signatures"]
    # Each is there a second time as core::name.
    lines = [line(name, signature(one)) for name, one in sorted(given.items()) if "::" not in name]
    TARGET.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")
    print(f"{len(lines)} functions")
    return 0


if __name__ == "__main__":
    sys.exit(main())
