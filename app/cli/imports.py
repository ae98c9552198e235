"""Taking in what others collected: `import statements`."""

from __future__ import annotations

import argparse
import sys
from contextlib import ExitStack
from functools import cache
from pathlib import Path
from typing import Any

from tqdm import tqdm

from app.actions.import_statements import import_statements
from app.cli.german import problem_of
from app.config import read_settings
from app.db import Database
from app.errors import Invalid
from app.forms.statement_file import read_statements


def add_commands(commands: Any) -> None:
    """`import`, with what can be imported below it."""
    imports = commands.add_parser("import", help="Inhalte aus einer Datei einlesen")
    kinds = imports.add_subparsers(title="Was", dest="kind", required=True, metavar="WAS")
    statements = kinds.add_parser(
        "statements",
        help="Äußerungen einer Konsultation als Bedarfe eines Gremiums",
        description="Liest eine CSV-Datei von Äußerungen (Polis) als Bedarfe in ein Gremium ein: ganz oder gar nicht.",
    )
    statements.add_argument("file", metavar="DATEI.csv", type=Path, help="die CSV-Datei, in UTF-8")
    statements.add_argument(
        "--body", required=True, metavar="SLUG", help="Kurzname des Gremiums, wie in seiner Adresse"
    )
    statements.set_defaults(run=run_import_statements)


def run_import_statements(chosen: argparse.Namespace) -> int:
    """Check the file whole, then write it in one transaction."""
    try:
        content = chosen.file.read_bytes()
    except OSError as error:
        raise Invalid(detail=f"{chosen.file}: Die Datei ist nicht lesbar ({problem_of(error)}).") from error
    statements = read_statements(content, chosen.file.name)
    database = Database(read_settings())
    try:
        with database.write() as session, ExitStack() as shown:
            bar = cache(lambda: shown.enter_context(_bar(len(statements))))
            made = import_statements(session, chosen.body, statements, on_progress=lambda count: bar().update(count))
    finally:
        database.dispose()
    known = len(statements) - made
    print(f"Eingelesen: {_german(made)} neue Bedarfe. Schon vorhanden: {_german(known)}.")
    return 0


def _bar(total: int) -> Any:
    return tqdm(total=total, desc="Bedarfe", unit="", file=sys.stderr)


def _german(number: int) -> str:
    return f"{number:,}".replace(",", ".")
