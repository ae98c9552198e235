"""The annex table as it is read in: Operatives Ziel × Maßnahme × Verantwortliche × Zeitplan × Indikatoren."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Any
from uuid import UUID

from pydantic import BeforeValidator, Field, TypeAdapter, ValidationError

from app.domain.indicators import Direction, IndicatorKind
from app.domain.numbers import DecimalMark, mark_of
from app.errors import FieldError, Invalid
from app.forms.base import Line, ShortLine
from app.forms.indicators import OptionalSource, Unit
from app.forms.measures import Day, MilestoneInput
from app.forms.messages import invalid_from
from app.forms.numbers import Number, WithNumbers
from app.forms.tables import MAXIMUM_ROWS, RowError, TableRow, places_of
from app.i18n import _
from app.wording import label
from app.wording.dates import parse_german_date

COLUMNS: dict[str, tuple[str, ...]] = {
    "body": ("Gremium",),
    "strategic": ("Strategisches Ziel",),
    "operative": ("Operatives Ziel",),
    "reference": ("Empfehlung",),
    "number": ("Teil",),
    "measure": ("Maßnahme/Instrument", "Maßnahme", "Instrument"),
    "responsible": ("Verantwortliche", "Verantwortlich"),
    "contributors": ("Mitwirkende",),
    "due_on": ("Zeitplan (bis)", "Zeitplan", "bis"),
    "milestones": ("Meilensteine",),
    "state": ("Stand der Maßnahme", "Stand"),
    "indicator": ("Indikator der Zielerreichung", "Indikatoren der Zielerreichung", "Indikator"),
    "kind": ("Art des Indikators", "Art"),
    "unit": ("Einheit",),
    "baseline": ("Ausgangswert",),
    "baseline_on": ("Ausgangstag",),
    "target": ("Zielwert",),
    "target_on": ("Zieltag",),
    "direction": ("Richtung",),
    "source": ("Quelle",),
    "latest": ("Letzter Wert",),
    "course": ("Auf Kurs?",),
    "goal_id": ("Kennung Ziel",),
    "measure_id": ("Kennung Maßnahme",),
    "indicator_id": ("Kennung Indikator",),
}
"""The columns in their order; what is only shown (`SHOWN`) is left alone when the table is read in."""

SHOWN = frozenset({"state", "latest", "course"})
_NUMBERS = ("baseline", "target")
_SHORT = {"output": IndicatorKind.OUTPUT, "leistung": IndicatorKind.OUTPUT, "outcome": IndicatorKind.OUTCOME}
_SHORT |= {"wirkung": IndicatorKind.OUTCOME}
_MILESTONE = re.compile(r"(?P<due>[^:]+):\s*(?P<title>.+?)\s*(?:\(erreicht:\s*(?P<reached>[^)]+)\))?")


def _day(sent: Any) -> Any:
    return (parse_german_date(sent) or sent) if isinstance(sent, str) else sent


AnyDay = Annotated[Day, BeforeValidator(_day)]


class AnnexRow(WithNumbers):
    """One row: a goal, a measure or both, and an indicator where one is named."""

    line: int
    body: Line | None = None
    strategic: Line | None = None
    operative: Line | None = None
    reference: ShortLine | None = None
    number: Annotated[str, Field(max_length=10)] | None = None
    measure: Line | None = None
    responsible: Line | None = None
    contributors: list[Line] = Field(default=[], max_length=50)
    due_on: AnyDay | None = None
    milestones: list[MilestoneInput] = Field(default=[], max_length=30)
    indicator: Line | None = None
    kind: IndicatorKind | None = None
    unit: Unit | None = None
    baseline: Number | None = None
    baseline_on: AnyDay | None = None
    target: Number | None = None
    target_on: AnyDay | None = None
    direction: Direction | None = None
    source: OptionalSource = ""
    goal_id: UUID | None = None
    measure_id: UUID | None = None
    indicator_id: UUID | None = None

    @property
    def goal(self) -> str | None:
        """The goal the row is of: the operative one where one is named."""
        return self.operative or self.strategic


@dataclass(frozen=True, slots=True)
class AnnexTable:
    """The rows that can be read, the columns there were, and the errors that stand in the way."""

    rows: tuple[AnnexRow, ...]
    columns: frozenset[str]
    errors: tuple[RowError, ...]


def annex_of_table(table: Sequence[TableRow], mark: DecimalMark | None = None, field: str = "file") -> AnnexTable:
    """The rows of a table with a heading. Raises Invalid where its columns can't be told."""
    places = places_of(table[0].cells, COLUMNS, field)
    if not {"operative", "strategic", "measure"} & set(places):
        raise Invalid(FieldError(field, _("In der ersten Zeile fehlt die Spalte „Operatives Ziel“ oder „Maßnahme“.")))
    if len(table) == 1:
        raise Invalid(FieldError(field, _("Unter der Überschrift steht keine Zeile.")))
    numbers = [
        row.cells[places[name]] for row in table[1:] for name in _NUMBERS if places.get(name, 99) < len(row.cells)
    ]
    marks = {mark_of(text) for text in numbers if text} - {None}
    chosen = mark or (next(iter(marks)) if len(marks) == 1 else None)
    rows: list[AnnexRow] = []
    errors: list[RowError] = []
    for row in table[1:]:
        try:
            rows.append(_row_of(row, places, chosen))
        except Invalid as error:
            errors.extend(RowError(row.line, f"{_title(each.field)}: {each.message}") for each in error.errors)
    return AnnexTable(tuple(rows), frozenset(places), tuple(errors))


def dump_annex(table: AnnexTable) -> str:
    """The table as the confirming form carries it."""
    rows = [row.model_dump(mode="json", exclude_defaults=True) for row in table.rows]
    return json.dumps({"columns": sorted(table.columns), "rows": rows}, ensure_ascii=False)


def load_annex(text: str) -> AnnexTable:
    """The table a confirming form brings back, checked again. Raises Invalid for anything else."""
    try:
        sent = json.loads(text)
        rows = TypeAdapter(list[AnnexRow]).validate_python(sent["rows"])
        columns = frozenset(TypeAdapter(list[str]).validate_python(sent["columns"])) & set(COLUMNS)
    except (ValueError, KeyError, TypeError) as error:
        raise _unreadable() from error
    if not rows or len(rows) > MAXIMUM_ROWS:
        raise _unreadable()
    return AnnexTable(tuple(rows), columns, ())


def parse_milestones(text: str) -> list[dict[str, Any]]:
    """One milestone a line, "30.06.2026: Konzept liegt vor". Raises Invalid naming the line that isn't one."""
    found = []
    for line in filter(None, (each.strip() for each in text.splitlines())):
        match = _MILESTONE.fullmatch(line)
        due_on = parse_german_date(match["due"]) if match else None
        reached_on = parse_german_date(match["reached"]) if match and match["reached"] else None
        if match is None or due_on is None or (match["reached"] and reached_on is None):
            message = _(
                "„{line}“: Schreiben Sie je Zeile Tag und Meilenstein, zum Beispiel „30.06.2026: Konzept liegt vor“."
            )
            raise Invalid(FieldError("milestones", message.format(line=line[:60])))
        found.append({"title": match["title"], "due_on": due_on, "reached_on": reached_on})
    return found


def _row_of(row: TableRow, places: Mapping[str, int], mark: DecimalMark | None) -> AnnexRow:
    sent: dict[str, Any] = {"line": row.line, "decimal_mark": mark}
    for name, place in places.items():
        text = row.cells[place] if place < len(row.cells) else ""
        if text and name not in SHOWN:
            sent[name] = _value(name, text)
    try:
        # What is kept is written with a dot, so that the confirming form is read the same way again.
        parsed = AnnexRow.model_validate(sent).model_copy(update={"decimal_mark": DecimalMark.DOT})
    except ValidationError as error:
        raise invalid_from(error) from error
    if parsed.goal is None and parsed.measure is None:
        raise Invalid(FieldError("operative", _("In dieser Zeile steht weder ein Ziel noch eine Maßnahme.")))
    return parsed


def _value(name: str, text: str) -> Any:
    if name == "contributors":
        return [each.strip() for each in text.splitlines() if each.strip()]
    if name == "milestones":
        return parse_milestones(text)
    if name == "kind":
        return _SHORT.get(text.casefold()) or _word(name, text, (IndicatorKind.OUTPUT, IndicatorKind.OUTCOME))
    if name == "direction":
        return _word(name, text, tuple(Direction))
    return text


def _word(name: str, text: str, words: Iterable[StrEnum]) -> str:
    for word in words:
        if text.casefold() in (word.value, label(word).casefold()):
            return word.value
    offered = ", ".join(label(word) for word in words)
    message = _("„{text}“ ist hier nicht bekannt. Möglich: {offered}.").format(text=text[:60], offered=offered)
    raise Invalid(FieldError(name, message))


def _title(field: str) -> str:
    return COLUMNS.get(field.split(".", 1)[0], (field,))[0]


def _unreadable() -> Invalid:
    return Invalid(FieldError("form", _("Die Vorschau ist nicht mehr lesbar. Laden Sie die Tabelle neu.")))
