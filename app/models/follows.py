"""What persons follow."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from app.domain.events import SubjectType
from app.domain.follows import FollowTarget
from app.domain.implementation import ImplementationStatus
from app.domain.reuses import Land, SizeClass
from app.domain.visibility import Visibility
from app.models.base import Table, moment_field, word_field


class Follow(Table, table=True):
    """A person follows a thing, everything in a body or field, or a list; muted, it hears no news of it.

    `target_id` names the thing, the body, the field or the `FollowedList`.
    """

    __table_args__ = (UniqueConstraint("person_id", "target_id"), Index(None, "target_id", "person_id"))

    person_id: UUID = Field(foreign_key="person.id")
    target: FollowTarget = word_field(FollowTarget)
    target_id: UUID
    is_automatic: bool = False
    is_muted: bool = False


class FollowedList(Table, table=True):
    """The filters of a list that somebody follows; its id is made of them, so that one list is one row.

    What is None narrows nothing. `organisation_id` is who wrote a need or proposal, is addressed by a recommendation,
    or answers for a measure; `published_from` and `published_before` are the bounds of a year in Berlin.
    """

    __tablename__ = "followed_list"
    __table_args__ = (Index(None, "noun"),)

    noun: SubjectType = word_field(SubjectType)
    body_id: UUID | None = Field(default=None, foreign_key="body.id")
    field_of_action_id: UUID | None = Field(default=None, foreign_key="field_of_action.id")
    topic_id: UUID | None = Field(default=None, foreign_key="topic.id")
    guiding_question_id: UUID | None = Field(default=None, foreign_key="guiding_question.id")
    cross_cutting_theme_id: UUID | None = Field(default=None, foreign_key="cross_cutting_theme.id")
    target_group_id: UUID | None = Field(default=None, foreign_key="target_group.id")
    organisation_id: UUID | None = Field(default=None, foreign_key="organisation.id")
    state: str | None = Field(default=None, max_length=40)
    visibility: Visibility | None = word_field(Visibility, nullable=True)
    implementation_status: ImplementationStatus | None = word_field(ImplementationStatus, nullable=True)
    recommendation_id: UUID | None = Field(default=None, foreign_key="recommendation.id")
    land: Land | None = word_field(Land, nullable=True)
    size_class: SizeClass | None = word_field(SizeClass, nullable=True)
    published_from: datetime | None = moment_field(default=None)
    published_before: datetime | None = moment_field(default=None)


class FollowedListWord(SQLModel, table=True):
    """A word that must occur in what a followed list finds; kept so that it can be compared in the database."""

    __tablename__ = "followed_list_word"

    list_id: UUID = Field(foreign_key="followed_list.id", primary_key=True)
    word: str = Field(max_length=200, primary_key=True)
