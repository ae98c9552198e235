"""The room of a seat: who is in it and nobody else, one draft without lost words, and handing it in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest
from sqlmodel import select
from starlette.testclient import TestClient

from app.db import Database
from app.domain.actors import MembershipRole, PersonRole
from app.domain.notifications import MailRhythm
from app.domain.recommendations import RecommendationState
from app.models.outbox import OutgoingMail
from app.models.record import RecordText
from app.models.rooms import RoomComment, StatementDraft
from app.queries.notifications import list_notifications
from tests.browsing import StatementCounter, send, sign_in
from tests.conftest import MovedClock
from tests.drafting import Drafted, count_rows
from tests.factories import Known, World
from tests.mails import list_mails, text_of
from tests.moving import lead_to, open_comments
from tests.occasions import choose, last_mail

M = MembershipRole


@dataclass(frozen=True)
class InRoom:
    """A round, and everybody of one seat and its organisation."""

    drafted: Drafted
    round_id: str
    member: Known
    deputy: Known
    staff: Known
    colleague: Known

    @property
    def path(self) -> str:
        """The room in the API."""
        return f"/api/v1/comment-rounds/{self.round_id}/rooms/{self.member.seat_id}"

    @property
    def page(self) -> str:
        """The room's page."""
        return f"/raeume/{self.round_id}/{self.member.seat_id}"

    @property
    def inside(self) -> list[Known]:
        """Who holds the seat in one way or another."""
        return [self.member, self.deputy, self.staff]


@pytest.fixture
def room(client: TestClient, world: World, clock: MovedClock) -> InRoom:
    """A round of the body, looked at from one seat."""
    drafted = lead_to(client, world, clock, RecommendationState.GROUP_REVIEW)
    opened = open_comments(client, clock, drafted)
    seat_id, organisation_id = drafted.member.seat_id, drafted.member.organisation_id
    return InRoom(
        drafted,
        opened["id"],
        drafted.member,
        world.member(drafted.body, M.DEPUTY, seat_id=seat_id),
        world.member(drafted.body, M.STAFF, seat_id=seat_id),
        world.person(organisation_id=organisation_id, name="Kollegin Beispiel"),
    )


def _save(client: TestClient, room: InRoom, known: Known, text: str, revision: int, **more: Any) -> Any:
    sent = {"text": text, "revision": revision, **more}
    return client.put(f"{room.path}/draft", json=sent, headers=known.headers)


def _outsiders(world: World, room: InRoom) -> list[Known]:
    drafted = room.drafted
    return [
        drafted.chair,
        drafted.rapporteur,
        drafted.secretariat,
        world.person(PersonRole.AUDITOR),
        world.person(PersonRole.ADMIN),
        world.member(drafted.body),
        world.person(),
        room.colleague,
    ]


def test_only_the_seats_organisation_enters(client: TestClient, world: World, room: InRoom) -> None:
    assert _save(client, room, room.staff, "Unser geheimer Entwurf.", 0).status_code == 200
    said = client.post(f"{room.path}/comments", json={"text": "Sag das milder."}, headers=room.deputy.headers)
    assert said.status_code == 201
    for known in room.inside:
        assert client.get(room.path, headers=known.headers).json()["text"] == "Unser geheimer Entwurf."
        sign_in(client, known)
        shown = client.get(room.page)
        assert shown.status_code == 200
        assert "Sag das milder." in shown.text
    for known in _outsiders(world, room):
        assert client.get(room.path, headers=known.headers).status_code == 404
        assert _save(client, room, known, "Fremd.", 1).status_code == 404
        assert client.post(f"{room.path}/comments", json={"text": "Fremd."}, headers=known.headers).status_code == 404
        sign_in(client, known)
        assert client.get(room.page).status_code == 404
        assert send(client, known, room.page, {"text": "Fremd.", "revision": "1"}).status_code == 404
        for path in (f"{room.drafted.page}/stellungnahmen", f"{room.drafted.path}/dossier", "/api/v1/events"):
            answer = client.get(path, headers=known.headers if path.startswith("/api") else {})
            assert "geheimer Entwurf" not in answer.text
            assert "Sag das milder." not in answer.text


def test_nothing_of_a_room_is_in_the_record(client: TestClient, room: InRoom, database: Database) -> None:
    _save(client, room, room.staff, "Unser geheimer Entwurf.", 0)
    client.post(f"{room.path}/comments", json={"text": "Sag das milder."}, headers=room.deputy.headers)
    with database.read() as session:
        kept = " ".join(text or "" for text in session.exec(select(RecordText.text)))
    assert "geheimer" not in kept
    assert "milder" not in kept


def test_a_stale_save_is_refused_with_both_texts(client: TestClient, room: InRoom, database: Database) -> None:
    assert _save(client, room, room.staff, "Erste Fassung.", 0).json()["revision"] == 1
    assert _save(client, room, room.deputy, "Der Stellvertretung Fassung.", 1).json()["revision"] == 2
    late = _save(client, room, room.staff, "Der Zuarbeit Fassung.", 1)
    assert late.status_code == 409
    problem = late.json()
    assert problem["yours"]["text"] == "Der Zuarbeit Fassung."
    assert problem["theirs"] == {"text": "Der Stellvertretung Fassung.", "revision": 2}
    refused = send(client, room.staff, room.page, {"text": "Der Zuarbeit Fassung.", "revision": "1", "step": "save"})
    assert refused.status_code == 409
    assert "Der Zuarbeit Fassung." in refused.text
    assert "Der Stellvertretung Fassung." in refused.text
    assert 'name="revision" value="2"' in refused.text
    again = send(client, room.staff, room.page, {"text": "Beides zusammen.", "revision": "2", "step": "save"})
    assert again.status_code == 303
    assert count_rows(database, StatementDraft) == 1


def test_member_or_deputy_hand_it_in_and_staff_does_not(client: TestClient, room: InRoom) -> None:
    sent = {"text": "Für unseren Verband.", "revision": 0, "publish": True}
    for known in (room.staff,):
        refused = client.post(f"{room.path}/submission", json=sent, headers=known.headers)
        assert refused.status_code == 403
    empty = client.post(f"{room.path}/submission", json={"text": " ", "revision": 0}, headers=room.member.headers)
    assert empty.status_code == 422
    made = client.post(f"{room.path}/submission", json=sent, headers=room.deputy.headers)
    assert made.status_code == 201, made.text
    assert made.json()["organisation_id"] == str(room.member.organisation_id)
    assert made.json()["publish"] is True
    assert client.get(room.path, headers=room.member.headers).json()["text"] == ""
    read = client.get(f"/api/v1/statements/{made.json()['id']}", headers=room.drafted.chair.headers)
    assert read.json()["text"] == "Für unseren Verband."
    by_page = send(client, room.member, room.page, {"text": "Und noch etwas.", "revision": "2", "step": "send"})
    assert by_page.status_code == 303
    sign_in(client, room.staff)
    assert "Für die Organisation abgeben" not in client.get(room.page).text


def test_a_member_lets_a_colleague_in_and_out_again(
    client: TestClient, world: World, room: InRoom, database: Database
) -> None:
    stranger = world.person()
    path, sent = f"{room.path}/readers", {"person_id": str(room.colleague.person_id)}
    assert client.post(path, json=sent, headers=room.staff.headers).status_code == 403
    foreign = client.post(path, json={"person_id": str(stranger.person_id)}, headers=room.member.headers)
    assert foreign.status_code == 422
    for _ in range(2):
        assert client.post(path, json=sent, headers=room.member.headers).status_code == 200
    with database.read() as session:
        mails = session.exec(select(OutgoingMail).where(OutgoingMail.template == "room_invitation")).all()
    assert [mail.person_id for mail in mails] == [room.colleague.person_id]
    sign_in(client, room.colleague)
    shown = client.get(room.page)
    assert shown.status_code == 200
    assert "Wer den Raum noch öffnen kann" not in shown.text
    assert _save(client, room, room.colleague, "Mein Absatz.", 0).status_code == 200
    refused = client.post(f"{room.path}/submission", json={"text": "x", "revision": 1}, headers=room.colleague.headers)
    assert refused.status_code == 403
    assert client.post(path, json=sent, headers=room.colleague.headers).status_code == 403
    out = send(client, room.member, f"{room.page}/lesende/entfernen", {"person_id": str(room.colleague.person_id)})
    assert out.status_code == 303
    assert client.get(room.path, headers=room.colleague.headers).status_code == 404
    assert client.post(path, json=sent, headers=room.member.headers).status_code == 200
    reader = f"{path}/{room.colleague.person_id}"
    assert client.delete(reader, headers=room.staff.headers).status_code == 403
    for _ in range(2):
        assert client.delete(reader, headers=room.member.headers).status_code == 204
    assert client.get(room.path, headers=room.colleague.headers).status_code == 404


def test_ones_own_comment_goes_for_good(client: TestClient, room: InRoom, database: Database) -> None:
    assert send(client, room.staff, f"{room.page}/beitraege", {"text": "Vertippt."}).status_code == 303
    bare = send(client, room.staff, f"{room.page}/beitraege", {"text": "  "})
    assert bare.status_code == 422
    with database.read() as session:
        key = str(session.exec(select(RoomComment.id)).one())
    path = f"{room.page}/beitraege/loeschen"
    assert send(client, room.member, path, {"comment_id": key}).status_code == 403
    assert send(client, room.staff, path, {"comment_id": key}).status_code == 303
    assert count_rows(database, RoomComment) == 0
    said = client.post(f"{room.path}/comments", json={"text": "Vertippt."}, headers=room.staff.headers).json()
    comment = f"{room.path}/comments/{said['comments'][0]['id']}"
    assert client.delete(comment, headers=room.member.headers).status_code == 403
    assert client.delete(comment, headers=room.colleague.headers).status_code == 404
    assert client.delete(comment, headers=room.staff.headers).status_code == 204
    assert client.delete(comment, headers=room.staff.headers).status_code == 404
    assert count_rows(database, RoomComment) == 0


def test_after_the_end_the_draft_stays_readable_and_takes_nothing(
    client: TestClient, room: InRoom, clock: MovedClock
) -> None:
    assert _save(client, room, room.member, "Nicht rechtzeitig.", 0).status_code == 200
    clock.advance(days=15)
    late = send(client, room.member, room.page, {"text": "Zu spät getippt.", "revision": "1", "step": "send"})
    assert late.status_code == 409
    assert "Zu spät getippt." in late.text
    assert _save(client, room, room.member, "Anders.", 1).status_code == 409
    sign_in(client, room.member)
    assert "Nicht rechtzeitig." in client.get(room.page).text


@pytest.mark.parametrize("number", [1, 25])
def test_the_room_asks_a_fixed_number_of_questions(
    client: TestClient, room: InRoom, statements: StatementCounter, number: int
) -> None:
    for each in range(number):
        assert send(client, room.staff, f"{room.page}/beitraege", {"text": f"Nummer {each}"}).status_code == 303
    sign_in(client, room.member)
    assert client.get(f"{room.drafted.page}/stellungnahmen/raum").headers["location"] == room.page
    with statements:
        assert client.get(room.page).status_code == 200
    assert statements.count <= 12


def _told(world: World, known: Known) -> list[tuple[str, str]]:
    """What somebody is told of the room and may see, with where it leads."""
    with world.database.read() as session:
        actor = world.actor(known, session)
        found = [each for each in list_notifications(session, actor).items if each.notification.about[:5] == "room."]
        return sorted((each.notification.about, each.url) for each in found)


def test_those_in_the_room_hear_what_the_others_do_there_and_nobody_else(
    client: TestClient, world: World, room: InRoom
) -> None:
    let_in = {"person_id": str(room.colleague.person_id)}
    assert client.post(f"{room.path}/readers", json=let_in, headers=room.member.headers).status_code == 200
    assert _save(client, room, room.staff, "Erster Satz.", 0).status_code == 200
    assert _save(client, room, room.staff, "Erster Satz. Zweiter.", 1).status_code == 200
    everybody = [*room.inside, room.colleague]
    assert [_told(world, known) for known in everybody] == [[], [], [], []], "who goes on writing alone tells nobody"
    taken_over = _save(client, room, room.member, "Ganz anders.", 2)
    assert taken_over.status_code == 200
    comment = client.post(f"{room.path}/comments", json={"text": "Gut so?"}, headers=room.colleague.headers)
    assert comment.status_code == 201, comment.text
    sent = client.post(
        f"{room.path}/submission", json={"text": "Ganz anders.", "revision": 3}, headers=room.member.headers
    )
    assert sent.status_code in (200, 201), sent.text
    by_member = ["room.sent", "room.taken_over"]
    all_of_it = ["room.commented", "room.sent", "room.taken_over"]
    for known, expected in (
        (room.staff, all_of_it),
        (room.deputy, all_of_it),
        (room.colleague, by_member),
        (room.member, ["room.commented"]),
    ):
        assert _told(world, known) == [(about, room.page) for about in expected]
    assert {tuple(_told(world, known)) for known in _outsiders(world, room)[:-1]} == {()}
    sign_in(client, room.deputy)
    inbox = client.get("/mitteilungen").text
    assert "Neuer Beitrag im internen Raum Ihrer Organisation" in inbox
    assert f'href="{room.page}"' in inbox
    reader = f"{room.path}/readers/{room.colleague.person_id}"
    assert client.delete(reader, headers=room.member.headers).status_code == 204
    assert _told(world, room.colleague) == [], "who is let out sees nothing of it any more"
    choose(world, room.staff, MailRhythm.AT_ONCE)
    mail = last_mail(world.database)
    told = [each for each in list_mails(world.database) if each.person_id == room.staff.person_id][-1]
    text = text_of(world.database, told)
    assert "Ein interner Raum" in text
    assert "Ganz anders" not in text
    assert mail.template == told.template
