"""How often mail comes is chosen in the account; the link in a mail ends it with one click, without signing in."""

from __future__ import annotations

import re

import pytest
from sqlmodel import Session, select
from starlette.testclient import TestClient

from app.actions.people import end_access, redact_person
from app.config import Settings
from app.db import Database
from app.documents.digests import UNSUBSCRIBE, unsubscribe_path
from app.domain.actors import SYSTEM_ACTOR
from app.domain.events import SubjectType
from app.domain.notifications import MailRhythm
from app.models.notifications import MailPreference, Notification
from app.security import sign_keys
from tests.browsing import StatementCounter, send, sign_in
from tests.factories import Known, World
from tests.occasions import notify_of

PAGE = "/konto/mitteilungen"


@pytest.fixture
def known(client: TestClient, world: World) -> Known:
    """Somebody who is signed in."""
    known = world.member(world.body())
    sign_in(client, known)
    return known


def chosen(database: Database, known: Known) -> tuple[str, int, int] | None:
    with database.read() as session:
        found = session.get(MailPreference, known.person_id)
        return (found.rhythm.value, found.hour, found.weekday) if found else None


def test_the_account_leads_to_the_page_which_says_what_holds(client: TestClient, known: Known) -> None:
    account = client.get("/konto").text
    assert f'href="{PAGE}"' in account
    assert "höchstens einmal am Tag, um 7 Uhr" in account
    page = client.get(PAGE).text
    assert re.search(r'value="daily" checked', page)
    assert "Die nächste E-Mail kommt frühestens am 3. März 2026, 07:00 Uhr" in page


@pytest.mark.parametrize("rhythm", list(MailRhythm))
def test_a_choice_is_kept_and_said(client: TestClient, database: Database, known: Known, rhythm: MailRhythm) -> None:
    fields = {"rhythm": rhythm.value, "hour": "18", "weekday": "4"}
    for _twice in range(2):
        answer = send(client, known, PAGE, fields)
        assert (answer.status_code, answer.headers["location"]) == (303, PAGE)
        assert chosen(database, known) == (rhythm.value, 18, 4)
    assert f'value="{rhythm.value}" checked' in client.get(PAGE).text
    assert re.search(r'<option value="18" selected', client.get(PAGE).text)


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"rhythm": "hourly", "hour": "7", "weekday": "0"}, "rhythm"),
        ({"hour": "7", "weekday": "0"}, "rhythm"),
        ({"rhythm": "daily", "hour": "24", "weekday": "0"}, "hour"),
        ({"rhythm": "daily", "hour": "-1", "weekday": "0"}, "hour"),
        ({"rhythm": "daily", "hour": "früh", "weekday": "0"}, "hour"),
        ({"rhythm": "weekly", "hour": "7", "weekday": "7"}, "weekday"),
    ],
)
def test_what_is_no_choice_is_refused_and_changes_nothing(
    client: TestClient, database: Database, known: Known, fields: dict[str, str], field: str
) -> None:
    answer = send(client, known, PAGE, fields)
    assert answer.status_code == 422
    assert f'href="#feld-{field}"' in answer.text
    assert chosen(database, known) is None


def test_nobody_chooses_for_others(client: TestClient, database: Database, known: Known, world: World) -> None:
    other = world.person()
    client.cookies.clear()
    assert client.get(PAGE).status_code in {303, 401}
    assert client.post(PAGE, data={"rhythm": "never"}).status_code in {401, 403}
    send(client, other, PAGE, {"rhythm": "never"})
    assert chosen(database, known) is None


def test_opening_the_link_of_a_mail_changes_nothing(
    client: TestClient, database: Database, settings: Settings, known: Known
) -> None:
    client.cookies.clear()
    path = unsubscribe_path(settings, known.person_id)
    page = client.get(path)
    assert page.status_code == 200
    assert "Abbestellen" in page.text
    assert chosen(database, known) is None
    assert page.headers["cache-control"] == "no-store"
    assert page.headers["referrer-policy"] == "no-referrer"


@pytest.mark.parametrize(
    "headers", [{}, {"origin": "null"}, {"origin": "https://mail.example", "sec-fetch-site": "cross-site"}]
)
def test_one_click_ends_it_whoever_sends_it(
    client: TestClient, database: Database, settings: Settings, known: Known, headers: dict[str, str]
) -> None:
    send(client, known, PAGE, {"rhythm": "weekly", "hour": "18", "weekday": "4"})
    client.cookies.clear()
    path = unsubscribe_path(settings, known.person_id)
    for _twice in range(2):
        # What a mail program sends, RFC 8058.
        answer = client.post(path, data={"List-Unsubscribe": "One-Click"}, headers=headers)
        assert answer.status_code == 200
        assert "Wir schreiben Ihnen nicht mehr" in answer.text
        assert "set-cookie" not in answer.headers
    assert chosen(database, known) == ("never", 18, 4)
    assert "abbestellt" in client.get(path).text


def test_a_link_that_is_not_ours_ends_nothing(
    client: TestClient, database: Database, settings: Settings, known: Known
) -> None:
    client.cookies.clear()
    path = unsubscribe_path(settings, known.person_id)
    other = sign_keys(settings, "subscription-end", [known.person_id])
    two = sign_keys(settings, UNSUBSCRIBE, [known.person_id, known.person_id])
    unknown = sign_keys(settings, UNSUBSCRIBE, [known.organisation_id])
    end = "/mitteilungen/abbestellen/"
    for wrong in (path[:-1], path + "x", end + other, end + two, end + "ä", end + str(known.person_id)):
        assert client.get(wrong).status_code == 404
        assert client.post(wrong).status_code == 404
    assert client.post(end + unknown).status_code == 404
    with database.write() as session:
        end_access(session, known.person_id, actor=SYSTEM_ACTOR)
    assert client.post(path).status_code == 404
    with database.read() as session:
        assert session.exec(select(MailPreference)).all() == []


def test_who_is_redacted_leaves_neither_choice_nor_notifications(
    client: TestClient, database: Database, known: Known, world: World
) -> None:
    send(client, known, PAGE, {"rhythm": "weekly"})
    body = world.body()
    notify_of(database, known.person_id, about="body.changed", subject=(SubjectType.BODY, body.id))
    keeper = world.secretariat()
    with database.write() as session:
        redact_person(session, known.person_id, actor=world.actor(keeper, session))
    assert chosen(database, known) is None
    with database.read() as session:
        mine = select(Notification).where(Notification.person_id == known.person_id)
        assert session.exec(mine).all() == []


def test_the_link_needs_a_few_statements(
    client: TestClient, settings: Settings, known: Known, statements: StatementCounter, session: Session
) -> None:
    with statements:
        client.get(PAGE)
    assert statements.count <= 12
    client.cookies.clear()
    with statements:
        client.get(unsubscribe_path(settings, known.person_id))
    assert statements.count <= 2
