"""Reads of the outbox: what waits, what could not be handed over, which addresses take no mail."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sql
from sqlalchemy import ColumnElement, and_, func, or_
from sqlmodel import Session, col, select

from app.clock import now
from app.models.outbox import OutgoingMail, UndeliverableAddress
from app.queries.base import DEFAULT_LIMIT, Page, page_of


@dataclass(frozen=True, slots=True)
class OutboxState:
    """How the outbox stands: what waits, since when the oldest is due, what failed."""

    waiting: int
    failing: int
    due_since: datetime | None
    failed: int
    undeliverable: int

    def lag(self, moment: datetime) -> timedelta:
        """How long the oldest mail that is due has been waiting."""
        return max(moment - self.due_since, timedelta()) if self.due_since else timedelta()


def is_waiting() -> ColumnElement[bool]:
    """Neither sent nor given up; said in the words of its index."""
    return and_(
        col(OutgoingMail.sent_at).is_(None),
        col(OutgoingMail.failed_at).is_(None),
        col(OutgoingMail.dropped_at).is_(None),
    )


def is_free(moment: datetime) -> ColumnElement[bool]:
    """In no worker's hand, or its lease is over."""
    return or_(col(OutgoingMail.leased_until).is_(None), col(OutgoingMail.leased_until) <= moment)


def is_dead() -> ColumnElement[bool]:
    """Given up, and kept to be looked at; mail of a person who was erased is not."""
    return and_(
        col(OutgoingMail.failed_at).is_not(None),
        col(OutgoingMail.dropped_at).is_(None),
        col(OutgoingMail.address) != "",
    )


def can_be_sent_again() -> ColumnElement[bool]:
    """A dead letter that never left, so that what fills it is still there."""
    return and_(is_dead(), col(OutgoingMail.sent_at).is_(None))


def read_outbox_state(session: Session) -> OutboxState:
    """How the outbox stands, in one statement."""
    moment = now(session)
    dead = select(func.count()).select_from(OutgoingMail).where(is_dead()).scalar_subquery()
    undeliverable = select(func.count()).select_from(UndeliverableAddress).scalar_subquery()
    statement = sql.select(
        func.count(col(OutgoingMail.id)),
        func.count(col(OutgoingMail.id)).filter(col(OutgoingMail.last_error) != ""),
        func.min(col(OutgoingMail.due_at)).filter(col(OutgoingMail.due_at) <= moment),
        dead,
        undeliverable,
    ).where(is_waiting())
    return OutboxState(*session.connection().execute(statement).one())


def has_due_mail(session: Session) -> bool:
    """True where a worker has something to hand over now."""
    moment = now(session)
    due = select(OutgoingMail.id).where(is_waiting(), col(OutgoingMail.due_at) <= moment, is_free(moment))
    return session.exec(due.limit(1)).first() is not None


def list_dead_letters(session: Session, *, limit: int = DEFAULT_LIMIT, after: str | None = None) -> Page[OutgoingMail]:
    """What was given up, newest first; whoever asks has been asked for permission."""
    return page_of(session, select(OutgoingMail).where(is_dead()), OutgoingMail, limit=limit, after=after)


def count_dead_letters(session: Session) -> int:
    """How many mails were given up and wait to be looked at."""
    return session.exec(select(func.count()).select_from(OutgoingMail).where(is_dead())).one()


def list_failing(session: Session, *, limit: int = DEFAULT_LIMIT) -> list[OutgoingMail]:
    """What failed at least once and is tried again, the next one first."""
    statement = select(OutgoingMail).where(is_waiting(), col(OutgoingMail.last_error) != "")
    ordered = statement.order_by(col(OutgoingMail.due_at), col(OutgoingMail.id)).limit(limit)
    return list(session.exec(ordered).all())


def list_undeliverable(session: Session, *, limit: int = DEFAULT_LIMIT) -> list[UndeliverableAddress]:
    """Addresses that take no mail, the last refused first; whoever asks has been asked for permission."""
    ordered = select(UndeliverableAddress).order_by(
        col(UndeliverableAddress.refused_at).desc(), col(UndeliverableAddress.id)
    )
    return list(session.exec(ordered.limit(limit)).all())


def find_undeliverable(session: Session, address: str) -> UndeliverableAddress | None:
    """What is known of an address that takes no mail, or None."""
    known = select(UndeliverableAddress).where(UndeliverableAddress.address == address.casefold())
    return session.exec(known).one_or_none()
