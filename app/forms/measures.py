"""What is sent about measures and their progress reports."""

from __future__ import annotations

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, Field, StringConstraints

from app.domain.deadlines import is_plausible_date
from app.domain.measures import ReportedProgress
from app.domain.needs import EvidenceKind
from app.forms.base import Creation, Input, Line, OptionalText, Reason, ShortLine, Source, Text, WebAddress
from app.i18n import _


def _plausible(day: date) -> date:
    if not is_plausible_date(day):
        raise ValueError(_("Bitte geben Sie ein Datum zwischen 1900 und 2199 an."))
    return day


Day = Annotated[date, AfterValidator(_plausible)]
BudgetNote = Annotated[str, Field(max_length=2_000)]
"""What it costs and who pays, in a sentence or two."""


class MilestoneInput(Input):
    """A day on the way of a measure, and when it was reached."""

    title: ShortLine
    due_on: Day
    reached_on: Day | None = None


class MeasureForm(Creation):
    """A measure as it is planned; `number` is the part of the recommendation it carries out."""

    recommendation_id: UUID
    title: Line
    description: OptionalText = ""
    budget_note: BudgetNote = ""
    responsible_organisation_id: UUID
    contributing_organisation_ids: list[UUID] = Field(default=[], max_length=50)
    number: Annotated[str, StringConstraints(max_length=10)] | None = None
    due_on: Day | None = None
    goal_id: UUID | None = None
    milestones: list[MilestoneInput] = Field(default=[], max_length=30)


class MeasureChange(Input):
    """What of a measure changes; a field left out stays, `due_on` or `goal_id` null takes it away."""

    description: OptionalText | None = None
    budget_note: BudgetNote | None = None
    due_on: Day | None = None
    contributing_organisation_ids: list[UUID] | None = Field(default=None, max_length=50)
    goal_id: UUID | None = None
    milestones: list[MilestoneInput] | None = Field(default=None, max_length=30)


class MeasureTransition(Input):
    """A move of a measure; `report_done` takes the last submitted report with its evidence."""

    transition: str = Field(max_length=40)
    reason: Reason | None = None


class ReportEvidence(Input):
    """A source a report rests on."""

    kind: EvidenceKind
    source: Source
    url: WebAddress | None = None
    summary: OptionalText = ""


class ReportForm(Creation):
    """A progress report, submitted at once unless it is a draft."""

    text: Text
    progress: ReportedProgress | None = None
    obstacles: OptionalText = ""
    next_steps: OptionalText = ""
    status_on: Day
    evidence: list[ReportEvidence] = Field(default=[], max_length=20)
    draft: bool = False


class CollectedReport(ReportForm):
    """One report among those sent together; `done` says that the measure is carried out with it."""

    measure_id: UUID
    done: bool = False


class CollectedReports(Input):
    """Reports on several measures, sent together: all or none."""

    reports: list[CollectedReport] = Field(min_length=1, max_length=100)


class ReportChange(Input):
    """What of a draft changes; `draft` false submits it, `evidence` replaces all of it."""

    text: Text | None = None
    progress: ReportedProgress | None = None
    obstacles: OptionalText | None = None
    next_steps: OptionalText | None = None
    status_on: Day | None = None
    evidence: list[ReportEvidence] | None = Field(default=None, max_length=20)
    draft: bool | None = None


class ReportQuestion(Input):
    """What the Geschäftsstelle asks back about a report."""

    question: Reason = Field(min_length=1)
