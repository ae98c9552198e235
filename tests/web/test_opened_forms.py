"""Two people with the same form open: who saves second is told, sees both texts, and overwrites only knowingly."""

from __future__ import annotations

from typing import Any

import pytest
from selectolax.lexbor import LexborHTMLParser as HTMLParser
from starlette.testclient import TestClient

from app.models.base import new_id
from tests.api.test_needs import post
from tests.browsing import send, sign_in
from tests.drafting import Drafted, draft
from tests.factories import Known, World
from tests.monitoring import MonitoringScene

Opened = tuple[Known, str, str]
"""Who changes what, and in which field."""


def _need(client: TestClient, world: World) -> Opened:
    body = world.body()
    member = world.member(body)
    return member, f"/bedarfe/{post(client, member, body)['id']}/bearbeiten", "title"


def _body(client: TestClient, world: World) -> Opened:
    drafted: Drafted = draft(client, world)
    return drafted.secretariat, f"/verwaltung/gremien/{drafted.body.slug}/bearbeiten", "title"


def _person(_client: TestClient, world: World) -> Opened:
    return world.secretariat(), f"/verwaltung/personen/{world.person().person_id}", "name"


def _organisation(_client: TestClient, world: World) -> Opened:
    return world.secretariat(), f"/verwaltung/organisationen/{world.organisation()}", "name"


def _topic(client: TestClient, world: World) -> Opened:
    secretariat = world.secretariat()
    field = client.get("/api/v1/fields-of-action").json()["items"][0]["id"]
    sent = {"id": str(new_id()), "field_of_action_id": field, "title": "Ausbildung"}
    made = client.post("/api/v1/topics", json=sent, headers=secretariat.headers)
    assert made.status_code == 201, made.text
    return secretariat, f"/verwaltung/programm/themen/{made.json()['id']}/aendern", "title"


def _measure(client: TestClient, world: World) -> Opened:
    scene = MonitoringScene(client, world)
    return scene.responsible, f"/massnahmen/{scene.measure()['id']}/bearbeiten", "description"


def _indicator(client: TestClient, world: World) -> Opened:
    scene = MonitoringScene(client, world)
    return scene.secretariat, f"/indikatoren/{scene.indicator()['id']}/bearbeiten", "title"


@pytest.mark.parametrize("open_one", [_need, _body, _person, _organisation, _topic, _measure, _indicator])
def test_who_saves_second_sees_both_texts_and_decides(client: TestClient, world: World, open_one: Any) -> None:
    known, path, field = open_one(client, world)
    sign_in(client, known)
    opened = _fields(client.get(path).text, field)
    assert send(client, known, path, {**opened, field: "Von der Ersten"}).status_code == 303
    refused = send(client, known, path, {**opened, field: "Vom Zweiten"})
    assert refused.status_code == 409
    assert "Inzwischen steht hier: Von der Ersten" in refused.text
    again = _fields(refused.text, field)
    assert again[field] == "Vom Zweiten"
    assert send(client, known, path, again).status_code == 303
    assert "Vom Zweiten" in client.get(path).text


def _fields(page: str, field: str) -> dict[str, Any]:
    """The form with this field, as a browser would send it."""
    node = next(form for form in HTMLParser(page).css("main form") if form.css(f"[name={field}]"))
    found: dict[str, Any] = {}
    for each in node.css("input, textarea, select"):
        name, kind = each.attributes.get("name"), each.attributes.get("type")
        if not name or (kind in ("checkbox", "radio") and "checked" not in each.attributes):
            continue
        value = each.attributes.get("value") or ""
        if each.tag == "textarea":
            value = each.text()
        if each.tag == "select":
            chosen = [option.attributes.get("value") or "" for option in each.css("option[selected]")]
            value = chosen[0] if chosen else ""
        if kind == "checkbox" or name in found:
            found.setdefault(name, [])
            found[name] = [*([found[name]] if isinstance(found[name], str) else found[name]), value]
        else:
            found[name] = value
    found.pop("form_token", None)
    return found
