"""Provenance on its pages: gaps with the link that mends them, and to the public only what both ends open."""

from __future__ import annotations

import html
from typing import Any

from starlette.testclient import TestClient

from app.db import Database
from app.domain.recommendations import RecommendationState
from app.models.people import Person
from tests.amending import blocks_of, dispose, file
from tests.browsing import send, sign_in, sign_out
from tests.conftest import MovedClock
from tests.drafting import Drafted, draft
from tests.factories import Known, World
from tests.moving import ADOPTION, decide, in_days, lead_to, make_move

S = RecommendationState


def read(client: TestClient, known: Known | None, address: str) -> str:
    if known is None:
        sign_out(client)
    else:
        sign_in(client, known)
    answer = client.get(address)
    assert answer.status_code == 200, answer.text
    return html.unescape(answer.text)


def page_of(drafted: Drafted) -> str:
    return f"{drafted.page}/herkunft"


def test_gaps_are_shown_with_the_way_to_mend_them(client: TestClient, world: World) -> None:
    drafted = draft(client, world)
    first, second, *_rest = blocks_of(client, drafted)
    shown = read(client, drafted.rapporteur, page_of(drafted))
    assert "0 von 5 Absätzen nennen eine Herkunft." in shown
    assert shown.count("ohne Herkunft") == 5
    mending = f"{page_of(drafted)}?source=need:{drafted.need_id}"
    assert f'href="{mending}#aendern"' in shown
    assert "In welchem Absatz steht „Lange Wartezeiten“?" in read(client, drafted.rapporteur, mending)
    placed = {"source": f"need:{drafted.need_id}", "block_id": first["id"]}
    assert send(client, drafted.rapporteur, f"{drafted.page}/quellen", placed).status_code == 303
    shown = read(client, drafted.rapporteur, page_of(drafted))
    assert "1 von 5 Absätzen nennen eine Herkunft." in shown
    assert "Bedarfe und Vorschläge ohne Absatz" not in shown
    form = read(client, drafted.rapporteur, f"{page_of(drafted)}?block_id={second['id']}")
    assert "Der Absatz stützt sich auf" in form
    chosen: dict[str, Any] = {"block_id": second["id"], "sources": [f"need:{drafted.need_id}"]}
    assert send(client, drafted.rapporteur, page_of(drafted), chosen).status_code == 303
    assert blocks_of(client, drafted)[1]["sources"] == [{"type": "need", "id": drafted.need_id}]
    assert send(client, drafted.rapporteur, page_of(drafted), {"block_id": second["id"]}).status_code == 303
    assert blocks_of(client, drafted)[1]["sources"] == []


def test_what_is_wrong_comes_back_and_nothing_is_linked(client: TestClient, world: World) -> None:
    drafted = draft(client, world)
    first, *_rest = blocks_of(client, drafted)
    for sources in (["need:x"], ["meeting:1"], [f"need:{first['id']}"]):
        wrong = send(client, drafted.rapporteur, page_of(drafted), {"block_id": first["id"], "sources": sources})
        assert wrong.status_code == 422
    assert send(client, drafted.member, page_of(drafted), {"block_id": first["id"]}).status_code == 403
    assert "Ändern" not in read(client, drafted.member, page_of(drafted)).split("coverage")[1].split("</table>")[0]
    sign_in(client, world.person())
    assert client.get(page_of(drafted)).status_code == 404


def test_what_was_taken_of_amendments_can_be_chosen_as_a_source(
    client: TestClient, world: World, clock: MovedClock
) -> None:
    drafted = lead_to(client, world, clock, S.GROUP_REVIEW)
    first, second, *_rest = blocks_of(client, drafted)
    made = file(client, drafted, drafted.member, {"block_id": first["id"], "text": "Anders."})
    form = read(client, drafted.rapporteur, f"{page_of(drafted)}?block_id={second['id']}")
    assert f'value="amendment:{made["id"]}"' in form
    dispose(client, drafted.rapporteur, made)
    shown = read(client, drafted.member, drafted.page)
    assert "Änderungsvorschlag: " in shown.split('id="herkunft"')[1]


def test_the_public_reads_only_what_both_ends_open(
    client: TestClient, world: World, clock: MovedClock, database: Database
) -> None:
    drafted = lead_to(client, world, clock, S.GROUP_REVIEW)
    first, second, *_rest = blocks_of(client, drafted)
    path = f"{drafted.path}/blocks/{first['id']}/sources"
    need = {"sources": [{"type": "need", "id": drafted.need_id}]}
    assert client.put(path, json=need, headers=drafted.rapporteur.headers).status_code == 200
    dispose(
        client,
        drafted.rapporteur,
        file(client, drafted, drafted.member, {"block_id": second["id"], "text": "Die Länder sollten handeln."}),
    )
    with database.read() as session:
        person = session.get_one(Person, drafted.rapporteur.person_id).name
    inside = read(client, drafted.member, f"{drafted.page}/entstehung")
    assert "Änderungsvorschlag: " in inside
    assert person in read(client, drafted.member, drafted.page).split('id="herkunft"')[1]
    make_move(client, drafted, drafted.chair, "call_decision")
    decide(client, clock, drafted)
    make_move(client, drafted, drafted.chair, "carry")
    make_move(client, drafted, drafted.secretariat, "endorse")
    make_move(client, drafted, drafted.secretariat, "adopt", decided_on=in_days(clock, 0), **ADOPTION)
    make_move(client, drafted, drafted.secretariat, "publish")
    public = read(client, None, f"{drafted.page}/entstehung")
    assert "Daraus entstanden:" in public
    assert "#absatz-1" in public
    assert "Änderungsvorschlag" not in public
    assert person not in public
