"""A task, who reads it, and in whose circle it lies."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import IntEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func
from sqlmodel import col, select

from app.domain.actors import Actor
from app.domain.deadlines import berlin_date, days_left, end_of_day, last_day
from app.models.recommendations import Version, VersionBlock
from app.models.record import RecordText
from app.wording.tasks import TaskKind, task_effort

MAXIMUM = 200
AHEAD = timedelta(days=42)
"""How long before its day something is a task whose day was known long ago."""

_NEVER = datetime.max.replace(tzinfo=UTC)


class Circle(IntEnum):
    """Whose work it is in the first place."""

    OWN = 0
    COVER = 1
    OTHER = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One thing that waits for a person, with its effort and deadline.

    `covered_by` says what stands for it meanwhile: it may still be done, and nobody is reminded of it.
    """

    kind: TaskKind
    title: str
    url: str
    effort: str
    due_at: datetime | None = None
    body_id: UUID | None = None
    context: str = ""
    covered_by: str = ""
    circle: Circle = Circle.OWN
    days: int | None = None
    is_example: bool = False

    @property
    def due_on(self) -> date | None:
        """The last day with time left."""
        return None if self.due_at is None else last_day(self.due_at)

    @property
    def order(self) -> tuple[int, datetime, str]:
        """Own first, then by deadline; what has none comes last."""
        return self.circle, self.due_at or _NEVER, self.title


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """Whose tasks are looked for, when, and which bodies the Geschäftsstelle looks after."""

    actor: Actor
    moment: datetime
    circles: Mapping[UUID, Circle]

    @property
    def today(self) -> date:
        """The day in Berlin."""
        return berlin_date(self.moment)

    @property
    def led_bodies(self) -> frozenset[UUID]:
        """Bodies whose chair's work is the reader's: those it leads, looks after or covers."""
        led = {seat.body_id for seat in self.actor.seats if self.actor.leads(seat.body_id)}
        return frozenset(led | set(self.circles))

    def circle_of(self, body_id: UUID | None) -> Circle:
        """In whose circle the work of a body lies for this reader."""
        if not self.actor.is_secretariat or body_id is None:
            return Circle.OWN
        found = self.circles.get(body_id)
        if found is None:
            return Circle.OWN if body_id in self.actor.body_ids else Circle.OTHER
        return found

    def task(
        self,
        kind: TaskKind,
        *,
        title: str,
        url: str,
        due: datetime | date | None = None,
        body_id: UUID | None = None,
        context: str = "",
        covered_by: str = "",
        count: int = 1,
        characters: int = 0,
        is_personal: bool = False,
        is_example: bool = False,
    ) -> Task:
        """A task of this reader; a date is a deadline at its end."""
        due_at = due if due is None or isinstance(due, datetime) else end_of_day(due)
        return Task(
            kind=kind,
            title=title,
            url=url,
            effort=task_effort(kind, count=count, characters=characters),
            due_at=due_at,
            body_id=body_id,
            context=context,
            covered_by=covered_by,
            circle=Circle.OWN if is_personal else self.circle_of(body_id),
            days=None if due_at is None else days_left(due_at, self.moment),
            is_example=is_example,
        )


def characters_of(recommendation_id: Any, number: Any) -> Any:
    """How long the text of a version is, as a column of another statement."""
    return (
        select(func.coalesce(func.sum(func.length(RecordText.text)), 0))
        .select_from(Version)
        .join(VersionBlock, col(VersionBlock.version_id) == Version.id)
        .join(RecordText, col(RecordText.id) == VersionBlock.text_id)
        .where(_is_version(recommendation_id, number))
        .scalar_subquery()
    )


def title_of(recommendation_id: Any, number: Any) -> Any:
    """The title of a version, as a column of another statement; None where it was redacted."""
    return (
        select(col(RecordText.text))
        .select_from(Version)
        .join(RecordText, and_(col(RecordText.owner_id) == Version.id, col(RecordText.field) == "title"))
        .where(_is_version(recommendation_id, number))
        .limit(1)
        .scalar_subquery()
    )


def _is_version(recommendation_id: Any, number: Any) -> ColumnElement[bool]:
    return and_(col(Version.recommendation_id) == recommendation_id, col(Version.number) == number)


def key_of(reference: str | None, recommendation_id: UUID) -> str:
    """What stands in the address of a recommendation's page."""
    return f"/empfehlungen/{reference or recommendation_id}"
