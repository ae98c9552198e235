"""Proposals, the needs they answer, and what they touch."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, Index
from sqlmodel import Field, SQLModel

from app.domain.events import SubjectType
from app.domain.proposals import ProposalState
from app.domain.visibility import Visibility
from app.models.base import Stateful, Written, moment_field, related, word_field
from app.models.bodies import Body
from app.models.organisations import Organisation


class Proposal(Stateful, Written, table=True):
    """A proposal for a recommendation; submitted text is frozen, an edit counts up `version`."""

    __table_args__ = (
        Index(None, "body_id", "created_at", "id"),
        Index(None, "created_at", "id"),
        Index(None, "state", "created_at"),
        Index(None, "sort_key", "id"),
    )
    subject_type = SubjectType.PROPOSAL
    recorded_texts = ("title", "description")

    body_id: UUID = Field(foreign_key="body.id")
    title: str = Field(max_length=200)
    description: str
    search_text: str
    sort_key: str = Field(default="", max_length=200)
    version: int = 1
    state: ProposalState = word_field(ProposalState, ProposalState.DRAFT)
    visibility: Visibility = word_field(Visibility, Visibility.BODY)
    topic_id: UUID | None = Field(default=None, foreign_key="topic.id", index=True)
    merged_into_id: UUID | None = Field(default=None, foreign_key="proposal.id", index=True)
    answer: str | None = None
    block_ids: list[Any] = Field(default_factory=list, sa_type=JSON)
    submitted_at: datetime | None = moment_field(default=None)
    body: Body | None = related(foreign_keys="Proposal.body_id")
    organisation: Organisation | None = related(foreign_keys="Proposal.organisation_id")


class ProposalReader(SQLModel, table=True):
    """A person who may read a confidential proposal."""

    __tablename__ = "proposal_reader"

    proposal_id: UUID = Field(foreign_key="proposal.id", primary_key=True)
    person_id: UUID = Field(foreign_key="person.id", primary_key=True, index=True)


class ProposalNeed(SQLModel, table=True):
    """A proposal answers a need."""

    __tablename__ = "proposal_need"

    proposal_id: UUID = Field(foreign_key="proposal.id", primary_key=True)
    need_id: UUID = Field(foreign_key="need.id", primary_key=True, index=True)


class ProposalTheme(SQLModel, table=True):
    """A proposal touches a cross-cutting theme."""

    __tablename__ = "proposal_theme"

    proposal_id: UUID = Field(foreign_key="proposal.id", primary_key=True)
    theme_id: UUID = Field(foreign_key="cross_cutting_theme.id", primary_key=True, index=True)


class ProposalTargetGroup(SQLModel, table=True):
    """A proposal is for a target group."""

    __tablename__ = "proposal_target_group"

    proposal_id: UUID = Field(foreign_key="proposal.id", primary_key=True)
    target_group_id: UUID = Field(foreign_key="target_group.id", primary_key=True, index=True)


class ProposalQuestion(SQLModel, table=True):
    """A proposal answers a guiding question."""

    __tablename__ = "proposal_question"

    proposal_id: UUID = Field(foreign_key="proposal.id", primary_key=True)
    question_id: UUID = Field(foreign_key="guiding_question.id", primary_key=True, index=True)
