"""The command line: every command parses, makes one call and says in German what came of it."""

from app.cli.main import main

__all__ = ["main"]
