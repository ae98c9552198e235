"""One prepared database for each test, on SQLite or on a PostgreSQL the suite starts itself."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from fastapi import FastAPI
from sqlmodel import Session
from starlette.testclient import TestClient

from app.actions.foundation import lay_foundation
from app.config import Settings
from app.db import Database
from app.demo import load
from app.main import create_app
from app.schema import migrate
from app.security import Passwords
from tests import backends
from tests.browsing import StatementCounter
from tests.factories import World
from tests.mail_server import Authority, Mailbox

BACKEND = os.environ.get("DIALOGFORUM_TEST_BACKEND", "sqlite")
SECRET = "only-for-tests-only-for-tests-only-for-tests"
Passwords.memory_kibibytes = 64


class MovedClock:
    """A clock that stands until a test moves it."""

    def __init__(self, moment: datetime) -> None:
        self.moment = moment

    def __call__(self) -> datetime:
        """Every look a microsecond later, so that nothing happens at the same moment."""
        self.moment += timedelta(microseconds=1)
        return self.moment

    def advance(self, **span: float) -> None:
        """Move on by `days=…`, `hours=…` and so on."""
        self.moment += timedelta(**span)


@pytest.fixture
def clock() -> MovedClock:
    """A Monday morning; tests move it on."""
    return MovedClock(datetime(2026, 3, 2, 9, 0, tzinfo=UTC))


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Iterator[backends.Template]:
    """A migrated database with its foundation, copied for every test."""
    with backends.template(BACKEND, tmp_path_factory.mktemp("database")) as made:
        settings = Settings(database_url=made.url, secret_key=SECRET)
        database = Database(settings, MovedClock(datetime(2024, 1, 1, tzinfo=UTC)))
        migrate(database)
        with database.write() as session:
            lay_foundation(session)
        database.dispose()
        yield made


@pytest.fixture
def settings(template: backends.Template, tmp_path: Path) -> Iterator[Settings]:
    """Settings of a fresh copy of the prepared database."""
    with template.copy(tmp_path) as url:
        yield Settings(
            database_url=url,
            secret_key=SECRET,
            base_url="http://testserver",
            mail_url=f"file:{tmp_path / 'mail'}",
            upload_dir=str(tmp_path / "uploads"),
        )


@pytest.fixture
def app(settings: Settings, clock: MovedClock) -> FastAPI:
    """The application on the test's database and clock."""
    return create_app(settings, clock)


@pytest.fixture
def database(app: FastAPI) -> Iterator[Database]:
    """The application's database."""
    yield app.state.database
    app.state.database.dispose()


@pytest.fixture
def session(database: Database) -> Iterator[Session]:
    """A writing session; what a test wants others to see it commits."""
    with database._session(database._writing) as opened:
        yield opened


@pytest.fixture
def world(database: Database) -> World:
    """Makes organisations, bodies, persons and what else a test needs, through the application's own actions."""
    return World(database)


@pytest.fixture
def client(app: FastAPI, database: Database) -> Iterator[TestClient]:
    """A browser without an account, or a program; `tests.browsing.sign_in` signs a person in."""
    with TestClient(app, follow_redirects=False, raise_server_exceptions=False) as opened:
        yield opened


@pytest.fixture
def statements(database: Database) -> Iterator[StatementCounter]:
    """Counts what the application asks the database: `with statements: client.get(…)`, then `statements.count`."""
    counter = StatementCounter(database.engine)
    yield counter
    counter.stop()


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    """Vouches for the mail servers of the tests."""
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture
def trusted(authority: Authority, monkeypatch: pytest.MonkeyPatch) -> None:
    """The machine trusts the authority of the tests."""
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.file))


@pytest.fixture
def box() -> Mailbox:
    """What a mail server took; `running(box, authority)` starts one."""
    return Mailbox()


@dataclass(frozen=True)
class Example:
    """The application with the example programme loaded, on a clock that stands at its day of loading."""

    app: FastAPI
    database: Database
    clock: MovedClock


EXAMPLE_DAY = datetime(2026, 11, 2, 10, 0, tzinfo=UTC)


@pytest.fixture(scope="session")
def example_files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the files attached in the example programme lie."""
    return tmp_path_factory.mktemp("example-files")


@pytest.fixture(scope="session")
def example_template(tmp_path_factory: pytest.TempPathFactory, example_files: Path) -> Iterator[backends.Template]:
    """A database with the example programme, copied for every test that looks at it."""
    with backends.template(BACKEND, tmp_path_factory.mktemp("example")) as made:
        settings = Settings(database_url=made.url, secret_key=SECRET, upload_dir=str(example_files))
        database = Database(settings, MovedClock(EXAMPLE_DAY))
        migrate(database)
        with database.write() as session:
            lay_foundation(session)
        database.dispose()
        load(settings, EXAMPLE_DAY)
        yield made


@pytest.fixture
def example(example_template: backends.Template, example_files: Path, tmp_path: Path) -> Iterator[Example]:
    """A fresh copy of the example programme; nobody is signed in."""
    clock = MovedClock(EXAMPLE_DAY)
    with example_template.copy(tmp_path) as url:
        settings = Settings(
            database_url=url,
            secret_key=SECRET,
            base_url="http://testserver",
            mail_url=f"file:{tmp_path / 'mail'}",
            upload_dir=str(shutil.copytree(example_files, tmp_path / "uploads")),
        )
        app = create_app(settings, clock)
        yield Example(app, app.state.database, clock)
        app.state.database.dispose()
