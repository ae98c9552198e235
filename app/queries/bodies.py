"""Reads of bodies, seats and memberships."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import ColumnElement, or_, true
from sqlalchemy.orm import joinedload
from sqlmodel import Session, col, select

from app.domain.actors import Actor
from app.domain.bodies import BodyState
from app.errors import NotFound
from app.models.bodies import Body


def visible(actor: Actor) -> ColumnElement[bool]:
    """Bodies at work are known to everybody; planned ones to those who plan or sit in them."""
    if actor.is_secretariat or actor.is_auditor:
        return true()
    return or_(col(Body.state) != BodyState.PLANNED, col(Body.id).in_(actor.body_ids))


def get_body(session: Session, key: UUID | str, actor: Actor) -> Body:
    """One body by id or slug with its field of action; NotFound where absent or hidden."""
    condition = Body.id == key if isinstance(key, UUID) else Body.slug == key
    statement = select(Body).options(joinedload(Body.field_of_action)).where(condition, visible(actor))  # type: ignore[arg-type]
    found = session.exec(statement).one_or_none()
    if found is None:
        raise NotFound()
    return found


def find_body(session: Session, key: UUID, actor: Actor) -> Body | None:
    """One body, or None where absent or hidden."""
    return session.exec(select(Body).where(Body.id == key, visible(actor))).one_or_none()


def reads_inside(actor: Actor, body: Body) -> bool:
    """True for those who read what a body keeps to itself."""
    return actor.is_secretariat or actor.is_auditor or body.id in actor.body_ids
