"""An unsaved text: its author's alone, kept while typing, found again anywhere, never overwritten silently."""

from __future__ import annotations

import json
from typing import Any

import pytest
from sqlmodel import select
from starlette.testclient import TestClient

from app.actions.people import redact_person
from app.actions.redaction import redact_text
from app.db import Database
from app.domain.recommendations import RecommendationState
from app.models.base import new_id
from app.models.drafts import Draft
from app.models.recommendations import Version
from app.models.record import RecordText
from tests.browsing import send, sign_in, sign_out
from tests.conftest import MovedClock
from tests.drafting import Drafted, count_rows, draft
from tests.factories import Known, World
from tests.moving import lead_to, make_move
from tests.web.test_recommendation_editor import blocks_of, form_of

SCRIPT = {"Accept": "application/json"}


@pytest.fixture
def drafted(client: TestClient, world: World) -> Drafted:
    """A recommendation with a first version."""
    return draft(client, world)


def opened(client: TestClient, drafted: Drafted, known: Known) -> dict[str, Any]:
    """The form of the editor as the script sends it: blocks instead of plain text."""
    form = form_of(client, known, f"{drafted.page}/bearbeiten")
    blocks = [
        {name: block[name] for name in ("id", "part", "kind", "number", "text")}
        for block in blocks_of(client, drafted, int(form["base_version"]))
    ]
    del form["text"]
    return {**form, "blocks": blocks}


def kept(client: TestClient, drafted: Drafted, known: Known, form: dict[str, Any], text: str) -> Any:
    """Let the script keep a changed first block."""
    form["blocks"][0]["text"] = text
    sent = {**form, "blocks": json.dumps(form["blocks"])}
    answer = send(client, known, f"{drafted.page}/entwurf", sent, headers=SCRIPT)
    if answer.status_code == 200:
        form["revision"] = answer.json()["revision"]
    return answer


def test_a_draft_is_kept_found_again_and_gone_with_its_version(
    client: TestClient, drafted: Drafted, database: Database
) -> None:
    form = opened(client, drafted, drafted.rapporteur)
    assert kept(client, drafted, drafted.rapporteur, form, "Erster Anlauf.").json()["revision"] == 1
    assert kept(client, drafted, drafted.rapporteur, form, "Zweiter Anlauf.").json()["revision"] == 2
    assert count_rows(database, Draft) == 1
    elsewhere = form_of(client, drafted.rapporteur, f"{drafted.page}/bearbeiten")
    assert "Zweiter Anlauf." in elsewhere["text"]
    assert elsewhere["revision"] == "2"
    assert "Sie schreiben an Ihrem Entwurf vom" in client.get(f"{drafted.page}/bearbeiten").text
    saved = send(client, drafted.rapporteur, f"{drafted.page}/bearbeiten", elsewhere)
    assert saved.status_code == 303
    assert count_rows(database, Draft) == 0
    second = blocks_of(client, drafted, 2)
    assert second[0]["text"] == "Zweiter Anlauf."
    assert [block["id"] for block in second] == [block["id"] for block in blocks_of(client, drafted, 1)]


def test_nobody_else_reads_it(client: TestClient, drafted: Drafted) -> None:
    form = opened(client, drafted, drafted.rapporteur)
    kept(client, drafted, drafted.rapporteur, form, "Ganz im Vertrauen.")
    for known in (drafted.chair, drafted.secretariat):
        sign_in(client, known)
        for path in (f"{drafted.page}/bearbeiten", drafted.page, "/aufgaben"):
            assert "Ganz im Vertrauen" not in client.get(path).text
    stranger = opened(client, drafted, drafted.chair)
    assert kept(client, drafted, drafted.chair, stranger, "Meiner.").json()["revision"] == 1
    assert "Ganz im Vertrauen" in form_of(client, drafted.rapporteur, f"{drafted.page}/bearbeiten")["text"]


def test_two_pages_of_one_person_do_not_overwrite_each_other(
    client: TestClient, drafted: Drafted, database: Database
) -> None:
    one, other = (opened(client, drafted, drafted.rapporteur) for _ in range(2))
    assert kept(client, drafted, drafted.rapporteur, one, "Von hier.").status_code == 200
    overtaken = kept(client, drafted, drafted.rapporteur, other, "Von dort.")
    assert overtaken.status_code == 409
    assert overtaken.json()["revision"] == 1
    other["revision"] = 1
    assert kept(client, drafted, drafted.rapporteur, other, "Von dort, entschieden.").status_code == 200
    assert kept(client, drafted, drafted.rapporteur, one, "Von hier, zu spät.").status_code == 409
    sent = {**one, "blocks": json.dumps(one["blocks"])}
    assert send(client, drafted.rapporteur, f"{drafted.page}/bearbeiten", sent).status_code == 303
    assert count_rows(database, Draft) == 1, "what the other page wrote is still there"
    assert "Von dort, entschieden." in form_of(client, drafted.rapporteur, f"{drafted.page}/bearbeiten")["text"]
    assert send(client, drafted.rapporteur, f"{drafted.page}/entwurf/verwerfen").status_code == 303
    assert count_rows(database, Draft) == 0
    assert kept(client, drafted, drafted.rapporteur, other, "Nach dem Verwerfen.").status_code == 409


def test_without_script_a_button_keeps_the_plain_text_as_it_is(
    client: TestClient, drafted: Drafted, database: Database
) -> None:
    form = form_of(client, drafted.rapporteur, f"{drafted.page}/bearbeiten")
    form["text"] = "Noch ohne Überschrift\n\n## Quatsch"
    assert send(client, drafted.rapporteur, f"{drafted.page}/entwurf", form).status_code == 303
    again = form_of(client, drafted.rapporteur, f"{drafted.page}/bearbeiten")
    assert again["text"] == form["text"]
    assert count_rows(database, Version) == 1


@pytest.mark.parametrize(("wrong", "status"), [({"title": "x" * 301}, 422), ({"revision": "7"}, 409)])
def test_a_text_the_button_could_not_keep_is_still_on_the_page(
    client: TestClient, drafted: Drafted, database: Database, wrong: dict[str, str], status: int
) -> None:
    form = form_of(client, drafted.rapporteur, f"{drafted.page}/bearbeiten")
    form["text"] = form["text"].replace("vergehen Monate", "vergehen zwölf Monate")
    refused = send(client, drafted.rapporteur, f"{drafted.page}/entwurf", {**form, **wrong})
    assert refused.status_code == status
    assert "vergehen zwölf Monate" in refused.text
    assert count_rows(database, Draft) == 0


def test_what_was_refused_is_the_writer_s_draft(client: TestClient, drafted: Drafted) -> None:
    form = form_of(client, drafted.rapporteur, f"{drafted.page}/bearbeiten")
    refused = send(
        client, drafted.rapporteur, f"{drafted.page}/bearbeiten", {**form, "title": "", "text": "## Ziel\n\nNeu."}
    )
    assert refused.status_code == 422
    assert "Neu." in form_of(client, drafted.rapporteur, f"{drafted.page}/bearbeiten")["text"]


def test_a_text_written_into_a_decision_is_shown_and_kept(
    client: TestClient, world: World, clock: MovedClock, database: Database
) -> None:
    drafted = lead_to(client, world, clock, RecommendationState.GROUP_DECISION)
    sent = {"id": str(new_id()), "base_version": "1", "title": "Neu", "text": "## Ziel\n\nZu spät geschrieben."}
    refused = send(client, drafted.chair, f"{drafted.page}/bearbeiten", sent)
    assert refused.status_code == 409
    assert "Zu spät geschrieben." in refused.text
    assert count_rows(database, Draft) == 1
    assert count_rows(database, Version) == 1


@pytest.mark.parametrize(
    "sent", [{"id": "x"}, {"base_version": "-1"}, {"blocks": "{"}, {"title": "x" * 301}, {"revision": "x"}]
)
def test_what_cannot_be_kept_is_refused_with_a_sentence(
    client: TestClient, drafted: Drafted, database: Database, sent: dict[str, str]
) -> None:
    form = {"id": str(new_id()), "base_version": "1", "text": "## Ziel\n\nNeu.", **sent}
    refused = send(client, drafted.rapporteur, f"{drafted.page}/entwurf", form, headers=SCRIPT)
    assert refused.status_code == 422
    assert refused.json()["detail"]
    assert count_rows(database, Draft) == 0


def test_it_waits_among_the_tasks_until_it_is_saved_or_discarded(client: TestClient, drafted: Drafted) -> None:
    def told(known: Known) -> bool:
        sign_in(client, known)
        page = client.get("/aufgaben").text
        is_there = "Sie haben einen nicht gespeicherten Entwurf" in page
        assert (f'href="{drafted.page}/bearbeiten"' in page) is is_there
        return is_there

    assert not told(drafted.rapporteur)
    form = opened(client, drafted, drafted.rapporteur)
    kept(client, drafted, drafted.rapporteur, form, "Angefangen.")
    assert told(drafted.rapporteur)
    assert not told(drafted.chair)
    send(client, drafted.rapporteur, f"{drafted.page}/entwurf/verwerfen")
    assert not told(drafted.rapporteur)


def test_one_left_behind_by_a_decision_is_read_and_thrown_away(
    client: TestClient, world: World, clock: MovedClock, database: Database
) -> None:
    drafted = lead_to(client, world, clock, RecommendationState.GROUP_REVIEW)
    form = opened(client, drafted, drafted.rapporteur)
    kept(client, drafted, drafted.rapporteur, form, "Nicht mehr gespeichert.")
    make_move(client, drafted, drafted.chair, "call_decision")
    sign_in(client, drafted.rapporteur)
    page = client.get(f"{drafted.page}/bearbeiten")
    assert page.status_code == 200
    assert "Nicht mehr gespeichert." in page.text
    sign_in(client, drafted.chair)
    assert client.get(f"{drafted.page}/bearbeiten").status_code == 409
    gone = send(client, drafted.rapporteur, f"{drafted.page}/entwurf/verwerfen")
    assert (gone.status_code, gone.headers["location"]) == (303, drafted.page)
    assert count_rows(database, Draft) == 0


def test_only_who_may_write_keeps_a_draft(
    client: TestClient, drafted: Drafted, world: World, database: Database
) -> None:
    form = opened(client, drafted, drafted.rapporteur)
    assert kept(client, drafted, drafted.member, form, "Ich?").status_code == 403
    assert kept(client, drafted, world.person(), form, "Ich?").status_code == 404
    sign_out(client)
    answer = client.post(f"{drafted.page}/entwurf", data={"form_token": drafted.rapporteur.form_token}, headers=SCRIPT)
    assert answer.status_code == 401
    assert count_rows(database, Draft) == 0


def test_a_person_taken_away_takes_its_drafts_along(
    client: TestClient, drafted: Drafted, world: World, database: Database
) -> None:
    form = opened(client, drafted, drafted.rapporteur)
    kept(client, drafted, drafted.rapporteur, form, "Ungesagt.")
    with database.write() as session:
        redact_person(session, drafted.rapporteur.person_id, actor=world.actor(drafted.secretariat, session))
    assert count_rows(database, Draft) == 0


def test_a_text_blacked_out_is_blacked_out_in_drafts(
    client: TestClient, drafted: Drafted, world: World, database: Database
) -> None:
    form = opened(client, drafted, drafted.rapporteur)
    secret = form["blocks"][1]["text"]
    kept(client, drafted, drafted.rapporteur, form, "Anders.")
    with database.write() as session:
        text = session.exec(select(RecordText).where(RecordText.text == secret)).one()
        redact_text(session, text.id, reason="Namen", actor=world.actor(drafted.secretariat, session))
    with database.read() as session:
        found = session.exec(select(Draft)).one()
        assert found.blocks is not None
        assert secret not in json.dumps(found.blocks, ensure_ascii=False)
        assert found.blocks[0]["text"] == "Anders."
