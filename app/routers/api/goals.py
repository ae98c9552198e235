"""Goals for programs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request
from pydantic import Field
from sqlmodel import Session
from starlette.responses import Response

from app.actions import goals as actions
from app.actions.moves import offers
from app.domain.actors import Actor
from app.domain.goals import GOAL, GoalFacts, GoalKind, GoalState
from app.forms.base import SearchWords
from app.forms.goals import GoalChange, GoalForm, GoalTransition
from app.models.goals import Goal
from app.queries import goals as queries
from app.routers.api.common import Listing, StatefulAnswer, answer, check_if_match, listing, transitions_of
from app.routers.deps import ApiReader, ApiWriter, ReadSession, WriteSession

router = APIRouter(prefix="/goals", tags=["goals"])


class GoalShown(StatefulAnswer):
    """A goal; `decided_on` and `decision_reference` are of the decision its wording rests on."""

    body_id: UUID
    kind: str
    title: str
    description: str
    parent_id: UUID | None
    recommendation_ids: list[UUID]
    organisation_id: UUID | None
    decided_on: date | None
    decision_reference: str | None


class GoalListing(Listing):
    """The parameters of the list of goals."""

    body_id: UUID | None = None
    field_of_action_id: UUID | None = None
    kind: GoalKind | None = None
    parent_id: UUID | None = None
    recommendation_id: UUID | None = None
    recommendation_ids: list[UUID] = Field(default=[], max_length=50)
    state: GoalState | None = None
    q: SearchWords | None = None


@router.get("", response_model=None)
def list_goals(
    request: Request, session: ReadSession, actor: ApiReader, wanted: Annotated[GoalListing, Query()]
) -> Response:
    """The goals the caller may read, newest first."""
    chosen = queries.GoalFilter(**wanted.model_dump(exclude={"limit", "after"}))
    page = queries.list_goals(session, actor, chosen, limit=wanted.limit, after=wanted.after)
    shown = {each.id: each for each in represent_many(session, page.items, actor)}
    return listing(request, page, lambda goal: shown[goal.id], actor)


@router.post("", response_model=GoalShown, status_code=201)
def propose_goal(request: Request, session: WriteSession, actor: ApiWriter, form: GoalForm) -> Response:
    """Propose a goal to a body."""
    goal, is_new = actions.propose_goal(session, form, actor=actor)
    return answer(request, _shown(session, goal.id, actor), actor, status=201 if is_new else 200)


@router.get("/{goal_id}", response_model=GoalShown)
def get_goal(request: Request, session: ReadSession, actor: ApiReader, goal_id: UUID) -> Response:
    """One goal."""
    return answer(request, _shown(session, goal_id, actor), actor)


@router.patch("/{goal_id}", response_model=GoalShown)
def change_goal(request: Request, session: WriteSession, actor: ApiWriter, goal_id: UUID, form: GoalChange) -> Response:
    """Change a proposal; of what is agreed only the recommendations it is linked with."""
    check_if_match(request, _shown(session, goal_id, actor))
    actions.change_goal(session, goal_id, form, actor=actor)
    return answer(request, _shown(session, goal_id, actor), actor)


@router.post("/{goal_id}/transitions", response_model=GoalShown)
def transition_goal(
    request: Request, session: WriteSession, actor: ApiWriter, goal_id: UUID, form: GoalTransition
) -> Response:
    """Make a move."""
    actions.transition_goal(session, goal_id, form, actor=actor)
    return answer(request, _shown(session, goal_id, actor), actor)


def represent_many(session: Session, goals: Sequence[Goal], actor: Actor) -> list[GoalShown]:
    """The goals as the caller sees them; a constant number of statements."""
    keys = [goal.id for goal in goals]
    linked = queries.recommendation_ids_of(session, keys, actor) if keys else {}
    parents = queries.readable_ids(session, [goal.parent_id for goal in goals], actor)
    facts = queries.facts_of_many(session, keys) if keys and actor.may_write else {}
    return [
        GoalShown(
            id=goal.id,
            created_at=goal.created_at,
            state=goal.state.value,
            transitions=transitions_of("goal", offers(goal, GOAL, actor, facts.get(goal.id, GoalFacts()))),
            url=f"/ziele/{goal.id}",
            body_id=goal.body_id,
            kind=goal.kind.value,
            title=goal.title,
            description=goal.description,
            parent_id=goal.parent_id if goal.parent_id in parents else None,
            recommendation_ids=linked.get(goal.id, []),
            organisation_id=goal.organisation_id,
            decided_on=goal.decided_on,
            decision_reference=goal.decision_reference,
        )
        for goal in goals
    ]


def _shown(session: Session, goal_id: UUID, actor: Actor) -> GoalShown:
    session.flush()
    return represent_many(session, [queries.get_goal(session, goal_id, actor)], actor)[0]
