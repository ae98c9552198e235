"""Pages on which a progress report is written, kept as a draft, and submitted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from uuid import UUID

from fastapi import APIRouter, Request
from sqlmodel import Session
from starlette.responses import Response

from app.actions import reports as actions
from app.actions.measures import ENDED_STATES, transition_measure
from app.actions.permissions import require
from app.domain.measures import MeasureState, ReportedProgress
from app.domain.needs import EvidenceKind
from app.domain.permissions import Permission
from app.errors import ApplicationError, NotFound
from app.forms.measures import MeasureTransition, ReportChange, ReportForm, ReportQuestion
from app.i18n import _
from app.models.base import new_id
from app.models.measures import Measure, ProgressReport
from app.models.needs import Evidence
from app.queries import measures
from app.queries import reports as queries
from app.routers.deps import Member, ReadSession, Submitted, SubmittedForm, Visitor, Writer, WriteSession, attempt
from app.routers.measures import measure_page
from app.routers.pages import field_errors, render, see_other

router = APIRouter()
EVIDENCE_ROWS = 5
_EVIDENCE_FIELDS = ("kind", "source", "url", "summary")


@router.get("/massnahmen/{measure_id}/berichte/neu")
def new_report(request: Request, session: ReadSession, visitor: Member, measure_id: UUID) -> Response:
    """The form for a progress report."""
    measure = _reported_on(session, visitor, measure_id)
    values = {"id": str(new_id()), "status_on": measures.today(session)}
    return _form(request, measure, values, question=queries.open_question(session, measure))


@router.post("/massnahmen/{measure_id}/berichte/neu")
def write_report(
    request: Request, session: WriteSession, visitor: Writer, submitted: SubmittedForm, measure_id: UUID
) -> Response:
    """Submit a report, or keep it as a draft."""
    measure = _reported_on(session, visitor, measure_id)
    evidence = _sent_evidence(submitted)
    with attempt(session) as outcome:
        draft, done = _wishes(submitted)
        form = _plain(submitted).parse(ReportForm, evidence=evidence, draft=draft)
        actions.write_report(session, measure.id, form, actor=visitor.actor)
        return _thanks(request, session, visitor, measure, draft=draft, done=done)
    measure = measures.get_measure(session, measure_id, visitor.actor)
    question = queries.open_question(session, measure)
    return _form(request, measure, submitted.values, evidence, outcome.error, question=question)


@router.get("/massnahmen/{measure_id}/berichte/{report_id}")
def edit_report(request: Request, session: ReadSession, visitor: Member, measure_id: UUID, report_id: UUID) -> Response:
    """The form for a report that is still a draft."""
    measure = _reported_on(session, visitor, measure_id)
    report = _draft(session, visitor, measure, report_id)
    standing = queries.evidence_of(session, [report.id]).get(report.id, [])
    values = {
        "text": report.text,
        "progress": report.progress.value if report.progress else "",
        "obstacles": report.obstacles,
        "next_steps": report.next_steps,
        "status_on": report.status_on,
    }
    question = queries.open_question(session, measure)
    return _form(request, measure, values, [_fields(each) for each in standing], report=report, question=question)


@router.post("/massnahmen/{measure_id}/berichte/{report_id}")
def change_report(
    request: Request,
    session: WriteSession,
    visitor: Writer,
    submitted: SubmittedForm,
    measure_id: UUID,
    report_id: UUID,
) -> Response:
    """Change a draft, or submit it."""
    measure = _reported_on(session, visitor, measure_id)
    report = _draft(session, visitor, measure, report_id)
    evidence = _sent_evidence(submitted)
    with attempt(session) as outcome:
        draft, done = _wishes(submitted)
        # An emptied text is refused, not left as it stood.
        form = _plain(submitted).parse(
            ReportChange,
            evidence=evidence,
            draft=draft,
            text=submitted.text("text"),
            progress=submitted.text("progress") or None,
            obstacles=submitted.text("obstacles"),
            next_steps=submitted.text("next_steps"),
            status_on=submitted.text("status_on"),
        )
        actions.change_report(session, measure.id, report.id, form, actor=visitor.actor)
        return _thanks(request, session, visitor, measure, draft=draft, done=done)
    measure = measures.get_measure(session, measure_id, visitor.actor)
    report = queries.get_report(session, measure, report_id, visitor.actor)
    question = queries.open_question(session, measure)
    return _form(request, measure, submitted.values, evidence, outcome.error, report=report, question=question)


@router.post("/massnahmen/{measure_id}/berichte/{report_id}/rueckfrage")
def ask_back(
    request: Request,
    session: WriteSession,
    visitor: Writer,
    submitted: SubmittedForm,
    measure_id: UUID,
    report_id: UUID,
) -> Response:
    """Ask what a submitted report leaves open; a refused question stands open again."""
    measures.get_measure(session, measure_id, visitor.actor)
    with attempt(session) as outcome:
        actions.ask_back(session, measure_id, report_id, submitted.parse(ReportQuestion), actor=visitor.actor)
        return see_other(request, f"/massnahmen/{measure_id}#bericht-{report_id}", _("Die Rückfrage ist gestellt."))
    return measure_page(request, session, visitor, measure_id, submitted, outcome.error)


def _reported_on(session: Session, visitor: Visitor, measure_id: UUID) -> Measure:
    measure = measures.get_measure(session, measure_id, visitor.actor)
    require(Permission.MEASURE_REPORT, measure, visitor.actor)
    return measure


def _draft(session: Session, visitor: Visitor, measure: Measure, report_id: UUID) -> ProgressReport:
    report = queries.get_report(session, measure, report_id, visitor.actor)
    if not report.is_draft:
        raise NotFound()
    return report


def _thanks(
    request: Request, session: Session, visitor: Visitor, measure: Measure, *, draft: bool, done: bool
) -> Response:
    """On to the measure, reported as done where the report says so."""
    if draft:
        return see_other(
            request, f"/massnahmen/{measure.id}", _("Der Entwurf ist gespeichert, noch nicht eingereicht.")
        )
    if done:
        transition_measure(session, measure.id, MeasureTransition(transition="report_done"), actor=visitor.actor)
        return see_other(
            request,
            f"/massnahmen/{measure.id}",
            _("Der Bericht ist eingereicht und die Maßnahme als umgesetzt gemeldet."),
        )
    return see_other(request, f"/massnahmen/{measure.id}", _("Der Bericht ist eingereicht."))


def _wishes(submitted: Submitted) -> tuple[bool, bool]:
    draft = submitted.text("draft") == "true"
    return draft, submitted.text("done") == "true" and not draft


def _plain(submitted: Submitted) -> Submitted:
    """The form without what is put together here: sources and the wish to report as done."""
    ours = {name: value for name, value in submitted.values.items() if name not in ("done", "draft")}
    return replace(submitted, values={name: value for name, value in ours.items() if not name.startswith("evidence_")})


def _sent_evidence(submitted: Submitted) -> list[dict[str, str]]:
    """The sources as they were sent, without rows that were left empty."""
    rows = []
    for place in range(EVIDENCE_ROWS):
        row = {name: submitted.text(f"evidence_{place}_{name}").strip() for name in _EVIDENCE_FIELDS}
        if row["source"] or row["url"] or row["summary"]:
            rows.append({name: value for name, value in row.items() if value})
    return rows


def _fields(evidence: Evidence) -> dict[str, str]:
    return {
        "kind": evidence.kind.value,
        "source": evidence.source,
        "url": evidence.url or "",
        "summary": evidence.summary,
    }


def _form(
    request: Request,
    measure: Measure,
    values: Mapping[str, object],
    evidence: Sequence[Mapping[str, str]] = (),
    error: ApplicationError | None = None,
    *,
    report: ProgressReport | None = None,
    question: str = "",
) -> Response:
    rows = [*evidence, *([{}] * (EVIDENCE_ROWS - len(evidence)))]
    return render(
        request,
        "measures/report.html",
        status=error.status if error else 200,
        measure=measure,
        report=report,
        rows=rows,
        filled=max(len(evidence), 1),
        may_finish=measure.state is MeasureState.IN_PROGRESS,
        is_ended=measure.state in ENDED_STATES,
        kinds=list(EvidenceKind),
        progress=list(ReportedProgress),
        question=question,
        values=values,
        errors=field_errors(error),
        example=measure.is_example,
    )
