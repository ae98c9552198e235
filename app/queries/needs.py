"""Reads of needs; who may see one is decided here, once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, bindparam, exists, or_
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from app.domain.actors import Actor
from app.domain.needs import NeedState
from app.domain.proposals import ProposalState
from app.domain.recommendations import RecommendationState
from app.models.needs import Need
from app.models.proposals import Proposal, ProposalNeed
from app.models.recommendations import Recommendation, RecommendationNeed
from app.queries import contributions, proposals, recommendations
from app.queries.base import DEFAULT_LIMIT, Page, get_visible
from app.queries.built import built_once, keys_of
from app.queries.contributions import NEEDS, ContributionFilter, Order

NeedFilter = ContributionFilter
_NOT_AT_WORK = (RecommendationState.REJECTED, RecommendationState.DISCONTINUED)


def visible(actor: Actor) -> ColumnElement[bool]:
    """The needs an actor may read (process.md, section 2): drafts are their author's and seat's alone."""
    return contributions.visible(NEEDS, actor)


def list_needs(
    session: Session,
    actor: Actor,
    chosen: NeedFilter,
    *,
    order: Order = Order.NEWEST,
    limit: int = DEFAULT_LIMIT,
    after: str | None = None,
) -> Page[Need]:
    """Needs the actor may read."""
    return contributions.list_page(session, NEEDS, actor, chosen, order, limit=limit, after=after)


def count_needs(session: Session, actor: Actor, chosen: NeedFilter) -> int:
    """How many needs the filter finds for the actor."""
    return contributions.count(session, NEEDS, actor, chosen)


def get_need(session: Session, key: UUID, actor: Actor) -> Need:
    """One need with its body and organisation; NotFound where absent or hidden."""
    need: Need = get_visible(session, contributions.one(actor, NEEDS, True), {"key": key, **keys_of(actor)})
    return need


def find_need(session: Session, key: UUID, actor: Actor) -> Need | None:
    """One need, or None where absent or hidden."""
    statement: SelectOfScalar[Need] = contributions.one(actor, NEEDS, False)
    return session.exec(statement, params={"key": key, **keys_of(actor)}).one_or_none()


def in_progress(session: Session, needs: Sequence[Need], actor: Actor) -> set[UUID]:
    """Which of the needs are "In Bearbeitung": accepted, with a proposal or draft the actor sees linked to them."""
    accepted = [need.id for need in needs if need.state is NeedState.ACCEPTED]
    if not accepted:
        return set()
    return set(session.exec(_in_progress(actor), params={"accepted": accepted, **keys_of(actor)}).all())


@built_once
def _in_progress(actor: Actor) -> SelectOfScalar[UUID]:
    in_proposal = exists().where(
        and_(
            col(ProposalNeed.need_id) == Need.id,
            col(ProposalNeed.proposal_id) == Proposal.id,
            col(Proposal.state).not_in([ProposalState.DRAFT, ProposalState.WITHDRAWN]),
            proposals.visible(actor),
        )
    )
    in_recommendation = exists().where(
        and_(
            col(RecommendationNeed.need_id) == Need.id,
            col(RecommendationNeed.recommendation_id) == Recommendation.id,
            col(Recommendation.state).not_in(_NOT_AT_WORK),
            recommendations.visible(actor),
        )
    )
    accepted: Any = bindparam("accepted", expanding=True)
    return select(Need.id).where(col(Need.id).in_(accepted), or_(in_proposal, in_recommendation))


def list_linked(session: Session, recommendation_id: UUID, *, for_update: bool = True) -> list[Need]:
    """The needs a recommendation answers, merged ones as the need they went into; each once, by age.

    For the system's own steps: it asks nobody's permission. Locked unless said otherwise.
    """
    linked = (
        select(col(RecommendationNeed.need_id).label("id"))
        .where(RecommendationNeed.recommendation_id == recommendation_id)
        .cte("linked", recursive=True)
    )
    source = aliased(Need)
    linked = linked.union(
        select(col(source.merged_into_id)).where(source.id == linked.c.id, col(source.merged_into_id).is_not(None))
    )
    statement = (
        select(Need).where(col(Need.id).in_(select(linked.c.id)), Need.state != NeedState.MERGED).order_by(col(Need.id))
    )
    if for_update:
        statement = statement.with_for_update(of=Need, key_share=True).execution_options(populate_existing=True)
    return sorted(session.exec(statement).all(), key=lambda need: (need.created_at, need.id))
