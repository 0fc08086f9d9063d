"""What a process needs in its environment to use the lab instead of AWS."""

from __future__ import annotations

import os
from pathlib import Path

from . import mirror


def variables(lab: Path, state: dict) -> dict[str, str]:
    """Variables for a running lab. The credentials are words that the emulator accepts; they open nothing."""
    services = state["services"]
    return {
        "AWS_ACCESS_KEY_ID": "lab",
        "AWS_SECRET_ACCESS_KEY": "lab",
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_ENDPOINT_URL": services["aws"]["url"],
        # S3 is another process, but its calls pass through the first one, where regions can be lost.
        "AWS_ENDPOINT_URL_S3": services["aws"]["url"],
        "CHECKPOINT_DISABLE": "1",
        "TF_CLI_CONFIG_FILE": str(mirror.configure(lab)),
        "TF_IN_AUTOMATION": "1",
        "PATH": os.pathsep.join([str(Path(state["terraform"]).parent), os.environ.get("PATH", "")]),
    }
