"""Recommendations and their immutable versions made of blocks."""

from datetime import date, datetime
from typing import ClassVar
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from app.domain.events import SubjectType
from app.domain.recommendations import RecommendationState
from app.domain.text.blocks import BlockKind, BlockPart
from app.models.base import Stateful, Table, Written, moment_field, related, word_field
from app.models.bodies import Body
from app.models.organisations import Organisation
from app.models.programmes import Edition, FieldOfAction, Topic
from app.models.record import RecordText


class Recommendation(Stateful, Written, table=True):
    """A recommendation on its way; `title` and `version` are those of the newest version.

    `suspended_from` is where `resume` leads back to; `state_since` is when the state began. `consulted_until` is
    read with every row: when its newest Stellungnahmeverfahren closes or was to close, None where it had none.
    """

    __table_args__ = (
        UniqueConstraint("reference"),
        UniqueConstraint("edition_id", "field_of_action_id", "number"),
        Index(None, "state", "published_at"),
        Index(None, "body_id", "created_at", "id"),
    )
    subject_type = SubjectType.RECOMMENDATION
    recorded_texts = ("file_reference",)
    recorded_facts = ("reference", "decided_on")

    body_id: UUID = Field(foreign_key="body.id")
    edition_id: UUID = Field(foreign_key="edition.id", index=True)
    field_of_action_id: UUID = Field(foreign_key="field_of_action.id", index=True)
    topic_id: UUID | None = Field(default=None, foreign_key="topic.id", index=True)
    title: str = Field(max_length=300)
    search_text: str = ""
    version: int = 0
    state: RecommendationState = word_field(RecommendationState, RecommendationState.DRAFT)
    state_since: datetime = moment_field()
    suspended_from: RecommendationState | None = word_field(RecommendationState, nullable=True)
    number: int | None = None
    reference: str | None = Field(default=None, max_length=90)
    file_reference: str | None = Field(default=None, max_length=100)
    adopted_version: int | None = None
    deciding_body: str | None = Field(default=None, max_length=300)
    decided_on: date | None = None
    decision_reference: str | None = Field(default=None, max_length=300)
    adopted_at: datetime | None = moment_field(default=None)
    publish_at: datetime | None = moment_field(default=None)
    published_at: datetime | None = moment_field(default=None)
    confirmed_year: int | None = None
    tracking_closed_at: datetime | None = moment_field(default=None)
    tracking_closed_reason: str | None = None
    body: Body | None = related(foreign_keys="Recommendation.body_id")
    edition: Edition | None = related()
    field_of_action: FieldOfAction | None = related()
    topic: Topic | None = related()
    consulted_until: ClassVar[datetime | None]


class RecommendationAddressee(SQLModel, table=True):
    """An organisation named when the recommendation was drafted; its first version takes it over."""

    __tablename__ = "recommendation_addressee"

    recommendation_id: UUID = Field(foreign_key="recommendation.id", primary_key=True)
    organisation_id: UUID = Field(foreign_key="organisation.id", primary_key=True, index=True)
    position: int = 0


class Version(Table, Written, table=True):
    """An immutable version (a trigger refuses every change); its texts stand in `record_text`.

    `hashed` is the canonical form as stored text, `content_hash` its SHA-256.
    """

    __table_args__ = (UniqueConstraint("recommendation_id", "number"),)

    recommendation_id: UUID = Field(foreign_key="recommendation.id")
    number: int
    base_number: int | None = None
    editorial: bool = False
    hashed: str
    content_hash: str = Field(max_length=64)
    organisation: Organisation | None = related()


class VersionBlock(SQLModel, table=True):
    """One block of one version, in its place; immutable with it."""

    __tablename__ = "version_block"

    version_id: UUID = Field(foreign_key="version.id", primary_key=True)
    position: int = Field(primary_key=True)
    block_id: UUID = Field(index=True)
    part: BlockPart = word_field(BlockPart)
    kind: BlockKind = word_field(BlockKind, BlockKind.PARAGRAPH)
    number: str | None = Field(default=None, max_length=10)
    text_id: UUID = Field(foreign_key="record_text.id")
    record_text: RecordText | None = related()


class VersionAddressee(SQLModel, table=True):
    """An organisation a version is addressed to; immutable with it."""

    __tablename__ = "version_addressee"

    version_id: UUID = Field(foreign_key="version.id", primary_key=True)
    organisation_id: UUID = Field(foreign_key="organisation.id", primary_key=True, index=True)
    position: int = 0
    organisation: Organisation | None = related()


class BlockSource(Table, table=True):
    """What a block comes from: a need, proposal, statement or amendment, linked by whom and when."""

    __tablename__ = "block_source"
    __table_args__ = (UniqueConstraint("recommendation_id", "block_id", "source_id"),)

    recommendation_id: UUID = Field(foreign_key="recommendation.id")
    block_id: UUID
    source_type: SubjectType = word_field(SubjectType)
    source_id: UUID = Field(index=True)
    author_id: UUID | None = Field(default=None, foreign_key="person.id")


class RecommendationNeed(SQLModel, table=True):
    """A recommendation answers a need."""

    __tablename__ = "recommendation_need"

    recommendation_id: UUID = Field(foreign_key="recommendation.id", primary_key=True)
    need_id: UUID = Field(foreign_key="need.id", primary_key=True, index=True)


class RecommendationProposal(SQLModel, table=True):
    """A recommendation takes up a proposal."""

    __tablename__ = "recommendation_proposal"

    recommendation_id: UUID = Field(foreign_key="recommendation.id", primary_key=True)
    proposal_id: UUID = Field(foreign_key="proposal.id", primary_key=True, index=True)


class RecommendationTheme(SQLModel, table=True):
    """A recommendation touches a cross-cutting theme."""

    __tablename__ = "recommendation_theme"

    recommendation_id: UUID = Field(foreign_key="recommendation.id", primary_key=True)
    theme_id: UUID = Field(foreign_key="cross_cutting_theme.id", primary_key=True, index=True)


class RecommendationTargetGroup(SQLModel, table=True):
    """A recommendation is for a target group."""

    __tablename__ = "recommendation_target_group"

    recommendation_id: UUID = Field(foreign_key="recommendation.id", primary_key=True)
    target_group_id: UUID = Field(foreign_key="target_group.id", primary_key=True, index=True)


class RecommendationQuestion(SQLModel, table=True):
    """A recommendation answers a guiding question."""

    __tablename__ = "recommendation_question"

    recommendation_id: UUID = Field(foreign_key="recommendation.id", primary_key=True)
    question_id: UUID = Field(foreign_key="guiding_question.id", primary_key=True, index=True)


class Supersession(SQLModel, table=True):
    """A published recommendation took the place of another."""

    recommendation_id: UUID = Field(foreign_key="recommendation.id", primary_key=True)
    successor_id: UUID = Field(foreign_key="recommendation.id", primary_key=True, index=True)


class Erratum(Table, table=True):
    """A note beside a frozen text; the text itself stays."""

    recommendation_id: UUID = Field(foreign_key="recommendation.id", index=True)
    block_id: UUID | None = None
    text: str
    author_id: UUID | None = Field(default=None, foreign_key="person.id")
