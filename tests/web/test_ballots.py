"""The page of a decision: voting, changing, dissenting, and what outsiders read."""

from __future__ import annotations

from datetime import timedelta

import pytest
from starlette.testclient import TestClient

from app.actions.ballots import close_due_ballots
from app.domain.actors import MembershipRole
from app.domain.recommendations import RecommendationState
from app.models.ballots import SeatPosition
from app.models.base import new_id
from app.models.bodies import Membership
from app.queries.ballots import find_newest_ballot
from tests.browsing import StatementCounter, send, sign_in, sign_out
from tests.conftest import MovedClock
from tests.drafting import BLOCKS, count_rows
from tests.factories import Known, World
from tests.moving import ballots, decide, lead_to, make_move, vote
from tests.voting import Assembly, assemble


def page(held: Assembly, known: Known | None) -> str:
    if known:
        sign_in(held.client, known)
    else:
        sign_out(held.client)
    answered = held.client.get(held.page)
    assert answered.status_code == 200, answered.text
    return str(answered.text)


def send_position(held: Assembly, known: Known, **fields: str) -> object:
    return send(held.client, known, f"{held.page}/{held.ballot_id}/position", {"seat_id": str(known.seat_id), **fields})


def test_a_member_votes_changes_and_sees_the_rules(client: TestClient, world: World) -> None:
    held = assemble(world, client, 2)
    held.open()
    member = held.members[0]
    shown = page(held, member)
    assert "Stimmen Sie ab für" in shown
    assert "keine geheime Abstimmung" in shown
    assert "mehr als 75 Prozent der Ja- und Nein-Stimmen" in shown
    assert "mindestens 2 von 3" in shown
    assert "Die Länder sollten Übergangsklassen einrichten." in shown
    refused = send_position(held, member, position="object", reason="", alternative="Anders.")
    assert refused.status_code == 422  # type: ignore[attr-defined]
    assert "Bitte begründen Sie diese Position." in refused.text  # type: ignore[attr-defined]
    assert "Anders." in refused.text  # type: ignore[attr-defined]
    assert count_rows(world.database, SeatPosition) == 0
    assert send_position(held, member, position="object", reason="Zu teuer.").status_code == 303  # type: ignore[attr-defined]
    assert send_position(held, member, position="abstain").status_code == 303  # type: ignore[attr-defined]
    shown = page(held, member)
    assert "Festgehalten ist:" in shown
    assert "Verlauf Ihres Sitzes" in shown
    assert "Position ändern" in shown
    neighbour = page(held, held.members[1])
    assert "Enthaltung</strong>" not in neighbour
    assert "1 von 3 Sitzen haben eine Position abgegeben" in neighbour
    assert "Zwischenstand" not in neighbour
    assert "Geheime Abstimmungen gibt es hier nicht" in neighbour
    leading = page(held, held.chair)
    assert "Zwischenstand für die Leitung" in leading
    assert "noch nicht erreicht" in leading


def test_someone_elses_seat_and_a_foreign_form_are_refused(client: TestClient, world: World) -> None:
    held = assemble(world, client, 1)
    held.open()
    path = f"{held.page}/{held.ballot_id}/position"
    fields = {"seat_id": str(held.chair.seat_id), "position": "agree"}
    assert send(client, held.members[0], path, fields).status_code == 403
    sign_in(client, held.chair)
    assert client.post(path, data=fields).status_code == 403
    assert count_rows(world.database, SeatPosition) == 0
    assert send(client, held.chair, path, fields).status_code == 303


def test_a_person_with_several_seats_has_a_form_for_each(client: TestClient, world: World) -> None:
    held = assemble(world, client, 1)
    member = held.members[0]
    second = world.seat(held.body)
    _sits_on(world, member, second)
    held.open()
    shown = page(held, member)
    assert shown.count('name="position"') == 2 * 5
    path = f"{held.page}/{held.ballot_id}/position"
    refused = send(client, member, path, {"seat_id": str(second), "position": "object", "reason": ""})
    assert refused.status_code == 422
    assert f'href="#stimme-{second}-reason"' in refused.text
    assert send(client, member, path, {"seat_id": str(second), "position": "agree"}).status_code == 303
    assert send(client, member, path, {"seat_id": str(member.seat_id), "position": "abstain"}).status_code == 303
    assert count_rows(world.database, SeatPosition) == 2


def test_after_a_revision_the_former_position_is_kept_by_one_click_alone(
    client: TestClient, world: World, clock: MovedClock
) -> None:
    held = assemble(world, client, 2)
    held.open()
    held.all_vote("agree", "object", "agree")
    held.close()
    version = held.save_version("Die Länder sollten bis 2028 Übergangsklassen einrichten.")
    with world.database.read() as session:
        former = find_newest_ballot(session, held.recommendation_id)
    held.open(clock.moment + timedelta(days=7), revision_of=former, changed_block_ids=[held.block_ids[1]])
    shown = page(held, held.members[0])
    assert "Beschlossen wird erneut über die geänderten Absätze." in shown
    assert "Die Länder sollten bis 2028" in shown
    assert "Position beibehalten" in shown
    assert "mindestens 7 Tage" in shown
    assert "Frühere Beschlussfassungen" in shown
    assert held.read(held.members[0]).json()["positions"] == []
    kept = send_position(held, held.members[0], position="object", reason="Weil.", alternative="")
    assert kept.status_code == 303  # type: ignore[attr-defined]
    ballot = held.read(held.members[0]).json()
    assert (ballot["version"], ballot["positions"][0]["position"]) == (version, "object")
    clock.advance(days=8)
    assert held.read(held.chair).json()["result"]["cast"] == 1


def test_a_repeated_revision_still_asks_about_what_changed(client: TestClient, world: World, clock: MovedClock) -> None:
    drafted = lead_to(client, world, clock, RecommendationState.GROUP_DECISION)
    decide(client, clock, drafted, "agree", "agree", "abstain")
    make_move(client, drafted, drafted.chair, "carry")
    stored = client.get(f"{drafted.path}/versions/1", headers=drafted.chair.headers).json()["blocks"]
    blocks = [{"id": block["id"], **sent} for block, sent in zip(stored, BLOCKS, strict=True)]
    blocks[1] = {**blocks[1], "text": "Die Länder sollten bis 2028 Übergangsklassen einrichten."}
    version = {"base_version": 1, "blocks": blocks}
    make_move(client, drafted, drafted.secretariat, "revise", reason="Frist ergänzt.", version=version)
    vote(client, drafted, drafted.chair)
    clock.advance(days=8)
    make_move(client, drafted, drafted.chair, "repeat_decision", reason="Nicht beschlussfähig.")
    repeated = ballots(client, drafted)[0]
    assert (repeated["number"], repeated["version"]) == (3, 2)
    assert repeated["changed_block_ids"] == [stored[1]["id"]]
    for known, said in (
        (drafted.chair, "In der 2. Beschlussfassung über Fassung 2 war Ihre Position"),
        (drafted.member, "In der 1. Beschlussfassung über Fassung 1 war Ihre Position:"),
    ):
        sign_in(client, known)
        shown = client.get(f"{drafted.page}/beschluss").text
        assert "Beschlossen wird erneut über die geänderten Absätze." in shown
        assert "Die Länder sollten bis 2028 Übergangsklassen einrichten." in shown
        assert "Die Länder sollten Übergangsklassen einrichten." in shown
        assert said in shown
    assert ballots(client, drafted)[0]["turnout"]["taken"] == 0
    kept = {"seat_id": str(drafted.member.seat_id), "position": "abstain", "reason": "", "alternative": ""}
    sent = send(client, drafted.member, f"{drafted.page}/beschluss/{repeated['id']}/position", kept)
    assert sent.status_code == 303
    assert ballots(client, drafted)[0]["turnout"]["taken"] == 1


def test_the_closed_page_shows_result_and_positions_to_the_body_and_counts_to_the_public(
    client: TestClient, world: World, clock: MovedClock
) -> None:
    held = assemble(world, client, 4, groups=("Länder", "Länder", "Verbände", "Verbände", "Verbände"))
    held.open()
    held.all_vote("agree", "agree_with_reservation", "object", "recused", "")
    held.client.put(
        f"{held.path}/position",
        json={"seat_id": str(held.members[1].seat_id), "position": "object", "reason": "<script>alert(1)</script>"},
        headers=held.members[1].headers,
    )
    clock.advance(days=15)
    shown = page(held, held.members[0])
    assert "Ergebnis der Beschlussfassung" in shown
    assert "Nicht angenommen: Es gab eine Mehrheit, aber nicht die nötige." in shown
    assert "mehrheitlich: 1 Zustimmung, 1 Zustimmung mit Vorbehalt, 1 Ablehnung" in shown
    assert "1 Sitz ohne Position" in shown
    assert "Hätten die Sitze" in shown
    assert "&lt;script&gt;alert(1)" in shown
    assert "Ergebnis nach Gruppen von Sitzen" in shown
    sign_out(client)
    assert client.get(held.page).status_code == 404
    with world.database.write() as session:
        close_due_ballots(session)
    held.set_state(RecommendationState.PUBLISHED, adopted_version=1)
    public = page(held, None)
    assert "Mehrheitsbeschluss mit abweichenden Voten." in public
    assert "mehrheitlich: 1 Zustimmung" in public
    assert "Positionen nach Sitzen" not in public
    assert "alert(1)" not in public
    assert "Ergebnis nach Gruppen von Sitzen" in public


def test_a_dissent_is_filed_once_and_shown_to_everybody_after_publication(
    client: TestClient, world: World, clock: MovedClock
) -> None:
    held = assemble(world, client, 3)
    held.open()
    held.all_vote("agree", "object", "object", "agree")
    held.close()
    member, other = held.members[0], held.members[1]
    assert "Sondervotum einreichen für" in page(held, member)
    assert "Sondervotum einreichen für" not in page(held, held.chair)
    path = f"{held.page}/{held.ballot_id}/sondervotum"
    fields = {
        "id": str(new_id()),
        "seat_id": str(member.seat_id),
        "text": "",
        "alternative": "Der Bund sollte zahlen.",
        "block_id": str(held.block_ids[1]),
        "co_signer_seat_ids": str(other.seat_id),
    }
    refused = send(client, member, path, fields)
    assert refused.status_code == 422
    assert "Der Bund sollte zahlen." in refused.text
    fields["text"] = "Der Text verschweigt die **Kosten**."
    for _time in range(2):
        assert send(client, member, path, fields).status_code == 303
    held.set_state(RecommendationState.PUBLISHED, adopted_version=1)
    public = page(held, None)
    assert public.count("verschweigt die <strong>Kosten</strong>") == 1
    assert "Der Bund sollte zahlen." in public
    assert "zu Fassung 1, Absatz 2" in public


def test_who_filed_a_dissent_is_not_offered_to_agree_plainly(client: TestClient, world: World) -> None:
    held = assemble(world, client, 2)
    held.open()
    held.all_vote("", "object", "")
    member, other = held.members
    plain = 'value="agree"'
    assert plain in page(held, member)
    assert held.dissent(member).status_code == 201
    shown = page(held, member)
    assert plain not in shown
    assert "kann deshalb nicht mehr uneingeschränkt zustimmen" in shown
    assert plain in page(held, other)
    refused = send_position(held, member, position="agree", reason="Doch einverstanden.")
    assert refused.status_code == 409  # type: ignore[attr-defined]
    assert "Wählen Sie Zustimmung mit Vorbehalt" in refused.text  # type: ignore[attr-defined]
    assert "Doch einverstanden." in refused.text  # type: ignore[attr-defined]


def test_a_chair_declares_a_ballot_void_with_a_reason(client: TestClient, world: World) -> None:
    held = assemble(world, client, 1)
    held.open()
    path = f"{held.page}/{held.ballot_id}/transitions"
    refused = send(client, held.chair, path, {"transition": "void", "reason": ""})
    assert refused.status_code == 422
    blocked = send(client, held.chair, path, {"transition": "close"})
    assert blocked.status_code == 409
    assert "Es fehlen:" in blocked.text
    assert send(client, held.chair, path, {"transition": "void", "reason": "Falsche Fassung."}).status_code == 303
    shown = page(held, held.members[0])
    assert "Diese Beschlussfassung ist ungültig." in shown
    assert "Falsche Fassung." in shown


def test_without_a_ballot_the_body_reads_so_and_outsiders_nothing(client: TestClient, world: World) -> None:
    held = assemble(world, client, 1, state=RecommendationState.GROUP_REVIEW)
    assert "noch nicht beschlossen" in page(held, held.chair)
    sign_in(client, world.person())
    assert client.get(held.page).status_code == 404


@pytest.mark.parametrize("members", [3, 30])
def test_the_page_asks_little_whatever_the_size_of_the_body(
    client: TestClient, world: World, statements: StatementCounter, members: int
) -> None:
    held = assemble(world, client, members)
    held.open()
    held.all_vote("agree", "object", *(["abstain"] * (members - 1)))
    sign_in(client, held.members[0])
    with statements:
        assert client.get(held.page).status_code == 200
    assert statements.count <= 12, statements.texts
    held.close()
    held.dissent(held.members[0])
    sign_in(client, held.members[0])
    with statements:
        assert client.get(held.page).status_code == 200
    assert statements.count <= 12, statements.texts
    held.set_state(RecommendationState.PUBLISHED, adopted_version=1)
    sign_out(client)
    with statements:
        assert client.get(held.page).status_code == 200
    assert statements.count <= 6, statements.texts


def _sits_on(world: World, known: Known, seat_id: object) -> None:
    from app.actions.record import record
    from app.clock import now
    from app.domain.actors import SYSTEM_ACTOR
    from app.domain.deadlines import berlin_date
    from app.domain.events import EventType
    from app.models.bodies import Seat

    with world.database.write() as session:
        seat = session.get_one(Seat, seat_id)
        session.add(
            Membership(
                created_at=now(session),
                seat_id=seat.id,
                person_id=known.person_id,
                role=MembershipRole.MEMBER,
                started_on=berlin_date(now(session)),
            )
        )
        record(session, EventType.SEAT_MEMBER_JOINED, seat, actor=SYSTEM_ACTOR)
