"""Kept answers: given again while nothing has changed, to the same actor, and never older than the request."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlmodel import Session, col, select, update
from starlette.testclient import TestClient

from app.config import Settings
from app.db import Database
from app.domain.actors import Actor
from app.domain.recommendations import RecommendationState
from app.models.accounts import SignIn
from app.models.bodies import Body
from app.models.consultations import CommentRound
from app.queries.actors import find_signed_in
from app.queries.kept import kept
from app.security import digest_of
from tests.conftest import MovedClock
from tests.factories import Known, World
from tests.moving import lead_to, open_comments


class Question:
    """Asks for the titles of bodies, and counts how often the database was asked."""

    def __init__(self) -> None:
        self.asked = 0
        self.ask: Callable[[Session, Actor], list[str]] = kept(self._ask)

    def _ask(self, session: Session, _actor: Actor) -> list[str]:
        self.asked += 1
        return list(session.exec(select(Body.title).order_by(Body.title)).all())


@pytest.fixture
def question() -> Question:
    return Question()


@pytest.fixture
def other(settings: Settings, clock: MovedClock) -> Database:
    """The same database as another process has it."""
    return Database(settings, clock)


def read(database: Database, question: Question, known: Known) -> list[str]:
    """What the page of a signed-in person would say."""
    with database.read() as session:
        found = find_signed_in(session, digest_of(known.cookie))
        assert found is not None
        return question.ask(session, found.actor)


def test_an_answer_is_given_again_until_somebody_writes(world: World, question: Question, other: Database) -> None:
    known = world.member(world.body("Bildung"))
    assert read(world.database, question, known) is read(world.database, question, known)
    assert question.asked == 1
    for writing, title in ((other, "Arbeit"), (world.database, "Wohnen")):
        with writing.write() as session:
            session.exec(update(Body).values(title=title))
        assert read(world.database, question, known) == [title] == read(other, question, known)
    other.dispose()


def test_what_was_undone_changes_nothing(world: World, question: Question) -> None:
    known = world.member(world.body("Bildung"))
    with world.database.write() as session:
        session.exec(update(Body).values(title="Arbeit"))
        session.rollback()
    assert read(world.database, question, known) == ["Bildung"]
    with world.database.write() as session:
        session.exec(update(Body).values(title="Wohnen"))
    assert read(world.database, question, known) == ["Wohnen"]


def test_others_are_answered_anew_and_so_is_who_got_another_seat(world: World, question: Question) -> None:
    body, elsewhere = world.body("Bildung"), world.body("Arbeit")
    known, colleague = world.member(body), world.member(body)
    for reader in (known, colleague, known, colleague):
        read(world.database, question, reader)
    assert question.asked == 2
    world.join(known, world.seat(elsewhere))
    read(world.database, question, known)
    assert question.asked == 3


def test_who_writes_and_who_is_not_signed_in_are_given_nothing_kept(world: World, question: Question) -> None:
    known = world.member(world.body("Bildung"))
    read(world.database, question, known)
    with world.database.write() as session:
        found = find_signed_in(session, digest_of(known.cookie))
        assert found is not None
        session.exec(update(Body).values(title="Arbeit"))
        assert question.ask(session, found.actor) == ["Arbeit"]
    with world.database.read() as session:
        question.ask(session, Actor())
        question.ask(session, Actor())
    assert question.asked == 4


def test_the_clock_ends_an_answer_with_a_round_and_with_the_day(
    client: TestClient, world: World, clock: MovedClock, question: Question
) -> None:
    drafted = lead_to(client, world, clock, RecommendationState.GROUP_REVIEW)
    open_comments(client, clock, drafted)
    with world.database.write() as session:
        closes_at = session.exec(select(col(CommentRound.closes_at))).one()
        session.exec(update(SignIn).values(expires_at=closes_at + timedelta(days=30)))
    clock.moment = closes_at - timedelta(minutes=1)
    for minutes, asked in ((0, 1), (0, 1), (1, 2), (0, 2), (24 * 60, 3)):
        clock.advance(minutes=minutes)
        read(world.database, question, drafted.member)
        assert question.asked == asked
