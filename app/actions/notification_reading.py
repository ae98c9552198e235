"""Marking notifications as read, each person its own; it changes nothing of what they tell of."""

from __future__ import annotations

from sqlalchemy import false, or_, update
from sqlmodel import Session, col

from app.clock import now
from app.domain.actors import Actor
from app.forms.notifications import ReadForm
from app.models.notifications import Notification
from app.queries.notification_visibility import visible


def mark_read(session: Session, form: ReadForm, *, actor: Actor) -> int:
    """Mark those of the actor's own notifications it may see that are named, or older than a key; how many those were.

    What came after the page was opened stays unread. One statement.
    """
    moment = now(session)
    named = col(Notification.occasion_id).in_(form.occasion_ids)
    older = col(Notification.occasion_id) < form.below if form.below else false()
    wanted = [
        col(Notification.person_id) == actor.person_id,
        col(Notification.read_at).is_(None),
        or_(named, older),
        visible(actor, moment),
    ]
    if form.place_id is not None:
        wanted.append(col(Notification.place_id) == form.place_id)
    statement = update(Notification).where(*wanted).values(read_at=moment)
    return int(session.connection().execute(statement).rowcount)
