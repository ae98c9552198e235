"""What the worker does again and again, claimed by one worker at a time."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Field, SQLModel

from app.models.base import moment_field


class Schedule(SQLModel, table=True):
    """One recurring piece of work: when it is due next, who has it in hand, how it went last."""

    name: str = Field(primary_key=True, max_length=60)
    due_at: datetime = moment_field()
    lease_id: UUID | None = None
    leased_until: datetime | None = moment_field(default=None)
    started_at: datetime | None = moment_field(default=None)
    finished_at: datetime | None = moment_field(default=None)
    failures: int = 0
    last_error: str = Field(default="", max_length=500)
