"""A series of readings as a table: which columns it has, how its numbers are written, what each row must hold."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from pydantic import TypeAdapter, ValidationError

from app.domain.numbers import DecimalMark, mark_of
from app.errors import FieldError, Invalid
from app.forms.base import Input
from app.forms.indicators import ReadingForm
from app.forms.messages import invalid_from
from app.forms.tables import MAXIMUM_ROWS, RowError, TableRow, places_of
from app.i18n import _

COLUMNS: dict[str, tuple[str, ...]] = {
    "period": ("Zeitraum", "Periode", "Jahr", "period"),
    "value": ("Wert", "value"),
    "category": ("Ausprägung", "category"),
    "source": ("Quelle", "source"),
    "provisional": ("Vorläufig", "provisional"),
    "unit": ("Einheit", "unit"),
    "kind": ("Art", "kind"),
}
_READING = {"", "wert", "value"}
"""What `kind` says of a reading; our own tables name baseline and target beside them."""

_REQUIRED = ("period", "value")
_YES, _NO = {"ja", "vorläufig", "x", "true", "1"}, {"", "nein", "endgültig", "false", "0"}


class ReadingRow(Input):
    """One reading and the line it stands in."""

    line: int
    form: ReadingForm


@dataclass(frozen=True, slots=True)
class ReadingTable:
    """The readings that can be taken over and the errors that stand in the way."""

    rows: tuple[ReadingRow, ...]
    errors: tuple[RowError, ...]


def readings_of(table: Sequence[TableRow], mark: DecimalMark | None = None, field: str = "file") -> ReadingTable:
    """The readings of a table with a heading. Raises Invalid where its columns can't be told.

    Numbers are all written in one way: where one shows which, that goes for the doubtful ones of the column too.
    """
    places = places_of(table[0].cells, COLUMNS, field)
    missing = [COLUMNS[name][0] for name in _REQUIRED if name not in places]
    if missing:
        message = _("In der ersten Zeile fehlt die Spalte „{title}“.").format(title=missing[0])
        raise Invalid(FieldError(field, message))
    if len(table) == 1:
        raise Invalid(FieldError(field, _("Unter der Überschrift steht keine Zeile.")))
    chosen = mark or _mark_of_column(table[1:], places["value"])
    rows: list[ReadingRow] = []
    errors: list[RowError] = []
    for row in _only_readings(table[1:], places.get("kind")):
        try:
            rows.append(ReadingRow(line=row.line, form=_form_of(row, places, chosen)))
        except Invalid as error:
            errors.extend(RowError(row.line, each.message) for each in error.errors)
    errors.extend(_doubles(rows))
    return ReadingTable(tuple(rows), tuple(sorted(errors, key=lambda each: each.line)))


def dump_readings(rows: Iterable[ReadingRow]) -> str:
    """The rows as the confirming form carries them."""
    return json.dumps([row.model_dump(mode="json", exclude_none=True) for row in rows], ensure_ascii=False)


def load_readings(text: str) -> ReadingTable:
    """The rows a confirming form brings back, checked again. Raises Invalid for anything else."""
    try:
        rows = TypeAdapter(list[ReadingRow]).validate_json(text)
    except ValidationError as error:
        raise _unreadable() from error
    if not rows or len(rows) > MAXIMUM_ROWS:
        raise _unreadable()
    return ReadingTable(tuple(rows), tuple(_doubles(rows)))


def _form_of(row: TableRow, places: Mapping[str, int], mark: DecimalMark | None) -> ReadingForm:
    sent: dict[str, object] = {
        name: row.cells[place]
        for name, place in places.items()
        if name not in ("unit", "kind") and place < len(row.cells) and row.cells[place]
    }
    provisional = str(sent.pop("provisional", "")).casefold()
    if provisional not in _YES | _NO:
        message = _("Vorläufig: „{text}“ ist hier nicht bekannt. Möglich: ja, nein.").format(text=provisional[:40])
        raise Invalid(FieldError("provisional", message))
    try:
        # What is kept is written with a dot, so that the confirming form is read the same way again.
        form = ReadingForm.model_validate({**sent, "decimal_mark": mark, "provisional": provisional in _YES})
        return form.model_copy(update={"decimal_mark": DecimalMark.DOT})
    except ValidationError as error:
        found = invalid_from(error)
        raise Invalid(
            *(FieldError(each.field, f"{_title(each.field)}: {each.message}") for each in found.errors)
        ) from error


def _only_readings(rows: Sequence[TableRow], place: int | None) -> list[TableRow]:
    if place is None:
        return list(rows)
    return [row for row in rows if place >= len(row.cells) or row.cells[place].casefold() in _READING]


def _mark_of_column(rows: Sequence[TableRow], place: int) -> DecimalMark | None:
    found = {mark_of(row.cells[place]) for row in rows if place < len(row.cells) and row.cells[place]} - {None}
    return next(iter(found)) if len(found) == 1 else None


def _doubles(rows: Sequence[ReadingRow]) -> list[RowError]:
    seen: dict[tuple[str, str], int] = {}
    errors = []
    for row in rows:
        key = (row.form.period, row.form.category)
        if key in seen:
            errors.append(RowError(row.line, _("Dieser Zeitraum steht schon in Zeile {line}.").format(line=seen[key])))
        seen.setdefault(key, row.line)
    return errors


def _title(field: str) -> str:
    return COLUMNS.get(field, (field,))[0]


def _unreadable() -> Invalid:
    return Invalid(FieldError("form", _("Die Vorschau ist nicht mehr lesbar. Laden Sie die Tabelle neu.")))
