"""The pages of Stellungnahmeverfahren: answering, reading, evaluating, proving; and moves sent as forms."""

from __future__ import annotations

from typing import Any

import pytest
from starlette.testclient import TestClient

from app.db import Database
from app.domain.consultations import StatementKind, StatementState
from app.domain.recommendations import RecommendationState
from app.models.base import new_id
from app.models.consultations import Statement
from tests.browsing import StatementCounter, send, sign_in, sign_out
from tests.conftest import MovedClock
from tests.drafting import Drafted, count_rows, draft
from tests.factories import World
from tests.moving import ADOPTION, in_days, lead_to, make_move, open_comments, rounds, state_of

S = RecommendationState


@pytest.fixture
def public(client: TestClient, world: World, clock: MovedClock) -> Drafted:
    """A public round that is open."""
    drafted = lead_to(client, world, clock, S.GROUP_REVIEW)
    open_comments(client, clock, drafted, "public", questions=[{"text": "Was fehlt?"}])
    return drafted


def _listed(client: TestClient, drafted: Drafted) -> Any:
    path = f"/api/v1/comment-rounds/{rounds(client, drafted)[0]['id']}/statements"
    return client.get(path, headers=drafted.chair.headers).json()["items"]


def _anonymous(client: TestClient, page: str, **fields: str) -> Any:
    sign_out(client)
    shown = client.get(page).text
    token = shown.split('name="form_token" value="', 1)[1].split('"', 1)[0]
    return client.post(page, data={"form_token": token, "id": str(new_id()), **fields})


def test_one_click_and_a_text(client: TestClient, public: Drafted) -> None:
    page = f"{public.page}/stellungnahmen"
    sign_in(client, public.member)
    shown = client.get(page)
    assert shown.status_code == 200
    assert "Was fehlt?" in shown.text
    for word in ("Keine Einwände", "Fehlanzeige", "Fristverlängerung erbitten", "Wer liest das jetzt?"):
        assert word in shown.text
    clicked = send(client, public.member, page, {"id": str(new_id()), "kind": "agreed"})
    assert clicked.status_code == 303
    said = send(
        client, public.rapporteur, page, {"id": str(new_id()), "kind": "statement", "text": "Bitte <b>kürzer</b>."}
    )
    assert said.status_code == 303
    sign_in(client, public.chair)
    read = client.get(page).text
    assert "Bitte &lt;b&gt;kürzer&lt;/b&gt;." in read
    assert {each["kind"] for each in _listed(client, public)} == {"agreed", "statement"}


def test_a_refused_text_comes_back_with_what_was_typed(client: TestClient, public: Drafted, database: Database) -> None:
    page = f"{public.page}/stellungnahmen"
    fields = {"kind": "statement", "text": "Mein langer Text.", "block_id": str(new_id())}
    refused = send(client, public.member, page, fields)
    assert refused.status_code == 422
    assert "Mein langer Text." in refused.text
    assert "Fehler:" in refused.text
    assert count_rows(database, Statement) == 0


def test_the_public_answers_without_an_account(client: TestClient, public: Drafted, database: Database) -> None:
    page = f"{public.page}/stellungnahmen"
    sign_out(client)
    shown = client.get(page)
    assert shown.status_code == 200
    assert "set-cookie" not in shown.headers
    assert client.post(page, data={"text": "Ohne Marke", "author_name": "Ich"}).status_code == 403
    refused = _anonymous(client, page, text="Ein Verein sagt etwas.", author_name="")
    assert refused.status_code == 422
    assert "Ein Verein sagt etwas." in refused.text
    assert count_rows(database, Statement) == 0
    sent = _anonymous(client, page, text="Ein Verein sagt etwas.", author_name="Verein Beispiel e. V.")
    assert sent.status_code == 303
    assert "eingegangen" in client.get(sent.headers["location"].split("#")[0]).text
    sign_in(client, public.chair)
    assert "Verein Beispiel e. V." in client.get(page).text
    found = _listed(client, public)[0]
    assert "author_name" not in found
    assert found["organisation_id"] is None


def test_a_program_answers_a_public_round_without_a_token(
    client: TestClient, public: Drafted, world: World, clock: MovedClock, database: Database
) -> None:
    path = f"/api/v1/comment-rounds/{rounds(client, public)[0]['id']}/open-statements"
    sent = {"id": str(new_id()), "text": "Ein Verein sagt etwas.", "author_name": "Verein Beispiel e. V."}
    for _each in range(2):
        assert client.post(path, json=sent).status_code == 202
    found = _listed(client, public)
    assert [(each["text"], each["organisation_id"]) for each in found] == [("Ein Verein sagt etwas.", None)]
    for wrong, field in (({"author_name": ""}, "author_name"), ({"text": ""}, "text"), ({"colour": "red"}, "colour")):
        refused = client.post(path, json={**sent, "id": str(new_id()), **wrong})
        assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, field)
    inside = lead_to(client, world, clock, RecommendationState.GROUP_REVIEW)
    opened = open_comments(client, clock, inside, "body")
    fresh = {**sent, "id": str(new_id())}
    assert client.post(path.replace(rounds(client, public)[0]["id"], opened["id"]), json=fresh).status_code == 404
    clock.advance(days=15)
    assert client.post(path, json=fresh).status_code == 409
    assert count_rows(database, Statement) == 1


def test_very_many_from_one_address_are_slowed_down(client: TestClient, public: Drafted, database: Database) -> None:
    page = f"{public.page}/stellungnahmen"
    answers = [_anonymous(client, page, text=f"Nummer {n}", author_name="Ich").status_code for n in range(11)]
    assert answers == [303] * 10 + [429]
    assert count_rows(database, Statement) == 10


def test_the_deadline_refuses_and_the_page_says_so(client: TestClient, public: Drafted, clock: MovedClock) -> None:
    page = f"{public.page}/stellungnahmen"
    clock.advance(days=15)
    refused = send(client, public.member, page, {"kind": "agreed"})
    assert refused.status_code == 409
    assert "Die Frist" in refused.text
    assert "Abgeschlossen" in refused.text
    sign_out(client)
    assert client.get(page).status_code == 404


def test_one_takes_ones_own_statement_back(client: TestClient, public: Drafted) -> None:
    page = f"{public.page}/stellungnahmen"
    send(client, public.member, page, {"kind": "statement", "text": "Doch nicht."})
    key = _listed(client, public)[0]["id"]
    refused = send(client, public.chair, f"{page}/zurueckziehen", {"statement_id": key})
    assert refused.status_code == 403
    assert send(client, public.member, f"{page}/zurueckziehen", {"statement_id": key}).status_code == 303
    assert _listed(client, public)[0]["state"] == "withdrawn"


def test_several_statements_are_answered_together(client: TestClient, public: Drafted) -> None:
    page = f"{public.page}/stellungnahmen"
    for number in range(3):
        send(client, public.member, page, {"kind": "statement", "text": f"Nummer {number}"})
    send(client, public.rapporteur, page, {"kind": "no_comment"})
    sign_in(client, public.rapporteur)
    view = f"{page}?view=evaluation"
    assert client.get(view).text.count("Zum Beantworten auswählen") == 3
    assert client.get(f"{view}&kind=no_comment").text.count("<article") == 1
    assert client.get(f"{view}&state=disposed").text.count("<article") == 1
    keys = [each["id"] for each in _listed(client, public) if each["state"] == "open"]
    fields: dict[str, Any] = {"statement_ids": keys[:2], "disposition": "adopted", "round": "1"}
    refused = send(client, public.rapporteur, f"{page}/antworten", fields)
    assert refused.status_code == 422
    assert refused.text.count("checked") == 3
    assert send(client, public.member, f"{page}/antworten", {**fields, "reason": "Ja."}).status_code == 403
    done = send(client, public.rapporteur, f"{page}/antworten", {**fields, "reason": "Ja, übernommen."})
    assert done.status_code == 303
    states = [each["state"] for each in _listed(client, public) if each["kind"] == StatementKind.STATEMENT]
    assert sorted(states) == [StatementState.DISPOSED, StatementState.DISPOSED, StatementState.OPEN]
    sign_in(client, public.member)
    assert "Ja, übernommen." in client.get("/beteiligung").text


def test_open_consultations_are_listed_for_whom_they_ask(
    client: TestClient, world: World, public: Drafted, clock: MovedClock
) -> None:
    inside = lead_to(client, world, clock, S.GROUP_REVIEW)
    open_comments(client, clock, inside, "body")
    sign_out(client)
    shown = client.get("/beteiligung").text
    assert public.id in shown
    assert inside.id not in shown
    sign_in(client, inside.member)
    shown = client.get("/beteiligung").text
    assert public.id in shown
    assert inside.id in shown
    clock.advance(days=20)
    assert inside.id not in client.get("/beteiligung").text


def test_the_proof_is_the_bodys_until_publication(client: TestClient, public: Drafted, world: World) -> None:
    page = f"{public.page}/beteiligung"
    sign_out(client)
    assert client.get(page).status_code == 404
    sign_in(client, public.member)
    shown = client.get(page).text
    assert "Einladung von Hand eintragen" not in shown
    assert "keine Organisation eingetragen" in shown
    one = world.organisation("Landesbeauftragte Beispiel")
    fields = {"id": str(new_id()), "organisation_id": str(one), "invited_on": "2026-03-01", "reference": "Az. 1"}
    assert send(client, public.member, page, fields).status_code == 403
    refused = send(client, public.chair, page, {**fields, "invited_on": "2026-13-01"})
    assert refused.status_code == 422
    assert "Az. 1" in refused.text
    for _ in range(2):
        assert send(client, public.chair, page, fields).status_code == 303
    shown = client.get(page).text
    assert shown.count('<th scope="row">Landesbeauftragte Beispiel</th>') == 1
    assert "Az. 1" in shown


def test_a_published_proof_hides_where_an_invitation_is_filed(
    client: TestClient, world: World, clock: MovedClock
) -> None:
    drafted = lead_to(client, world, clock, S.STEERING_DECISION)
    sent = {
        "organisation_id": str(world.organisation("Beispielstadt")),
        "invited_on": "2026-03-01",
        "reference": "Frau X",
    }
    path = f"{drafted.path}/invitations"
    made = client.post(path, json={**sent, "channel": "entered"}, headers=drafted.secretariat.headers)
    assert made.status_code == 201, made.text
    make_move(client, drafted, drafted.secretariat, "adopt", decided_on=in_days(clock, 0), **ADOPTION)
    make_move(client, drafted, drafted.secretariat, "publish")
    sign_out(client)
    shown = client.get(f"/empfehlungen/{drafted.id}/beteiligung").text
    assert "Beispielstadt" in shown
    assert "Frau X" not in shown
    assert "Frau X" not in client.get(f"{drafted.path}/participation").text
    assert "Frau X" not in client.get(path).text


def test_a_move_is_sent_as_a_form_and_a_refused_one_stands_open(
    client: TestClient, world: World, clock: MovedClock
) -> None:
    drafted = draft(client, world)
    path = f"{drafted.page}/transitions"
    assert send(client, drafted.chair, path, {"transition": "start_review"}).status_code == 303
    fields = {"transition": "open_comments", "audience": "associations", "closes_at": in_days(clock, 14)}
    refused = send(client, drafted.chair, path, {**fields, "questions": "Was fehlt?\n\nWas stört?"})
    assert refused.status_code == 422
    assert "§ 47" in refused.text
    assert "Was stört?" in refused.text
    assert state_of(client, drafted) == "group_review"
    sent = {**fields, "questions": "Was fehlt?\n\nWas stört?", "reason": "Eilt."}
    assert send(client, drafted.chair, path, sent).status_code == 303
    assert [each["text"] for each in rounds(client, drafted)[0]["questions"]] == ["Was fehlt?", "Was stört?"]
    assert send(client, drafted.member, path, {"transition": "call_decision"}).status_code == 403
    blocked = send(client, drafted.chair, path, {"transition": "call_decision"})
    assert blocked.status_code == 409
    sign_in(client, drafted.chair)
    assert client.post(path, data={"transition": "close_comments"}).status_code == 403


def test_publication_is_planned_in_the_time_of_berlin(client: TestClient, world: World, clock: MovedClock) -> None:
    drafted = lead_to(client, world, clock, S.ADOPTED)
    path = f"{drafted.page}/transitions"
    planned = {"transition": "publish", "publish_at": f"{in_days(clock, 3)}T10:30"}
    assert send(client, drafted.secretariat, path, planned).status_code == 303
    shown = client.get(drafted.path, headers=drafted.secretariat.headers).json()["publish_at"]
    assert shown[11:16] in {"08:30", "09:30"}


@pytest.mark.parametrize("number", [3, 30])
def test_pages_ask_a_fixed_number_of_questions(
    client: TestClient, public: Drafted, statements: StatementCounter, number: int
) -> None:
    page = f"{public.page}/stellungnahmen"
    for each in range(number):
        send(client, public.member, page, {"kind": "statement", "text": f"Nummer {each}"})
    for path in (page, f"{page}?view=evaluation", f"{public.page}/beteiligung", "/beteiligung"):
        sign_in(client, public.chair)
        with statements:
            assert client.get(path).status_code == 200
        assert statements.count <= 12, (path, statements.texts)
    for path in (page, "/beteiligung"):
        sign_out(client)
        with statements:
            assert client.get(path).status_code == 200
        assert statements.count <= 6, (path, statements.texts)


def test_a_published_page_of_statements_asks_few_questions(
    client: TestClient, world: World, clock: MovedClock, statements: StatementCounter
) -> None:
    drafted = lead_to(client, world, clock, S.PUBLISHED)
    sign_out(client)
    for path in ("stellungnahmen", "beteiligung"):
        with statements:
            assert client.get(f"{drafted.page}/{path}").status_code == 200
        assert statements.count <= 6
