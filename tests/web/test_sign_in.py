"""Signing in, out, and the links that set a password, at the door of the pages."""

from __future__ import annotations

import re

import pytest
from fastapi import FastAPI
from sqlmodel import Session, select
from starlette.testclient import TestClient

from app.actions.passwords import take_password
from app.config import Settings
from app.db import Database
from app.domain.actors import PersonRole
from app.main import create_app
from app.models.accounts import Attempt, SignIn
from app.models.outbox import OutgoingMail
from app.models.people import Person
from app.security import SESSION_COOKIE, Passwords
from tests.browsing import send, sign_in
from tests.conftest import MovedClock
from tests.factories import Known, World
from tests.mails import text_of

PASSWORD = "vier blaue Lampen leuchten"
OTHER = "drei graue Steine rollen"


def form_token(client: TestClient, path: str) -> str:
    """The token of the form on a page."""
    found = re.search(r'name="form_token" value="([^"]+)"', client.get(path).text)
    assert found
    return found.group(1)


def submit(client: TestClient, path: str, fields: dict[str, str], page: str | None = None, **more: object):
    """Open a page and send its form."""
    return client.post(path, data={"form_token": form_token(client, page or path), **fields}, **more)


@pytest.fixture
def known(world: World, database: Database) -> Known:
    """A person with a password."""
    person = world.person(name="Anna Muster")
    give_password(database, person)
    return person


def give_password(database: Database, known: Known, password: str = PASSWORD, *, example: bool = False) -> None:
    with database.write() as session:
        person = session.get_one(Person, known.person_id)
        person.email = "anna@muster.example"
        person.is_example = example
        take_password(session, person, Passwords.hash(password))


def enter(client: TestClient, password: str = PASSWORD, **more: str):
    return submit(client, "/anmelden", {"email": "anna@muster.example", "password": password, **more})


def last_link(database: Database) -> str:
    with database.read() as session:
        mail = session.exec(select(OutgoingMail).order_by(OutgoingMail.id.desc())).first()
        assert mail is not None
        found = re.search(r"http://testserver(/(?:einladung|passwort)/\S+)", text_of(database, mail))
        assert found
        return found.group(1)


def test_the_right_password_opens_a_session_of_twelve_hours(
    client: TestClient, known: Known, clock: MovedClock
) -> None:
    answer = enter(client)
    assert (answer.status_code, answer.headers["location"]) == (303, "/aufgaben")
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    assert "max-age=43200" in cookie
    assert "secure" not in cookie
    assert client.get("/konto").status_code == 200
    clock.advance(hours=12, minutes=1)
    expired = client.get("/konto")
    assert (expired.status_code, expired.headers["location"]) == (303, "/anmelden?weiter=/konto")


def test_behind_tls_the_cookie_is_secure(settings: Settings, known: Known, clock: MovedClock) -> None:
    secure = settings.model_copy(update={"base_url": "https://testserver"})
    application = create_app(secure, clock)
    with TestClient(application, base_url="https://testserver", follow_redirects=False) as client:
        assert "secure" in enter(client).headers["set-cookie"].lower()


@pytest.mark.parametrize(
    ("onward", "place"),
    [
        ("/bedarfe?q=Kita", "/bedarfe?q=Kita"),
        ("https://evil.example/", "/aufgaben"),
        ("//evil.example/", "/aufgaben"),
        ("/\\evil.example", "/aufgaben"),
        ("/\tevil", "/aufgaben"),
        ("bedarfe", "/aufgaben"),
        ("", "/aufgaben"),
    ],
)
def test_signing_in_leads_on_to_own_pages_only(client: TestClient, known: Known, onward: str, place: str) -> None:
    assert enter(client, weiter=onward).headers["location"] == place


def test_a_wrong_password_and_an_unknown_account_look_the_same(client: TestClient, known: Known) -> None:
    wrong = enter(client, "falsches Passwort hier")
    unknown = submit(client, "/anmelden", {"email": "anna@muster.example ", "password": "x"})
    nobody = submit(client, "/anmelden", {"email": "niemand@muster.example", "password": PASSWORD})
    for answer in (wrong, unknown, nobody):
        assert answer.status_code == 422
        assert "passen nicht zusammen" in answer.text
        assert "set-cookie" not in answer.headers
    assert 'value="niemand@muster.example"' in nobody.text
    assert PASSWORD not in nobody.text


def test_too_many_attempts_wait_and_no_account_is_locked_for_ever(
    client: TestClient, known: Known, clock: MovedClock, database: Database
) -> None:
    for _time in range(5):
        assert enter(client, "falsch falsch falsch").status_code == 422
    refused = enter(client)
    assert refused.status_code == 429
    assert 0 < int(refused.headers["retry-after"]) <= 900
    assert "zu viele Versuche" in refused.text
    with database.read() as session:
        counted = len(session.exec(select(Attempt)).all())
    for _time in range(3):
        enter(client, "falsch falsch falsch")
    with database.read() as session:
        assert len(session.exec(select(Attempt)).all()) == counted
    clock.advance(seconds=int(refused.headers["retry-after"]) + 1)
    assert enter(client).status_code == 303


def test_strangers_do_not_lock_the_owner_out(app: FastAPI, database: Database, known: Known) -> None:
    for number in range(2):
        with TestClient(app, client=(f"192.0.2.{number}", 1), follow_redirects=False) as stranger:
            for _time in range(6):
                last = enter(stranger, "falsch falsch falsch")
            assert last.status_code == 429
    with TestClient(app, client=("198.51.100.7", 1), follow_redirects=False) as owner:
        assert enter(owner).status_code == 303


def test_an_address_has_a_limit_over_all_accounts(client: TestClient, known: Known) -> None:
    answers = [
        submit(client, "/anmelden", {"email": f"nr{number}@muster.example", "password": "falsch"}).status_code
        for number in range(41)
    ]
    assert answers[:40] == [422] * 40
    assert answers[40] == 429


def test_right_passwords_are_not_counted(client: TestClient, known: Known, database: Database) -> None:
    for _time in range(45):
        client.cookies.clear()
        assert enter(client).status_code == 303
    with database.read() as session:
        assert session.exec(select(Attempt)).all() == []


def test_signing_out_ends_the_session_for_the_server_too(client: TestClient, known: Known) -> None:
    enter(client)
    cookie = client.cookies[SESSION_COOKIE]
    token = form_token(client, "/konto")
    without = client.post("/abmelden", data={})
    assert without.status_code == 403
    assert client.get("/konto").status_code == 200
    gone = client.post("/abmelden", data={"form_token": token})
    assert (gone.status_code, gone.headers["location"]) == (303, "/")
    client.cookies.set(SESSION_COOKIE, cookie)
    assert client.get("/konto").status_code == 303


def test_a_foreign_form_or_one_without_token_opens_nothing(client: TestClient, known: Known, session: Session) -> None:
    fields = {"email": "anna@muster.example", "password": PASSWORD}
    before = len(session.exec(select(SignIn)).all())
    session.rollback()
    token = form_token(client, "/anmelden")
    foreign = client.post("/anmelden", data={"form_token": token, **fields}, headers={"Origin": "https://evil.example"})
    bare = client.post("/anmelden", data=fields)
    forged = client.post("/anmelden", data={"form_token": "x" + token, **fields})
    assert {foreign.status_code, bare.status_code, forged.status_code} == {403}
    assert len(session.exec(select(SignIn)).all()) == before


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"email": "anna@muster.example"},
        {"email": "keine Adresse", "password": "x"},
        {"email": "a" * 300 + "@x.example", "password": "x"},
        {"email": "anna@muster.example", "password": "x" * 201},
        {"email": "anna@muster.example", "password": "x", "farbe": "rot"},
        {"email": "an\x00na@muster.example", "password": "x"},
    ],
)
def test_bad_input_is_named_and_kept(client: TestClient, known: Known, fields: dict[str, str]) -> None:
    answer = submit(client, "/anmelden", fields)
    assert answer.status_code == 422
    assert "error-summary" in answer.text


def test_a_forgotten_password_is_set_anew_by_a_link_that_works_once(
    client: TestClient, known: Known, database: Database
) -> None:
    enter(client)
    former = client.cookies[SESSION_COOKIE]
    client.cookies.clear()
    asked = submit(client, "/passwort-vergessen", {"email": "Anna@Muster.example"})
    assert (asked.status_code, asked.headers["location"]) == (303, "/passwort-vergessen/gesendet")
    link = last_link(database)
    assert client.get(link).status_code == client.get(link).status_code == 200
    unequal = submit(client, link, {"password": OTHER, "repeated": PASSWORD})
    assert unequal.status_code == 422
    assert "nicht gleich" in unequal.text
    assert OTHER not in unequal.text
    done = submit(client, link, {"password": OTHER, "repeated": OTHER})
    assert done.status_code == 303
    assert client.get("/konto").status_code == 200
    client.cookies.clear()
    assert client.get(link).status_code == 410
    assert client.get(link.replace("/passwort/", "/einladung/")).status_code == 404
    assert client.get("/passwort/unbekannt").status_code == 404
    client.cookies.set(SESSION_COOKIE, former)
    assert client.get("/konto").status_code == 303
    client.cookies.clear()
    assert enter(client).status_code == 422
    assert enter(client, OTHER).status_code == 303


def test_asking_for_a_password_answers_the_same_without_an_account(
    client: TestClient, known: Known, database: Database
) -> None:
    there = submit(client, "/passwort-vergessen", {"email": "anna@muster.example"})
    nowhere = submit(client, "/passwort-vergessen", {"email": "niemand@muster.example"})
    assert (there.status_code, dict(there.headers), there.text) == (
        nowhere.status_code,
        dict(nowhere.headers),
        nowhere.text,
    )
    for _time in range(5):
        assert submit(client, "/passwort-vergessen", {"email": "anna@muster.example"}).status_code == 303
    with database.read() as session:
        assert len(session.exec(select(OutgoingMail)).all()) == 3


def test_a_link_ends_with_its_time(client: TestClient, known: Known, database: Database, clock: MovedClock) -> None:
    submit(client, "/passwort-vergessen", {"email": "anna@muster.example"})
    link, token = last_link(database), form_token(client, "/anmelden")
    clock.advance(hours=2, minutes=1)
    assert client.get(link).status_code == 410
    late = client.post(link, data={"form_token": token, "password": OTHER, "repeated": OTHER})
    assert late.status_code == 410
    assert enter(client).status_code == 303


def test_the_link_lets_in_who_is_locked_out(client: TestClient, known: Known, database: Database) -> None:
    for _time in range(6):
        enter(client, "falsch falsch falsch")
    submit(client, "/passwort-vergessen", {"email": "anna@muster.example"})
    link = last_link(database)
    assert submit(client, link, {"password": OTHER, "repeated": OTHER}).status_code == 303
    client.cookies.clear()
    assert enter(client, OTHER).status_code == 303


@pytest.mark.parametrize(
    "password",
    ["kurz", "aaaaaaaaaaaaaaaa", "Dialogforum-Beispiel", "AnnaMuster2026", "anna@muster.example"],
)
def test_a_password_others_would_try_first_is_refused(
    client: TestClient, known: Known, database: Database, password: str
) -> None:
    submit(client, "/passwort-vergessen", {"email": "anna@muster.example"})
    link = last_link(database)
    assert submit(client, link, {"password": password, "repeated": password}).status_code == 422
    assert enter(client).status_code == 303


def test_an_invitation_is_accepted_once_within_seven_days(
    client: TestClient, world: World, database: Database, clock: MovedClock
) -> None:
    secretariat = world.secretariat()
    person = {"email": "neu@muster.example", "name": "<b>Neu</b>", "organisation_id": str(world.organisation())}
    made = client.post("/api/v1/people", json=person, headers=secretariat.headers).json()
    path = f"/api/v1/people/{made['id']}/invitation"
    invited = client.post(path, headers=secretariat.headers)
    assert invited.json()["access"] == "invited"
    link = last_link(database)
    clock.advance(days=6, hours=23)
    page = client.get(link)
    assert page.status_code == 200
    assert "<b>Neu" not in page.text
    assert "&lt;b&gt;Neu" in page.text
    assert page.headers["cache-control"] == "no-store"
    clock.advance(hours=2)
    assert client.get(link).status_code == 410
    client.post(path, headers=secretariat.headers)
    fresh = last_link(database)
    assert fresh != link
    assert submit(client, fresh, {"password": OTHER, "repeated": OTHER}).headers["location"] == "/aufgaben"
    client.cookies.clear()
    assert client.get(fresh).status_code == 410
    assert client.post(path, headers=secretariat.headers).status_code == 409
    known = client.get(f"/api/v1/people/{made['id']}", headers=secretariat.headers).json()
    assert known["access"] == "joined"


def test_example_accounts_are_offered_only_where_the_example_is_shown(
    settings: Settings, client: TestClient, world: World, database: Database, clock: MovedClock
) -> None:
    example = world.person(PersonRole.SECRETARIAT, name="Erika <i>Beispiel</i>")
    give_password(database, example, "Dialogforum-Beispiel", example=True)
    assert "Beispielkonten" not in client.get("/anmelden").text
    assert enter(client, "Dialogforum-Beispiel").status_code == 422
    assert submit(client, "/passwort-vergessen", {"email": "anna@muster.example"}).status_code == 303
    with database.read() as session:
        assert session.exec(select(OutgoingMail)).all() == []
    with TestClient(create_app(settings.model_copy(update={"demo": True}), clock), follow_redirects=False) as shown:
        page = shown.get("/anmelden").text
        assert "Beispielkonten" in page
        assert "Erika &lt;i&gt;Beispiel" in page
        assert "Geschäftsstelle" in page
        assert enter(shown, "Dialogforum-Beispiel").status_code == 303


def test_who_is_signed_in_goes_on(client: TestClient, known: Known) -> None:
    sign_in(client, known)
    assert client.get("/anmelden?weiter=/konto").headers["location"] == "/konto"
    assert client.get("/anmelden?weiter=//evil.example").headers["location"] == "/aufgaben"


def test_a_person_whose_access_ended_is_out_at_once(client: TestClient, known: Known, world: World) -> None:
    sign_in(client, known)
    assert client.get("/konto").status_code == 200
    assert client.get("/api/v1/people", headers=known.headers).status_code == 200
    admin = world.person(PersonRole.ADMIN)
    ended = client.post(f"/api/v1/people/{known.person_id}/end-access", json={}, headers=admin.headers)
    assert ended.json()["access"] == "ended"
    assert client.get("/konto").status_code == 303
    assert client.get("/api/v1/people", headers=known.headers).status_code == 401
    refused = send(client, known, "/konto/abwesenheit", {})
    assert refused.status_code in (401, 403)
    client.cookies.clear()
    assert enter(client).status_code == 422


def test_public_pages_of_signing_in_set_no_cookie(client: TestClient) -> None:
    for path in ("/anmelden", "/passwort-vergessen", "/passwort-vergessen/gesendet"):
        answer = client.get(path)
        assert answer.status_code == 200
        assert "set-cookie" not in answer.headers
