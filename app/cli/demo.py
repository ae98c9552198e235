"""Loading the example programme."""

from __future__ import annotations

import argparse
from typing import Any

from app.clock import system_clock
from app.config import read_settings
from app.demo import load


def add_commands(commands: Any) -> None:
    """`demo`."""
    demo = commands.add_parser("demo", help="das Beispielprogramm laden (zweimal ändert nichts)")
    demo.set_defaults(run=run_demo)


def run_demo(_chosen: argparse.Namespace) -> int:
    """Load the example programme up to this moment."""
    if load(read_settings(), system_clock()):
        print("Das Beispielprogramm ist geladen.")
    else:
        print("Das Beispielprogramm steht schon da; nichts wurde geändert.")
    return 0
