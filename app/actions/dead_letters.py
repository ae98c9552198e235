"""What is done about mail that could not be handed over: send it again, set it aside, set an address free."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import structlog
from sqlalchemy import ColumnElement, delete, update
from sqlmodel import Session, col, select

from app.actions.permissions import require
from app.clock import now
from app.domain.actors import Actor
from app.domain.permissions import Permission
from app.errors import Conflict
from app.i18n import _
from app.models.outbox import OutgoingMail, UndeliverableAddress
from app.models.people import Person
from app.queries.base import get_for_update
from app.queries.outbox import can_be_sent_again, is_dead

log = structlog.get_logger("dialogforum.outbox")


def send_again(session: Session, key: UUID, *, actor: Actor) -> None:
    """Let a dead letter start anew, with all its attempts; its address is tried again as well."""
    require(Permission.MAIL_MANAGE, None, actor)
    mail = get_for_update(session, OutgoingMail, key, is_dead())
    if mail.sent_at is not None:
        raise Conflict(_("Diese E-Mail kam zurück, nachdem sie verschickt war. Ihr Inhalt ist nicht mehr gespeichert."))
    _set_free(session, col(UndeliverableAddress.address) == mail.address.casefold())
    _start_anew(session, col(OutgoingMail.id) == key)
    log.info("a mail is sent again", mail=str(key), person=str(actor.person_id))


def send_all_again(session: Session, *, actor: Actor) -> int:
    """Let every dead letter start anew that can; how many. Addresses that take no mail stay as they are."""
    require(Permission.MAIL_MANAGE, None, actor)
    blocked = select(UndeliverableAddress.address)
    count = _start_anew(session, can_be_sent_again(), col(OutgoingMail.address).not_in(blocked))
    log.info("all mails are sent again", count=count, person=str(actor.person_id))
    return count


def set_aside(session: Session, key: UUID, *, actor: Actor) -> None:
    """Give a dead letter up for good: what filled it is forgotten."""
    require(Permission.MAIL_MANAGE, None, actor)
    mail = get_for_update(session, OutgoingMail, key, is_dead())
    mail.dropped_at, mail.data = now(session), {}
    log.info("a mail is set aside", mail=str(key), person=str(actor.person_id))


def set_address_free(session: Session, key: UUID, *, actor: Actor) -> None:
    """Let mail go to an address again that took none."""
    require(Permission.MAIL_MANAGE, None, actor)
    session.delete(get_for_update(session, UndeliverableAddress, key))
    log.info("an address is set free", person=str(actor.person_id))


def set_all_addresses_free(session: Session, *, actor: Actor) -> int:
    """The same for every address: their server refused them all by mistake; how many."""
    require(Permission.MAIL_MANAGE, None, actor)
    count = _set_free(session)
    log.info("all addresses are set free", count=count, person=str(actor.person_id))
    return count


def set_own_address_free(session: Session, *, actor: Actor) -> None:
    """The person says that the address is right: mail goes there again."""
    person = session.get_one(Person, actor.person_id)
    _set_free(session, col(UndeliverableAddress.address) == (person.email or "").casefold())


def _start_anew(session: Session, *which: ColumnElement[bool]) -> int:
    fresh: dict[str, Any] = {"failed_at": None, "attempts": 0, "due_at": now(session), "last_error": ""}
    return session.connection().execute(update(OutgoingMail).where(*which).values(fresh)).rowcount


def _set_free(session: Session, *which: ColumnElement[bool]) -> int:
    return session.connection().execute(delete(UndeliverableAddress).where(*which)).rowcount
