"""What addresses without an account subscribe to, and what they were told of, so that nothing is told twice."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from app.domain.follows import SubscriptionTarget
from app.models.base import Table, moment_field, word_field


class Subscription(Table, table=True):
    """An address is told of what is public; it counts once confirmed, and goes with the row when it ends.

    `last_run_id` is the run in many portions that wrote to the address last.
    """

    __table_args__ = (UniqueConstraint("address", "target", "key"), Index(None, "target", "target_id"))

    address: str = Field(max_length=254)
    target: SubscriptionTarget = word_field(SubscriptionTarget)
    target_id: UUID | None = None
    key: str = Field(max_length=64)
    confirmed_at: datetime | None = moment_field(default=None)
    last_run_id: UUID | None = None


class ToldEvent(SQLModel, table=True):
    """A public event that subscribers are told of, and the run that tells it; its mails name the run.

    While a run still has addresses to write to, `is_told` is false.
    """

    __tablename__ = "told_event"

    event_id: UUID = Field(foreign_key="event.id", primary_key=True)
    run_id: UUID = Field(index=True)
    happened_at: datetime = moment_field(index=True)
    is_told: bool = False
