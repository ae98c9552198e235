"""The reports organisations owe now, due soon or overdue, with what was reported last and what is drafted."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import contains_eager, joinedload
from sqlmodel import Session, col, select

from app.domain.actors import Actor
from app.domain.implementation import REPORT_NOTICE, UNFINISHED, is_report_due
from app.domain.recommendations import PUBLIC_STATES
from app.models.measures import Measure, ProgressReport
from app.models.needs import Evidence
from app.models.recommendations import Recommendation
from app.queries import reports
from app.queries.measures import ListedMeasure, listed
from app.queries.overdue import Look, look_of


@dataclass(frozen=True, slots=True)
class ReportedMeasure:
    """A measure with the report submitted last and the draft of the next, as far as the reader sees it."""

    listed: ListedMeasure
    is_due: bool
    last: ProgressReport | None = None
    draft: ProgressReport | None = None
    evidence: Sequence[Evidence] = ()

    @property
    def measure(self) -> Measure:
        """The measure itself."""
        return self.listed.measure

    @property
    def question(self) -> str:
        """What the Geschäftsstelle asked back about the last report; the next one answers it."""
        return self.last.question if self.last else ""


def owed_reports(session: Session, organisation_ids: Collection[UUID], actor: Actor) -> list[ReportedMeasure]:
    """What these organisations have to report on now, the nearest day first; three statements."""
    look = look_of(session, actor)
    statement = (
        select(Measure)
        .join(Recommendation, col(Recommendation.id) == Measure.recommendation_id)
        .options(
            contains_eager(Measure.recommendation),  # type: ignore[arg-type]
            joinedload(Measure.responsible_organisation),  # type: ignore[arg-type]
        )
        .where(
            col(Measure.responsible_organisation_id).in_(organisation_ids),
            col(Measure.state).in_(UNFINISHED),
            col(Measure.report_due_on) <= look.day + REPORT_NOTICE,
            col(Recommendation.state).in_(PUBLIC_STATES),
            col(Recommendation.tracking_closed_at).is_(None),
        )
        .order_by(col(Measure.report_due_on), col(Measure.created_at), col(Measure.id))
    )
    found = [listed(measure, look) for measure in session.exec(statement).all()]
    return with_reports(session, found, actor, with_evidence=True)


def with_reports(
    session: Session, measures: Iterable[ListedMeasure], actor: Actor, *, with_evidence: bool = False
) -> list[ReportedMeasure]:
    """The measures with their last and their drafted report; one statement, two with the drafts' sources."""
    shown = list(measures)
    if not shown:
        return []
    look = look_of(session, actor)
    keys = [each.measure.id for each in shown]
    statement = (
        select(ProgressReport)
        .where(col(ProgressReport.measure_id).in_(keys), reports.visible(actor))
        .order_by(col(ProgressReport.submitted_at), col(ProgressReport.created_at), col(ProgressReport.id))
    )
    last: dict[UUID, ProgressReport] = {}
    drafts: dict[UUID, ProgressReport] = {}
    for each in session.exec(statement).all():
        (drafts if each.is_draft else last)[each.measure_id] = each
    evidence = reports.evidence_of(session, [each.id for each in drafts.values()]) if with_evidence and drafts else {}
    return [
        ReportedMeasure(
            each,
            _is_due(each.measure, look),
            last.get(each.measure.id),
            draft := drafts.get(each.measure.id),
            evidence.get(draft.id, ()) if draft else (),
        )
        for each in shown
    ]


def _is_due(measure: Measure, look: Look) -> bool:
    recommendation = measure.recommendation
    return is_report_due(
        measure.state,
        today=look.day,
        next_report_due_on=measure.report_due_on,
        tracking_closed=recommendation is not None and recommendation.tracking_closed_at is not None,
    )
