"""What tests of the process share: making a move, and leading a drafted recommendation to a state through the API."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from starlette.testclient import TestClient

from app.domain.recommendations import RecommendationState
from tests.conftest import MovedClock
from tests.drafting import Drafted, draft
from tests.factories import Known, World

S = RecommendationState
ADOPTION = {"deciding_body": "Steuerungsgruppe", "decision_reference": "Sitzung 3, TOP 2"}


def try_move(client: TestClient, drafted: Drafted, known: Known, name: str, **fields: Any) -> Any:
    """Ask for a move; the answer, whatever it is."""
    return client.post(f"{drafted.path}/transitions", json={"transition": name, **fields}, headers=known.headers)


def make_move(client: TestClient, drafted: Drafted, known: Known, name: str, **fields: Any) -> Any:
    """Make a move that must succeed; the recommendation as JSON."""
    answer = try_move(client, drafted, known, name, **fields)
    assert answer.status_code == 200, answer.text
    return answer.json()


def state_of(client: TestClient, drafted: Drafted) -> str:
    """Where it stands, as the Geschäftsstelle sees it."""
    state: str = client.get(drafted.path, headers=drafted.secretariat.headers).json()["state"]
    return state


def in_days(clock: MovedClock, days: int) -> str:
    """A deadline by its day, so many days from now."""
    return (clock.moment + timedelta(days=days)).date().isoformat()


def open_comments(client: TestClient, clock: MovedClock, drafted: Drafted, audience: str = "body", **more: Any) -> Any:
    """Open a round of two weeks; the round as JSON."""
    fields = {"audience": audience, "closes_at": in_days(clock, 14), **more}
    make_move(client, drafted, drafted.chair, "open_comments", **fields)
    return rounds(client, drafted)[0]


def rounds(client: TestClient, drafted: Drafted) -> Any:
    """The rounds, newest first."""
    return client.get(f"{drafted.path}/comment-rounds", headers=drafted.secretariat.headers).json()["items"]


def ballots(client: TestClient, drafted: Drafted) -> Any:
    """The ballots, newest first."""
    return client.get(f"{drafted.path}/ballots", headers=drafted.secretariat.headers).json()["items"]


def vote(client: TestClient, drafted: Drafted, known: Known, position: str = "agree", **more: Any) -> None:
    """Take the position of a seat in the newest ballot."""
    sent = {"seat_id": str(known.seat_id), "position": position, **more}
    path = f"/api/v1/ballots/{ballots(client, drafted)[0]['id']}/position"
    answer = client.put(path, json=sent, headers=known.headers)
    assert answer.status_code == 200, answer.text


def decide(client: TestClient, clock: MovedClock, drafted: Drafted, *positions: str) -> None:
    """Chair, rapporteur and member take positions, and the ballot's time goes by."""
    people = (drafted.chair, drafted.rapporteur, drafted.member)
    for known, position in zip(people, positions or ("agree",) * 3, strict=False):
        vote(client, drafted, known, position, **({} if position in {"agree", "abstain"} else {"reason": "Darum."}))
    clock.advance(days=15)


def lead_to(client: TestClient, world: World, clock: MovedClock, state: RecommendationState) -> Drafted:
    """A fresh recommendation in a state, led there by the people who may."""
    drafted = draft(client, world)
    chair, secretariat = drafted.chair, drafted.secretariat
    for step in _WAY[state]:
        match step:
            case "open_comments":
                open_comments(client, clock, drafted)
            case "close_comments" | "suspend" | "discontinue" | "repeal":
                known = chair if step != "repeal" and step != "discontinue" else secretariat
                make_move(client, drafted, known, step, reason="So beraten.")
            case "reject":
                decide(client, clock, drafted, "object", "object", "object")
                make_move(client, drafted, chair, step, reason="Keine Mehrheit.")
            case "carry":
                decide(client, clock, drafted)
                make_move(client, drafted, chair, step)
            case "adopt":
                make_move(client, drafted, secretariat, step, decided_on=in_days(clock, 0), **ADOPTION)
            case "supersede":
                successor = lead_to(client, world, clock, S.PUBLISHED)
                make_move(client, drafted, secretariat, step, successor_ids=[successor.id])
            case "endorse" | "publish" | "check":
                make_move(client, drafted, secretariat, step)
            case _:
                make_move(client, drafted, chair, step)
    assert state_of(client, drafted) == state
    return drafted


_REVIEW = ("start_review",)
_DECISION = (*_REVIEW, "call_decision")
_PUBLISHED = (*_DECISION, "carry", "endorse", "adopt", "publish")
_WAY: dict[RecommendationState, tuple[str, ...]] = {
    S.DRAFT: (),
    S.GROUP_REVIEW: _REVIEW,
    S.COMMENTING: (*_REVIEW, "open_comments"),
    S.EVALUATION: (*_REVIEW, "open_comments", "close_comments"),
    S.GROUP_DECISION: _DECISION,
    S.LEAD_REVIEW: (*_DECISION, "carry"),
    S.STEERING_DECISION: (*_DECISION, "carry", "endorse"),
    S.ADOPTED: (*_DECISION, "carry", "endorse", "adopt"),
    S.PUBLISHED: _PUBLISHED,
    S.UNDER_REVIEW: (*_PUBLISHED, "check"),
    S.SUPERSEDED: (*_PUBLISHED, "supersede"),
    S.REPEALED: (*_PUBLISHED, "repeal"),
    S.REJECTED: (*_DECISION, "reject"),
    S.DISCONTINUED: (*_REVIEW, "discontinue"),
    S.DORMANT: (*_REVIEW, "suspend"),
}
