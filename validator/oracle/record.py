#!/usr/bin/env python3
"""Asks real Terraform for the expressions of expressions/*.txt and writes its answers for the tests to replay.

A line of those files is an expression; `<<<` and `>>>` on lines of their own hold one that has several lines; `#` begins a
comment. `record.py GROUP...` records only the groups named.
"""

from __future__ import annotations

import sys
from pathlib import Path

from terraform import DATA, HERE, Terraform, dump


def read(path: Path) -> list[str]:
    """The expressions of a file."""
    expressions: list[str] = []
    block: list[str] = []
    inside = False
    for line in path.read_text(encoding="utf-8").splitlines():
        if line == "<<<":
            inside, block = True, []
        elif line == ">>>":
            inside = False
            expressions.append("\n".join(block))
        elif inside:
            block.append(line)
        elif line.strip() and not line.startswith("#"):
            expressions.append(line.strip())
    if inside:
        raise ValueError(f"{path.name}: the last block has no end")
    twice = {e for e in expressions if expressions.count(e) > 1}
    if twice:
        raise ValueError(f"{path.name}: asked twice: {sorted(twice)}")
    return expressions


def main(groups: list[str]) -> int:
    """Records all groups, or those that are named."""
    paths = sorted((HERE / "expressions").glob("*.txt"))
    total = refused = 0
    target = DATA / "oracle"
    target.mkdir(parents=True, exist_ok=True)
    for path in paths:
        if groups and path.stem not in groups:
            continue
        with Terraform() as terraform:
            records = terraform.ask(read(path))
            for record in records:
                if str(terraform.directory) in dump(record):
                    raise ValueError(f"{path.name}: {record['expr']} answers with a path of this machine")
        (target / f"{path.stem}.json").write_text("".join(dump(r) + "\n" for r in records), encoding="utf-8")
        errors = sum(not r["ok"] for r in records)
        print(f"{path.stem:14} {len(records):4} expressions, {errors:3} of them refused")
        total, refused = total + len(records), refused + errors
    print(f"{'all':14} {total:4} expressions, {refused:3} of them refused")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
