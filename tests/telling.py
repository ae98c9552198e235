"""Who was told of what, for tests of everything that tells somebody."""

from __future__ import annotations

from uuid import UUID

from sqlmodel import select

from app.db import Database
from app.domain.events import EventType
from app.domain.notifications import Urgency
from app.models.notifications import Notification


def told_of(database: Database, event_type: EventType) -> dict[UUID, Urgency]:
    """The persons who were told of events of this type, by how soon they must know."""
    return {each.person_id: each.urgency for each in notifications_of(database, event_type)}


def notifications_of(database: Database, event_type: EventType) -> list[Notification]:
    """Every notification of events of this type."""
    with database.read() as session:
        return list(session.exec(select(Notification).where(Notification.about == event_type.value)).all())
