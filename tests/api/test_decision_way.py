"""From calling the decision to the adoption, and back again, through the moves of a recommendation."""

from __future__ import annotations

from typing import Any

from starlette.testclient import TestClient

from app.domain.recommendations import RecommendationState
from app.queries.record import verify_record
from tests.conftest import MovedClock
from tests.drafting import BLOCKS, Drafted, draft
from tests.factories import Known, World


def go(client: TestClient, drafted: Drafted, known: Known, name: str, **sent: Any) -> Any:
    path = f"{drafted.path}/transitions"
    return client.post(path, json={"transition": name, **sent}, headers=known.headers)


def to_decision(client: TestClient, drafted: Drafted) -> str:
    assert go(client, drafted, drafted.chair, "start_review").status_code == 200
    called = go(client, drafted, drafted.chair, "call_decision")
    assert called.status_code == 200, called.text
    return newest(client, drafted)["id"]


def newest(client: TestClient, drafted: Drafted) -> Any:
    return client.get(f"{drafted.path}/ballots", headers=drafted.chair.headers).json()["items"][0]


def vote(client: TestClient, ballot: str, known: Known, position: str) -> None:
    sent = {"seat_id": str(known.seat_id), "position": position, "reason": "Weil."}
    voted = client.put(f"/api/v1/ballots/{ballot}/position", json=sent, headers=known.headers)
    assert voted.status_code == 200, voted.text


def blocked(client: TestClient, drafted: Drafted, known: Known, name: str, **sent: Any) -> str:
    refused = go(client, drafted, known, name, **sent)
    assert refused.status_code == 409, refused.text
    return str(refused.json()["detail"])


def test_a_decision_is_carried_signed_and_adopted(client: TestClient, world: World, clock: MovedClock) -> None:
    drafted = draft(client, world)
    ministry = world.person()
    ballot = to_decision(client, drafted)
    assert "läuft noch" in blocked(client, drafted, drafted.chair, "carry")
    for known, position in ((drafted.chair, "agree"), (drafted.rapporteur, "agree"), (drafted.member, "object")):
        vote(client, ballot, known, position)
    clock.advance(days=15)
    assert "nötige Mehrheit nicht" in blocked(client, drafted, drafted.chair, "carry")
    assert go(client, drafted, drafted.chair, "carry_with_dissent").status_code == 422
    carried = go(client, drafted, drafted.chair, "carry_with_dissent", reason="Mehrheit der Sitze.")
    assert carried.json()["state"] == RecommendationState.LEAD_REVIEW
    assert newest(client, drafted)["state"] == "closed"
    asked = client.post(
        f"{drafted.path}/co-signatures",
        json={"organisation_id": str(ministry.organisation_id), "kind": "agreement"},
        headers=drafted.secretariat.headers,
    ).json()
    assert "Antwort zur Mitzeichnung" in blocked(client, drafted, drafted.secretariat, "endorse")
    answer = f"/api/v1/co-signatures/{asked['id']}/answer"
    client.post(answer, json={"answer": "reserved", "reason": "Noch offen."}, headers=ministry.headers)
    assert "GGO" in blocked(client, drafted, drafted.secretariat, "endorse")
    client.post(answer, json={"answer": "given"}, headers=ministry.headers)
    assert go(client, drafted, drafted.secretariat, "endorse").status_code == 200
    decided = {"deciding_body": "Bundeskabinett", "decided_on": "2026-03-17", "decision_reference": "B 1"}
    assert "Sondervoten" in blocked(client, drafted, drafted.secretariat, "adopt", **decided)
    waived = client.post(
        f"/api/v1/ballots/{ballot}/dissent-waiver",
        json={"seat_id": str(drafted.member.seat_id)},
        headers=drafted.member.headers,
    )
    assert waived.status_code == 200, waived.text
    adopted = go(client, drafted, drafted.secretariat, "adopt", **decided)
    assert adopted.status_code == 200, adopted.text
    with world.database.read() as session:
        assert list(verify_record(session)) == []


def test_without_quorum_the_decision_is_repeated_on_the_same_version(
    client: TestClient, world: World, clock: MovedClock
) -> None:
    drafted = draft(client, world)
    first = to_decision(client, drafted)
    vote(client, first, drafted.member, "agree")
    clock.advance(days=15)
    assert "nicht beschlussfähig" in blocked(client, drafted, drafted.chair, "carry_with_dissent", reason="x")
    repeated = go(client, drafted, drafted.chair, "repeat_decision", reason="Ferien.")
    assert repeated.status_code == 200, repeated.text
    ballot = newest(client, drafted)
    assert (ballot["number"], ballot["version"], ballot["former_ballot_id"]) == (2, 1, first)
    assert ballot["turnout"]["taken"] == 0


def test_revising_asks_the_body_and_the_signers_again(client: TestClient, world: World, clock: MovedClock) -> None:
    drafted = draft(client, world)
    ministry = world.person()
    first = to_decision(client, drafted)
    for known in (drafted.chair, drafted.rapporteur, drafted.member):
        vote(client, first, known, "agree")
    closed = client.post(f"/api/v1/ballots/{first}/close", headers=drafted.chair.headers)
    assert closed.status_code == 200, closed.text
    assert go(client, drafted, drafted.chair, "carry").status_code == 200
    asked = client.post(
        f"{drafted.path}/co-signatures",
        json={"organisation_id": str(ministry.organisation_id)},
        headers=drafted.secretariat.headers,
    ).json()
    path = f"/api/v1/co-signatures/{asked['id']}"
    client.post(f"{path}/answer", json={"answer": "given"}, headers=ministry.headers)
    stored = client.get(f"{drafted.path}/versions/1", headers=drafted.chair.headers).json()["blocks"]
    blocks = [{"id": block["id"], **sent} for block, sent in zip(stored, BLOCKS, strict=True)]
    blocks[1] = {**blocks[1], "text": "Die Länder sollten bis 2028 Übergangsklassen einrichten."}
    version = {"base_version": 1, "blocks": blocks}
    revised = go(client, drafted, drafted.secretariat, "revise", reason="Frist ergänzt.", version=version)
    assert revised.status_code == 200, revised.text
    ballot = newest(client, drafted)
    assert (ballot["version"], ballot["minimum_days"]) == (2, 7)
    assert ballot["changed_block_ids"] == [stored[1]["id"]]
    signature = client.get(path, headers=ministry.headers).json()
    assert (signature["state"], signature["version"]) == ("requested", 2)


def test_going_back_to_the_draft_voids_what_runs_and_forgets_what_counted(client: TestClient, world: World) -> None:
    drafted = draft(client, world)
    first = to_decision(client, drafted)
    vote(client, first, drafted.member, "object")
    returned = go(client, drafted, drafted.chair, "return_to_draft", reason="Neu fassen.")
    assert returned.json()["state"] == RecommendationState.DRAFT
    ballot = newest(client, drafted)
    assert (ballot["state"], ballot["is_history"]) == ("void", True)
    second = to_decision(client, drafted)
    assert newest(client, drafted)["former_ballot_id"] is None
    assert second != first
