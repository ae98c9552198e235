"""Files on the disk and their rows: nothing half done, orphans go, a backup carries all of it."""

from __future__ import annotations

import os
import time
from pathlib import Path
from uuid import UUID

import pytest
from sqlmodel import select
from starlette.testclient import TestClient

from app.actions.attachments import attach, forget_lost_files, redact_attachment
from app.actions.backup import restore_backup, write_backup
from app.config import Settings
from app.db import Database
from app.domain.attachments import AttachmentKind
from app.domain.events import SubjectType
from app.errors import Conflict
from app.files import FileFolder
from app.forms.attachments import SentAttachment
from app.models.attachments import Attachment
from app.queries.attachments import missing_contents
from app.schema import head_revision, migrate
from tests.attaching import PDF
from tests.drafting import Drafted, count_rows, draft
from tests.factories import World


@pytest.fixture
def drafted(client: TestClient, world: World) -> Drafted:
    """A recommendation in draft."""
    return draft(client, world)


def _attach(database: Database, world: World, drafted: Drafted, content: bytes = PDF) -> Attachment:
    staged = database.files.stage(content)
    form = SentAttachment(name="a.pdf", kind=AttachmentKind.PDF, size=staged.size, digest=staged.digest)
    with database.write() as session:
        actor = world.actor(drafted.member, session)
        return attach(session, SubjectType.NEED, _key(drafted), form, staged, actor=actor)[0]


def _key(drafted: Drafted) -> UUID:
    return UUID(drafted.need_id)


def _age(path: Path) -> None:
    old = time.time() - 3 * 86_400
    os.utime(path, (old, old))


def _forget(database: Database) -> int:
    with database.write() as session:
        return forget_lost_files(session)


def test_what_no_row_speaks_of_is_removed_once_it_is_old(database: Database, world: World, drafted: Drafted) -> None:
    kept = database.files.place_of(_attach(database, world, drafted).digest)
    orphan = database.files.place_of(database.files.put(b"Waise"))
    begun = database.files.stage(b"begonnen").path
    assert _forget(database) == 0
    for path in (kept, orphan, begun):
        _age(path)
    assert _forget(database) == 2
    assert kept.exists()
    assert not orphan.exists()
    assert not begun.exists()


def test_a_rolled_back_attachment_leaves_an_orphan_and_no_row(
    database: Database, world: World, drafted: Drafted
) -> None:
    staged = database.files.stage(PDF)
    form = SentAttachment(name="a.pdf", kind=AttachmentKind.PDF, size=staged.size, digest=staged.digest)
    with database.read() as reading:
        actor = world.actor(drafted.member, reading)
    with database._session(database._writing) as session:
        attach(session, SubjectType.NEED, _key(drafted), form, staged, actor=actor)
        session.rollback()
    assert count_rows(database, Attachment) == 0
    place = database.files.place_of(staged.digest)
    assert place.exists()
    _age(place)
    assert _attach(database, world, drafted).digest == staged.digest
    assert _forget(database) == 0
    assert place.exists()


def test_a_redacted_content_goes_unless_somebody_else_attached_the_same(
    database: Database, world: World, drafted: Drafted
) -> None:
    first, second = (_attach(database, world, drafted) for _ in range(2))
    place = database.files.place_of(first.digest)
    for each, stays in ((first, True), (second, False)):
        with database.write() as session:
            actor = world.actor(drafted.secretariat, session)
            redact_attachment(session, each.id, reason="Nennt jemanden.", actor=actor)
        _age(place)
        _forget(database)
        assert place.exists() is stays


def test_a_backup_carries_the_files_and_names_those_that_are_lost(
    database: Database, world: World, drafted: Drafted, tmp_path: Path
) -> None:
    first, second = (_attach(database, world, drafted, content) for content in (PDF, PDF + b"\n"))
    file = tmp_path / "backup.gz"
    database.files.place_of(second.digest).write_bytes(b"verdorben")
    with database.read_one_state() as session:
        saved = write_backup(session, file, schema=head_revision())
        assert [each.id for each in missing_contents(session, database.files.is_whole)] == [second.id]
    assert (saved.files, saved.missing) == (1, (second.digest,))
    url, uploads = f"sqlite:///{tmp_path / 'empty.db'}", tmp_path / "elsewhere"
    empty = Database(Settings(database_url=url, secret_key="s" * 40, upload_dir=str(uploads)))
    migrate(empty)
    with empty.write() as session:
        restore_backup(session, file, schema=head_revision())
    assert FileFolder(uploads).place_of(first.digest).read_bytes() == PDF
    with empty.read() as session:
        assert len(session.exec(select(Attachment)).all()) == 2
    empty.dispose()


def test_one_thing_takes_only_so_many(database: Database, world: World, drafted: Drafted) -> None:
    for number in range(20):
        _attach(database, world, drafted, PDF + bytes([number]))
    with pytest.raises(Conflict):
        _attach(database, world, drafted)
    assert count_rows(database, Attachment) == 20
