"""Reads of needs; who may see one is decided here, once."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, func, or_
from sqlalchemy.orm import aliased, joinedload
from sqlmodel import Session, col, select

from app.domain.actors import Actor
from app.domain.needs import NeedState
from app.domain.proposals import ProposalState
from app.domain.recommendations import RecommendationState
from app.models.needs import Need
from app.models.proposals import Proposal, ProposalNeed
from app.models.recommendations import Recommendation, RecommendationNeed
from app.queries import contributions, proposals, recommendations
from app.queries.base import DEFAULT_LIMIT, Page, get_visible
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
    statement = select(Need).where(visible(actor), *contributions.conditions(NEEDS, chosen))
    return contributions.ordered_page(session, statement, Need, order, limit=limit, after=after)


def count_needs(session: Session, actor: Actor, chosen: NeedFilter) -> int:
    """How many needs the filter finds for the actor."""
    statement = select(func.count()).select_from(Need)
    return session.exec(statement.where(visible(actor), *contributions.conditions(NEEDS, chosen))).one()


def get_need(session: Session, key: UUID, actor: Actor) -> Need:
    """One need with its body and organisation; NotFound where absent or hidden."""
    names = (joinedload(Need.body), joinedload(Need.organisation))  # type: ignore[arg-type]
    return get_visible(session, select(Need).options(*names).where(Need.id == key, visible(actor)))


def find_need(session: Session, key: UUID, actor: Actor) -> Need | None:
    """One need, or None where absent or hidden."""
    return session.exec(select(Need).where(Need.id == key, visible(actor))).one_or_none()


def in_progress(session: Session, needs: Sequence[Need], actor: Actor) -> set[UUID]:
    """Which of the needs are "In Bearbeitung": accepted, with a proposal or draft the actor sees linked to them."""
    accepted = [need.id for need in needs if need.state is NeedState.ACCEPTED]
    if not accepted:
        return set()
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
    statement = select(Need.id).where(col(Need.id).in_(accepted), or_(in_proposal, in_recommendation))
    return set(session.exec(statement).all())


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
