"""What is sent about indicators and their readings."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, Field

from app.domain.indicators import Direction, IndicatorKind, Rhythm
from app.forms.base import Creation, Input, Line, OptionalText, Reason, ShortLine, Source
from app.forms.measures import Day
from app.forms.numbers import Number, PeriodName, WithNumbers
from app.i18n import _


def _without_mark(name: str) -> str:
    if ":" in name:
        raise ValueError(_("Bitte verzichten Sie hier auf den Doppelpunkt: Er trennt Merkmal und Ausprägung."))
    return name


Unit = Annotated[str, Field(min_length=1, max_length=60)]
OptionalSource = Annotated[str, Field(max_length=500)]
Category = Annotated[str, Field(max_length=200)]
Dimension = Annotated[ShortLine, Field(max_length=80), AfterValidator(_without_mark)]


class Breakdown(Input):
    """By what readings are told apart, and into which categories."""

    name: Dimension
    categories: list[Annotated[ShortLine, Field(max_length=100)]] = Field(min_length=1, max_length=40)


class IndicatorForm(Creation, WithNumbers):
    """An indicator of a goal or a measure (output, outcome), or of a field (context)."""

    title: Line
    definition: OptionalText = ""
    kind: IndicatorKind
    unit: Unit
    goal_id: UUID | None = None
    measure_id: UUID | None = None
    field_of_action_id: UUID | None = None
    direction: Direction | None = None
    source: OptionalSource = ""
    rhythm: Rhythm | None = None
    baseline: Number | None = None
    baseline_on: Day | None = None
    target: Number | None = None
    target_on: Day | None = None
    breakdowns: list[Breakdown] = Field(default=[], max_length=10)


class IndicatorChange(WithNumbers):
    """What of an indicator changes; a field left out stays, null takes it away."""

    title: Line | None = None
    definition: OptionalText | None = None
    unit: Unit | None = None
    direction: Direction | None = None
    source: OptionalSource | None = None
    rhythm: Rhythm | None = None
    baseline: Number | None = None
    baseline_on: Day | None = None
    target: Number | None = None
    target_on: Day | None = None
    breakdowns: list[Breakdown] | None = Field(default=None, max_length=10)


class ReadingForm(Creation, WithNumbers):
    """A value of a period that has none yet; of the whole, or of one category of a breakdown."""

    period: PeriodName
    category: Category = ""
    value: Number
    source: OptionalSource = ""
    provisional: bool = False


class ReadingCorrection(Creation, WithNumbers):
    """A better value for a period; the former one stays in the history, with the reason."""

    value: Number
    reason: Annotated[Reason, Field(min_length=1)]
    source: Source | None = None
    provisional: bool = False
