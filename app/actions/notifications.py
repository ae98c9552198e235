"""Telling persons what happened: rows written set-based, with the event; never mail, never one by one."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, literal
from sqlmodel import Session, col, select

from app.db import insert_selected
from app.domain.events import SubjectType
from app.domain.notifications import Urgency
from app.models.notifications import Notification
from app.models.people import Person
from app.queries.circles import takes_part


def notify(
    session: Session,
    *,
    occasion_id: UUID,
    about: str,
    urgency: Urgency,
    subject_type: SubjectType,
    subject_id: UUID,
    place_type: SubjectType,
    place_id: UUID,
    body_id: UUID | None,
    happened_at: datetime,
    persons: Select[Any],
    doer_id: UUID | None = None,
) -> int:
    """Tell these persons (a selection of their ids) of one occasion in one statement; how many were told.

    Who did it, who takes no part (any more) and who muted the place is left out; nobody is told of it twice.
    """
    values = {
        "occasion_id": occasion_id,
        "about": about,
        "urgency": urgency,
        "subject_type": subject_type,
        "subject_id": subject_id,
        "place_type": place_type,
        "place_id": place_id,
        "body_id": body_id,
        "happened_at": happened_at,
    }
    columns = Notification.__table__.c  # type: ignore[attr-defined]
    rows: Any = select(
        col(Person.id).label("person_id"),
        *(literal(value, columns[name].type).label(name) for name, value in values.items()),
    ).where(takes_part(), col(Person.id).in_(persons))
    if doer_id is not None:
        rows = rows.where(col(Person.id) != doer_id)
    session.flush()
    statement = insert_selected(session.get_bind().dialect.name, Notification, rows)
    return int(session.connection().execute(statement).rowcount)
