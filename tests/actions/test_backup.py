"""Everything leaves in one file and comes back whole, also into the other database's kind."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from sqlmodel import SQLModel, select

from app.actions.backup import restore_backup, write_backup
from app.actions.needs import post_need
from app.config import Settings
from app.db import Database
from app.errors import ApplicationError, Conflict
from app.forms.needs import NeedForm
from app.models.needs import Need
from app.queries.record import verify_record
from app.schema import head_revision, migrate
from tests.factories import World


@pytest.fixture
def backup(database: Database, world: World, tmp_path: Path) -> Path:
    """A backup of a database with a little in it."""
    body = world.body("AG Übergänge")
    member = world.member(body)
    with database.write() as session:
        form = NeedForm(body_id=body.id, title="Lange Leerzeiten", description="„Monate“ vergehen – zu viele.")
        post_need(session, form, actor=world.actor(member, session))
    file = tmp_path / "backup.jsonl.gz"
    with database.read_one_state() as session:
        write_backup(session, file, schema=head_revision())
    return file


@pytest.fixture
def empty(tmp_path: Path) -> Database:
    """A migrated SQLite database without a row."""
    made = Database(Settings(database_url=f"sqlite:///{tmp_path / 'empty.db'}", secret_key="s" * 40))
    migrate(made)
    return made


def test_a_restored_database_holds_every_row_and_a_whole_record(
    database: Database, empty: Database, backup: Path
) -> None:
    with empty.write() as session:
        restore_backup(session, backup, schema=head_revision())
    with database.read() as original, empty.read() as restored:
        for table in SQLModel.metadata.sorted_tables:
            before = sorted(map(repr, original.connection().execute(select(table)).all()))
            after = sorted(map(repr, restored.connection().execute(select(table)).all()))
            assert before == after, table.name
        assert list(verify_record(restored)) == []
    empty.dispose()


def test_a_database_in_use_is_not_overwritten(database: Database, backup: Path) -> None:
    with pytest.raises(Conflict), database.write() as session:
        restore_backup(session, backup, schema=head_revision())


@pytest.mark.parametrize("damage", ["cut", "changed", "other", "old"])
def test_a_damaged_backup_is_refused_and_nothing_is_written(empty: Database, backup: Path, damage: str) -> None:
    lines = gzip.decompress(backup.read_bytes()).decode().splitlines()
    if damage == "cut":
        lines = lines[:-2]
    elif damage == "changed":
        lines = [line.replace("Lange Leerzeiten", "Kurze Leerzeiten") if '"need"' in line else line for line in lines]
    elif damage == "other":
        lines = ["nothing of ours"]
    else:
        lines[0] = lines[0].replace(head_revision(), "0000")
    backup.write_bytes(gzip.compress("\n".join(lines).encode()))
    with pytest.raises(ApplicationError), empty.write() as session:
        restore_backup(session, backup, schema=head_revision())
    with empty.read() as session:
        assert session.exec(select(Need)).all() == []
    empty.dispose()
