"""The outbox as the worker sees it: claim what is due, note what became of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from sqlalchemy import or_, update
from sqlmodel import Session, col, select

from app.clock import now
from app.models.outbox import OutgoingMail

LEASE = timedelta(seconds=60)
PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 240, 720, 1440))


def claim_due_mails(session: Session, *, limit: int = 20) -> Sequence[UUID]:
    """Lease what is due to this worker; another sees it again only when the lease is over."""
    moment = now(session)
    due = (
        select(OutgoingMail.id)
        .where(
            col(OutgoingMail.sent_at).is_(None),
            col(OutgoingMail.failed_at).is_(None),
            col(OutgoingMail.due_at) <= moment,
            or_(col(OutgoingMail.leased_until).is_(None), col(OutgoingMail.leased_until) < moment),
        )
        .order_by(col(OutgoingMail.due_at), col(OutgoingMail.id))
        .limit(limit)
        .with_for_update(skip_locked=True)
        .scalar_subquery()
    )
    statement = (
        update(OutgoingMail)
        .where(col(OutgoingMail.id).in_(due))
        .values(leased_until=moment + LEASE, attempts=OutgoingMail.attempts + 1)
        .returning(col(OutgoingMail.id))
    )
    return session.connection().execute(statement).scalars().all()


def note_sent(session: Session, key: UUID) -> None:
    """The mail was handed over."""
    mail = session.get_one(OutgoingMail, key)
    mail.sent_at, mail.leased_until, mail.last_error = now(session), None, ""


def note_failed(session: Session, key: UUID, error: str, *, is_final: bool = False) -> None:
    """The mail was not handed over: try again after a growing pause, or give up and keep it to be looked at."""
    mail = session.get_one(OutgoingMail, key)
    mail.leased_until, mail.last_error = None, error[:500]
    if is_final or mail.attempts > len(PAUSES):
        mail.failed_at = now(session)
        return
    mail.due_at = now(session) + PAUSES[mail.attempts - 1]
