"""Real Terraform, the lab's one, asked for the values of expressions.

One file and one output for each expression, so that every error names the expression it belongs to. Terraform runs in a
directory of its own that holds a copy of the files the expressions may read, so no answer can hold a path of this machine.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any, Optional

HERE = Path(__file__).resolve().parent
REPOSITORY = HERE.parent.parent
FILES = HERE / "files"
DATA = REPOSITORY / "validator" / "tests" / "data"

sys.path.insert(0, str(REPOSITORY / "lab"))

from launcher import venv  # noqa: E402

Record = dict[str, Any]
INFINITE = "Infinite"


class Number(str):
    """A number as it was written, with all its digits."""


def load(text: str) -> Any:
    """JSON whose numbers keep all digits."""
    return json.loads(text, parse_float=Number, parse_int=Number)


def dump(value: Any) -> str:
    """One line of JSON, numbers as they were written."""
    if isinstance(value, Number):
        return str(value)
    if isinstance(value, dict):
        return "{" + ",".join(f"{dump(key)}:{dump(part)}" for key, part in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(dump, value)) + "]"
    return json.dumps(value, ensure_ascii=False)


class Terraform:
    """A directory in which Terraform runs."""

    def __init__(self, files: Optional[Path] = FILES) -> None:
        self.binary = venv.ensure().parent / "terraform"
        self.directory = Path(tempfile.mkdtemp(prefix="oracle-"))
        self.root = self.directory / "root"
        if files:
            shutil.copytree(files, self.root)
        else:
            self.root.mkdir()
        (self.directory / "empty.tfrc").write_text("")

    def __enter__(self) -> "Terraform":
        return self

    def __exit__(self, *_: object) -> None:
        shutil.rmtree(self.directory, ignore_errors=True)

    def run(self, *arguments: str, stdin: str = "") -> subprocess.CompletedProcess:
        """Runs one command; what went wrong is in what it prints."""
        clean = {name: value for name, value in os.environ.items() if not name.startswith("TF_")}
        settings = {
            "CHECKPOINT_DISABLE": "1",
            "TF_CLI_CONFIG_FILE": str(self.directory / "empty.tfrc"),
            "TF_IN_AUTOMATION": "1",
        }
        command = [str(self.binary), *arguments]
        return subprocess.run(
            command, cwd=self.root, env={**clean, **settings}, input=stdin, capture_output=True, text=True, check=False
        )

    def must(self, *arguments: str) -> str:
        """Runs a command that has no reason to fail."""
        done = self.run(*arguments)
        if done.returncode != 0:
            raise RuntimeError(f"terraform {' '.join(arguments)}: {done.stdout[-2000:]}{done.stderr[-2000:]}")
        return done.stdout

    def write(self, expressions: list[str]) -> list[str]:
        """One file and one output for each. The wrapping object keeps nulls. Returns their names."""
        names = [f"e{number:05}" for number in range(len(expressions))]
        for name, expression in zip(names, expressions):
            text = f'output "{name}" {{\n  sensitive = true\n  value = {{\n    v = {expression}\n  }}\n}}\n'
            (self.root / f"{name}.tf").write_text(text, encoding="utf-8")
        return names

    def ask(self, expressions: list[str]) -> list[Record]:
        """What each expression is: its type and value, or Terraform's error."""
        names = self.write(expressions)
        errors: dict[str, Record] = {}
        while self.drop(self.validate(), errors) or self.drop(self._apply(), errors):
            pass
        outputs = load(self.must("output", "-json"))
        records = []
        for name, expression in zip(names, expressions):
            if name in errors:
                records.append({"expr": expression, "ok": False, "error": errors[name]})
                continue
            output = outputs[name]
            records.append({"expr": expression, "ok": True, "type": output["type"][1]["v"], "value": output["value"]["v"]})
            (self.root / f"{name}.tf").unlink()
        return records

    def drop(self, diagnostics: list[Record], errors: dict[str, Record]) -> bool:
        """Takes away the files that errors name. Whether there were any."""
        # What cannot be written into a state has an error of its own beside this one.
        follows = "Failed to persist state to backend"
        found = [d for d in diagnostics if d["severity"] == "error" and d["summary"] != follows]
        for diagnostic in found:
            place = diagnostic.get("range")
            if not place and "cannot serialize infinity" in diagnostic.get("detail", ""):
                # A state cannot hold an infinity. No more is to be learned of such an expression this way.
                for name in re.findall(r'output value "(e\d+)"', diagnostic["detail"]):
                    (self.root / f"{name}.tf").unlink(missing_ok=True)
                    errors[name] = {"summary": INFINITE, "detail": diagnostic["detail"]}
                continue
            name = Path(place["filename"]).stem if place else ""
            path = self.root / f"{name}.tf"
            if not name.startswith("e") or name not in errors and not path.exists():
                raise RuntimeError(f"an error that belongs to no expression: {diagnostic}")
            path.unlink(missing_ok=True)
            # Where a function of Terraform itself crashes, the detail goes on with its stack.
            detail = diagnostic.get("detail", "").split("\ngoroutine ")[0].strip()
            errors.setdefault(name, {"summary": diagnostic["summary"], "detail": detail})
        return bool(found)

    def validate(self) -> list[Record]:
        """Diagnostics of the configuration as it stands."""
        return json.loads(self.run("validate", "-json").stdout)["diagnostics"]

    def plan(self) -> list[Record]:
        """Plans into the file `plan`; diagnostics of that."""
        return self._diagnostics("plan", "-out=plan")

    def _apply(self) -> list[Record]:
        self.must("init")
        (self.root / "terraform.tfstate").unlink(missing_ok=True)
        return self._diagnostics("apply", "-auto-approve")

    def _diagnostics(self, *command: str) -> list[Record]:
        # Values hold characters at which Python would end a line.
        lines = filter(None, self.run(*command, "-json").stdout.split("\n"))
        return [line["diagnostic"] for line in map(json.loads, lines) if line["type"] == "diagnostic"]
