"""Stellungnahmeverfahren: rounds, their questions and audience, statements; invitations to take part."""

from datetime import date, datetime
from typing import TYPE_CHECKING
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

if TYPE_CHECKING:
    from app.models.attachments import Attachment


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


class StatementLink(Table, table=True):
    """By this link an organisation without an account answers a round; who has it sees the pinned version alone.

    The link itself is signed and stands nowhere; `address` is where it was sent, empty where somebody passes it on.
    """

    __tablename__ = "statement_link"
    __table_args__ = (
        Index(
            "uq_statement_link_open",
            "round_id",
            "organisation_id",
            unique=True,
            sqlite_where=text("revoked_at IS NULL"),
            postgresql_where=text("revoked_at IS NULL"),
        ),
    )

    round_id: UUID = Field(foreign_key="comment_round.id", index=True)
    organisation_id: UUID = Field(foreign_key="organisation.id", index=True)
    address: str = Field(default="", max_length=254)
    revoked_at: datetime | None = moment_field(default=None)
    organisation: Organisation | None = related()


class Statement(Stateful, Written, table=True):
    """What an organisation says in a round; every one ends with a disposition or is withdrawn.

    `author_name` is who wrote without an account in a public round; it is never published. `link_id` is the link by
    which an organisation without an account sent it.
    """

    __table_args__ = (Index(None, "round_id", "created_at"), Index(None, "recommendation_id", "state"))
    subject_type = SubjectType.STATEMENT
    recorded_texts = ("text",)
    recorded_facts = ("disposition",)

    round_id: UUID = Field(foreign_key="comment_round.id")
    recommendation_id: UUID = Field(foreign_key="recommendation.id")
    body_id: UUID = Field(foreign_key="body.id")
    kind: StatementKind = word_field(StatementKind, StatementKind.STATEMENT)
    text: str = ""
    block_id: UUID | None = None
    question_id: UUID | None = Field(default=None, foreign_key="round_question.id")
    publish: bool = False
    author_name: str = Field(default="", max_length=300)
    link_id: UUID | None = Field(default=None, foreign_key="statement_link.id", index=True)
    state: StatementState = word_field(StatementState, StatementState.OPEN)
    disposition: Disposition | None = word_field(Disposition, nullable=True)
    disposition_reason: str | None = None
    disposed_at: datetime | None = moment_field(default=None)
    disposed_by_id: UUID | None = Field(default=None, foreign_key="person.id")
    organisation: Organisation | None = related()
    files: list["Attachment"] = related(
        primaryjoin="and_(foreign(Attachment.on_id) == Statement.id, Attachment.removed_at.is_(None))",
        order_by="Attachment.created_at",
    )


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
