"""Reporting on several measures at once: all of them, or none where one is refused; each like a report of its own."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlmodel import Session, col, select

from app.actions.attempts import note_linked_form
from app.actions.measures import transition_measure
from app.actions.reports import change_report, write_report
from app.domain.actors import Actor
from app.errors import Conflict, FieldError, Invalid, NotFound
from app.forms.measures import CollectedReport, CollectedReports, MeasureTransition, ReportChange, ReportForm
from app.i18n import _
from app.models.measures import Measure, ProgressReport
from app.queries import measures
from app.queries.base import get_for_update
from app.queries.report_links import follow

_SAID = ("text", "progress", "obstacles", "next_steps", "status_on")


def report_together(session: Session, form: CollectedReports, *, actor: Actor) -> Sequence[ProgressReport]:
    """Write or change each report as a draft, or submit it; Invalid names every measure and field that is refused.

    In the order of the measures' keys, so that two who report on the same ones wait for each other.
    """
    made: list[ProgressReport] = []
    errors: list[FieldError] = []
    for place, each in sorted(enumerate(form.reports), key=lambda pair: pair[1].measure_id):
        try:
            made.append(_report(session, each, actor))
        except Invalid as refused:
            errors += [FieldError(f"reports.{place}.{one.field}", one.message) for one in refused.errors]
        except Conflict as refused:
            errors.append(FieldError(f"reports.{place}.{'done' if each.done else 'text'}", refused.detail))
    if errors:
        raise Invalid(*errors)
    return made


def report_by_link(
    session: Session, measure_id: UUID, mark: UUID, form: CollectedReports, *, address: str
) -> Sequence[ProgressReport]:
    """Report as the organisation whose mailbox the link was made for, on what it owes; nothing is drafted so.

    Raises Conflict where the link takes nothing any more, TooMany where the address sends very many.
    """
    note_linked_form(session, address)
    asked = follow(session, measure_id, mark)
    if asked is None or any(each.draft for each in form.reports):
        raise NotFound()
    if asked.speaker_id is None:
        raise Conflict(_("Mit diesem Link lässt sich nichts mehr senden. Es wurde nichts geändert."))
    wanted = {each.measure_id for each in form.reports}
    own = select(Measure.id).where(
        col(Measure.id).in_(wanted), Measure.responsible_organisation_id == asked.organisation.id
    )
    if set(session.exec(own).all()) != wanted:
        raise NotFound()
    return report_together(session, form, actor=asked.speaker)


def _report(session: Session, sent: CollectedReport, actor: Actor) -> ProgressReport:
    get_for_update(session, Measure, sent.measure_id, measures.visible(actor))
    form = ReportForm(**sent.model_dump(exclude={"measure_id", "done"}))
    standing = session.get(ProgressReport, form.id) if form.id else None
    if standing is not None and standing.submitted_at is not None and _is_sent_again(standing, sent, actor):
        return standing
    if standing is not None and standing.is_draft:
        change = ReportChange(**form.model_dump(exclude={"id"}))
        report = change_report(session, sent.measure_id, standing.id, change, actor=actor)
    else:
        report, _is_new = write_report(session, sent.measure_id, form, actor=actor)
    if sent.done and not sent.draft:
        session.flush()
        transition_measure(session, sent.measure_id, MeasureTransition(transition="report_done"), actor=actor)
    return report


def _is_sent_again(standing: ProgressReport, sent: CollectedReport, actor: Actor) -> bool:
    """The very report, submitted before by the same; a browser's second sending changes nothing."""
    is_same = all(getattr(standing, name) == getattr(sent, name) for name in _SAID)
    return is_same and standing.measure_id == sent.measure_id and standing.submitted_by_id == actor.person_id
