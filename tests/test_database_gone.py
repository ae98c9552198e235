"""The database goes away and comes back: 503 in between, and nobody has to help."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
from starlette.testclient import TestClient

from app.config import Settings
from app.security import anonymous_form_token
from tests.browsing import sign_in
from tests.conftest import BACKEND
from tests.factories import World


@contextmanager
def gone(settings: Settings) -> Iterator[None]:
    """The database can't be reached while this lasts."""
    if BACKEND == "sqlite":
        file = file_of(settings)
        aside = file.with_name("aside")
        aside.mkdir()
        for part in file.parent.glob(f"{file.name}*"):
            part.rename(aside / part.name)
        try:
            yield
        finally:
            assert not file.exists()
            for part in aside.iterdir():
                part.rename(file.parent / part.name)
        return
    with server_of(settings) as (connection, name):
        connection.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false'.encode())
        connection.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name])
        try:
            yield
        finally:
            connection.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS true'.encode())


@contextmanager
def an_empty_file(settings: Settings) -> Iterator[None]:
    with gone(settings):
        file_of(settings).touch()
        yield
        file_of(settings).unlink()


@contextmanager
def another_file(settings: Settings) -> Iterator[None]:
    with gone(settings):
        file_of(settings).write_bytes(b"this is no database, and long enough to be looked at as one" * 40)
        yield
        file_of(settings).unlink()


@contextmanager
def a_folder(settings: Settings) -> Iterator[None]:
    with gone(settings):
        file_of(settings).mkdir()
        yield
        file_of(settings).rmdir()


@contextmanager
def renamed(settings: Settings) -> Iterator[None]:
    with server_of(settings) as (connection, name):
        connection.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name])
        connection.execute(f'ALTER DATABASE "{name}" RENAME TO "{name}_aside"'.encode())
        try:
            yield
        finally:
            connection.execute(f'ALTER DATABASE "{name}_aside" RENAME TO "{name}"'.encode())


@contextmanager
def an_empty_database(settings: Settings) -> Iterator[None]:
    with renamed(settings), server_of(settings) as (connection, name):
        connection.execute(f'CREATE DATABASE "{name}"'.encode())
        yield
        connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)'.encode())


INSTEAD = {"sqlite": [gone, a_folder, another_file, an_empty_file], "postgresql": [gone, renamed, an_empty_database]}
"""By backend: what may stand where our database was."""


def file_of(settings: Settings) -> Path:
    """The file of a SQLite database."""
    return Path(settings.database_url.removeprefix("sqlite:///"))


@contextmanager
def server_of(settings: Settings) -> Iterator[tuple[psycopg.Connection[Any], str]]:
    """The server of a PostgreSQL database, and the database's name."""
    server, name = settings.database_url.replace("+psycopg", "").rsplit("/", 1)
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        yield connection, name


def test_every_door_says_so_and_it_recovers_by_itself(
    client: TestClient, world: World, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    known = world.secretariat()
    sign_in(client, known)
    form = {"form_token": known.form_token, "name": "Name einer geheimen Gruppe"}
    sent = {"name": "Name einer geheimen Gruppe"}

    def ask() -> list[int]:
        return [
            client.get("/bedarfe").status_code,
            client.get("/api/v1/needs", headers=known.headers).status_code,
            client.post("/api/v1/target-groups", json=sent, headers=known.headers).status_code,
            client.get("/readyz").status_code,
            client.get("/healthz").status_code,
        ]

    assert client.get("/readyz").status_code == 200
    with gone(settings):
        assert ask() == [503, 503, 503, 503, 200]
        page = client.get("/bedarfe")
        assert "Dienst nicht erreichbar" in page.text
        problem = client.get("/api/v1/needs", headers=known.headers)
        assert problem.headers["content-type"] == "application/problem+json"
        assert problem.json()["type"] == "/api/problems/unavailable"
        written = client.post("/abmelden", data=form)
        signing_in = client.post(
            "/anmelden",
            data={"form_token": anonymous_form_token(settings), "email": "a@b.example", "password": "geheimes Wort 1"},
        )
        for answer in (page, problem, written, signing_in, client.get("/readyz")):
            assert answer.status_code == 503
            assert int(answer.headers["Retry-After"]) > 0
        assert "nicht erreichbar" in client.get("/readyz").json()["detail"]
    assert ask() == [200, 200, 201, 200, 200]
    said = caplog.text
    for secret in ("geheim", known.cookie, known.token, "a@b.example", settings.secret_key):
        assert secret not in said


@pytest.mark.parametrize("instead", INSTEAD[BACKEND])
def test_a_database_that_was_replaced_is_read_anew_and_none_is_made(
    client: TestClient, settings: Settings, instead: Callable[[Settings], AbstractContextManager[None]]
) -> None:
    assert client.get("/readyz").status_code == 200
    with instead(settings):
        assert client.get("/programm").status_code == 503
        answer = client.get("/readyz")
        is_empty = instead in (an_empty_file, an_empty_database)
        assert (answer.status_code, "dialogforum migrate" in answer.json()["detail"]) == (503, is_empty)
    assert (client.get("/programm").status_code, client.get("/readyz").status_code) == (200, 200)
