"""Ballots: pinned version, electorate and rules; positions by seat; dissenting opinions and waivers."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from app.domain.ballots import BallotState
from app.domain.consensus import Position
from app.domain.events import SubjectType
from app.models.base import Recorded, Stateful, Table, Written, moment_field, related, word_field
from app.models.bodies import Seat
from app.models.organisations import Organisation


class Ballot(Stateful, table=True):
    """One decision of a body on one version, under rules fixed when it opened.

    In a meeting it has the day it is `held_on` and its `place`; by circulation neither.
    """

    __table_args__ = (
        UniqueConstraint("recommendation_id", "number"),
        Index(
            "uq_ballot_open",
            "recommendation_id",
            unique=True,
            sqlite_where=text("state = 'open'"),
            postgresql_where=text("state = 'open'"),
        ),
        Index(None, "state", "closes_at"),
        Index(None, "dissent_until"),
    )
    subject_type = SubjectType.BALLOT
    recorded_texts = ("closing_reason", "postponing_reason", "place")
    recorded_facts = (
        "recommendation_id",
        "number",
        "rules",
        "minimum_days",
        "closes_at",
        "held_on",
        "former_ballot_id",
        "changed_block_ids",
        "result",
        "dissent_until",
    )

    recommendation_id: UUID = Field(foreign_key="recommendation.id")
    body_id: UUID = Field(foreign_key="body.id")
    number: int
    version: int
    rules: dict[str, Any] = Field(sa_type=JSON)
    minimum_days: int
    state: BallotState = word_field(BallotState, BallotState.OPEN)
    is_history: bool = False
    opened_at: datetime = moment_field()
    closes_at: datetime = moment_field()
    closed_at: datetime | None = moment_field(default=None)
    dissent_until: datetime | None = moment_field(default=None)
    former_ballot_id: UUID | None = Field(default=None, foreign_key="ballot.id")
    changed_block_ids: list[Any] = Field(default_factory=list, sa_type=JSON)
    closing_reason: str | None = None
    postponed_from: datetime | None = moment_field(default=None)
    postponing_reason: str | None = None
    held_on: date | None = None
    place: str | None = Field(default=None, max_length=300)
    result: dict[str, Any] | None = Field(default=None, sa_type=JSON)

    @property
    def is_in_meeting(self) -> bool:
        """Whether it is taken in a meeting, where positions may be recorded for the seats that are there."""
        return self.held_on is not None


class BallotSeat(SQLModel, table=True):
    """A seat entitled in a ballot, with its group as it was when the ballot opened."""

    __tablename__ = "ballot_seat"

    ballot_id: UUID = Field(foreign_key="ballot.id", primary_key=True)
    seat_id: UUID = Field(foreign_key="seat.id", primary_key=True, index=True)
    group: str | None = Field(default=None, max_length=100)
    seat: Seat | None = related()


class SeatPosition(Recorded, table=True):
    """The position of a seat's member or of its deputy; the member's counts where both stand.

    What a seat said in a meeting may have been recorded for it; `recorded_by_id` is who did, until the seat speaks.
    """

    __tablename__ = "seat_position"
    __table_args__ = (UniqueConstraint("ballot_id", "seat_id", "is_deputy"),)
    subject_type = SubjectType.POSITION
    recorded_texts = ("reason", "alternative")
    recorded_facts = ("ballot_id", "seat_id", "is_deputy", "position")

    ballot_id: UUID = Field(foreign_key="ballot.id")
    seat_id: UUID = Field(foreign_key="seat.id")
    is_deputy: bool = False
    person_id: UUID | None = Field(default=None, foreign_key="person.id")
    recorded_by_id: UUID | None = Field(default=None, foreign_key="person.id")
    position: Position = word_field(Position)
    reason: str = ""
    alternative: str = ""
    taken_at: datetime = moment_field()


class DissentingOpinion(Recorded, Written, table=True):
    """A Sondervotum: filed by a seat on a ballot, with co-signers and alternative wording."""

    __tablename__ = "dissenting_opinion"
    __table_args__ = (Index(None, "recommendation_id", "created_at"),)
    subject_type = SubjectType.DISSENTING_OPINION
    recorded_texts = ("text", "alternative")

    ballot_id: UUID = Field(foreign_key="ballot.id", index=True)
    recommendation_id: UUID = Field(foreign_key="recommendation.id")
    body_id: UUID = Field(foreign_key="body.id")
    version: int
    text: str
    alternative: str = ""
    block_id: UUID | None = None
    organisation: Organisation | None = related()


class DissentCoSigner(SQLModel, table=True):
    """A seat that signs another's dissenting opinion."""

    __tablename__ = "dissent_co_signer"

    dissenting_opinion_id: UUID = Field(foreign_key="dissenting_opinion.id", primary_key=True)
    seat_id: UUID = Field(foreign_key="seat.id", primary_key=True, index=True)
    seat: Seat | None = related()


class DissentWaiver(Table, table=True):
    """A seat says that it will file no dissenting opinion."""

    __tablename__ = "dissent_waiver"
    __table_args__ = (UniqueConstraint("ballot_id", "seat_id"),)

    ballot_id: UUID = Field(foreign_key="ballot.id")
    seat_id: UUID = Field(foreign_key="seat.id")
    person_id: UUID | None = Field(default=None, foreign_key="person.id")
