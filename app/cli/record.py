"""The record and its safety: verify, backup, restore; and the worker by itself."""

from __future__ import annotations

import argparse
import signal
import sys
from pathlib import Path
from typing import Any

from app.actions.backup import restore_backup, write_backup
from app.config import read_settings
from app.db import Database
from app.errors import Conflict
from app.logging import set_up_logging
from app.queries.record import verify_record
from app.schema import head_revision, migrate
from app.worker import Worker


def add_commands(commands: Any) -> None:
    """`verify`, `backup`, `restore` and `worker`."""
    verify = commands.add_parser("verify", help="die Aufzeichnung prüfen (0: unversehrt, 1: beschädigt)")
    verify.set_defaults(run=run_verify)
    backup = commands.add_parser("backup", help="alles in eine Datei sichern")
    backup.add_argument("file", metavar="DATEI", type=Path)
    backup.set_defaults(run=run_backup)
    restore = commands.add_parser("restore", help="eine Sicherung in eine leere Datenbank zurückholen")
    restore.add_argument("file", metavar="DATEI", type=Path)
    restore.set_defaults(run=run_restore)
    worker = commands.add_parser("worker", help="Fristen schließen, Geplantes veröffentlichen, Mails versenden")
    worker.add_argument("--once", action="store_true", help="nur, was jetzt fällig ist")
    worker.set_defaults(run=run_worker)


def run_verify(_chosen: argparse.Namespace) -> int:
    """0 for a whole record; 1 and every broken chain's lowest entry on standard error."""
    broken = 0
    with Database(read_settings()).read() as session:
        for finding in verify_record(session):
            print(f"dialogforum: {finding}", file=sys.stderr)
            broken += 1
    if broken:
        return 1
    print("Die Aufzeichnung ist unversehrt.")
    return 0


def run_backup(chosen: argparse.Namespace) -> int:
    """Write the backup; an existing file is not overwritten."""
    if chosen.file.exists():
        raise Conflict(f"{chosen.file} gibt es schon.")
    with Database(read_settings()).read_one_state() as session:
        count = write_backup(session, chosen.file, schema=head_revision())
    print(f"{count} Zeilen gesichert in {chosen.file}.")
    return 0


def run_restore(chosen: argparse.Namespace) -> int:
    """Fill an empty database."""
    database = Database(read_settings())
    migrate(database)
    with database.write() as session:
        count = restore_backup(session, chosen.file, schema=head_revision())
    print(f"{count} Zeilen wiederhergestellt; die Aufzeichnung ist unversehrt.")
    return 0


def run_worker(chosen: argparse.Namespace) -> int:
    """Work off what is due, once or until a signal."""
    settings = read_settings()
    set_up_logging(settings)
    worker = Worker(Database(settings))
    if chosen.once:
        print(f"{worker.run_once()} erledigt.")
        return 0
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: worker.stop())
    worker.run()
    return 0
