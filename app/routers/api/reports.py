"""Progress reports for programs."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, ConfigDict
from sqlmodel import Session
from starlette.responses import Response

from app.actions import reports as actions
from app.domain.actors import Actor
from app.domain.measures import ReportedProgress
from app.forms.measures import ReportChange, ReportForm, ReportQuestion
from app.models.measures import ProgressReport
from app.models.needs import Evidence
from app.queries import measures
from app.queries import reports as queries
from app.routers.api.common import Answer, Listing, answer, check_if_match, listing
from app.routers.deps import ApiReader, ApiWriter, ReadSession, WriteSession

router = APIRouter(prefix="/measures/{measure_id}/reports", tags=["measures"])


class ReportEvidenceShown(BaseModel):
    """A source a report rests on."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    kind: str
    source: str
    url: str | None
    summary: str


class ReportShown(Answer):
    """A progress report; a draft is its organisation's alone."""

    measure_id: UUID
    text: str
    progress: ReportedProgress | None
    obstacles: str
    next_steps: str
    status_on: date
    draft: bool
    submitted_at: datetime | None
    organisation_id: UUID | None
    evidence: list[ReportEvidenceShown]
    question: str | None
    asked_back_at: datetime | None
    url: str


@router.get("", response_model=None)
def list_reports(
    request: Request, session: ReadSession, actor: ApiReader, measure_id: UUID, wanted: Annotated[Listing, Query()]
) -> Response:
    """The reports on a measure, newest first."""
    measure = measures.get_measure(session, measure_id, actor)
    page = queries.list_reports(session, measure, actor, limit=wanted.limit, after=wanted.after)
    evidence = queries.evidence_of(session, [report.id for report in page.items])
    return listing(request, page, lambda report: represent(report, evidence.get(report.id, []), actor), actor)


@router.post("", response_model=ReportShown, status_code=201)
def write_report(
    request: Request, session: WriteSession, actor: ApiWriter, measure_id: UUID, form: ReportForm
) -> Response:
    """Report on a measure, submitted at once unless `draft` is true."""
    report, is_new = actions.write_report(session, measure_id, form, actor=actor)
    return answer(request, _shown(session, measure_id, report.id, actor), actor, status=201 if is_new else 200)


@router.get("/{report_id}", response_model=ReportShown)
def get_report(request: Request, session: ReadSession, actor: ApiReader, measure_id: UUID, report_id: UUID) -> Response:
    """One report."""
    return answer(request, _shown(session, measure_id, report_id, actor), actor)


@router.patch("/{report_id}", response_model=ReportShown)
def change_report(
    request: Request,
    session: WriteSession,
    actor: ApiWriter,
    measure_id: UUID,
    report_id: UUID,
    form: ReportChange,
) -> Response:
    """Change a draft; `draft` false submits it."""
    check_if_match(request, _shown(session, measure_id, report_id, actor))
    actions.change_report(session, measure_id, report_id, form, actor=actor)
    return answer(request, _shown(session, measure_id, report_id, actor), actor)


@router.post("/{report_id}/question", response_model=ReportShown)
def ask_back(
    request: Request,
    session: WriteSession,
    actor: ApiWriter,
    measure_id: UUID,
    report_id: UUID,
    form: ReportQuestion,
) -> Response:
    """Ask what a submitted report leaves open; the next report answers it."""
    check_if_match(request, _shown(session, measure_id, report_id, actor))
    actions.ask_back(session, measure_id, report_id, form, actor=actor)
    return answer(request, _shown(session, measure_id, report_id, actor), actor)


def represent(report: ProgressReport, evidence: list[Evidence], actor: Actor) -> ReportShown:
    """The report as this reader sees it."""
    reads_question = bool(report.question) and queries.reads_question(report, actor)
    return ReportShown(
        id=report.id,
        created_at=report.created_at,
        measure_id=report.measure_id,
        text=report.text,
        progress=report.progress,
        obstacles=report.obstacles,
        next_steps=report.next_steps,
        status_on=report.status_on,
        draft=report.is_draft,
        submitted_at=report.submitted_at,
        organisation_id=report.organisation_id,
        evidence=[ReportEvidenceShown.model_validate(each) for each in evidence],
        question=report.question if reads_question else None,
        asked_back_at=report.asked_back_at if reads_question else None,
        url=f"/massnahmen/{report.measure_id}#bericht-{report.id}",
    )


def _shown(session: Session, measure_id: UUID, report_id: UUID, actor: Actor) -> ReportShown:
    session.flush()
    measure = measures.get_measure(session, measure_id, actor)
    report = queries.get_report(session, measure, report_id, actor)
    return represent(report, queries.evidence_of(session, [report.id]).get(report.id, []), actor)
