"""What goes wrong on the way to the adopted text is refused by page and API alike: clearly, and nothing is lost.

Each is sent as the form of its page and as JSON; nothing is recorded by either, and what was typed stands on the page.
"""

from __future__ import annotations

import html
from dataclasses import dataclass, field
from typing import Any

import pytest
from starlette.testclient import TestClient

from app.db import Database
from app.domain.recommendations import RecommendationState
from app.models.base import new_id
from app.models.record import Event
from tests.amending import blocks_of
from tests.browsing import send
from tests.conftest import MovedClock
from tests.drafting import Drafted, count_rows, draft
from tests.factories import Known, World
from tests.moving import in_days, lead_to, open_comments
from tests.voting import Assembly, assemble

S = RecommendationState
TYPED = "Das soll nicht verloren gehen."


@dataclass(frozen=True)
class Doors:
    """Where something is sent, as a form and as JSON."""

    page: str
    path: str
    method: str = "POST"
    named: dict[str, str] = field(default_factory=dict)
    """What a field of the API is called in the form, where that has another name."""


def both_refuse(
    client: TestClient,
    database: Database,
    known: Known,
    doors: Doors,
    sent: dict[str, Any],
    status: int,
    wrong: str | None = None,
) -> str:
    """Send it through both doors; the page's answer."""
    recorded = count_rows(database, Event)
    form = {doors.named.get(name, name): str(value) for name, value in sent.items()}
    page = send(client, known, doors.page, form)
    assert page.status_code == status, html.unescape(page.text)[:2_000]
    told = client.request(doors.method, doors.path, json=sent, headers=known.headers)
    assert told.status_code == status, told.text
    assert told.headers["content-type"] == "application/problem+json"
    assert told.json()["detail"]
    if wrong:
        assert wrong in {each["field"] for each in told.json()["errors"]}, told.text
    shown = html.unescape(page.text)
    if TYPED in sent.values():
        assert TYPED in shown
    assert count_rows(database, Event) == recorded
    return shown


def move(drafted: Drafted) -> Doors:
    """A move of the recommendation."""
    return Doors(f"{drafted.page}/transitions", f"{drafted.path}/transitions")


def test_an_unknown_block(client: TestClient, world: World, clock: MovedClock, database: Database) -> None:
    published = lead_to(client, world, clock, S.PUBLISHED)
    unknown = {"block_id": str(new_id()), "text": TYPED}
    errata = Doors(f"{published.page}/berichtigungen", f"{published.path}/errata")
    shown = both_refuse(client, database, published.secretariat, errata, unknown, 422, "block_id")
    assert "Diesen Absatz gibt es im verabschiedeten Text nicht." in shown
    reviewed = lead_to(client, world, clock, S.GROUP_REVIEW)
    opened = open_comments(client, clock, reviewed)
    statements = Doors(f"{reviewed.page}/stellungnahmen", f"/api/v1/comment-rounds/{opened['id']}/statements")
    both_refuse(client, database, reviewed.member, statements, unknown, 422, "block_id")
    assembly = assemble(world, client)
    assembly.open()
    assembly.all_vote("object")
    opinion = Doors(f"{assembly.page}/{assembly.ballot_id}/sondervotum", f"{assembly.path}/dissenting-opinions")
    sent = {**unknown, "seat_id": str(assembly.chair.seat_id)}
    both_refuse(client, database, assembly.chair, opinion, sent, 422, "block_id")


def test_a_block_or_a_version_of_another_recommendation(
    client: TestClient, world: World, clock: MovedClock, database: Database
) -> None:
    drafted, other = (lead_to(client, world, clock, S.GROUP_REVIEW) for _each in range(2))
    foreign = blocks_of(client, other)[0]["id"]
    path = f"{drafted.path}/amendments"
    sent: dict[str, Any] = {"version": 1, "changes": [{"block_id": foreign, "text": TYPED}], "reason": "Darum."}
    recorded = count_rows(database, Event)
    told = client.post(path, json=sent, headers=drafted.member.headers)
    assert (told.status_code, told.json()["errors"][0]["field"]) == (422, "changes.0.block_id")
    form = {"version": "1", "reason": TYPED, f"text-{foreign}": TYPED, "block_ids": foreign}
    assert send(client, drafted.member, f"{drafted.page}/aenderungsvorschlaege/neu", form).status_code in {404, 422}
    page = {"id": str(new_id()), "base_version": "7", "title": "Neu", "text": f"## Ziel\n\n{TYPED}"}
    refused = send(client, drafted.rapporteur, f"{drafted.page}/bearbeiten", page)
    assert refused.status_code == 422
    assert TYPED in refused.text
    sent = {"base_version": 7, "blocks": [{"part": "goal", "text": TYPED}]}
    assert client.post(f"{drafted.path}/versions", json=sent, headers=drafted.rapporteur.headers).status_code == 409
    taken = client.get(f"{other.path}/versions/1", headers=other.chair.headers).json()["id"]
    sent = {"id": taken, "base_version": 1, "blocks": [{"part": "goal", "text": TYPED}]}
    told = client.post(f"{drafted.path}/versions", json=sent, headers=drafted.rapporteur.headers)
    assert (told.status_code, told.json()["type"]) == (409, "/api/problems/different-body")
    for address in (f"{drafted.page}/fassungen/7", f"{drafted.path}/versions/7", f"{drafted.path}/compare?from=1&to=7"):
        assert client.get(address, headers=drafted.member.headers).status_code == 404
    assert count_rows(database, Event) == recorded


def test_a_part_missing_at_review(client: TestClient, world: World, database: Database) -> None:
    drafted = draft(client, world, with_text=False)
    shown = both_refuse(client, database, drafted.chair, move(drafted), {"transition": "start_review"}, 409)
    for part in ("Situationsbeschreibung", "Empfehlung"):
        assert part in shown


@pytest.mark.parametrize(("days", "said"), [(-1, "mindestens 14"), (0, "mindestens 14"), (13, "mindestens 14")])
def test_a_deadline_in_the_past_or_below_the_minimum(
    client: TestClient, world: World, clock: MovedClock, database: Database, days: int, said: str
) -> None:
    drafted = lead_to(client, world, clock, S.GROUP_REVIEW)
    round_of_body = {"transition": "open_comments", "audience": "body", "closes_at": in_days(clock, days - 1)}
    shown = both_refuse(client, database, drafted.chair, move(drafted), round_of_body, 422, "closes_at")
    assert said in shown
    decision = {"transition": "call_decision", "closes_at": in_days(clock, days - 1)}
    shown = both_refuse(client, database, drafted.chair, move(drafted), decision, 422, "closes_at")
    assert said in shown


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("Absatz 9: Reicht die Frist?", "Einen Absatz 9 gibt es"),
        ("Absatz 0: Reicht die Frist?", "Einen Absatz 0 gibt es"),
        ("Absatz 2:", "Bitte schreiben Sie hinter „Absatz 2:“, was Sie fragen."),
    ],
)
def test_a_question_on_a_block_that_is_not_there(
    client: TestClient, world: World, clock: MovedClock, database: Database, asked: str, said: str
) -> None:
    drafted = lead_to(client, world, clock, S.GROUP_REVIEW)
    recorded = count_rows(database, Event)
    form = {"transition": "open_comments", "audience": "body", "closes_at": in_days(clock, 14), "questions": asked}
    refused = send(client, drafted.chair, f"{drafted.page}/transitions", form)
    assert refused.status_code == 422
    shown = html.unescape(refused.text)
    assert said in shown
    assert asked in shown
    question = {"text": "Reicht die Frist?", "block_id": str(new_id())}
    told = client.post(
        f"{drafted.path}/transitions", json={**form, "questions": [question]}, headers=drafted.chair.headers
    )
    assert told.status_code == 422
    assert count_rows(database, Event) == recorded


def test_questions_are_asked_on_their_block_or_on_the_whole(
    client: TestClient, world: World, clock: MovedClock
) -> None:
    drafted = lead_to(client, world, clock, S.GROUP_REVIEW)
    asked = "Fehlt etwas?\n\n  absatz 2 :  Reicht die Frist?  \nIm Absatz 3: ein Wort"
    form = {"transition": "open_comments", "audience": "body", "closes_at": in_days(clock, 14), "questions": asked}
    assert send(client, drafted.chair, f"{drafted.page}/transitions", form).status_code == 303
    opened = client.get(f"{drafted.path}/comment-rounds", headers=drafted.chair.headers).json()["items"][0]
    second = blocks_of(client, drafted)[1]["id"]
    assert [(each["text"], each["block_id"]) for each in opened["questions"]] == [
        ("Fehlt etwas?", None),
        ("Reicht die Frist?", second),
        ("Im Absatz 3: ein Wort", None),
    ]


@pytest.fixture
def assembly(client: TestClient, world: World) -> Assembly:
    """A body before its ballot."""
    made = assemble(world, client)
    made.open()
    return made


def position(assembly: Assembly) -> Doors:
    """The position of a seat."""
    return Doors(f"{assembly.page}/{assembly.ballot_id}/position", f"{assembly.path}/position", "PUT")


def test_a_position_for_another_seat_without_its_reason_or_too_late(
    client: TestClient, assembly: Assembly, clock: MovedClock, database: Database
) -> None:
    known, doors = assembly.chair, position(assembly)
    agrees = {"seat_id": str(known.seat_id), "position": "agree"}
    foreign = {**agrees, "seat_id": str(assembly.members[0].seat_id)}
    both_refuse(client, database, known, doors, foreign, 403)
    for kind in ("object", "agree_with_reservation", "recused"):
        both_refuse(client, database, known, doors, {**agrees, "position": kind}, 422, "reason")
    clock.advance(days=15)
    objects = {**agrees, "position": "object", "reason": TYPED}
    both_refuse(client, database, known, doors, objects, 409)


def test_a_sondervotum_after_its_deadline(
    client: TestClient, assembly: Assembly, clock: MovedClock, database: Database
) -> None:
    assembly.all_vote("object", "agree", "agree")
    doors = Doors(f"{assembly.page}/{assembly.ballot_id}/sondervotum", f"{assembly.path}/dissenting-opinions")
    sent = {"seat_id": str(assembly.chair.seat_id), "text": TYPED}
    clock.advance(days=60)
    both_refuse(client, database, assembly.chair, doors, sent, 409)


def test_a_megabyte_of_pasted_html(client: TestClient, world: World, database: Database) -> None:
    drafted = draft(client, world)
    pasted = "<p style='mso-hide:none'>" + "<span class=x>Wort</span> " * 40_000 + "</p>"
    assert len(pasted) > 1_000_000
    recorded = count_rows(database, Event)
    form = {"id": str(new_id()), "base_version": "1", "title": TYPED, "text": f"## Ziel\n\n{pasted}"}
    refused = send(client, drafted.rapporteur, f"{drafted.page}/bearbeiten", form)
    assert refused.status_code == 422
    shown = html.unescape(refused.text)
    assert TYPED in shown
    assert "Dieser Absatz ist zu lang; höchstens 20.000 Zeichen sind möglich." in shown
    assert pasted in shown
    sent = {"base_version": 1, "blocks": [{"part": "goal", "text": pasted}]}
    told = client.post(f"{drafted.path}/versions", json=sent, headers=drafted.rapporteur.headers)
    assert told.status_code == 422
    assert told.json()["errors"][0]["field"] == "blocks.0.text"
    assert count_rows(database, Event) == recorded
