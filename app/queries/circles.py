"""Circles of persons who are told of something, each a selection of ids; whether they may read it is asked later."""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_
from sqlmodel import col

from app.models.people import Person


def takes_part() -> ColumnElement[bool]:
    """The person has an account and its access has not ended: nobody else is told of anything."""
    return and_(col(Person.joined_at).is_not(None), col(Person.ended_at).is_(None), col(Person.redacted_at).is_(None))
