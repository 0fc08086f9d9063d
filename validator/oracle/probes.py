#!/usr/bin/env python3
"""Asks real Terraform what the probes of evaluation depth come to, and writes that beside each of them.

The probes are written with an AWS resource, which would need a provider: Terraform gets them with terraform_data in its
place, every argument within `input`.
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Iterator

from terraform import DATA, Record, Terraform

PROBES = DATA / "probes"
TYPE, ATTRIBUTE = "aws_ebs_volume", "encrypted"
META = ("count", "for_each", "provider", "depends_on")


def rewrite(text: str) -> str:
    """The same configuration with terraform_data for the AWS resource."""

    def replace(match: re.Match) -> str:
        lines = [line.strip() for line in match[2].splitlines() if line.strip()]
        meta = [line for line in lines if line.split()[0] in META]
        arguments = [line for line in lines if line not in meta]
        inner = "".join(f"    {line}\n" for line in arguments)
        outer = "".join(f"  {line}\n" for line in meta)
        return f'resource "terraform_data" "{match[1]}" {{\n{outer}  input = {{\n{inner}  }}\n}}\n'

    return re.sub(rf'^resource "{TYPE}" "(\w+)" {{\n(.*?)^}}\n', replace, text, flags=re.MULTILINE | re.DOTALL)


def instances(module: Record) -> Iterator[Record]:
    """All planned instances, those of modules too."""
    yield from module.get("resources", [])
    for child in module.get("child_modules", []):
        yield from instances(child)


def record(probe: Path) -> Record:
    """What Terraform plans for one probe."""
    inside = "root" if (probe / "root").is_dir() else "."
    workspace = "dr" if probe.name == "workspace" else None
    with Terraform(probe) as terraform:
        for path in terraform.root.rglob("*.tf"):
            path.write_text(rewrite(path.read_text()))
        terraform.root = terraform.root / inside
        terraform.must("init")
        if workspace:
            terraform.must("workspace", "new", workspace)
        terraform.must("plan", "-out=plan")
        plan = json.loads(terraform.must("show", "-json", "plan"))
    values = {
        instance["address"].replace("terraform_data.", f"{TYPE}."): instance["values"]["input"][ATTRIBUTE]
        for instance in instances(plan["planned_values"]["root_module"])
    }
    if set(values.values()) != {True, False}:
        raise ValueError(f"{probe.name}: no twins, {values}")
    return {"root": inside, "workspace": workspace, "attribute": ATTRIBUTE, "values": values}


def main() -> int:
    """Records all probes."""
    probes = sorted(path for path in PROBES.iterdir() if path.is_dir())
    for probe in probes:
        (probe / "expected.json").write_text(json.dumps(record(probe), indent=2) + "\n")
    print(f"{len(probes)} probes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
