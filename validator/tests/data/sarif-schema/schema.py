#!/usr/bin/env python3
"""Prints where the schema of SARIF 2.1.0 lies, after it was fetched from the registry that Cargo uses."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent


def main() -> int:
    cargo = os.environ.get("CARGO", "cargo")
    command = [cargo, "metadata", "--locked", "--format-version", "1", "--manifest-path", str(HERE / "Cargo.toml")]
    told = subprocess.run(command, stdout=subprocess.PIPE, check=False)
    if told.returncode != 0:
        return told.returncode
    [package] = [it for it in json.loads(told.stdout)["packages"] if it["name"] == "serde-sarif"]
    print(Path(package["manifest_path"]).parent / "src" / "schema.json")
    return 0


if __name__ == "__main__":
    sys.exit(main())
