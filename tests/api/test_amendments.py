"""Amendments at the door of the API: who may file and who reads, how they are taken, and that every one is answered."""

from __future__ import annotations

from typing import Any

import pytest
from sqlmodel import select
from starlette.testclient import TestClient

from app.db import Database
from app.domain.actors import ActorKind, MembershipRole
from app.domain.amendments import FILING_STATES
from app.domain.events import EventType
from app.domain.notifications import Urgency
from app.domain.recommendations import RecommendationState
from app.models.amendments import Amendment
from app.models.base import new_id
from app.models.record import Event
from app.queries.record import verify_record
from app.queries.tasks import list_tasks
from app.wording.tasks import TaskKind
from tests.amending import blocks_of, dispose, file, texts_of, try_dispose, try_file
from tests.conftest import MovedClock
from tests.drafting import BLOCKS, Drafted, count_rows, save
from tests.factories import Known, World
from tests.moving import ADOPTION, decide, in_days, lead_to, make_move, try_move
from tests.telling import told_of

S = RecommendationState


@pytest.fixture
def drafted(client: TestClient, world: World, clock: MovedClock) -> Drafted:
    """A draft that its body reviews."""
    return lead_to(client, world, clock, S.GROUP_REVIEW)


def changed(block: Any, text: str) -> dict[str, str]:
    return {"block_id": block["id"], "text": text}


def test_a_member_an_advisor_and_the_chair_file_and_nobody_else_does(
    client: TestClient, world: World, drafted: Drafted, database: Database
) -> None:
    first = blocks_of(client, drafted)[0]
    roles = (MembershipRole.DEPUTY, MembershipRole.ADVISOR)
    writers = [drafted.member, drafted.chair, drafted.rapporteur, *(world.member(drafted.body, role) for role in roles)]
    for number, known in enumerate(writers):
        made = file(client, drafted, known, changed(first, f"Wortlaut {number}."))
        assert (made["state"], made["organisation_id"], made["version"]) == ("open", str(known.organisation_id), 1)
        assert made["changes"][0]["base"] == first["text"]
        assert [each["name"] for each in made["transitions"]].count("withdraw") == 1
    roles = (MembershipRole.STAFF, MembershipRole.OBSERVER)
    for known in (drafted.secretariat, *(world.member(drafted.body, role) for role in roles)):
        assert try_file(client, drafted, known, changed(first, "Nein.")).status_code == 403
    assert try_file(client, drafted, world.person(), changed(first, "Nein.")).status_code == 404
    assert count_rows(database, Amendment) == len(writers)


@pytest.mark.parametrize("state", [state for state in S if state not in FILING_STATES])
def test_in_no_other_state_is_one_filed(
    client: TestClient, world: World, clock: MovedClock, database: Database, state: S
) -> None:
    drafted = lead_to(client, world, clock, state)
    answer = try_file(client, drafted, drafted.member, changed(blocks_of(client, drafted)[0], "Anders."))
    assert answer.status_code == 409
    assert "keine Änderungsvorschläge" in answer.json()["detail"]
    assert count_rows(database, Amendment) == 0


@pytest.mark.parametrize("state", sorted(FILING_STATES))
def test_in_these_states_one_is_filed(client: TestClient, world: World, clock: MovedClock, state: S) -> None:
    drafted = lead_to(client, world, clock, state)
    file(client, drafted, drafted.member, changed(blocks_of(client, drafted)[0], "Anders."))


def test_what_cannot_be_filed_is_named_and_nothing_is_stored(
    client: TestClient, world: World, clock: MovedClock, drafted: Drafted, database: Database
) -> None:
    first = blocks_of(client, drafted)[0]
    foreign = blocks_of(client, lead_to(client, world, clock, S.GROUP_REVIEW))[0]
    good = changed(first, "Anders.")
    refused: list[tuple[str, dict[str, Any]]] = [
        ("changes", {"changes": []}),
        ("changes.0.block_id", {"changes": [changed(foreign, "Anders.")]}),
        ("changes.0.text", {"changes": [changed(first, first["text"])]}),
        ("changes.0.text", {"changes": [changed(first, f"  {first['text']} ")]}),
        ("changes.0.text", {"changes": [changed(first, "")]}),
        ("changes.0.text", {"changes": [{"block_id": first["id"], "kind": "add_after"}]}),
        ("changes.0.text", {"changes": [{"block_id": first["id"], "kind": "remove", "text": "Doch."}]}),
        ("changes.0.part", {"changes": [{**good, "part": "goal"}]}),
        ("changes.1.block_id", {"changes": [good, {"block_id": first["id"], "kind": "remove"}]}),
        ("changes.0.kind", {"changes": [{**good, "kind": "burn"}]}),
        ("version", {"changes": [good], "version": 2}),
        ("version", {"changes": [good], "version": 0}),
        ("reason", {"changes": [good], "reason": "  "}),
        ("seat_id", {"changes": [good], "seat_id": str(new_id())}),
        ("colour", {"changes": [good], "colour": "red"}),
    ]
    for field, sent in refused:
        answer = try_file(client, drafted, drafted.member, **sent)
        assert answer.status_code == 422, (field, answer.text)
        assert field in [error["field"] for error in answer.json()["errors"]], (field, answer.text)
    assert count_rows(database, Amendment) == 0


def test_sent_twice_it_is_one_and_another_under_its_id_is_refused(
    client: TestClient, drafted: Drafted, database: Database
) -> None:
    first = blocks_of(client, drafted)[0]
    key = str(new_id())
    file(client, drafted, drafted.member, changed(first, "Anders."), id=key)
    assert try_file(client, drafted, drafted.member, changed(first, "Anders."), id=key).status_code == 200
    assert try_file(client, drafted, drafted.member, changed(first, "Noch anders."), id=key).status_code == 409
    assert count_rows(database, Amendment) == 1


def test_the_body_reads_them_and_nobody_else_even_when_published(
    client: TestClient, world: World, clock: MovedClock, drafted: Drafted
) -> None:
    made = file(client, drafted, drafted.member, changed(blocks_of(client, drafted)[0], "Anders."))
    dispose(client, drafted.chair, made, "not_adopted")
    make_move(client, drafted, drafted.chair, "call_decision")
    decide(client, clock, drafted)
    make_move(client, drafted, drafted.chair, "carry")
    make_move(client, drafted, drafted.secretariat, "endorse")
    make_move(client, drafted, drafted.secretariat, "adopt", decided_on=in_days(clock, 0), **ADOPTION)
    make_move(client, drafted, drafted.secretariat, "publish")
    for known in (drafted.chair, drafted.member, drafted.secretariat):
        shown = client.get(f"/api/v1/amendments/{made['id']}", headers=known.headers)
        assert shown.json()["disposition"] == "not_adopted"
        dossier = client.get(f"{drafted.path}/dossier", headers=known.headers).json()
        assert [each["id"] for each in dossier["amendments"]] == [made["id"]]
    for headers in ({}, world.person().headers):
        assert client.get(f"/api/v1/amendments/{made['id']}", headers=headers).status_code == 404
        assert client.get(f"{drafted.path}/amendments", headers=headers).json()["items"] == []
        assert client.get(f"{drafted.path}/dossier", headers=headers).json()["amendments"] == []


def test_the_list_narrows_to_state_organisation_and_block(client: TestClient, drafted: Drafted) -> None:
    first, second, *_rest = blocks_of(client, drafted)
    one = file(client, drafted, drafted.member, changed(first, "Eins."))
    other = file(client, drafted, drafted.chair, changed(second, "Zwei."))
    dispose(client, drafted.chair, other, "settled")

    def listed(**wanted: Any) -> list[str]:
        answer = client.get(f"{drafted.path}/amendments", params=wanted, headers=drafted.member.headers)
        return [each["id"] for each in answer.json()["items"]]

    assert listed() == [other["id"], one["id"]]
    assert listed(state="open") == listed(block_id=first["id"]) == [one["id"]]
    assert listed(disposition="settled") == listed(organisation_id=str(drafted.chair.organisation_id)) == [other["id"]]


def test_an_amendment_taken_is_the_next_version_and_the_source_of_its_blocks(
    client: TestClient, drafted: Drafted, database: Database
) -> None:
    first, second, third, fourth, fifth = blocks_of(client, drafted)
    made = file(
        client,
        drafted,
        drafted.member,
        changed(second, "Die Länder sollten zügig Übergangsklassen einrichten."),
        {"block_id": fourth["id"], "kind": "remove"},
        {"block_id": first["id"], "kind": "add_after", "text": "Das ist zu lang."},
    )
    done = dispose(client, drafted.rapporteur, made)
    assert (done["state"], done["disposition"], done["taken_version"]) == ("disposed", "adopted", 2)
    found = blocks_of(client, drafted)
    assert [each["text"] for each in found] == [
        first["text"],
        "Das ist zu lang.",
        "Die Länder sollten zügig Übergangsklassen einrichten.",
        third["text"],
        fifth["text"],
    ]
    added = made["changes"][2]["id"]
    assert [each["id"] for each in found] == [first["id"], added, second["id"], third["id"], fifth["id"]]
    named = {each["id"] for each in found if {"type": "amendment", "id": made["id"]} in each["sources"]}
    assert named == {added, second["id"]}
    assert found[1]["part"] == first["part"]
    assert found[2]["number"] == "a"
    with database.read() as session:
        assert list(verify_record(session)) == []


def test_declined_it_changes_nothing_and_its_author_is_told_why(
    client: TestClient, drafted: Drafted, database: Database
) -> None:
    made = file(client, drafted, drafted.member, changed(blocks_of(client, drafted)[0], "Anders."))
    told = told_of(database, EventType.AMENDMENT_FILED)
    assert {drafted.chair.person_id, drafted.rapporteur.person_id} <= {
        key for key, urgency in told.items() if urgency is Urgency.TASK
    }
    done = dispose(client, drafted.chair, made, "not_adopted")
    assert (done["disposition_reason"], done["taken_version"]) == ("So beraten.", None)
    assert texts_of(client, drafted) == [block["text"] for block in BLOCKS]
    assert told_of(database, EventType.AMENDMENT_DISPOSED) == {drafted.member.person_id: Urgency.NEWS}
    answer = try_dispose(client, drafted.chair, made)
    assert answer.status_code == 409
    for known in (drafted.member, drafted.secretariat):
        assert try_dispose(client, known, made).status_code == (403 if known is drafted.member else 409)


def test_a_disposition_names_its_reason_and_wording_belongs_to_taking(client: TestClient, drafted: Drafted) -> None:
    first, second, *_rest = blocks_of(client, drafted)
    made = file(client, drafted, drafted.member, changed(first, "Anders."))
    for field, sent in (
        ("reason", {"reason": ""}),
        ("disposition", {"disposition": "burnt"}),
        ("decisions", {"disposition": "not_adopted", "decisions": [{"block_id": first["id"], "text": "X."}]}),
        ("by_hand", {"disposition": "settled", "by_hand": True}),
        ("decisions", {"disposition": "partly_adopted"}),
        ("decisions.0.block_id", {"decisions": [{"block_id": second["id"], "text": "X."}]}),
        ("base_version", {"base_version": 7}),
    ):
        answer = client.post(
            f"/api/v1/amendments/{made['id']}/disposition",
            json={"disposition": "adopted", "reason": "Darum.", **sent},
            headers=drafted.chair.headers,
        )
        assert answer.status_code == 422, (field, answer.text)
        assert field in [error["field"] for error in answer.json()["errors"]], answer.text
    assert client.get(drafted.path, headers=drafted.chair.headers).json()["version"] == 1


def test_only_its_author_takes_it_back_and_then_it_needs_no_answer(client: TestClient, drafted: Drafted) -> None:
    made = file(client, drafted, drafted.member, changed(blocks_of(client, drafted)[0], "Anders."))
    path = f"/api/v1/amendments/{made['id']}/transitions"
    assert client.post(path, json={"transition": "withdraw"}, headers=drafted.chair.headers).status_code == 403
    blocked = try_move(client, drafted, drafted.chair, "call_decision")
    assert blocked.status_code == 409
    assert blocked.json()["missing"] == ["Noch nicht beantwortete Änderungsvorschläge: 1."]
    taken_back = client.post(path, json={"transition": "withdraw"}, headers=drafted.member.headers)
    assert (taken_back.json()["state"], taken_back.json()["transitions"]) == ("withdrawn", [])
    make_move(client, drafted, drafted.chair, "call_decision")


def test_the_move_and_the_call_do_the_same(client: TestClient, drafted: Drafted) -> None:
    made = file(client, drafted, drafted.member, changed(blocks_of(client, drafted)[0], "Anders."))
    path = f"/api/v1/amendments/{made['id']}/transitions"
    for sent in ({}, {"disposition": "adopted"}, {"reason": "Gut."}):
        answer = client.post(path, json={"transition": "dispose", **sent}, headers=drafted.chair.headers)
        assert answer.status_code == 422
    sent = {"transition": "dispose", "disposition": "adopted", "reason": "Gut."}
    assert client.post(path, json=sent, headers=drafted.chair.headers).json()["taken_version"] == 2


def test_disjoint_amendments_are_taken_together_or_in_turn_to_the_same_text(
    client: TestClient, world: World, clock: MovedClock
) -> None:
    wanted = (
        (1, "Die Länder und Kommunen sollten Übergangsklassen einrichten."),
        (1, "Die Länder sollten Übergangsklassen einrichten und fördern."),
        (2, "Die Träger sollten Anschlüsse zügig vereinbaren."),
    )
    found = []
    for order in ((0, 1, 2), (2, 1, 0), (1, 2, 0), None):
        drafted = lead_to(client, world, clock, S.GROUP_REVIEW)
        blocks = blocks_of(client, drafted)
        made = [file(client, drafted, drafted.member, changed(blocks[at], text)) for at, text in wanted]
        if order is None:
            sent = {"amendment_ids": [each["id"] for each in made], "disposition": "adopted", "reason": "Gut."}
            answer = client.post(
                f"{drafted.path}/amendments/disposition", json=sent, headers=drafted.rapporteur.headers
            )
            assert [each["taken_version"] for each in answer.json()["items"]] == [2, 2, 2], answer.text
        else:
            for place, number in enumerate(order):
                assert dispose(client, drafted.rapporteur, made[number])["taken_version"] == place + 2
        found.append(texts_of(client, drafted))
    assert found[0][1] == "Die Länder und Kommunen sollten Übergangsklassen einrichten und fördern."
    assert found[0] == found[1] == found[2] == found[3]


def test_a_collision_shows_both_and_takes_what_the_editor_writes(
    client: TestClient, drafted: Drafted, database: Database
) -> None:
    block = blocks_of(client, drafted)[1]
    one = file(client, drafted, drafted.member, changed(block, block["text"].replace("Länder", "Kreise")))
    other = file(client, drafted, drafted.chair, changed(block, block["text"].replace("Länder", "Städte")))
    sent: dict[str, Any] = {
        "amendment_ids": [one["id"], other["id"]],
        "disposition": "partly_adopted",
        "reason": "Beide.",
        "base_version": 1,
    }
    path = f"{drafted.path}/amendments/disposition"
    kept = {**sent, "disposition": "adopted"}
    refused = client.post(path, json=kept, headers=drafted.rapporteur.headers)
    assert (refused.status_code, refused.json()["type"]) == (409, "/api/problems/colliding")
    [collision] = refused.json()["collisions"]
    assert collision["present"]["text"] == block["text"]
    assert {each["amendment_id"] for each in collision["wanted"]} == {one["id"], other["id"]}
    assert client.get(drafted.path, headers=drafted.chair.headers).json()["version"] == 1
    written = "Die Kreise und Städte sollten Übergangsklassen einrichten."
    sent["decisions"] = [{"block_id": block["id"], "text": written}]
    done = client.post(path, json=sent, headers=drafted.rapporteur.headers)
    assert [each["disposition"] for each in done.json()["items"]] == ["partly_adopted"] * 2
    assert texts_of(client, drafted)[1] == written
    with database.read() as session:
        events = session.exec(select(Event).where(Event.type == EventType.AMENDMENT_DISPOSED)).all()
    assert {event.person_id for event in events} == {drafted.rapporteur.person_id}
    assert all(event.data["written_block_ids"] == [block["id"]] for event in events)


def test_an_open_amendment_moves_on_to_the_new_version(client: TestClient, drafted: Drafted) -> None:
    blocks = blocks_of(client, drafted)
    made = file(
        client, drafted, drafted.member, changed(blocks[1], blocks[1]["text"].replace("einrichten", "schaffen"))
    )
    blocks[1]["text"] = blocks[1]["text"].replace("Die Länder", "Die Länder und Kommunen")
    save(client, drafted, 1, [{name: block[name] for name in ("id", "part", "text", "number")} for block in blocks])
    dispose(client, drafted.rapporteur, made)
    assert texts_of(client, drafted)[1] == "Die Länder und Kommunen sollten Übergangsklassen schaffen."


def test_who_reads_the_newest_version_is_told_how_it_stands_to_that(client: TestClient, drafted: Drafted) -> None:
    blocks = blocks_of(client, drafted)
    wanted = blocks[1]["text"].replace("einrichten", "schaffen")
    made = [
        file(client, drafted, drafted.member, changed(blocks[1], wanted)),
        file(client, drafted, drafted.member, changed(blocks[3], "Alle zahlen.")),
        file(client, drafted, drafted.member, {"block_id": blocks[4]["id"], "kind": "remove"}),
    ]
    assert [(each["changes"][0]["fit"], each["changes"][0]["result"]) for each in made] == [
        ("as_filed", wanted),
        ("as_filed", "Alle zahlen."),
        ("as_filed", None),
    ]
    blocks[1]["text"] = blocks[1]["text"].replace("Die Länder", "Die Länder und Kommunen")
    blocks[3]["text"] = "Die Kosten tragen die Länder."
    save(client, drafted, 1, [{name: each[name] for name in ("id", "part", "text", "number")} for each in blocks[:4]])

    def told(known: Known) -> list[tuple[str | None, str | None]]:
        read = [client.get(f"/api/v1/amendments/{each['id']}", headers=known.headers).json() for each in made]
        return [(each["changes"][0]["fit"], each["changes"][0]["result"]) for each in read]

    assert told(drafted.rapporteur) == [
        ("moved_on", "Die Länder und Kommunen sollten Übergangsklassen schaffen."),
        ("collides", None),
        ("contained", None),
    ]
    path = f"/api/v1/seats/{drafted.member.seat_id}/memberships"
    held = client.get(path, headers=drafted.secretariat.headers).json()["items"]
    assert client.delete(f"{path}/{held[0]['id']}", headers=drafted.secretariat.headers).status_code == 200
    assert told(drafted.member) == [(None, None)] * 3, "who left the body reads its newest text no more"


def test_one_whose_block_is_gone_is_homeless_but_not_lost(client: TestClient, drafted: Drafted) -> None:
    blocks = blocks_of(client, drafted)
    made = file(client, drafted, drafted.member, changed(blocks[4], "In Musterstadt dauert es zwei Wochen."))
    rest = [{name: block[name] for name in ("id", "part", "text", "number")} for block in blocks[:4]]
    save(client, drafted, 1, rest)
    refused = try_dispose(client, drafted.rapporteur, made)
    assert refused.status_code == 409
    assert refused.json()["homeless"] == [blocks[4]["id"]]
    assert client.get(f"/api/v1/amendments/{made['id']}", headers=drafted.member.headers).json()["state"] == "open"
    done = dispose(client, drafted.rapporteur, made, by_hand=True)
    assert (done["disposition"], done["taken_version"]) == ("adopted", None)


def test_who_read_an_older_version_is_told_so_and_nothing_changes(client: TestClient, drafted: Drafted) -> None:
    blocks = blocks_of(client, drafted)
    one = file(client, drafted, drafted.member, changed(blocks[0], "Eins."))
    other = file(client, drafted, drafted.member, changed(blocks[1], "Zwei."))
    dispose(client, drafted.rapporteur, one, base_version=1)
    late = try_dispose(client, drafted.chair, other, base_version=1)
    assert (late.status_code, late.json()["type"]) == (409, "/api/problems/stale-version")
    assert late.json()["yours"]["blocks"][1]["text"] == "Zwei."
    assert late.json()["theirs"]["blocks"][0]["text"] == "Eins."
    assert client.get(f"/api/v1/amendments/{other['id']}", headers=drafted.member.headers).json()["state"] == "open"


def test_nothing_blocks_for_ever(client: TestClient, drafted: Drafted, database: Database) -> None:
    first, second, *_rest = blocks_of(client, drafted)
    one = file(client, drafted, drafted.member, changed(first, "Eins."))
    make_move(client, drafted, drafted.chair, "return_to_draft", reason="Noch einmal.")
    assert client.get(f"/api/v1/amendments/{one['id']}", headers=drafted.chair.headers).json()["state"] == "open"
    dispose(client, drafted.chair, one)
    make_move(client, drafted, drafted.chair, "start_review")
    other = file(client, drafted, drafted.member, changed(second, "Zwei."), version=2)
    make_move(client, drafted, drafted.chair, "suspend", reason="Pause.")
    assert try_dispose(client, drafted.chair, other).status_code == 409
    make_move(client, drafted, drafted.secretariat, "discontinue", reason="Kein Auftrag mehr.")
    settled = client.get(f"/api/v1/amendments/{other['id']}", headers=drafted.member.headers).json()
    assert (settled["state"], settled["disposition"]) == ("disposed", "settled")
    assert settled["disposition_reason"] == "Die Arbeit an der Empfehlung wurde eingestellt."
    with database.read() as session:
        last = session.exec(
            select(Event).where(Event.type == EventType.AMENDMENT_DISPOSED).order_by(Event.created_at.desc())  # type: ignore[attr-defined]
        ).first()
        assert last is not None
        assert last.actor_kind is ActorKind.SYSTEM
        assert list(verify_record(session)) == []


def test_the_redaktion_has_the_task(client: TestClient, drafted: Drafted, database: Database) -> None:
    def tasks() -> list[str]:
        with database.read() as session:
            found = list_tasks(session, World(database).actor(drafted.rapporteur, session))
        return [task.effort for task in found if task.kind is TaskKind.DISPOSE_AMENDMENTS]

    assert tasks() == []
    first, second, *_rest = blocks_of(client, drafted)
    made = file(client, drafted, drafted.member, changed(first, "Eins."))
    file(client, drafted, drafted.member, changed(second, "Zwei."))
    assert tasks() == ["2 Änderungsvorschläge beantworten"]
    dispose(client, drafted.chair, made, "not_adopted")
    assert tasks() == ["Einen Änderungsvorschlag beantworten"]
