"""The pages of a ballot in a meeting and of one whose end moved: what the Leitung records, what a seat reads."""

from __future__ import annotations

from datetime import date

from starlette.testclient import TestClient

from app.actions.ballot_openings import MeetingHeld
from app.models.ballots import SeatPosition
from tests.browsing import send, sign_in
from tests.conftest import MovedClock
from tests.drafting import count_rows
from tests.factories import Known, World
from tests.moving import in_days
from tests.voting import Assembly, assemble


def page(held: Assembly, known: Known) -> str:
    """The page of the decision as somebody reads it."""
    sign_in(held.client, known)
    return held.client.get(held.page).text


def test_the_leitung_records_and_the_seat_reads_by_whom(client: TestClient, world: World) -> None:
    held = assemble(world, client, 2)
    held.open(meeting=MeetingHeld(date(2026, 3, 3), "Nürnberg, Saal 2"))
    action = f"{held.page}/{held.ballot_id}/festhalten"
    leading, member = page(held, held.chair), held.members[0]
    assert "in der Sitzung am 3. März 2026, Nürnberg, Saal 2" in leading
    assert action in leading
    assert action not in page(held, member)
    fields = {"seat_id": str(member.seat_id), "position": "object", "reason": "", "alternative": "Anders."}
    refused = send(client, held.chair, action, fields)
    assert refused.status_code == 422
    assert "Bitte begründen Sie diese Position." in refused.text
    assert "Anders." in refused.text
    assert send(client, member, action, fields).status_code == 403
    assert count_rows(world.database, SeatPosition) == 0
    assert send(client, held.chair, action, {**fields, "reason": "Die Kosten."}).status_code == 303
    assert "festgehalten von" in page(held, held.chair)
    own = page(held, member)
    assert "Stimmt sie nicht, berichtigen Sie sie hier." in own
    assert "Die Kosten." not in page(held, held.members[1])
    changed = {"seat_id": str(member.seat_id), "position": "agree"}
    assert send(client, member, f"{held.page}/{held.ballot_id}/position", changed).status_code == 303
    assert send(client, held.chair, action, {**fields, "reason": "Doch."}).status_code == 409


def test_the_end_moves_on_the_page(client: TestClient, world: World, clock: MovedClock) -> None:
    held = assemble(world, client, 1)
    held.open()
    action = f"{held.page}/{held.ballot_id}/transitions"
    fields = {"transition": "postpone", "closes_at": in_days(clock, 2), "reason": "In den Ferien fehlen zwei."}
    assert "Ende der Beschlussfassung verschieben" in page(held, held.chair)
    refused = send(client, held.chair, action, fields)
    assert refused.status_code == 422
    assert "In den Ferien fehlen zwei." in refused.text
    assert "nur nach hinten verschieben" in refused.text
    assert send(client, held.chair, action, {**fields, "closes_at": in_days(clock, 30)}).status_code == 303
    assert "Das Ende wurde verschoben" in page(held, held.members[0])
    again = send(client, held.chair, action, {**fields, "closes_at": in_days(clock, 50)})
    assert again.status_code == 409
    assert "ein zweites Mal geht das nicht" in again.text


def test_a_named_seat_takes_its_name_away_on_the_page(client: TestClient, world: World) -> None:
    held = assemble(world, client, 2)
    held.open()
    held.all_vote("agree", "object", "abstain")
    named = held.members[1]
    opinion = held.dissent(held.members[0], co_signer_seat_ids=[str(named.seat_id)]).json()
    action = f"{held.page}/{held.ballot_id}/sondervoten/{opinion['id']}/ablehnen"
    assert action in page(held, named)
    assert action not in page(held, held.members[0])
    assert send(client, held.members[0], action, {"seat_id": str(named.seat_id)}).status_code == 403
    assert send(client, named, action, {"seat_id": str(named.seat_id)}).status_code == 303
    assert action not in page(held, named)
