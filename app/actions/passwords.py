"""One-time links and the passwords they set; hashing is done before a transaction opens, never here."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import update
from sqlmodel import Session, col

from app.actions.attempts import forgive_attempts, note_attempt
from app.actions.mail import send_mail
from app.actions.one_time_links import NewLink, make_link
from app.actions.record import record
from app.actions.sign_ins import open_session, revoke_sign_ins
from app.clock import now
from app.domain.accounts import LINK_SPANS, AttemptKind, limits_of
from app.domain.actors import Actor
from app.domain.events import EventType
from app.errors import Conflict
from app.i18n import _
from app.models.accounts import LinkPurpose, OneTimeLink
from app.models.people import Person
from app.queries.accounts import find_link, find_person_by_email, is_open
from app.queries.base import get_for_update


def issue_link(session: Session, person: Person, purpose: LinkPurpose) -> NewLink:
    """A new one-time link; earlier ones of its kind are worth nothing from now on."""
    _void_links(session, person, purpose)
    expires_at = now(session) + LINK_SPANS[purpose.value]
    return make_link(session, purpose, expires_at=expires_at, person_id=person.id)


def ask_for_new_password(session: Session, email: str, address: str, *, shows_examples: bool) -> int | None:
    """Send a link where there is an account; the caller answers the same in either case.

    Returns the seconds to wait only where the asking address asked too often.
    """
    account, here = limits_of(AttemptKind.MAIL, email, address)
    retry_after = note_attempt(session, AttemptKind.MAIL, [here])
    if retry_after is not None:
        return retry_after
    if note_attempt(session, AttemptKind.MAIL, [account]) is not None:
        return None
    person = find_person_by_email(session, email)
    if person is None or not person.email or (person.is_example and not shows_examples):
        return None
    data = {"path": issue_link(session, person, LinkPurpose.PASSWORD).path}
    send_mail(session, address=person.email, template="password_forgotten", data=data, person_id=person.id)
    return None


def use_link(
    session: Session, secret: str, purpose: LinkPurpose, password_hash: str, *, address: str, agent: str
) -> str | None:
    """Set the password a one-time link allows, and sign in; the session's secret, None for a link without worth."""
    found = find_link(session, secret, purpose)
    if found is None:
        return None
    link = get_for_update(session, OneTimeLink, found[0].id)
    if not is_open(link, now(session)):
        return None
    person = get_for_update(session, Person, found[1].id)
    link.used_at = now(session)
    for other in (LinkPurpose.INVITATION, LinkPurpose.PASSWORD):
        _void_links(session, person, other)
    take_password(session, person, password_hash)
    revoke_sign_ins(session, person.id)
    keys = [limit.key for limit in limits_of(AttemptKind.SIGN_IN, person.email or "", address)[:2]]
    forgive_attempts(session, AttemptKind.SIGN_IN, keys)
    return open_session(session, person, agent=agent)


def change_password(session: Session, person: Person, sign_in_id: UUID, *, former: str, password_hash: str) -> None:
    """Set a new password for a person who knew the present one; every session but the one named ends."""
    person = get_for_update(session, Person, person.id)
    if person.password_hash != former:
        raise Conflict(_("Ihr Passwort wurde inzwischen geändert. Bitte laden Sie die Seite neu."))
    take_password(session, person, password_hash)
    revoke_sign_ins(session, person.id, but=sign_in_id)
    for purpose in (LinkPurpose.INVITATION, LinkPurpose.PASSWORD):
        _void_links(session, person, purpose)
    if person.email:
        send_mail(session, address=person.email, template="password_changed", person_id=person.id)


def take_password(session: Session, person: Person, password_hash: str) -> None:
    """Keep the hash of a person's password; with the first one the person has joined."""
    actor = Actor(person_id=person.id, organisation_id=person.organisation_id, role=person.role)
    is_first = person.password_hash is None
    person.password_hash = password_hash
    person.joined_at = person.joined_at or now(session)
    session.add(person)
    event = EventType.PERSON_JOINED if is_first else EventType.PERSON_PASSWORD_SET
    record(session, event, person, actor=actor)


def void_all_links(session: Session, person: Person) -> None:
    """No link of the person opens anything any more."""
    for purpose in LinkPurpose:
        _void_links(session, person, purpose)


def _void_links(session: Session, person: Person, purpose: LinkPurpose) -> None:
    statement = update(OneTimeLink).where(
        col(OneTimeLink.person_id) == person.id,
        col(OneTimeLink.purpose) == purpose,
        col(OneTimeLink.used_at).is_(None),
    )
    session.connection().execute(statement.values(used_at=now(session)))
