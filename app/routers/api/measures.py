"""Measures for programs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, ConfigDict, Field
from sqlmodel import Session
from starlette.responses import Response

from app.actions import measures as actions
from app.actions.moves import offers
from app.domain.actors import Actor
from app.domain.measures import MEASURE, MeasureFacts, MeasureState
from app.forms.base import SearchWords
from app.forms.measures import MeasureChange, MeasureForm, MeasureTransition
from app.models.measures import Measure, Milestone
from app.models.organisations import Organisation
from app.queries import goals
from app.queries import measures as queries
from app.queries.overdue import Look, is_overdue, look_of
from app.routers.api.common import (
    Listing,
    StatefulAnswer,
    answer,
    check_if_match,
    listing,
    transitions_of,
)
from app.routers.deps import ApiReader, ApiWriter, ReadSession, WriteSession

router = APIRouter(prefix="/measures", tags=["measures"])


class MilestoneShown(BaseModel):
    """A day on the way of a measure, and when it was reached."""

    model_config = ConfigDict(from_attributes=True)

    title: str
    due_on: date
    reached_on: date | None


class MeasureShown(StatefulAnswer):
    """A measure; `overdue` is computed for today."""

    recommendation_id: UUID
    goal_id: UUID | None
    number: str | None
    title: str
    description: str
    budget_note: str
    organisation_id: UUID | None
    responsible_organisation_id: UUID
    contributing_organisation_ids: list[UUID]
    milestones: list[MilestoneShown]
    due_on: date | None
    report_due_on: date | None
    overdue: bool


class MeasureListing(Listing):
    """The parameters of the list of measures."""

    recommendation_id: UUID | None = None
    responsible_organisation_id: UUID | None = None
    contributing_organisation_id: UUID | None = None
    contributing_organisation_ids: list[UUID] = Field(default=[], max_length=50)
    goal_id: UUID | None = None
    field_of_action_id: UUID | None = None
    number: str | None = None
    state: MeasureState | None = None
    overdue: bool | None = None
    q: SearchWords | None = None


@router.get("", response_model=None)
def list_measures(
    request: Request, session: ReadSession, actor: ApiReader, wanted: Annotated[MeasureListing, Query()]
) -> Response:
    """The measures the caller may read, newest first."""
    chosen = queries.MeasureFilter(**wanted.model_dump(exclude={"limit", "after"}))
    page = queries.list_measures(session, actor, chosen, limit=wanted.limit, after=wanted.after)
    shown = {each.id: each for each in represent_many(session, page.items, actor)}
    return listing(request, page, lambda measure: shown[measure.id], actor)


@router.post("", response_model=MeasureShown, status_code=201)
def plan_measure(request: Request, session: WriteSession, actor: ApiWriter, form: MeasureForm) -> Response:
    """Plan a measure on a published recommendation."""
    measure, is_new = actions.plan_measure(session, form, actor=actor)
    return answer(request, _shown(session, measure.id, actor), actor, status=201 if is_new else 200)


@router.get("/{measure_id}", response_model=MeasureShown)
def get_measure(request: Request, session: ReadSession, actor: ApiReader, measure_id: UUID) -> Response:
    """One measure."""
    return answer(request, _shown(session, measure_id, actor), actor)


@router.patch("/{measure_id}", response_model=MeasureShown)
def change_measure(
    request: Request, session: WriteSession, actor: ApiWriter, measure_id: UUID, form: MeasureChange
) -> Response:
    """Change description, date or contributing organisations."""
    check_if_match(request, _shown(session, measure_id, actor))
    actions.change_measure(session, measure_id, form, actor=actor)
    return answer(request, _shown(session, measure_id, actor), actor)


@router.post("/{measure_id}/transitions", response_model=MeasureShown)
def transition_measure(
    request: Request, session: WriteSession, actor: ApiWriter, measure_id: UUID, form: MeasureTransition
) -> Response:
    """Make a move."""
    actions.transition_measure(session, measure_id, form, actor=actor)
    return answer(request, _shown(session, measure_id, actor), actor)


def represent_many(session: Session, measures: Sequence[Measure], actor: Actor) -> list[MeasureShown]:
    """The measures as the caller sees them; a constant number of statements."""
    keys = [measure.id for measure in measures]
    contributors = queries.contributors_of(session, keys) if keys else {}
    milestones = queries.milestones_of(session, keys) if keys else {}
    readable = goals.readable_ids(session, [each.goal_id for each in measures], actor)
    facts = queries.facts_of_many(session, keys, actor) if keys and actor.may_write else {}
    look = look_of(session, actor)
    return [
        _represent(
            measure,
            contributors.get(measure.id, []),
            milestones.get(measure.id, []),
            measure.goal_id if measure.goal_id in readable else None,
            facts.get(measure.id),
            actor,
            look,
        )
        for measure in measures
    ]


def _represent(
    measure: Measure,
    contributors: Sequence[Organisation],
    milestones: Sequence[Milestone],
    goal_id: UUID | None,
    facts: MeasureFacts | None,
    actor: Actor,
    look: Look,
) -> MeasureShown:
    return MeasureShown(
        id=measure.id,
        created_at=measure.created_at,
        state=measure.state.value,
        transitions=transitions_of("measure", offers(measure, MEASURE, actor, facts or MeasureFacts())),
        url=f"/massnahmen/{measure.id}",
        recommendation_id=measure.recommendation_id,
        goal_id=goal_id,
        number=measure.number,
        title=measure.title,
        description=measure.description,
        budget_note=measure.budget_note,
        organisation_id=measure.organisation_id,
        responsible_organisation_id=measure.responsible_organisation_id,
        contributing_organisation_ids=[each.id for each in contributors],
        milestones=[MilestoneShown.model_validate(each) for each in milestones],
        due_on=measure.due_on,
        report_due_on=measure.report_due_on,
        overdue=is_overdue(measure, measure.recommendation, look),
    )


def _shown(session: Session, measure_id: UUID, actor: Actor) -> MeasureShown:
    session.flush()
    return represent_many(session, [queries.get_measure(session, measure_id, actor)], actor)[0]
