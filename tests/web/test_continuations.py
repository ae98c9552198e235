"""The page of the Fortschreibung: everything an edition goes on with, and one choice for each."""

from __future__ import annotations

from starlette.testclient import TestClient

from app.models.continuations import Continuation
from tests.api.test_continuations import Following, following  # noqa: F401  the fixture
from tests.browsing import send, sign_in
from tests.drafting import count_rows
from tests.factories import World

PAGE = "/verwaltung/programm/ausgaben/IP-2027/fortschreibung"


def test_each_is_listed_and_decided_once(client: TestClient, world: World, following: Following) -> None:  # noqa: F811
    sign_in(client, following.published.chair)
    assert client.get(PAGE).status_code == 403
    sign_in(client, following.secretariat)
    assert PAGE in client.get("/verwaltung/programm/ausgaben/IP-2027").text
    shown = client.get(PAGE).text
    assert "Noch zu entscheiden: 2 Empfehlungen." in shown
    assert "Noch nicht fertig" in shown
    fields = {"recommendation_id": following.published.id, "choice": "close", "reason": ""}
    refused = send(client, following.secretariat, PAGE, fields)
    assert refused.status_code == 422
    assert "Bitte begründen Sie diesen Schritt." in refused.text
    assert count_rows(world.database, Continuation) == 0
    assert send(client, following.published.chair, PAGE, {**fields, "reason": "Ja."}).status_code == 403
    assert send(client, following.secretariat, PAGE, {**fields, "choice": "carry_over"}).status_code == 303
    assert "Doch anders entscheiden" in client.get(PAGE).text
    assert send(client, following.secretariat, PAGE, {**fields, "choice": "revise"}).status_code == 303
    shown = client.get(PAGE).text
    assert "Zum neuen Entwurf" in shown
    assert "Doch anders entscheiden" not in shown
    with world.database.read() as session:
        from sqlmodel import select

        draft_id = session.exec(select(Continuation.draft_id)).one()
    assert "Überarbeitet wird" in client.get(f"/empfehlungen/{draft_id}").text
