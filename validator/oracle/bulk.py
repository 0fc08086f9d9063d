#!/usr/bin/env python3
"""Compares the evaluator with real Terraform on random expressions: types, values, and that both refuse the same ones.

The same seed gives the same expressions. What differs is printed by the smallest part of it that differs.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import time
from fractions import Fraction
from pathlib import Path
from typing import Any, Optional

import grammar
from terraform import FILES, INFINITE, REPOSITORY, Number, Record, Terraform, dump, load

CHUNK = 1000
MOST = Fraction(sys.float_info.max)


def digits(text: str) -> str:
    """A number as its digits without zeros at either end, and the power of ten they are multiplied with."""
    mantissa, _, exponent = text.lower().partition("e")
    sign = "-" if mantissa.startswith("-") else ""
    whole, _, fraction = mantissa.lstrip("-").partition(".")
    kept = (whole + fraction).rstrip("0")
    power = int(exponent or 0) - len(fraction) + len(whole + fraction) - len(kept)
    return f"{sign}{kept.lstrip('0')}e{power}" if kept.lstrip("0") else "0"


def canonical(value: Any) -> Any:
    """A value with each number in the one form that its digits have.

    Plans carry what a float of 64 bits holds exactly as such a float, with its short digits. So both sides go that way.
    """
    if isinstance(value, Number):
        exact = abs(Fraction(value)) < MOST and Fraction(float(value)) == Fraction(value)
        return ("number", digits(repr(float(value)) if exact else value))
    if isinstance(value, dict):
        return {key: canonical(part) for key, part in value.items()}
    if isinstance(value, list):
        return [canonical(part) for part in value]
    return value


def difference(record: Record, answer: Record) -> Optional[str]:
    """What Terraform says and what we say, where that differs."""
    if not record["ok"]:
        # A crash of Terraform's own function is no answer.
        crashed = "panic in function implementation" in record["error"]["detail"]
        if record["error"]["summary"] == INFINITE or crashed or not answer["ok"]:
            return None
        return f"refused by Terraform ({record['error']['summary']}: {record['error']['detail']}), ours {dump(answer)}"
    same = answer["ok"] and not answer.get("unknown") and answer["type"] == record["type"]
    if same and canonical(answer["value"]) == canonical(record["value"]):
        return None
    ours = dump(answer if answer["ok"] else answer["error"])
    return f"Terraform {dump(record['type'])} {dump(record['value'])}\n    ours {ours}"


def evaluate(binary: Path, expressions: list[str]) -> list[Record]:
    """Our answers."""
    command = [str(binary), "eval", "--root", str(FILES), "--format", "json", "--reveal"]
    done = subprocess.run(command, input="\n".join(expressions) + "\n", capture_output=True, text=True, check=False)
    answers = [load(line) for line in done.stdout.split("\n") if line]
    if len(answers) != len(expressions):
        raise RuntimeError(f"{len(answers)} answers to {len(expressions)} expressions: {done.stderr[-2000:]}")
    return answers


def compare(binary: Path, expressions: list[str]) -> tuple[dict[str, str], int]:
    """What differs, by expression, and how many expressions Terraform refuses."""
    with Terraform() as terraform:
        records = terraform.ask(expressions)
        answers = evaluate(binary, expressions)
        found = {}
        for record, answer in zip(records, answers):
            why = difference(record, answer)
            # A plan is preceded by a validation that knows no variable, and refuses what the plan would not: where one side
            # of `||` is wrong, and only a variable tells that the other decides. The console evaluates alone.
            if why and not (answer["ok"] and not record["ok"] and console(terraform, record["expr"])):
                found[record["expr"]] = why
    return found, sum(not record["ok"] for record in records)


def console(terraform: Terraform, expression: str) -> bool:
    """Whether the console gives a value."""
    return terraform.run("console", stdin=expression + "\n").returncode == 0


def smallest(binary: Path, nodes: list[grammar.Node]) -> dict[str, str]:
    """The smallest part of each expression that differs for itself."""
    parts = [grammar.parts(node) for node in nodes]
    every = sorted({part for one in parts for part in one}, key=len)
    differ: dict[str, str] = {}
    for start in range(0, len(every), CHUNK):
        differ.update(compare(binary, every[start : start + CHUNK])[0])
    firsts = [next((part for part in one if part in differ), one[-1]) for one in parts]
    return {part: differ.get(part, "differs only among others") for part in firsts}


def main() -> int:
    """Compares; 1 when anything differs."""
    parser = argparse.ArgumentParser(prog="bulk.py", description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--budget", type=int, default=4, help="levels of an expression (default: %(default)s)")
    parser.add_argument("--show", type=int, default=40, help="differences to print (default: %(default)s)")
    parser.add_argument("--binary", type=Path, default=REPOSITORY / "target" / "debug" / "drcheck")
    args = parser.parse_args()
    made = grammar.Grammar(args.seed)
    nodes: dict[str, grammar.Node] = {}
    while len(nodes) < args.count:
        node = made.expression(args.budget)
        nodes.setdefault(grammar.text(node), node)
    began = time.monotonic()
    every, differ, refused = list(nodes), {}, 0
    for start in range(0, len(every), CHUNK):
        found, errors = compare(args.binary, every[start : start + CHUNK])
        differ.update(found)
        refused += errors
    if differ:
        for part, why in list(smallest(args.binary, [nodes[text] for text in list(differ)[: args.show * 4]]).items())[: args.show]:
            print(f"{part}\n    {why}")
    seconds = time.monotonic() - began
    print(f"seed {args.seed}: {len(every)} expressions in {seconds:.0f} s, {refused} of them refused, {len(differ)} differ")
    return 1 if differ else 0


if __name__ == "__main__":
    sys.exit(main())
