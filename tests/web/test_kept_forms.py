"""A form sent after its session has ended: nothing is written, nothing is lost, one press sends it after signing in."""

from __future__ import annotations

import html
import re
from typing import Any

from starlette.testclient import TestClient

from app.config import Settings
from app.db import Database
from app.models.people import Person
from app.models.recommendations import Version
from app.security import Passwords, anonymous_form_token
from tests.browsing import StatementCounter, sign_in, sign_out
from tests.drafting import count_rows, draft
from tests.factories import Known, World
from tests.test_forms_at_the_door import changes
from tests.web.test_recommendation_editor import blocks_of, form_of

PASSWORD = "Vier Wörter sind genug"


def credentials(world: World, known: Known) -> dict[str, str]:
    """What the person signs in with."""
    with world.database.write() as session:
        person = session.get_one(Person, known.person_id)
        person.password_hash = Passwords.hash(PASSWORD)
        return {"email": str(person.email), "password": PASSWORD}


def hidden(page: str) -> dict[str, Any]:
    """The hidden fields of the last form on the page."""
    form = page[page.index('class="form"') :]
    found: dict[str, Any] = {}
    for name, value in re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form):
        found.setdefault(name, []).append(html.unescape(value))
    return found


def test_a_text_sent_too_late_is_there_after_signing_in(
    client: TestClient, world: World, settings: Settings, database: Database, statements: StatementCounter
) -> None:
    drafted = draft(client, world)
    path = f"{drafted.page}/bearbeiten"
    form = form_of(client, drafted.rapporteur, path)
    form["text"] = form["text"].replace("vergehen Monate", "vergehen <viele> Monate")
    sign_out(client)
    with statements:
        refused = client.post(path, data={"form_token": drafted.rapporteur.form_token, **form})
    assert refused.status_code == 401
    assert changes(statements) == []
    assert "vergehen &lt;viele&gt; Monate" in refused.text
    assert drafted.rapporteur.form_token not in refused.text
    kept = hidden(refused.text)["kept"][0]
    sent = {"form_token": anonymous_form_token(settings), "kept": kept, **credentials(world, drafted.rapporteur)}
    wrong = client.post("/anmelden", data={**sent, "password": "falsch"})
    assert wrong.status_code == 422
    assert hidden(wrong.text)["kept"][0] == kept
    again = client.post("/anmelden", data=sent)
    assert again.status_code == 200
    assert "vergehen &lt;viele&gt; Monate" in again.text
    assert count_rows(database, Version) == 1, "signing in alone sends nothing"
    saved = client.post(path, data=hidden(again.text))
    assert saved.status_code == 303, saved.text
    assert "<viele>" in blocks_of(client, drafted, 2)[0]["text"]
    assert [each["id"] for each in blocks_of(client, drafted, 2)] == [
        each["id"] for each in blocks_of(client, drafted, 1)
    ]


def test_a_form_of_foreign_origin_is_not_echoed(client: TestClient, world: World) -> None:
    drafted = draft(client, world)
    sign_out(client)
    for headers in ({"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}):
        answer = client.post(f"{drafted.page}/bearbeiten", data={"text": "Fremder Text hier"}, headers=headers)
        assert answer.status_code == 403
        assert "Fremder Text" not in answer.text


def test_passwords_are_never_carried_along(client: TestClient, world: World) -> None:
    sign_out(client)
    sent = {
        "form_token": "x",
        "current_password": "mein altes Geheimnis",
        "password": "mein neues Geheimnis",
        "name": "N",
    }
    answer = client.post("/konto/passwort", data=sent)
    assert answer.status_code == 401
    assert "Geheimnis" not in answer.text


def test_an_invented_form_is_no_way_out_of_this_site(client: TestClient, world: World, settings: Settings) -> None:
    known = world.secretariat()
    sent = {"form_token": anonymous_form_token(settings), **credentials(world, known)}
    for kept in ('{"path": "https://evil.example/", "fields": []}', '{"path": "//evil", "fields": []}', "{", "[]"):
        answer = client.post("/anmelden", data={**sent, "kept": kept})
        assert (answer.status_code, answer.headers["location"]) == (303, "/aufgaben")
        client.cookies.clear()
    sign_in(client, known)
