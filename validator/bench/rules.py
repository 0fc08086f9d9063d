#!/usr/bin/env python3
"""Whether drcheck finds what breaks a mirror and is silent about what does not: single mutations of examples/mirror-check/live.

Every mutation of `mutations/` is applied to a fresh copy of the example, which drcheck checks. A mutation that breaks is found
when a fingerprint that the clean estate's report lacks has one of the accepted rule names; a gap of such a rule is "undecided",
which is a miss, listed apart. A mutation that breaks nothing is a false alarm when there is any new finding.

With --dry nothing is judged: every edit must match, the mutated estate must load without errors, and what breaks must change
the inventory (`dr.hcl` and the backend are not part of it). --validate FOLDER has Terraform validate each as well; the folder
is a filesystem mirror that holds the AWS provider.
"""

import argparse
import concurrent.futures
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time
from typing import Any, Callable, NamedTuple, Optional

HERE = pathlib.Path(__file__).resolve().parent
REPOSITORY = HERE.parent.parent
EXAMPLE = REPOSITORY / "examples" / "mirror-check"
ROOT = "live"
SECONDS = 60

# Read by the check, but no part of the inventory.
BESIDE_INVENTORY = {"live/dr.hcl", "live/versions.tf"}

sys.path.insert(0, str(HERE))
sys.dont_write_bytecode = True

from mutations import everything  # noqa: E402
from mutations.edits import Mutation, NoMatch  # noqa: E402

Json = Any


class Report(NamedTuple):
    """What drcheck said of one estate: rule names by fingerprint."""

    findings: "dict[str, str]"
    gaps: "dict[str, str]"
    consequences: "dict[str, list[str]]"
    error: str


class Result(NamedTuple):
    """What became of one mutation."""

    mutation: Mutation
    verdict: str  # found, undecided, missed, silent, false alarm, failed
    found: "list[str]"
    gaps: "list[str]"
    note: str


class Failed(Exception):
    """A mutation could not be applied, or the estate could not be read."""


# --- the estate -----------------------------------------------------------------


def example() -> "dict[str, str]":
    """The clean estate: text by path."""
    folders = [EXAMPLE / ROOT, EXAMPLE / "modules"]
    files = [file for folder in folders for file in folder.rglob("*") if file.is_file() and ".terraform" not in file.parts]
    return {file.relative_to(EXAMPLE).as_posix(): file.read_text(encoding="utf-8") for file in sorted(files)}


def mutated(clean: "dict[str, str]", mutation: Mutation) -> "dict[str, str]":
    tree = dict(clean)
    for number, edit in enumerate(mutation.edits, 1):
        try:
            edit(tree)
        except NoMatch as error:
            raise Failed(f"edit {number}: {error}") from error
    if tree == clean:
        raise Failed("the edits change nothing")
    return tree


def written(tree: "dict[str, str]", folder: pathlib.Path) -> pathlib.Path:
    """Writes the estate; the answer is its root."""
    for path, text in tree.items():
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8", newline="")
    return folder / ROOT


# --- drcheck ----------------------------------------------------------------------


def run(command: "list[str]", folder: pathlib.Path) -> "subprocess.CompletedProcess[str]":
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("TF_", "AWS_", "DR"))}
    return subprocess.run(command, cwd=folder, env=clean, capture_output=True, text=True, timeout=SECONDS, check=False)


def check(binary: pathlib.Path, folder: pathlib.Path) -> Report:
    """The report of the estate in this folder."""
    answer = run([str(binary), "check", ROOT, "--boundary", str(folder), "--format", "json"], folder)
    try:
        report = json.loads(answer.stdout)
    except ValueError:
        return Report({}, {}, {}, f"exit code {answer.returncode}: {last_line(answer.stderr or answer.stdout)}")
    findings = {entry["fingerprint"]: entry["rule"] for entry in report["findings"]}
    gaps = {entry.get("fingerprint") or json.dumps(entry, sort_keys=True): entry.get("rule", "") for entry in report.get("gaps", [])}
    consequences = {entry["fingerprint"]: sorted(rules_in(entry.get("consequences", []))) for entry in report["findings"]}
    error = f"exit code {answer.returncode}: {last_line(answer.stderr)}" if answer.returncode in (2, 3) else ""
    return Report(findings, gaps, consequences, error)


def rules_in(consequences: Json) -> "set[str]":
    return {entry["rule"] for entry in consequences if isinstance(entry, dict) and "rule" in entry}


def last_line(text: str) -> str:
    lines = [line for line in text.strip().splitlines() if line.strip()]
    return lines[-1].strip() if lines else "no output"


def inventory(binary: pathlib.Path, folder: pathlib.Path) -> "tuple[Json, list[str]]":
    """The instances without their places, and what went wrong."""
    key = folder / "digest.key"
    key.write_bytes(b"k" * 32)
    answer = run([str(binary), "inventory", ROOT, "--boundary", str(folder), "--digest-key", str(key), "--format", "json"], folder)
    if answer.returncode != 0:
        raise Failed(f"inventory: exit code {answer.returncode}: {last_line(answer.stderr)}")
    report = json.loads(answer.stdout)
    troubles = [f"{entry['severity']}: {entry['summary']}" for entry in report["diagnostics"] if entry["severity"] != "note"]
    without = ("places", "source")
    instances = [{name: value for name, value in entry.items() if name not in without} for entry in report["instances"]]
    return instances, troubles


# --- judging ------------------------------------------------------------------------


def judge(mutation: Mutation, clean: Report, report: Report) -> Result:
    """What the report says of the mutation, compared with the clean estate's."""
    new = {print_: rule for print_, rule in report.findings.items() if print_ not in clean.findings}
    gaps = sorted({rule for print_, rule in report.gaps.items() if print_ not in clean.gaps and print_ not in clean.findings})
    found = sorted(set(new.values()))
    if report.error:
        return Result(mutation, "failed", found, gaps, report.error)
    if not mutation.breaks:
        return Result(mutation, "false alarm" if new else "silent", found, gaps, "")
    if accepted(mutation, found):
        return Result(mutation, "found", found, gaps, "")
    below = sorted({rule for print_ in new for rule in report.consequences[print_] if accepted(mutation, [rule])})
    note = f"only as a consequence: {', '.join(below)}" if below else ""
    return Result(mutation, "undecided" if accepted(mutation, gaps) else "missed", found, gaps, note)


def accepted(mutation: Mutation, rules: "list[str]") -> bool:
    """Whether one of the rules is an accepted one; generic rules may carry an attribute after a colon or a slash."""
    return any(rule in mutation.rules or rule.replace("/", ":").split(":")[0] in mutation.rules for rule in rules)


def judged(mutation: Mutation, tree: "dict[str, str]", clean: Report, binary: pathlib.Path) -> Result:
    with tempfile.TemporaryDirectory(prefix="rules-") as folder:
        try:
            written(mutated(tree, mutation), pathlib.Path(folder))
            return judge(mutation, clean, check(binary, pathlib.Path(folder)))
        except (Failed, subprocess.TimeoutExpired) as error:
            return Result(mutation, "failed", [], [], str(error))


# --- without judging -------------------------------------------------------------------


class Dry(NamedTuple):
    """What a dry run needs."""

    binary: pathlib.Path
    terraform: Optional[str]
    providers: Optional[pathlib.Path]
    clean: Json


def tried(mutation: Mutation, tree: "dict[str, str]", dry: Dry) -> Result:
    """Whether the mutation can be applied, loads, and changes something."""
    with tempfile.TemporaryDirectory(prefix="rules-") as name:
        folder = pathlib.Path(name)
        try:
            after = mutated(tree, mutation)
            written(after, folder)
            instances, troubles = inventory(dry.binary, folder)
            if troubles:
                raise Failed("; ".join(troubles[:3]))
            changed = {path for path in {*tree, *after} if tree.get(path) != after.get(path)}
            if mutation.breaks and instances == dry.clean and changed - BESIDE_INVENTORY:
                raise Failed("the inventory is that of the clean estate")
            if dry.terraform:
                terraform(dry.terraform, folder, ["fmt", "-list=false", "-write=false", "-recursive"])
            if dry.terraform and dry.providers and mutation.provider == 5:
                terraform(dry.terraform, folder, [f"-chdir={ROOT}", "init", "-backend=false", f"-plugin-dir={dry.providers}", "-no-color"])
                terraform(dry.terraform, folder, [f"-chdir={ROOT}", "validate", "-no-color"])
            return Result(mutation, "found" if mutation.breaks else "silent", [], [], "")
        except (Failed, subprocess.TimeoutExpired) as error:
            return Result(mutation, "failed", [], [], str(error))


def terraform(binary: str, folder: pathlib.Path, arguments: "list[str]") -> None:
    answer = run([binary, *arguments], folder)
    if answer.returncode != 0:
        lines = [line.strip("│╷╵ ") for line in (answer.stderr or answer.stdout).splitlines()]
        raise Failed(f"terraform {arguments[-1] if arguments[0][0] == '-' else arguments[0]}: {' '.join(line for line in lines if line)[:300]}")


def lab_terraform() -> Optional[str]:
    """The lab's Terraform, or none where it cannot be installed."""
    sys.path.insert(0, str(REPOSITORY / "lab"))
    from launcher import venv

    try:
        return str(venv.ensure().parent / "terraform")
    except (OSError, RuntimeError, SystemExit, subprocess.CalledProcessError) as error:
        print(f"no Terraform ({error}): syntax is checked by drcheck alone", file=sys.stderr)
        return None


# --- printing ----------------------------------------------------------------------------


def families(results: "list[Result]") -> "list[tuple[str, int, int]]":
    """Family, mutations, and how many of them went well."""
    rows: "dict[str, list[bool]]" = {}
    for result in results:
        rows.setdefault(result.mutation.family, []).append(result.verdict in ("found", "silent"))
    return [(name, len(rows[name]), sum(rows[name])) for name in rows]


def described(result: Result) -> str:
    mutation = result.mutation
    lines = [f"  {mutation.id}: {mutation.what}"]
    if mutation.breaks:
        lines.append(f"    expected  {' | '.join(mutation.rules)}")
    if result.found or result.gaps:
        lines.append(f"    found     {', '.join(result.found) or 'nothing'}" + (f"; cannot tell: {', '.join(result.gaps)}" if result.gaps else ""))
    elif result.verdict != "failed":
        lines.append("    found     nothing")
    if result.note:
        lines.append(f"    {result.note}")
    return "\n".join(lines)


def show(results: "list[Result]", clean: Report) -> None:
    """What people read."""
    for verdict in ("failed", "missed", "undecided", "false alarm"):
        named = [result for result in results if result.verdict == verdict]
        if named:
            print(f"{verdict}: {len(named)}")
            print("\n".join(described(result) for result in named) + "\n")
    open_ = [result for result in results if result.verdict == "silent" and result.gaps]
    if open_:
        print("breaks nothing, but cannot tell something new:")
        print("\n".join(f"  {result.mutation.id}: {', '.join(result.gaps)}" for result in open_) + "\n")
    if clean.findings:
        print(f"the clean estate has findings of its own: {', '.join(sorted(set(clean.findings.values())))}\n")
    print("family          mutations   as expected")
    for name, count, good in families(results):
        print(f"{name:<15} {count:>9} {good:>13}")


def totals(results: "list[Result]", clean: Report) -> Json:
    count: Callable[..., int] = lambda *verdicts: sum(result.verdict in verdicts for result in results)
    breaking = sum(result.mutation.breaks for result in results)
    return {
        "breaking": breaking,
        "found": count("found"),
        "undecided": count("undecided"),
        "missed": count("missed"),
        "recall": round(count("found") / breaking, 4) if breaking else 1.0,
        "neutral": len(results) - breaking,
        "false_alarms": count("false alarm"),
        "failed": count("failed"),
        "new_gaps_of_neutral": sum(bool(result.gaps) for result in results if not result.mutation.breaks),
        "clean_findings": len(clean.findings),
        "clean_gaps": len(clean.gaps),
    }


def main() -> int:
    target = pathlib.Path(os.environ.get("CARGO_TARGET_DIR") or REPOSITORY / "target")
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--binary", type=pathlib.Path, default=target / "release" / "drcheck")
    parser.add_argument("--only", action="append", metavar="ID", help="this mutation alone; repeatable")
    parser.add_argument("--family", action="append", metavar="NAME", help="this family alone; repeatable")
    parser.add_argument("--list", action="store_true", help="print the mutations and run nothing")
    parser.add_argument("--keep", type=pathlib.Path, metavar="FOLDER", help="write the mutated estates there and run nothing")
    parser.add_argument("--dry", action="store_true", help="apply and load every mutation, judge nothing")
    parser.add_argument("--terraform", help="with --dry: another Terraform than the lab's")
    parser.add_argument("--validate", type=pathlib.Path, metavar="FOLDER", help="with --dry: validate with the provider of this mirror")
    parser.add_argument("--json", action="store_true", help="print the results as JSON")
    parser.add_argument("--check", action="store_true", help="fail below --min-recall, above --max-false-alarms, or when a mutation failed")
    parser.add_argument("--min-recall", type=float, default=1.0)
    parser.add_argument("--max-false-alarms", type=int, default=0)
    parser.add_argument("--jobs", type=int, default=2)
    given = parser.parse_args()

    chosen = [entry for entry in everything() if selected(entry, given)]
    if not chosen:
        parser.error("no such mutation; --list prints them")
    tree = example()
    if given.list:
        print("\n".join(f"{entry.family:<14} {entry.id:<34} {entry.what}" for entry in chosen))
        return 0
    if given.keep:
        for entry in chosen:
            written(mutated(tree, entry), given.keep / entry.id)
        return 0

    binary = given.binary.resolve()
    if not binary.is_file():
        parser.error(f"no drcheck at {given.binary}: build it or give --binary")
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="rules-") as name:
        folder = pathlib.Path(name)
        written(tree, folder)
        if given.dry:
            instances, troubles = inventory(binary, folder)
            if troubles:
                parser.error(f"the clean estate: {'; '.join(troubles)}")
            clean = Report({}, {}, {}, "")
            dry = Dry(binary, given.terraform or lab_terraform(), given.validate, instances)
            work = lambda entry: tried(entry, tree, dry)  # noqa: E731
        else:
            clean = check(binary, folder)
            if clean.error:
                parser.error(f"the clean estate: {clean.error}")
            work = lambda entry: judged(entry, tree, clean, binary)  # noqa: E731
    with concurrent.futures.ThreadPoolExecutor(given.jobs) as pool:
        results = list(pool.map(work, chosen))
    seconds = time.monotonic() - began
    summary = totals(results, clean)

    if given.json:
        rows = [{**row._asdict(), "mutation": row.mutation.id, "family": row.mutation.family, "expected": row.mutation.rules} for row in results]
        print(json.dumps({"summary": summary, "results": rows}, indent=1))
    elif given.dry:
        show([result for result in results if result.verdict == "failed"] or results, clean)
        print(f"\n{len(results)} mutations ({summary['breaking']} break, {summary['neutral']} do not), {summary['failed']} failed, {seconds:.0f} s")
    else:
        show(results, clean)
        print(
            f"\nrecall {summary['found']} of {summary['breaking']} ({summary['recall']:.1%}), {summary['undecided']} undecided; "
            f"false alarms {summary['false_alarms']} of {summary['neutral']}; failed {summary['failed']}; {seconds:.0f} s"
        )
    bad = summary["failed"] or (
        not given.dry and (summary["recall"] < given.min_recall or summary["false_alarms"] > given.max_false_alarms)
    )
    return 1 if bad and (given.check or given.dry) else 0


def selected(entry: Mutation, given: argparse.Namespace) -> bool:
    if given.only and entry.id not in given.only:
        return False
    return not given.family or entry.family in given.family


if __name__ == "__main__":
    sys.exit(main())
