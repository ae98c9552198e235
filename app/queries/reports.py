"""Reads of progress reports; a draft is its author's and its organisation's alone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, or_
from sqlalchemy.orm import joinedload
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from app.domain.actors import Actor
from app.models.measures import Measure, ProgressReport
from app.models.needs import Evidence
from app.queries.base import DEFAULT_LIMIT, Page, get_visible, page_of


@dataclass(frozen=True, slots=True)
class ReportWithEvidence:
    """A report and the sources it rests on."""

    report: ProgressReport
    evidence: Sequence[Evidence]


@dataclass(frozen=True, slots=True)
class MeasureReports:
    """The reports on one measure, the newest first, and the sources of the measure itself."""

    reports: Sequence[ReportWithEvidence]
    evidence: Sequence[Evidence]


def visible(actor: Actor) -> ColumnElement[bool]:
    """The reports an actor may read on a measure it may read: submitted ones, and its own drafts."""
    submitted = col(ProgressReport.submitted_at).is_not(None)
    if not actor.is_signed_in:
        return submitted
    return or_(
        submitted,
        col(ProgressReport.author_id) == actor.person_id,
        col(ProgressReport.organisation_id).in_(actor.acts_for),
    )


def list_reports(
    session: Session, measure: Measure, actor: Actor, *, limit: int = DEFAULT_LIMIT, after: str | None = None
) -> Page[ProgressReport]:
    """The reports on a measure the actor may read, newest first."""
    statement = _with_names(select(ProgressReport).where(ProgressReport.measure_id == measure.id, visible(actor)))
    return page_of(session, statement, ProgressReport, limit=limit, after=after)


def reports_with_evidence(session: Session, keys: Sequence[UUID], actor: Actor) -> dict[UUID, MeasureReports]:
    """By measure, of measures the actor may read: every report it may read, and the sources. Two statements."""
    statement = _with_names(
        select(ProgressReport).where(col(ProgressReport.measure_id).in_(keys), visible(actor))
    ).order_by(col(ProgressReport.status_on).desc(), col(ProgressReport.created_at).desc())
    found = session.exec(statement).all()
    evidence = evidence_of(session, [*keys, *(report.id for report in found)])
    reports: dict[UUID, list[ReportWithEvidence]] = {}
    for each in found:
        reports.setdefault(each.measure_id, []).append(ReportWithEvidence(each, evidence.get(each.id, [])))
    return {key: MeasureReports(reports.get(key, []), evidence.get(key, [])) for key in keys}


def get_report(session: Session, measure: Measure, key: UUID, actor: Actor) -> ProgressReport:
    """One report on the measure; NotFound where absent or hidden."""
    statement = select(ProgressReport).where(
        ProgressReport.id == key, ProgressReport.measure_id == measure.id, visible(actor)
    )
    return get_visible(session, _with_names(statement))


def find_newer(session: Session, report: ProgressReport) -> ProgressReport | None:
    """A report on the same measure that was submitted after this one, if there is any."""
    statement = select(ProgressReport).where(
        ProgressReport.measure_id == report.measure_id, col(ProgressReport.submitted_at) > report.submitted_at
    )
    return session.exec(statement.limit(1)).first()


def open_question(session: Session, measure: Measure) -> str:
    """What the Geschäftsstelle asked back about the last submitted report; empty where nothing is open."""
    statement = (
        select(ProgressReport.question)
        .where(ProgressReport.measure_id == measure.id, col(ProgressReport.submitted_at).is_not(None))
        .order_by(col(ProgressReport.submitted_at).desc(), col(ProgressReport.id).desc())
        .limit(1)
    )
    return session.exec(statement).first() or ""


def reads_question(report: ProgressReport, actor: Actor) -> bool:
    """True for those between whom a question is asked: who reported, and those who look after reports."""
    is_own = report.organisation_id in actor.acts_for or report.author_id == actor.person_id
    return actor.is_secretariat or actor.is_auditor or (actor.is_signed_in and is_own)


def evidence_of(session: Session, keys: Iterable[UUID]) -> dict[UUID, list[Evidence]]:
    """By subject: the sources given for it, oldest first. One statement."""
    statement = (
        select(Evidence)
        .where(col(Evidence.subject_id).in_(list(keys)))
        .order_by(col(Evidence.created_at), col(Evidence.id))
    )
    found: dict[UUID, list[Evidence]] = {}
    for each in session.exec(statement).all():
        found.setdefault(each.subject_id, []).append(each)
    return found


def _with_names(statement: SelectOfScalar[ProgressReport]) -> SelectOfScalar[ProgressReport]:
    return statement.options(joinedload(ProgressReport.organisation))  # type: ignore[arg-type]
