"""What a mutation is, and the edits it is made of.

An edit changes a tree: a dictionary from path (below examples/mirror-check) to text. It must find what it looks for exactly
once, else it raises NoMatch; so a mutation cannot silently become nothing when the example changes.
"""

import re
from typing import Callable, NamedTuple, Tuple

Edit = Callable[[dict], None]


class NoMatch(Exception):
    """An edit did not find its text exactly once."""


class Mutation(NamedTuple):
    """One change of the clean estate. `rules` is empty when nothing may be found."""

    id: str
    family: str
    what: str
    rules: Tuple[str, ...]
    why: str
    edits: Tuple[Edit, ...]
    provider: int  # the major version of the AWS provider that it needs

    @property
    def breaks(self) -> bool:
        return bool(self.rules)


def breaks(id: str, what: str, rules: str, why: str, *edits: Edit) -> Mutation:
    """A mutation that breaks or degrades a failover; `rules` are the accepted names, separated by spaces."""
    return Mutation(id, "", what, tuple(rules.split()), why, edits, 5)


def holds(id: str, what: str, why: str, *edits: Edit, provider: int = 5) -> Mutation:
    """A mutation after which the estate mirrors as before."""
    return Mutation(id, "neutral", what, (), why, edits, provider)


def family(name: str, entries: "list[Mutation]") -> "list[Mutation]":
    """The entries of one family."""
    return [entry._replace(family=name) for entry in entries]


# --- finding ----------------------------------------------------------------------


def once(text: str, find: str, where: str) -> None:
    """Says that the text holds this exactly once."""
    found = text.count(find)
    if found != 1:
        raise NoMatch(f"{where}: found {found} times: {find!r}")


def block(tree: dict, file: str, header: str) -> "tuple[int, int]":
    """Where the block with this header begins and ends; it ends with the first brace in the first column."""
    text = read(tree, file)
    begin = f"\n{text}".find(f"\n{header} {{\n")
    if begin < 0 or f"\n{text}".find(f"\n{header} {{\n", begin + 1) >= 0:
        raise NoMatch(f"{file}: no single block {header}")
    return begin, text.index("\n}", begin) + 3


def read(tree: dict, file: str) -> str:
    if file not in tree:
        raise NoMatch(f"no file {file}")
    return tree[file]


# --- edits -------------------------------------------------------------------------


def replace(file: str, find: str, new: str) -> Edit:
    """Other text for text that the file holds once."""

    def edit(tree: dict) -> None:
        once(read(tree, file), find, file)
        tree[file] = tree[file].replace(find, new)

    return edit


def inside(file: str, header: str, find: str, new: str) -> Edit:
    """Other text for text that the block holds once."""

    def edit(tree: dict) -> None:
        begin, end = block(tree, file, header)
        body = tree[file][begin:end]
        once(body, find, f"{file}: {header}")
        tree[file] = tree[file][:begin] + body.replace(find, new) + tree[file][end:]

    return edit


def add(file: str, header: str, text: str) -> Edit:
    """Text at the beginning of the block."""

    def edit(tree: dict) -> None:
        begin, _ = block(tree, file, header)
        place = begin + len(header) + 3
        tree[file] = tree[file][:place] + indented(text) + tree[file][place:]

    return edit


def drop(file: str, header: str) -> Edit:
    """The block is gone."""

    def edit(tree: dict) -> None:
        begin, end = block(tree, file, header)
        tree[file] = tree[file][:begin] + tree[file][end:]

    return edit


def append(file: str, text: str) -> Edit:
    """Text at the end of a file, or a new file."""

    def edit(tree: dict) -> None:
        tree[file] = tree.get(file, "") + "\n" + dedented(text)

    return edit


def move(file: str, header: str, to: str) -> Edit:
    """The block goes to another file."""

    def edit(tree: dict) -> None:
        begin, end = block(tree, file, header)
        text = tree[file][begin:end]
        tree[file] = tree[file][:begin] + tree[file][end:]
        tree[to] = tree.get(to, "") + "\n" + text

    return edit


def rename_file(file: str, to: str) -> Edit:
    def edit(tree: dict) -> None:
        tree[to] = read(tree, file)
        del tree[file]

    return edit


def everywhere(old: str, new: str, below: str = "") -> Edit:
    """Other text for every whole word, in all files below a folder; at least one."""

    def edit(tree: dict) -> None:
        pattern = re.compile(rf"(?<![\w-]){re.escape(old)}(?![\w-])")
        found = 0
        for file in sorted(tree):
            if file.startswith(below) and file.startswith(("live/", "modules/")):
                tree[file], count = pattern.subn(lambda _: new, tree[file])
                found += count
        if not found:
            raise NoMatch(f"nowhere below {below or '.'}: {old}")

    return edit


def rewrite(file: str, change: Callable[[str], str]) -> Edit:
    """A change of the whole text of a file, which must change it."""

    def edit(tree: dict) -> None:
        before = read(tree, file)
        tree[file] = change(before)
        if tree[file] == before:
            raise NoMatch(f"{file}: nothing changed")

    return edit


def argument(file: str, header: str, name: str, value: Callable[[str], str], default: "str | None" = None) -> Edit:
    """A new value for the argument that stands once in the block; `default` adds it where it is not there."""

    def edit(tree: dict) -> None:
        begin, end = block(tree, file, header)
        body = tree[file][begin:end]
        pattern = re.compile(rf"^( +){re.escape(name)} *= (.*[^\[{{(\n])$", re.M)
        found = list(pattern.finditer(body))
        if not found and default is not None:
            add(file, header, f"{name} = {value(default)}")(tree)
            return
        if len(found) != 1:
            raise NoMatch(f"{file}: {header}: {len(found)} lines set {name}")
        match = found[0]
        body = f"{body[:match.start()]}{match[1]}{name} = {value(match[2])}{body[match.end():]}"
        tree[file] = tree[file][:begin] + body + tree[file][end:]

    return edit


def put(file: str, header: str, name: str, new: str) -> Edit:
    """The argument has this value, whether it was there or not."""
    return argument(file, header, name, lambda _: new, default="null")


def secondary(file: str, header: str, name: str, new: str, default: str = "null") -> Edit:
    """The argument has this value in the secondary region only."""
    return argument(file, header, name, lambda old: f'var.role == "secondary" ? {new} : {old}', default)


def primary_only(file: str, header: str) -> Edit:
    """The resource exists in the primary region only. Nothing may refer to it."""
    return add(file, header, 'count = var.role == "primary" ? 1 : 0\n')


def call(module: str, name: str, new: str) -> Edit:
    """The argument of a module call in the root has this value."""

    def edit(tree: dict) -> None:
        header = f'module "{module}"'
        files = [file for file in tree if file.startswith("live/") and f"\n{header} {{\n" in "\n" + tree[file]]
        if len(files) != 1:
            raise NoMatch(f"{len(files)} files with {header}")
        put(files[0], header, name, new)(tree)

    return edit


# --- text ---------------------------------------------------------------------------


def dedented(text: str) -> str:
    """Text without the indentation of its first line and without empty lines around it."""
    lines = text.strip("\n").rstrip().split("\n")
    margin = len(lines[0]) - len(lines[0].lstrip())
    return "".join(line[margin:] + "\n" if line.strip() else "\n" for line in lines)


def indented(text: str) -> str:
    return "".join(f"  {line}\n" if line.strip() else "\n" for line in dedented(text).rstrip("\n").split("\n"))


# --- files of the example --------------------------------------------------------------

NETWORK = "modules/network/main.tf"
SECURITY = "modules/network/security.tf"
DATABASE = "modules/data/database.tf"
REGISTRY = "modules/data/registry.tf"
STORES = "modules/data/stores.tf"
BUCKETS = "modules/storage/buckets.tf"
FILES = "modules/storage/files.tf"
ENTRY = "modules/application/entry.tf"
IDENTITY = "modules/application/identity.tf"
SERVICES = "modules/application/services.tf"
WORKERS = "modules/application/workers.tf"
ALARMS = "modules/application/alarms.tf"
BACKUP = "modules/regional/backup.tf"
ACCOUNT = "modules/regional/account.tf"


def resource(type_: str, name: str) -> str:
    """The header of a resource."""
    return f'resource "{type_}" "{name}"'


def document(name: str) -> str:
    """The header of a policy document."""
    return f'data "aws_iam_policy_document" "{name}"'
