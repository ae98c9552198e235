"""Amendments on their pages: proposing without script, all of them beside the text, and answering them together."""

from __future__ import annotations

import html
import json
from typing import Any

import pytest
from starlette.testclient import TestClient

from app.db import Database
from app.domain.recommendations import RecommendationState
from app.models.amendments import Amendment
from app.models.base import new_id
from tests.amending import blocks_of, dispose, file, texts_of
from tests.browsing import send, sign_in
from tests.conftest import MovedClock
from tests.drafting import Drafted, count_rows, save
from tests.factories import Known, World
from tests.moving import lead_to, make_move

S = RecommendationState


@pytest.fixture
def drafted(client: TestClient, world: World, clock: MovedClock) -> Drafted:
    """A draft that its body reviews."""
    return lead_to(client, world, clock, S.GROUP_REVIEW)


def page_of(drafted: Drafted) -> str:
    return f"{drafted.page}/aenderungsvorschlaege"


def read(client: TestClient, known: Known, address: str) -> str:
    sign_in(client, known)
    answer = client.get(address)
    assert answer.status_code == 200, answer.text
    return html.unescape(answer.text)


def test_a_member_changes_removes_and_adds_and_sees_it_marked(client: TestClient, drafted: Drafted) -> None:
    first, second, third, *rest = blocks_of(client, drafted)
    form = read(client, drafted.member, f"{page_of(drafted)}/neu?block_id={second['id']}")
    assert second["text"] in form
    assert "Änderungsvorschläge werden nie veröffentlicht" in form
    fields: dict[str, Any] = {
        "id": str(new_id()),
        "version": "1",
        **{f"text-{block['id']}": block["text"] for block in (first, second, third, *rest)},
        f"text-{second['id']}": second["text"].replace("einrichten", "schaffen"),
        f"remove-{third['id']}": "true",
        f"after-{first['id']}": "Das ist zu lang.\n\nViele geben auf.",
        "reason": "So ist es klarer.",
    }
    sent = send(client, drafted.member, f"{page_of(drafted)}/neu", fields)
    assert sent.status_code == 303, sent.text
    again = send(client, drafted.member, f"{page_of(drafted)}/neu", fields)
    assert again.headers["location"] == sent.headers["location"]
    shown = read(client, drafted.chair, page_of(drafted))
    assert "<del>einrichten</del><ins>schaffen</ins>" in shown
    assert f"<del>{third['text']}</del>" in shown
    assert shown.index("<ins>Das ist zu lang.</ins>") < shown.index("<ins>Viele geben auf.</ins>")
    assert shown.count("So ist es klarer.") == 1
    assert "Ein Vorschlag wartet auf eine Antwort." in shown


@pytest.mark.parametrize("fault", ["nothing", "no reason", "emptied"])
def test_what_is_refused_comes_back_as_it_was_written(
    client: TestClient, drafted: Drafted, database: Database, fault: str
) -> None:
    first, *_rest = blocks_of(client, drafted)
    fields = {"id": str(new_id()), "version": "1", "reason": "Darum.", f"text-{first['id']}": "Mein Wortlaut."}
    if fault == "nothing":
        fields[f"text-{first['id']}"] = first["text"]
    elif fault == "no reason":
        fields["reason"] = ""
    else:
        fields[f"text-{first['id']}"] = " "
    sent = send(client, drafted.member, f"{page_of(drafted)}/neu", fields)
    shown = html.unescape(sent.text)
    assert sent.status_code == 422
    assert "Was Sie geschrieben haben, ist noch da." in shown
    if fault == "no reason":
        assert "Mein Wortlaut." in shown
    if fault == "emptied":
        assert f'href="#feld-text-{first["id"]}"' in shown
    assert count_rows(database, Amendment) == 0


def test_who_may_not_file_has_neither_button_nor_form(client: TestClient, world: World, drafted: Drafted) -> None:
    sign_in(client, drafted.secretariat)
    assert "Änderung vorschlagen" not in client.get(page_of(drafted)).text
    assert client.get(f"{page_of(drafted)}/neu").status_code == 403
    sign_in(client, world.person())
    assert client.get(page_of(drafted)).status_code == 404
    client.cookies.clear()
    assert client.get(page_of(drafted)).status_code == 303


def test_in_draft_nothing_is_filed_but_what_is_open_can_be_answered(client: TestClient, drafted: Drafted) -> None:
    first, *_rest = blocks_of(client, drafted)
    made = file(client, drafted, drafted.member, {"block_id": first["id"], "text": "Anders."})
    make_move(client, drafted, drafted.chair, "return_to_draft", reason="Noch einmal.")
    assert "sobald der Entwurf im Gremium beraten wird" in read(client, drafted.member, page_of(drafted))
    assert client.get(f"{page_of(drafted)}/neu").status_code == 409
    answer = read(client, drafted.chair, f"{page_of(drafted)}/beantworten?amendment_ids={made['id']}")
    assert "Einen Änderungsvorschlag beantworten" in answer


def test_taking_it_back_is_its_authors(client: TestClient, drafted: Drafted) -> None:
    first, *_rest = blocks_of(client, drafted)
    made = file(client, drafted, drafted.member, {"block_id": first["id"], "text": "Anders."})
    address = f"{page_of(drafted)}/zurueckziehen"
    assert "/zurueckziehen" not in read(client, drafted.chair, page_of(drafted))
    assert send(client, drafted.chair, address, {"amendment_id": made["id"]}).status_code == 403
    assert "/zurueckziehen" in read(client, drafted.member, page_of(drafted))
    assert send(client, drafted.member, address, {"amendment_id": made["id"]}).status_code == 303
    late = send(client, drafted.member, address, {"amendment_id": made["id"]})
    assert late.status_code == 409
    assert "nicht möglich" in html.unescape(late.text)


def answer_fields(*amendments: Any, **more: Any) -> dict[str, Any]:
    keys = [each["id"] for each in amendments]
    return {"amendment_ids": keys, "base_version": "1", "disposition": "adopted", "reason": "Gut.", **more}


def test_colliding_ones_stand_side_by_side_until_somebody_chooses(client: TestClient, drafted: Drafted) -> None:
    block = blocks_of(client, drafted)[1]
    wordings = [block["text"].replace("Länder", word) for word in ("Kreise", "Städte")]
    one, other = (file(client, drafted, drafted.member, {"block_id": block["id"], "text": text}) for text in wordings)
    address = f"{page_of(drafted)}/beantworten"
    shown = read(client, drafted.rapporteur, f"{address}?amendment_ids={one['id']}&amendment_ids={other['id']}")
    assert "Mehrere ändern dieselben Wörter" in shown
    assert "<del>Länder</del><ins>Kreise</ins>" in shown
    assert "<del>Länder</del><ins>Städte</ins>" in shown
    name = f"text-{block['id']}"
    undecided = send(client, drafted.rapporteur, address, answer_fields(one, other, **{name: block["text"]}))
    assert undecided.status_code == 422
    assert "Bitte wählen Sie, welcher Wortlaut hier gelten soll." in html.unescape(undecided.text)
    assert texts_of(client, drafted) == texts_of(client, drafted, 1)
    own = {name: "Die Kreise und Städte sollten handeln.", f"choice-{block['id']}": "own"}
    done = send(client, drafted.rapporteur, address, answer_fields(one, other, **own))
    assert done.status_code == 303, done.text
    assert texts_of(client, drafted)[1] == own[name]
    assert "mit Fassung 2" in read(client, drafted.member, page_of(drafted))


@pytest.mark.parametrize("choice", ["present", "wish"])
def test_the_wording_of_one_or_the_present_one_is_chosen(client: TestClient, drafted: Drafted, choice: str) -> None:
    block = blocks_of(client, drafted)[1]
    wordings = [block["text"].replace("Länder", word) for word in ("Kreise", "Städte")]
    made = [file(client, drafted, drafted.member, {"block_id": block["id"], "text": text}) for text in wordings]
    picked = "present" if choice == "present" else made[1]["changes"][0]["id"]
    fields = answer_fields(*made, disposition="partly_adopted", **{f"choice-{block['id']}": picked})
    assert send(client, drafted.chair, f"{page_of(drafted)}/beantworten", fields).status_code == 303
    assert texts_of(client, drafted)[1] == (block["text"] if choice == "present" else wordings[1])


def test_declining_leaves_the_text_and_shows_the_reason(client: TestClient, drafted: Drafted) -> None:
    first, *_rest = blocks_of(client, drafted)
    made = file(client, drafted, drafted.member, {"block_id": first["id"], "text": "Anders."})
    fields = answer_fields(made, disposition="not_adopted", reason="Das steht schon da.")
    assert send(client, drafted.chair, f"{page_of(drafted)}/beantworten", fields).status_code == 303
    shown = read(client, drafted.member, page_of(drafted))
    assert "Nicht übernommen" in shown
    assert "Das steht schon da." in shown
    assert texts_of(client, drafted)[0] == first["text"]


def test_who_answers_on_an_old_version_loses_nothing(client: TestClient, drafted: Drafted) -> None:
    first, second, *_rest = blocks_of(client, drafted)
    one = file(client, drafted, drafted.member, {"block_id": first["id"], "text": "Eins."})
    other = file(client, drafted, drafted.member, {"block_id": second["id"], "text": "Zwei."})
    dispose(client, drafted.chair, one)
    fields = answer_fields(other, reason="Meine Begründung.", **{f"text-{second['id']}": "Zwei, von Hand."})
    late = send(client, drafted.rapporteur, f"{page_of(drafted)}/beantworten", fields)
    shown = html.unescape(late.text)
    assert late.status_code == 409
    assert "Inzwischen gibt es Fassung 2" in shown
    assert "Zwei, von Hand." in shown
    assert "Meine Begründung." in shown
    assert 'name="base_version" value="2"' in shown
    again = send(client, drafted.rapporteur, f"{page_of(drafted)}/beantworten", {**fields, "base_version": "2"})
    assert again.status_code == 303
    assert texts_of(client, drafted)[:2] == ["Eins.", "Zwei, von Hand."]


def test_a_homeless_one_is_listed_and_can_be_answered(client: TestClient, drafted: Drafted) -> None:
    blocks = blocks_of(client, drafted)
    made = file(client, drafted, drafted.member, {"block_id": blocks[4]["id"], "text": "Zwei Wochen."})
    save(client, drafted, 1, [{name: each[name] for name in ("id", "part", "text", "number")} for each in blocks[:4]])
    shown = read(client, drafted.rapporteur, page_of(drafted))
    assert "Der Absatz, zu dem diese Vorschläge gehören, steht nicht mehr im Text." in shown
    assert "Zwei Wochen." in shown
    fields = answer_fields(made, base_version="2", by_hand="true")
    assert send(client, drafted.rapporteur, f"{page_of(drafted)}/beantworten", fields).status_code == 303


def test_nothing_chosen_is_said(client: TestClient, drafted: Drafted) -> None:
    assert "Hier ist nichts zu beantworten." in read(client, drafted.chair, f"{page_of(drafted)}/beantworten")
    sign_in(client, drafted.member)
    assert client.get(f"{page_of(drafted)}/beantworten").status_code == 403


def test_the_decision_waits_and_says_for_how_many(client: TestClient, drafted: Drafted) -> None:
    first, *_rest = blocks_of(client, drafted)
    file(client, drafted, drafted.member, {"block_id": first["id"], "text": "Anders."})
    assert "Noch nicht beantwortete Änderungsvorschläge: 1." in read(client, drafted.chair, drafted.page)


def test_the_whole_text_is_changed_and_only_what_differs_is_filed(client: TestClient, drafted: Drafted) -> None:
    blocks = blocks_of(client, drafted)
    address = f"{page_of(drafted)}/schreiben"
    assert "data-editor" in read(client, drafted.member, address)
    wanted = [{name: block[name] for name in ("id", "part", "kind", "number", "text")} for block in blocks]
    wanted[1]["text"] = "Die Länder sollten handeln."
    wanted.insert(1, {"id": str(new_id()), "part": "problem_statement", "text": "Das ist zu lang."})
    fields = {"id": str(new_id()), "version": "1", "reason": "Darum.", "blocks": json.dumps(wanted)}
    assert send(client, drafted.member, address, fields).status_code == 303
    listed = client.get(f"{drafted.path}/amendments", headers=drafted.member.headers).json()["items"]
    assert [(each["kind"], each["text"]) for each in listed[0]["changes"]] == [
        ("add_after", "Das ist zu lang."),
        ("change", "Die Länder sollten handeln."),
    ]


@pytest.mark.parametrize("fault", ["moved", "unchanged", "no reason"])
def test_what_the_editor_sent_and_is_refused_comes_back(client: TestClient, drafted: Drafted, fault: str) -> None:
    blocks = blocks_of(client, drafted)
    wanted = [{name: block[name] for name in ("id", "part", "kind", "number", "text")} for block in blocks]
    if fault == "moved":
        wanted = [wanted[0], wanted[2], wanted[1], *wanted[3:]]
    elif fault == "no reason":
        wanted[0]["text"] = "Mein Wortlaut."
    fields = {"id": str(new_id()), "version": "1", "reason": "Darum.", "blocks": json.dumps(wanted)}
    fields["reason"] = "" if fault == "no reason" else "Darum."
    sent = send(client, drafted.member, f"{page_of(drafted)}/schreiben", fields)
    shown = html.unescape(sent.text)
    assert sent.status_code == 422
    said = {"moved": "Bitte lassen Sie Reihenfolge", "unchanged": "Ihr Vorschlag ändert noch nichts."}
    assert said.get(fault, "Mein Wortlaut.") in shown
