"""The Stellungnahmensynopse: what stands in it for whom, narrowed, answered together, and taken along."""

from __future__ import annotations

import csv
import io
import zipfile
from typing import Any

import pytest
from starlette.testclient import TestClient

from app.db import Database
from app.domain.events import EventType
from app.domain.recommendations import RecommendationState
from tests.attaching import send_file
from tests.browsing import StatementCounter, send, sign_in, sign_out
from tests.conftest import MovedClock
from tests.drafting import Drafted
from tests.factories import Known, World
from tests.moving import ADOPTION, decide, in_days, lead_to, make_move, open_comments, rounds
from tests.telling import told_of

FORMS = ("csv", "ods", "pdf", "odt")


@pytest.fixture
def drafted(client: TestClient, world: World, clock: MovedClock) -> Drafted:
    """A round of all participants with statements on the whole and on blocks."""
    found = lead_to(client, world, clock, RecommendationState.GROUP_REVIEW)
    open_comments(client, clock, found, "participants")
    blocks = [
        each["id"] for each in client.get(f"{found.path}/versions/1", headers=found.chair.headers).json()["blocks"]
    ]
    _say(client, found, found.member, text="Zum dritten.", block_id=blocks[2])
    _say(client, found, found.rapporteur, text="=Zum ersten.", block_id=blocks[0], publish=True)
    _say(client, found, world.person(), text="Zum Ganzen.")
    _say(client, found, world.person(), kind="no_comment")
    return found


def _say(client: TestClient, drafted: Drafted, known: Known, **sent: Any) -> Any:
    path = f"/api/v1/comment-rounds/{rounds(client, drafted)[0]['id']}/statements"
    said = client.post(path, json=sent, headers=known.headers)
    assert said.status_code == 201, said.text
    return said.json()


def _table(client: TestClient, drafted: Drafted, query: str = "") -> list[list[str]]:
    text = client.get(f"{drafted.page}/stellungnahmen/synopse.csv{query}").content.decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text), delimiter=";"))


def test_the_rows_stand_in_the_order_of_the_text(client: TestClient, drafted: Drafted) -> None:
    sign_in(client, drafted.chair)
    head, *rows = _table(client, drafted)
    assert head == ["Absatz", "Organisation", "Stellungnahme", "Was daraus wurde", "Begründung"]
    assert [row[0] for row in rows] == ["ganzer Text", "ganzer Text", "Absatz 1", "Absatz 3"]
    assert "'=Zum ersten." in [row[2] for row in rows]
    assert {row[3] for row in rows} == {"noch offen", "Erledigt"}
    page = client.get(f"{drafted.page}/stellungnahmen/synopse")
    assert page.status_code == 200
    assert page.text.index("Zum Ganzen.") < page.text.index("Zum ersten.") < page.text.index("Zum dritten.")


def test_it_is_narrowed_on_the_page_and_in_the_files(client: TestClient, drafted: Drafted) -> None:
    sign_in(client, drafted.rapporteur)
    assert len(_table(client, drafted, "?state=open")) == 4
    assert [row[2] for row in _table(client, drafted, "?block=whole&state=open")[1:]] == ["Zum Ganzen."]
    by_member = f"?organisation_id={drafted.member.organisation_id}"
    assert [row[2] for row in _table(client, drafted, by_member)[1:]] == ["Zum dritten."]
    assert [row[2] for row in _table(client, drafted, "?disposition=settled")[1:]] == ["Fehlanzeige"]
    page = client.get(f"{drafted.page}/stellungnahmen/synopse{by_member}").text
    assert "Zum Ganzen." not in page
    assert f"synopse.ods?organisation_id={drafted.member.organisation_id}" in page
    assert client.get(f"{drafted.page}/stellungnahmen/synopse?block=nichts").status_code == 404
    assert client.get(f"{drafted.page}/stellungnahmen/synopse?colour=red").status_code == 422


def test_several_are_answered_with_one_reason_or_none(client: TestClient, drafted: Drafted, database: Database) -> None:
    page = f"{drafted.page}/stellungnahmen/synopse"
    path = f"/api/v1/comment-rounds/{rounds(client, drafted)[0]['id']}/statements?state=open"
    keys = [each["id"] for each in client.get(path, headers=drafted.chair.headers).json()["items"]]
    fields: dict[str, Any] = {"statement_ids": keys, "disposition": "adopted", "query": "round=1&state=open"}
    refused = send(client, drafted.chair, page, fields)
    assert refused.status_code == 422
    assert refused.text.count(" checked") == 4
    assert send(client, drafted.member, page, {**fields, "reason": "Ja."}).status_code == 403
    done = send(client, drafted.chair, page, {**fields, "reason": "In die Fassung übernommen."})
    assert done.status_code == 303
    assert done.headers["location"].endswith("round=1&state=open")
    assert drafted.member.person_id in told_of(database, EventType.STATEMENT_DISPOSED)
    again = client.post(
        f"{drafted.path}/dispositions",
        json={"statement_ids": keys, "disposition": "adopted", "reason": "Noch einmal."},
        headers=drafted.chair.headers,
    )
    assert again.status_code == 409
    fresh = [_say(client, drafted, drafted.member, text=f"Neu {number}.")["id"] for number in range(2)]
    answered = client.post(
        f"{drafted.path}/dispositions",
        json={"statement_ids": fresh, "disposition": "not_adopted", "reason": "Später."},
        headers=drafted.rapporteur.headers,
    )
    assert [each["disposition"] for each in answered.json()["items"]] == ["not_adopted"] * 2


@pytest.mark.parametrize("form", FORMS)
def test_every_form_is_a_file_of_its_kind(client: TestClient, drafted: Drafted, form: str) -> None:
    statement = _say(client, drafted, drafted.member, text="Mit **Anlage**.")
    assert send_file(client, drafted.member, f"/api/v1/statements/{statement['id']}").status_code == 201
    sign_in(client, drafted.chair)
    file = client.get(f"{drafted.page}/stellungnahmen/synopse.{form}")
    assert file.status_code == 200
    assert file.headers["content-disposition"].startswith("attachment")
    if form == "pdf":
        assert file.content.startswith(b"%PDF-")
        return
    text = (
        file.content.decode()
        if form == "csv"
        else zipfile.ZipFile(io.BytesIO(file.content)).read("content.xml").decode()
    )
    assert "Anlage: Schreiben.pdf" in text
    assert "Zum dritten." in text


def test_a_program_takes_the_same_files_along(client: TestClient, drafted: Drafted, world: World) -> None:
    path = f"/api/v1/comment-rounds/{rounds(client, drafted)[0]['id']}/synopsis"
    sign_in(client, drafted.chair)
    headers = drafted.chair.headers
    for query in ("", "?state=open", "?block=whole", f"?organisation_id={drafted.member.organisation_id}"):
        page = client.get(f"{drafted.page}/stellungnahmen/synopse.csv{query}")
        assert client.get(f"{path}.csv{query}", headers=headers).content == page.content
    for form in FORMS:
        file = client.get(f"{path}.{form}", headers=headers)
        assert file.status_code == 200
        assert file.headers["content-disposition"].startswith("attachment")
        assert file.headers["cache-control"] == "private, no-cache"
        assert client.get(f"{path}.{form}").status_code == 404
    outside = client.get(f"{path}.csv", headers=world.person().headers)
    assert "Zum dritten." not in outside.text
    assert client.get(f"{path}.docx", headers=headers).status_code == 404
    assert client.get(f"{path}.csv?colour=red", headers=headers).json()["errors"][0]["field"] == "colour"


def test_only_what_the_reader_may_see_is_there(
    client: TestClient, world: World, drafted: Drafted, clock: MovedClock
) -> None:
    outside = world.person()
    sign_in(client, outside)
    assert len(_table(client, drafted)) == 1
    sign_out(client)
    for path in ("synopse", *(f"synopse.{form}" for form in FORMS)):
        assert client.get(f"{drafted.page}/stellungnahmen/{path}").status_code == 404
    fields = {"disposition": "adopted", "reason": "Ein innerer Grund."}
    path = f"/api/v1/comment-rounds/{rounds(client, drafted)[0]['id']}/statements?state=open"
    for each in client.get(path, headers=drafted.chair.headers).json()["items"]:
        disposed = client.post(
            f"/api/v1/statements/{each['id']}/disposition", json=fields, headers=drafted.chair.headers
        )
        assert disposed.status_code == 200
    make_move(client, drafted, drafted.chair, "close_comments", reason="Fertig.")
    make_move(client, drafted, drafted.chair, "call_decision")
    decide(client, clock, drafted)
    make_move(client, drafted, drafted.chair, "carry")
    make_move(client, drafted, drafted.secretariat, "endorse")
    make_move(client, drafted, drafted.secretariat, "adopt", decided_on=in_days(clock, 0), **ADOPTION)
    make_move(client, drafted, drafted.secretariat, "publish")
    sign_out(client)
    rows = _table(client, drafted)[1:]
    assert [row[2] for row in rows] == ["'=Zum ersten."]
    assert rows[0][3:] == ["Übernommen", ""]
    page = client.get(f"{drafted.page}/stellungnahmen/synopse").text
    assert "Zum ersten." in page
    assert "Zum dritten." not in page
    assert "Ein innerer Grund." not in page


@pytest.mark.parametrize("number", [2, 20])
def test_it_asks_a_fixed_number_of_questions(
    client: TestClient, drafted: Drafted, statements: StatementCounter, number: int
) -> None:
    for each in range(number):
        _say(client, drafted, drafted.member, text=f"Nummer {each}")
    sign_in(client, drafted.chair)
    with statements:
        assert client.get(f"{drafted.page}/stellungnahmen/synopse").status_code == 200
    assert statements.count <= 12
