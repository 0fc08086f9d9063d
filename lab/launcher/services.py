"""The lab's processes: started once, found again by process id and start time, stopped by nobody else's hand."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from pathlib import Path
from typing import Iterator

HERE = Path(__file__).resolve().parent.parent
STARTUP_SECONDS = 90
STOP_SECONDS = 5


class LabError(Exception):
    """The lab cannot do what it was asked for."""


@contextmanager
def _locked(lab: Path) -> Iterator[None]:
    lab.mkdir(parents=True, exist_ok=True)
    with open(lab / "lock", "w", encoding="utf-8") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _start_time(pid: int) -> str | None:
    """When the process started, so that a reused process id is not taken for ours; None when there is no such process."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8")
        fields = stat.rpartition(")")[2].split()
        return None if fields[0] == "Z" else fields[19]
    except FileNotFoundError:
        if Path("/proc/self").exists():
            return None
        shown = subprocess.run(["ps", "-o", "lstart=", "-p", str(pid)], capture_output=True, text=True, check=False)
        return shown.stdout.strip() or None


def _alive(service: dict) -> bool:
    return _start_time(service["pid"]) == service["started"]


def _read(lab: Path) -> dict | None:
    try:
        return json.loads((lab / "state.json").read_text(encoding="utf-8"))
    except (FileNotFoundError, json.JSONDecodeError):
        return None


def status(lab: Path) -> dict:
    """What runs, as `lab.py status --json` prints it."""
    state = _read(lab)
    if state is None or not all(_alive(service) for service in state["services"].values()):
        return {"running": False, "directory": str(lab), "services": {}, "terraform": ""}
    return {"running": True, "directory": str(lab), **state}


def require(lab: Path) -> dict:
    """The state of a running lab."""
    state = status(lab)
    if not state["running"]:
        raise LabError("the lab is not running; start it with: make lab-up")
    return state


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _terraform(python: Path) -> str:
    """The Terraform to use: the pinned one, or one that the user asks for."""
    asked = os.environ.get("LAB_TERRAFORM", "")
    if not asked:
        return str(python.parent / "terraform")
    found = shutil.which("terraform" if asked == "system" else asked)
    if found is None:
        raise LabError(f"LAB_TERRAFORM={asked}: no such program; leave it unset for the pinned Terraform")
    shown = subprocess.run([found, "version", "-json"], capture_output=True, text=True, check=False)
    try:
        version = json.loads(shown.stdout)["terraform_version"]
    except (json.JSONDecodeError, KeyError) as error:
        raise LabError(f"LAB_TERRAFORM={asked}: {found} does not say its version") from error
    if tuple(int(part) for part in version.split("-")[0].split(".")[:2]) < (1, 11):
        raise LabError(f"LAB_TERRAFORM={asked}: Terraform {version} is too old; 1.11 or later is needed")
    return found


def up(lab: Path, python: Path) -> dict:
    """Starts what does not run yet, waits until it answers, and returns the status."""
    with _locked(lab):
        state = status(lab)
        if state["running"]:
            return state
        _stop_all(lab)
        terraform = _terraform(python)
        services = {}
        try:
            aws, s3 = _free_port(), _free_port()
            services["aws"] = _start(lab, "aws", aws, [str(python), "-m", "overlay", "--port", str(aws), "--objects", f"http://127.0.0.1:{s3}"], {})
            quiet = {"GATEWAY_PORT": str(s3), "BIND_HOST": "127.0.0.1", "MINISTACK_ACCOUNT_ID": "123456789012"}
            services["s3"] = _start(lab, "s3", s3, [str(python.parent / "ministack")], quiet)
            _write(lab, {"services": services, "terraform": terraform})
            _wait(services)
        except BaseException:
            _stop(services)
            (lab / "state.json").unlink(missing_ok=True)
            raise
        return status(lab)


def follow(lab: Path, pid: int) -> None:
    """Leaves a process behind that stops the lab when `pid` ends, however it ends."""
    subprocess.Popen(
        [sys.executable, str(HERE / "lab.py"), "follow", str(pid)], env={**os.environ, "LAB_DIR": str(lab)}, cwd="/",
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
    )


def outlive(pid: int) -> None:
    """Waits until a process has ended."""
    started = _start_time(pid)
    while started is not None and _start_time(pid) == started:
        time.sleep(0.5)


def _start(lab: Path, name: str, port: int, command: list[str], extra: dict[str, str]) -> dict:
    log = lab / f"{name}.log"
    scratch = lab / f"{name}.tmp"
    scratch.mkdir(exist_ok=True)
    keep = {key: value for key, value in os.environ.items() if not key.startswith("AWS_")}
    settings = {**keep, **extra, "PYTHONPATH": str(HERE), "PYTHONDONTWRITEBYTECODE": "1", "TMPDIR": str(scratch)}
    with open(log, "wb") as out:
        process = subprocess.Popen(
            command, cwd=lab, env=settings, stdin=subprocess.DEVNULL, stdout=out, stderr=out, start_new_session=True
        )
    return {"pid": process.pid, "started": _start_time(process.pid), "url": f"http://127.0.0.1:{port}", "log": str(log)}


def _wait(services: dict) -> None:
    deadline = time.monotonic() + STARTUP_SECONDS
    for name, service in services.items():
        while not _answers(service["url"]):
            if not _alive(service):
                raise LabError(f"{name} ended while starting:\n{_tail(service['log'])}")
            if time.monotonic() > deadline:
                raise LabError(f"{name} did not answer within {STARTUP_SECONDS} s:\n{_tail(service['log'])}")
            time.sleep(0.1)


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url + "/lab/health", timeout=2):
            return True
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False


def _tail(log: str) -> str:
    lines = Path(log).read_text(encoding="utf-8", errors="replace").splitlines()
    return "\n".join(f"  {line}" for line in lines[-20:])


def _write(lab: Path, state: dict) -> None:
    temporary = lab / "state.json.new"
    temporary.write_text(json.dumps(state, indent=2), encoding="utf-8")
    os.replace(temporary, lab / "state.json")


def down(lab: Path) -> list[str]:
    """Stops the processes that this lab started and returns their names."""
    if not lab.exists():
        return []
    with _locked(lab):
        return _stop_all(lab)


def _stop_all(lab: Path) -> list[str]:
    state = _read(lab)
    if state is None:
        return []
    stopped = _stop(state["services"])
    (lab / "state.json").unlink(missing_ok=True)
    return stopped


def _stop(services: dict) -> list[str]:
    mine = {name: service for name, service in services.items() if _alive(service)}
    for service in mine.values():
        os.kill(service["pid"], signal.SIGTERM)
    deadline = time.monotonic() + STOP_SECONDS
    while any(_alive(service) for service in mine.values()) and time.monotonic() < deadline:
        time.sleep(0.05)
    for service in mine.values():
        if _alive(service):
            os.kill(service["pid"], signal.SIGKILL)
    return list(mine)
