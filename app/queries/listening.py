"""What open pages are told: which sign-ins still stand, and what their persons have not read; one question for all."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from sqlalchemy import String, and_, bindparam, cast, func
from sqlmodel import Session, col, select

from app.clock import now
from app.domain.actors import Actor
from app.models.accounts import SignIn
from app.models.notifications import Notification
from app.models.people import Person
from app.queries.notifications import Told, count_unread, list_notifications


@dataclass(frozen=True, slots=True)
class Mark:
    """What changes whenever something comes or is read: how many rows are unread, seen or not, and the newest."""

    rows: int = 0
    newest: UUID | None = None


@dataclass(frozen=True, slots=True)
class Inbox:
    """How many unread notifications a person may see, and the newest of them."""

    unread: int
    newest: Told | None = None

    def since(self, mark: Mark) -> Inbox:
        """The same for a page that knows this much: what it knows already is no news."""
        if self.newest is None or mark.newest is None or self.newest.notification.occasion_id > mark.newest:
            return self
        return replace(self, newest=None)


def marks_of(session: Session, sign_in_ids: Collection[UUID]) -> dict[UUID, Mark]:
    """By sign-in, of those that still stand: the mark of its person. One statement."""
    rows = session.connection().execute(_MARKS, {"sign_in_ids": list(sign_in_ids), "moment": now(session)})
    return {key: Mark(number, UUID(newest) if newest else None) for key, number, newest in rows.all()}


def inbox_of(session: Session, actor: Actor) -> Inbox:
    """The person's unread notifications as a page is told of them."""
    unread = count_unread(session, actor)
    if not unread:
        return Inbox(0)
    newest = list_notifications(session, actor, limit=1).items
    return Inbox(unread, newest[0] if newest else None)


# Greatest as text: not every PostgreSQL knows the greatest of keys.
_SIGN_IN_IDS: Any = bindparam("sign_in_ids", expanding=True)
_MARKS = (
    select(
        col(SignIn.id),
        func.count(col(Notification.occasion_id)),
        func.max(cast(col(Notification.occasion_id), String)),
    )
    .join(Person, col(Person.id) == SignIn.person_id)
    .outerjoin(Notification, and_(col(Notification.person_id) == SignIn.person_id, col(Notification.read_at).is_(None)))
    .where(
        col(SignIn.id).in_(_SIGN_IN_IDS),
        col(SignIn.revoked_at).is_(None),
        col(SignIn.expires_at) > bindparam("moment"),
        col(Person.ended_at).is_(None),
        col(Person.redacted_at).is_(None),
    )
    .group_by(col(SignIn.id))
)
