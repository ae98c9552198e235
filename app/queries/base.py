"""What every noun's reads share: one object or NotFound, the row lock of a writer, keyset pages."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, and_, bindparam, or_
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from app.errors import FieldError, Invalid, NotFound
from app.i18n import _
from app.models.base import Table

T = TypeVar("T", bound=Table)
P = TypeVar("P")
DEFAULT_LIMIT = 50
MAXIMUM_LIMIT = 200


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """One page of a list and the cursor of the next, None at the end."""

    items: Sequence[T]
    next: str | None = None


def get_for_update(session: Session, model: type[T], key: UUID, *conditions: ColumnElement[bool]) -> T:
    """The newest state of a row, locked until the transaction ends; NotFound where absent or hidden."""
    statement = (
        select(model)
        .where(model.id == key, *conditions)
        .with_for_update(of=model, key_share=True)
        .execution_options(populate_existing=True)
    )
    found = session.exec(statement).one_or_none()
    if found is None:
        raise NotFound()
    return found


def get_visible(session: Session, statement: SelectOfScalar[T], keys: Mapping[str, Any] | None = None) -> T:
    """The one row of the statement, or NotFound; `keys` fill one that was built once."""
    found = session.exec(statement, params=keys).unique().one_or_none()
    if found is None:
        raise NotFound()
    return found


def page_of(
    session: Session,
    statement: SelectOfScalar[T],
    model: type[T],
    *,
    limit: int = DEFAULT_LIMIT,
    after: str | None = None,
    oldest_first: bool = False,
) -> Page[T]:
    """By (created_at, id), newest first unless said; the cursor names the last row seen, so none is lost or doubled."""
    paged = by_age(statement, model, limit=limit, is_later=bool(after), oldest_first=oldest_first)
    return read_by_age(session, paged, {}, limit=limit, after=after)


def by_age(
    statement: SelectOfScalar[T], model: type[T], *, limit: int, is_later: bool, oldest_first: bool = False
) -> SelectOfScalar[T]:
    """The statement of one page by age, for `read_by_age`; a later one begins behind the cursor's row."""
    moment: Any = col(model.created_at)
    key: Any = col(model.id)
    if is_later:
        last_moment, last_key = bindparam("last_moment", type_=moment.type), bindparam("last_key", type_=key.type)
        later = or_(moment > last_moment, and_(moment == last_moment, key > last_key))
        earlier = or_(moment < last_moment, and_(moment == last_moment, key < last_key))
        statement = statement.where(later if oldest_first else earlier)
    order = (moment, key) if oldest_first else (moment.desc(), key.desc())
    return statement.order_by(*order).limit(limit + 1)


def read_by_age(
    session: Session, statement: SelectOfScalar[T], keys: Mapping[str, Any], *, limit: int, after: str | None
) -> Page[T]:
    """One page of a statement made by `by_age`."""
    place: dict[str, Any] = {}
    if after:
        place["last_moment"], place["last_key"] = decode_cursor(after, _moment_and_key)
    rows = session.exec(statement, params={**keys, **place}).unique().all()
    if len(rows) <= limit:
        return Page(rows)
    last = rows[limit - 1]
    return Page(rows[:limit], encode_cursor([last.created_at.isoformat(), str(last.id)]))


def sorted_page_of(
    session: Session,
    statement: SelectOfScalar[T],
    model: type[T],
    *,
    by: Any,
    limit: int = DEFAULT_LIMIT,
    after: str | None = None,
) -> Page[T]:
    """In German order by a stored key column (`by`) and id."""
    return read_by_word(
        session,
        by_word(statement, model, by=by, limit=limit, is_later=bool(after)),
        {},
        by=by,
        limit=limit,
        after=after,
    )


def by_word(statement: SelectOfScalar[T], model: type[T], *, by: Any, limit: int, is_later: bool) -> SelectOfScalar[T]:
    """The statement of one page in German order, for `read_by_word`; a later one begins behind the cursor's row."""
    key: Any = col(model.id)
    if is_later:
        last_word, last_key = bindparam("last_word", type_=by.type), bindparam("last_key", type_=key.type)
        statement = statement.where(or_(by > last_word, and_(by == last_word, key > last_key)))
    return statement.order_by(by, key).limit(limit + 1)


def read_by_word(
    session: Session, statement: SelectOfScalar[T], keys: Mapping[str, Any], *, by: Any, limit: int, after: str | None
) -> Page[T]:
    """One page of a statement made by `by_word`."""
    place: dict[str, Any] = {}
    if after:
        place["last_word"], place["last_key"] = decode_cursor(after, _word_and_key)
    rows = session.exec(statement, params={**keys, **place}).unique().all()
    if len(rows) <= limit:
        return Page(rows)
    last = rows[limit - 1]
    return Page(rows[:limit], encode_cursor([getattr(last, by.key), str(last.id)]))


def contains(column: Any, words: str) -> ColumnElement[bool]:
    """Every word of a search occurs in the stored search key."""
    found: ColumnElement[bool] = and_(
        True, *(column.contains(word, autoescape=True) for word in words.casefold().split()[:8])
    )
    return found


def encode_cursor(parts: list[str]) -> str:
    """An opaque cursor of the letters `[A-Za-z0-9_-]`."""
    return base64.urlsafe_b64encode(json.dumps(parts).encode()).decode().rstrip("=")


def decode_cursor(cursor: str, parse: Callable[[list[str]], P]) -> P:
    """What a cursor names; Invalid where it is no cursor of this list."""
    try:
        parts = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        return parse(parts)
    except (ValueError, TypeError, KeyError, IndexError, AttributeError, binascii.Error) as error:
        raise Invalid(
            FieldError("after", _("Dieser Blätterstand ist nicht lesbar. Bitte beginnen Sie von vorn."))
        ) from error


def _moment_and_key(parts: list[str]) -> tuple[datetime, UUID]:
    moment = datetime.fromisoformat(parts[0])
    if moment.tzinfo is None:
        raise ValueError("naive moment")
    return moment, UUID(parts[1])


def _word_and_key(parts: list[str]) -> tuple[str, UUID]:
    return str(parts[0]), UUID(parts[1])


def every(fetch: Callable[..., Page[T]]) -> list[T]:
    """All pages of a list one after the other; `fetch` takes `limit` and `after`."""
    page = fetch(limit=MAXIMUM_LIMIT, after=None)
    found = [*page.items]
    while page.next:
        page = fetch(limit=MAXIMUM_LIMIT, after=page.next)
        found += page.items
    return found
