#!/usr/bin/env python3
"""Measures start, memory, exit and plan time of our providers beside one written in Go, in one run. `make bench` runs it.

The Go peer is terraform-provider-time, built with the Go client where there is one; without Go its column is empty.
"""

from __future__ import annotations

import argparse
import os
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

from launcher import environment, mirror, services, venv  # noqa: E402

COOKIE = "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2"
PEER = "github.com/hashicorp/terraform-provider-time@v0.14.2"
ROUNDS = 15


def client_certificate(directory: Path) -> str:
    """A certificate as Terraform hands one over: P-521, self-signed."""
    key, pem = directory / "key.pem", directory / "client.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:secp521r1", "-nodes", "-days", "1", "-subj", "/CN=localhost", "-keyout", str(key), "-out", str(pem)],
        check=True, capture_output=True,
    )
    return pem.read_text(encoding="utf-8")


def start(binary: Path, certificate: str) -> tuple[subprocess.Popen, float]:
    """Starts a provider and returns it with the seconds to its handshake line."""
    settings = {**os.environ, "TF_PLUGIN_MAGIC_COOKIE": COOKIE, "PLUGIN_PROTOCOL_VERSIONS": "5,6", "PLUGIN_MIN_PORT": "10000", "PLUGIN_MAX_PORT": "25000", "PLUGIN_CLIENT_CERT": certificate}
    begin = time.perf_counter()
    process = subprocess.Popen([str(binary)], env=settings, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    assert process.stdout is not None
    line = process.stdout.readline()
    elapsed = time.perf_counter() - begin
    if line.count(b"|") < 4:
        raise RuntimeError(f"{binary} printed no handshake: {line!r}")
    return process, elapsed


def measure(binaries: dict[str, Path], certificate: str) -> dict[str, dict[str, float]]:
    """Start, idle memory and exit of each, in turn, so that a noisy machine is noisy to all."""
    samples: dict[str, dict[str, list[float]]] = {name: {"start": [], "rss": [], "exit": []} for name in binaries}
    for round_number in range(ROUNDS + 1):
        for name, binary in binaries.items():
            process, elapsed = start(binary, certificate)
            time.sleep(0.05)
            resident = int(Path(f"/proc/{process.pid}/statm").read_text(encoding="utf-8").split()[1]) * os.sysconf("SC_PAGE_SIZE")
            begin = time.perf_counter()
            process.send_signal(signal.SIGTERM)
            process.wait()
            if round_number:
                samples[name]["start"].append(elapsed * 1000)
                samples[name]["rss"].append(resident / 1e6)
                samples[name]["exit"].append((time.perf_counter() - begin) * 1000)
    return {name: {figure: statistics.median(values) for figure, values in of.items()} for name, of in samples.items()}


ROOTS = {
    "time": ("hashicorp/time", 'resource "time_static" "x" {}\n'),
    "greeting": ("examples/greeting", 'resource "greeting_note" "x" {\n  name = "Ada"\n}\n'),
    "dr": ("estate-recovery/dr", 'output "x" {\n  value = provider::dr::region_short_name("us-west-2")\n}\n'),
}


def plans(binaries: dict[str, Path], lab: Path, scratch: Path) -> dict[str, float]:
    """Seconds of `terraform plan` of one new resource, medians, in turn."""
    python = venv.ensure()
    terraform = str(python.parent / "terraform")
    config = mirror.configure(lab)
    settings = {**os.environ, "TF_CLI_CONFIG_FILE": str(config), "CHECKPOINT_DISABLE": "1"}
    roots = {}
    for name, binary in binaries.items():
        source, content = ROOTS[name]
        mirror.add(lab, source, "0.1.0", binary)
        root = scratch / name
        root.mkdir()
        local = source.split("/")[1]
        (root / "main.tf").write_text(f'terraform {{\n  required_providers {{\n    {local} = {{ source = "{source}" }}\n  }}\n}}\n{content}', encoding="utf-8")
        subprocess.run([terraform, "init", "-input=false"], cwd=root, env=settings, check=True, capture_output=True)
        roots[name] = root
    samples: dict[str, list[float]] = {name: [] for name in roots}
    for round_number in range(8):
        for name, root in roots.items():
            begin = time.perf_counter()
            subprocess.run([terraform, "plan", "-input=false"], cwd=root, env=settings, check=True, capture_output=True)
            if round_number:
                samples[name].append(time.perf_counter() - begin)
    return {name: statistics.median(values) for name, values in samples.items()}


def peer(scratch: Path) -> Path | None:
    """The Go peer, built by the Go client; None where there is none."""
    if shutil.which("go") is None:
        print("no Go client here: the Go peer is left out", file=sys.stderr)
        return None
    settings = {**os.environ, "GOBIN": str(scratch), "GOFLAGS": "-trimpath", "CGO_ENABLED": "0"}
    done = subprocess.run(["go", "install", "-ldflags=-s -w", PEER], env=settings, check=False)
    return scratch / "terraform-provider-time" if done.returncode == 0 else None


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--target", type=Path, required=True, help="directory of release binaries")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="dr-bench-") as directory:
        scratch = Path(directory)
        binaries = {"greeting": args.target / "examples" / "greeting", "dr": args.target / "terraform-provider-dr"}
        go = peer(scratch)
        if go is not None:
            binaries["time"] = go
        figures = measure(binaries, client_certificate(scratch))
        planned = plans(binaries, scratch / "lab", scratch)
        sizes = {name: binary.stat().st_size / 1e6 for name, binary in binaries.items()}
    titles = {"time": "terraform-provider-time v0.14.2 (Go)", "greeting": "our framework (example greeting)", "dr": "terraform-provider-dr (AWS SDK)"}
    print(f"| medians of {ROUNDS} starts and 7 plans | handshake ms | idle MB | exit ms | plan s | binary MB |\n|---|---|---|---|---|---|")
    for name, of in figures.items():
        print(f"| {titles[name]} | {of['start']:.1f} | {of['rss']:.1f} | {of['exit']:.0f} | {planned[name]:.2f} | {sizes[name]:.1f} |")
    if "time" in figures:
        for name in ("greeting", "dr"):
            ours, theirs = figures[name], figures["time"]
            print(f"{titles[name]} / Go: handshake {ours['start'] / theirs['start']:.2f}, idle {ours['rss'] / theirs['rss']:.2f}, plan {planned[name] / planned['time']:.2f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
