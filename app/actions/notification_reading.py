"""Marking notifications as read, each person its own; it changes nothing of what they tell of."""

from __future__ import annotations

from sqlalchemy import update
from sqlmodel import Session, col

from app.clock import now
from app.domain.actors import Actor
from app.forms.notifications import ReadForm
from app.models.notifications import Notification


def mark_read(session: Session, form: ReadForm, *, actor: Actor) -> int:
    """Mark the actor's own notifications that are named, or that stood on the page; how many those were.

    What came after the page was opened stays unread. One statement.
    """
    wanted = [col(Notification.person_id) == actor.person_id, col(Notification.read_at).is_(None)]
    if form.occasion_ids:
        wanted.append(col(Notification.occasion_id).in_(form.occasion_ids))
    if form.until is not None:
        wanted.append(col(Notification.occasion_id) <= form.until)
    if form.place_id is not None:
        wanted.append(col(Notification.place_id) == form.place_id)
    statement = update(Notification).where(*wanted).values(read_at=now(session))
    return int(session.connection().execute(statement).rowcount)
