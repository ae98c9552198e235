"""Reads a CSV file of statements as Polis exports them; checks it whole and says what is wrong with which record."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from app.errors import Invalid
from app.i18n import _

COLUMNS = ("timestamp", "datetime", "comment-id", "author-id", "agrees", "disagrees", "moderated", "comment-body")
_MODERATED = {"-1": -1, "0": 0, "1": 1}
_TITLE_LENGTH = 80
_LONGEST_FIELD = 10_000_000


@dataclass(frozen=True, slots=True)
class SourceStatement:
    """One statement of the file; known by its time (milliseconds) and number, which alone recurs in other files."""

    timestamp: int
    comment_id: int
    author_id: str
    moderated: int
    text: str

    @property
    def title(self) -> str:
        """Its first 80 characters, up to the end of a word, on one line."""
        start = self.text[: _TITLE_LENGTH + 1]
        if len(start) > _TITLE_LENGTH:
            words = start.rsplit(None, 1)
            start = words[0] if len(words) == 2 and not start[-1].isspace() else start[:_TITLE_LENGTH]
        return " ".join(start.split())

    @property
    def said_at(self) -> datetime:
        """When it was said."""
        return datetime.fromtimestamp(self.timestamp / 1000, UTC)

    @property
    def is_declined(self) -> bool:
        """True where the source's moderation refused it."""
        return self.moderated == -1


def read_statements(content: bytes, name: str) -> list[SourceStatement]:
    """Every statement of the file, oldest first; Invalid with one line on the first thing that is wrong."""
    rows = _records(_decoded(content, name), name)
    header = next(rows, None)
    if header is None:
        raise Invalid(detail=_("{file}: Die Datei ist leer.").format(file=name))
    places = _places(header.cells, name)
    found: dict[tuple[int, int], SourceStatement] = {}
    for record in rows:
        statement = _statement(record, places)
        key = (statement.timestamp, statement.comment_id)
        if found.setdefault(key, statement) != statement:
            raise record.refused(_("Zeitstempel und comment-id kommen schon mit einem anderen Text vor."))
    return [found[key] for key in sorted(found)]


@dataclass(frozen=True, slots=True)
class _Record:
    """One record with its number in the file and the line it begins on; a text may contain line breaks."""

    file: str
    number: int
    line: int
    cells: list[str]

    def refused(self, problem: str) -> Invalid:
        return _refused(self.file, self.number, self.line, problem)


def _refused(file: str, number: int, line: int, problem: str) -> Invalid:
    place = _("{file}, Datensatz {number} (Zeile {line}): {problem}")
    return Invalid(detail=place.format(file=file, number=number, line=line, problem=problem))


def _decoded(content: bytes, name: str) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = content[: error.start].decode("utf-8-sig", errors="replace")
        number = 0
        try:
            for each in _records(before, name):
                number = each.number
        except Invalid:
            # The byte stands between quotation marks that are still open: in the record after the last whole one.
            number += 1
        line = before.count("\n") + 1
        problem = _("Die Datei ist nicht in UTF-8 geschrieben. Speichern Sie sie in dieser Kodierung.")
        raise _refused(name, number, line, problem) from error


def _records(text: str, name: str) -> Iterator[_Record]:
    csv.field_size_limit(_LONGEST_FIELD)
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    number, line = 0, 1
    while True:
        try:
            cells = next(reader, None)
        except csv.Error as error:
            problem = _("Anführungszeichen oder Trennzeichen stimmen nicht.")
            raise _refused(name, number, line, problem) from error
        if cells is None:
            return
        if cells:
            yield _Record(name, number, line, cells)
            number += 1
        line = reader.line_num + 1


def _places(header: list[str], name: str) -> dict[str, int]:
    missing = [column for column in COLUMNS if column not in header]
    unknown = [column for column in header if column not in COLUMNS]
    if missing or unknown or len(header) != len(COLUMNS):
        parts = [_("{file}: Die Spalten stimmen nicht.").format(file=name)]
        if missing:
            parts.append(_("Es fehlt: {columns}.").format(columns=", ".join(missing)))
        if unknown:
            parts.append(
                _("Unbekannt: {columns}.").format(columns=", ".join(" ".join(u.split())[:40] for u in unknown))
            )
        if not missing and not unknown:
            parts.append(_("Eine Spalte kommt doppelt vor."))
        raise Invalid(detail=" ".join(parts))
    return {column: header.index(column) for column in COLUMNS}


def _statement(record: _Record, places: dict[str, int]) -> SourceStatement:
    if len(record.cells) != len(COLUMNS):
        problem = _("{found} Felder statt {expected}.").format(found=len(record.cells), expected=len(COLUMNS))
        raise record.refused(problem)
    values = {column: record.cells[place] for column, place in places.items()}
    numbers = {name: _number(record, name, values[name]) for name in ("timestamp", "comment-id", "agrees", "disagrees")}
    if values["moderated"].strip() not in _MODERATED:
        raise record.refused(
            _("In moderated steht „{value}“; erlaubt sind -1, 0 und 1.").format(value=_short(values["moderated"]))
        )
    text = values["comment-body"].replace("\r\n", "\n").replace("\r", "\n").strip()
    if not text:
        raise record.refused(_("Der Text ist leer."))
    if "\x00" in text:
        raise record.refused(_("Der Text enthält ein Nullzeichen, das nicht gespeichert werden kann."))
    author = values["author-id"].strip()
    if not author or len(author) > 100 or "\x00" in author:
        raise record.refused(_("In author-id steht keine brauchbare Kennung."))
    found = SourceStatement(
        numbers["timestamp"], numbers["comment-id"], author, _MODERATED[values["moderated"].strip()], text
    )
    try:
        found.said_at.astimezone(UTC)
    except (ValueError, OverflowError, OSError) as error:
        raise record.refused(_("In timestamp steht kein Zeitpunkt in Millisekunden.")) from error
    return found


def _number(record: _Record, name: str, value: str) -> int:
    digits = value.strip()
    if not (digits.isascii() and digits.isdigit() and len(digits) <= 18):
        raise record.refused(
            _("In {name} steht „{value}“; erwartet wird eine Zahl.").format(name=name, value=_short(value))
        )
    return int(digits)


def _short(value: str) -> str:
    return " ".join(value.split())[:40]
