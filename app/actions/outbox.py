"""The outbox as a worker sees it: claim one mail, note what became of it. It never talks to a server."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import delete, exists, or_, update
from sqlmodel import Session, col, select

from app.clock import now
from app.db import insert_if_absent
from app.domain.delivery import (
    AWAITED_TEMPLATES,
    AWAY_PAUSE,
    GROUPED_TEMPLATES,
    KEPT_AFTER_FAILING,
    KEPT_AFTER_SENDING,
    LEASE,
    MOST_ATTEMPTS,
    pause_after,
)
from app.i18n import _
from app.models.base import new_id
from app.models.notifications import Notification
from app.models.outbox import OutgoingMail, UndeliverableAddress
from app.queries.outbox import find_undeliverable, is_free, is_waiting

_ERROR_LENGTH: Final = 500
_FREE: Final[dict[str, Any]] = {"lease_id": None, "leased_until": None}
_UNDELIVERABLE: Final = _("Diese Adresse nimmt keine E-Mails an; siehe unzustellbare Adressen.")
_INTERRUPTED: Final = _("Der Worker endete immer wieder bei dieser E-Mail.")
_SET_ASIDE_AT_ONCE: Final = 200
_EMPTIED: Final[dict[str, Any]] = {"data": {}}


@dataclass(frozen=True, slots=True)
class ClaimedMail:
    """A mail in one worker's hand, until its lease is over."""

    id: UUID
    lease_id: UUID
    address: str
    template: str
    attempts: int


def claim_mail(session: Session, *, lease: timedelta = LEASE) -> ClaimedMail | None:
    """Lease the next due mail to this worker; others see it again only when the lease is over. None where none is due.

    Mail to an address that takes none is set aside on the way, but for links somebody asked for.
    """
    for _each in range(_SET_ASIDE_AT_ONCE):
        mail = _claim_next(session, lease)
        if mail is None:
            return None
        is_blocked = mail.template not in AWAITED_TEMPLATES and find_undeliverable(session, mail.address) is not None
        if mail.attempts > MOST_ATTEMPTS:
            note_impossible(session, mail, _INTERRUPTED)
        elif is_blocked and mail.template in GROUPED_TEMPLATES:
            note_dropped(session, mail)
        elif is_blocked:
            note_impossible(session, mail, _UNDELIVERABLE)
        else:
            return mail
    return None


def note_sent(session: Session, mail: ClaimedMail) -> None:
    """The mail was handed over, whoever holds it by now; what filled it is forgotten."""
    statement = update(OutgoingMail).where(col(OutgoingMail.id) == mail.id, col(OutgoingMail.sent_at).is_(None))
    session.connection().execute(
        statement.values(sent_at=now(session), failed_at=None, last_error="", **_FREE, **_EMPTIED)
    )


def note_dropped(session: Session, mail: ClaimedMail) -> None:
    """Nothing was left to say."""
    _note(session, mail, dropped_at=now(session), **_EMPTIED)


def note_failed(session: Session, mail: ClaimedMail, error: str) -> None:
    """The mail was not handed over: try again after a growing pause, at last keep it to be looked at."""
    pause = pause_after(mail.attempts)
    if pause is None:
        _note(session, mail, failed_at=now(session), last_error=error[:_ERROR_LENGTH])
    else:
        _note(session, mail, due_at=now(session) + pause, last_error=error[:_ERROR_LENGTH])


def note_impossible(session: Session, mail: ClaimedMail, error: str) -> None:
    """Trying again would not help: keep it to be looked at."""
    _note(session, mail, failed_at=now(session), last_error=error[:_ERROR_LENGTH])


def note_server_away(session: Session, mail: ClaimedMail, error: str) -> None:
    """No server took mail at all: that was no attempt of this one, and never ends it."""
    again = now(session) + AWAY_PAUSE
    _note(session, mail, due_at=again, attempts=mail.attempts - 1, last_error=error[:_ERROR_LENGTH])


def note_address_refused(session: Session, mail: ClaimedMail, error: str) -> None:
    """The server takes no mail for this address, for good."""
    note_impossible(session, mail, error)
    note_undeliverable(session, mail.address, error)


def note_undeliverable(session: Session, address: str, reason: str) -> None:
    """From now on nothing but links asked for is sent to the address, until it is set free."""
    moment = now(session)
    values = {"id": new_id(moment), "created_at": moment, "address": address.casefold(), "refusals": 0}
    insert_if_absent(session, UndeliverableAddress, {**values, "refused_at": moment, "reason": ""})
    statement = update(UndeliverableAddress).where(col(UndeliverableAddress.address) == address.casefold())
    session.connection().execute(
        statement.values(refusals=UndeliverableAddress.refusals + 1, refused_at=moment, reason=reason[:_ERROR_LENGTH])
    )


def forget_old_mails(session: Session) -> int:
    """Drop mail that left long ago and dead letters nobody sent again; what notifications point to loses its words."""
    moment = now(session)
    over = or_(
        col(OutgoingMail.sent_at) < moment - KEPT_AFTER_SENDING,
        col(OutgoingMail.dropped_at) < moment - KEPT_AFTER_SENDING,
        col(OutgoingMail.failed_at) < moment - KEPT_AFTER_FAILING,
    )
    is_pointed_to = exists().where(col(Notification.mail_id) == OutgoingMail.id)
    execute = session.connection().execute
    emptied = update(OutgoingMail).where(over, is_pointed_to, col(OutgoingMail.address) != "")
    count = execute(emptied.values(address="", last_error="", **_EMPTIED)).rowcount
    return count + execute(delete(OutgoingMail).where(over, ~is_pointed_to)).rowcount


def _claim_next(session: Session, lease: timedelta) -> ClaimedMail | None:
    moment, lease_id = now(session), new_id()
    due = (
        select(OutgoingMail.id)
        .where(is_waiting(), col(OutgoingMail.due_at) <= moment, is_free(moment))
        .order_by(col(OutgoingMail.precedence), col(OutgoingMail.due_at), col(OutgoingMail.id))
        .limit(1)
        .with_for_update(skip_locked=True)
        .scalar_subquery()
    )
    statement = (
        update(OutgoingMail)
        .where(col(OutgoingMail.id) == due)
        .values(lease_id=lease_id, leased_until=moment + lease, attempts=OutgoingMail.attempts + 1)
        .returning(
            col(OutgoingMail.id), col(OutgoingMail.address), col(OutgoingMail.template), col(OutgoingMail.attempts)
        )
    )
    found = session.connection().execute(statement).first()
    if found is None:
        return None
    key, address, template, attempts = found
    return ClaimedMail(key, lease_id, address, template, attempts)


def _note(session: Session, mail: ClaimedMail, **values: Any) -> None:
    """Only where the lease is still this worker's: whoever took it over since notes what becomes of it."""
    statement = update(OutgoingMail).where(col(OutgoingMail.id) == mail.id, col(OutgoingMail.lease_id) == mail.lease_id)
    session.connection().execute(statement.values(**values, **_FREE))
