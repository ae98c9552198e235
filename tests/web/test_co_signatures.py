"""The page of co-signatures: the Geschäftsstelle asks, an organisation answers."""

from __future__ import annotations

import pytest
from starlette.testclient import TestClient

from app.domain.recommendations import RecommendationState
from app.models.base import new_id
from app.models.co_signatures import CoSignature
from tests.browsing import StatementCounter, send, sign_in, sign_out
from tests.drafting import count_rows
from tests.factories import World
from tests.voting import assemble


def test_the_secretariat_asks_and_the_organisation_answers(client: TestClient, world: World) -> None:
    held = assemble(world, client, 1, state=RecommendationState.LEAD_REVIEW)
    secretariat, ministry, stranger = world.secretariat(), world.person(), world.person()
    page = f"/empfehlungen/{held.recommendation_id}/mitzeichnung"
    sign_in(client, secretariat)
    assert "Eine Organisation um Mitzeichnung bitten" in client.get(page).text
    fields = {"id": str(new_id()), "organisation_id": "", "kind": "agreement", "scope": "Nur Absatz 2", "due_on": ""}
    refused = send(client, secretariat, page, fields)
    assert refused.status_code == 422
    assert "Nur Absatz 2" in refused.text
    fields["organisation_id"] = str(ministry.organisation_id)
    for _time in range(2):
        assert send(client, secretariat, page, fields).status_code == 303
    assert count_rows(world.database, CoSignature) == 1
    sign_in(client, stranger)
    assert client.get(page).status_code == 404
    sign_out(client)
    assert client.get(page).status_code in (303, 404)
    sign_in(client, ministry)
    shown = client.get(page).text
    assert "Antwort Ihrer Organisation" in shown
    assert "Stand der Mitzeichnung" not in shown
    answer = f"{page}/{_key(world)}/antwort"
    refused = send(client, ministry, answer, {"answer": "reserved", "reason": ""})
    assert refused.status_code == 422
    assert "Bitte begründen Sie diesen Schritt." in refused.text
    assert send(client, ministry, answer, {"answer": "reserved", "reason": "Noch offen."}).status_code == 303
    sign_in(client, secretariat)
    shown = client.get(page).text
    assert "steht noch entgegen" in shown
    assert "Noch offen." in shown
    assert send(client, ministry, answer, {"answer": "given", "reason": ""}).status_code == 303
    sign_in(client, secretariat)
    assert "nichts entgegen" in client.get(page).text
    sign_in(client, held.members[0])
    assert "Einvernehmen" in client.get(page).text


def test_withdrawing_on_the_page(client: TestClient, world: World) -> None:
    held = assemble(world, client, 1, state=RecommendationState.LEAD_REVIEW)
    secretariat, ministry = world.secretariat(), world.person()
    page = f"/empfehlungen/{held.recommendation_id}/mitzeichnung"
    send(client, secretariat, page, {"organisation_id": str(ministry.organisation_id), "kind": "co_sign"})
    path = f"{page}/{_key(world)}/transitions"
    assert send(client, secretariat, path, {"transition": "withdraw", "reason": ""}).status_code == 422
    assert send(client, secretariat, path, {"transition": "withdraw", "reason": "Irrtum."}).status_code == 303
    sign_in(client, ministry)
    assert client.get(page).status_code == 404


@pytest.mark.parametrize("asked", [3, 30])
def test_the_page_asks_little_however_many_are_asked(
    client: TestClient, world: World, statements: StatementCounter, asked: int
) -> None:
    held = assemble(world, client, 1, state=RecommendationState.LEAD_REVIEW)
    secretariat = world.secretariat()
    page = f"/empfehlungen/{held.recommendation_id}/mitzeichnung"
    for _number in range(asked):
        sent = {"organisation_id": str(world.organisation()), "kind": "co_sign"}
        assert send(client, secretariat, page, sent).status_code == 303
    sign_in(client, secretariat)
    with statements:
        assert client.get(page).status_code == 200
    assert statements.count <= 12, statements.texts


def _key(world: World) -> object:
    from sqlmodel import select

    with world.database.read() as session:
        return session.exec(select(CoSignature.id)).one()
