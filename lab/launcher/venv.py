"""The lab's Python packages: a virtual environment in the user's cache directory, made once and shared by all checkouts
with the same requirements."""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

LAB = Path(__file__).resolve().parent.parent
REQUIREMENTS = LAB / "requirements.txt"
LAUNCHER = LAB / "launcher" / "terraform_launcher.py"


class VenvError(Exception):
    """The packages cannot be installed."""


def directory() -> Path:
    """Where the environment belongs: its name changes with all that it is made of."""
    base = os.environ.get("LAB_CACHE") or os.environ.get("XDG_CACHE_HOME")
    cache = Path(base) if base else Path.home() / ".cache"
    made_of = REQUIREMENTS.read_bytes() + LAUNCHER.read_bytes() + sys.version.encode()
    return cache / "terraform-provider-dr" / f"lab-{hashlib.sha256(made_of).hexdigest()[:12]}"


def ensure() -> Path:
    """The environment's Python, installed if it is not there. Safe when several call at once: the first one installs."""
    if sys.version_info < (3, 9):
        raise VenvError(f"Python 3.9 or later is needed, this is {sys.version.split()[0]}")
    target = directory()
    python = target / "bin" / "python"
    if python.exists():
        return python
    target.parent.mkdir(parents=True, exist_ok=True)
    with open(target.parent / f"{target.name}.lock", "w", encoding="utf-8") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not python.exists():
            _install(target)
    return python


def _install(target: Path) -> None:
    print("lab: installing emulators and Terraform (once; about 250 MB)", file=sys.stderr)
    shutil.rmtree(target, ignore_errors=True)
    # Scripts carry the place they were made in, so the environment is made in place and marked complete by its Python:
    # that is put aside until everything is there.
    try:
        _run([sys.executable, "-m", "venv", str(target)])
        pip = [str(target / "bin" / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        _run([*pip, "--require-hashes", "--no-deps", "-r", str(REQUIREMENTS)])
        shutil.copy(LAUNCHER, target / "bin" / "terraform_launcher.py")
        script = target / "bin" / "terraform"
        script.write_text(f"#!/bin/sh\nexec '{target}/bin/python' '{target}/bin/terraform_launcher.py' \"$@\"\n", encoding="utf-8")
        script.chmod(0o755)
    except BaseException:
        shutil.rmtree(target, ignore_errors=True)
        raise


def _run(command: list[str]) -> None:
    done = subprocess.run(command, stdout=sys.stderr, check=False)
    if done.returncode != 0:
        raise VenvError(f"{' '.join(command[:4])} … failed with {done.returncode}; is the package registry reachable?")
