"""Fortschreibung through the API: what was published and what is unfinished goes on, is written anew, or ends."""

from __future__ import annotations

from typing import Any

import pytest
from sqlmodel import select
from starlette.testclient import TestClient

from app.domain.events import EventType
from app.domain.recommendations import RecommendationState as S
from app.models.continuations import Continuation
from app.models.recommendations import Recommendation
from app.models.record import Event
from app.queries.record import verify_record
from tests.conftest import MovedClock
from tests.drafting import Drafted, count_rows, draft
from tests.factories import Known, World
from tests.moving import in_days, lead_to, state_of

DECISION = {"deciding_body": "Bundeskabinett", "decision_reference": "Kabinett 12/2026"}


class Following:
    """An edition that goes on with a published recommendation and an unfinished one."""

    def __init__(self, client: TestClient, world: World, clock: MovedClock) -> None:
        self.client, self.secretariat = client, world.secretariat()
        self.published = lead_to(client, world, clock, S.STEERING_DECISION)
        self.unfinished = draft(client, world, title="Noch nicht fertig")
        self.former = client.get("/api/v1/editions?state=open").json()["items"][0]["id"]
        self._move("freeze", recommendation_ids=[self.published.id], next={"code": "IP-2027", "title": "Ausgabe 2027"})
        chosen = {"recommendation_ids": [self.published.id], "decided_on": in_days(clock, 0)}
        self._move("adopt", **chosen, **DECISION)
        self._move("publish")
        self.key = client.get("/api/v1/editions?code=IP-2027").json()["items"][0]["id"]

    def _move(self, name: str, **fields: Any) -> None:
        path = f"/api/v1/editions/{self.former}/transitions"
        moved = self.client.post(path, json={"transition": name, **fields}, headers=self.secretariat.headers)
        assert moved.status_code == 200, moved.text

    def choose(self, drafted: Drafted, choice: str, known: Known | None = None, **more: Any) -> Any:
        """Say how one goes on."""
        sent = {"recommendation_id": drafted.id, "choice": choice, **more}
        path = f"/api/v1/editions/{more.pop('edition_id', self.key)}/continuations"
        sent.pop("edition_id", None)
        return self.client.post(path, json=sent, headers=(known or self.secretariat).headers)


@pytest.fixture
def following(client: TestClient, world: World, clock: MovedClock) -> Following:
    """One published, one unfinished, and the edition that is open."""
    return Following(client, world, clock)


def test_what_is_published_is_carried_over_as_it_is(following: Following, world: World) -> None:
    before = following.client.get(following.published.path).json()
    assert following.choose(following.published, "carry_over").status_code == 201
    assert following.choose(following.published, "carry_over").status_code == 200
    assert following.client.get(following.published.path).json() == before
    page = following.client.get(f"/empfehlungen/{before['reference']}").text
    assert "gilt unverändert weiter" in page
    assert "Ausgabe 2027" in page
    assert count_rows(world.database, Continuation) == 1
    with world.database.read() as session:
        events = session.exec(select(Event).where(Event.type == EventType.RECOMMENDATION_CONTINUED)).all()
        assert [each.data["choice"] for each in events] == ["carry_over"]
        assert list(verify_record(session)) == []


def test_a_revision_begins_with_the_adopted_text_and_names_the_old_one(following: Following, world: World) -> None:
    old = following.client.get(following.published.path).json()
    following.choose(following.published, "carry_over")
    made = following.choose(following.published, "revise", reason="Die Förderung ist neu geregelt.")
    assert made.status_code == 201, made.text
    path = f"/api/v1/recommendations/{made.json()['draft_id']}"
    new = following.client.get(path, headers=following.secretariat.headers).json()
    assert (new["state"], new["title"], new["edition_id"]) == ("draft", old["title"], following.key)
    assert (new["need_ids"], new["addressee_ids"]) == (old["need_ids"], old["addressee_ids"])

    def texts(of: str) -> list[str]:
        read = following.client.get(f"{of}/versions/1", headers=following.secretariat.headers).json()
        return [each["text"] for each in read["blocks"]]

    assert texts(path) == texts(following.published.path)
    assert following.client.get(path).status_code == 404, "the draft is its body's"
    public = following.client.get(f"/empfehlungen/{old['reference']}").text
    assert made.json()["draft_id"] not in public
    assert state_of(following.client, following.published) == S.PUBLISHED
    assert following.choose(following.published, "revise").status_code == 200
    assert following.choose(following.published, "close", reason="Doch nicht.").status_code == 409
    with world.database.read() as session:
        assert len(session.exec(select(Recommendation)).all()) == 3


def test_what_ends_says_why(following: Following, world: World) -> None:
    assert following.choose(following.published, "close").status_code == 422
    assert count_rows(world.database, Continuation) == 0
    assert following.choose(following.published, "close", reason="Alles ist umgesetzt.").status_code == 201
    shown = following.client.get(following.published.path).json()
    assert (shown["state"], shown["implementation_status"]) == ("published", "closed")
    assert following.choose(following.unfinished, "revise").status_code == 409
    assert following.choose(following.unfinished, "close", reason="Überholt.").status_code == 201
    assert state_of(following.client, following.unfinished) == S.DISCONTINUED
    listed = following.client.get(
        f"/api/v1/editions/{following.key}/continuations", headers=following.secretariat.headers
    ).json()["items"]
    assert {each["choice"] for each in listed} == {"close"}


def test_only_the_geschaeftsstelle_and_only_into_the_open_edition(following: Following, world: World) -> None:
    path = f"/api/v1/editions/{following.key}/continuations"
    for known in (following.published.chair, world.person()):
        assert following.choose(following.published, "carry_over", known).status_code == 403
        assert following.client.get(path, headers=known.headers).status_code == 403
    assert following.client.get(path).status_code == 401
    assert following.choose(following.published, "carry_over", edition_id=following.former).status_code == 409
    assert following.choose(following.published, "vielleicht").status_code == 422
    assert count_rows(world.database, Continuation) == 0
