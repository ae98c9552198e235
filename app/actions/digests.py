"""Grouped mail: one for each person who has something to be told of by now. It never says what; that is asked later."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import Final
from uuid import UUID

from sqlalchemy import Update, bindparam, update
from sqlmodel import Session, col, select

from app.actions.mail import send_mail
from app.clock import now
from app.db import hold
from app.models.notifications import Notification
from app.models.outbox import OutgoingMail
from app.queries.digests import is_due_for_its_reader, is_unmailed, list_due_readers, moments_at
from app.queries.outbox import is_free, is_waiting

DIGEST: Final = "digest"
AT_ONE_TIME: Final = 1_000
"""How many persons one run serves; the rest are served by the next."""


def mail_notifications(session: Session, *, limit: int = AT_ONE_TIME) -> int:
    """Put one mail into the outbox for each person whose moment has come; how many persons.

    Deadlines don't wait for the moment, and nobody who has nothing new gets anything. Whose last mail still waits,
    because the mail server is away, is told by that one. Five statements, however many persons it is; of two runs at
    once the second waits and finds nothing left.
    """
    hold(session, DIGEST)
    moment = now(session)
    readers = list_due_readers(session, moment, limit=limit)
    if not readers:
        return 0
    waiting = _mails_not_tried_yet(session, readers, moment)
    for key, address in readers:
        if key not in waiting:
            waiting[key] = send_mail(session, address=address, template=DIGEST, person_id=key).id
    session.flush()
    asked = {
        "mail_ids": list(waiting.values()),
        "person_ids": [key for key, _address in readers],
        **moments_at(moment),
    }
    session.connection().execute(_put_into_mails(), asked)
    return len(readers)


def _mails_not_tried_yet(session: Session, readers: Sequence[tuple[UUID, str]], moment: datetime) -> dict[UUID, UUID]:
    """By person, a grouped mail that no worker has had in hand; none takes it before this transaction ends."""
    addresses = dict(readers)
    statement = (
        select(OutgoingMail.id, OutgoingMail.person_id, OutgoingMail.address)
        .where(
            col(OutgoingMail.person_id).in_(addresses),
            OutgoingMail.template == DIGEST,
            OutgoingMail.attempts == 0,
            is_waiting(),
            is_free(moment),
        )
        .with_for_update(skip_locked=True)
    )
    found = session.exec(statement).all()
    return {person: key for key, person, address in found if person and addresses[person] == address}


@cache
def _put_into_mails() -> Update:
    mine = (
        select(OutgoingMail.id)
        .where(
            col(OutgoingMail.id).in_(bindparam("mail_ids", expanding=True)),
            col(OutgoingMail.person_id) == Notification.person_id,
        )
        .correlate(Notification)
        .scalar_subquery()
    )
    return (
        update(Notification)
        .where(
            col(Notification.person_id).in_(bindparam("person_ids", expanding=True)),
            is_unmailed(),
            is_due_for_its_reader(),
        )
        .values(mail_id=mine)
    )
