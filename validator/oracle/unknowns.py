#!/usr/bin/env python3
"""Asks real Terraform what it knows before an apply, and writes its answers for the tests to replay.

The expressions of unknowns.txt are outputs of a plan whose terraform_data resources are not created yet.
"""

from __future__ import annotations

import sys
from typing import Any

from record import read
from terraform import DATA, HERE, Record, Terraform, dump, load

ROOT = DATA / "oracle" / "unknowns"
UNKNOWN = {"unknown": True}


def tree(value: Any, mask: Any) -> Any:
    """A value with a word where it is not known."""
    if mask is True:
        return UNKNOWN
    if isinstance(mask, dict) and mask:
        value = value or {}
        return {key: tree(value.get(key), mask.get(key)) for key in sorted({*value, *mask})}
    if isinstance(mask, list) and mask:
        value = value or []
        size = max(len(value), len(mask))
        return [tree(*(part[i] if i < len(part) else None for part in (value, mask))) for i in range(size)]
    return value


def ask(terraform: Terraform, expressions: list[str]) -> list[Record]:
    """What a plan says of each expression: a tree of what is known, or Terraform's error."""
    terraform.must("init")
    names = terraform.write(expressions)
    errors: dict[str, Record] = {}
    while terraform.drop(terraform.validate(), errors) or terraform.drop(terraform.plan(), errors):
        pass
    changes = load(terraform.must("show", "-json", "plan"))["output_changes"]
    records = []
    for name, expression in zip(names, expressions):
        if name in errors:
            records.append({"expr": expression, "ok": False, "error": errors[name]})
            continue
        change = changes[name]
        whole = tree(change.get("after"), change["after_unknown"])
        records.append({"expr": expression, "ok": True, "value": UNKNOWN if whole == UNKNOWN else whole["v"]})
    return records


def main() -> int:
    """Records all of them."""
    expressions = read(HERE / "unknowns.txt")
    with Terraform(ROOT) as terraform:
        records = ask(terraform, expressions)
    (DATA / "oracle" / "unknowns.json").write_text("".join(dump(r) + "\n" for r in records), encoding="utf-8")
    refused = sum(not r["ok"] for r in records)
    unknown = sum("unknown" in dump(r.get("value")) for r in records)
    print(f"{len(records)} expressions: {unknown} not or not wholly known, {refused} refused")
    return 0


if __name__ == "__main__":
    sys.exit(main())
