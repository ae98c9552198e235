"""Granting more time in a Stellungnahmeverfahren: for everybody who is asked, never for one alone."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session

from app.actions.consultations import require_open
from app.actions.permissions import require
from app.actions.record import record
from app.actions.statement_link_mails import tell_of_extension
from app.clock import now
from app.domain.actors import Actor
from app.domain.deadlines import is_over, last_day
from app.domain.events import EventType
from app.domain.permissions import Permission
from app.errors import FieldError, Invalid
from app.i18n import _
from app.models.consultations import CommentRound, Statement
from app.queries.base import get_for_update


def grant_extension(
    session: Session, asked: Statement, closes_at: datetime | None, *, reason: str | None, actor: Actor
) -> CommentRound:
    """Move the deadline of the round in which more time was asked for, with an event; reminders follow it.

    Only who may open a round moves its end. Raises Invalid without a later deadline, Closed where the old one is over
    and a new one is named. Of several requests granted together the first moves it, the others find it moved.
    """
    found = get_for_update(session, CommentRound, asked.round_id)
    if closes_at is None and is_over(found.closes_at, now(session)):
        return found
    require(Permission.RECOMMENDATION_CONSULT, found, actor)
    require_open(session, found)
    if closes_at == found.closes_at:
        return found
    if closes_at is None or closes_at < found.closes_at:
        until = last_day(found.closes_at).strftime("%d.%m.%Y")
        message = _("Bitte nennen Sie den neuen letzten Tag; er liegt nach dem {day}.").format(day=until)
        raise Invalid(FieldError("closes_at", message))
    former, found.closes_at = found.closes_at, closes_at
    session.add(found)
    record(
        session,
        EventType.ROUND_EXTENDED,
        found,
        actor=actor,
        reason=reason,
        version=found.version,
        data={"from": former.isoformat(), "closes_at": closes_at.isoformat(), "statement_id": str(asked.id)},
    )
    tell_of_extension(session, found.id)
    return found
