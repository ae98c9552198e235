"""Feedback without an account, by page and by program."""

from __future__ import annotations

import re
from typing import Any

from starlette.testclient import TestClient

from app.actions.feedback import PER_HOUR
from app.models.base import new_id
from tests.browsing import send, sign_in, sign_out
from tests.conftest import MovedClock
from tests.factories import World


def _token(client: TestClient) -> str:
    found = re.search(r'name="form_token" value="([^"]+)"', client.get("/feedback").text)
    assert found
    return found.group(1)


def _all(client: TestClient, world: World) -> list[dict[str, Any]]:
    answer = client.get("/api/v1/feedback", headers=world.secretariat().headers)
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


def test_a_reader_without_an_account_writes_and_the_secretariat_reads(client: TestClient, world: World) -> None:
    fields = {
        "form_token": _token(client),
        "id": str(new_id()),
        "text": "<script>alert(1)</script> Gut verständlich.",
        "rating": "4",
        "page": "/programm",
        "contact": "lena@beispiel.example",
    }
    sent = client.post("/feedback", data=fields)
    assert (sent.status_code, sent.headers["location"]) == (303, "/feedback/danke")
    assert client.post("/feedback", data=fields).status_code == 303
    assert "set-cookie" not in sent.headers
    assert client.get("/feedback/danke").status_code == 200
    assert len(_all(client, world)) == 1
    assert client.get("/verwaltung/feedback").status_code == 303
    sign_in(client, world.person())
    assert client.get("/verwaltung/feedback").status_code == 403
    secretariat = world.secretariat()
    sign_in(client, secretariat)
    page = client.get("/verwaltung/feedback")
    assert "Gut verständlich." in page.text
    assert "<script>alert" not in page.text
    key = _all(client, world)[0]["id"]
    refused = send(client, world.person(), f"/verwaltung/feedback/{key}/erledigt")
    assert refused.status_code == 403
    assert len(_all(client, world)) == 1
    assert send(client, secretariat, f"/verwaltung/feedback/{key}/erledigt").status_code == 303
    assert _all(client, world) == []


def test_what_is_wrong_is_said_and_the_text_stays(client: TestClient, world: World) -> None:
    fields = {"form_token": _token(client), "id": str(new_id()), "text": "", "contact": "keine Adresse"}
    refused = client.post("/feedback", data=fields)
    assert refused.status_code == 422
    assert 'value="keine Adresse"' in refused.text
    assert "keine E-Mail-Adresse" in refused.text
    assert client.post("/feedback", data={**fields, "form_token": "falsch"}).status_code == 403
    foreign = client.post("/feedback", data={**fields, "text": "Hallo"}, headers={"Origin": "https://fremd.example"})
    assert foreign.status_code == 403
    assert _all(client, world) == []


def test_a_program_sends_without_a_token_and_not_without_end(
    client: TestClient, world: World, clock: MovedClock
) -> None:
    sign_out(client)
    sent = {"id": str(new_id()), "text": "Die Feeds sind nützlich.", "rating": 5, "page": "/empfehlungen.atom"}
    assert client.post("/api/v1/feedback", json=sent).status_code == 201
    assert client.post("/api/v1/feedback", json=sent).status_code == 200
    assert client.post("/api/v1/feedback", json={**sent, "text": "Anders"}).status_code == 409
    assert client.post("/api/v1/feedback", json={"text": "x", "rating": 6}).status_code == 422
    assert client.post("/api/v1/feedback", json={"text": "x", "colour": "red"}).status_code == 422
    assert client.get("/api/v1/feedback").status_code == 401
    assert client.get("/api/v1/feedback", headers=world.person().headers).status_code == 403
    for number in range(PER_HOUR - 1):
        assert client.post("/api/v1/feedback", json={"text": f"Noch {number}"}).status_code == 201
    refused = client.post("/api/v1/feedback", json={"text": "Zu viel"})
    assert refused.status_code == 429
    assert int(refused.headers["retry-after"]) > 0
    typed = client.post("/feedback", data={"form_token": _token(client), "id": str(new_id()), "text": "Zu viel"})
    assert typed.status_code == 429
    assert "Zu viel" in typed.text
    assert len(_all(client, world)) == PER_HOUR
    clock.advance(hours=1, minutes=1)
    assert client.post("/api/v1/feedback", json={"text": "Später"}).status_code == 201
