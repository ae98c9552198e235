"""Mail waiting to be handed over, written in the transaction of its cause; and addresses that take none."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, Index, UniqueConstraint, text
from sqlmodel import Field

from app.models.base import Table, moment_field


class OutgoingMail(Table, table=True):
    """One mail to one address; claimed by a worker for a lease, tried again with growing pauses.

    It is rendered when it is handed over: `template` names what it says, `data` fills it and is emptied once the
    mail has left. It ends sent, failed (a dead letter), or dropped because nothing was left to say. Of those due
    the one with the lowest `precedence` leaves first. Who holds `lease_id` until `leased_until` hands it over.
    """

    __tablename__ = "outgoing_mail"
    __table_args__ = (
        Index(
            "ix_outgoing_mail_waiting",
            "precedence",
            "due_at",
            "id",
            sqlite_where=text("sent_at IS NULL AND failed_at IS NULL AND dropped_at IS NULL"),
            postgresql_where=text("sent_at IS NULL AND failed_at IS NULL AND dropped_at IS NULL"),
        ),
        # Partial, so that nobody looks for waiting mail among the millions that did not fail.
        Index(
            "ix_outgoing_mail_dead",
            "failed_at",
            sqlite_where=text("failed_at IS NOT NULL"),
            postgresql_where=text("failed_at IS NOT NULL"),
        ),
        Index(
            "ix_outgoing_mail_stranger",
            "address",
            sqlite_where=text("person_id IS NULL"),
            postgresql_where=text("person_id IS NULL"),
        ),
    )

    person_id: UUID | None = Field(default=None, foreign_key="person.id", index=True)
    address: str = Field(max_length=254)
    template: str = Field(max_length=60)
    data: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    message_id: str = Field(max_length=200)
    thread_id: str | None = Field(default=None, max_length=200)
    precedence: int = 1
    due_at: datetime = moment_field()
    lease_id: UUID | None = None
    leased_until: datetime | None = moment_field(default=None)
    attempts: int = 0
    sent_at: datetime | None = moment_field(default=None)
    failed_at: datetime | None = moment_field(default=None)
    dropped_at: datetime | None = moment_field(default=None)
    last_error: str = Field(default="", max_length=500)


class UndeliverableAddress(Table, table=True):
    """An address whose server refused mail for good; nothing but links asked for is sent there until it is set free."""

    __tablename__ = "undeliverable_address"
    __table_args__ = (UniqueConstraint("address"),)

    address: str = Field(max_length=254)
    reason: str = Field(default="", max_length=500)
    refusals: int = 1
    refused_at: datetime = moment_field()
