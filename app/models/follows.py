"""What persons follow, and what addresses without an account subscribe to."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, Index, UniqueConstraint
from sqlmodel import Field

from app.domain.follows import FollowTarget, SubscriptionTarget
from app.models.base import Table, moment_field, word_field


class Follow(Table, table=True):
    """A person follows a thing, everything in a body or field, or a list; muted, it hears nothing of it.

    `key` names the target once: the id of a thing, or the digest of a list's filters.
    """

    __table_args__ = (UniqueConstraint("person_id", "target", "key"), Index(None, "target", "target_id"))

    person_id: UUID = Field(foreign_key="person.id")
    target: FollowTarget = word_field(FollowTarget)
    target_id: UUID | None = None
    key: str = Field(max_length=64)
    list_path: str = Field(default="", max_length=60)
    filters: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    is_automatic: bool = False
    is_muted: bool = False


class Subscription(Table, table=True):
    """An address is told of what is public; it counts once confirmed, and goes with the row when it ends."""

    __table_args__ = (UniqueConstraint("address", "target", "key"), Index(None, "target", "target_id"))

    address: str = Field(max_length=254)
    target: SubscriptionTarget = word_field(SubscriptionTarget)
    target_id: UUID | None = None
    key: str = Field(max_length=64)
    confirmed_at: datetime | None = moment_field(default=None)
