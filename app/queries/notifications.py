"""Reads of a person's notifications: how many are unread, and the list with the place each leads to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import and_, bindparam, func, literal, or_
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from app.clock import now
from app.domain.actors import Actor
from app.models.notifications import Notification
from app.queries.base import DEFAULT_LIMIT, decode_cursor, encode_cursor
from app.queries.built import built_once, keys_of
from app.queries.kept import kept
from app.queries.notification_places import Told, with_places
from app.queries.notification_visibility import visible

__all__ = ["NotificationPage", "Told", "count_unread", "list_notifications", "visible", "with_places"]

COUNTED_AT_MOST = 100
"""From here on a page says „mehr als 99“: whoever has so many needs no figure, and no page waits for it."""


@dataclass(frozen=True, slots=True)
class NotificationPage:
    """Part of a person's notifications, unread ones first; the cursor of the next part, None at the end."""

    items: Sequence[Told]
    next: str | None = None


@dataclass(frozen=True, slots=True)
class _Place:
    """The last notification seen: among the unread (read_at None) or among the read."""

    occasion_id: UUID
    read_at: datetime | None


@kept
def count_unread(session: Session, actor: Actor) -> int:
    """How many unread notifications the actor may see, counted up to `COUNTED_AT_MOST`; one statement."""
    if not actor.is_signed_in:
        return 0
    found: int = session.exec(_counted(actor), params={"moment": now(session), **keys_of(actor)}).one()
    return found


def list_notifications(
    session: Session, actor: Actor, *, limit: int = DEFAULT_LIMIT, after: str | None = None
) -> NotificationPage:
    """Part of what the actor may see: the unread newest first, then what was read, last read first.

    At most five statements, however much there is.
    """
    if not actor.is_signed_in:
        return NotificationPage(())
    place = decode_cursor(after, _parsed) if after else None
    asked = {"moment": now(session), "wanted": limit + 1, **keys_of(actor)}
    if place is not None:
        asked |= {"last_moment": place.read_at, "last_key": place.occasion_id}
    found: list[Notification] = []
    if place is None or place.read_at is None:
        found += session.exec(_unread(actor, place is not None), params=asked).all()
        place = None
    if len(found) <= limit:
        asked["wanted"] = limit + 1 - len(found)
        found += session.exec(_read(actor, place is not None), params=asked).all()
    items = with_places(session, found[:limit], actor)
    if len(found) <= limit:
        return NotificationPage(items)
    last = found[limit - 1]
    cursor = encode_cursor([str(last.occasion_id), last.read_at.isoformat() if last.read_at else ""])
    return NotificationPage(items, cursor)


@built_once
def _counted(actor: Actor) -> SelectOfScalar[int]:
    moment: Any = bindparam("moment")
    some = (
        select(literal(1).label("one"))
        .select_from(Notification)
        .where(col(Notification.read_at).is_(None), visible(actor, moment))
        .limit(COUNTED_AT_MOST)
        .subquery()
    )
    return select(func.count()).select_from(some)


@built_once
def _unread(actor: Actor, is_later: bool) -> SelectOfScalar[Notification]:
    moment: Any = bindparam("moment")
    key: Any = col(Notification.occasion_id)
    statement = select(Notification).where(col(Notification.read_at).is_(None), visible(actor, moment))
    if is_later:
        statement = statement.where(key < bindparam("last_key", type_=key.type))
    return statement.order_by(key.desc()).limit(bindparam("wanted"))


@built_once
def _read(actor: Actor, is_later: bool) -> SelectOfScalar[Notification]:
    moment: Any = bindparam("moment")
    key: Any = col(Notification.occasion_id)
    read_at: Any = col(Notification.read_at)
    statement = select(Notification).where(read_at.is_not(None), visible(actor, moment))
    if is_later:
        last_moment = bindparam("last_moment", type_=read_at.type)
        last_key = bindparam("last_key", type_=key.type)
        statement = statement.where(or_(read_at < last_moment, and_(read_at == last_moment, key < last_key)))
    return statement.order_by(read_at.desc(), key.desc()).limit(bindparam("wanted"))


def _parsed(parts: list[str]) -> _Place:
    key, moment = parts
    read_at = datetime.fromisoformat(moment) if moment else None
    if read_at is not None and read_at.tzinfo is None:
        raise ValueError("naive moment")
    return _Place(UUID(key), read_at)
