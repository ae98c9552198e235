"""Who is to be mailed of what by now, and what of it is left to say when the mail leaves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, and_, bindparam, case, distinct, exists, func, literal, or_
from sqlmodel import Session, col, select

from app.clock import now
from app.domain.actors import PUBLIC_ACTOR, Actor
from app.domain.digests import DEFAULT_CHOICE, HOURS, MAILED_WITHIN, WEEKDAYS, MailChoice, latest_hour
from app.domain.notifications import MailRhythm, Urgency
from app.models.bodies import Body
from app.models.notifications import MailPreference, Notification
from app.models.people import Person
from app.queries import bodies
from app.queries.built import built_once, keys_of
from app.queries.circles import takes_part
from app.queries.notification_places import Told, is_named_in_address, with_places
from app.queries.notification_visibility import is_public_place, visible
from app.queries.waiting import still_waiting

INBOX: Final = "/mitteilungen"
READ_AT_MOST: Final = 300
"""So many notifications one mail looks at; of more it says how many things they are about."""

_ORDER: Final = {Urgency.DEADLINE: 0, Urgency.TASK: 1, Urgency.NEWS: 2}


@dataclass(frozen=True, slots=True)
class Mailed:
    """A notification of a mail: where it leads, and what of it everybody may read."""

    told: Told
    is_waiting: bool
    public_title: str | None
    public_body_title: str | None

    @property
    def url(self) -> str:
        """Where it leads; an address that would name what isn't public gives way to the page of notifications."""
        is_hidden = self.public_title is None and is_named_in_address(self.told.notification.place_type)
        return INBOX if is_hidden else self.told.url


@dataclass(frozen=True, slots=True)
class Contents:
    """What a mail has to tell, of how many places in all, and whether more than this may still wait for its reader."""

    mailed: Sequence[Mailed]
    places: int
    is_cut_in_tasks: bool = False


def get_choice(session: Session, person_id: UUID) -> MailChoice:
    """How a person wants mail; the default where nothing was chosen."""
    chosen = session.get(MailPreference, person_id)
    if chosen is None:
        return DEFAULT_CHOICE
    return MailChoice(rhythm=chosen.rhythm, hour=chosen.hour, weekday=chosen.weekday)


def list_due_readers(session: Session, moment: datetime, *, limit: int) -> Sequence[tuple[UUID, str]]:
    """Persons with something to be mailed by now, with their addresses: one statement, however much there is."""
    rows = session.connection().execute(_due_readers(), {"wanted": limit, **moments_at(moment)}).all()
    return [(key, address) for key, address in rows]


@cache
def _due_readers() -> Any:
    columns: list[Any] = [Person.id, Person.email]
    is_due = exists().where(col(Notification.person_id) == Person.id, is_unmailed(), _is_due(_last_moment()))
    return (
        select(*columns)
        .outerjoin(MailPreference, col(MailPreference.person_id) == Person.id)
        .where(takes_part(), col(Person.email).is_not(None), is_due.correlate(Person, MailPreference))
        .order_by(col(Person.id))
        .limit(bindparam("wanted"))
    )


def is_unmailed() -> ColumnElement[bool]:
    """Neither read nor in a mail; said in the words of its index."""
    return and_(col(Notification.mail_id).is_(None), col(Notification.read_at).is_(None))


@cache
def is_due_for_its_reader() -> ColumnElement[bool]:
    """A deadline, or what happened lately until the reader's last moment for mail; `moments_at` fills it."""
    last = (
        select(_last_moment())
        .select_from(Person)
        .outerjoin(MailPreference, col(MailPreference.person_id) == Person.id)
        .where(col(Person.id) == Notification.person_id)
        .correlate(Notification)
        .scalar_subquery()
    )
    return _is_due(last)


def moments_at(moment: datetime) -> dict[str, datetime]:
    """What each choice of hour and weekday means at a moment, for the statements of this module."""
    daily = {f"daily_{hour}": latest_hour(moment, hour) for hour in HOURS}
    weekly = {f"weekly_{day}_{hour}": latest_hour(moment, hour, day) for day in WEEKDAYS for hour in HOURS}
    return {"at_once": moment, "oldest": moment - MAILED_WITHIN, **daily, **weekly}


def list_mailed(session: Session, mail_id: UUID, actor: Actor) -> Contents:
    """What a mail has to tell its reader now, still unread and open to it: deadlines, tasks, then the newest.

    At most twenty statements and `READ_AT_MOST` notifications, however much it is; most often half of them.
    """
    asked = {"moment": now(session), "mail_id": mail_id, "wanted": READ_AT_MOST, **keys_of(actor)}
    rows = session.connection().execute(_left(actor), asked).all()
    public = {row.occasion_id for row in rows if row.is_public}
    keys = [row.occasion_id for row in rows]
    if not keys:
        return Contents((), 0)
    statement = select(Notification).where(
        Notification.person_id == actor.person_id, col(Notification.occasion_id).in_(keys)
    )
    found = session.exec(statement.order_by(col(Notification.happened_at), col(Notification.occasion_id))).all()
    told = with_places(session, found, actor)
    shown = with_places(session, [each for each in found if each.occasion_id in public], PUBLIC_ACTOR)
    titles = {each.notification.occasion_id: each.title for each in shown}
    names = _public_bodies(session, {each.body_id for each in found if each.body_id})
    waiting = still_waiting(session, actor, told)
    mailed = [
        Mailed(
            each,
            each.notification.occasion_id in waiting,
            titles.get(each.notification.occasion_id),
            names.get(each.notification.body_id),
        )
        for each in told
    ]
    if len(rows) < READ_AT_MOST:
        return Contents(mailed, len({each.notification.place_id for each in told}))
    places: int = session.connection().execute(_counted_places(actor), asked).scalar_one()
    return Contents(mailed, places, is_cut_in_tasks=rows[-1].urgency is not Urgency.NEWS)


@built_once
def _left(actor: Actor) -> Any:
    moment: Any = bindparam("moment")
    columns: list[Any] = [Notification.occasion_id, is_public_place(moment).label("is_public"), Notification.urgency]
    urgency = case({_urgency(each): place for each, place in _ORDER.items()}, value=col(Notification.urgency))
    newest_first = (col(Notification.happened_at).desc(), col(Notification.occasion_id))
    return select(*columns).where(*_is_left(actor, moment)).order_by(urgency, *newest_first).limit(bindparam("wanted"))


@built_once
def _counted_places(actor: Actor) -> Any:
    return select(func.count(distinct(col(Notification.place_id)))).where(*_is_left(actor, bindparam("moment")))


def _is_left(actor: Actor, moment: Any) -> tuple[ColumnElement[bool], ...]:
    is_unread = col(Notification.read_at).is_(None)
    return col(Notification.mail_id) == bindparam("mail_id"), is_unread, visible(actor, moment)


def _urgency(urgency: Urgency) -> Any:
    return literal(urgency, Notification.__table__.c.urgency.type)  # type: ignore[attr-defined]


def _public_bodies(session: Session, keys: set[UUID]) -> dict[UUID | None, str]:
    if not keys:
        return {}
    statement = select(Body.id, Body.title).where(col(Body.id).in_(keys), bodies.visible(PUBLIC_ACTOR))
    return dict(session.exec(statement).all())


def _is_due(bound: Any) -> ColumnElement[bool]:
    happened_at = col(Notification.happened_at)
    is_lately = and_(happened_at <= bound, happened_at > _time("oldest"))
    return or_(col(Notification.urgency) == Urgency.DEADLINE, is_lately)


def _last_moment() -> ColumnElement[Any]:
    """The reader's last moment for mail, as the database finds it by what was chosen; NULL for never."""
    rhythm: Any = func.coalesce(col(MailPreference.rhythm), _word(DEFAULT_CHOICE.rhythm))
    hour = func.coalesce(col(MailPreference.hour), DEFAULT_CHOICE.hour)
    day = func.coalesce(col(MailPreference.weekday), DEFAULT_CHOICE.weekday)
    daily = {number: _time(f"daily_{number}") for number in HOURS}
    weekly = {number * 24 + each: _time(f"weekly_{number}_{each}") for number in WEEKDAYS for each in HOURS}
    return case(
        (rhythm == _word(MailRhythm.AT_ONCE), _time("at_once")),
        (rhythm == _word(MailRhythm.DAILY), case(daily, value=hour)),
        (rhythm == _word(MailRhythm.WEEKLY), case(weekly, value=day * 24 + hour)),
    )


def _word(rhythm: MailRhythm) -> Any:
    return literal(rhythm, MailPreference.__table__.c.rhythm.type)  # type: ignore[attr-defined]


def _time(name: str) -> Any:
    return bindparam(name, type_=Notification.__table__.c.happened_at.type)  # type: ignore[attr-defined]
