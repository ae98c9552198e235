"""Plays a report of the Geschäftsstelle: an edition as it stands at the end of the story, frozen and published."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from app.actions.implementation_reports import freeze_report, transition_report
from app.demo.stage import Stage
from app.documents.implementation_reports import report_draft
from app.forms.implementation_reports import ImplementationReportForm, ImplementationReportTransition
from app.queries.report_contents import contents_of


def play_report(stage: Stage, edition_id: UUID, preface: str) -> None:
    """What became of the edition's recommendations, kept with its files and listed as a publication.

    It tells what stands now, so that no day in it lies after its own: the story is at its end.
    """
    stage.moment = stage.today - timedelta(minutes=10)
    form = ImplementationReportForm(edition_id=edition_id, preface=preface)
    with stage.database.read() as session:
        draft = report_draft(contents_of(session, edition_id), preface, stage.database.settings.base_url)
    content = draft.freeze(stage.database.files)
    with stage.acting() as (session, actor):
        report, _is_new = freeze_report(session, form, content, actor=actor)
    with stage.acting() as (session, actor):
        transition_report(session, report.id, ImplementationReportTransition(transition="publish"), actor=actor)
