"""The room of a seat in a round: one shared draft, what colleagues say about it, and who was let in by name.

It is its organisation's alone and no part of the record: nothing here was said to anybody outside.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from app.models.base import Table, moment_field, related
from app.models.people import Person


class StatementDraft(Table, table=True):
    """The draft of a seat's statement; `revision` grows with every save, and a save names the one it read."""

    __tablename__ = "statement_draft"
    __table_args__ = (UniqueConstraint("round_id", "seat_id"),)

    round_id: UUID = Field(foreign_key="comment_round.id")
    seat_id: UUID = Field(foreign_key="seat.id", index=True)
    revision: int = 0
    text: str = ""
    block_id: UUID | None = None
    publish: bool = False
    saved_at: datetime = moment_field()
    saved_by_id: UUID | None = Field(default=None, foreign_key="person.id")


class RoomComment(Table, table=True):
    """What somebody in the room says about the draft; its author may take it away for good."""

    __tablename__ = "room_comment"
    __table_args__ = (Index(None, "round_id", "seat_id", "created_at"),)

    round_id: UUID = Field(foreign_key="comment_round.id")
    seat_id: UUID = Field(foreign_key="seat.id", index=True)
    author_id: UUID = Field(foreign_key="person.id", index=True)
    text: str
    author: Person | None = related()


class RoomReader(SQLModel, table=True):
    """A colleague of the seat's organisation whom its member let into the rooms of the seat."""

    __tablename__ = "room_reader"

    seat_id: UUID = Field(foreign_key="seat.id", primary_key=True)
    person_id: UUID = Field(foreign_key="person.id", primary_key=True, index=True)
    invited_by_id: UUID = Field(foreign_key="person.id")
    invited_at: datetime = moment_field()
