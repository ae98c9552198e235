"""Reads of editions and of what stands in them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import joinedload
from sqlmodel import Session, col, select

from app.domain.actors import Actor
from app.domain.editions import EditionState
from app.domain.recommendations import BEFORE_ADOPTION, FROZEN_STATES, RecommendationState
from app.errors import NotFound
from app.models.programmes import Edition
from app.models.recommendations import Recommendation
from app.queries import recommendations
from app.queries.base import DEFAULT_LIMIT, Page, page_of
from app.queries.finding import containing

STANDING_STATES = frozenset({RecommendationState.STEERING_DECISION, *FROZEN_STATES})
"""A recommendation in these stays in its edition when that is frozen."""

LEAVING_STATES = frozenset({*BEFORE_ADOPTION, RecommendationState.DORMANT}) - STANDING_STATES
"""One in these moves on to the next edition."""

_MOST = 1_000

MOVABLE_STATES = frozenset({*BEFORE_ADOPTION, RecommendationState.DORMANT})


@dataclass(frozen=True, slots=True)
class Place:
    """A recommendation in its edition, with its number in the chapter where the order is fixed."""

    recommendation: Recommendation
    number: str | None = None


def list_editions(
    session: Session,
    *,
    programme_id: UUID | None = None,
    state: EditionState | None = None,
    code: str | None = None,
    q: str | None = None,
    limit: int = DEFAULT_LIMIT,
    after: str | None = None,
) -> Page[Edition]:
    """Editions, newest first."""
    statement = select(Edition).where(containing(session, Edition, Edition.title, q))
    for column, value in ((Edition.programme_id, programme_id), (Edition.state, state), (Edition.code, code)):
        if value is not None:
            statement = statement.where(column == value)
    return page_of(session, statement, Edition, limit=limit, after=after)


def editions_in_order(session: Session) -> Sequence[Edition]:
    """Every edition with its programme, newest first."""
    statement = select(Edition).options(joinedload(Edition.programme))  # type: ignore[arg-type]
    return session.exec(statement.order_by(col(Edition.created_at).desc(), col(Edition.id).desc())).all()


def get_edition(session: Session, key: UUID | str) -> Edition:
    """One edition by id or code, with its programme."""
    condition = Edition.id == key if isinstance(key, UUID) else Edition.code == key
    statement = select(Edition).options(joinedload(Edition.programme)).where(condition)  # type: ignore[arg-type]
    found = session.exec(statement).one_or_none()
    if found is None:
        raise NotFound()
    return found


def contents_of(session: Session, edition: Edition, actor: Actor) -> list[Place]:
    """What of an edition the actor may read: in its fixed order, before that by age."""
    chosen = recommendations.RecommendationFilter(edition_id=edition.id)
    found = recommendations.list_recommendations(session, actor, chosen, limit=_MOST)
    numbers = numbers_of(edition)
    order = {key: place for place, key in enumerate(numbers)}
    ranked = sorted(found.items, key=lambda each: (order.get(each.id, len(order)), each.created_at, each.id))
    return [Place(each, numbers.get(each.id)) for each in ranked]


def members_for_update(session: Session, edition: Edition) -> Sequence[Recommendation]:
    """Every recommendation of an edition, oldest first, locked until the transaction ends."""
    statement = (
        select(Recommendation)
        .where(Recommendation.edition_id == edition.id)
        .order_by(col(Recommendation.created_at), col(Recommendation.id))
        .with_for_update(of=Recommendation, key_share=True)
        .execution_options(populate_existing=True)
    )
    return session.exec(statement).all()


def numbers_of(edition: Edition) -> dict[UUID, str]:
    """The order fixed when the edition was frozen: recommendation → number in its chapter."""
    return {UUID(entry["recommendation_id"]): str(entry["number"]) for entry in edition.order}


def is_carried_on(edition: Edition) -> bool:
    """Whether a later edition can speak of this one: from its adoption on."""
    return edition.state not in {EditionState.OPEN, EditionState.FROZEN}


def shows_decision(edition: Edition, actor: Actor) -> bool:
    """By whom an edition was adopted is everybody's when it is published, before the Geschäftsstelle's."""
    if edition.state in {EditionState.PUBLISHED, EditionState.ARCHIVED}:
        return True
    return actor.is_secretariat or actor.is_auditor
