"""Reads of goals: their body's until they are agreed and serve something published; then everybody's."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, case, exists, func, or_, true
from sqlalchemy.orm import aliased, joinedload
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from app.domain.actors import Actor
from app.domain.goals import BINDING, GoalFacts, GoalKind, GoalState
from app.domain.recommendations import PUBLIC_STATES
from app.models.bodies import Body
from app.models.goals import Goal, GoalRecommendation
from app.models.measures import Measure
from app.models.recommendations import Recommendation
from app.queries import recommendations
from app.queries.base import DEFAULT_LIMIT, Page, contains, get_visible, page_of


@dataclass(frozen=True, slots=True, kw_only=True)
class GoalFilter:
    """What a list of goals is narrowed to; None leaves a field open."""

    body_id: UUID | None = None
    field_of_action_id: UUID | None = None
    kind: GoalKind | None = None
    parent_id: UUID | None = None
    recommendation_id: UUID | None = None
    recommendation_ids: Collection[UUID] = ()
    state: GoalState | None = None
    q: str | None = None


def visible(actor: Actor) -> ColumnElement[bool]:
    """The goals an actor may read."""
    if actor.is_secretariat or actor.is_auditor:
        return true()
    if not actor.is_signed_in:
        return is_public()
    own = col(Goal.author_id) == actor.person_id
    return or_(is_public(), col(Goal.body_id).in_(actor.body_ids), own)


def is_public() -> ColumnElement[bool]:
    """Once agreed, and a published recommendation or its measure serves it or, of a strategic one, what hangs on it."""
    operative = aliased(Goal)
    below = exists().where(
        and_(
            col(operative.parent_id) == Goal.id,
            col(operative.decided_on).is_not(None),
            _serves_the_published(operative),
        )
    )
    return and_(col(Goal.decided_on).is_not(None), or_(_serves_the_published(Goal), below))


def _serves_the_published(goal: Any) -> ColumnElement[bool]:
    published = aliased(Recommendation)
    public_keys = select(published.id).where(col(published.state).in_(PUBLIC_STATES))
    linked = exists().where(
        and_(col(GoalRecommendation.goal_id) == goal.id, col(GoalRecommendation.recommendation_id).in_(public_keys))
    )
    carried = exists().where(and_(col(Measure.goal_id) == goal.id, col(Measure.recommendation_id).in_(public_keys)))
    return or_(linked, carried)


def list_goals(
    session: Session, actor: Actor, chosen: GoalFilter, *, limit: int = DEFAULT_LIMIT, after: str | None = None
) -> Page[Goal]:
    """Goals the actor may read, newest first, with their body."""
    statement = with_body(select(Goal).where(visible(actor), *_conditions(chosen)))
    return page_of(session, statement, Goal, limit=limit, after=after)


def all_goals(session: Session, actor: Actor, chosen: GoalFilter) -> Sequence[Goal]:
    """Every goal the filter finds, the strategic ones first, oldest first. One statement."""
    strategic_first = case((col(Goal.kind) == GoalKind.STRATEGIC, 0), else_=1)
    statement = with_body(select(Goal).where(visible(actor), *_conditions(chosen)))
    return session.exec(statement.order_by(strategic_first, col(Goal.created_at), col(Goal.id))).all()


def get_goal(session: Session, key: UUID, actor: Actor) -> Goal:
    """One goal with its body; NotFound where absent or hidden."""
    return get_visible(session, with_body(select(Goal).where(Goal.id == key, visible(actor))))


def find_goal(session: Session, key: UUID | None, actor: Actor) -> Goal | None:
    """One goal, or None where absent or hidden."""
    if key is None:
        return None
    return session.exec(select(Goal).where(Goal.id == key, visible(actor))).one_or_none()


def readable_ids(session: Session, keys: Iterable[UUID | None], actor: Actor) -> set[UUID]:
    """Which of these goals the actor may read; no statement where none is named."""
    wanted = {key for key in keys if key is not None}
    if not wanted:
        return set()
    return set(session.exec(select(Goal.id).where(col(Goal.id).in_(wanted), visible(actor))).all())


def reads_goal_of(measure: Measure, actor: Actor) -> bool:
    """Whether the goal of a measure the actor reads is one it reads, too; no statement, the goal is loaded.

    Who reads the measure without looking after the whole reads a published one, so that its goal is public once agreed.
    """
    goal = measure.goal
    if goal is None:
        return False
    is_inside = actor.is_secretariat or actor.is_auditor or goal.body_id in actor.body_ids
    return is_inside or goal.decided_on is not None or (actor.is_signed_in and goal.author_id == actor.person_id)


def recommendation_ids_of(session: Session, keys: Iterable[UUID], actor: Actor) -> dict[UUID, list[UUID]]:
    """By goal: the linked recommendations the actor may read. One statement."""
    statement = (
        select(GoalRecommendation.goal_id, GoalRecommendation.recommendation_id)
        .join(Recommendation, col(Recommendation.id) == GoalRecommendation.recommendation_id)
        .where(col(GoalRecommendation.goal_id).in_(list(keys)), recommendations.visible(actor))
        .order_by(col(Recommendation.created_at), col(Recommendation.id))
    )
    found: dict[UUID, list[UUID]] = {}
    for goal_id, recommendation_id in session.exec(statement).all():
        found.setdefault(goal_id, []).append(recommendation_id)
    return found


def recommendations_of(session: Session, goal: Goal, actor: Actor) -> list[Recommendation]:
    """The linked recommendations the actor may read, with the titles it may read."""
    readable = recommendations.visible(actor) if actor.is_signed_in else recommendations.is_published()
    statement = (
        select(Recommendation)
        .join(GoalRecommendation, col(GoalRecommendation.recommendation_id) == Recommendation.id)
        .where(GoalRecommendation.goal_id == goal.id, readable)
        .order_by(col(Recommendation.created_at), col(Recommendation.id))
    )
    found = list(session.exec(statement).all())
    if actor.is_signed_in:
        recommendations.show_as_seen(session, found, actor)
    return found


def facts_of_many(session: Session, keys: Sequence[UUID]) -> dict[UUID, GoalFacts]:
    """By goal: what its guards ask. One statement."""
    above, below = aliased(Goal), aliased(Goal)
    binding = (
        select(func.count())
        .select_from(below)
        .where(below.parent_id == Goal.id, col(below.state).in_(BINDING))
        .correlate(Goal)
        .scalar_subquery()
    )
    statement = (
        select(Goal.id, above.state, binding)
        .select_from(Goal)
        .outerjoin(above, col(above.id) == Goal.parent_id)
        .where(col(Goal.id).in_(keys))
    )
    return {
        key: GoalFacts(
            parent_is_dropped=state is GoalState.DROPPED,
            parent_is_proposed=state is GoalState.PROPOSED,
            binding_operative=count,
        )
        for key, state, count in session.exec(statement).all()
    }


def strategic_to_choose(session: Session, body_id: UUID, actor: Actor, *, but: UUID | None = None) -> Sequence[Goal]:
    """The strategic goals an operative one of the body can hang on: its own and those of the same field."""
    body = aliased(Body)
    own_field = select(body.field_of_action_id).where(body.id == body_id).scalar_subquery()
    same_field = select(Body.id).where(Body.field_of_action_id == own_field)
    statement = (
        select(Goal)
        .where(
            Goal.kind == GoalKind.STRATEGIC,
            Goal.state != GoalState.DROPPED,
            Goal.id != but if but else true(),
            col(Goal.body_id).in_(same_field),
            visible(actor),
        )
        .order_by(col(Goal.created_at), col(Goal.id))
    )
    return session.exec(statement).all()


def binding_of_recommendation(session: Session, recommendation: Recommendation, actor: Actor) -> Sequence[Goal]:
    """The goals a measure of the recommendation can serve: linked with it, or its body's, the operative ones first."""
    linked = select(GoalRecommendation.goal_id).where(GoalRecommendation.recommendation_id == recommendation.id)
    operative_first = case((col(Goal.kind) == GoalKind.OPERATIVE, 0), else_=1)
    statement = (
        select(Goal)
        .where(
            or_(col(Goal.id).in_(linked), col(Goal.body_id) == recommendation.body_id),
            col(Goal.state).in_(BINDING),
            visible(actor),
        )
        .order_by(operative_first, col(Goal.created_at), col(Goal.id))
    )
    return session.exec(statement).all()


def with_body(statement: SelectOfScalar[Goal]) -> SelectOfScalar[Goal]:
    """The goals with their body."""
    return statement.options(joinedload(Goal.body))  # type: ignore[arg-type]


def _conditions(chosen: GoalFilter) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    for name in ("body_id", "kind", "parent_id", "state"):
        value = getattr(chosen, name)
        if value is not None:
            found.append(getattr(Goal, name) == value)
    if chosen.field_of_action_id:
        in_field = select(Body.id).where(Body.field_of_action_id == chosen.field_of_action_id)
        found.append(col(Goal.body_id).in_(in_field))
    one = chosen.recommendation_id
    for keys in ([one] if one else [], chosen.recommendation_ids):
        if keys:
            serves = select(GoalRecommendation.goal_id).where(col(GoalRecommendation.recommendation_id).in_(keys))
            found.append(col(Goal.id).in_(serves))
    if chosen.q:
        found.append(contains(col(Goal.search_text), chosen.q))
    return found
