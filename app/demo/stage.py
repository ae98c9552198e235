"""Where the example programme is played: a clock that is set to each day, and the persons who act on it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any
from uuid import UUID

import yaml
from sqlalchemy import delete, update
from sqlmodel import Session, col, select

from app.actions.ballots import close_due_ballots
from app.actions.consultations import close_due_rounds
from app.actions.notifications import forget
from app.actions.publication import publish_due
from app.actions.reminders import remind
from app.config import Settings
from app.db import Database
from app.domain.actors import Actor
from app.domain.deadlines import BERLIN
from app.models.bodies import Membership, Seat
from app.models.notifications import Notification
from app.models.outbox import OutgoingMail
from app.models.people import Person
from app.models.programmes import CrossCuttingTheme, GuidingQuestion, TargetGroup
from app.queries.actors import actor_of

EXAMPLES = Path(__file__).resolve().parent.parent / "examples"
DAYS = 548
"""Eighteen months: how far back the story begins."""
FRESH = timedelta(days=21)
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""The same loader in C, where it is installed: ten times as fast."""

_OF_THE_CLOCK = (close_due_rounds, close_due_ballots, publish_due)

NOBODYS_ADDRESS = "example"
"""Where forms of the example that are sent by a link come from."""


class Stage:
    """The content, the clock, and what was made so far by the names of the content's file."""

    def __init__(self, settings: Settings, today: datetime) -> None:
        self.today = today
        self.moment = today - timedelta(days=DAYS)
        self.database = Database(settings, self._tick)
        self.organisations: dict[str, UUID] = {}
        self.persons: dict[str, UUID] = {}
        self.needs: dict[str, UUID] = {}
        self.proposals: dict[str, UUID] = {}
        self.recommendations: dict[str, UUID] = {}
        self.goals: dict[str, UUID] = {}

    @cached_property
    def content(self) -> dict[str, Any]:
        """The example's file."""
        return _read("programm.yaml")

    @cached_property
    def earlier(self) -> dict[str, Any]:
        """The file of the plan that is over."""
        return _read("nap_2012.yaml")

    def begin_again(self) -> None:
        """Back to the first day: bodies work at the same time, so each story is told from its beginning."""
        self.moment = self.today - timedelta(days=DAYS)

    def go_to(self, day: float, hour: int = 9) -> None:
        """Set the clock to a day of the story; what the clock closes on the way is closed."""
        wanted = self.today - timedelta(days=DAYS) + timedelta(days=day)
        self.moment = min(max(self.moment, wanted.replace(hour=hour)), self.today - timedelta(minutes=10))
        self._let_time_work()

    def set_to(self, day: date, hour: int = 9) -> None:
        """Set the clock to a day long before the story; nothing falls due on the way."""
        self.moment = datetime.combine(day, time(hour), tzinfo=BERLIN)

    @contextmanager
    def acting(self, person: str | None = None) -> Iterator[tuple[Session, Actor]]:
        """One thing a person does, in its own transaction; the Geschäftsstelle where nobody is named."""
        with self.database.write() as session:
            yield session, self.person_in(session, person or "geschaeftsstelle")

    @contextmanager
    def acting_long_ago(self, person: str) -> Iterator[tuple[Session, Actor]]:
        """The same for what is over; of that nobody is told any more."""
        with self.acting(person) as (session, actor):
            yield session, actor
            forget(session)

    def person_in(self, session: Session, name: str) -> Actor:
        """A person by name or address, as somebody who acts in this transaction."""
        return actor_of(session, session.get_one(Person, self.persons[name]))

    def holder(self, session: Session, body_id: UUID, organisation: str) -> Actor:
        """Who sits in the body for the organisation, speaking from that seat."""
        statement = (
            select(Person, Seat)
            .join(Membership, col(Membership.person_id) == Person.id)
            .join(Seat, col(Membership.seat_id) == Seat.id)
            .where(
                Seat.body_id == body_id,
                Seat.organisation_id == self.organisations[organisation],
                col(Membership.role) != "deputy",
            )
        )
        person, seat = session.exec(statement).one()
        actor = actor_of(session, person)
        return actor.speaking_for(next(held for held in actor.seats if held.seat_id == seat.id))

    def somebody_of(self, session: Session, organisation: str) -> Actor:
        """Any person of the organisation."""
        statement = (
            select(Person)
            .where(Person.organisation_id == self.organisations[organisation])
            .order_by(col(Person.created_at), col(Person.id))
        )
        return actor_of(session, session.exec(statement.limit(1)).one())

    def themes(self, session: Session, names: list[str]) -> list[UUID]:
        """The cross-cutting themes of these names."""
        return list(session.exec(select(CrossCuttingTheme.id).where(col(CrossCuttingTheme.name).in_(names))))

    def questions(self, session: Session, body_id: UUID) -> list[UUID]:
        """The guiding questions of a body."""
        return list(session.exec(select(GuidingQuestion.id).where(GuidingQuestion.body_id == body_id)))

    def target_groups(self, session: Session, names: list[str]) -> list[UUID]:
        """The target groups of these names."""
        return list(session.exec(select(TargetGroup.id).where(col(TargetGroup.name).in_(names))))

    def read_what_is_old(self) -> None:
        """Everybody has read what was told longer ago; the last days' notifications are left to be looked at."""
        old = col(Notification.happened_at) < self.today - FRESH
        read_at = {"read_at": Notification.happened_at}
        with self.database.write() as session:
            session.connection().execute(update(Notification).where(old).values(read_at))

    def write_to_nobody(self) -> None:
        """What was only played is mailed to no mailbox."""
        with self.database.write() as session:
            session.connection().execute(delete(OutgoingMail))

    def _let_time_work(self) -> None:
        """What the worker does but for mail; of what is long over nobody is reminded."""
        is_fresh = self.moment > self.today - FRESH
        for work in (*_OF_THE_CLOCK, remind) if is_fresh else _OF_THE_CLOCK:
            with self.database.write() as session:
                work(session)

    def _tick(self) -> datetime:
        self.moment += timedelta(milliseconds=7)
        return self.moment


def _read(name: str) -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.load((EXAMPLES / name).read_text(encoding="utf-8"), Loader=_LOADER)
    return loaded
