"""Serving and migrating."""

from __future__ import annotations

import argparse
from typing import Any

import uvicorn

from app.actions.foundation import lay_foundation
from app.config import read_settings
from app.db import Database
from app.schema import migrate


def add_commands(commands: Any) -> None:
    """`serve` and `migrate`."""
    serve = commands.add_parser("serve", help="den Dienst starten")
    serve.add_argument("--host", default="127.0.0.1", help="Adresse, auf der gelauscht wird")
    serve.add_argument("--port", type=int, default=8000, help="Port")
    serve.add_argument("--workers", type=int, default=1, help="Zahl der Prozesse")
    serve.set_defaults(run=run_serve)
    upgrade = commands.add_parser("migrate", help="die Datenbank auf den Stand dieser Version bringen")
    upgrade.set_defaults(run=run_migrate)


def run_serve(chosen: argparse.Namespace) -> int:
    """Serve until a signal ends it."""
    settings = read_settings()
    settings.require_loopback_for_demo(chosen.host)
    uvicorn.run(
        "app.main:create_app",
        factory=True,
        host=chosen.host,
        port=chosen.port,
        workers=chosen.workers,
        timeout_graceful_shutdown=2,
        server_header=False,
        log_level="info",
    )
    return 0


def run_migrate(_chosen: argparse.Namespace) -> int:
    """Bring the schema up to date and lay the foundation."""
    database = Database(read_settings())
    migrate(database)
    with database.write() as session:
        lay_foundation(session)
    print("Die Datenbank ist auf dem neuesten Stand.")
    return 0
