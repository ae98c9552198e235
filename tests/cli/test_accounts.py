"""People and tokens from the command line."""

from __future__ import annotations

import re

import pytest
from sqlmodel import select
from starlette.testclient import TestClient

from app.cli.main import main
from app.config import Settings
from app.db import Database
from app.domain.actors import PersonRole
from app.models.organisations import Organisation
from app.models.outbox import OutgoingMail
from app.models.people import Person
from tests.mails import links_of

CREATE = [
    "user",
    "create",
    "--email",
    "Erste@Amt.example",
    "--name",
    "Erste  Person",
    "--organisation",
    "Amt für Alles",
]


@pytest.fixture(autouse=True)
def environment(settings: Settings, database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """The command line works on the test's database."""
    monkeypatch.setenv("DIALOGFORUM_DATABASE_URL", settings.database_url)
    monkeypatch.setenv("DIALOGFORUM_SECRET_KEY", settings.secret_key)


def test_a_user_is_made_with_its_organisation_and_invited(database: Database) -> None:
    assert main([*CREATE, "--role", "admin"]) == 0
    with database.read() as session:
        person = session.exec(select(Person)).one()
        assert (person.email, person.name, person.role) == ("erste@amt.example", "Erste Person", PersonRole.ADMIN)
        organisation = session.exec(select(Organisation)).one()
        assert organisation.is_incomplete
        assert (organisation.kind, organisation.level, organisation.participation_class) == ("other", "none", "other")
        mail = session.exec(select(OutgoingMail)).one()
    assert any(path.startswith("/einladung/") for path in links_of(database, mail))
    assert main(["user", "create", "--email", "z@amt.example", "--name", "Z", "--organisation", "amt für alles"]) == 0
    with database.read() as session:
        assert len(session.exec(select(Organisation)).all()) == 1


def test_a_token_opens_the_api_to_what_it_may(client: TestClient, capsys: pytest.CaptureFixture[str]) -> None:
    main([*CREATE, "--role", "secretariat"])
    capsys.readouterr()
    secrets = []
    for more in ([], ["--write"]):
        assert main(["token", "create", "--email", "erste@amt.example", "--name", "Skript", *more]) == 0
        printed = capsys.readouterr().out
        assert re.fullmatch(r"\S+\n", printed)
        secrets.append(printed.strip())
    organisation = {"name": "Neu", "kind": "other", "level": "none", "participation_class": "other"}
    answers = [
        client.post("/api/v1/organisations", json=organisation, headers={"Authorization": f"Bearer {secret}"})
        for secret in secrets
    ]
    assert [answer.status_code for answer in answers] == [403, 201]


@pytest.mark.parametrize(
    "arguments",
    [
        [*CREATE[:3], "keine Adresse", *CREATE[4:]],
        [*CREATE[:-1], "   "],
        ["token", "create", "--email", "niemand@amt.example", "--name", "x"],
        ["token", "create", "--email", "erste@amt.example", "--name", "x", "--days", "0"],
    ],
)
def test_what_is_refused_says_why_in_one_line(
    arguments: list[str], capsys: pytest.CaptureFixture[str], database: Database
) -> None:
    assert main(arguments) == 1
    said = capsys.readouterr()
    assert said.out == ""
    assert re.fullmatch(r"dialogforum: .+\n", said.err)
    with database.read() as session:
        assert session.exec(select(Person)).all() == []
        assert session.exec(select(Organisation)).all() == []


def test_the_same_address_twice_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(CREATE) == 0
    assert main(CREATE) == 1
    assert "gibt es schon" in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [["user"], ["user", "create"], [*CREATE, "--role", "king"], ["token", "create"]])
def test_wrong_use_exits_with_2(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2
    assert len(capsys.readouterr().err.strip().splitlines()) == 1
