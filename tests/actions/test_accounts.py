"""Races about sign-ins and links: the database settles them, on both backends."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from sqlmodel import select

from app.actions.attempts import forget_old_attempts, note_attempt
from app.actions.passwords import issue_link, use_link
from app.actions.people import redact_person
from app.db import Database
from app.domain.accounts import AttemptKind, limits_of
from app.models.accounts import Attempt, LinkPurpose, SignIn
from app.models.people import Person
from app.queries.record import verify_record
from app.security import Passwords
from tests.conftest import MovedClock
from tests.factories import World

LIMITS = limits_of(AttemptKind.SIGN_IN, "anna@muster.example", "192.0.2.7")


def test_of_many_attempts_at_once_no_more_than_allowed_pass(database: Database) -> None:
    def attempt(_number: int) -> int | None:
        with database.write() as session:
            return note_attempt(session, AttemptKind.SIGN_IN, LIMITS)

    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(attempt, range(16)))
    assert answers.count(None) == 5
    with database.read() as session:
        assert len(session.exec(select(Attempt)).all()) == 5 * len(LIMITS)


def test_a_link_used_twice_at_once_works_once(database: Database, world: World) -> None:
    known = world.person()
    with database.write() as session:
        person = session.get_one(Person, known.person_id)
        secret = issue_link(session, person, LinkPurpose.INVITATION).path.rsplit("/", 1)[-1]
    hashed = Passwords.hash("vier blaue Lampen leuchten")

    def use(_number: int) -> str | None:
        with database.write() as session:
            return use_link(session, secret, LinkPurpose.INVITATION, hashed, address="192.0.2.7", agent="")

    with ThreadPoolExecutor(4) as threads:
        answers = list(threads.map(use, range(4)))
    assert sum(answer is not None for answer in answers) == 1
    with database.read() as session:
        held = session.exec(select(SignIn).where(SignIn.person_id == known.person_id)).all()
        assert sum(each.revoked_at is None for each in held) == 1


def test_old_attempts_are_forgotten(database: Database, clock: MovedClock) -> None:
    with database.write() as session:
        note_attempt(session, AttemptKind.SIGN_IN, LIMITS)
    clock.advance(hours=23)
    with database.write() as session:
        assert forget_old_attempts(session) == 0
    clock.advance(hours=2)
    with database.write() as session:
        assert forget_old_attempts(session) == len(LIMITS)


def test_the_record_stays_whole_when_a_person_is_redacted(database: Database, world: World) -> None:
    known, secretariat = world.member(world.body()), world.secretariat()
    with database.write() as session:
        redact_person(session, known.person_id, actor=world.actor(secretariat, session), reason="Antrag")
    with database.read() as session:
        assert list(verify_record(session)) == []
