"""A Terraform root in the lab: what is in it, how it is run, and what of its output is shown."""

from __future__ import annotations

import re
import subprocess
import time
from pathlib import Path
from typing import Any

from launcher import mirror
from story import DIM, PLAIN, ROOT, DemoError, Story

#: The root of the estate that the stories fail over.
EXAMPLE = ROOT / "examples" / "region-failover"
SOURCE, VERSION = "estate-recovery/dr", "0.1.0"
#: A line of an execution in the provider's log: the text before the fields.
PROGRESS = re.compile(r"provider\.terraform-provider-dr\S*: (.*?): (?:@module|plan|tf_\w+|timestamp)=.*")
#: What is no news: an answer that nobody doubted, a gate that was open.
NO_NEWS = (": accepted", "(passed)")


def paced(text: str, heartbeat: str, poll: str) -> str:
    """A root at a pace for emulators."""
    changed = text.replace('provider "dr" {', f'provider "dr" {{\n  heartbeat = "{heartbeat}"\n  poll      = "{poll}"', 1)
    if changed == text:
        raise DemoError("the root has no provider block")
    return changed


class TerraformRoot:
    """A directory with a root, beside the lab and gone with it, and the provider in the lab's mirror."""

    def __init__(self, demo: Story, binary: Path, files: dict[str, str], name: str = "root") -> None:
        mirror.add(demo.lab, SOURCE, VERSION, binary)
        self.demo = demo
        work = self.work = demo.lab.parent / name
        self.environment = dict(demo.environment)
        work.mkdir(parents=True, exist_ok=True)
        for name, text in files.items():
            (work / name).write_text(text, encoding="utf-8")

    def start(self, *arguments: str, **other: Any) -> subprocess.Popen:
        """Starts Terraform and leaves it running, in a process group of its own; its output is a pipe."""
        quiet = list(arguments)
        if arguments[0] in ("plan", "apply", "init"):
            quiet[1:1] = ["-no-color", "-input=false"]
        log = self.work / "provider.log"
        log.unlink(missing_ok=True)
        watched = {**self.environment, "TF_LOG_PROVIDER": "INFO", "TF_LOG_PATH": str(log)}
        return subprocess.Popen(["terraform", *quiet], cwd=self.work, env=watched, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True, **other)

    def quietly(self, *arguments: str) -> tuple[int, str, float]:
        """Runs Terraform; how it ended, what it printed, and its seconds."""
        begun = time.monotonic()
        process = self.start(*arguments)
        text = process.communicate()[0]
        return process.returncode, text, time.monotonic() - begun

    def terraform(self, *arguments: str, expect: int = 0, keep: tuple[str, ...] = (), since: str = "", till: str = "\0") -> str:
        """Runs Terraform and shows what it prints: lines with one of the words in `keep`, and all from `since` on until
        `till`; and then the progress that the provider logged."""
        print(f"   $ terraform {' '.join(arguments)}", flush=True)
        code, text, seconds = self.quietly(*arguments)
        whole = False
        for line in text.splitlines():
            whole = (whole or (since != "" and since in line)) and till not in line
            if line.strip() and (whole or any(word in line for word in keep)):
                self.demo.say(line.rstrip())
        for line in self.progress():
            self.demo.say(f"{DIM}provider: {line}{PLAIN}")
        if code != expect:
            raise DemoError(f"terraform {arguments[0]} ended with {code}, expected {expect}:\n{text}")
        print(f"     {DIM}exit {code}, {seconds:.1f} s{PLAIN}", flush=True)
        return text

    def progress(self) -> list[str]:
        """What the provider's log of the last command says of an execution: acts, what is waited for, what is done."""
        log = self.work / "provider.log"
        lines = []
        for line in log.read_text(encoding="utf-8").splitlines() if log.exists() else []:
            found = PROGRESS.search(line)
            if found and "execution.run" in line and not any(word in found.group(1) for word in NO_NEWS):
                lines.append(found.group(1))
        return lines
