"""Writing a recommendation in the browser: drafting, the plain text, saving too late, links and sources."""

from __future__ import annotations

import html
import json
import re
from typing import Any

from starlette.testclient import TestClient

from app.db import Database
from app.domain.recommendations import RecommendationState
from app.models.base import new_id
from app.models.recommendations import Recommendation, Version
from tests.browsing import send, sign_in
from tests.conftest import MovedClock
from tests.drafting import Drafted, accepted_need, count_rows, draft
from tests.factories import World
from tests.moving import ballots, in_days, lead_to

S = RecommendationState


def form_of(client: TestClient, known: Any, path: str) -> dict[str, Any]:
    """What the editor holds when it is opened."""
    sign_in(client, known)
    page = client.get(path)
    assert page.status_code == 200, page.text
    return fields_in(page.text)


def fields_in(page: str) -> dict[str, Any]:
    """The fields of the editor in a page."""
    hidden = dict(re.findall(r'<input type="hidden" name="(id|base_version|revision)" value="([^"]*)"', page))
    title = re.search(r'name="title" type="text" value="([^"]*)"', page)
    text = re.search(r'<textarea[^>]* name="text"[^>]*>\n?(.*?)</textarea>', page, re.DOTALL)
    chosen = re.findall(r'name="addressee_ids" value="([^"]*)" checked', page)
    assert title
    assert text
    return {
        **hidden,
        "title": html.unescape(title.group(1)),
        "text": html.unescape(text.group(1)),
        "addressee_ids": chosen,
    }


def blocks_of(client: TestClient, drafted: Drafted, number: int) -> Any:
    """The blocks of a version as the API tells them."""
    return client.get(f"{drafted.path}/versions/{number}", headers=drafted.chair.headers).json()["blocks"]


def test_a_recommendation_is_drafted_and_written(client: TestClient, world: World, database: Database) -> None:
    drafted = draft(client, world)
    path = f"/gremien/{drafted.body.slug}/empfehlungen/neu"
    sign_in(client, drafted.rapporteur)
    page = client.get(path).text
    assert "Lange Wartezeiten" in page
    sent = {"id": str(new_id()), "title": "Neue Empfehlung", "need_ids": drafted.need_id}
    before = count_rows(database, Recommendation)
    refused = send(client, drafted.rapporteur, path, {**sent, "title": ""})
    assert refused.status_code == 422
    assert count_rows(database, Recommendation) == before
    for _ in range(2):
        made = send(client, drafted.rapporteur, path, sent)
        assert made.status_code == 303, made.text
        assert made.headers["location"] == f"/empfehlungen/{sent['id']}/bearbeiten"
    assert count_rows(database, Recommendation) == before + 1
    form = form_of(client, drafted.rapporteur, made.headers["location"])
    assert "## Situationsbeschreibung" in form["text"]
    form["text"] = "## Empfehlung\n\nDie Länder sollten handeln.\n\na) Erstens.\n"
    saved = send(client, drafted.rapporteur, made.headers["location"], form)
    assert saved.status_code == 303, saved.text
    assert "Die Länder sollten handeln." in client.get(saved.headers["location"]).text
    assert send(client, drafted.member, path, {**sent, "id": str(new_id())}).status_code == 403
    assert client.get(path).status_code == 403


def test_block_ids_survive_the_plain_text(client: TestClient, world: World, database: Database) -> None:
    drafted = draft(client, world)
    first = blocks_of(client, drafted, 1)
    path = f"{drafted.page}/bearbeiten"
    form = form_of(client, drafted.rapporteur, path)
    assert form["base_version"] == "1"
    assert form["addressee_ids"] == [str(drafted.addressee_id)]
    unchanged = send(client, drafted.rapporteur, path, form)
    assert unchanged.status_code == 303
    assert count_rows(database, Version) == 1
    form["text"] = form["text"].replace("vergehen Monate", "vergehen viele Monate")
    form["note"] = "Zahl ergänzt"
    for _ in range(2):
        assert send(client, drafted.rapporteur, path, form).status_code == 303
    assert count_rows(database, Version) == 2
    second = blocks_of(client, drafted, 2)
    assert [block["id"] for block in second] == [block["id"] for block in first]
    assert second[0]["text"] == "Zwischen Sprachkurs und Ausbildung vergehen viele Monate."
    assert second[1:] == first[1:]


def test_a_block_rests_only_on_what_the_page_offers(client: TestClient, world: World, database: Database) -> None:
    drafted = draft(client, world)
    path = f"{drafted.page}/bearbeiten"
    form = form_of(client, drafted.rapporteur, path)
    unlinked = accepted_need(client, drafted.body, drafted.member, drafted.chair, "Fehlende Plätze")
    foreign = draft(client, world, title="Anderswo").need_id
    first, *others = blocks_of(client, drafted, 1)
    kept = [{**each, "sources": None} for each in others]

    def choose(key: str) -> Any:
        chosen = {**first, "text": "Neu geschrieben.", "sources": [{"type": "need", "id": key}]}
        return send(client, drafted.rapporteur, path, {**form, "blocks": json.dumps([chosen, *kept])})

    for key in (str(new_id()), unlinked, foreign):
        refused = choose(key)
        assert refused.status_code == 422
        assert "Ein Absatz stützt sich auf etwas" in refused.text
        assert "Neu geschrieben." in refused.text
        assert key not in refused.text
    assert count_rows(database, Version) == 2, "one of each recommendation"
    form["revision"] = fields_in(refused.text)["revision"]
    assert choose(drafted.need_id).status_code == 303
    assert blocks_of(client, drafted, 2)[0]["sources"] == [{"type": "need", "id": drafted.need_id}]


def test_a_text_that_cannot_be_read_comes_back_with_its_line(
    client: TestClient, world: World, database: Database
) -> None:
    drafted = draft(client, world)
    path = f"{drafted.page}/bearbeiten"
    form = form_of(client, drafted.rapporteur, path)
    wrong = {**form, "text": "Ohne Überschrift\n\n## Moral\n\nEin Satz."}
    refused = send(client, drafted.rapporteur, path, wrong)
    assert refused.status_code == 422
    assert "Zeile 1:" in refused.text
    assert "Ohne Überschrift" in refused.text
    assert send(client, drafted.rapporteur, path, {**form, "title": ""}).status_code == 422
    assert send(client, drafted.rapporteur, path, {**form, "text": ""}).status_code == 422
    assert send(client, drafted.rapporteur, path, {**form, "base_version": "x"}).status_code == 422
    assert count_rows(database, Version) == 1


def test_what_two_writers_changed_apart_is_brought_together(
    client: TestClient, world: World, database: Database
) -> None:
    drafted = draft(client, world)
    path = f"{drafted.page}/bearbeiten"
    mine, theirs = (form_of(client, known, path) for known in (drafted.chair, drafted.rapporteur))
    theirs["text"] = theirs["text"].replace("vergehen Monate", "vergehen zwölf Monate")
    theirs["title"] = "Übergänge verlässlich sichern"
    assert send(client, drafted.rapporteur, path, theirs).status_code == 303
    mine["text"] = mine["text"].replace("Die Kosten trägt", "Die Kosten teilt sich")
    other = str(world.organisation())
    mine["addressee_ids"] = [other]
    stale = send(client, drafted.chair, path, mine)
    assert stale.status_code == 409
    assert count_rows(database, Version) == 2
    proposed = fields_in(stale.text)
    assert proposed["base_version"] == "2"
    assert proposed["title"] == "Übergänge verlässlich sichern"
    assert "zwölf Monate" in proposed["text"]
    assert "teilt sich" in proposed["text"]
    assert proposed["addressee_ids"] == [other]
    assert send(client, drafted.chair, path, proposed).status_code == 303
    assert [block["id"] for block in blocks_of(client, drafted, 3)] == [
        block["id"] for block in blocks_of(client, drafted, 1)
    ]


def test_only_editors_write_and_only_before_the_decision(
    client: TestClient, world: World, clock: MovedClock, database: Database
) -> None:
    drafted = lead_to(client, world, clock, S.GROUP_DECISION)
    path = f"{drafted.page}/bearbeiten"
    for known, status in ((drafted.member, 403), (world.person(), 404), (drafted.chair, 409)):
        sign_in(client, known)
        assert client.get(path).status_code == status
        sent = {"base_version": "1", "title": "Neu", "text": "## Ziel\n\nEin Satz."}
        assert send(client, known, path, sent).status_code == status
    assert count_rows(database, Version) == 1
    sign_in(client, drafted.chair)
    assert "/bearbeiten" not in client.get(drafted.page).text


def test_the_secretariat_revises_in_the_editor(
    client: TestClient, world: World, clock: MovedClock, database: Database
) -> None:
    drafted = lead_to(client, world, clock, S.LEAD_REVIEW)
    path = f"{drafted.page}/bearbeiten"
    sign_in(client, drafted.chair)
    assert client.get(path).status_code == 403
    form = form_of(client, drafted.secretariat, path)
    form["text"] = form["text"].replace("in vier Wochen", "in acht Wochen")
    refused = send(client, drafted.secretariat, path, form)
    assert refused.status_code == 422
    assert "in acht Wochen" in refused.text
    assert count_rows(database, Version) == 1
    saved = send(client, drafted.secretariat, path, {**form, "reason": "Die Zahl war falsch."})
    assert saved.status_code == 303, saved.text
    assert count_rows(database, Version) == 2
    assert client.get(drafted.path, headers=drafted.chair.headers).json()["state"] == "group_decision"


def test_a_revision_is_decided_in_a_meeting_with_its_day_and_place(
    client: TestClient, world: World, clock: MovedClock, database: Database
) -> None:
    drafted = lead_to(client, world, clock, S.LEAD_REVIEW)
    path = f"{drafted.page}/bearbeiten"
    form = form_of(client, drafted.secretariat, path)
    assert "Tag der Sitzung" in client.get(path).text
    form |= {"text": form["text"].replace("vier Wochen", "acht Wochen"), "reason": "Die Zahl war falsch."}
    for wrong, field in (
        ({"in_meeting": "true"}, "held_on"),
        ({"in_meeting": "true", "held_on": in_days(clock, 3)}, "place"),
        ({"held_on": in_days(clock, 3)}, "held_on"),
        ({"in_meeting": "true", "held_on": in_days(clock, 40), "place": "Bonn"}, "held_on"),
        ({"closes_at": in_days(clock, 2)}, "closes_at"),
    ):
        refused = send(client, drafted.secretariat, path, {**form, **wrong})
        assert refused.status_code == 422
        assert f'href="#feld-{field}"' in refused.text
        assert "acht Wochen" in refused.text
    assert count_rows(database, Version) == 1
    held = {"in_meeting": "true", "held_on": in_days(clock, 3), "place": "Bonn"}
    assert send(client, drafted.secretariat, path, {**form, **held}).status_code == 303
    ballot = ballots(client, drafted)[0]
    assert (ballot["in_meeting"], ballot["held_on"], ballot["place"]) == (True, in_days(clock, 3), "Bonn")


def test_links_and_sources_are_set_by_forms(client: TestClient, world: World) -> None:
    drafted = draft(client, world)
    block = blocks_of(client, drafted, 1)[0]["id"]
    source = {"block_id": block, "source": f"need:{drafted.need_id}"}
    assert send(client, drafted.member, f"{drafted.page}/quellen", source).status_code == 403
    for _ in range(2):
        assert send(client, drafted.rapporteur, f"{drafted.page}/quellen", source).status_code == 303
    assert blocks_of(client, drafted, 1)[0]["sources"] == [{"type": "need", "id": drafted.need_id}]
    wrong = send(client, drafted.rapporteur, f"{drafted.page}/quellen", {"block_id": block, "source": "need:x"})
    assert wrong.status_code == 422
    assert "Woher die Absätze kommen" in client.get(drafted.page).text
    path = f"{drafted.page}/verknuepfungen"
    sign_in(client, drafted.rapporteur)
    assert drafted.need_id in client.get(path).text
    assert send(client, drafted.rapporteur, path, {}).status_code == 303
    assert client.get(drafted.path, headers=drafted.chair.headers).json()["need_ids"] == []
    sign_in(client, drafted.member)
    assert client.get(path).status_code == 403
