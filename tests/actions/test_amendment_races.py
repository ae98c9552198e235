"""Of two at once: one amendment is answered once, and of two mergers of one version one wins and nothing is lost."""

from __future__ import annotations

import pytest
from starlette.testclient import TestClient

from app.db import Database
from app.domain.recommendations import RecommendationState
from app.queries.record import verify_record
from tests.actions.test_content_races import at_once
from tests.amending import blocks_of, dispose, file, texts_of, try_dispose
from tests.conftest import MovedClock
from tests.drafting import Drafted
from tests.factories import World
from tests.moving import lead_to


@pytest.fixture
def drafted(client: TestClient, world: World, clock: MovedClock) -> Drafted:
    """A draft that its body reviews."""
    return lead_to(client, world, clock, RecommendationState.GROUP_REVIEW)


@pytest.mark.parametrize("dispositions", [("adopted", "adopted"), ("adopted", "not_adopted")])
def test_two_dispositions_of_one_amendment_are_one_and_a_refusal(
    client: TestClient, drafted: Drafted, database: Database, dispositions: tuple[str, str]
) -> None:
    block = blocks_of(client, drafted)[0]
    made = file(client, drafted, drafted.member, {"block_id": block["id"], "text": "Anders."})
    answers = at_once(
        lambda: try_dispose(client, drafted.chair, made, dispositions[0]),
        lambda: try_dispose(client, drafted.rapporteur, made, dispositions[1]),
    )
    assert sorted(answer.status_code for answer in answers) == [200, 409]
    won = next(answer.json() for answer in answers if answer.status_code == 200)
    is_taken = won["disposition"] == "adopted"
    assert client.get(drafted.path, headers=drafted.member.headers).json()["version"] == (2 if is_taken else 1)
    assert texts_of(client, drafted)[0] == ("Anders." if is_taken else block["text"])
    with database.read() as session:
        assert list(verify_record(session)) == []


def test_of_two_mergers_of_one_version_one_wins_and_the_other_can_go_on(client: TestClient, drafted: Drafted) -> None:
    first, second, *_rest = blocks_of(client, drafted)
    one = file(client, drafted, drafted.member, {"block_id": first["id"], "text": "Eins."})
    other = file(client, drafted, drafted.member, {"block_id": second["id"], "text": "Zwei."})
    answers = at_once(
        lambda: try_dispose(client, drafted.chair, one, base_version=1),
        lambda: try_dispose(client, drafted.rapporteur, other, base_version=1),
    )
    assert sorted(answer.status_code for answer in answers) == [200, 409]
    late = other if answers[0].status_code == 200 else one
    assert client.get(f"/api/v1/amendments/{late['id']}", headers=drafted.chair.headers).json()["state"] == "open"
    dispose(client, drafted.chair, late, base_version=2)
    assert texts_of(client, drafted)[:2] == ["Eins.", "Zwei."]


def test_a_withdrawal_and_a_disposition_at_once_are_one(client: TestClient, drafted: Drafted) -> None:
    block = blocks_of(client, drafted)[0]
    made = file(client, drafted, drafted.member, {"block_id": block["id"], "text": "Anders."})
    path = f"/api/v1/amendments/{made['id']}/transitions"
    answers = at_once(
        lambda: try_dispose(client, drafted.chair, made),
        lambda: client.post(path, json={"transition": "withdraw"}, headers=drafted.member.headers),
    )
    assert sorted(answer.status_code for answer in answers) == [200, 409]
