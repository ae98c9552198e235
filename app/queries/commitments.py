"""Reads of commitments; public with their recommendation."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, bindparam, true
from sqlalchemy.orm import aliased, joinedload
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from app.domain.actors import Actor
from app.domain.commitments import CommitmentState
from app.domain.recommendations import PUBLIC_STATES
from app.models.commitments import Commitment
from app.models.recommendations import Recommendation
from app.queries.base import DEFAULT_LIMIT, Page, get_visible, page_of
from app.queries.built import built_once, keys_of


@dataclass(frozen=True, slots=True, kw_only=True)
class CommitmentFilter:
    """What a list of commitments is narrowed to; None leaves a field open."""

    recommendation_id: UUID | None = None
    organisation_id: UUID | None = None
    state: CommitmentState | None = None


def visible(actor: Actor) -> ColumnElement[bool]:
    """The commitments an actor may read: those to published recommendations are everybody's."""
    if actor.is_secretariat or actor.is_auditor:
        return true()
    recommendation = aliased(Recommendation)
    published = select(recommendation.id).where(col(recommendation.state).in_(PUBLIC_STATES))
    return col(Commitment.recommendation_id).in_(published)


def list_commitments(
    session: Session, actor: Actor, chosen: CommitmentFilter, *, limit: int = DEFAULT_LIMIT, after: str | None = None
) -> Page[Commitment]:
    """Commitments the actor may read, newest first."""
    conditions = [
        getattr(Commitment, name) == value
        for name in ("recommendation_id", "organisation_id", "state")
        if (value := getattr(chosen, name)) is not None
    ]
    return page_of(session, select(Commitment).where(visible(actor), *conditions), Commitment, limit=limit, after=after)


def commitments_to(session: Session, recommendation: Recommendation, actor: Actor) -> Sequence[Commitment]:
    """Every commitment to a recommendation with its organisation, oldest first. One statement."""
    asked = {"recommendation_id": recommendation.id, **keys_of(actor)}
    found: Sequence[Commitment] = session.exec(_to_one(actor), params=asked).all()
    return found


def commitments_to_many(session: Session, keys: Collection[UUID], actor: Actor) -> dict[UUID, list[Commitment]]:
    """By recommendation: every commitment with its organisation, oldest first. One statement."""
    statement = _with_names(select(Commitment).where(col(Commitment.recommendation_id).in_(keys), visible(actor)))
    found: dict[UUID, list[Commitment]] = {}
    for each in session.exec(statement.order_by(col(Commitment.created_at), col(Commitment.id))).all():
        found.setdefault(each.recommendation_id, []).append(each)
    return found


def commitments_of(session: Session, actor: Actor) -> Sequence[Commitment]:
    """What the actor's organisations promised, those that stand and are due next first. One statement."""
    own = select(Commitment).where(col(Commitment.organisation_id).in_(actor.acts_for), visible(actor))
    found = session.exec(_with_names(own)).all()
    return sorted(
        found, key=lambda each: (each.state is not CommitmentState.STANDING, each.due_on or date.max, each.created_at)
    )


def get_commitment(session: Session, key: UUID, actor: Actor) -> Commitment:
    """One commitment with organisation and recommendation; NotFound where absent or hidden."""
    return get_visible(session, _with_names(select(Commitment).where(Commitment.id == key, visible(actor))))


@built_once
def _to_one(actor: Actor) -> SelectOfScalar[Commitment]:
    recommendation_id: Any = bindparam("recommendation_id")
    return _with_names(
        select(Commitment)
        .where(Commitment.recommendation_id == recommendation_id, visible(actor))
        .order_by(col(Commitment.created_at), col(Commitment.id))
    )


def _with_names(statement: SelectOfScalar[Commitment]) -> SelectOfScalar[Commitment]:
    return statement.options(
        joinedload(Commitment.organisation),  # type: ignore[arg-type]
        joinedload(Commitment.recommendation),  # type: ignore[arg-type]
    )
