#!/usr/bin/env python3
"""The lab: emulated AWS and a Terraform CLI on this machine, without an account.

Needs Python 3.9 or later and nothing else; what it uses it installs into a cache directory, pinned by hash.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from launcher import environment, mirror, services, venv  # noqa: E402

ROOT = Path(__file__).resolve().parent.parent
LAB = Path(os.environ.get("LAB_DIR") or ROOT / "target" / "lab")


def up(args: argparse.Namespace) -> int:
    """Start the emulators; a second time says that they run."""
    python = venv.ensure()
    state = services.up(LAB, python)
    if args.follow:
        services.follow(LAB, args.follow)
    print_status(state, args.json)
    return 0


def follow(args: argparse.Namespace) -> int:
    """Wait for the end of a process, then stop the lab and remove its directory."""
    services.outlive(args.pid)
    services.down(LAB)
    shutil.rmtree(LAB, ignore_errors=True)
    return 0


def down(args: argparse.Namespace) -> int:
    """Stop what this lab started, and nothing else."""
    stopped = services.down(LAB)
    print(f"stopped {', '.join(stopped)}" if stopped else "the lab is not running")
    return 0


def status(args: argparse.Namespace) -> int:
    """Say what runs; exit 1 when the lab does not."""
    state = services.status(LAB)
    print_status(state, args.json)
    return 0 if state["running"] else 1


def print_status(state: dict, as_json: bool) -> None:
    if as_json:
        print(json.dumps(state, indent=2))
        return
    if not state["running"]:
        print("the lab is not running; start it with: make lab-up")
        return
    print(f"lab in {state['directory']}")
    for name, service in state["services"].items():
        print(f"  {name:9} {service['url']}  pid {service['pid']}  log {service['log']}")
    print(f"  terraform {state['terraform']}")


def env(args: argparse.Namespace) -> int:
    """Print what a shell needs to use the lab."""
    variables = environment.variables(LAB, services.require(LAB))
    if args.json:
        print(json.dumps(variables))
        return 0
    for name, value in variables.items():
        print(f"export {name}={json.dumps(value)}")
    return 0


def run(args: argparse.Namespace) -> int:
    """Start the lab if it is not running, run a command in its environment, and stop it again if it was started."""
    if not args.command:
        print("usage: lab.py run -- COMMAND ...", file=sys.stderr)
        return 2
    was_running = services.status(LAB)["running"]
    state = services.up(LAB, venv.ensure())
    try:
        done = subprocess.run(args.command, env={**os.environ, **environment.variables(LAB, state)}, check=False)
        return done.returncode
    finally:
        if not was_running:
            services.down(LAB)


def link(args: argparse.Namespace) -> int:
    """Let the lab's Terraform find a provider binary."""
    path = mirror.add(LAB, args.source, args.version, Path(args.binary))
    print(path)
    return 0


def setup(args: argparse.Namespace) -> int:
    """Install what the lab needs, and start nothing."""
    print(venv.ensure().parent.parent)
    return 0


def test(args: argparse.Namespace) -> int:
    """Run the tests of the overlay."""
    here = Path(__file__).resolve().parent
    command = [str(venv.ensure()), "-m", "pytest", "-q", "-p", "no:cacheprovider", str(here / "tests"), *args.command]
    return subprocess.run(command, cwd=here, env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}, check=False).returncode


def main() -> int:
    parser = argparse.ArgumentParser(prog="lab.py", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for name, function in (("up", up), ("down", down), ("status", status), ("env", env), ("setup", setup)):
        command = commands.add_parser(name, help=(function.__doc__ or "").strip().splitlines()[0])
        command.set_defaults(function=function)
        command.add_argument("--json", action="store_true", help="machine-readable")
        if function is up:
            command.add_argument("--follow", type=int, metavar="PID", help="stop the lab and remove its directory when this process ends")
    for name, function in (("run", run), ("test", test)):
        command = commands.add_parser(name, help=(function.__doc__ or "").strip().splitlines()[0])
        command.set_defaults(function=function)
        command.add_argument("command", nargs="*")
    command = commands.add_parser("follow", help=(follow.__doc__ or "").strip())
    command.set_defaults(function=follow)
    command.add_argument("pid", type=int)
    command = commands.add_parser("mirror", help=(link.__doc__ or "").strip().splitlines()[0])
    command.set_defaults(function=link)
    command.add_argument("--binary", required=True)
    command.add_argument("--source", default="estate-recovery/dr", help="NAMESPACE/NAME (default: %(default)s)")
    command.add_argument("--version", default="0.1.0")
    args = parser.parse_args()
    try:
        return args.function(args)
    except (services.LabError, venv.VenvError, mirror.MirrorError) as error:
        print(f"lab: {error}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
