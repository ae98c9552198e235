"""Which commands there are, and how an error leaves: one line on standard error, 2 for wrong use, 1 for refused."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from app.cli import service
from app.config import SettingsError
from app.errors import ApplicationError

COMMANDS = (service,)


class GermanParser(argparse.ArgumentParser):
    """Says what is wrong with a call in one German line."""

    def error(self, message: str) -> None:  # type: ignore[override]
        """Exit with 2."""
        print(f"dialogforum: {message} Hilfe: {self.prog} --help", file=sys.stderr)
        raise SystemExit(2)


def build_parser() -> argparse.ArgumentParser:
    """The parser with every command."""
    parser = GermanParser(prog="dialogforum", description="Dialogforum: Dienst einrichten, starten und prüfen.")
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
        print(f"dialogforum: {error}", file=sys.stderr)
        return 2
    except ApplicationError as error:
        print(f"dialogforum: {error.detail}", file=sys.stderr)
        return 1
