"""Serving and migrating."""

from __future__ import annotations

import argparse
import errno
import socket
from typing import Any

import uvicorn

from app.actions.foundation import lay_foundation
from app.cli import demo
from app.config import SettingsError, read_settings
from app.db import Database
from app.domain.accounts import EXAMPLE_PASSWORD
from app.errors import Conflict
from app.queries.accounts import list_example_accounts
from app.schema import migrate
from app.wording import label

_SHUTDOWN_SECONDS = 2
_HEALTH_SECONDS = 60
"""With several processes: one that starts on a busy machine is silent for longer than uvicorn's own five."""
_NO_ADDRESS = "Diese Adresse gibt es auf dieser Maschine nicht."
_WHY_NOT = {
    errno.EADDRINUSE: "Dort lauscht schon ein anderer. Wählen Sie mit --port einen anderen Port.",
    errno.EACCES: "Dafür fehlt das Recht. Wählen Sie mit --port einen Port ab 1024.",
}


def add_commands(commands: Any) -> None:
    """`serve` and `migrate`."""
    serve = commands.add_parser(
        "serve", help="den Dienst starten", description="Den Dienst starten, bis ein Signal ihn beendet."
    )
    serve.add_argument("--host", default="127.0.0.1", help="Adresse, auf der gelauscht wird (127.0.0.1)")
    serve.add_argument("--port", type=int, default=8000, help="Port (8000)")
    serve.add_argument("--workers", type=int, default=1, help="Zahl der Prozesse (1)")
    serve.add_argument(
        "--no-worker",
        action="store_true",
        help="Fristen, Veröffentlichungen und Mails einem eigenen Prozess überlassen",
    )
    serve.add_argument("--with-demo", action="store_true", help="vorher einrichten und das Beispielprogramm laden")
    serve.set_defaults(run=run_serve)
    upgrade = commands.add_parser("migrate", help="die Datenbank auf den Stand dieser Version bringen")
    upgrade.set_defaults(run=run_migrate)


def run_serve(chosen: argparse.Namespace) -> int:
    """Serve until a signal ends it; says where, and in which form to reach the example accounts."""
    settings = read_settings()
    settings.require_loopback_for_demo(chosen.host)
    if not 1 <= chosen.workers <= 64:
        raise SettingsError("--workers erwartet eine Zahl von 1 bis 64.")
    if not 1 <= chosen.port <= 65_535:
        raise SettingsError("--port erwartet eine Zahl von 1 bis 65535.")
    require_free(chosen.host, chosen.port)
    if chosen.with_demo:
        prepare_with_demo()
    print(f"Das Dialogforum ist erreichbar unter http://{chosen.host}:{chosen.port}", flush=True)
    uvicorn.run(
        "app.main:create_service" if chosen.no_worker else "app.main:create_service_with_worker",
        factory=True,
        host=chosen.host,
        port=chosen.port,
        workers=chosen.workers,
        timeout_graceful_shutdown=_SHUTDOWN_SECONDS,
        timeout_worker_healthcheck=_HEALTH_SECONDS,
        server_header=False,
        log_config=None,
        access_log=False,
    )
    return 0


def require_free(host: str, port: int) -> None:
    """Raise Conflict where nothing can listen here, before anything is prepared or promised."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        socket.create_server((host, port), family=family).close()
    except OSError as error:
        because = _WHY_NOT.get(error.errno or 0, _NO_ADDRESS)
        raise Conflict(f"Auf {host}:{port} kann der Dienst nicht lauschen: {because}") from error


def prepare_with_demo() -> None:
    """Migrate, load the example programme, and say who can sign in."""
    run_migrate(argparse.Namespace())
    demo.run_demo(argparse.Namespace())
    with Database(read_settings()).read() as session:
        accounts = list_example_accounts(session)
    print(f"Beispielkonten (Passwort: {EXAMPLE_PASSWORD}):")
    shown: set[str] = set()
    for account in accounts:
        role = label(account.seats[0].role if account.seats else account.person.role)
        if role not in shown:
            shown.add(role)
            print(f"  {account.person.email:<40} {account.person.name}, {role}")
    print("Alle Konten stehen auf der Anmeldeseite.")


def run_migrate(_chosen: argparse.Namespace) -> int:
    """Bring the schema up to date and lay the foundation."""
    database = Database(read_settings())
    migrate(database)
    with database.write() as session:
        lay_foundation(session)
    database.dispose()
    print("Die Datenbank ist auf dem neuesten Stand.")
    return 0
