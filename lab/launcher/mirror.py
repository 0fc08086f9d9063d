"""Providers for the lab's Terraform: a filesystem mirror in the lab's directory, so that `init` needs no registry."""

from __future__ import annotations

import os
import platform
from pathlib import Path

HOST = "registry.terraform.io"


class MirrorError(Exception):
    """A provider cannot be mirrored."""


def configure(lab: Path) -> Path:
    """Terraform's CLI configuration that looks into the mirror and nowhere else."""
    root = (lab / "mirror").resolve()
    root.mkdir(parents=True, exist_ok=True)
    config = lab.resolve() / "terraform.rc"
    text = f'provider_installation {{\n  filesystem_mirror {{\n    path = "{root}"\n  }}\n}}\n'
    if not config.exists() or config.read_text(encoding="utf-8") != text:
        config.write_text(text, encoding="utf-8")
    return config


def target() -> str:
    """The platform as Terraform names it."""
    machine = {"x86_64": "amd64", "aarch64": "arm64"}.get(platform.machine(), platform.machine())
    return f"{platform.system().lower()}_{machine}"


def add(lab: Path, source: str, version: str, binary: Path) -> Path:
    """Puts a provider binary into the mirror and returns its place there."""
    namespace, _, name = source.partition("/")
    if not namespace or not name or "/" in name:
        raise MirrorError(f"{source!r} is not NAMESPACE/NAME")
    if not binary.is_file() or not os.access(binary, os.X_OK):
        raise MirrorError(f"{binary} is not an executable; build it first with: cargo build")
    configure(lab)
    place = lab.resolve() / "mirror" / HOST / namespace / name / version / target()
    place.mkdir(parents=True, exist_ok=True)
    link = place / f"terraform-provider-{name}_v{version}"
    temporary = place / f".{link.name}.{os.getpid()}"
    # A hard link where possible: Terraform hashes the whole folder, and a link costs no copy of 100 MB.
    try:
        os.link(binary.resolve(), temporary)
    except OSError:
        temporary.write_bytes(binary.read_bytes())
        temporary.chmod(0o755)
    os.replace(temporary, link)
    # Two links to one file: replacing one by the other does nothing, and Terraform would hash both.
    temporary.unlink(missing_ok=True)
    return link
