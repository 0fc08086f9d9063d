#!/usr/bin/env python3
"""Compares every function with real Terraform's on random arguments: values, types, errors, what is known, what is secret.

The same seed gives the same calls. `--mode unknown` has arguments that are not known before an apply, `--mode marks` such as
are sensitive.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import time
from pathlib import Path
from typing import Optional

import bulk
import unknowns
from arguments import Arguments, forms
from functions import TARGET
from terraform import REPOSITORY, Record, Terraform, dump, load

# What shows in what is known of a call what is promised of its result.
PROBES = ["{0}", "{0} == null", "length({0}) > 0", "startswith({0}, \"a\")", "[for x in {0} : x]", "{0}[0]", "{0} >= 0", "length({0}) <= 4", "jsonencode({0}) == \"\""]
SECRETS = "{{ whole = issensitive({0}), parts = try([for x in {0} : issensitive(x)], issensitive({0})), value = {0} }}"


def mask(value: object, unknown: object) -> object:
    """Our answer in the form of Terraform's."""
    return unknowns.tree(value, unknown)


def partly(record: Record, answer: Record) -> Optional[str]:
    """What differs where parts are not known."""
    if record["ok"] != answer["ok"]:
        return f"Terraform {dump(record)}\n    ours {dump(answer)}"
    if not record["ok"]:
        return None
    whole = answer.get("after_unknown", False) if "value" in answer else True
    ours = mask(answer.get("value"), whole if answer.get("unknown") else False)
    if bulk.canonical(record["value"]) == bulk.canonical(ours):
        return None
    return f"Terraform {dump(record['value'])}\n    ours {dump(ours)}"


def compare_unknown(binary: Path, expressions: list[str]) -> tuple[dict[str, str], int]:
    """The same as `bulk.compare` for a plan in which not everything is known."""
    with Terraform(unknowns.ROOT) as terraform:
        records = unknowns.ask(terraform, expressions)
    command = [str(binary), "eval", "--root", str(unknowns.ROOT), "--format", "json", "--reveal"]
    done = subprocess.run(command, input="\n".join(expressions) + "\n", capture_output=True, text=True, check=False)
    answers = [load(line) for line in done.stdout.split("\n") if line]
    if len(answers) != len(expressions):
        raise RuntimeError(f"{len(answers)} answers to {len(expressions)} expressions: {done.stderr[-2000:]}")
    found = {r["expr"]: why for r, a in zip(records, answers) if (why := partly(r, a)) and "panic in function" not in why}
    return found, sum(not r["ok"] for r in records)


def make(mode: str, seed: int, per: int, only: list[str]) -> dict[str, list[str]]:
    """Calls of every function."""
    maker = Arguments(seed, mode)
    made: dict[str, list[str]] = {}
    for name, words in forms(TARGET.read_text(encoding="utf-8")).items():
        if only and name not in only:
            continue
        calls: dict[str, None] = {}
        for turn in range(per * 3):
            call = maker.call(name, words[turn % len(words)])
            if mode == "unknown":
                call = maker.random.choice(PROBES).format(call)
            elif mode == "marks":
                call = SECRETS.format(call)
            calls.setdefault(call)
            if len(calls) >= per:
                break
        made[name] = list(calls)
    return made


def main() -> int:
    """Compares; 1 when anything differs."""
    parser = argparse.ArgumentParser(prog="calls.py", description=__doc__)
    parser.add_argument("functions", nargs="*", help="functions to ask (default: all)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--per", type=int, default=100, help="calls of each function (default: %(default)s)")
    parser.add_argument("--mode", choices=["known", "unknown", "marks"], default="known")
    parser.add_argument("--show", type=int, default=6, help="differences to print for each function (default: %(default)s)")
    parser.add_argument("--binary", type=Path, default=REPOSITORY / "target" / "debug" / "drcheck")
    args = parser.parse_args()
    began = time.monotonic()
    made = make(args.mode, args.seed, args.per, args.functions)
    owner = {call: name for name, calls in made.items() for call in calls}
    every, differ, refused = list(owner), {}, 0
    compare = compare_unknown if args.mode == "unknown" else bulk.compare
    for start in range(0, len(every), bulk.CHUNK):
        found, errors = compare(args.binary, every[start : start + bulk.CHUNK])
        differ.update(found)
        refused += errors
    for name in made:
        ours = sorted((call for call in differ if owner[call] == name), key=len)
        if ours:
            print(f"== {name}: {len(ours)} of {len(made[name])} differ")
        for call in ours[: args.show]:
            print(f"  {call}\n    {differ[call]}")
    print(f"seed {args.seed}: {len(every)} calls in {time.monotonic() - began:.0f} s, {refused} of them refused, {len(differ)} differ")
    return 1 if differ else 0


if __name__ == "__main__":
    sys.exit(main())
