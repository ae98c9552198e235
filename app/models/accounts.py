"""What lets a person in: sign-ins, tokens, one-time links, and attempts that are counted."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field

from app.models.base import Table, moment_field, word_field


class SignIn(Table, table=True):
    """A signed-in browser; the cookie's secret stands here only as a digest."""

    __tablename__ = "sign_in"
    __table_args__ = (UniqueConstraint("digest"),)

    person_id: UUID = Field(foreign_key="person.id", index=True)
    digest: str = Field(max_length=64)
    form_secret: str = Field(max_length=64)
    expires_at: datetime = moment_field()
    revoked_at: datetime | None = moment_field(default=None)
    agent: str = Field(default="", max_length=200)


class ApiToken(Table, table=True):
    """A personal token for programs; shown once, kept as a digest."""

    __tablename__ = "api_token"
    __table_args__ = (UniqueConstraint("digest"),)

    person_id: UUID = Field(foreign_key="person.id", index=True)
    name: str = Field(max_length=100)
    digest: str = Field(max_length=64)
    may_write: bool = False
    expires_at: datetime | None = moment_field(default=None)
    revoked_at: datetime | None = moment_field(default=None)


class LinkPurpose(StrEnum):
    """What a one-time link opens."""

    INVITATION = "invitation"
    PASSWORD = "password"
    NOMINATION = "nomination"


class OneTimeLink(Table, table=True):
    """A link sent by mail: opening shows, only sending the form uses it up.

    `address` and `name` say whom to remind of a seat's offer; both go when it is answered or over.
    """

    __tablename__ = "one_time_link"
    __table_args__ = (UniqueConstraint("digest"), Index(None, "purpose", "expires_at"))

    purpose: LinkPurpose = word_field(LinkPurpose)
    digest: str = Field(max_length=64)
    person_id: UUID | None = Field(default=None, foreign_key="person.id", index=True)
    seat_id: UUID | None = Field(default=None, foreign_key="seat.id", index=True)
    address: str = Field(default="", max_length=254)
    name: str = Field(default="", max_length=200)
    expires_at: datetime = moment_field()
    used_at: datetime | None = moment_field(default=None)


class Attempt(Table, table=True):
    """A failed sign-in or a mail asked for, counted per account and per address for all workers."""

    __table_args__ = (Index(None, "kind", "key", "created_at"),)

    kind: str = Field(max_length=20)
    key: str = Field(max_length=64)
