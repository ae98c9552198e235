"""Pages of one measure: what it is, planning it, changing it, and its moves."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from textwrap import shorten
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from sqlmodel import Session
from starlette.responses import Response

from app.actions import measures as actions
from app.actions.moves import offers
from app.actions.permissions import may, require
from app.documents.annex import milestones_text
from app.documents.charts.timeline import Timeline, timeline, timeline_csv
from app.domain.actors import Actor
from app.domain.deadlines import berlin_date
from app.domain.follows import FollowTarget
from app.domain.implementation import UNFINISHED, verification_due_on
from app.domain.measures import MEASURE, MeasureFacts, MeasureState
from app.domain.permissions import Permission, Scope
from app.errors import ApplicationError
from app.forms.annex import parse_milestones
from app.forms.measures import MeasureChange, MeasureForm, MeasureTransition
from app.i18n import _
from app.models.base import new_id
from app.models.measures import Measure
from app.models.organisations import Organisation
from app.models.recommendations import Recommendation
from app.queries import comments, goals, indicators, reports
from app.queries import measures as queries
from app.queries.attachments import attachments_on
from app.queries.cross_references import references_of
from app.queries.events import history_of
from app.queries.following import following_of
from app.queries.overdue import look_of
from app.queries.scopes import scope_of
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
from app.routers.monitoring import charts_of
from app.routers.offers import shown_offers
from app.routers.opened_forms import refuse_overtaken
from app.routers.pages import csv_file, field_errors, render, see_other
from app.routers.responses import published

router = APIRouter()


@router.get("/massnahmen/{measure_id}/zeitplan.csv")
def measure_timeline_csv(request: Request, session: ReadSession, visitor: Reader, measure_id: UUID) -> Response:
    """The measure in time, with its milestones."""
    measure = queries.get_measure(session, measure_id, visitor.actor)
    one = queries.listed(measure, look_of(session, visitor.actor))
    return csv_file(request, "zeitplan.csv", timeline_csv([one], {measure.id: measure.milestones}))


@router.get("/massnahmen/{measure_id}")
def show_measure(request: Request, session: ReadSession, visitor: Reader, measure_id: UUID) -> Response:
    """One measure with its reports and the moves the reader has."""
    return measure_page(request, session, visitor, measure_id)


@router.post("/massnahmen/{measure_id}/transitions")
def transition_measure(
    request: Request, session: WriteSession, visitor: Writer, submitted: SubmittedForm, measure_id: UUID
) -> Response:
    """Make a move; a refused one opens again with its reason."""
    queries.get_measure(session, measure_id, visitor.actor)
    with attempt(session) as outcome:
        form = submitted.parse(MeasureTransition)
        actions.transition_measure(session, measure_id, form, actor=visitor.actor)
        return see_other(request, f"/massnahmen/{measure_id}", _("Der Schritt ist vermerkt."))
    return measure_page(request, session, visitor, measure_id, submitted, outcome.error)


@router.get("/empfehlungen/{key}/massnahmen/neu")
def new_measure(request: Request, session: ReadSession, visitor: Member, key: str) -> Response:
    """The form for a new measure."""
    own = visitor.actor.organisation_id
    return _plan_form(request, session, visitor, key, {"id": str(new_id()), "responsible_organisation_id": str(own)})


@router.post("/empfehlungen/{key}/massnahmen/neu")
def plan_measure(
    request: Request, session: WriteSession, visitor: Writer, submitted: SubmittedForm, key: str
) -> Response:
    """Plan a measure."""
    recommendation = published(session, key, visitor)
    with attempt(session) as outcome:
        form = submitted.parse(
            MeasureForm,
            lists=("contributing_organisation_ids",),
            recommendation_id=recommendation.id,
            milestones=parse_milestones(submitted.text("milestones")),
        )
        measure, _is_new = actions.plan_measure(session, form, actor=visitor.actor)
        return see_other(request, f"/massnahmen/{measure.id}", _("Die Maßnahme ist eingetragen."))
    return _plan_form(request, session, visitor, key, submitted.values, outcome.error)


@router.get("/massnahmen/{measure_id}/bearbeiten")
def edit_measure(request: Request, session: ReadSession, visitor: Member, measure_id: UUID) -> Response:
    """The form for what of a measure can change."""
    return _edit_form(request, session, visitor, measure_id)


@router.post("/massnahmen/{measure_id}/bearbeiten")
def change_measure(
    request: Request, session: WriteSession, visitor: Writer, submitted: SubmittedForm, measure_id: UUID
) -> Response:
    """Change a measure."""
    measure = queries.get_measure(session, measure_id, visitor.actor)
    with attempt(session) as outcome:
        refuse_overtaken(session, submitted, measure, "description", "budget_note")
        # Where the goal was not offered it is not the reader's to take away.
        goal: dict[str, Any] = {"goal_id": submitted.text("goal_id") or None} if "goal_id" in submitted.values else {}
        form = submitted.parse(
            MeasureChange,
            milestones=parse_milestones(submitted.text("milestones")),
            **goal,
            description=submitted.text("description"),
            budget_note=submitted.text("budget_note"),
            due_on=submitted.text("due_on") or None,
            contributing_organisation_ids=submitted.many("contributing_organisation_ids"),
        )
        actions.change_measure(session, measure_id, form, actor=visitor.actor)
        return see_other(request, f"/massnahmen/{measure_id}", _("Die Änderung ist gespeichert."))
    return _edit_form(request, session, visitor, measure_id, submitted, outcome.error)


def _plan_form(
    request: Request,
    session: Session,
    visitor: Visitor,
    key: str,
    values: Mapping[str, object],
    error: ApplicationError | None = None,
) -> Response:
    recommendation = published(session, key, visitor)
    scope = actions.planning_scope(session, recommendation, visitor.actor.organisation_id)
    require(Permission.MEASURE_CREATE, scope, visitor.actor)
    return render(
        request,
        "measures/new.html",
        status=error.status if error else 200,
        recommendation=recommendation,
        key=recommendation.reference or recommendation.id,
        part_options=[
            (number, f"{number}) {shorten(text, 90, placeholder=' …')}")
            for number, text in queries.tracked_parts(session, recommendation)
        ],
        organisation_options=_options(queries.possible_organisations(session)),
        goal_options=_goal_options(session, recommendation, visitor.actor),
        values=values,
        errors=field_errors(error),
        example=recommendation.is_example,
    )


def _edit_form(
    request: Request,
    session: Session,
    visitor: Visitor,
    measure_id: UUID,
    submitted: Submitted | None = None,
    error: ApplicationError | None = None,
) -> Response:
    measure = queries.get_measure(session, measure_id, visitor.actor)
    require(Permission.MEASURE_REPORT, measure, visitor.actor)
    standing = _contributors(measure)
    values: Mapping[str, object] = {
        "description": measure.description,
        "budget_note": measure.budget_note,
        "due_on": measure.due_on or "",
        "goal_id": measure.goal_id or "",
        "milestones": milestones_text(measure.milestones),
        "contributing_organisation_ids": [str(each.id) for each in standing],
    }
    if submitted is not None:
        values = {
            **submitted.values,
            "contributing_organisation_ids": submitted.many("contributing_organisation_ids"),
        }
    possible = queries.possible_organisations(session)
    return render(
        request,
        "measures/edit.html",
        status=error.status if error else 200,
        measure=measure,
        organisation_options=_options(each for each in possible if each.id != measure.responsible_organisation_id),
        goal_options=_edit_goals(session, measure, visitor.actor),
        values=values,
        errors=field_errors(error),
        example=measure.is_example,
    )


def measure_page(
    request: Request,
    session: Session,
    visitor: Visitor,
    measure_id: UUID,
    submitted: Submitted | None = None,
    error: ApplicationError | None = None,
) -> Response:
    """The page of a measure, with a form that was refused opened again."""
    actor = visitor.actor
    measure = queries.get_measure(session, measure_id, actor)
    may_report = may(Permission.MEASURE_REPORT, measure, actor)
    facts = queries.facts_of(session, measure, actor) if actor.is_signed_in else MeasureFacts()
    told = reports.reports_with_evidence(session, [measure.id], actor)[measure.id]
    is_running = measure.state not in actions.ENDED_STATES
    discussion = discussion_scope_of(measure)
    series = indicators.series_of_measure(session, measure)
    listed = queries.listed(measure, look_of(session, actor))
    return render(
        request,
        "measures/show.html",
        status=error.status if error else 200,
        measure=measure,
        listed=listed,
        goal=measure.goal if goals.reads_goal_of(measure, actor) else None,
        series=series,
        charts=charts_of(series),
        timeline=_timeline(listed, queries.today(session)),
        may_define=may(Permission.INDICATOR_MANAGE, indicators.scope_of_owner(None, measure), actor),
        today=queries.today(session),
        contributors=_contributors(measure),
        references=references_of(session, measure.id, actor),
        may_refer=may(Permission.CROSS_REFERENCE_MANAGE, discussion, actor),
        reports=told.reports,
        draft=next((each.report for each in told.reports if each.report.is_draft), None),
        evidence=told.evidence,
        attachments=attachments_on(session, [measure.id]).get(measure.id, []),
        attachment_action=f"/anlagen/measure/{measure.id}"
        if may(Permission.ATTACHMENT_ADD, discussion, actor)
        else None,
        evidence_action=f"/belege/measure/{measure.id}" if may(Permission.EVIDENCE_ADD, discussion, actor) else None,
        thread=comments.thread(session, measure.id, actor, limit=comments.BESIDE_LIMIT),
        comment_action=f"/kommentare/measure/{measure.id}" if comments.may_in(discussion, actor) else None,
        following=following_of(session, actor, FollowTarget.MEASURE, measure.id, body_id=discussion.body_id),
        history=history_of(session, [measure.id], actor) if _reads_inside(discussion, actor) else [],
        may_report=may_report and is_running,
        asked=next((each.report for each in told.reports if each.report.submitted_at), None),
        reads_questions=_reads_questions(measure, actor),
        may_ask_back=may(Permission.MEASURE_VERIFY, measure, actor) and measure.state in UNFINISHED,
        verification_due_on=_verification_due_on(measure),
        offers=shown_offers("measure", offers(measure, MEASURE, actor, facts)),
        submitted=submitted.values if submitted else None,
        errors=field_errors(error),
        example=measure.is_example,
    )


def _contributors(measure: Measure) -> list[Organisation]:
    found = (each.organisation for each in measure.contributions)
    return sorted((each for each in found if each), key=lambda each: (each.sort_key, each.name))


def _timeline(listed: queries.ListedMeasure, today: date) -> Timeline | None:
    """Only where there is more to see than one bar."""
    measure = listed.measure
    if not measure.milestones:
        return None
    return timeline("zeitplan", _("Zeitplan der Maßnahme"), [listed], {measure.id: measure.milestones}, today)


def discussion_scope_of(measure: Measure) -> Scope:
    """Who may discuss a measure and add evidence: the recommendation's body and whoever answers for it."""
    scope = scope_of(measure)
    body_id = measure.recommendation.body_id if measure.recommendation else None
    return Scope(body_id=body_id, author_id=scope.author_id, owner_ids=scope.owner_ids)


def _reads_inside(scope: Scope, actor: Actor) -> bool:
    """True for those who read why a step was taken and by whom: the body, the responsible, the Geschäftsstelle."""
    is_concerned = scope.body_id in actor.body_ids or bool(actor.acts_for & scope.owner_ids)
    return actor.is_secretariat or actor.is_auditor or is_concerned


def _reads_questions(measure: Measure, actor: Actor) -> bool:
    is_own = measure.responsible_organisation_id in actor.acts_for
    return actor.is_secretariat or actor.is_auditor or is_own


def _verification_due_on(measure: Measure) -> date | None:
    is_waiting = measure.state is MeasureState.REPORTED_DONE
    return verification_due_on(berlin_date(measure.state_since)) if is_waiting else None


def _edit_goals(session: Session, measure: Measure, actor: Actor) -> list[tuple[str, str]]:
    """Nothing where the measure serves a goal the reader can't see: it stays."""
    if measure.goal_id is not None and not goals.reads_goal_of(measure, actor):
        return []
    assert measure.recommendation is not None
    found = _goal_options(session, measure.recommendation, actor)
    if measure.goal is not None and str(measure.goal_id) not in {key for key, _title in found}:
        found.append((str(measure.goal_id), measure.goal.title))
    return found


def _goal_options(session: Session, recommendation: Recommendation, actor: Actor) -> list[tuple[str, str]]:
    return [(str(each.id), each.title) for each in goals.binding_of_recommendation(session, recommendation, actor)]


def _options(organisations: Iterable[Organisation]) -> list[tuple[str, str]]:
    return [(str(each.id), each.name) for each in organisations]
