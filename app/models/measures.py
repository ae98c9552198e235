"""Measures, who contributes to them, and their progress reports."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from app.domain.events import SubjectType
from app.domain.measures import MeasureState, ReportedProgress
from app.models.base import Recorded, Stateful, Table, Written, moment_field, related, word_field
from app.models.goals import Goal
from app.models.organisations import Organisation
from app.models.recommendations import Recommendation


class Measure(Stateful, Written, table=True):
    """What a responsible organisation does to carry a recommendation out.

    `organisation_id` is who planned it, `responsible_organisation_id` who answers for it.
    """

    __table_args__ = (
        Index(None, "responsible_organisation_id", "state"),
        Index(None, "recommendation_id"),
        Index(None, "report_due_on"),
        Index(None, "due_on"),
    )
    subject_type = SubjectType.MEASURE
    recorded_texts = ("title", "description", "budget_note")
    recorded_facts = ("number", "due_on", "responsible_organisation_id")

    recommendation_id: UUID = Field(foreign_key="recommendation.id")
    goal_id: UUID | None = Field(default=None, foreign_key="goal.id", index=True)
    number: str | None = Field(default=None, max_length=10)
    title: str = Field(max_length=300)
    description: str = ""
    budget_note: str = ""
    search_text: str = ""
    responsible_organisation_id: UUID = Field(foreign_key="organisation.id")
    due_on: date | None = None
    report_due_on: date | None = None
    state: MeasureState = word_field(MeasureState, MeasureState.PLANNED)
    state_since: datetime = moment_field()
    recommendation: Recommendation | None = related()
    goal: Goal | None = related()
    contributions: list["MeasureContributor"] = related()
    milestones: list["Milestone"] = related(order_by="Milestone.due_on, Milestone.title")
    responsible_organisation: Organisation | None = related(foreign_keys="Measure.responsible_organisation_id")


class Milestone(Table, table=True):
    """A day on the way of a measure, and whether it was reached."""

    __table_args__ = (Index(None, "measure_id", "due_on"),)

    measure_id: UUID = Field(foreign_key="measure.id")
    title: str = Field(max_length=200)
    due_on: date
    reached_on: date | None = None


class MeasureContributor(SQLModel, table=True):
    """An organisation that contributes to a measure."""

    __tablename__ = "measure_contributor"

    measure_id: UUID = Field(foreign_key="measure.id", primary_key=True)
    organisation_id: UUID = Field(foreign_key="organisation.id", primary_key=True, index=True)
    organisation: Organisation | None = related()


class ProgressReport(Recorded, Written, table=True):
    """A Sachstandsbericht of the responsible organisation; a draft silences no reminder.

    `question` is what the Geschäftsstelle asked back; the next report submitted after `asked_back_at` answers it.
    """

    __tablename__ = "progress_report"
    __table_args__ = (Index(None, "measure_id", "status_on"),)
    subject_type = SubjectType.PROGRESS_REPORT
    recorded_texts = ("text", "obstacles", "next_steps", "question")

    measure_id: UUID = Field(foreign_key="measure.id")
    text: str
    progress: ReportedProgress | None = word_field(ReportedProgress, nullable=True)
    obstacles: str = ""
    next_steps: str = ""
    status_on: date
    is_draft: bool = False
    submitted_at: datetime | None = moment_field(default=None)
    submitted_by_id: UUID | None = Field(default=None, foreign_key="person.id")
    question: str = ""
    asked_back_at: datetime | None = moment_field(default=None)
    organisation: Organisation | None = related()
