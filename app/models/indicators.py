"""Indicators and their readings; a reading is never changed, a correction is a further row."""

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, Index, UniqueConstraint
from sqlmodel import Field

from app.domain.events import SubjectType
from app.domain.indicators import Direction, IndicatorKind, Rhythm
from app.models.base import Recorded, Table, Written, decimal_field, related, word_field
from app.models.goals import Goal
from app.models.measures import Measure
from app.models.organisations import Organisation
from app.models.programmes import FieldOfAction


class Indicator(Recorded, Written, table=True):
    """What is counted for a goal or a measure, or as context for a field: exactly one of the three.

    `breakdowns` is a list of {"name", "categories"}: by what its readings are told apart besides the whole;
    `reading_due_on` is the day by which the next reading of the whole has to be there.
    """

    __table_args__ = (
        CheckConstraint(
            "(kind = 'context' AND field_of_action_id IS NOT NULL AND goal_id IS NULL AND measure_id IS NULL)"
            " OR (kind <> 'context' AND field_of_action_id IS NULL AND (goal_id IS NULL) <> (measure_id IS NULL))",
            name="one_owner",
        ),
        Index(None, "created_at", "id"),
    )
    subject_type = SubjectType.INDICATOR
    recorded_texts = ("title", "definition")

    title: str = Field(max_length=300)
    definition: str = ""
    kind: IndicatorKind = word_field(IndicatorKind)
    unit: str = Field(max_length=60)
    direction: Direction | None = word_field(Direction, nullable=True)
    source: str = Field(default="", max_length=500)
    rhythm: Rhythm | None = word_field(Rhythm, nullable=True)
    reading_due_on: date | None = Field(default=None, index=True)
    baseline: Decimal | None = decimal_field(nullable=True)
    baseline_on: date | None = None
    target: Decimal | None = decimal_field(nullable=True)
    target_on: date | None = None
    breakdowns: list[Any] = Field(default_factory=list, sa_type=JSON)
    goal_id: UUID | None = Field(default=None, foreign_key="goal.id", index=True)
    measure_id: UUID | None = Field(default=None, foreign_key="measure.id", index=True)
    field_of_action_id: UUID | None = Field(default=None, foreign_key="field_of_action.id", index=True)
    goal: Goal | None = related()
    measure: Measure | None = related()
    field_of_action: FieldOfAction | None = related()
    readings: list["Reading"] = related(order_by="Reading.last_day, Reading.first_day, Reading.revision")


class Reading(Table, Written, table=True):
    """One value of one period, of the whole or of a category; the highest revision counts, the others stay.

    `category` is empty for the whole, else "Geschlecht: Frauen".
    """

    __table_args__ = (UniqueConstraint("indicator_id", "period", "category", "revision"),)

    indicator_id: UUID = Field(foreign_key="indicator.id")
    period: str = Field(max_length=20)
    first_day: date
    last_day: date
    category: str = Field(default="", max_length=200)
    revision: int = 1
    value: Decimal = decimal_field()
    source: str = Field(default="", max_length=500)
    provisional: bool = False
    organisation: Organisation | None = related()
