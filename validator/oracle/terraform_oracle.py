"""Real Terraform and the built drcheck, asked the same questions."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "lab"))

from launcher import venv  # noqa: E402

# Files that one call of Terraform is given.
BATCH = 500


class Oracle:
    """Answers of both sides. Each answer belongs to the text at the same place in the list."""

    def __init__(self, work: Path, target: Path) -> None:
        self.work, self.target, self.rounds = work, target, 0
        self.terraform = venv.ensure().parent / "terraform"
        settings = work / "empty.tfrc"
        settings.touch()
        self.environment = {**os.environ, "TF_CLI_CONFIG_FILE": str(settings), "CHECKPOINT_DISABLE": "1"}

    def _directory(self) -> Path:
        self.rounds += 1
        directory = self.work / str(self.rounds)
        directory.mkdir()
        return directory

    def _run(self, directory: Path, *arguments: str) -> str:
        done = subprocess.run([self.terraform, *arguments], cwd=directory, env=self.environment, capture_output=True, check=False)
        return (done.stdout + done.stderr).decode("utf-8", "replace")

    def _write(self, texts: list[bytes], ending: str = ".tf") -> Path:
        directory = self._directory()
        for number, text in enumerate(texts):
            (directory / f"f{number:06}{ending}").write_bytes(text)
        return directory

    def verdicts(self, texts: list[bytes], places: bool = True) -> list[str]:
        """`ok`, or `no` with line:column of the first error."""
        directory = self._write(texts)
        names = [f"f{number:06}.tf" for number in range(len(texts))]
        rejected: set[str] = set()
        for start in range(0, len(names), BATCH):
            out = self._run(directory, "fmt", "-no-color", "-check", "-list=false", "-write=false", *names[start : start + BATCH])
            rejected |= set(re.findall(r" on (f\d+\.tf) line", out))
        places_of = self._places(directory, rejected) if places else {}
        return [f"no {places_of.get(name, '')}".strip() if name in rejected else "ok" for name in names]

    def _places(self, directory: Path, rejected: set[str]) -> dict[str, str]:
        for path in directory.iterdir():
            if path.name not in rejected:
                path.unlink()
        places: dict[str, str] = {}
        for diagnostic in json.loads(self._run(directory, "validate", "-json"))["diagnostics"]:
            found = diagnostic.get("range")
            if found:
                places.setdefault(found["filename"], f"{found['start']['line']}:{found['start']['column']}")
        return places

    def json_errors(self, texts: list[bytes]) -> list[str]:
        """For configurations in the JSON form: what Terraform calls the first error of each, or nothing."""
        directory = self._write(texts, ".tf.json")
        found: dict[str, str] = {}
        while True:
            diagnostics = json.loads(self._run(directory, "validate", "-json"))["diagnostics"]
            errors = [d for d in diagnostics if d["severity"] == "error" and d.get("range", {}).get("filename", "").startswith("f")]
            for error in errors:
                found.setdefault(error["range"]["filename"], error["summary"])
                (directory / error["range"]["filename"]).unlink(missing_ok=True)
            if not errors:
                return [found.get(f"f{number:06}.tf.json", "") for number in range(len(texts))]

    def own_verdicts(self, texts: list[bytes], ending: str = ".tf") -> list[str]:
        """The same from our parser."""
        directory = self._write(texts, ending)
        paths = [str(directory / f"f{number:06}{ending}") for number in range(len(texts))]
        command = [self.target / "examples" / "parse_check"]
        done = subprocess.run(command, input="\n".join(paths).encode(), capture_output=True, check=True)
        places: dict[str, str] = {}
        for path, place in re.findall(r"(?m)^(\S+):(\d+:\d+): ", done.stdout.decode("utf-8", "replace")):
            places.setdefault(path, place)
        return [f"no {places[path]}" if path in places else "ok" for path in paths]

    def values(self, expressions: list[str]) -> list[object]:
        """Values of expressions; `None` where there is an error."""
        directory = self._directory()
        for number, expression in enumerate(expressions):
            text = 'output "e%06d" {\n  sensitive = true\n  value = { v = %s\n}\n}\n' % (number, expression.removesuffix("\n"))
            (directory / f"e{number:06}.tf").write_text(text, encoding="utf-8", newline="")
        self._drop(directory, ["fmt", "-no-color", "-check", "-list=false", "-write=false"])
        self._run(directory, "init", "-no-color")
        for command in (["validate", "-no-color"], ["apply", "-auto-approve", "-no-color"]):
            while self._drop(directory, command):
                pass
        read = json.loads(self._run(directory, "output", "-json"), parse_float=Decimal, parse_int=Decimal)
        found = {name: entry["value"]["v"] for name, entry in read.items()}
        return [found.get(f"e{number:06}") for number in range(len(expressions))]

    def errors(self, expression: str) -> set[str]:
        """What Terraform calls the errors of one expression."""
        directory = self._directory()
        text = "output \"e\" {\n  value = %s\n}\n" % expression.removesuffix("\n")
        (directory / "e.tf").write_text(text, encoding="utf-8", newline="")
        found = json.loads(self._run(directory, "validate", "-json"))["diagnostics"]
        return {diagnostic["summary"] for diagnostic in found}

    def _drop(self, directory: Path, command: list[str]) -> int:
        """Removes the files that Terraform complains about."""
        bad = {name for name in re.findall(r" on (e\d+\.tf) line", self._run(directory, *command))}
        for name in bad:
            (directory / name).unlink(missing_ok=True)
        return len(bad)

    def own_values(self, expressions: list[str]) -> list[object]:
        """The same from `drcheck eval`, which reads one expression a line: line breaks are escaped as a template file."""
        directory = self._directory()
        lines = []
        for number, expression in enumerate(expressions):
            (directory / f"e{number:06}.tf").write_text(
                'locals {\n  e%06d = %s\n}\n' % (number, expression.removesuffix("\n")), encoding="utf-8", newline=""
            )
            lines.append(f"local.e{number:06}")
        command = [self.target / "drcheck", "eval", "--root", str(directory), "--format", "json"]
        done = subprocess.run(command, input="\n".join(lines).encode(), capture_output=True, check=False)
        answers = {}
        for line in done.stdout.decode("utf-8", "replace").splitlines():
            answer = json.loads(line, parse_float=Decimal, parse_int=Decimal)
            answers[answer["expr"]] = answer.get("value") if answer.get("ok") else None
        return [answers.get(line) for line in lines]
