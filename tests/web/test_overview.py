"""The overview of the Geschäftsstelle: board, table, and several moves at once."""

from __future__ import annotations

import pytest
from starlette.testclient import TestClient

from app.domain.actors import PersonRole
from app.domain.recommendations import RecommendationState
from tests.browsing import StatementCounter, send, sign_in
from tests.conftest import MovedClock
from tests.drafting import Drafted, draft
from tests.factories import World
from tests.moving import in_days, lead_to, make_move, open_comments, state_of

S = RecommendationState


def test_the_overview_is_the_secretariats(client: TestClient, world: World) -> None:
    drafted = draft(client, world)
    assert client.get("/uebersicht").status_code == 303
    for known, status in (
        (drafted.secretariat, 200),
        (world.person(PersonRole.AUDITOR), 200),
        (drafted.chair, 403),
        (world.person(PersonRole.ADMIN), 403),
    ):
        sign_in(client, known)
        assert client.get("/uebersicht").status_code == status
        assert client.get("/uebersicht?view=table").status_code == status


@pytest.mark.parametrize("view", ["board", "table"])
def test_it_says_since_when_until_when_and_what_is_missing(
    client: TestClient, world: World, clock: MovedClock, view: str
) -> None:
    without_text = draft(client, world, with_text=False, title="Ohne Text")
    commenting = draft(client, world, title="In Stellungnahme")
    make_move(client, commenting, commenting.chair, "start_review")
    open_comments(client, clock, commenting)
    clock.advance(days=3)
    sign_in(client, without_text.secretariat)
    page = client.get(f"/uebersicht?view={view}").text
    assert "Ohne Text" in page
    assert "Situationsbeschreibung" in page
    assert "seit 3 Tagen" in page
    assert "noch 11 Tage" in page
    ready = client.get(f"/uebersicht?view={view}&blocked=no").text
    assert "Ohne Text" not in ready


def test_it_is_sorted_and_filtered(client: TestClient, world: World) -> None:
    for title in ("Zuletzt", "Ähnlich", "Beginn"):
        drafted = draft(client, world, title=title)
    make_move(client, drafted, drafted.chair, "start_review")
    sign_in(client, drafted.secretariat)
    page = client.get("/uebersicht?view=table&sort=title").text
    assert page.index(">Ähnlich<") < page.index(">Beginn<") < page.index(">Zuletzt<")
    page = client.get("/uebersicht?view=table&sort=title&direction=desc").text
    assert page.index(">Zuletzt<") < page.index(">Beginn<") < page.index(">Ähnlich<")
    page = client.get("/uebersicht?view=table&state=group_review").text
    assert ">Beginn<" in page
    assert ">Zuletzt<" not in page
    page = client.get("/uebersicht?view=table&q=ähnlich").text
    assert ">Ähnlich<" in page
    assert ">Beginn<" not in page
    assert client.get("/uebersicht?colour=red").status_code == 422


def _moves(*chosen: tuple[Drafted, str]) -> list[str]:
    return [f"{drafted.id}:{name}" for drafted, name in chosen]


def test_several_are_advanced_at_once(client: TestClient, world: World, clock: MovedClock) -> None:
    adopting = lead_to(client, world, clock, S.STEERING_DECISION)
    starting, incomplete = draft(client, world, title="Fertig"), draft(client, world, with_text=False, title="Leer")
    secretariat = adopting.secretariat
    sign_in(client, secretariat)
    keys = "&".join(f"recommendation_ids={each.id}" for each in (adopting, starting, incomplete))
    page = client.get(f"/uebersicht/schritte?{keys}").text
    assert f'value="{adopting.id}:adopt"' in page
    assert f'value="{starting.id}:start_review"' in page
    assert f'value="{incomplete.id}:' not in page
    assert "deciding_body" in page
    fields = {"moves": _moves((adopting, "adopt"), (starting, "start_review"))}
    refused = send(client, secretariat, "/uebersicht/schritte", {**fields, "deciding_body": "Kabinett"})
    assert refused.status_code == 422
    assert "Kabinett" in refused.text
    assert (state_of(client, adopting), state_of(client, starting)) == ("steering_decision", "draft")
    decision = {"deciding_body": "Kabinett", "decided_on": in_days(clock, 0), "decision_reference": "TOP 4"}
    done = send(client, secretariat, "/uebersicht/schritte", {**fields, **decision})
    assert done.status_code == 303
    assert (state_of(client, adopting), state_of(client, starting)) == ("adopted", "group_review")


def test_where_one_is_blocked_none_is_advanced(client: TestClient, world: World) -> None:
    ready, incomplete = draft(client, world, title="Fertig"), draft(client, world, with_text=False, title="Leer")
    fields = {"moves": _moves((ready, "start_review"), (incomplete, "start_review"))}
    refused = send(client, ready.secretariat, "/uebersicht/schritte", fields)
    assert refused.status_code == 409
    assert "Leer" in refused.text
    assert state_of(client, ready) == "draft"
    assert send(client, ready.chair, "/uebersicht/schritte", fields).status_code == 403
    assert send(client, ready.secretariat, "/uebersicht/schritte", {"moves": "unsinn"}).status_code == 422


def test_the_number_of_statements_does_not_grow(
    client: TestClient, world: World, clock: MovedClock, statements: StatementCounter
) -> None:
    drafted = lead_to(client, world, clock, S.LEAD_REVIEW)
    lead_to(client, world, clock, S.GROUP_DECISION)
    counts = []
    for more in (1, 9):
        for number in range(more):
            draft(client, world, title=f"Entwurf {more} {number}")
        sign_in(client, drafted.secretariat)
        with statements:
            assert client.get("/uebersicht?view=table").status_code == 200
        counts.append(statements.count)
    assert counts[0] == counts[1] <= 12
