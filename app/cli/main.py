"""Which commands there are, and how an error leaves: one line on standard error, 2 for wrong use, 1 for refused."""

from __future__ import annotations

import argparse
import sqlite3
import sys
from collections.abc import Sequence

from sqlalchemy.exc import DBAPIError

from app.cli import accounts, demo, imports, post, record, service
from app.cli.german import GermanParser, problem_of
from app.config import SettingsError
from app.errors import ApplicationError, Invalid

COMMANDS = (service, demo, accounts, imports, post, record)


def build_parser() -> argparse.ArgumentParser:
    """The parser with every command."""
    parser = GermanParser(prog="dialogforum", description="Dialogforum: den Dienst einrichten, starten und prüfen.")
    commands = parser.add_subparsers(title="Befehle", dest="command", required=True, metavar="BEFEHL")
    for module in COMMANDS:
        module.add_commands(commands)
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the exit code is the answer."""
    chosen = build_parser().parse_args(arguments)
    try:
        return int(chosen.run(chosen) or 0)
    except SettingsError as error:
        return _refuse(str(error), 2)
    except Invalid as error:
        return _refuse(" ".join(f"{each.field}: {each.message}" for each in error.errors) or error.detail, 1)
    except ApplicationError as error:
        return _refuse(error.detail, 1)
    except (DBAPIError, sqlite3.DatabaseError) as error:
        problem = getattr(error, "orig", None) or error
        return _refuse(f"Die Datenbank ist nicht erreichbar oder nicht eingerichtet: {problem}", 1)
    except OSError as error:
        return _refuse(f"{error.filename or 'Datei'}: nicht lesbar oder nicht beschreibbar ({problem_of(error)}).", 1)


def _refuse(problem: str, code: int) -> int:
    print(f"dialogforum: {' '.join(problem.split())}", file=sys.stderr)
    return code
