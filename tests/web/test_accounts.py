"""One's own account: sessions, tokens, absence, password."""

from __future__ import annotations

import re

import pytest
from sqlmodel import select
from starlette.testclient import TestClient

from app.actions.passwords import take_password
from app.actions.sign_ins import open_session
from app.db import Database
from app.models.accounts import ApiToken, SignIn
from app.models.base import new_id
from app.models.people import Person
from app.security import SESSION_COOKIE, Passwords
from tests.browsing import send, sign_in
from tests.conftest import MovedClock
from tests.factories import Known, World
from tests.mails import list_mails, subject_of

PASSWORD, OTHER = "vier blaue Lampen leuchten", "drei graue Steine rollen"
AGENT = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


@pytest.fixture
def known(world: World, database: Database) -> Known:
    person = world.person()
    with database.write() as session:
        take_password(session, session.get_one(Person, person.person_id), Passwords.hash(PASSWORD))
    return person


def another_session(database: Database, known: Known, agent: str = AGENT) -> tuple[str, str]:
    """(secret, id) of a second browser of the person."""
    with database.write() as session:
        secret = open_session(session, session.get_one(Person, known.person_id), agent=agent)
    with database.read() as session:
        newest = session.exec(select(SignIn).order_by(SignIn.created_at.desc())).first()
        assert newest is not None
        return secret, str(newest.id)


def works(client: TestClient, secret: str) -> bool:
    client.cookies.clear()
    client.cookies.set(SESSION_COOKIE, secret)
    return client.get("/konto").status_code == 200


def test_sessions_are_listed_and_revoked(client: TestClient, known: Known, database: Database, statements) -> None:
    secret, key = another_session(database, known)
    sign_in(client, known)
    with statements:
        page = client.get("/konto")
    assert statements.count <= 12
    assert "Firefox, Linux" in page.text
    assert secret not in page.text
    assert send(client, known, "/konto/sitzungen/beenden", {"id": key}).status_code == 303
    assert not works(client, secret)
    assert works(client, known.cookie)
    secrets = [another_session(database, known)[0] for _time in range(3)]
    assert send(client, known, "/konto/sitzungen/andere-beenden").status_code == 303
    assert not any(works(client, each) for each in secrets)
    assert works(client, known.cookie)


def test_nobody_revokes_the_sessions_or_tokens_of_others(
    client: TestClient, known: Known, world: World, database: Database
) -> None:
    other = world.person()
    secret, key = another_session(database, other)
    assert send(client, known, "/konto/sitzungen/beenden", {"id": key}).status_code == 404
    assert send(client, known, "/konto/sitzungen/beenden", {"id": str(new_id())}).status_code == 404
    assert send(client, known, "/konto/sitzungen/beenden", {"id": "quatsch"}).status_code == 422
    assert works(client, secret)
    with database.read() as session:
        token = session.exec(select(ApiToken).where(ApiToken.person_id == other.person_id)).one()
    assert send(client, known, "/konto/zugangstoken/widerrufen", {"id": str(token.id)}).status_code == 404
    assert client.get("/api/v1/people", headers=other.headers).status_code == 200


def test_a_token_is_shown_once_works_and_ends(
    client: TestClient, known: Known, clock: MovedClock, database: Database
) -> None:
    sent = {"id": str(new_id()), "name": "Auswertung <i>", "days": "30"}
    made = send(client, known, "/konto/zugangstoken", sent)
    assert made.status_code == 200
    assert made.headers["cache-control"] == "no-store"
    found = re.search(r'<code class="secret">(df_[\w-]+)</code>', made.text)
    assert found
    headers = {"Authorization": f"Bearer {found.group(1)}"}
    assert "Auswertung &lt;i&gt;" in made.text
    assert client.get("/api/v1/people", headers=headers).json()["items"]
    again = send(client, known, "/konto/zugangstoken", sent)
    assert again.status_code == 200
    assert found.group(1) not in again.text
    assert "df_" not in client.get("/konto").text
    with database.read() as session:
        tokens = session.exec(select(ApiToken).where(ApiToken.person_id == known.person_id)).all()
        assert len(tokens) == 2
        assert found.group(1) not in {token.digest for token in tokens}
    clock.advance(days=31)
    assert client.get("/api/v1/people", headers=headers).status_code == 401
    assert "abgelaufen" in client.get("/konto").text


def test_a_revoked_token_is_refused_at_the_next_request(client: TestClient, known: Known) -> None:
    key = str(new_id())
    made = send(client, known, "/konto/zugangstoken", {"id": key, "name": "Skript", "days": "90", "may_write": "true"})
    found = re.search(r"df_[\w-]+", made.text)
    assert found
    headers = {"Authorization": f"Bearer {found.group()}"}
    assert client.get("/api/v1/people", headers=headers).status_code == 200
    assert send(client, known, "/konto/zugangstoken/widerrufen", {"id": key}).status_code == 303
    assert client.get("/api/v1/people", headers=headers).status_code == 401
    assert send(client, known, "/konto/zugangstoken/widerrufen", {"id": key}).status_code == 303


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"name": ""},
        {"name": "x" * 101},
        {"name": "x", "days": "0"},
        {"name": "x", "days": "4000"},
        {"name": "x", "days": "viele"},
    ],
)
def test_a_wrong_token_form_keeps_its_text(
    client: TestClient, known: Known, database: Database, fields: dict[str, str]
) -> None:
    refused = send(client, known, "/konto/zugangstoken", fields)
    assert refused.status_code == 422
    assert "error-summary" in refused.text
    if fields.get("name"):
        assert f'value="{fields["name"]}"' in refused.text
    with database.read() as session:
        assert len(session.exec(select(ApiToken).where(ApiToken.person_id == known.person_id)).all()) == 1


def test_absence_is_said_and_taken_back(client: TestClient, known: Known, clock: MovedClock) -> None:
    assert send(client, known, "/konto/abwesenheit", {"absent_until": "2026-03-20"}).status_code == 303
    assert "abwesend bis 20. März 2026" in client.get("/konto").text
    past = send(client, known, "/konto/abwesenheit", {"absent_until": "2026-03-01"})
    assert past.status_code == 422
    assert 'value="2026-03-01"' in past.text
    assert send(client, known, "/konto/abwesenheit", {"absent_until": "morgen"}).status_code == 422
    assert "abwesend bis 20. März 2026" in client.get("/konto").text
    assert send(client, known, "/konto/abwesenheit", {"absent_until": ""}).status_code == 303
    assert "abwesend bis" not in client.get("/konto").text


def test_a_new_password_ends_the_other_sessions(client: TestClient, known: Known, database: Database) -> None:
    secret, _key = another_session(database, known)
    wrong = send(client, known, "/konto/passwort", {"current": OTHER, "password": OTHER, "repeated": OTHER})
    assert wrong.status_code == 422
    assert "nicht Ihr bisheriges" in wrong.text
    assert works(client, secret)
    right = {"current": PASSWORD, "password": OTHER, "repeated": OTHER}
    assert send(client, known, "/konto/passwort", right).status_code == 303
    assert not works(client, secret)
    assert works(client, known.cookie)
    with database.read() as session:
        assert Passwords.verify(OTHER, session.get_one(Person, known.person_id).password_hash)
    assert "geändert" in subject_of(database, list_mails(database)[0])


def test_guessing_the_present_password_is_limited(client: TestClient, known: Known, database: Database) -> None:
    fields = {"current": OTHER, "password": OTHER, "repeated": OTHER}
    answers = [send(client, known, "/konto/passwort", fields) for _time in range(6)]
    assert [answer.status_code for answer in answers] == [422] * 5 + [429]
    assert int(answers[-1].headers["retry-after"]) > 0
    with database.read() as session:
        assert Passwords.verify(PASSWORD, session.get_one(Person, known.person_id).password_hash)


def test_the_account_is_for_the_signed_in(client: TestClient) -> None:
    assert client.get("/konto").headers["location"] == "/anmelden?weiter=/konto"
    for path in ("abwesenheit", "sitzungen/beenden", "sitzungen/andere-beenden", "zugangstoken", "passwort"):
        assert client.post(f"/konto/{path}", data={}).status_code == 403
