"""The Beschlussvorlage: everything the decision is made on, for the body and the Geschäftsstelle alone."""

from __future__ import annotations

import re

import pytest
from starlette.testclient import TestClient

from app.domain.recommendations import RecommendationState
from tests.browsing import StatementCounter, sign_in, sign_out
from tests.conftest import MovedClock
from tests.documents.reading import ReadOdt, ReadPdf
from tests.drafting import draft
from tests.factories import World
from tests.moving import ballots, decide, in_days, lead_to, make_move, open_comments, vote

S = RecommendationState


def test_it_tells_how_the_text_came_about_and_what_was_said(
    client: TestClient, world: World, clock: MovedClock, statements: StatementCounter
) -> None:
    drafted = lead_to(client, world, clock, S.GROUP_REVIEW)
    found = open_comments(client, clock, drafted)
    path = f"/api/v1/comment-rounds/{found['id']}/statements"
    said = client.post(path, json={"text": "Die Frist fehlt."}, headers=drafted.member.headers)
    assert said.status_code == 201, said.text
    clock.advance(days=15)
    disposed = {"disposition": "adopted", "reason": "Frist ergänzt."}
    answered = client.post(
        f"/api/v1/statements/{said.json()['id']}/disposition", json=disposed, headers=drafted.chair.headers
    )
    assert answered.status_code == 200, answered.text
    make_move(client, drafted, drafted.chair, "call_decision", closes_at=in_days(clock, 14))
    vote(client, drafted, drafted.member, "object", reason="Zu spät.", alternative="Bis Mai.")
    dissent = f"/api/v1/ballots/{ballots(client, drafted)[0]['id']}/dissenting-opinions"
    filed = client.post(dissent, json={"text": "Wir warten schon Jahre."}, headers=drafted.member.headers)
    assert filed.status_code == 201, filed.text
    decide(client, clock, drafted, "agree", "agree_with_reservation")
    make_move(client, drafted, drafted.chair, "carry_with_dissent", reason="Zwei von drei.")
    asked = {"organisation_id": str(world.organisation(name="Bundesministerium für Beispiele"))}
    client.post(f"{drafted.path}/co-signatures", json=asked, headers=drafted.secretariat.headers)
    sign_in(client, drafted.secretariat)
    with statements:
        answer = client.get(f"{drafted.page}/beschlussvorlage.odt")
    assert answer.status_code == 200, answer.text
    assert statements.count <= 24, statements.texts
    lines = ReadOdt(answer.content).accepted()
    for told in (
        "Vorgeschlagen wird, die Empfehlung in Fassung 1 zu verabschieden.",
        "a) Die Länder sollten Übergangsklassen einrichten.",
        "Lange Wartezeiten",
        "Die Frist fehlt.",
        "Frist ergänzt.",
        "Mehrheitsbeschluss mit abweichenden Voten.",
        "Wir warten schon Jahre.",
        "Zu spät.",
        "Bis Mai.",
        "Bundesministerium für Beispiele",
        "Querschnittsprüfung",
        "nicht angegeben",
        "hat geantwortet",
    ):
        assert told in lines, told
    pdf = ReadPdf(client.get(f"{drafted.page}/beschlussvorlage.pdf").content)
    assert [tag.value("/T") for tag in pdf.tags("H1")][:2] == ["Inhalt", "Beschlussvorschlag"]


@pytest.mark.parametrize("state", [S.DRAFT, S.LEAD_REVIEW, S.PUBLISHED])
def test_nobody_outside_the_body_gets_it(
    client: TestClient, world: World, clock: MovedClock, state: RecommendationState
) -> None:
    drafted = lead_to(client, world, clock, state) if state is not S.DRAFT else draft(client, world)
    path = f"{drafted.page}/beschlussvorlage.pdf"
    sign_out(client)
    assert client.get(path).status_code == 404
    sign_in(client, world.person())
    assert client.get(path).status_code == 404
    assert "beschlussvorlage" not in client.get(drafted.page).text
    sign_in(client, drafted.member)
    assert client.get(path).status_code == 200
    assert "beschlussvorlage.odt" in client.get(client.get(drafted.page).url.path).text


def test_there_is_none_without_a_text(client: TestClient, world: World) -> None:
    drafted = draft(client, world, with_text=False)
    sign_in(client, drafted.chair)
    assert client.get(f"{drafted.page}/beschlussvorlage.pdf").status_code == 404
    assert client.get(f"{drafted.page}/empfehlung.pdf").status_code == 404


@pytest.mark.parametrize("tab", ["beschluss", "mitzeichnung", "entstehung"])
def test_the_pages_of_the_decision_link_it_for_who_may_fetch_it(
    client: TestClient, world: World, clock: MovedClock, tab: str
) -> None:
    drafted = lead_to(client, world, clock, S.PUBLISHED)
    sign_in(client, drafted.member)
    page = client.get(f"{drafted.page}/{tab}", follow_redirects=True).text
    links = set(re.findall(r'href="([^"]*/beschlussvorlage\.\w+)"', page))
    assert {link.rsplit(".", 1)[1] for link in links} == {"pdf", "odt"}
    assert [client.get(link).status_code for link in links] == [200, 200]
    sign_in(client, world.person())
    assert "/beschlussvorlage." not in client.get(f"{drafted.page}/{tab}", follow_redirects=True).text
