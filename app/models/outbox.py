"""Mail waiting to be handed over, written in the transaction of its cause."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index
from sqlmodel import Field

from app.models.base import Table, moment_field


class OutgoingMail(Table, table=True):
    """One mail to one address; claimed by a worker for a lease, tried again with growing pauses."""

    __tablename__ = "outgoing_mail"
    __table_args__ = (Index(None, "sent_at", "due_at"),)

    person_id: UUID | None = Field(default=None, foreign_key="person.id")
    address: str = Field(max_length=254)
    subject: str = Field(max_length=300)
    text: str
    message_id: str = Field(max_length=200)
    due_at: datetime = moment_field()
    leased_until: datetime | None = moment_field(default=None)
    attempts: int = 0
    sent_at: datetime | None = moment_field(default=None)
    failed_at: datetime | None = moment_field(default=None)
    last_error: str = Field(default="", max_length=500)
