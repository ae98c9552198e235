"""Pages of one indicator: what it says of itself, its readings and their picture, defining and changing it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from sqlmodel import Session
from starlette.responses import Response

from app.actions import indicators as actions
from app.actions.permissions import may, require
from app.documents.charts.breakdowns import breakdown_charts
from app.documents.charts.series import series_chart, series_csv
from app.domain.follows import FollowTarget
from app.domain.goals import GoalState
from app.domain.indicators import COURSE_BY_RULE, Direction, IndicatorKind, Rhythm
from app.domain.numbers import DecimalMark
from app.domain.permissions import Permission
from app.errors import ApplicationError, FieldError, Invalid
from app.forms.indicators import IndicatorChange, IndicatorForm
from app.i18n import _
from app.models.base import new_id
from app.models.goals import Goal
from app.models.indicators import Indicator
from app.models.measures import Measure
from app.models.programmes import FieldOfAction
from app.queries import goals, measures, structure
from app.queries import indicators as queries
from app.queries.events import history_of
from app.queries.following import following_of
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
from app.routers.opened_forms import refuse_overtaken
from app.routers.pages import csv_file, field_errors, render, see_other
from app.wording import options
from app.wording.numbers import german

router = APIRouter()
Owner = Goal | Measure | FieldOfAction
_TEXTS = ("definition", "source")
_OPTIONAL = ("direction", "rhythm", "baseline", "baseline_on", "target", "target_on")


@router.get("/indikatoren/{indicator_id}")
def show_indicator(request: Request, session: ReadSession, visitor: Reader, indicator_id: UUID) -> Response:
    """One indicator with its picture and its readings."""
    return show(request, session, visitor, indicator_id)


@router.get("/indikatoren/{indicator_id}/werte.csv")
def readings_csv(request: Request, session: ReadSession, visitor: Reader, indicator_id: UUID) -> Response:
    """What the picture shows as a table."""
    indicator = queries.get_indicator(session, indicator_id, visitor.actor)
    return csv_file(request, "werte.csv", series_csv(queries.series_of(session, [indicator])[0]))


@router.get("/ziele/{goal_id}/indikatoren/neu")
def new_of_goal(request: Request, session: ReadSession, visitor: Member, goal_id: UUID) -> Response:
    """The form for an indicator of a goal."""
    return _new(request, visitor, goals.get_goal(session, goal_id, visitor.actor), _fresh())


@router.post("/ziele/{goal_id}/indikatoren/neu")
def define_of_goal(
    request: Request, session: WriteSession, visitor: Writer, submitted: SubmittedForm, goal_id: UUID
) -> Response:
    """Define an indicator of a goal."""
    return _define(request, session, visitor, submitted, goals.get_goal(session, goal_id, visitor.actor))


@router.get("/massnahmen/{measure_id}/indikatoren/neu")
def new_of_measure(request: Request, session: ReadSession, visitor: Member, measure_id: UUID) -> Response:
    """The form for an indicator of a measure."""
    return _new(request, visitor, measures.get_measure(session, measure_id, visitor.actor), _fresh())


@router.post("/massnahmen/{measure_id}/indikatoren/neu")
def define_of_measure(
    request: Request, session: WriteSession, visitor: Writer, submitted: SubmittedForm, measure_id: UUID
) -> Response:
    """Define an indicator of a measure."""
    return _define(request, session, visitor, submitted, measures.get_measure(session, measure_id, visitor.actor))


@router.get("/handlungsfelder/{slug}/indikatoren/neu")
def new_of_field(request: Request, session: ReadSession, visitor: Member, slug: str) -> Response:
    """The form for a context indicator of a field."""
    return _new(request, visitor, structure.get_field(session, slug), _fresh())


@router.post("/handlungsfelder/{slug}/indikatoren/neu")
def define_of_field(
    request: Request, session: WriteSession, visitor: Writer, submitted: SubmittedForm, slug: str
) -> Response:
    """Define a context indicator of a field."""
    return _define(request, session, visitor, submitted, structure.get_field(session, slug))


@router.get("/indikatoren/{indicator_id}/bearbeiten")
def edit_indicator(request: Request, session: ReadSession, visitor: Member, indicator_id: UUID) -> Response:
    """The form for what an indicator says of itself."""
    return _edit(request, session, visitor, indicator_id)


@router.post("/indikatoren/{indicator_id}/bearbeiten")
def change_indicator(
    request: Request, session: WriteSession, visitor: Writer, submitted: SubmittedForm, indicator_id: UUID
) -> Response:
    """Save the change."""
    indicator = queries.get_indicator(session, indicator_id, visitor.actor)
    values = dict(submitted.values)
    with attempt(session) as outcome:
        refuse_overtaken(session, submitted, indicator, "title", *_TEXTS)
        texts: dict[str, Any] = {name: submitted.text(name) for name in _TEXTS}
        taken_away: dict[str, Any] = {name: None for name in _OPTIONAL if not submitted.text(name)}
        form = submitted.parse(IndicatorChange, **texts, **taken_away, breakdowns=_breakdowns(submitted))
        actions.change_indicator(session, indicator_id, form, actor=visitor.actor)
        return see_other(request, f"/indikatoren/{indicator_id}", _("Die Änderung ist gespeichert."))
    return _edit(request, session, visitor, indicator_id, values, outcome.error)


def show(
    request: Request,
    session: Session,
    visitor: Visitor,
    indicator_id: UUID,
    values: Mapping[str, object] | None = None,
    error: ApplicationError | None = None,
) -> Response:
    """The page of an indicator; with a reading that was sent and why it was refused, where it was."""
    actor = visitor.actor
    indicator = queries.get_indicator(session, indicator_id, actor)
    series = queries.series_of(session, [indicator])[0]
    is_open = indicator.goal is None or indicator.goal.state is not GoalState.DROPPED
    may_manage = is_open and may(Permission.INDICATOR_MANAGE, queries.scope_of_indicator(indicator), actor)
    is_inside = may_manage or actor.is_secretariat or actor.is_auditor
    return render(
        request,
        "indicators/show.html",
        status=error.status if error else 200,
        indicator=indicator,
        series=series,
        chart=series_chart(series),
        breakdowns=breakdown_charts(series),
        may_manage=may_manage,
        category_options=[(name, name) for name in queries.categories_of(indicator)],
        mark_options=options(list(DecimalMark)),
        rules=COURSE_BY_RULE,
        history=history_of(session, [indicator.id], actor) if is_inside else [],
        following=following_of(session, actor, FollowTarget.INDICATOR, indicator.id, body_id=_body_of(indicator)),
        values=values or {"id": str(new_id())},
        errors=field_errors(error),
        example=indicator.is_example,
    )


def _body_of(indicator: Indicator) -> UUID | None:
    """The body whose work it measures; a field's context is nobody's."""
    if indicator.goal is not None:
        return indicator.goal.body_id
    measure = indicator.measure
    return measure.recommendation.body_id if measure is not None and measure.recommendation is not None else None


def _define(request: Request, session: Session, visitor: Visitor, submitted: Submitted, owner: Owner) -> Response:
    values = dict(submitted.values)
    with attempt(session) as outcome:
        named: dict[str, Any] = {_key_of(owner): owner.id}
        if isinstance(owner, FieldOfAction):
            named["kind"] = IndicatorKind.CONTEXT
        form = submitted.parse(IndicatorForm, **named, breakdowns=_breakdowns(submitted))
        indicator, _is_new = actions.define_indicator(session, form, actor=visitor.actor)
        return see_other(request, f"/indikatoren/{indicator.id}", _("Der Indikator ist festgelegt."))
    return _new(request, visitor, owner, values, outcome.error)


def _new(
    request: Request,
    visitor: Visitor,
    owner: Owner,
    values: Mapping[str, object],
    error: ApplicationError | None = None,
) -> Response:
    goal = owner if isinstance(owner, Goal) else None
    measure = owner if isinstance(owner, Measure) else None
    require(Permission.INDICATOR_MANAGE, queries.scope_of_owner(goal, measure), visitor.actor)
    return _form(request, owner, None, values, error)


def _edit(
    request: Request,
    session: Session,
    visitor: Visitor,
    indicator_id: UUID,
    values: Mapping[str, object] | None = None,
    error: ApplicationError | None = None,
) -> Response:
    indicator = queries.get_indicator(session, indicator_id, visitor.actor)
    require(Permission.INDICATOR_MANAGE, queries.scope_of_indicator(indicator), visitor.actor)
    owner = indicator.goal or indicator.measure or indicator.field_of_action
    assert owner is not None
    return _form(request, owner, indicator, values if values is not None else _standing(indicator), error)


def _form(
    request: Request,
    owner: Owner,
    indicator: Indicator | None,
    values: Mapping[str, object],
    error: ApplicationError | None,
) -> Response:
    is_context = isinstance(owner, FieldOfAction)
    errors = field_errors(error)
    broken = next((message for field, message in errors.items() if field.startswith("breakdowns")), None)
    return render(
        request,
        "indicators/form.html",
        status=error.status if error else 200,
        owner=owner,
        owner_title=owner.name if isinstance(owner, FieldOfAction) else owner.title,
        owner_url=_url_of(owner),
        is_context=is_context,
        indicator=indicator,
        values=values,
        kind_options=options([IndicatorKind.OUTPUT, IndicatorKind.OUTCOME]),
        direction_options=options(list(Direction)),
        rhythm_options=options(list(Rhythm)),
        mark_options=options(list(DecimalMark)),
        errors={**errors, **({"breakdowns": broken} if broken else {})},
        example=bool(getattr(owner, "is_example", False)),
    )


def _fresh() -> dict[str, object]:
    return {"id": str(new_id()), "kind": IndicatorKind.OUTPUT.value}


def _standing(indicator: Indicator) -> dict[str, object]:
    values: dict[str, object] = {
        name: getattr(indicator, name) or ""
        for name in ("title", "definition", "unit", "direction", "source", "rhythm", "baseline_on", "target_on")
    }
    for name in ("baseline", "target"):
        number = getattr(indicator, name)
        values[name] = "" if number is None else german(number)
    values["decimal_mark"] = DecimalMark.COMMA.value
    values["breakdowns"] = "\n".join(
        f"{each['name']}: {', '.join(each['categories'])}" for each in indicator.breakdowns
    )
    return values


def _breakdowns(submitted: Submitted) -> list[dict[str, Any]]:
    """One breakdown a line: "Geschlecht: Frauen, Männer"."""
    found = []
    for line in filter(None, (each.strip() for each in submitted.text("breakdowns").splitlines())):
        name, mark, categories = line.partition(":")
        if not mark or not categories.strip():
            message = _("„{line}“: Schreiben Sie je Zeile ein Merkmal, zum Beispiel „Geschlecht: Frauen, Männer“.")
            raise Invalid(FieldError("breakdowns", message.format(line=line[:60])))
        names = list(filter(None, (each.strip() for each in categories.split(","))))
        found.append({"name": name.strip(), "categories": names})
    return found


def _key_of(owner: Owner) -> str:
    return {Goal: "goal_id", Measure: "measure_id", FieldOfAction: "field_of_action_id"}[type(owner)]


def _url_of(owner: Owner) -> str:
    match owner:
        case Goal():
            return f"/ziele/{owner.id}"
        case Measure():
            return f"/massnahmen/{owner.id}"
        case _:
            return "/monitoring/kontext"
