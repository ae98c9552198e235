"""The programme and its structure: editions, fields of action, themes, target groups, topics, questions."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, Index, UniqueConstraint, text
from sqlmodel import Field

from app.domain.editions import EditionState, FieldKind
from app.domain.events import SubjectType
from app.models.base import Recorded, Stateful, Table, moment_field, related, word_field


class Programme(Recorded, table=True):
    """A mandate that is carried on, edition by edition."""

    subject_type = SubjectType.PROGRAMME
    recorded_texts = ("title",)

    title: str = Field(max_length=300)
    description: str = ""
    legal_basis: str = ""


class Edition(Stateful, table=True):
    """What is adopted and published together; one is open per programme."""

    __table_args__ = (
        UniqueConstraint("code"),
        Index(
            "uq_edition_open",
            "programme_id",
            unique=True,
            sqlite_where=text("state = 'open'"),
            postgresql_where=text("state = 'open'"),
        ),
    )
    subject_type = SubjectType.EDITION
    recorded_texts = ("title",)

    programme_id: UUID = Field(foreign_key="programme.id")
    title: str = Field(max_length=300)
    code: str = Field(max_length=40)
    state: EditionState = word_field(EditionState, EditionState.OPEN)
    deciding_body: str | None = None
    decided_on: date | None = None
    decision_reference: str | None = None
    published_at: datetime | None = moment_field(default=None)
    order: list[Any] = Field(default_factory=list, sa_type=JSON)
    programme: Programme | None = related()


class FieldOfAction(Table, table=True):
    """A Handlungsfeld (or Dialogforum, Phase, Themenforum); may nest."""

    __tablename__ = "field_of_action"
    __table_args__ = (UniqueConstraint("programme_id", "code"), UniqueConstraint("slug"))

    programme_id: UUID = Field(foreign_key="programme.id")
    parent_id: UUID | None = Field(default=None, foreign_key="field_of_action.id")
    kind: FieldKind = word_field(FieldKind, FieldKind.FIELD_OF_ACTION)
    name: str = Field(max_length=200)
    code: str = Field(max_length=20)
    slug: str = Field(max_length=100)
    description: str = ""
    rank: int = 0


class CrossCuttingTheme(Table, table=True):
    """A Querschnittsthema, considered in every field."""

    __tablename__ = "cross_cutting_theme"
    __table_args__ = (UniqueConstraint("slug"),)

    name: str = Field(max_length=200)
    slug: str = Field(max_length=100)
    sort_key: str = Field(max_length=200)


class TargetGroup(Table, table=True):
    """A Zielgruppe."""

    __tablename__ = "target_group"
    __table_args__ = (UniqueConstraint("slug"),)

    name: str = Field(max_length=200)
    slug: str = Field(max_length=100)
    sort_key: str = Field(max_length=200)


class Topic(Table, table=True):
    """A topic in a field; with a year it is that year's focus."""

    __table_args__ = (UniqueConstraint("slug"),)

    field_of_action_id: UUID = Field(foreign_key="field_of_action.id", index=True)
    title: str = Field(max_length=300)
    slug: str = Field(max_length=100)
    year: int | None = None
    is_example: bool = False
    field_of_action: FieldOfAction | None = related()


class GuidingQuestion(Table, table=True):
    """A Leitfrage, asked of a topic, a body, or both."""

    __tablename__ = "guiding_question"
    __table_args__ = (UniqueConstraint("slug"),)

    title: str = Field(max_length=500)
    slug: str = Field(max_length=100)
    topic_id: UUID | None = Field(default=None, foreign_key="topic.id", index=True)
    body_id: UUID | None = Field(default=None, foreign_key="body.id", index=True)
    is_example: bool = False
    topic: Topic | None = related()
