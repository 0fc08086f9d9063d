"""Recorded snippets of Terraform's language, and new ones: damaged files and random templates."""

from __future__ import annotations

import random
import re
from pathlib import Path

SNIPPETS = Path(__file__).resolve().parent.parent / "tests" / "data" / "syntax" / "snippets.tsv"
HEADER = """\
# Snippets of native syntax and what Terraform says to each: `ok`, or `no` and line:column of its first error.
# Columns: the trap, the verdict, the text. In the text ⏎ is a line feed, ␍ a carriage return, ‹FF› a byte.
# The verdicts are written by validator/oracle/syntax.py --record.
"""


def decode(text: str) -> bytes:
    """The bytes of a snippet."""
    whole = text.replace("⏎", "\n").replace("␍", "\r").encode()
    return re.sub("‹([0-9A-F]{2})›".encode(), lambda found: bytes([int(found[1], 16)]), whole)


def read_snippets() -> list[tuple[str, str, str]]:
    """Trap, verdict and text of each."""
    lines = SNIPPETS.read_text(encoding="utf-8").split("\n")
    return [tuple(line.split("\t", 2)) for line in lines if line and not line.startswith("#")]


def write_snippets(snippets: list[tuple[str, str, str]]) -> None:
    body = "".join("\t".join(snippet) + "\n" for snippet in snippets)
    SNIPPETS.write_text(HEADER + body, encoding="utf-8")


TOKENS = re.compile(rb"\s+|[A-Za-z_][\w-]*|\d+|\.\.\.|=>|==|!=|<=|>=|&&|\|\||<<-?|\$\{|%\{|~\}|.", re.S)
INSERTED = (
    b"\n| |\"|{|}|(|)|[|]|,|.|=|:|?|...|*|=>|${|%{|~|for|in|if|1|x|-|!|#|/*|*/|<<A\n|\\|::|null|0.1|\r\n|\r|$${|==|%|+"
).split(b"|") + [b"|", b"||", b"\x00", b"\xff", b"\xc3\xa9", b"\xe2\x80\x8d"]


def mutation(chance: random.Random, seeds: list[bytes]) -> bytes:
    """A file or a piece of one with one or two tokens inserted, removed, replaced or swapped."""
    text = chance.choice(seeds)
    if len(text) > 1500:
        starts = [found.start() for found in re.finditer(rb"(?m)^(?=[a-z]+ .*\{$)", text)] or [0]
        text = text[chance.choice(starts) :]
        end = text.find(b"\n}\n")
        text = text[: end + 3] if 0 <= end < 2500 else text[:800]
    tokens = TOKENS.findall(text)
    for _ in range(chance.choice([1, 1, 2])):
        if not tokens:
            break
        at, what = chance.randrange(len(tokens)), chance.random()
        if what < 0.35:
            tokens.insert(at, chance.choice(INSERTED))
        elif what < 0.65:
            tokens.pop(at)
        elif what < 0.8:
            tokens[at] = chance.choice(INSERTED)
        else:
            other = chance.randrange(len(tokens))
            tokens[at], tokens[other] = tokens[other], tokens[at]
    return b"".join(tokens)


QUOTED = ["a", "b", " ", "  ", "\\n", "\\t", "\\r\\n", "\\\\", '\\"', "$", "%", "$$", "%%", "$${", "%%{", "}", "~", "{", "\\u00e9", "\\u0020", "é"]
LINES = ["a", "b", " ", "  ", "   ", "\t", "$", "%", "$$", "%%", "$${", "%%{", "}", "~", '"', "\\n", "\\\\", "{", "é", "\u00a0", "\n", "\n", "\n  ", "\n    ", "\n\n"]
HOLES = ["1", '"q"', '" s "', 'true ? "y" : "n"', '"${"in"} "']


def _part(chance: random.Random, pieces: list[str], depth: int) -> str:
    mark = lambda: chance.choice(["", "", "~"])
    what = chance.random()
    if what < 0.45:
        return "${" + mark() + f" {chance.choice(HOLES)} " + mark() + "}"
    if what < 0.65 and depth < 2:
        otherwise = "%{" + mark() + " else " + mark() + "}" + _text(chance, pieces, depth + 1) if chance.random() < 0.4 else ""
        head = "%{" + mark() + f" if {chance.choice(['true', 'false'])} " + mark() + "}"
        return head + _text(chance, pieces, depth + 1) + otherwise + "%{" + mark() + " endif " + mark() + "}"
    if what < 0.8 and depth < 2:
        head = "%{" + mark() + f" for {chance.choice(['i, ', ''])}x in [\"p\", \"q\"] " + mark() + "}"
        return head + _text(chance, pieces, depth + 1) + "${x}%{" + mark() + " endfor " + mark() + "}"
    return ""


def _text(chance: random.Random, pieces: list[str], depth: int) -> str:
    run = lambda most: "".join(chance.choice(pieces) for _ in range(chance.randint(0, most)))
    return "".join(run(5) + _part(chance, pieces, depth) for _ in range(chance.randint(1, 4))) + run(3)


def template(chance: random.Random, number: int) -> str:
    """A random template: quoted, `<<` or `<<-`, some with CRLF."""
    kind = number % 4
    if kind == 0:
        return '"' + _text(chance, QUOTED, 0) + '"'
    body = _text(chance, LINES, 0)
    if kind == 2:
        body = "\n".join(" " * chance.choice([2, 2, 4, 4, 6, 0]) + line for line in body.split("\n"))
    whole = ("<<A\n" if kind == 3 else "<<-A\n") + body + "\n" + " " * chance.choice([0, 2, 4]) + "A\n"
    return whole.replace("\n", "\r\n") if chance.random() < 0.15 else whole


JSON_SEEDS = (
    r'''{"output":{"oN":{"value":{"a":[1,2.5,-3e2,true,null],"b":"x${1}y","c":{"d":"\u00e9\n"}},"description":"d"}}}''',
    r'''{"output":[{"oN":[{"value":"${[for x in [1,2] : x]}"}]}],"//":"c"}''',
    r'''{"locals":{"lN":"%{ if true }a%{ else }b%{ endif }","mN":["$${x}","\ud83d\ude00","${upper(\"x\")}"]}}''',
    r'''[{"variable":{"vN":{"type":"map(string)","default":{"a":"${"}}}},{"output":{"oN":{"value":"${var.vN}"}}}]''',
)
JSON_TOKENS = re.compile(rb"\s+|[A-Za-z]+|\d+|\\u....|\\.|\$\{|.", re.S)
JSON_INSERTED = b"\" { } [ ] , : \\ 1 true null - . e ${ / \\\" \\u00 [] {} \"a\" \"//\":1, \x00 \xff \xc3\xa9".split() + [b" ", b"\n", b"\t"]


def json_mutation(chance: random.Random, number: int) -> bytes:
    """A configuration in the JSON form with up to two tokens damaged; its names are its own."""
    tokens = JSON_TOKENS.findall(chance.choice(JSON_SEEDS).replace("N", str(number)).encode())
    for _ in range(chance.choice([0, 1, 1, 2])):
        at, what = chance.randrange(len(tokens)), chance.random()
        if what < 0.4:
            tokens.insert(at, chance.choice(JSON_INSERTED))
        elif what < 0.7 and len(tokens) > 1:
            tokens.pop(at)
        else:
            tokens[at] = chance.choice(JSON_INSERTED)
    return b"".join(tokens)
