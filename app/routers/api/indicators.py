"""Indicators and their readings for programs; decimals are answered as text, so that none is rounded."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request
from sqlmodel import Session
from starlette.responses import Response

from app.actions import indicators as actions
from app.actions import readings as reading_actions
from app.domain.actors import Actor
from app.domain.indicators import IndicatorKind
from app.domain.numbers import plain
from app.forms.indicators import IndicatorChange, IndicatorForm, ReadingCorrection, ReadingForm
from app.models.indicators import Indicator, Reading
from app.queries import indicators as queries
from app.routers.api.common import Answer, Listing, answer, check_if_match, listing
from app.routers.deps import ApiReader, ApiWriter, ReadSession, WriteSession

router = APIRouter(prefix="/indicators", tags=["indicators"])


class ReadingShown(Answer):
    """One value of a period; of one period and category the highest `revision` counts."""

    indicator_id: UUID
    period: str
    first_day: date
    last_day: date
    category: str
    value: str
    source: str
    provisional: bool
    revision: int
    organisation_id: UUID | None


class IndicatorShown(Answer):
    """An indicator with its newest reading; `course` is derived for today, null for context."""

    title: str
    definition: str
    kind: str
    unit: str
    goal_id: UUID | None
    measure_id: UUID | None
    field_of_action_id: UUID | None
    direction: str | None
    source: str
    rhythm: str | None
    baseline: str | None
    baseline_on: date | None
    target: str | None
    target_on: date | None
    breakdowns: list[dict[str, Any]]
    latest: ReadingShown | None
    course: str | None
    course_rule: str | None
    next_due_on: date | None
    overdue: bool
    url: str


class IndicatorListing(Listing):
    """The parameters of the list of indicators."""

    kind: IndicatorKind | None = None
    goal_id: UUID | None = None
    measure_id: UUID | None = None
    recommendation_id: UUID | None = None
    field_of_action_id: UUID | None = None


@router.get("", response_model=None)
def list_indicators(
    request: Request, session: ReadSession, actor: ApiReader, wanted: Annotated[IndicatorListing, Query()]
) -> Response:
    """The indicators the caller may read, newest first."""
    chosen = queries.IndicatorFilter(**wanted.model_dump(exclude={"limit", "after"}))
    page = queries.list_indicators(session, actor, chosen, limit=wanted.limit, after=wanted.after)
    shown = {each.id: each for each in represent_many(session, page.items)}
    return listing(request, page, lambda indicator: shown[indicator.id], actor)


@router.post("", response_model=IndicatorShown, status_code=201)
def define_indicator(request: Request, session: WriteSession, actor: ApiWriter, form: IndicatorForm) -> Response:
    """Define an indicator of a goal or measure (output, outcome) or of a field (context)."""
    indicator, is_new = actions.define_indicator(session, form, actor=actor)
    return answer(request, _shown(session, indicator.id, actor), actor, status=201 if is_new else 200)


@router.get("/{indicator_id}", response_model=IndicatorShown)
def get_indicator(request: Request, session: ReadSession, actor: ApiReader, indicator_id: UUID) -> Response:
    """One indicator."""
    return answer(request, _shown(session, indicator_id, actor), actor)


@router.patch("/{indicator_id}", response_model=IndicatorShown)
def change_indicator(
    request: Request, session: WriteSession, actor: ApiWriter, indicator_id: UUID, form: IndicatorChange
) -> Response:
    """Change what an indicator says of itself."""
    check_if_match(request, _shown(session, indicator_id, actor))
    actions.change_indicator(session, indicator_id, form, actor=actor)
    return answer(request, _shown(session, indicator_id, actor), actor)


@router.get("/{indicator_id}/readings", response_model=None)
def list_readings(
    request: Request, session: ReadSession, actor: ApiReader, indicator_id: UUID, wanted: Annotated[Listing, Query()]
) -> Response:
    """All readings, corrected ones too, newest first; of one period and category the highest revision counts."""
    indicator = queries.get_indicator(session, indicator_id, actor)
    page = queries.list_readings(session, indicator, limit=wanted.limit, after=wanted.after)
    return listing(request, page, represent_reading, actor)


@router.post("/{indicator_id}/readings", response_model=ReadingShown, status_code=201)
def add_reading(
    request: Request, session: WriteSession, actor: ApiWriter, indicator_id: UUID, form: ReadingForm
) -> Response:
    """Enter a value for a period that has none."""
    reading, is_new = reading_actions.add_reading(session, indicator_id, form, actor=actor)
    return answer(request, represent_reading(reading), actor, status=201 if is_new else 200)


@router.post("/{indicator_id}/readings/{reading_id}/correction", response_model=ReadingShown, status_code=201)
def correct_reading(
    request: Request,
    session: WriteSession,
    actor: ApiWriter,
    indicator_id: UUID,
    reading_id: UUID,
    form: ReadingCorrection,
) -> Response:
    """Enter a better value beside the one that counts now; it stays in the history."""
    reading, is_new = reading_actions.correct_reading(session, indicator_id, reading_id, form, actor=actor)
    return answer(request, represent_reading(reading), actor, status=201 if is_new else 200)


def represent_many(session: Session, indicators: Sequence[Indicator]) -> list[IndicatorShown]:
    """The indicators with their newest readings; one statement."""
    return [represent(series) for series in queries.series_of(session, indicators)]


def represent(series: queries.Series) -> IndicatorShown:
    """The indicator as its readers see it."""
    indicator, judgement = series.indicator, series.judgement
    return IndicatorShown(
        id=indicator.id,
        created_at=indicator.created_at,
        title=indicator.title,
        definition=indicator.definition,
        kind=indicator.kind.value,
        unit=indicator.unit,
        goal_id=indicator.goal_id,
        measure_id=indicator.measure_id,
        field_of_action_id=indicator.field_of_action_id,
        direction=indicator.direction.value if indicator.direction else None,
        source=indicator.source,
        rhythm=indicator.rhythm.value if indicator.rhythm else None,
        baseline=_text(indicator.baseline),
        baseline_on=indicator.baseline_on,
        target=_text(indicator.target),
        target_on=indicator.target_on,
        breakdowns=indicator.breakdowns,
        latest=represent_reading(series.latest) if series.latest else None,
        course=judgement.course.value if judgement else None,
        course_rule=judgement.rule.value if judgement else None,
        next_due_on=series.due_on,
        overdue=series.is_overdue,
        url=f"/indikatoren/{indicator.id}",
    )


def represent_reading(reading: Reading) -> ReadingShown:
    """The reading as its readers see it."""
    return ReadingShown(
        id=reading.id,
        created_at=reading.created_at,
        indicator_id=reading.indicator_id,
        period=reading.period,
        first_day=reading.first_day,
        last_day=reading.last_day,
        category=reading.category,
        value=plain(reading.value),
        source=reading.source,
        provisional=reading.provisional,
        revision=reading.revision,
        organisation_id=reading.organisation_id,
    )


def _text(number: Decimal | None) -> str | None:
    return None if number is None else plain(number)


def _shown(session: Session, indicator_id: UUID, actor: Actor) -> IndicatorShown:
    session.flush()
    return represent_many(session, [queries.get_indicator(session, indicator_id, actor)])[0]
