"""Reads of publications; everybody reads what stands, nobody what was taken back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, extract, func, or_
from sqlalchemy.orm import joinedload
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from app.models.publications import Publication
from app.queries.base import DEFAULT_LIMIT, Page, contains, decode_cursor, encode_cursor, get_visible


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicationFilter:
    """What the list is narrowed to; None leaves a field open."""

    field_of_action_id: UUID | None = None
    edition_id: UUID | None = None
    year: int | None = None
    q: str | None = None


def visible() -> ColumnElement[bool]:
    """What stands."""
    return col(Publication.withdrawn_at).is_(None)


def list_publications(
    session: Session, chosen: PublicationFilter, *, limit: int = DEFAULT_LIMIT, after: str | None = None
) -> Page[Publication]:
    """Publications, the latest day first. One statement."""
    statement = _with_names(select(Publication).where(visible(), *_conditions(chosen)))
    if after:
        day, key = decode_cursor(after, _parsed)
        on_that_day = and_(col(Publication.published_on) == day, col(Publication.id) < key)
        statement = statement.where(or_(col(Publication.published_on) < day, on_that_day))
    order = (col(Publication.published_on).desc(), col(Publication.id).desc())
    found = session.exec(statement.order_by(*order).limit(limit + 1)).all()
    last = found[limit - 1] if len(found) > limit else None
    return Page(found[:limit], encode_cursor([last.published_on.isoformat(), str(last.id)]) if last else None)


def count_publications(session: Session, chosen: PublicationFilter) -> int:
    """How many the filter finds."""
    statement = select(func.count()).select_from(Publication).where(visible(), *_conditions(chosen))
    return session.exec(statement).one()


def years_of_publications(session: Session) -> Sequence[int]:
    """The years something appeared in, newest first."""
    year: Any = extract("year", col(Publication.published_on))
    found = session.exec(select(year).where(visible()).distinct()).all()
    return sorted((int(each) for each in found), reverse=True)


def get_publication(session: Session, key: UUID) -> Publication:
    """One publication with field and edition; NotFound where absent or taken back."""
    return get_visible(session, _with_names(select(Publication).where(Publication.id == key, visible())))


def _with_names(statement: SelectOfScalar[Publication]) -> SelectOfScalar[Publication]:
    return statement.options(
        joinedload(Publication.field_of_action),  # type: ignore[arg-type]
        joinedload(Publication.edition),  # type: ignore[arg-type]
    )


def _conditions(chosen: PublicationFilter) -> list[Any]:
    found: list[Any] = []
    for name in ("field_of_action_id", "edition_id"):
        value = getattr(chosen, name)
        if value is not None:
            found.append(getattr(Publication, name) == value)
    if chosen.year is not None:
        found.append(col(Publication.published_on).between(date(chosen.year, 1, 1), date(chosen.year, 12, 31)))
    if chosen.q:
        found.append(contains(col(Publication.search_text), chosen.q))
    return found


def _parsed(parts: list[str]) -> tuple[date, UUID]:
    day, key = parts
    return date.fromisoformat(day), UUID(key)
