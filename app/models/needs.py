"""Needs and what hangs on them; evidence and support, which proposals and others share."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from app.domain.events import SubjectType
from app.domain.needs import EvidenceKind, NeedState
from app.domain.visibility import Visibility
from app.models.base import Stateful, Table, Written, moment_field, related, word_field
from app.models.bodies import Body
from app.models.organisations import Organisation


class Need(Stateful, Written, table=True):
    """A need for action, posted to a body; an imported one is known by `source_key`, wherever it is forwarded to.

    `ix_need_readers` holds all that decides who may read, so that counting reads no text, of one body or of all.
    """

    __table_args__ = (
        Index(None, "body_id", "created_at", "id"),
        Index(None, "created_at", "id"),
        Index(None, "state", "created_at"),
        Index(None, "sort_key", "id"),
        Index("ix_need_readers", "body_id", "visibility", "state", "submitted_at", "author_id", "seat_id", "id"),
        UniqueConstraint("source_key"),
    )
    subject_type = SubjectType.NEED
    recorded_texts = ("title", "description")

    body_id: UUID = Field(foreign_key="body.id")
    title: str = Field(max_length=200)
    description: str
    search_text: str
    sort_key: str = Field(default="", max_length=200)
    state: NeedState = word_field(NeedState, NeedState.DRAFT)
    visibility: Visibility = word_field(Visibility, Visibility.BODY)
    topic_id: UUID | None = Field(default=None, foreign_key="topic.id", index=True)
    merged_into_id: UUID | None = Field(default=None, foreign_key="need.id", index=True)
    resubmit_on: date | None = None
    answer: str | None = None
    answered_by_id: UUID | None = Field(default=None, foreign_key="recommendation.id")
    submitted_at: datetime | None = moment_field(default=None)
    source_key: str | None = Field(default=None, max_length=100)
    source_author: str | None = Field(default=None, max_length=100)
    body: Body | None = related(foreign_keys="Need.body_id")
    organisation: Organisation | None = related(foreign_keys="Need.organisation_id")


class NeedReader(SQLModel, table=True):
    """A person who may read a confidential need."""

    __tablename__ = "need_reader"

    need_id: UUID = Field(foreign_key="need.id", primary_key=True)
    person_id: UUID = Field(foreign_key="person.id", primary_key=True, index=True)


class NeedTheme(SQLModel, table=True):
    """A need touches a cross-cutting theme."""

    __tablename__ = "need_theme"

    need_id: UUID = Field(foreign_key="need.id", primary_key=True)
    theme_id: UUID = Field(foreign_key="cross_cutting_theme.id", primary_key=True, index=True)


class NeedTargetGroup(SQLModel, table=True):
    """A need is one of a target group."""

    __tablename__ = "need_target_group"

    need_id: UUID = Field(foreign_key="need.id", primary_key=True)
    target_group_id: UUID = Field(foreign_key="target_group.id", primary_key=True, index=True)


class NeedQuestion(SQLModel, table=True):
    """A need answers to a guiding question."""

    __tablename__ = "need_question"

    need_id: UUID = Field(foreign_key="need.id", primary_key=True)
    question_id: UUID = Field(foreign_key="guiding_question.id", primary_key=True, index=True)


class Support(Table, table=True):
    """An organisation stands behind a need or proposal; it counts once."""

    __table_args__ = (UniqueConstraint("subject_id", "organisation_id"),)

    subject_type: SubjectType = word_field(SubjectType)
    subject_id: UUID
    organisation_id: UUID = Field(foreign_key="organisation.id")
    person_id: UUID | None = Field(default=None, foreign_key="person.id")
    seat_id: UUID | None = Field(default=None, foreign_key="seat.id")
    organisation: Organisation | None = related()


class Evidence(Table, table=True):
    """A source for a need, proposal, recommendation, measure or report."""

    __table_args__ = (Index(None, "subject_id", "created_at"),)

    subject_type: SubjectType = word_field(SubjectType)
    subject_id: UUID
    kind: EvidenceKind = word_field(EvidenceKind)
    source: str = Field(max_length=500)
    url: str | None = Field(default=None, max_length=1000)
    summary: str = ""
    author_id: UUID | None = Field(default=None, foreign_key="person.id")
    organisation_id: UUID | None = Field(default=None, foreign_key="organisation.id")
