"""Mail and what is done by the clock: a worker in a process of its own."""

from __future__ import annotations

import argparse
import signal
from datetime import timedelta
from typing import Any, Final

from app.config import SettingsError, read_settings
from app.db import Database
from app.domain.delivery import LEASE
from app.logging import set_up_logging
from app.worker import Worker

_SHORTEST_LEASE: Final = 3


def add_commands(commands: Any) -> None:
    """`worker`."""
    worker = commands.add_parser("worker", help="Fristen schließen, Geplantes veröffentlichen, Mails versenden")
    worker.add_argument("--once", action="store_true", help="nur, was jetzt fällig ist")
    worker.add_argument(
        "--lease",
        type=int,
        default=int(LEASE.total_seconds()),
        help="Sekunden, nach denen ein anderer Worker übernimmt, was einer liegen ließ (%(default)s)",
    )
    worker.set_defaults(run=run_worker)


def run_worker(chosen: argparse.Namespace) -> int:
    """Work off what is due, once or until a signal."""
    if chosen.lease < _SHORTEST_LEASE:
        raise SettingsError(f"--lease erwartet mindestens {_SHORTEST_LEASE} Sekunden.")
    settings = read_settings()
    set_up_logging(settings)
    worker = Worker(Database(settings), lease=timedelta(seconds=chosen.lease))
    if chosen.once:
        print(f"{worker.run_once()} erledigt.")
        return 0
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: worker.ask_to_stop())
    worker.run()
    return 0
