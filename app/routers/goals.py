"""Pages of goals: a body's list, one goal with what serves it, proposing and changing one, its moves."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from sqlmodel import Session
from starlette.responses import Response

from app.actions import goals as actions
from app.actions.moves import offers
from app.actions.permissions import may, require
from app.documents.charts.timeline import timeline, timeline_csv
from app.domain.events import SubjectType
from app.domain.follows import FollowTarget
from app.domain.goals import GOAL, GoalFacts, GoalKind, GoalState
from app.domain.permissions import Permission
from app.errors import ApplicationError
from app.forms.goals import GoalChange, GoalForm, GoalTransition
from app.i18n import _
from app.models.base import new_id
from app.models.bodies import Body
from app.models.goals import Goal
from app.queries import bodies, choices, measures, monitoring
from app.queries import goals as queries
from app.queries.events import history_of
from app.queries.following import following_of
from app.queries.indicators import scope_of_owner
from app.routers.deps import (
    Member,
    Reader,
    ReadSession,
    Submitted,
    SubmittedForm,
    Visitor,
    Writer,
    WriteSession,
    attempt,
)
from app.routers.follow_offers import list_offer, lists_to_follow
from app.routers.monitoring import charts_of
from app.routers.offers import shown_offers
from app.routers.opened_forms import refuse_overtaken
from app.routers.pages import csv_file, field_errors, render, see_other
from app.wording import options

router = APIRouter()
_NOTICES = {
    "agree": _("Das Ziel ist vereinbart."),
    "revise": _("Das Ziel gilt nun in der neuen Fassung."),
    "drop": _("Das Ziel ist aufgegeben; die Begründung steht im Verlauf."),
}


@router.get("/gremien/{slug}/ziele")
def list_goals(request: Request, session: ReadSession, visitor: Reader, slug: str) -> Response:
    """The goals of a body, the operative ones under their strategic ones."""
    body = bodies.get_body(session, slug, visitor.actor)
    found = queries.all_goals(session, visitor.actor, queries.GoalFilter(body_id=body.id))
    return render(
        request,
        "goals/list.html",
        body=body,
        goals=found,
        may_propose=may(Permission.GOAL_PROPOSE, body, visitor.actor),
        list_offer=list_offer(request, session, visitor.actor, lists_to_follow(SubjectType.GOAL, body_id=body.id)),
        example=body.is_example,
    )


@router.get("/gremien/{slug}/ziele/neu")
def new_goal(request: Request, session: ReadSession, visitor: Member, slug: str) -> Response:
    """The form for a new goal."""
    return _new(request, session, visitor, slug, {"id": str(new_id()), "kind": GoalKind.OPERATIVE.value})


@router.post("/gremien/{slug}/ziele/neu")
def propose_goal(
    request: Request, session: WriteSession, visitor: Writer, submitted: SubmittedForm, slug: str
) -> Response:
    """Propose a goal."""
    body = bodies.get_body(session, slug, visitor.actor)
    with attempt(session) as outcome:
        form = submitted.parse(GoalForm, lists=("recommendation_ids",), body_id=body.id)
        goal, _is_new = actions.propose_goal(session, form, actor=visitor.actor)
        return see_other(request, f"/ziele/{goal.id}", _("Das Ziel ist vorgeschlagen. Die Leitung ist benachrichtigt."))
    return _new(request, session, visitor, slug, _values(submitted), outcome.error)


@router.get("/ziele/{goal_id}")
def show_goal(request: Request, session: ReadSession, visitor: Reader, goal_id: UUID) -> Response:
    """One goal: the decision, its indicators, what serves it."""
    return _show(request, session, visitor, goal_id)


@router.get("/ziele/{goal_id}/zeitplan.csv")
def goal_timeline_csv(request: Request, session: ReadSession, visitor: Reader, goal_id: UUID) -> Response:
    """The measures that serve a goal, with their milestones, as a table."""
    goal = queries.get_goal(session, goal_id, visitor.actor)
    found = measures.all_measures(session, visitor.actor, measures.MeasureFilter(goal_id=goal.id))
    stones = measures.milestones_of(session, [each.measure.id for each in found])
    return csv_file(request, "zeitplan.csv", timeline_csv(found, stones))


@router.post("/ziele/{goal_id}/transitions")
def transition_goal(
    request: Request, session: WriteSession, visitor: Writer, submitted: SubmittedForm, goal_id: UUID
) -> Response:
    """Make a move; a refused one opens again with its reason."""
    queries.get_goal(session, goal_id, visitor.actor)
    with attempt(session) as outcome:
        form = submitted.parse(GoalTransition)
        actions.transition_goal(session, goal_id, form, actor=visitor.actor)
        return see_other(request, f"/ziele/{goal_id}", _NOTICES[form.transition])
    return _show(request, session, visitor, goal_id, submitted.values, outcome.error)


@router.get("/ziele/{goal_id}/bearbeiten")
def edit_goal(request: Request, session: ReadSession, visitor: Member, goal_id: UUID) -> Response:
    """The form of a proposal; of what is agreed, the recommendations it is linked with."""
    return _edit(request, session, visitor, goal_id)


@router.post("/ziele/{goal_id}/bearbeiten")
def change_goal(
    request: Request, session: WriteSession, visitor: Writer, submitted: SubmittedForm, goal_id: UUID
) -> Response:
    """Save the change."""
    goal = queries.get_goal(session, goal_id, visitor.actor)
    with attempt(session) as outcome:
        refuse_overtaken(session, submitted, goal, "title", "description")
        chosen: dict[str, Any] = {"recommendation_ids": submitted.many("recommendation_ids")}
        if goal.state is GoalState.PROPOSED:
            chosen["description"] = submitted.text("description")
            if goal.kind is GoalKind.OPERATIVE:
                chosen["parent_id"] = submitted.text("parent_id") or None
        form = submitted.parse(GoalChange, **chosen)
        actions.change_goal(session, goal_id, form, actor=visitor.actor)
        return see_other(request, f"/ziele/{goal_id}", _("Die Änderung ist gespeichert."))
    return _edit(request, session, visitor, goal_id, _values(submitted), outcome.error)


def _show(
    request: Request,
    session: Session,
    visitor: Visitor,
    goal_id: UUID,
    submitted: Mapping[str, object] | None = None,
    error: ApplicationError | None = None,
) -> Response:
    actor = visitor.actor
    goal, parent, below = monitoring.goal_with_family(session, goal_id, actor)
    serving = measures.all_measures(session, actor, measures.MeasureFilter(goal_id=goal.id))
    milestones = measures.milestones_of(session, [each.measure.id for each in serving]) if serving else {}
    series = monitoring.series_of_goal(session, goal, actor)
    facts = queries.facts_of_many(session, [goal.id])[goal.id] if actor.is_signed_in else GoalFacts()
    is_inside = actor.is_secretariat or actor.is_auditor or goal.body_id in actor.body_ids
    return render(
        request,
        "goals/show.html",
        status=error.status if error else 200,
        goal=goal,
        parent=parent,
        below=below,
        recommendations=queries.recommendations_of(session, goal, actor),
        measures=serving,
        timeline=timeline("zeitplan", _("Maßnahmen zu diesem Ziel"), serving, milestones, measures.today(session)),
        series=series,
        charts=charts_of(series),
        offers=shown_offers("goal", offers(goal, GOAL, actor, facts)),
        may_edit=goal.state is not GoalState.DROPPED and may(actions.edit_permission(goal), goal, actor),
        may_define=goal.state is not GoalState.DROPPED
        and may(Permission.INDICATOR_MANAGE, scope_of_owner(goal, None), actor),
        history=history_of(session, [goal.id], actor) if is_inside else [],
        following=following_of(session, actor, FollowTarget.GOAL, goal.id, body_id=goal.body_id),
        submitted=submitted,
        errors=field_errors(error),
        example=goal.is_example,
    )


def _new(
    request: Request,
    session: Session,
    visitor: Visitor,
    slug: str,
    values: Mapping[str, object],
    error: ApplicationError | None = None,
) -> Response:
    body = bodies.get_body(session, slug, visitor.actor)
    require(Permission.GOAL_PROPOSE, body, visitor.actor)
    return _form(request, session, visitor, body, None, values, error)


def _edit(
    request: Request,
    session: Session,
    visitor: Visitor,
    goal_id: UUID,
    values: Mapping[str, object] | None = None,
    error: ApplicationError | None = None,
) -> Response:
    goal = queries.get_goal(session, goal_id, visitor.actor)
    require(actions.edit_permission(goal), goal, visitor.actor)
    linked = queries.recommendation_ids_of(session, [goal.id], visitor.actor).get(goal.id, [])
    standing = {
        "title": goal.title,
        "description": goal.description,
        "kind": goal.kind.value,
        "parent_id": goal.parent_id or "",
        "recommendation_ids": [str(key) for key in linked],
    }
    body = bodies.get_body(session, goal.body_id, visitor.actor)
    return _form(request, session, visitor, body, goal, {**standing, **(values or {})}, error)


def _form(
    request: Request,
    session: Session,
    visitor: Visitor,
    body: Body,
    goal: Goal | None,
    values: Mapping[str, object],
    error: ApplicationError | None,
) -> Response:
    strategic = queries.strategic_to_choose(session, body.id, visitor.actor, but=goal.id if goal else None)
    return render(
        request,
        "goals/form.html",
        status=error.status if error else 200,
        body=body,
        goal=goal,
        values=values,
        kind_options=options(list(GoalKind)),
        parent_options=[(each.id, each.title) for each in strategic],
        recommendation_options=choices.recommendations_to_choose(session, body.id, visitor.actor),
        seats=choices.seats_to_choose(session, visitor.actor, body.id) if goal is None else [],
        errors=field_errors(error),
        example=body.is_example,
    )


def _values(submitted: Submitted) -> dict[str, object]:
    return {**submitted.values, "recommendation_ids": submitted.many("recommendation_ids")}
