"""Runs the emulator: `python -m overlay --port 5000`. Loopback only."""

from __future__ import annotations

import argparse
import logging

from moto.moto_server.werkzeug_app import DomainDispatcherApplication, MotoRequestHandler, create_backend_app
from werkzeug.serving import run_simple

from . import connections, ecs_services, global_clusters, identity, metrics, rds_changes, rds_instances, rds_replicas, record_changes, secret_replicas
from .gateway import Gateway
from .object_storage import ObjectStorage


def main() -> None:
    parser = argparse.ArgumentParser(prog="overlay")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--objects", default="", help="URL of the emulator of S3; its calls pass through here")
    args = parser.parse_args()
    logging.getLogger("werkzeug").setLevel(logging.WARNING)
    for part in (rds_instances, rds_replicas, rds_changes, global_clusters, ecs_services, secret_replicas, record_changes, metrics, connections, identity):
        part.install()
    app = Gateway(DomainDispatcherApplication(create_backend_app), ObjectStorage(args.objects) if args.objects else None)
    run_simple("127.0.0.1", args.port, app, threaded=True, use_reloader=False, request_handler=MotoRequestHandler)


if __name__ == "__main__":
    main()
