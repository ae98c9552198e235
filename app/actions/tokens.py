"""Personal tokens for programs: shown once, kept as a digest."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from sqlmodel import Session, select

from app.actions.creations import find_already_created
from app.actions.permissions import require_write
from app.actions.record import record
from app.clock import now
from app.domain.actors import Actor
from app.domain.events import EventType
from app.errors import NotFound
from app.forms.accounts import TokenForm
from app.models.accounts import ApiToken
from app.models.base import new_id
from app.models.people import Person
from app.queries.base import get_for_update
from app.security import digest_of, new_secret


def make_token(session: Session, person_id: UUID, form: TokenForm, *, actor: Actor) -> tuple[ApiToken, str | None]:
    """Make a token; the second value is its secret, None where this very form made it before."""
    earlier = find_already_created(session, ApiToken, form, actor=actor)
    if earlier:
        return earlier, None
    person = get_for_update(session, Person, person_id)
    secret = f"df_{new_secret()}"
    moment = now(session)
    token = ApiToken(
        id=form.id or new_id(moment),
        created_at=moment,
        person_id=person.id,
        name=form.name,
        digest=digest_of(secret),
        may_write=form.may_write,
        expires_at=moment + timedelta(days=form.days),
    )
    session.add(token)
    data = {"token_id": str(token.id), "may_write": form.may_write}
    record(session, EventType.PERSON_TOKEN_MADE, person, actor=actor, data=data)
    return token, secret


def revoke_token(session: Session, key: UUID, *, actor: Actor) -> ApiToken:
    """Revoke one of one's own tokens; NotFound for anybody else's. Revoked twice changes nothing."""
    require_write(actor)
    token = session.exec(
        select(ApiToken).where(ApiToken.id == key, ApiToken.person_id == actor.person_id)
    ).one_or_none()
    if token is None:
        raise NotFound()
    if token.revoked_at is None:
        token.revoked_at = now(session)
        session.add(token)
        person = get_for_update(session, Person, token.person_id)
        record(session, EventType.PERSON_TOKEN_REVOKED, person, actor=actor, data={"token_id": str(token.id)})
    return token


def revoke_tokens(session: Session, person_id: UUID) -> None:
    """Revoke every token of a person whose access ends."""
    for token in session.exec(select(ApiToken).where(ApiToken.person_id == person_id)).all():
        token.revoked_at = token.revoked_at or now(session)
        session.add(token)
