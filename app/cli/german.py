"""The parser in German: argparse takes its own sentences from gettext, here from a table."""

from __future__ import annotations

import argparse
import errno
import sys
from typing import NoReturn

_SENTENCES = {
    "usage: ": "Aufruf: ",
    "options": "Optionen",
    "positional arguments": "Angaben",
    "show this help message and exit": "diese Hilfe zeigen",
    "the following arguments are required: %s": "Es fehlt: %s.",
    "unrecognized arguments: %s": "Unbekannte Angabe: %s.",
    "argument %(argument_name)s: %(message)s": "%(argument_name)s: %(message)s",
    "expected one argument": "hier fehlt ein Wert.",
    "invalid %(type)s value: %(value)r": "%(value)r ist hier nicht lesbar.",
    "invalid choice: %(value)r (choose from %(choices)s)": "%(value)r gibt es nicht; möglich sind %(choices)s.",
    "ambiguous option: %(option)s could match %(matches)s": "%(option)s ist nicht eindeutig: %(matches)s.",
    "one of the arguments %s is required": "Eine dieser Angaben ist nötig: %s.",
}


def _german(sentence: str) -> str:
    return _SENTENCES.get(sentence, sentence)


_PROBLEMS = {
    errno.ENOENT: "es gibt sie nicht",
    errno.EISDIR: "das ist ein Ordner",
    errno.ENOTDIR: "ein Teil des Pfads ist kein Ordner",
    errno.EACCES: "dafür fehlt die Berechtigung",
    errno.EPERM: "dafür fehlt die Berechtigung",
    errno.EROFS: "das Dateisystem ist nur lesbar",
    errno.ENOSPC: "der Datenträger ist voll",
}


def problem_of(error: OSError) -> str:
    """Why a file can't be read or written, in German where the system's reason is a usual one."""
    return _PROBLEMS.get(error.errno or 0, error.strerror or str(error))


class GermanParser(argparse.ArgumentParser):
    """Says what is wrong with a call in one German line on standard error, and exits with 2."""

    def error(self, message: str) -> NoReturn:
        """Refuse the call."""
        print(f"dialogforum: {message} Hilfe: {self.prog} --help", file=sys.stderr)
        raise SystemExit(2)


argparse._ = _german  # type: ignore[attr-defined]
