"""Reads of cross-references: seen by who sees the thing that is tied."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from app.domain.actors import Actor
from app.domain.cross_references import REFERRING
from app.models.cross_references import CrossReference
from app.models.recommendations import Recommendation
from app.queries import subjects
from app.queries.base import DEFAULT_LIMIT, Page, get_visible, page_of
from app.queries.recommendations import is_published
from app.wording.cross_references import inverse_label


def visible(actor: Actor) -> ColumnElement[bool]:
    """The ties that stand, on things the actor may read."""
    on_things = (
        and_(
            col(CrossReference.on_type) == noun,
            col(CrossReference.subject_id).in_(select(subjects.MODELS[noun].id).where(subjects.visible(noun, actor))),
        )
        for noun in REFERRING
    )
    return and_(col(CrossReference.withdrawn_at).is_(None), or_(*on_things))


def list_cross_references(
    session: Session,
    actor: Actor,
    *,
    subject_id: UUID | None = None,
    counterpart_id: UUID | None = None,
    limit: int = DEFAULT_LIMIT,
    after: str | None = None,
) -> Page[CrossReference]:
    """The ties the actor may read, newest first."""
    statement = select(CrossReference).where(visible(actor))
    if subject_id is not None:
        statement = statement.where(CrossReference.subject_id == subject_id)
    if counterpart_id is not None:
        statement = statement.where(CrossReference.counterpart_id == counterpart_id)
    return page_of(session, statement, CrossReference, limit=limit, after=after)


def references_of(session: Session, subject_id: UUID, actor: Actor) -> Sequence[CrossReference]:
    """Every tie of one thing, oldest first. One statement."""
    statement = select(CrossReference).where(CrossReference.subject_id == subject_id, visible(actor))
    return session.exec(statement.order_by(col(CrossReference.created_at), col(CrossReference.id))).all()


@dataclass(frozen=True, slots=True)
class Continued:
    """A published recommendation that is tied to one of another edition, and how it reads from there."""

    tie: str
    title: str
    url: str
    item: str


def continued_from(session: Session, edition_id: UUID) -> list[Continued]:
    """What published recommendations of other editions do with those of this one. One statement."""
    there = aliased(Recommendation)
    statement = (
        select(CrossReference, Recommendation)
        .join(Recommendation, col(Recommendation.id) == CrossReference.subject_id)
        .join(there, col(there.id) == CrossReference.counterpart_id)
        .where(
            col(CrossReference.withdrawn_at).is_(None),
            is_published(),
            there.edition_id == edition_id,
            Recommendation.edition_id != edition_id,
        )
        .order_by(col(there.reference), col(Recommendation.reference), col(CrossReference.id))
    )
    return [
        Continued(inverse_label(tie.relation), found.title, f"/empfehlungen/{found.reference or found.id}", tie.item)
        for tie, found in session.exec(statement).all()
    ]


def get_cross_reference(session: Session, key: UUID, actor: Actor) -> CrossReference:
    """One tie; NotFound where absent, hidden or taken back."""
    return get_visible(session, select(CrossReference).where(CrossReference.id == key, visible(actor)))
