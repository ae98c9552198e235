"""Mail and what is done by the clock: a worker in a process of its own, and mail that came back."""

from __future__ import annotations

import argparse
import gc
import signal
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

from app.actions.bounces import BounceOutcome, take_bounce
from app.config import SettingsError, read_settings
from app.db import Database
from app.domain.delivery import LEASE
from app.errors import Invalid, TooLarge
from app.logging import set_up_logging
from app.worker import Worker

_SHORTEST_LEASE: Final = 3
_LARGEST_REPORT: Final = 20 * 1024 * 1024
_TAKEN: Final = {
    BounceOutcome.NO_REPORT: "Das ist kein Bericht über eine zurückgekommene Mail; nichts ist geändert.",
    BounceOutcome.NOT_OURS: "Der Bericht nennt keine Mail, die von hier an diese Adresse ging; nichts ist geändert.",
    BounceOutcome.NOT_FINAL: "Die Mail ist nicht endgültig gescheitert; nichts ist geändert.",
    BounceOutcome.MAIL_REFUSED: "Diese Mail wurde nicht angenommen; sie steht unter „Nicht zugestellt“.",
    BounceOutcome.ADDRESS_REFUSED: "Die Adresse ist als unzustellbar vermerkt.",
}


def add_commands(commands: Any) -> None:
    """`worker` and `bounce`."""
    worker = commands.add_parser("worker", help="Fristen schließen, Geplantes veröffentlichen, Mails versenden")
    worker.add_argument("--once", action="store_true", help="nur, was jetzt fällig ist")
    worker.add_argument(
        "--lease",
        type=int,
        default=int(LEASE.total_seconds()),
        help="Sekunden, nach denen ein anderer Worker übernimmt, was einer liegen ließ (%(default)s)",
    )
    worker.set_defaults(run=run_worker)
    bounce = commands.add_parser(
        "bounce",
        help="eine zurückgekommene Mail einlesen",
        description="Den Bericht eines Mailservers über eine zurückgekommene Mail einlesen (RFC 3464).",
    )
    bounce.add_argument("file", metavar="DATEI", type=Path, nargs="?", help="die Mail; ohne Angabe die Standardeingabe")
    bounce.set_defaults(run=run_bounce)


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
    # Python looks through everything once more before it ends; on a busy machine that took longer than all the rest.
    gc.freeze()
    return 0


def run_bounce(chosen: argparse.Namespace) -> int:
    """Take in one report; mail that is none is no fault of the server that passes it on."""
    if chosen.file is None:
        content = sys.stdin.buffer.read(_LARGEST_REPORT + 1)
    else:
        with chosen.file.open("rb") as opened:
            content = opened.read(_LARGEST_REPORT + 1)
    if len(content) > _LARGEST_REPORT:
        raise TooLarge("Die Mail ist zu groß.")
    if not content.strip():
        raise Invalid(detail="Die Mail ist leer.")
    database = Database(read_settings())
    with database.write() as session:
        outcome = take_bounce(session, content)
    database.dispose()
    print(_TAKEN[outcome])
    return 0
