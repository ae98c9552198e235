"""What every table shares: keys, times, names of constraints, and the head of an object's record."""

import os
import time
from datetime import UTC, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, ClassVar, Generic, TypeVar
from uuid import UUID

from sqlalchemy import DateTime, Dialect, MetaData, String, TypeDecorator
from sqlmodel import Field, Relationship, SQLModel

from app.domain.events import SubjectType
from app.domain.numbers import plain
from app.domain.record import GENESIS

SQLModel.metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def new_id(moment: datetime | None = None) -> UUID:
    """A fresh UUID version 7: sortable by the time it was made, random otherwise."""
    milliseconds = int(moment.timestamp() * 1000) if moment else time.time_ns() // 1_000_000
    random = int.from_bytes(os.urandom(10), "big")
    high = random >> 68 & 0xFFF
    low = random & ((1 << 62) - 1)
    return UUID(int=milliseconds << 80 | 0x7 << 76 | high << 64 | 0b10 << 62 | low)


def first_id(moment: datetime) -> UUID:
    """The smallest key made at this moment or later: what is below it is older."""
    return UUID(int=int(moment.timestamp() * 1000) << 80 | 0x7 << 76 | 0b10 << 62)


class UTCDateTime(TypeDecorator[datetime]):
    """A moment in UTC with microseconds, the same on both databases; a naive one is refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Aware to UTC; SQLite gets it without the zone it can't store."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs its time zone")
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Always aware, always UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class ExactDecimal(TypeDecorator[Decimal]):
    """A decimal with the digits it was given, as text: one of the databases would round it to a binary fraction."""

    impl = String(40)
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> str | None:
        """Plain digits, never an exponent."""
        return None if value is None else plain(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Decimal | None:
        """The same number with the same digits."""
        return None if value is None else Decimal(value)


E = TypeVar("E", bound=StrEnum)


class Word(TypeDecorator[E], Generic[E]):
    """An enum stored as its word, so that the database reads like the API."""

    impl = String(40)
    cache_ok = True

    def __init__(self, words: type[E]) -> None:
        super().__init__()
        self.words = words
        self._members = {word.value: word for word in words}

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        """Only words of the enum pass."""
        return None if value is None else self.words(value).value

    def process_result_value(self, value: str | None, dialect: Dialect) -> E | None:
        """The member; an unknown word in the database is an error, never passed on."""
        return None if value is None else self._members[value]


def word_field(words: type[E], default: E | None = None, **options: Any) -> Any:
    """A column that holds a word of the enum."""
    if default is not None:
        options["default"] = default
    return Field(sa_type=Word(words), **options)


def related(**options: Any) -> Any:
    """A relationship that a query must ask for: touching it unloaded raises, so no template starts a query."""
    return Relationship(sa_relationship_kwargs={"lazy": "raise", "viewonly": True, **options})


def moment_field(**options: Any) -> Any:
    """A column that holds a moment in UTC."""
    return Field(sa_type=UTCDateTime, **options)


def decimal_field(**options: Any) -> Any:
    """A column that holds a decimal exactly; it is never reckoned or sorted with in the database."""
    return Field(sa_type=ExactDecimal, **options)


class Table(SQLModel):
    """A row with a key made by the application."""

    id: UUID = Field(default_factory=new_id, primary_key=True)
    created_at: datetime = moment_field()


class Recorded(Table):
    """An object with a history of its own: it keeps the last sequence and hash of its chain."""

    subject_type: ClassVar[SubjectType]
    recorded_texts: ClassVar[tuple[str, ...]] = ()
    recorded_facts: ClassVar[tuple[str, ...]] = ()
    """What else of the object must be as the last event says that names it in its data."""

    sequence: int = Field(default=0)
    head_hash: str = Field(default=GENESIS, max_length=64)
    is_example: bool = Field(default=False)


class Stateful(Recorded):
    """A recorded object with a state; only `actions.moves` assigns it."""


class Written(SQLModel):
    """Who wrote it, for which organisation, from which seat: fixed when it was written."""

    author_id: UUID | None = Field(default=None, foreign_key="person.id", index=True)
    organisation_id: UUID | None = Field(default=None, foreign_key="organisation.id")
    seat_id: UUID | None = Field(default=None, foreign_key="seat.id")
