"""The table of participants: which columns it has, what each row must hold."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pydantic import TypeAdapter, ValidationError

from app.domain.organisations import Level, OrganisationKind, ParticipationClass
from app.errors import FieldError, Invalid
from app.forms.base import EmailAddress, Input, Line, ShortLine
from app.forms.messages import invalid_from
from app.forms.tables import MAXIMUM_ROWS, RowError, TableRow, places_of
from app.i18n import _
from app.wording import label

COLUMNS: dict[str, tuple[str, ...]] = {
    "organisation": ("Organisation", "institution", "verband"),
    "kind": ("Art", "kind", "organisationsart"),
    "level": ("Ebene", "level"),
    "participation_class": ("Beteiligung", "participation_class", "§ 45"),
    "name": ("Name", "person"),
    "email": ("E-Mail", "email", "e-mail-adresse", "mail"),
}
REQUIRED = ("organisation",)
_WORDS: dict[str, type[OrganisationKind] | type[Level] | type[ParticipationClass]] = {
    "kind": OrganisationKind,
    "level": Level,
    "participation_class": ParticipationClass,
}
_SHORT = {
    "muss": ParticipationClass.MANDATORY,
    "zu beteiligen": ParticipationClass.MANDATORY,
    "soll": ParticipationClass.SHOULD,
    "sonstige": ParticipationClass.OTHER,
    "weitere": ParticipationClass.OTHER,
}


class ParticipantRow(Input):
    """One row: an organisation, and a person where one is named."""

    line: int
    organisation: Line
    kind: OrganisationKind | None = None
    level: Level | None = None
    participation_class: ParticipationClass | None = None
    name: ShortLine | None = None
    email: EmailAddress | None = None


@dataclass(frozen=True, slots=True)
class ParticipantTable:
    """The rows that can be taken over and the errors that stand in the way."""

    rows: tuple[ParticipantRow, ...]
    errors: tuple[RowError, ...]


def participants_of(table: Sequence[TableRow], field: str = "file") -> ParticipantTable:
    """The rows of a table with a heading. Raises Invalid where its columns can't be told."""
    places = _places(table[0].cells, field)
    rows: list[ParticipantRow] = []
    errors: list[RowError] = []
    for row in table[1:]:
        try:
            rows.append(_row_of(row, places))
        except Invalid as error:
            errors.extend(RowError(row.line, f"{_column(each.field)}: {each.message}") for each in error.errors)
    if not rows and not errors:
        raise Invalid(FieldError(field, _("Unter der Überschrift steht keine Zeile.")))
    errors.extend(_contradictions(rows))
    return ParticipantTable(tuple(rows), tuple(sorted(errors, key=lambda each: each.line)))


def dump_rows(rows: Iterable[ParticipantRow]) -> str:
    """The rows as the confirming form carries them."""
    return json.dumps([row.model_dump(mode="json", exclude_none=True) for row in rows], ensure_ascii=False)


def load_rows(text: str) -> ParticipantTable:
    """The rows a confirming form brings back, checked again. Raises Invalid for anything else."""
    adapter = TypeAdapter(list[ParticipantRow])
    try:
        rows = adapter.validate_json(text)
    except ValidationError as error:
        raise Invalid(
            FieldError("form", _("Die Vorschau ist nicht mehr lesbar. Laden Sie die Tabelle neu."))
        ) from error
    if not rows or len(rows) > MAXIMUM_ROWS:
        raise Invalid(FieldError("form", _("Die Vorschau ist nicht mehr lesbar. Laden Sie die Tabelle neu.")))
    return ParticipantTable(tuple(rows), tuple(_contradictions(rows)))


def _places(heading: Sequence[str], field: str) -> dict[str, int]:
    places = places_of(heading, COLUMNS, field)
    missing = [name for name in REQUIRED if name not in places]
    if missing:
        raise Invalid(FieldError(field, _("In der ersten Zeile fehlt die Spalte „Organisation“.")))
    return places


def _row_of(row: TableRow, places: dict[str, int]) -> ParticipantRow:
    sent: dict[str, object] = {"line": row.line}
    for name, place in places.items():
        text = row.cells[place] if place < len(row.cells) else ""
        if text:
            sent[name] = _word(name, text) if name in _WORDS else text
    try:
        parsed = ParticipantRow.model_validate(sent)
    except ValidationError as error:
        raise invalid_from(error) from error
    if (parsed.name is None) != (parsed.email is None):
        field = "email" if parsed.email is None else "name"
        raise Invalid(FieldError(field, _("Eine Person braucht Namen und Adresse.")))
    return parsed


def _word(name: str, text: str) -> str:
    folded = text.casefold()
    for word in _WORDS[name]:
        if folded in (word.value, label(word).casefold()):
            return word.value
    if name == "participation_class" and folded in _SHORT:
        return _SHORT[folded].value
    offered = ", ".join(label(word) for word in _WORDS[name])
    message = _("„{text}“ ist hier nicht bekannt. Möglich: {offered}.").format(text=text[:60], offered=offered)
    raise Invalid(FieldError(name, message))


def _contradictions(rows: Sequence[ParticipantRow]) -> list[RowError]:
    """An address that stands twice; an organisation that is described in two ways."""
    found: list[RowError] = []
    addresses: dict[str, int] = {}
    organisations: dict[tuple[str, str], tuple[object, int]] = {}
    for row in rows:
        if row.email is not None:
            if row.email in addresses:
                message = _("E-Mail: Die Adresse steht schon in Zeile {line}.").format(line=addresses[row.email])
                found.append(RowError(row.line, message))
            addresses.setdefault(row.email, row.line)
        if row.kind is OrganisationKind.COLLECTIVE and row.email is not None:
            found.append(RowError(row.line, _("Art: Eine Gesamtheit hat keine eigenen Personen.")))
        for field in _WORDS:
            value = getattr(row, field)
            if value is None:
                continue
            former, line = organisations.setdefault((row.organisation.casefold(), field), (value, row.line))
            if former != value:
                message = _("{column}: In Zeile {line} steht zu dieser Organisation etwas anderes.")
                found.append(RowError(row.line, message.format(column=_column(field), line=line)))
    return found


def _column(field: str) -> str:
    titles = {
        "organisation": _("Organisation"),
        "kind": _("Art"),
        "level": _("Ebene"),
        "participation_class": _("Beteiligung"),
        "name": _("Name"),
        "email": _("E-Mail"),
    }
    return titles.get(field, field)
