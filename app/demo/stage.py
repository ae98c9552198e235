"""Where the example programme is played: a clock that is set to each day, and the persons who act on it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any
from uuid import UUID

import yaml
from sqlmodel import Session, col, select

from app.config import Settings
from app.db import Database
from app.domain.actors import Actor
from app.mailer import Nowhere
from app.models.bodies import Membership, Seat
from app.models.people import Person
from app.models.programmes import CrossCuttingTheme, GuidingQuestion, TargetGroup
from app.queries.actors import actor_of
from app.worker import Worker

CONTENT = Path(__file__).resolve().parent.parent / "examples" / "programm.yaml"
DAYS = 548
"""Eighteen months: how far back the story begins."""


class Stage:
    """The content, the clock, and what was made so far by the names of the content's file."""

    def __init__(self, settings: Settings, today: datetime) -> None:
        self.today = today
        self.moment = today - timedelta(days=DAYS)
        self.database = Database(settings, self._tick)
        self.worker = Worker(self.database, transport=Nowhere())
        self.organisations: dict[str, UUID] = {}
        self.persons: dict[str, UUID] = {}
        self.needs: dict[str, UUID] = {}
        self.proposals: dict[str, UUID] = {}

    @cached_property
    def content(self) -> dict[str, Any]:
        """The example's file."""
        loaded: dict[str, Any] = yaml.safe_load(CONTENT.read_text(encoding="utf-8"))
        return loaded

    def begin_again(self) -> None:
        """Back to the first day: bodies work at the same time, so each story is told from its beginning."""
        self.moment = self.today - timedelta(days=DAYS)

    def go_to(self, day: float, hour: int = 9) -> None:
        """Set the clock to a day of the story; what the clock closes on the way is closed."""
        wanted = self.today - timedelta(days=DAYS) + timedelta(days=day)
        self.moment = min(max(self.moment, wanted.replace(hour=hour)), self.today - timedelta(minutes=10))
        self.worker.run_once()

    @contextmanager
    def acting(self, person: str | None = None) -> Iterator[tuple[Session, Actor]]:
        """One thing a person does, in its own transaction; the Geschäftsstelle where nobody is named."""
        with self.database.write() as session:
            key = self.persons[person or "geschaeftsstelle"]
            yield session, actor_of(session, session.get_one(Person, key))

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

    def _tick(self) -> datetime:
        self.moment += timedelta(milliseconds=7)
        return self.moment
