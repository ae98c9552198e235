"""Bodies, their seats, and the persons on them."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from app.domain.actors import MembershipRole
from app.domain.bodies import BodyKind, BodyState, SeatState
from app.domain.events import SubjectType
from app.models.base import Stateful, Table, moment_field, related, word_field
from app.models.organisations import Organisation
from app.models.people import Person
from app.models.programmes import FieldOfAction, Topic


class Body(Stateful, table=True):
    """A working group or other body with its rules of procedure."""

    __table_args__ = (UniqueConstraint("slug"), Index(None, "sort_key", "id"))
    subject_type = SubjectType.BODY
    recorded_texts = ("title", "mandate", "file_reference")

    title: str = Field(max_length=300)
    slug: str = Field(max_length=100)
    sort_key: str = Field(max_length=200)
    kind: BodyKind = word_field(BodyKind)
    state: BodyState = word_field(BodyState, BodyState.PLANNED)
    field_of_action_id: UUID = Field(foreign_key="field_of_action.id", index=True)
    topic_id: UUID | None = Field(default=None, foreign_key="topic.id")
    mandate: str = ""
    file_reference: str | None = Field(default=None, max_length=100)
    rules: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    field_of_action: FieldOfAction | None = related()
    topic: Topic | None = related()


class BodyResponsible(SQLModel, table=True):
    """A person of the Geschäftsstelle who looks after a body, or covers for who does."""

    __tablename__ = "body_responsible"

    body_id: UUID = Field(foreign_key="body.id", primary_key=True)
    person_id: UUID = Field(foreign_key="person.id", primary_key=True, index=True)
    is_cover: bool = False


class BodyVisit(SQLModel, table=True):
    """When a person last opened a body's home, so that it can show what is new."""

    __tablename__ = "body_visit"

    body_id: UUID = Field(foreign_key="body.id", primary_key=True)
    person_id: UUID = Field(foreign_key="person.id", primary_key=True)
    visited_at: datetime = moment_field()
    before_at: datetime | None = moment_field(default=None)


class Seat(Stateful, table=True):
    """An organisation's seat in a body, voting or advisory; it keeps what persons leave."""

    __table_args__ = (Index(None, "body_id", "state"),)
    subject_type = SubjectType.SEAT

    body_id: UUID = Field(foreign_key="body.id")
    organisation_id: UUID = Field(foreign_key="organisation.id", index=True)
    voting: bool = True
    group: str | None = Field(default=None, max_length=100)
    state: SeatState = word_field(SeatState, SeatState.OFFERED)
    body: Body | None = related()
    organisation: Organisation | None = related()


_ACTIVE_HOLDER = "ended_on IS NULL AND role IN ('chair', 'vice_chair', 'rapporteur', 'member')"
_ACTIVE_DEPUTY = "ended_on IS NULL AND role = 'deputy'"


class Membership(Table, table=True):
    """A person on a seat in a role, from a day to a day."""

    __table_args__ = (
        Index(
            "uq_membership_holder",
            "seat_id",
            unique=True,
            sqlite_where=text(_ACTIVE_HOLDER),
            postgresql_where=text(_ACTIVE_HOLDER),
        ),
        Index(
            "uq_membership_deputy",
            "seat_id",
            unique=True,
            sqlite_where=text(_ACTIVE_DEPUTY),
            postgresql_where=text(_ACTIVE_DEPUTY),
        ),
        Index(None, "person_id", "ended_on"),
    )

    seat_id: UUID = Field(foreign_key="seat.id", index=True)
    person_id: UUID = Field(foreign_key="person.id")
    role: MembershipRole = word_field(MembershipRole)
    started_on: date
    ended_on: date | None = None
    seat: Seat | None = related()
    person: Person | None = related()
