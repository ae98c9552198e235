"""Two writers who changed one block: base, mine and theirs are shown, the result is saved on the newest version."""

from __future__ import annotations

import html
import json
import re
from typing import Any

import pytest
from starlette.testclient import TestClient

from app.db import Database
from app.models.drafts import Draft
from app.models.recommendations import Version
from tests.browsing import send
from tests.drafting import Drafted, count_rows, draft, save
from tests.factories import World
from tests.web.test_recommendation_editor import blocks_of, fields_in, form_of


def hidden_in(page: str) -> dict[str, Any]:
    """What the form that merges carries along."""
    form = page[page.index("/zusammenfuehren") :]
    found: dict[str, Any] = {}
    for name, value in re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form):
        if name == "addressee_ids":
            found.setdefault(name, []).append(html.unescape(value))
        elif name != "form_token":
            found[name] = html.unescape(value)
    return found


@pytest.fixture
def drafted(client: TestClient, world: World) -> Drafted:
    """A recommendation with a first version."""
    return draft(client, world)


@pytest.fixture
def collision(client: TestClient, drafted: Drafted) -> dict[str, Any]:
    """The chair saved too late: the fields of the page that asks for a decision."""
    path = f"{drafted.page}/bearbeiten"
    mine, theirs = (form_of(client, known, path) for known in (drafted.chair, drafted.rapporteur))
    theirs["text"] = theirs["text"].replace("vergehen Monate", "vergehen zwölf Monate")
    theirs["text"] = theirs["text"].replace("in vier Wochen", "in drei Wochen")
    theirs["title"] = "Übergänge verlässlich sichern"
    assert send(client, drafted.rapporteur, path, theirs).status_code == 303
    mine["text"] = mine["text"].replace("Die Kosten trägt", "Die Kosten teilt sich")
    mine["text"] = mine["text"].replace("in vier Wochen", "in fünf Wochen")
    mine["title"] = "Übergänge schaffen"
    stale = send(client, drafted.chair, path, {**mine, "note": "Frist geändert"})
    assert stale.status_code == 409
    for words in (
        "in vier Wochen",
        "in <del>vier</del><ins>drei</ins> Wochen",
        "in <del>vier</del><ins>fünf</ins> Wochen",
        "Übergänge <del>sichern</del><ins>schaffen</ins>",
        "Übergänge <ins>verlässlich </ins>sichern",
        "Fassung 2",
    ):
        assert words in stale.text, words
    assert "zwölf Monate" in stale.text, "what is taken by itself can be read too"
    return hidden_in(stale.text)


def block_in_conflict(client: TestClient, drafted: Drafted) -> str:
    """The block both changed."""
    return str(blocks_of(client, drafted, 1)[-1]["id"])


def test_nothing_is_saved_before_everything_is_decided(
    client: TestClient, drafted: Drafted, collision: dict[str, Any], database: Database
) -> None:
    key = block_in_conflict(client, drafted)
    path = f"{drafted.page}/zusammenfuehren"
    half = {**collision, f"choice-{key}": "own", f"words-{key}": " "}
    refused = send(client, drafted.chair, path, half)
    assert refused.status_code == 422
    assert f'href="#feld-words-{key}"' in refused.text
    assert 'href="#feld-choice-title"' in refused.text
    assert send(client, drafted.chair, path, {**collision, f"choice-{key}": "both"}).status_code == 422
    assert send(client, drafted.chair, path, {**collision, "merge_base": "x"}).status_code == 422
    assert send(client, drafted.member, path, collision).status_code == 403
    assert count_rows(database, Version) == 2
    assert count_rows(database, Draft) == 1, "meanwhile it is the writer's draft"


@pytest.mark.parametrize(
    ("choice", "words", "ending"),
    [("mine", "", "in fünf Wochen."), ("theirs", "", "in drei Wochen."), ("own", "Es gelingt in vier.", "in vier.")],
)
def test_what_was_decided_is_saved_on_the_newest_version(
    client: TestClient, drafted: Drafted, collision: dict[str, Any], database: Database,
    choice: str, words: str, ending: str,
) -> None:  # fmt: skip
    key = block_in_conflict(client, drafted)
    decided = {f"choice-{key}": choice, f"words-{key}": words, "choice-title": choice, "words-title": "Neu"}
    saved = send(client, drafted.chair, f"{drafted.page}/zusammenfuehren", {**collision, **decided})
    assert saved.status_code == 303, saved.text
    version = client.get(f"{drafted.path}/versions/3", headers=drafted.chair.headers).json()
    titles = {"mine": "Übergänge schaffen", "theirs": "Übergänge verlässlich sichern", "own": "Neu"}
    assert version["title"] == titles[choice]
    texts = [block["text"] for block in version["blocks"]]
    assert texts[-1].endswith(ending)
    assert "zwölf Monate" in texts[0]
    assert "teilt sich" in texts[3]
    assert [block["id"] for block in version["blocks"]] == [block["id"] for block in blocks_of(client, drafted, 1)]
    assert "Frist geändert" in client.get(f"{drafted.page}/fassungen").text
    assert count_rows(database, Draft) == 0


def test_the_result_can_be_read_before_it_is_saved(
    client: TestClient, drafted: Drafted, collision: dict[str, Any], database: Database
) -> None:
    key = block_in_conflict(client, drafted)
    decided = {f"choice-{key}": "mine", "choice-title": "theirs", "intent": "review"}
    shown = send(client, drafted.chair, f"{drafted.page}/zusammenfuehren", {**collision, **decided})
    assert shown.status_code == 200
    form = fields_in(shown.text)
    assert form["base_version"] == "2"
    assert "in fünf Wochen" in form["text"]
    assert "zwölf Monate" in form["text"]
    assert count_rows(database, Version) == 2
    assert send(client, drafted.chair, f"{drafted.page}/bearbeiten", form).status_code == 303
    assert count_rows(database, Draft) == 0


def test_who_is_overtaken_while_deciding_decides_again(
    client: TestClient, drafted: Drafted, collision: dict[str, Any], database: Database
) -> None:
    key = block_in_conflict(client, drafted)
    second = blocks_of(client, drafted, 2)
    second[-1]["text"] = "In Musterstadt gelingt der Übergang in zwei Wochen."
    save(
        client,
        drafted,
        2,
        [{name: block[name] for name in ("id", "part", "kind", "number", "text")} for block in second],
    )
    decided = {f"choice-{key}": "mine", "choice-title": "theirs"}
    again = send(client, drafted.chair, f"{drafted.page}/zusammenfuehren", {**collision, **decided})
    assert again.status_code == 409
    assert count_rows(database, Version) == 3
    for words in ("<ins>zwei</ins> Wochen", "<ins>fünf</ins> Wochen", "Fassung 3"):
        assert words in again.text, words
    fields = hidden_in(again.text)
    assert (fields["merge_base"], fields["base_version"]) == ("2", "3")
    saved = send(client, drafted.chair, f"{drafted.page}/zusammenfuehren", {**fields, f"choice-{key}": "mine"})
    assert saved.status_code == 303, saved.text
    last = blocks_of(client, drafted, 4)
    assert last[-1]["text"].endswith("in fünf Wochen.")
    assert "zwölf Monate" in last[0]["text"]


def test_what_a_block_was_said_to_rest_on_goes_through_the_merge(client: TestClient, drafted: Drafted) -> None:
    path = f"{drafted.page}/bearbeiten"
    need = {"type": "need", "id": drafted.need_id}
    mine = form_of(client, drafted.chair, path)
    blocks = blocks_of(client, drafted, 1)
    written = [{**each, "sources": None} for each in blocks]
    written[0] |= {"sources": [need]}
    written[-1] |= {"text": "In fünf Wochen."}
    changed = [*blocks[:-1], {**blocks[-1], "text": "In drei Wochen."}]
    save(client, drafted, 1, changed)
    stale = send(client, drafted.chair, path, {**mine, "blocks": json.dumps(written)})
    assert stale.status_code == 409
    decided = {**hidden_in(stale.text), f"choice-{blocks[-1]['id']}": "mine"}
    merged = send(client, drafted.chair, f"{drafted.page}/zusammenfuehren", decided)
    assert merged.status_code == 303, merged.text
    saved = blocks_of(client, drafted, 3)
    assert [each["sources"] for each in saved] == [[need], [], [], [], []]
    assert saved[-1]["text"] == "In fünf Wochen."
