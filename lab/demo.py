#!/usr/bin/env python3
"""Shows a check of both regions, then a region failing over and home again: real Terraform, this provider, emulated AWS.
`make demo` runs it."""

from __future__ import annotations

import argparse
import subprocess
import sys
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

import failover_terraform  # noqa: E402
from story import BOLD, DIM, PLAIN, ROOT, DemoError  # noqa: E402


def mirror_check(binary: Path) -> None:
    """Before anything is promoted: does the secondary region mirror the primary one? A sound estate, and a broken twin."""
    estates = ROOT / "examples" / "mirror-check"
    page = ROOT / "target" / "mirror-check.html"
    print(f"{BOLD}Does the secondary region mirror the primary one?{PLAIN}")
    print(f"   {DIM}drcheck reads Terraform code alone: no init, no provider, no credentials, no network.{PLAIN}\n")
    for name, expected in (("live", 0), ("broken", 1)):
        command = [str(binary), "check", str(estates / name), "--quiet", "--output", f"html={page}"]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        lines = done.stdout.splitlines()
        print(f"   $ drcheck check examples/mirror-check/{name} --output html=target/{page.name}", flush=True)
        for line in lines:
            if line.startswith(("breaks ", "degrades ", "drifts ")) or line is lines[-1]:
                print(f"     {line}")
        print()
        if done.returncode != expected:
            raise DemoError(f"drcheck ended with {done.returncode} on {name}, expected {expected}: {done.stderr.strip()}")
    print(f"   The report on the broken one, with both regions side by side: target/{page.name}")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--binary", required=True, type=Path, help="the provider")
    parser.add_argument("--drcheck", required=True, type=Path, help="the validator")
    parser.add_argument("--drctl", required=True, type=Path, help="the break-glass CLI")
    args = parser.parse_args()
    started = time.monotonic()
    try:
        mirror_check(args.drcheck)
    except DemoError as error:
        print(f"\ndemo: {error}", file=sys.stderr)
        return 1
    print(f"\n{BOLD}A whole region is lost.{PLAIN}")
    print(f"   {DIM}terraform apply runs the failover plan of examples/region-failover; make demo-drctl tells it by drctl.{PLAIN}")
    if failover_terraform.told(args.binary, args.drctl) != 0:
        return 1
    print(f"The whole demo took {time.monotonic() - started:.0f} s.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
