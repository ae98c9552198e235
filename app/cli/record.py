"""The record and its safety: verify, backup, restore."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from app.actions.backup import restore_backup, write_backup
from app.config import read_settings
from app.db import Database
from app.errors import Conflict
from app.files import folder_of
from app.models.attachments import Attachment
from app.queries.attachments import missing_contents
from app.queries.record import verify_record
from app.schema import head_revision, migrate


def add_commands(commands: Any) -> None:
    """`verify`, `backup` and `restore`."""
    verify = commands.add_parser("verify", help="die Aufzeichnung prüfen (0: unversehrt, 1: beschädigt)")
    verify.set_defaults(run=run_verify)
    backup = commands.add_parser("backup", help="alles in eine Datei sichern")
    backup.add_argument("file", metavar="DATEI", type=Path)
    backup.set_defaults(run=run_backup)
    restore = commands.add_parser("restore", help="eine Sicherung in eine leere Datenbank zurückholen")
    restore.add_argument("file", metavar="DATEI", type=Path)
    restore.set_defaults(run=run_restore)


def run_verify(_chosen: argparse.Namespace) -> int:
    """0 for a whole record; 1 and every broken chain's lowest entry and every lost file on standard error."""
    broken = 0
    with Database(read_settings()).read() as session:
        for lost in missing_contents(session, folder_of(session).is_whole):
            noun = "attachment" if isinstance(lost, Attachment) else "implementation report file"
            print(f"dialogforum: {noun} {lost.id}: Der Inhalt der Datei fehlt oder ist beschädigt.", file=sys.stderr)
            broken += 1
        for finding in verify_record(session):
            print(f"dialogforum: {finding}", file=sys.stderr)
            broken += 1
    if broken:
        return 1
    print("Die Aufzeichnung ist unversehrt.")
    return 0


def run_backup(chosen: argparse.Namespace) -> int:
    """Write the backup, 1 where an attached file is lost; an existing file is not overwritten."""
    if chosen.file.exists():
        raise Conflict(f"{chosen.file} gibt es schon.")
    with Database(read_settings()).read_one_state() as session:
        saved = write_backup(session, chosen.file, schema=head_revision())
    print(f"{saved.rows} Zeilen und {saved.files} Dateien gesichert in {chosen.file}.")
    for digest in saved.missing:
        print(f"dialogforum: Der Inhalt einer angehängten Datei fehlt oder ist beschädigt: {digest}", file=sys.stderr)
    return 1 if saved.missing else 0


def run_restore(chosen: argparse.Namespace) -> int:
    """Fill an empty database."""
    database = Database(read_settings())
    migrate(database)
    with database.write() as session:
        count = restore_backup(session, chosen.file, schema=head_revision())
    print(f"{count} Zeilen wiederhergestellt; die Aufzeichnung ist unversehrt.")
    return 0
