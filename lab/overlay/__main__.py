"""Runs the emulator: `python -m overlay --port 5000`. Loopback only."""

from __future__ import annotations

import argparse
import logging

from moto.moto_server.werkzeug_app import DomainDispatcherApplication, MotoRequestHandler, create_backend_app
from werkzeug.serving import run_simple

from . import metrics, rds_changes, rds_instances, rds_replicas
from .gateway import Gateway


def main() -> None:
    parser = argparse.ArgumentParser(prog="overlay")
    parser.add_argument("--port", type=int, required=True)
    args = parser.parse_args()
    logging.getLogger("werkzeug").setLevel(logging.WARNING)
    for part in (rds_instances, rds_replicas, rds_changes, metrics):
        part.install()
    app = Gateway(DomainDispatcherApplication(create_backend_app))
    run_simple("127.0.0.1", args.port, app, threaded=True, use_reloader=False, request_handler=MotoRequestHandler)


if __name__ == "__main__":
    main()
