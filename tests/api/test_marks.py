"""Marks at blocks: who sets them and until when, who reads them, and that nobody else ever does."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest
from starlette.testclient import TestClient

from app.db import Database
from app.domain.actors import MembershipRole, PersonRole
from app.domain.recommendations import RecommendationState
from app.models.base import new_id
from app.models.marks import MarkSheet
from app.queries.record import verify_record
from tests.browsing import StatementCounter, send, sign_in
from tests.conftest import MovedClock
from tests.drafting import Drafted, count_rows
from tests.factories import Known, World
from tests.moving import lead_to, open_comments


@dataclass(frozen=True)
class Marking:
    """A round whose blocks can be marked."""

    drafted: Drafted
    round_id: str
    block_ids: list[str]

    @property
    def path(self) -> str:
        """The marks in the API."""
        return f"/api/v1/comment-rounds/{self.round_id}/marks"

    @property
    def page(self) -> str:
        """The pages of the round."""
        return f"{self.drafted.page}/stellungnahmen"


@pytest.fixture
def marking(client: TestClient, world: World, clock: MovedClock) -> Marking:
    """A round of the whole circle of participants."""
    drafted = lead_to(client, world, clock, RecommendationState.GROUP_REVIEW)
    opened = open_comments(client, clock, drafted, "participants")
    version = client.get(f"{drafted.path}/versions/{opened['version']}", headers=drafted.chair.headers).json()
    return Marking(drafted, opened["id"], [block["id"] for block in version["blocks"]])


def _put(client: TestClient, marking: Marking, known: Known, *marks: str, **more: Any) -> Any:
    pairs = zip(marking.block_ids, marks, strict=False)
    sent = {"marks": [{"block_id": key, "mark": mark} for key, mark in pairs], **more}
    return client.put(marking.path, json=sent, headers=known.headers)


def _read(client: TestClient, marking: Marking, known: Known | None) -> list[Any]:
    answer = client.get(marking.path, headers=known.headers if known else {})
    items: list[Any] = answer.json()["items"] if answer.status_code == 200 else []
    return items


def test_a_seat_marks_changes_and_takes_back_its_marks(
    client: TestClient, marking: Marking, database: Database
) -> None:
    member = marking.drafted.member
    made = _put(client, marking, member, "carry", "not_carry")
    assert made.status_code == 200, made.text
    assert {each["mark"] for each in made.json()["marks"]} == {"carry", "not_carry"}
    changed = _put(client, marking, member, "carry_changed", sequence=made.json()["sequence"]).json()
    assert [each["mark"] for each in changed["marks"]] == ["carry_changed"]
    again = _put(client, marking, member, "carry_changed").json()
    assert again["sequence"] == changed["sequence"]
    assert _put(client, marking, member).json()["marks"] == []
    assert count_rows(database, MarkSheet) == 1
    with database.read() as session:
        assert list(verify_record(session)) == []


def test_nothing_marked_makes_nothing(client: TestClient, marking: Marking, database: Database) -> None:
    assert _put(client, marking, marking.drafted.member).status_code == 204
    assert count_rows(database, MarkSheet) == 0


def test_only_seats_mark_and_only_the_redaktion_reads_all(
    client: TestClient, world: World, marking: Marking, database: Database
) -> None:
    drafted = marking.drafted
    staff = world.member(drafted.body, MembershipRole.STAFF, seat_id=drafted.member.seat_id)
    observer, other = world.member(drafted.body, MembershipRole.OBSERVER), world.member(drafted.body)
    stranger, auditor = world.person(), world.person(PersonRole.AUDITOR)
    for known in (staff, observer, stranger, drafted.secretariat):
        assert _put(client, marking, known, "carry").status_code == 403
    assert count_rows(database, MarkSheet) == 0
    assert _put(client, marking, drafted.member, "not_carry").status_code == 200
    for known in (drafted.chair, drafted.rapporteur, drafted.secretariat, auditor, drafted.member, staff):
        assert len(_read(client, marking, known)) == 1
    for known in (other, observer, stranger, None):
        assert _read(client, marking, known) == []


def test_no_door_but_its_own_tells_of_marks(client: TestClient, world: World, marking: Marking) -> None:
    drafted, other = marking.drafted, world.member(marking.drafted.body)
    assert _put(client, marking, drafted.member, "not_carry").status_code == 200
    sheet = _read(client, marking, drafted.chair)[0]
    for known in (other, world.person()):
        for path in (f"{drafted.path}/dossier", f"/api/v1/events?subject_id={sheet['id']}", drafted.path):
            text = client.get(path, headers=known.headers).text
            assert sheet["id"] not in text
            assert "not_carry" not in text
    assert "mark_sheet" in client.get("/api/v1/events", headers=drafted.secretariat.headers).text


def test_bad_marks_are_refused_by_field(client: TestClient, marking: Marking, database: Database) -> None:
    member, key = marking.drafted.member, marking.block_ids[0]
    for marks, field in (
        ([{"block_id": str(new_id()), "mark": "carry"}], "marks.0.block_id"),
        ([{"block_id": key, "mark": "yes"}], "marks.0.mark"),
        ([{"block_id": key, "mark": "carry"}, {"block_id": key, "mark": "not_carry"}], "marks"),
        ([{"block_id": key}], "marks.0.mark"),
    ):
        refused = client.put(marking.path, json={"marks": marks}, headers=member.headers)
        assert refused.status_code == 422
        assert [each["field"] for each in refused.json()["errors"]] == [field]
    assert count_rows(database, MarkSheet) == 0


def test_the_rounds_end_freezes_the_marks(client: TestClient, marking: Marking, clock: MovedClock) -> None:
    assert _put(client, marking, marking.drafted.member, "carry").status_code == 200
    clock.advance(days=15)
    late = _put(client, marking, marking.drafted.member, "not_carry")
    assert late.status_code == 409
    assert late.json()["type"] == "/api/problems/closed"
    assert _read(client, marking, marking.drafted.chair)[0]["marks"][0]["mark"] == "carry"


def test_two_of_one_seat_do_not_overwrite_each_other(client: TestClient, world: World, marking: Marking) -> None:
    deputy = world.member(marking.drafted.body, MembershipRole.DEPUTY, seat_id=marking.drafted.member.seat_id)
    assert _put(client, marking, marking.drafted.member, "carry", sequence=0).status_code == 200
    assert _put(client, marking, deputy, "not_carry", sequence=0).status_code == 409
    page = f"{marking.page}/markieren"
    fields = {f"mark-{marking.block_ids[0]}": "not_carry", "sequence": "0", "round": "1"}
    refused = send(client, deputy, page, fields)
    assert refused.status_code == 409
    assert "steht hier inzwischen: mittragen" in refused.text
    again = {**fields, "sequence": refused.text.split('name="sequence" value="', 1)[1].split('"', 1)[0]}
    assert send(client, deputy, page, again).status_code == 303
    assert _read(client, marking, deputy)[0]["marks"][0]["mark"] == "not_carry"


@pytest.mark.parametrize("number", [2, 9])
def test_the_pages_show_the_sheet_and_the_table(
    client: TestClient, world: World, marking: Marking, statements: StatementCounter, number: int
) -> None:
    drafted = marking.drafted
    page = f"{marking.page}/markieren"
    sign_in(client, drafted.member)
    shown = client.get(page)
    assert shown.status_code == 200
    assert shown.text.count("<fieldset") == len(marking.block_ids)
    assert "keine Abstimmung" in shown.text
    assert client.get(f"{marking.page}/markierungen").status_code == 404
    fields = {f"mark-{key}": "" for key in marking.block_ids} | {f"mark-{marking.block_ids[2]}": "not_carry"}
    assert send(client, drafted.member, page, {**fields, "sequence": "0", "round": "1"}).status_code == 303
    assert client.get(page).text.count(" checked") == len(marking.block_ids)
    for each in range(number):
        seat = world.member(drafted.body, group=f"Gruppe {each % 2}")
        assert _put(client, marking, seat, "carry", "carry_changed").status_code == 200
    for known in (drafted.chair, drafted.secretariat):
        sign_in(client, known)
        with statements:
            table = client.get(f"{marking.page}/markierungen")
        assert statements.count <= 12
        assert table.status_code == 200
        assert table.text.index("Absatz 3</a>") < table.text.index("Absatz 2</a>") < table.text.index("Absatz 1</a>")
        assert "Gruppe 1" in table.text
    sign_in(client, world.person())
    assert client.get(page).status_code == 404
    assert client.get(f"{marking.page}/markierungen").status_code == 404
