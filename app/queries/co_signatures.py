"""Reads of co-signatures; who may see one is decided here, once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, or_, true
from sqlalchemy.orm import aliased, joinedload
from sqlmodel import Session, col, select

from app.domain.actors import WRITING_ROLES, Actor
from app.domain.co_signatures import CoSignatureState
from app.models.bodies import Membership, Seat
from app.models.co_signatures import CoSignature
from app.models.organisations import Organisation, OrganisationAgent
from app.models.people import Person
from app.models.recommendations import Recommendation
from app.queries.base import DEFAULT_LIMIT, Page, get_visible, page_of


def visible(actor: Actor) -> ColumnElement[bool]:
    """Co-signatures are the body's and of the organisation asked; the public never sees one."""
    if actor.is_secretariat or actor.is_auditor:
        return true()
    of_body = exists().where(
        and_(
            col(Recommendation.id) == CoSignature.recommendation_id,
            col(Recommendation.body_id).in_(actor.body_ids),
        )
    )
    asked = and_(
        col(CoSignature.organisation_id).in_(actor.acts_for),
        col(CoSignature.state) != CoSignatureState.WITHDRAWN,
    )
    return or_(of_body, asked)


def get_co_signature(session: Session, key: UUID, actor: Actor) -> CoSignature:
    """One co-signature with its organisation; NotFound where absent or hidden."""
    statement = (
        select(CoSignature)
        .options(joinedload(CoSignature.organisation))  # type: ignore[arg-type]
        .where(CoSignature.id == key, visible(actor))
    )
    return get_visible(session, statement)


def page_of_co_signatures(
    session: Session, recommendation_id: UUID, actor: Actor, *, limit: int = DEFAULT_LIMIT, after: str | None = None
) -> Page[CoSignature]:
    """The co-signatures of a recommendation the actor may see, newest first."""
    statement = select(CoSignature).where(CoSignature.recommendation_id == recommendation_id, visible(actor))
    return page_of(session, statement, CoSignature, limit=limit, after=after)


def list_co_signatures(session: Session, recommendation_id: UUID, actor: Actor) -> Sequence[CoSignature]:
    """Every co-signature of a recommendation the actor may see, by organisation; one statement."""
    statement = (
        select(CoSignature)
        .join(Organisation, col(CoSignature.organisation_id) == Organisation.id)
        .options(joinedload(CoSignature.organisation))  # type: ignore[arg-type]
        .where(CoSignature.recommendation_id == recommendation_id, visible(actor))
        .order_by(col(Organisation.sort_key), col(CoSignature.created_at))
    )
    return session.exec(statement).unique().all()


def persons_acting_for(session: Session, organisation_id: UUID) -> Sequence[Person]:
    """The active persons who may answer in an organisation's name, each once."""
    own = aliased(Organisation)
    answering = select(Organisation.id).where(
        or_(
            col(Organisation.answers_for_id) == organisation_id,
            exists().where(and_(col(own.id) == organisation_id, col(own.answers_for_id) == Organisation.id)),
        )
    )
    sits = exists().where(
        col(Membership.person_id) == Person.id,
        col(Membership.ended_on).is_(None),
        col(Membership.role).in_(WRITING_ROLES),
        col(Seat.id) == Membership.seat_id,
    )
    for_it = and_(
        or_(col(Person.organisation_id) == organisation_id, sits.where(col(Seat.organisation_id) == organisation_id)),
        _may_act(organisation_id),
    )
    through_another = or_(
        and_(col(Person.organisation_id).in_(answering), _may_act(Person.organisation_id)),
        sits.where(col(Seat.organisation_id).in_(answering), _may_act(Seat.organisation_id)),
    )
    statement = (
        select(Person)
        .where(
            or_(for_it, through_another),
            col(Person.joined_at).is_not(None),
            col(Person.ended_at).is_(None),
            col(Person.redacted_at).is_(None),
            col(Person.email).is_not(None),
        )
        .order_by(col(Person.id))
    )
    return session.exec(statement).all()


def _may_act(organisation_id: Any) -> ColumnElement[bool]:
    """The organisation is not kept to named persons, or the person is one of them."""
    of_it = col(OrganisationAgent.organisation_id) == organisation_id
    return or_(~exists().where(of_it), exists().where(and_(of_it, col(OrganisationAgent.person_id) == Person.id)))
