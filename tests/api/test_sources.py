"""Provenance at the door of the API: who says what a block comes from, what is missing, and that it survives edits."""

from __future__ import annotations

from typing import Any

import pytest
from starlette.testclient import TestClient

from app.domain.recommendations import RecommendationState
from app.models.base import new_id
from tests.amending import blocks_of, dispose, file
from tests.conftest import MovedClock
from tests.drafting import Drafted, draft, save
from tests.factories import World
from tests.moving import lead_to, make_move, open_comments

S = RecommendationState


@pytest.fixture
def drafted(client: TestClient, world: World) -> Drafted:
    """A draft with a text."""
    return draft(client, world)


def put(client: TestClient, drafted: Drafted, known: Any, block_id: str, *sources: Any) -> Any:
    path = f"{drafted.path}/blocks/{block_id}/sources"
    return client.put(path, json={"sources": list(sources)}, headers=known.headers)


def sources_in(client: TestClient, drafted: Drafted) -> dict[str, list[Any]]:
    return {block["id"]: block["sources"] for block in blocks_of(client, drafted) if block["sources"]}


def coverage(client: TestClient, drafted: Drafted) -> Any:
    return client.get(f"{drafted.path}/coverage", headers=drafted.member.headers).json()


def sendable(block: Any) -> dict[str, Any]:
    return {name: block[name] for name in ("id", "part", "text", "number")}


def test_a_block_names_what_it_comes_from_and_the_coverage_what_is_missing(
    client: TestClient, drafted: Drafted
) -> None:
    first, *rest = blocks_of(client, drafted)
    before = coverage(client, drafted)
    assert before["need_ids_without_block"] == [drafted.need_id]
    assert len(before["block_ids_without_source"]) == 5
    need = {"type": "need", "id": drafted.need_id}
    assert put(client, drafted, drafted.rapporteur, first["id"], need).json()["sources"] == [need]
    assert put(client, drafted, drafted.rapporteur, first["id"], need).status_code == 200
    after = coverage(client, drafted)
    assert after["need_ids_without_block"] == []
    assert after["block_ids_without_source"] == [block["id"] for block in rest]
    assert put(client, drafted, drafted.chair, first["id"]).json()["sources"] == []
    assert coverage(client, drafted) == before


def test_who_may_not_write_the_text_says_nothing_of_its_sources(
    client: TestClient, world: World, drafted: Drafted
) -> None:
    first = blocks_of(client, drafted)[0]
    need = {"type": "need", "id": drafted.need_id}
    assert put(client, drafted, drafted.member, first["id"], need).status_code == 403
    assert put(client, drafted, world.person(), first["id"], need).status_code == 404
    assert client.get(f"{drafted.path}/coverage", headers=world.person().headers).status_code == 404
    assert sources_in(client, drafted) == {}


def test_unknown_blocks_and_things_are_refused(
    client: TestClient, world: World, clock: MovedClock, drafted: Drafted
) -> None:
    first = blocks_of(client, drafted)[0]
    need = {"type": "need", "id": drafted.need_id}
    foreign = lead_to(client, world, clock, S.GROUP_REVIEW)
    amendment = file(
        client, foreign, foreign.member, {"block_id": blocks_of(client, foreign)[0]["id"], "text": "Anders."}
    )
    for block_id, source in (
        (str(new_id()), need),
        (first["id"], {"type": "need", "id": str(new_id())}),
        (first["id"], {"type": "amendment", "id": amendment["id"]}),
        (first["id"], {"type": "meeting", "id": drafted.need_id}),
    ):
        assert put(client, drafted, drafted.rapporteur, block_id, source).status_code == 422
    decided = lead_to(client, world, clock, S.GROUP_DECISION)
    block_id = blocks_of(client, decided)[0]["id"]
    own = {"type": "need", "id": decided.need_id}
    assert put(client, decided, decided.rapporteur, block_id, own).status_code == 409


def test_sources_the_writer_cannot_see_stay(client: TestClient, world: World, drafted: Drafted) -> None:
    first = blocks_of(client, drafted)[0]
    reader = drafted.chair
    sent = {
        "body_id": str(drafted.body.id),
        "title": "Vertraulich",
        "description": "Nur für zwei.",
        "visibility": "confidential",
        "reader_ids": [str(reader.person_id)],
    }
    made = client.post("/api/v1/needs", json=sent, headers=drafted.chair.headers)
    assert made.status_code == 201, made.text
    hidden = {"type": "need", "id": made.json()["id"]}
    put(client, drafted, drafted.chair, first["id"], hidden)
    need = {"type": "need", "id": drafted.need_id}
    assert put(client, drafted, drafted.rapporteur, first["id"], need).json()["sources"] == [need]
    found = client.get(f"{drafted.path}/versions/1", headers=drafted.chair.headers).json()["blocks"][0]["sources"]
    assert {each["id"] for each in found} == {hidden["id"], need["id"]}
    sent_blocks = [{**sendable(first), "sources": []}, *(sendable(each) for each in blocks_of(client, drafted)[1:])]
    saved = client.post(
        f"{drafted.path}/versions",
        json={"base_version": 1, "blocks": sent_blocks},
        headers=drafted.rapporteur.headers,
    )
    assert saved.status_code == 201, saved.text
    found = client.get(f"{drafted.path}/versions/2", headers=drafted.chair.headers).json()["blocks"][0]["sources"]
    assert found == [hidden]


def test_both_halves_of_a_split_block_and_what_two_became_keep_their_sources(
    client: TestClient, drafted: Drafted
) -> None:
    long = "Zwischen Sprachkurs und Ausbildung vergehen viele Monate ohne jedes Angebot. "
    more = "Wer so lange wartet, verlernt die Sprache wieder und verliert den Mut."
    blocks = [sendable(block) for block in blocks_of(client, drafted)]
    blocks[0]["text"] = long + more
    save(client, drafted, 1, blocks)
    need = {"type": "need", "id": drafted.need_id}
    put(client, drafted, drafted.rapporteur, blocks[0]["id"], need)
    split = [{**blocks[0], "text": long}, {"part": "problem_statement", "text": more}, *blocks[1:]]
    save(client, drafted, 2, split)
    halves = blocks_of(client, drafted)[:2]
    assert [half["sources"] for half in halves] == [[need], [need]]
    put(client, drafted, drafted.rapporteur, halves[0]["id"])
    joined = [{**sendable(halves[0]), "text": f"{long}{more}"}, *blocks[1:]]
    save(client, drafted, 3, joined)
    assert sources_in(client, drafted) == {halves[0]["id"]: [need]}
    moved = [*(sendable(block) for block in reversed(blocks_of(client, drafted)))]
    save(client, drafted, 4, moved)
    assert sources_in(client, drafted) == {halves[0]["id"]: [need]}


def test_a_statement_that_is_taken_is_the_source_of_its_block(
    client: TestClient, world: World, clock: MovedClock
) -> None:
    drafted = lead_to(client, world, clock, S.GROUP_REVIEW)
    opened = open_comments(client, clock, drafted)
    first, second, third, *_rest = blocks_of(client, drafted)
    wanted = ((first, "adopted"), (second, "partly_adopted"), (third, "not_adopted"))
    made = []
    for block, disposition in wanted:
        sent = {"text": "So nicht.", "block_id": block["id"]}
        path = f"/api/v1/comment-rounds/{opened['id']}/statements"
        statement = client.post(path, json=sent, headers=drafted.member.headers).json()
        made.append(statement["id"])
        answer = {"disposition": disposition, "reason": "Darum."}
        path = f"/api/v1/statements/{statement['id']}/disposition"
        assert client.post(path, json=answer, headers=drafted.chair.headers).status_code == 200
    assert sources_in(client, drafted) == {
        first["id"]: [{"type": "statement", "id": made[0]}],
        second["id"]: [{"type": "statement", "id": made[1]}],
    }


def test_a_version_can_name_an_amendment_as_the_source_of_a_block(
    client: TestClient, world: World, clock: MovedClock
) -> None:
    drafted = lead_to(client, world, clock, S.GROUP_REVIEW)
    blocks = blocks_of(client, drafted)
    made = file(client, drafted, drafted.member, {"block_id": blocks[0]["id"], "text": "Anders."})
    source = {"type": "amendment", "id": made["id"]}
    sent = [{**sendable(block), "sources": [source] if block is blocks[1] else []} for block in blocks]
    save(client, drafted, 1, sent)
    assert sources_in(client, drafted) == {blocks[1]["id"]: [source]}
    dispose(client, drafted.chair, made, "not_adopted")
    make_move(client, drafted, drafted.chair, "call_decision")
