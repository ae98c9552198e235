"""The record: whole after everything the application does, and broken wherever somebody else wrote."""

from __future__ import annotations

from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError
from sqlmodel import Session, select

from app.actions.needs import post_need, transition_need
from app.actions.redaction import redact_text
from app.db import Database
from app.domain.actors import MembershipRole
from app.domain.events import EventType
from app.forms.needs import NeedForm, NeedTransition
from app.models.needs import Need
from app.models.record import Event, RecordText
from app.queries.record import Finding, verify_record
from tests.conftest import Example
from tests.factories import World

IMMUTABLE = ("event", "version", "version_block", "version_addressee", "record_text")


@pytest.fixture
def need_id(database: Database, world: World) -> UUID:
    """A declined need with three events and a reason."""
    body = world.body()
    member, chair = world.member(body), world.member(body, MembershipRole.CHAIR)
    with database.write() as session:
        form = NeedForm(body_id=body.id, title="Lange Leerzeiten", description="Monate vergehen.")
        need, _ = post_need(session, form, actor=world.actor(member, session))
        transition_need(session, need.id, NeedTransition(transition="submit"), actor=world.actor(member, session))
        declined = NeedTransition(transition="decline", reason="Ist schon an anderer Stelle beantwortet.")
        transition_need(session, need.id, declined, actor=world.actor(chair, session))
        return need.id


def findings(database: Database) -> list[Finding]:
    with database.read() as session:
        return list(verify_record(session))


def tamper(database: Database, *statements: str, **values: object) -> None:
    """Write past the application, as somebody with the database's password could."""
    with database.engine.execution_options(dialogforum_writes=True).begin() as connection:
        _drop_guards(connection)
        for statement in statements:
            connection.execute(text(statement), values)


def _drop_guards(connection: object) -> None:
    dialect = connection.dialect.name  # type: ignore[attr-defined]
    if dialect == "postgresql":
        connection.execute(text("SET session_replication_role = replica"))  # type: ignore[attr-defined]
        return
    names = connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).scalars().all()  # type: ignore[attr-defined]
    for name in names:
        connection.execute(text(f"DROP TRIGGER {name}"))  # type: ignore[attr-defined]


def key_of(database: Database, key: UUID) -> str:
    return key.hex if database.engine.dialect.name == "sqlite" else str(key)


def test_the_record_is_whole(database: Database, need_id: UUID) -> None:
    assert findings(database) == []


def test_a_cut_tail_is_found(database: Database, need_id: UUID) -> None:
    tamper(database, "DELETE FROM event WHERE subject_id = :key AND sequence = 3", key=key_of(database, need_id))
    assert [found.subject_id for found in findings(database)] == [need_id]


def test_a_dropped_object_is_found(database: Database, need_id: UUID) -> None:
    tamper(database, "DELETE FROM need WHERE id = :key", key=key_of(database, need_id))
    assert [(found.subject_id, found.sequence) for found in findings(database)] == [(need_id, 0)]


@pytest.mark.parametrize(
    ("statement", "sequence"),
    [
        ("UPDATE need SET title = 'Kurze Leerzeiten' WHERE id = :key", 3),
        ("UPDATE need SET state = 'accepted' WHERE id = :key", 3),
        ("UPDATE event SET to_state = 'accepted' WHERE subject_id = :key AND sequence = 2", 2),
        ("UPDATE event SET hashed = hashed || ' ' WHERE subject_id = :key AND sequence = 2", 2),
        ("UPDATE event SET created_at = created_at, actor_kind = 'system' WHERE subject_id = :key AND sequence = 1", 1),
        ("UPDATE event SET effective_at = created_at WHERE subject_id = :key AND sequence = 1", 1),
        ("DELETE FROM event WHERE subject_id = :key AND sequence = 1", 2),
        (
            (
                "UPDATE record_text SET text = 'Ist neu.' WHERE field = 'reason' AND owner_id IN "
                "(SELECT id FROM event WHERE subject_id = :key)"
            ),
            3,
        ),
        (
            (
                "UPDATE record_text SET text = NULL, salt = NULL WHERE field = 'reason' AND owner_id IN "
                "(SELECT id FROM event WHERE subject_id = :key)"
            ),
            3,
        ),
    ],
)
def test_a_changed_word_is_found_and_named(database: Database, need_id: UUID, statement: str, sequence: int) -> None:
    tamper(database, statement, key=key_of(database, need_id))
    found = findings(database)
    assert [(each.subject_id, each.sequence) for each in found] == [(need_id, sequence)]


def test_a_redacted_reason_leaves_the_record_whole(database: Database, world: World, need_id: UUID) -> None:
    secretariat = world.secretariat()
    with database.write() as session:
        texts = _texts_of(session, need_id)
        for field in ("reason", "description"):
            redact_text(session, texts[field].id, reason="Nennt eine Person.", actor=world.actor(secretariat, session))
    with database.read() as session:
        assert session.get_one(Need, need_id).description == "[geschwärzt]"
        assert _texts_of(session, need_id)["reason"].text is None
        last = session.exec(select(Event).where(Event.subject_id == need_id).order_by(Event.sequence.desc())).first()  # type: ignore[attr-defined]
        assert last is not None
        assert last.type is EventType.TEXT_REDACTED
    assert findings(database) == []


def _texts_of(session: Session, need_id: UUID) -> dict[str, RecordText]:
    rows = session.exec(
        select(RecordText)
        .join(Event, Event.id == RecordText.owner_id)  # type: ignore[arg-type]
        .where(Event.subject_id == need_id, Event.type != EventType.TEXT_REDACTED)
    )
    return {row.field: row for row in rows}


@pytest.mark.parametrize("table", IMMUTABLE)
def test_the_database_itself_refuses_deleting(database: Database, need_id: UUID, table: str) -> None:
    if table.startswith("version"):
        with database.read() as session:
            names = _trigger_names(session)
        assert {name for name in names if name.startswith(table)}
        return
    with pytest.raises(DatabaseError), database.engine.execution_options(dialogforum_writes=True).begin() as connection:
        connection.execute(text(f"DELETE FROM {table}"))


def test_the_database_itself_refuses_changing_an_event(database: Database, need_id: UUID) -> None:
    with pytest.raises(DatabaseError), database.engine.execution_options(dialogforum_writes=True).begin() as connection:
        connection.execute(text("UPDATE event SET to_state = 'accepted'"))


def test_the_database_itself_refuses_overwriting_an_event(database: Database, need_id: UUID) -> None:
    if database.engine.dialect.name == "postgresql":
        statement = "TRUNCATE event CASCADE"
    else:
        statement = "INSERT OR REPLACE INTO event SELECT * FROM event WHERE sequence = 1"
    with pytest.raises(DatabaseError), database.engine.execution_options(dialogforum_writes=True).begin() as connection:
        connection.execute(text(statement))


def test_every_guard_stands_after_the_migrations(database: Database) -> None:
    with database.read() as session:
        names = _trigger_names(session)
    if database.engine.dialect.name == "sqlite":
        wanted = {f"{t}_no_{v}" for t in IMMUTABLE[:4] for v in ("update", "delete", "replace")}
        wanted |= {"record_text_no_delete", "record_text_no_replace", "record_text_only_redacted"}
    else:
        wanted = {f"{t}_no_change" for t in IMMUTABLE[:4]} | {f"{t}_no_truncate" for t in IMMUTABLE}
        wanted |= {"record_text_no_delete", "record_text_only_redacted"}
    assert wanted <= names


def _trigger_names(session: Session) -> set[str]:
    source = "sqlite_master WHERE type = 'trigger'"
    if session.get_bind().dialect.name == "postgresql":
        return set(session.connection().execute(text("SELECT tgname FROM pg_trigger")).scalars())
    return set(session.connection().execute(text(f"SELECT name FROM {source}")).scalars())


@pytest.mark.parametrize(
    ("statement", "noun"),
    [
        ("UPDATE seat_position SET position = 'abstain' WHERE position = 'agree'", "position"),
        ("UPDATE ballot SET rules = '{}'", "ballot"),
        ("UPDATE ballot SET closes_at = created_at", "ballot"),
        ("DELETE FROM ballot_seat", "ballot"),
        ("UPDATE statement SET disposition = 'settled' WHERE disposition = 'adopted'", "statement"),
        ("UPDATE measure SET due_on = '2031-01-01'", "measure"),
        ("UPDATE recommendation SET decided_on = '2020-01-01' WHERE decided_on IS NOT NULL", "recommendation"),
    ],
)
def test_what_decides_is_measured_against_its_history(example: Example, statement: str, noun: str) -> None:
    assert findings(example.database) == []
    tamper(example.database, statement)
    assert {each.subject_type for each in findings(example.database)} == {noun}
