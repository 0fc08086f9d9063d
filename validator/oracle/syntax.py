#!/usr/bin/env python3
"""Holds the parser of drcheck to real Terraform: recorded snippets, damaged files, random templates.

  syntax.py --record                 write the verdicts of validator/tests/data/syntax/snippets.tsv anew
  syntax.py --mutations 2000         files with tokens and bytes inserted, removed or swapped: the same verdict as Terraform
  syntax.py --json 2000              the same for files in the JSON form
  syntax.py --templates 1000         random templates: the same value as Terraform (needs the drcheck binary)

Terraform is the lab's own. The parser is `cargo build -p drcheck --example parse_check`, the evaluator `cargo build -p drcheck`.
"""

from __future__ import annotations

import argparse
import random
import re
import sys
import tempfile
from pathlib import Path

from syntax_cases import decode, json_mutation, mutation, read_snippets, template, write_snippets
from terraform_oracle import Oracle

ROOT = Path(__file__).resolve().parent.parent.parent


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--record", action="store_true", help="write the verdicts of the snippets anew")
    options.add_argument("--mutations", type=int, default=0, metavar="N")
    options.add_argument("--json", type=int, default=0, metavar="N")
    options.add_argument("--templates", type=int, default=0, metavar="N")
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--files", type=Path, help="a directory whose .tf files are damaged too")
    options.add_argument("--target", type=Path, default=ROOT / "target" / "debug", help="where cargo put what it built")
    given = options.parse_args()
    with tempfile.TemporaryDirectory(prefix="drcheck-syntax-") as work:
        oracle = Oracle(Path(work), given.target)
        wrong = record(oracle) if given.record else 0
        if given.mutations:
            wrong += mutations(oracle, given)
        if given.json:
            wrong += json_mutations(oracle, given)
        if given.templates:
            wrong += templates(oracle, given)
    return 1 if wrong else 0


def record(oracle: Oracle) -> int:
    snippets = read_snippets()
    texts = [decode(text) for _, _, text in snippets]
    verdicts = oracle.verdicts(texts)
    write_snippets([(trap, verdict, text) for (trap, _, text), verdict in zip(snippets, verdicts)])
    print(f"recorded {len(snippets)} snippets, {sum(v != 'ok' for v in verdicts)} of them rejected")
    return 0


def mutations(oracle: Oracle, given: argparse.Namespace) -> int:
    chance = random.Random(given.seed)
    seeds = [decode(text) for _, _, text in read_snippets()]
    for path in sorted(given.files.rglob("*.tf")) if given.files else []:
        seeds.append(path.read_bytes())
    texts = [mutation(chance, seeds) for _ in range(given.mutations)]
    theirs, ours = oracle.verdicts(texts, places=False), oracle.own_verdicts(texts)
    wrong = known = 0
    for text, their, own in zip(texts, theirs, ours):
        if their == "ok" and own != "ok" and not is_utf8(text):
            # Terraform lets some broken characters pass; drcheck does not.
            known += 1
        elif (their == "ok") != (own == "ok"):
            wrong += 1
            print(f"Terraform {their}, drcheck {own}: {text!r}")
    rejected = sum(their != "ok" for their in theirs)
    print(f"{len(texts)} damaged files (seed {given.seed}), {rejected} rejected by Terraform, {wrong} verdicts differ, {known} not UTF-8")
    return wrong


# What Terraform finds wrong with a file whose syntax is right.
MEANING = re.compile(r"reference|Reference|Missing required|Duplicate|Extraneous|Invalid .* name|type|operand|value$|Unsupported|function|Null condition")
# These are syntax all the same.
SYNTAX = re.compile(r"Incorrect JSON value type|Root value|Duplicate (argument|attribute|object)|Missing value|start of value")


def json_mutations(oracle: Oracle, given: argparse.Namespace) -> int:
    chance = random.Random(given.seed)
    texts = [json_mutation(chance, number) for number in range(given.json)]
    theirs, ours = oracle.json_errors(texts), oracle.own_verdicts(texts, ".tf.json")
    wrong = 0
    for text, their, own in zip(texts, theirs, ours):
        meaning = MEANING.search(their) and not SYNTAX.search(their)
        if own == "ok" and their and not meaning or own != "ok" and not their:
            wrong += 1
            print(f"Terraform {their or 'ok'}, drcheck {own}: {text!r}")
    print(f"{len(texts)} damaged JSON files (seed {given.seed}), {sum(map(bool, theirs))} rejected by Terraform, {wrong} verdicts differ")
    return wrong


def is_utf8(text: bytes) -> bool:
    try:
        text.decode()
    except UnicodeDecodeError:
        return False
    return True


def templates(oracle: Oracle, given: argparse.Namespace) -> int:
    chance = random.Random(given.seed)
    texts = [template(chance, number) for number in range(given.templates)]
    theirs, ours = oracle.values(texts), oracle.own_values(texts)
    wrong = names = 0
    for text, their, own in zip(texts, theirs, ours):
        if their == own:
            continue
        # `$`, `{` and a letter in a row are a name. Terraform refuses one that is not declared wherever it stands, drcheck
        # only where it is asked for its value.
        if their is None and oracle.errors(text) == {"Invalid reference"}:
            names += 1
            continue
        wrong += 1
        print(f"{text!r}\n  Terraform {their!r}\n  drcheck   {own!r}")
    known = sum(their is not None for their in theirs)
    print(
        f"{len(texts)} templates (seed {given.seed}), {known} with a value, {wrong} differ, "
        f"{names} refused by Terraform for a name that is never asked for"
    )
    return wrong


if __name__ == "__main__":
    sys.exit(main())
