"""What a discussion, evidence or support may stand on: needs, proposals, recommendations, measures."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, bindparam
from sqlalchemy.orm import joinedload
from sqlmodel import Session, col, select

from app.domain.actors import Actor
from app.domain.events import SubjectType
from app.domain.permissions import Scope
from app.errors import NotFound
from app.models.measures import Measure
from app.models.needs import Need
from app.models.proposals import Proposal
from app.models.recommendations import Recommendation
from app.queries import measures, needs, proposals, recommendations
from app.queries.base import get_for_update
from app.queries.built import built_once, keys_of
from app.queries.scopes import scope_of

Subject = Need | Proposal | Recommendation | Measure

MODELS: dict[SubjectType, type[Subject]] = {
    SubjectType.NEED: Need,
    SubjectType.PROPOSAL: Proposal,
    SubjectType.RECOMMENDATION: Recommendation,
    SubjectType.MEASURE: Measure,
}


def visible(subject_type: SubjectType, actor: Actor) -> ColumnElement[bool]:
    """Which things of this noun the actor may read."""
    nouns = {
        SubjectType.NEED: needs.visible,
        SubjectType.PROPOSAL: proposals.visible,
        SubjectType.RECOMMENDATION: recommendations.visible,
        SubjectType.MEASURE: measures.visible,
    }
    return nouns[subject_type](actor)


def get_subject(
    session: Session, subject_type: SubjectType, key: UUID, actor: Actor, *, for_update: bool = False
) -> Subject:
    """One thing of the noun, with its body unless it is locked; NotFound where absent, hidden, or no such noun."""
    if subject_type not in MODELS:
        raise NotFound()
    if subject_type is SubjectType.RECOMMENDATION and not for_update:
        return recommendations.get_recommendation(session, key, actor)
    if for_update:
        model: Any = MODELS[subject_type]
        found: Subject = get_for_update(session, model, key, visible(subject_type, actor))
        return found
    asked = {"key": key, **keys_of(actor)}
    seen: Subject | None = session.exec(_one(actor, subject_type), params=asked).one_or_none()
    if seen is None:
        raise NotFound()
    return seen


@built_once
def _one(actor: Actor, subject_type: SubjectType) -> Any:
    model: Any = MODELS[subject_type]
    statement = select(model).where(model.id == bindparam("key"), visible(subject_type, actor))
    return statement if subject_type is SubjectType.MEASURE else statement.options(joinedload(model.body))


def body_of(session: Session, subject: Subject) -> UUID | None:
    """The body a thing belongs to; a measure belongs to its recommendation's."""
    if isinstance(subject, Measure):
        statement = select(Recommendation.body_id).where(col(Recommendation.id) == subject.recommendation_id)
        return session.exec(statement).one()
    return subject.body_id


def discussion_scope(session: Session, subject: Subject) -> Scope:
    """What of a thing decides who may discuss it and add evidence."""
    scope = scope_of(subject)
    return Scope(
        body_id=body_of(session, subject),
        author_id=scope.author_id,
        author_seat_id=scope.author_seat_id,
        owner_ids=scope.owner_ids,
    )


def url_of(subject: Subject) -> str:
    """The page of a thing."""
    match subject:
        case Need():
            return f"/bedarfe/{subject.id}"
        case Proposal():
            return f"/vorschlaege/{subject.id}"
        case Recommendation():
            return f"/empfehlungen/{subject.reference or subject.id}"
        case _:
            return f"/massnahmen/{subject.id}"
