"""Forgetting what persons were told long ago; what happened stays in the record."""

from __future__ import annotations

from typing import Final

from sqlalchemy import and_, delete, or_, tuple_
from sqlmodel import Session, col, select

from app.clock import now
from app.domain.notifications import KEPT_AFTER_READING, KEPT_UNREAD
from app.models.base import first_id
from app.models.notifications import Notification

AT_ONE_TIME: Final = 5_000
"""How many one run forgets, so that nobody waits long for the database; the rest is forgotten by the next."""


def forget_notifications(session: Session, *, limit: int = AT_ONE_TIME) -> int:
    """Drop what was read more than a year ago and what nobody has read in two; one statement, however many."""
    moment = now(session)
    key = (col(Notification.occasion_id), col(Notification.person_id))
    # Both are found by an index: the keys of occasions are in the order in which they were made.
    is_unread = and_(
        col(Notification.occasion_id) < first_id(moment - KEPT_UNREAD),
        col(Notification.read_at).is_(None),
    )
    over = or_(col(Notification.read_at) < moment - KEPT_AFTER_READING, is_unread)
    oldest = select(*key).where(over).limit(limit)
    return session.connection().execute(delete(Notification).where(tuple_(*key).in_(oldest))).rowcount
