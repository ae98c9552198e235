"""One thing that is outstanding, and what a list of them is narrowed to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func
from sqlmodel import col, select

from app.domain.events import EventType, SubjectType
from app.domain.outstanding import REMINDED_OF, OutstandingKind
from app.models.record import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class Outstanding:
    """What is missing, of what, from whom and until when; `part` is of a recommendation, where it alone is meant."""

    kind: OutstandingKind
    subject_type: SubjectType
    subject_id: UUID
    title: str
    url: str
    about: str = ""
    part: str = ""
    edition_id: UUID | None = None
    field_of_action_id: UUID | None = None
    organisation_id: UUID | None = None
    organisation: str = ""
    due_on: date | None = None
    reminded_at: datetime | None = None
    is_example: bool = False

    @property
    def can_be_reminded(self) -> bool:
        """True where somebody owes it."""
        return self.kind in REMINDED_OF

    @property
    def order(self) -> tuple[date, int, str, UUID, str]:
        """By day, what has none last; then as the kinds are shown."""
        place = list(OutstandingKind).index(self.kind)
        return self.due_on or date.max, place, self.title, self.subject_id, self.part


@dataclass(frozen=True, slots=True, kw_only=True)
class OutstandingFilter:
    """What is narrowed to; None leaves a field open."""

    kind: OutstandingKind | None = None
    edition_id: UUID | None = None
    field_of_action_id: UUID | None = None
    organisation_id: UUID | None = None

    def takes(self, one: Outstanding) -> bool:
        """True where the thing is among those wanted, whatever its kind."""
        return (
            self.edition_id in (None, one.edition_id)
            and self.field_of_action_id in (None, one.field_of_action_id)
            and self.organisation_id in (None, one.organisation_id)
        )


def reminded_at(subject_id: Any, event_type: EventType) -> Any:
    """When a thing was last reminded of by hand, as a column of another statement."""
    return (
        select(func.max(col(Event.created_at)))
        .where(col(Event.subject_id) == subject_id, col(Event.type) == event_type)
        .scalar_subquery()
    )
