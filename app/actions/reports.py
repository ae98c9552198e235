"""Progress reports: drafted, changed while drafts, submitted once; a draft silences no reminder."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from uuid import UUID

from sqlmodel import Session, col, select

from app.actions.creations import find_already_created
from app.actions.measures import ENDED_STATES, speaking_for
from app.actions.permissions import require
from app.actions.record import record, record_creation
from app.actions.report_link_mails import ask_for_report
from app.clock import now
from app.domain.actors import Actor
from app.domain.deadlines import berlin_date
from app.domain.events import EventType, SubjectType
from app.domain.implementation import QUESTION_DAYS, UNFINISHED, report_due_on
from app.domain.permissions import Permission
from app.errors import Conflict, FieldError, Invalid
from app.forms.measures import ReportChange, ReportEvidence, ReportForm, ReportQuestion
from app.i18n import _
from app.models.base import new_id
from app.models.measures import Measure, ProgressReport
from app.models.needs import Evidence
from app.queries import measures as queries
from app.queries import reports
from app.queries.base import get_for_update

_CHANGEABLE_TEXTS = ("text", "obstacles", "next_steps")


def write_report(session: Session, measure_id: UUID, form: ReportForm, *, actor: Actor) -> tuple[ProgressReport, bool]:
    """Write a report on a measure, submitted at once unless it is a draft. False where it stood already."""
    measure = get_for_update(session, Measure, measure_id, queries.visible(actor))
    require(Permission.REPORT_WRITE, measure, actor)
    earlier = find_already_created(session, ProgressReport, form, actor=actor)
    if earlier:
        return earlier, False
    _require_running(measure)
    _check_status_on(session, form.status_on)
    moment = now(session)
    speaker = speaking_for(measure.responsible_organisation_id, actor)
    report = ProgressReport(
        id=form.id or new_id(moment),
        created_at=moment,
        measure_id=measure.id,
        text=form.text,
        progress=form.progress,
        obstacles=form.obstacles,
        next_steps=form.next_steps,
        status_on=form.status_on,
        is_draft=form.draft,
        author_id=actor.person_id,
        organisation_id=speaker.organisation_id,
        is_example=measure.is_example,
    )
    if not form.draft:
        _submit(session, measure, report, actor)
    record_creation(
        session,
        EventType.REPORT_DRAFTED if form.draft else EventType.REPORT_SUBMITTED,
        report,
        actor=speaker,
        data=_data(measure, report, form.evidence),
        texts=_evidence_texts(form.evidence),
    )
    session.flush()
    _set_evidence(session, report, form.evidence, speaker)
    return report, True


def change_report(session: Session, measure_id: UUID, key: UUID, form: ReportChange, *, actor: Actor) -> ProgressReport:
    """Change a draft, or submit it (`draft` false); what was submitted stays as it was."""
    measure = get_for_update(session, Measure, measure_id, queries.visible(actor))
    report = get_for_update(
        session, ProgressReport, key, col(ProgressReport.measure_id) == measure.id, reports.visible(actor)
    )
    require(Permission.REPORT_WRITE, measure, actor)
    if not report.is_draft:
        raise Conflict(_("Ein eingereichter Bericht wird nicht mehr geändert. Schreiben Sie einen neuen."))
    _require_running(measure)
    _change(report, form)
    _check_status_on(session, report.status_on)
    speaker = speaking_for(measure.responsible_organisation_id, actor)
    is_submitted = form.draft is False
    if is_submitted:
        report.is_draft = False
        _submit(session, measure, report, actor)
    evidence = form.evidence if form.evidence is not None else _standing(session, report)
    record(
        session,
        EventType.REPORT_SUBMITTED if is_submitted else EventType.REPORT_CHANGED,
        report,
        actor=speaker,
        data=_data(measure, report, evidence),
        texts={**{name: getattr(report, name) for name in _CHANGEABLE_TEXTS}, **_evidence_texts(evidence)},
    )
    if form.evidence is not None:
        _clear_evidence(session, report)
        _set_evidence(session, report, form.evidence, speaker)
    session.add(report)
    return report


def ask_back(session: Session, measure_id: UUID, key: UUID, form: ReportQuestion, *, actor: Actor) -> ProgressReport:
    """Ask what a submitted report leaves open; a new report answers it, due within `QUESTION_DAYS`.

    What was reported done is sent back instead, so that only one of the two waits.
    """
    measure = get_for_update(session, Measure, measure_id, queries.visible(actor))
    report = get_for_update(
        session, ProgressReport, key, col(ProgressReport.measure_id) == measure.id, reports.visible(actor)
    )
    require(Permission.MEASURE_VERIFY, measure, actor)
    if report.submitted_at is None:
        raise Conflict(_("Dieser Bericht ist noch nicht eingereicht."))
    if measure.state not in UNFINISHED:
        raise Conflict(_("Nachgefragt wird, solange die Maßnahme läuft. Geben Sie eine Meldung mit Begründung zurück."))
    if reports.find_newer(session, report) is not None:
        raise Conflict(_("Inzwischen liegt ein neuerer Bericht vor. Bitte fragen Sie zu diesem nach."))
    moment = now(session)
    report.question, report.asked_back_at = form.question, moment
    until = berlin_date(moment) + timedelta(days=QUESTION_DAYS)
    measure.report_due_on = min(measure.report_due_on or until, until)
    record(
        session,
        EventType.REPORT_ASKED_BACK,
        report,
        actor=actor,
        data={"measure_id": str(measure.id), "until": measure.report_due_on.isoformat()},
        texts={"question": report.question},
    )
    session.add_all([report, measure])
    session.flush()
    ask_for_report(session, measure)
    return report


def _change(report: ProgressReport, form: ReportChange) -> None:
    """What was sent, where it was sent; only the text and its day can't be emptied."""
    changes = form.model_dump(include={"progress", "obstacles", "next_steps"}, exclude_unset=True)
    for name, value in changes.items():
        setattr(report, name, value if name == "progress" else value or "")
    report.text = form.text or report.text
    report.status_on = form.status_on or report.status_on


def _submit(session: Session, measure: Measure, report: ProgressReport, actor: Actor) -> None:
    report.submitted_at = now(session)
    report.submitted_by_id = actor.person_id
    measure.report_due_on = report_due_on(berlin_date(report.submitted_at), berlin_date(report.submitted_at))
    session.add(measure)


def _require_running(measure: Measure) -> None:
    if measure.state in ENDED_STATES:
        raise Conflict(_("Diese Maßnahme ist beendet; ein Bericht ist nicht mehr nötig."))


def _check_status_on(session: Session, day: date) -> None:
    if day > berlin_date(now(session)):
        raise Invalid(FieldError("status_on", _("Der Stand kann nicht in der Zukunft liegen.")))


def _data(measure: Measure, report: ProgressReport, evidence: Sequence[ReportEvidence]) -> dict[str, object]:
    return {
        "measure_id": str(measure.id),
        "status_on": report.status_on.isoformat(),
        "progress": report.progress.value if report.progress else None,
        "evidence": [each.kind.value for each in evidence],
    }


def _evidence_texts(evidence: Sequence[ReportEvidence]) -> dict[str, str]:
    return {f"evidence_{place}": each.source for place, each in enumerate(evidence, start=1)}


def _set_evidence(session: Session, report: ProgressReport, evidence: Sequence[ReportEvidence], speaker: Actor) -> None:
    session.add_all(
        Evidence(
            created_at=now(session),
            subject_type=SubjectType.PROGRESS_REPORT,
            subject_id=report.id,
            author_id=speaker.person_id,
            organisation_id=speaker.organisation_id,
            **each.model_dump(),
        )
        for each in evidence
    )


def _standing(session: Session, report: ProgressReport) -> list[ReportEvidence]:
    rows = reports.evidence_of(session, [report.id]).get(report.id, [])
    return [ReportEvidence(kind=row.kind, source=row.source, url=row.url, summary=row.summary) for row in rows]


def _clear_evidence(session: Session, report: ProgressReport) -> None:
    for row in session.exec(select(Evidence).where(Evidence.subject_id == report.id)).all():
        session.delete(row)
    session.flush()
