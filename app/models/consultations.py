"""Stellungnahmeverfahren: rounds, their questions and audience, statements; invitations to take part."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint, text
from sqlalchemy.orm import aliased, column_property
from sqlmodel import Field, SQLModel, col, select

from app.domain.consultations import (
    Audience,
    Disposition,
    InvitationChannel,
    RoundState,
    StatementKind,
    StatementState,
)
from app.domain.events import SubjectType
from app.models.base import Stateful, Table, Written, moment_field, related, word_field
from app.models.organisations import Organisation
from app.models.recommendations import Recommendation


class CommentRound(Stateful, table=True):
    """A round on one pinned version; at `closes_at` the clock closes it, the worker records that."""

    __tablename__ = "comment_round"
    __table_args__ = (
        UniqueConstraint("recommendation_id", "number"),
        Index(
            "uq_comment_round_open",
            "recommendation_id",
            unique=True,
            sqlite_where=text("state = 'open'"),
            postgresql_where=text("state = 'open'"),
        ),
        Index(None, "state", "closes_at"),
    )
    subject_type = SubjectType.COMMENT_ROUND

    recommendation_id: UUID = Field(foreign_key="recommendation.id")
    body_id: UUID = Field(foreign_key="body.id")
    number: int
    version: int
    audience: Audience = word_field(Audience)
    state: RoundState = word_field(RoundState, RoundState.OPEN)
    opened_at: datetime = moment_field()
    closes_at: datetime = moment_field()
    closed_at: datetime | None = moment_field(default=None)
    opening_reason: str | None = None
    closing_reason: str | None = None
    recommendation: Recommendation | None = related()


class RoundOrganisation(SQLModel, table=True):
    """An organisation asked in a round, fixed when it opened."""

    __tablename__ = "round_organisation"

    round_id: UUID = Field(foreign_key="comment_round.id", primary_key=True)
    organisation_id: UUID = Field(foreign_key="organisation.id", primary_key=True, index=True)
    organisation: Organisation | None = related()


class RoundQuestion(Table, table=True):
    """A question the round asks, on the whole or on one block."""

    __tablename__ = "round_question"

    round_id: UUID = Field(foreign_key="comment_round.id", index=True)
    position: int
    text: str
    block_id: UUID | None = None


class Statement(Stateful, Written, table=True):
    """What an organisation says in a round; every one ends with a disposition or is withdrawn.

    `author_name` is who wrote without an account in a public round; it is never published.
    """

    __table_args__ = (Index(None, "round_id", "created_at"), Index(None, "recommendation_id", "state"))
    subject_type = SubjectType.STATEMENT
    recorded_texts = ("text",)

    round_id: UUID = Field(foreign_key="comment_round.id")
    recommendation_id: UUID = Field(foreign_key="recommendation.id")
    body_id: UUID = Field(foreign_key="body.id")
    kind: StatementKind = word_field(StatementKind, StatementKind.STATEMENT)
    text: str = ""
    block_id: UUID | None = None
    publish: bool = False
    author_name: str = Field(default="", max_length=300)
    state: StatementState = word_field(StatementState, StatementState.OPEN)
    disposition: Disposition | None = word_field(Disposition, nullable=True)
    disposition_reason: str | None = None
    disposed_at: datetime | None = moment_field(default=None)
    disposed_by_id: UUID | None = Field(default=None, foreign_key="person.id")
    organisation: Organisation | None = related()


class Invitation(Table, table=True):
    """An organisation was invited to take part in a recommendation; answered and silent are derived."""

    __table_args__ = (Index(None, "recommendation_id", "organisation_id"),)

    recommendation_id: UUID = Field(foreign_key="recommendation.id")
    organisation_id: UUID = Field(foreign_key="organisation.id")
    invited_on: date
    channel: InvitationChannel = word_field(InvitationChannel)
    round_id: UUID | None = Field(default=None, foreign_key="comment_round.id")
    reference: str | None = Field(default=None, max_length=300)
    author_id: UUID | None = Field(default=None, foreign_key="person.id")
    organisation: Organisation | None = related()


_newest_round = aliased(CommentRound)
Recommendation.consulted_until = column_property(  # type: ignore[assignment]
    select(_newest_round.closes_at)
    .where(_newest_round.recommendation_id == Recommendation.id)
    .order_by(col(_newest_round.number).desc())
    .limit(1)
    .correlate_except(_newest_round)
    .scalar_subquery()
)
