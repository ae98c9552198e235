"""Unsaved texts of recommendations, each its author's alone."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, UniqueConstraint
from sqlmodel import Field

from app.models.base import Table, moment_field


class Draft(Table, table=True):
    """What one person wrote of a recommendation's text and has not saved as a version; no event tells of it.

    `revision` counts what was kept, `writer_id` is the page that kept it last: of two pages at once neither
    overwrites the other. `blocks` is None where only the plain `text` was sent; `fields` are the form's others.
    """

    __table_args__ = (UniqueConstraint("recommendation_id", "person_id"),)

    recommendation_id: UUID = Field(foreign_key="recommendation.id")
    person_id: UUID = Field(foreign_key="person.id", index=True)
    base_version: int
    revision: int = 1
    writer_id: UUID
    updated_at: datetime = moment_field()
    title: str = ""
    blocks: list[dict[str, Any]] | None = Field(default=None, sa_type=JSON)
    text: str | None = None
    fields: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
