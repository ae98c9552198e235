"""The engine and its sessions: one request, one transaction; what differs between the databases lives here alone."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache, lru_cache
from pathlib import Path
from time import monotonic, sleep
from typing import Any
from urllib.parse import quote
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Connection,
    CursorResult,
    Dialect,
    Engine,
    Executable,
    Insert,
    Select,
    Uuid,
    bindparam,
    create_engine,
    event,
    exc,
    exists,
    inspect,
    literal_column,
    select,
    text,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlmodel import Session, SQLModel, col

from app import guards
from app.clock import Clock, system_clock
from app.config import Settings
from app.files import FileFolder
from app.models.base import Table

_BUSY_MILLISECONDS = 20_000
_BUSY_PAUSE = 0.001
_KEYS_KEPT = 16_384
_VERSIONS = 2**31
_STATE_NAMES = {
    "sqlite": "(SELECT user_version FROM pragma_user_version)",
    "postgresql": "pg_current_snapshot()::text",
}


class Database:
    """One database of an application: reading sessions that can't write, and writing ones."""

    def __init__(self, settings: Settings, clock: Clock = system_clock) -> None:
        self.settings = settings
        self.clock = clock
        self.files = FileFolder(Path(settings.upload_dir))
        self.kept: dict[str, Any] = {}
        """What this process keeps of its answers; `queries.kept` looks after it."""
        self.engine = make_engine(settings)
        self._writing = self.engine.execution_options(dialogforum_writes=True)
        self._reading = self.engine
        if self.engine.dialect.name == "postgresql":
            self._reading = self.engine.execution_options(postgresql_readonly=True)

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A session for questions: waits for no writer and refuses to write."""
        with self._session(self._reading) as session:
            session.info["read_only"] = True
            session.info["kept"] = self.kept
            yield session
            # With a rollback psycopg would forget every statement it had PostgreSQL prepare, and each be planned anew.
            session.expunge_all()
            session.commit()

    @contextmanager
    def write(self) -> Iterator[Session]:
        """A session whose changes are committed together at the end, or not at all."""
        with self._session(self._writing) as session:
            yield session
            session.commit()

    @contextmanager
    def read_one_state(self) -> Iterator[Session]:
        """A reading session whose every answer is of one moment, however long it takes."""
        engine = self._reading
        if engine.dialect.name == "postgresql":
            engine = engine.execution_options(isolation_level="REPEATABLE READ")
        with self._session(engine) as session:
            session.info["read_only"] = True
            yield session

    def dispose(self) -> None:
        """Close every connection."""
        self.engine.dispose()

    @contextmanager
    def _session(self, engine: Engine) -> Iterator[Session]:
        with Session(engine, expire_on_commit=False, autoflush=True) as session:
            session.info["clock"] = self.clock
            session.info["base_url"] = self.settings.base_url
            session.info["files"] = self.files
            yield session


def make_engine(settings: Settings) -> Engine:
    """The engine for the settings' database, with each database's own safeguards."""
    if not settings.is_sqlite:
        return create_engine(
            settings.database_url,
            hide_parameters=True,
            pool_pre_ping=True,
            pool_size=8,
            max_overflow=8,
            pool_timeout=5,
        )
    file = _file_of(settings)
    address = f"file:{quote(str(file.absolute()))}?mode=rw"

    def connect() -> sqlite3.Connection:
        timeout = _BUSY_MILLISECONDS / 1000
        return sqlite3.connect(address, uri=True, check_same_thread=False, timeout=timeout)

    engine = create_engine(f"sqlite:///{file}", creator=connect, hide_parameters=True, pool_size=16, max_overflow=16)
    engine.dialect.colspecs = {**engine.dialect.colspecs, Uuid: _KeptUuid}
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    _leave_lost_file(engine, file)
    return engine


class _KeptUuid(Uuid[UUID]):
    """Keys as SQLite stores them, in hexadecimal digits; reading each anew cost a page a tenth of its time."""

    def result_processor(self, _dialect: Dialect, _coltype: object) -> Callable[[str | None], UUID | None]:
        return _key_of


@lru_cache(maxsize=_KEYS_KEPT)
def _key_of(digits: str | None) -> UUID | None:
    return None if digits is None else UUID(digits)


def create_file(settings: Settings) -> None:
    """Make the SQLite file where there is none; serving never makes one, so that a lost one is noticed."""
    if settings.is_sqlite:
        file = _file_of(settings)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch(mode=0o600, exist_ok=True)


def _file_of(settings: Settings) -> Path:
    return Path(settings.database_url.removeprefix("sqlite:///"))


def _leave_lost_file(engine: Engine, file: Path) -> None:
    """A connection to a file that was moved away or replaced is given up instead of written to."""

    def identity() -> tuple[int, int] | None:
        try:
            found = file.stat()
        except OSError:
            return None
        return found.st_dev, found.st_ino

    def note(_connection: DBAPIConnection, record: Any) -> None:
        record.info["file"] = identity()

    def check(_connection: DBAPIConnection, record: Any, _proxy: Any) -> None:
        if record.info["file"] is None or record.info["file"] != identity():
            raise exc.DisconnectionError

    event.listen(engine, "connect", note)
    event.listen(engine, "checkout", check)


def _prepare_sqlite(connection: DBAPIConnection, _record: Any) -> None:
    assert isinstance(connection, sqlite3.Connection)
    connection.isolation_level = None
    for pragma in (
        "journal_mode = WAL",
        "synchronous = FULL",
        "foreign_keys = ON",
        f"busy_timeout = {_BUSY_MILLISECONDS}",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    if not connection.get_execution_options().get("dialogforum_writes", False):
        connection.exec_driver_sql("BEGIN")
        return
    driver: Any = connection.connection.dbapi_connection
    _begin_to_write(driver)
    (written,) = driver.execute("PRAGMA user_version").fetchone()
    driver.execute(f"PRAGMA user_version = {(written + 1) % _VERSIONS}")


def _begin_to_write(driver: sqlite3.Connection) -> None:
    """Begin as soon as no other process writes; an error where one still does at the end of all patience.

    SQLite itself looks again after ever longer pauses, and finds that another who came later was quicker.
    """
    until = monotonic() + _BUSY_MILLISECONDS / 1000
    driver.execute("PRAGMA busy_timeout = 0")
    try:
        while True:
            try:
                driver.execute("BEGIN IMMEDIATE")
                return
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or monotonic() > until:
                    raise
            sleep(_BUSY_PAUSE)
    finally:
        driver.execute(f"PRAGMA busy_timeout = {_BUSY_MILLISECONDS}")


def state_name(dialect: str) -> ColumnElement[Any]:
    """A name of what a session sees of the database, as a column of whatever it asks first: equal names, equal rows.

    PostgreSQL names a state by the transactions that are finished. In SQLite each writing transaction counts on
    `user_version`, a number in the file's head, and takes that back where it is undone.
    """
    return literal_column(_STATE_NAMES[dialect])


def insert_if_absent(
    session: Session, model: type[SQLModel], values: dict[str, Any], *, beside: type[Table] | None = None
) -> bool:
    """Insert a row unless its key stands already, here or as the id of the model beside; True where it was inserted.

    Of two at once the second waits for the first to commit, on both databases.
    """
    connection = session.connection()
    statement = _insert_if_absent(connection.dialect.name, model, tuple(values), beside)
    return connection.execute(statement, values).first() is not None


@cache
def _insert_if_absent(
    dialect: str, model: type[SQLModel], names: tuple[str, ...], beside: type[Table] | None
) -> Executable:
    table = inspect(model).local_table
    make = sqlite.insert if dialect == "sqlite" else postgresql.insert
    places = {name: bindparam(name, type_=table.c[name].type) for name in names}
    insert = make(table).values(places)
    if beside is not None:
        stands = exists().where(col(beside.id) == places["id"])
        insert = make(table).from_select(names, select(*places.values()).where(~stands), include_defaults=False)
    return insert.on_conflict_do_nothing().returning(*table.primary_key)


def insert_selected(dialect: str, model: type[SQLModel], rows: Select[Any]) -> Insert:
    """The statement that inserts every row selected unless its key stands already, by the names of its columns.

    The selection needs a condition: SQLite takes `ON CONFLICT` for a join where there is none.
    """
    make = sqlite.insert if dialect == "sqlite" else postgresql.insert
    columns = [column.name for column in rows.selected_columns]
    statement = make(inspect(model).local_table).from_select(columns, rows, include_defaults=False)
    return statement.on_conflict_do_nothing().execution_options(preserve_rowcount=True)


def count_inserted(connection: Connection, result: CursorResult[Any]) -> int:
    """How many rows an insert made; SQLite's driver doesn't say it of a statement that begins with WITH."""
    if result.rowcount >= 0:
        return result.rowcount
    return int(connection.exec_driver_sql("SELECT changes()").scalar_one())


def hold(session: Session, name: str) -> None:
    """Let others who name the same thing wait until this transaction ends.

    On SQLite writers wait for each other anyway.
    """
    if session.get_bind().dialect.name == "postgresql":
        statement = text("SELECT pg_advisory_xact_lock(hashtextextended(:name, 0))")
        session.connection().execute(statement, {"name": name})


guards.watch(Session)
