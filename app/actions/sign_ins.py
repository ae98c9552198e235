"""Signing in and out. Failed attempts are outcomes that are committed, never raised."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import update
from sqlmodel import Session, col, select

from app.actions.attempts import forgive_attempts, note_attempt, take_back_attempt
from app.clock import now
from app.domain.accounts import SESSION_SPAN, AttemptKind, limits_of
from app.domain.actors import Actor
from app.errors import NotFound
from app.models.accounts import SignIn
from app.models.base import new_id
from app.models.people import Person
from app.queries.accounts import find_person_by_email
from app.security import digest_of, new_secret


@dataclass(frozen=True, slots=True)
class Credentials:
    """What a password is checked against, outside of any transaction; `stored` None where nobody may sign in."""

    stored: str | None
    retry_after: int | None = None


def begin_sign_in(session: Session, email: str, address: str, *, shows_examples: bool) -> Credentials:
    """Count the attempt and hand out the hash to check; no hash where there is no account, nor an open one."""
    retry_after = note_attempt(session, AttemptKind.SIGN_IN, limits_of(AttemptKind.SIGN_IN, email, address))
    if retry_after is not None:
        return Credentials(None, retry_after)
    person = find_person_by_email(session, email)
    if person is None or (person.is_example and not shows_examples):
        return Credentials(None)
    return Credentials(person.password_hash)


def finish_sign_in(session: Session, email: str, address: str, *, stored: str, agent: str) -> str | None:
    """Open a session after the right password; its secret, or None where the account changed meanwhile."""
    person = find_person_by_email(session, email)
    if person is None or person.password_hash != stored:
        return None
    here, account, network = (limit.key for limit in limits_of(AttemptKind.SIGN_IN, email, address))
    forgive_attempts(session, AttemptKind.SIGN_IN, [here, account])
    take_back_attempt(session, AttemptKind.SIGN_IN, network)
    return open_session(session, person, agent=agent)


def open_session(session: Session, person: Person, *, agent: str) -> str:
    """A new session of a person for twelve hours; returns the secret for the cookie, which is kept nowhere."""
    secret = new_secret()
    moment = now(session)
    session.add(
        SignIn(
            id=new_id(moment),
            created_at=moment,
            person_id=person.id,
            digest=digest_of(secret),
            form_secret=new_secret(),
            expires_at=moment + SESSION_SPAN,
            agent="".join(letter for letter in agent if letter.isprintable())[:200],
        )
    )
    return secret


def sign_out(session: Session, key: UUID) -> None:
    """End one session; its cookie is refused from the next request on, by every worker."""
    _revoke(session, SignIn.id == key)


def revoke_sign_in(session: Session, key: UUID, *, actor: Actor) -> None:
    """End one of one's own sessions; NotFound for anybody else's."""
    own = select(SignIn.id).where(SignIn.id == key, SignIn.person_id == actor.person_id)
    if session.exec(own).one_or_none() is None:
        raise NotFound()
    _revoke(session, SignIn.id == key)


def revoke_sign_ins(session: Session, person_id: UUID, *, but: UUID | None = None) -> None:
    """End every session of a person, if wanted but the one in use."""
    _revoke(session, SignIn.person_id == person_id, SignIn.id != but if but else True)


def forget_replaced(session: Session, secret: str) -> None:
    """End the session whose cookie a new one replaces."""
    _revoke(session, SignIn.digest == digest_of(secret))


def _revoke(session: Session, *conditions: object) -> None:
    statement = update(SignIn).where(col(SignIn.revoked_at).is_(None), *conditions)  # type: ignore[arg-type]
    session.connection().execute(statement.values(revoked_at=now(session)))
