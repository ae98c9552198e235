"""Stellungnahmeverfahren at the door of the API: who may answer, who reads what, and what becomes of it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest
from sqlmodel import func, select
from starlette.testclient import TestClient

from app.db import Database
from app.domain.actors import ActorKind, MembershipRole, PersonRole
from app.domain.events import EventType
from app.domain.notifications import Urgency
from app.domain.organisations import Level, OrganisationKind
from app.domain.recommendations import RecommendationState
from app.models.attachments import Attachment
from app.models.base import new_id
from app.models.consultations import Statement
from app.models.record import Event
from app.queries.notifications import list_notifications
from tests.attaching import PDF, PNG
from tests.conftest import MovedClock
from tests.drafting import Drafted, count_rows
from tests.factories import Known, World
from tests.moving import ADOPTION, decide, in_days, lead_to, make_move, open_comments, rounds
from tests.telling import told_of

S = RecommendationState


@dataclass(frozen=True)
class Consultation:
    """An open round with somebody it asks and somebody it doesn't."""

    drafted: Drafted
    round: Any
    official: Known
    colleague: Known
    stranger: Known

    @property
    def path(self) -> str:
        """Where statements are posted."""
        return f"/api/v1/comment-rounds/{self.round['id']}/statements"


@pytest.fixture
def consultation(client: TestClient, world: World, clock: MovedClock) -> Consultation:
    """A round that asks the federal ministries."""
    return _consult(client, world, clock, "federal")


def _consult(client: TestClient, world: World, clock: MovedClock, audience: str) -> Consultation:
    ministry = world.organisation(f"Ministerium {new_id()}", OrganisationKind.MINISTRY, Level.FEDERAL)
    official, colleague, stranger = (
        world.person(organisation_id=ministry),
        world.person(organisation_id=ministry),
        world.person(),
    )
    drafted = lead_to(client, world, clock, S.GROUP_REVIEW)
    return Consultation(drafted, open_comments(client, clock, drafted, audience), official, colleague, stranger)


def _post(client: TestClient, consultation: Consultation, known: Known, **sent: Any) -> Any:
    return client.post(consultation.path, json=sent, headers=known.headers)


def _publish(client: TestClient, clock: MovedClock, drafted: Drafted) -> None:
    make_move(client, drafted, drafted.chair, "close_comments", reason="Fertig.")
    make_move(client, drafted, drafted.chair, "call_decision")
    decide(client, clock, drafted)
    make_move(client, drafted, drafted.chair, "carry")
    make_move(client, drafted, drafted.secretariat, "endorse")
    make_move(client, drafted, drafted.secretariat, "adopt", decided_on=in_days(clock, 0), **ADOPTION)
    make_move(client, drafted, drafted.secretariat, "publish")


def _dispose(client: TestClient, known: Known, statement_id: str, **more: Any) -> Any:
    sent = {"disposition": "partly_adopted", "reason": "Zum Teil.", **more}
    return client.post(f"/api/v1/statements/{statement_id}/disposition", json=sent, headers=known.headers)


def test_a_text_waits_for_its_disposition_and_one_click_does_not(
    client: TestClient, consultation: Consultation, database: Database
) -> None:
    text = _post(client, consultation, consultation.official, text="Bitte kürzer.")
    assert text.status_code == 201, text.text
    assert text.json()["kind"] == "statement"
    assert text.json()["state"] == "open"
    assert text.json()["organisation_id"] == str(consultation.official.organisation_id)
    for kind in ("agreed", "no_comment"):
        settled = _post(client, consultation, consultation.colleague, kind=kind).json()
        assert (settled["state"], settled["disposition"]) == ("disposed", "settled")
    extension = _post(client, consultation, consultation.colleague, kind="extension").json()
    assert (extension["state"], extension["disposition"]) == ("open", None)
    with database.read() as session:
        by_whom = session.exec(select(Event.actor_kind).where(Event.type == EventType.STATEMENT_DISPOSED)).all()
    assert set(by_whom) == {ActorKind.SYSTEM}


def test_bad_statements_are_refused_by_field(
    client: TestClient, consultation: Consultation, database: Database
) -> None:
    for sent, field in (
        ({}, "text"),
        ({"text": "  "}, "text"),
        ({"kind": "agreed", "text": "Aber."}, "kind"),
        ({"kind": "shouting", "text": "Nein."}, "kind"),
        ({"text": "Ja.", "block_id": str(new_id())}, "block_id"),
        ({"text": "Ja.", "seat_id": str(new_id())}, "seat_id"),
        ({"text": "x" * 20_001}, "text"),
        ({"text": "Ja.", "colour": "red"}, "colour"),
    ):
        refused = _post(client, consultation, consultation.official, **sent)
        assert refused.status_code == 422, refused.text
        assert [each["field"] for each in refused.json()["errors"]] == [field]
    assert count_rows(database, Statement) == 0


def test_a_file_is_a_statement_with_a_text_or_without_one(
    client: TestClient, consultation: Consultation, database: Database, clock: MovedClock
) -> None:
    known = consultation.official
    path = consultation.path.replace("/statements", "/statement-files")

    def post(content: bytes, name: str, **fields: str) -> Any:
        return client.post(path, files={"file": (name, content)}, data=fields, headers=known.headers)

    key = str(new_id())
    answers = [post(PDF, "Stellungnahme.pdf", id=key, publish="true") for _each in range(2)]
    assert [each.status_code for each in answers] == [201, 200]
    made = answers[0].json()
    assert (made["id"], made["text"], made["publish"]) == (key, "Siehe Anlage.", True)
    attached = client.get(f"/api/v1/statements/{key}/attachments", headers=known.headers).json()["items"]
    assert [each["name"] for each in attached] == ["Stellungnahme.pdf"]
    with_text = post(PNG, "Kurve.png", text="Die Kurve zeigt es.", alt_text="Eine Kurve, die steigt")
    assert with_text.json()["text"] == "Die Kurve zeigt es."
    for content, name, fields, status, field in (
        (b"", "leer.pdf", {}, 422, "file"),
        (b"MZ", "programm.exe", {}, 422, "file"),
        (PNG, "Kurve.png", {}, 422, "alt_text"),
        (PDF, "a.pdf", {"kind": "agreed"}, 422, "kind"),
        (PDF, "a.pdf", {"block_id": str(new_id())}, 422, "block_id"),
        (PDF, "a.pdf", {"colour": "red"}, 422, "colour"),
        (b"x" * (10 * 1024 * 1024 + 1), "gross.txt", {}, 413, "file"),
    ):
        refused = post(content, name, **fields)
        assert (refused.status_code, refused.json()["errors"][0]["field"]) == (status, field), refused.text
    assert post(b"x" * (17 * 1024 * 1024), "riesig.txt").json()["type"] == "/api/problems/too-large"
    assert client.post(path, files={"file": ("a.pdf", PDF)}).status_code == 401
    clock.advance(days=15)
    assert post(PDF, "spaet.pdf").status_code == 409
    assert count_rows(database, Statement) == 2
    assert count_rows(database, Attachment) == 2


def test_sent_twice_it_is_one(client: TestClient, consultation: Consultation, clock: MovedClock) -> None:
    sent = {"id": str(new_id()), "text": "Einmal."}
    answers = [_post(client, consultation, consultation.official, **sent) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 200]
    other = _post(client, consultation, consultation.official, **{**sent, "text": "Anders."})
    assert other.status_code == 409
    clock.advance(days=15)
    assert _post(client, consultation, consultation.official, **sent).status_code == 200


def test_who_may_answer(client: TestClient, world: World, consultation: Consultation) -> None:
    body = consultation.drafted.body
    for role, status in (
        (MembershipRole.MEMBER, 201),
        (MembershipRole.DEPUTY, 201),
        (MembershipRole.ADVISOR, 201),
        (MembershipRole.STAFF, 403),
        (MembershipRole.OBSERVER, 403),
    ):
        assert _post(client, consultation, world.member(body, role), text="Ich.").status_code == status, role
    assert _post(client, consultation, consultation.stranger, text="Ich.").status_code == 404
    assert _post(client, consultation, world.person(PersonRole.AUDITOR), text="Ich.").status_code == 403
    assert _post(client, consultation, consultation.drafted.secretariat, text="Ich.").status_code == 403
    assert client.post(consultation.path, json={"text": "Ich."}).status_code == 401


def test_participants_and_the_public_may_answer_where_they_are_asked(
    client: TestClient, world: World, clock: MovedClock
) -> None:
    for audience in ("participants", "public"):
        consultation = _consult(client, world, clock, audience)
        assert _post(client, consultation, consultation.stranger, text="Ich.").status_code == 201
        seen = client.get(consultation.drafted.path)
        assert seen.status_code == (200 if audience == "public" else 404)
        invited = client.get(f"{consultation.drafted.path}/invitations", headers=consultation.drafted.chair.headers)
        assert {each["channel"] for each in invited.json()["items"]} == {"seat"}


def test_statements_are_read_by_the_body_and_by_their_own_organisation(
    client: TestClient, consultation: Consultation, world: World
) -> None:
    own = _post(client, consultation, consultation.official, text="Von uns.").json()["id"]
    other = _post(client, consultation, consultation.drafted.member, text="Vom Mitglied.").json()["id"]
    secretariat = consultation.drafted.secretariat
    for known, expected in (
        (consultation.drafted.chair, {own, other}),
        (secretariat, {own, other}),
        (world.person(PersonRole.AUDITOR), {own, other}),
        (consultation.official, {own}),
        (consultation.colleague, {own}),
    ):
        listed = client.get(consultation.path, headers=known.headers).json()["items"]
        assert {each["id"] for each in listed} == expected
    assert client.get(consultation.path, headers=consultation.stranger.headers).status_code == 404
    assert client.get(f"/api/v1/statements/{other}", headers=consultation.official.headers).status_code == 404
    assert client.get(f"/api/v1/statements/{own}").status_code == 404


def test_only_its_author_takes_a_statement_back(client: TestClient, consultation: Consultation, world: World) -> None:
    made = _post(client, consultation, consultation.drafted.member, text="Doch nicht.").json()
    path = f"/api/v1/statements/{made['id']}/transitions"
    staff = world.member(consultation.drafted.body, MembershipRole.STAFF, seat_id=consultation.drafted.member.seat_id)
    for known in (consultation.drafted.chair, staff):
        assert client.post(path, json={"transition": "withdraw"}, headers=known.headers).status_code == 403
    withdrawn = client.post(path, json={"transition": "withdraw"}, headers=consultation.drafted.member.headers)
    assert withdrawn.json()["state"] == "withdrawn"
    assert _dispose(client, consultation.drafted.chair, made["id"]).status_code == 409
    make_move(client, consultation.drafted, consultation.drafted.chair, "close_comments", reason="Fertig.")
    make_move(client, consultation.drafted, consultation.drafted.chair, "call_decision")


def test_chair_and_rapporteur_dispose_and_the_author_is_told(
    client: TestClient, consultation: Consultation, database: Database
) -> None:
    made = _post(client, consultation, consultation.official, text="Bitte kürzer.").json()["id"]
    assert _dispose(client, consultation.drafted.member, made).status_code == 403
    assert _dispose(client, consultation.official, made).status_code == 403
    assert _dispose(client, consultation.drafted.rapporteur, made, reason=" ").status_code == 422
    disposed = _dispose(client, consultation.drafted.rapporteur, made).json()
    assert (disposed["state"], disposed["disposition"]) == ("disposed", "partly_adopted")
    assert told_of(database, EventType.STATEMENT_DISPOSED) == {consultation.official.person_id: Urgency.NEWS}
    assert _dispose(client, consultation.drafted.chair, made).status_code == 409
    seen = client.get(f"/api/v1/statements/{made}", headers=consultation.official.headers).json()
    assert seen["disposition_reason"] == "Zum Teil."


def test_an_author_reads_the_answer_when_the_draft_is_closed_to_it_again(
    client: TestClient, world: World, consultation: Consultation, database: Database
) -> None:
    made = _post(client, consultation, consultation.official, text="Bitte kürzer.").json()["id"]
    make_move(client, consultation.drafted, consultation.drafted.chair, "close_comments", reason="Fertig.")
    assert _dispose(client, consultation.drafted.rapporteur, made).status_code == 200
    assert client.get(consultation.drafted.path, headers=consultation.official.headers).status_code == 404
    with database.read() as session:
        reader = world.actor(consultation.official, session)
        read = {told.notification.about: told.url for told in list_notifications(session, reader).items}
    assert read == {"statement.disposed": f"/beteiligung#stellungnahme-{made}"}


def test_those_asked_are_told_that_it_is_their_turn(
    client: TestClient, consultation: Consultation, database: Database
) -> None:
    told = told_of(database, EventType.ROUND_OPENED)
    asked = (consultation.official, consultation.colleague, consultation.drafted.member)
    assert {told[each.person_id] for each in asked} == {Urgency.TASK}
    assert consultation.stranger.person_id not in told
    assert consultation.drafted.chair.person_id not in told


def test_publication_opens_what_was_released_and_no_more(
    client: TestClient, consultation: Consultation, clock: MovedClock
) -> None:
    released = _post(client, consultation, consultation.official, text="Freigegeben.", publish=True).json()["id"]
    kept = _post(client, consultation, consultation.official, text="Nur intern.").json()["id"]
    for key in (released, kept):
        assert _dispose(client, consultation.drafted.chair, key).status_code == 200
    assert client.get(consultation.path).status_code == 404
    _publish(client, clock, consultation.drafted)
    listed = client.get(consultation.path).json()["items"]
    assert [each["id"] for each in listed] == [released]
    assert listed[0]["disposition"] == "partly_adopted"
    assert listed[0]["disposition_reason"] is None
    counted = client.get(f"{consultation.drafted.path}/comment-rounds").json()["items"][0]["statements"]
    assert counted == {"statement": 2, "partly_adopted": 2, "all": 2}
    assert client.get(f"/api/v1/statements/{kept}").status_code == 404


def test_of_a_public_round_publication_opens_every_statement(
    client: TestClient, world: World, clock: MovedClock
) -> None:
    consultation = _consult(client, world, clock, "public")
    made = _post(client, consultation, consultation.stranger, text="Offen gesagt.").json()["id"]
    assert client.get(consultation.path).json()["items"] == []
    assert _dispose(client, consultation.drafted.chair, made).status_code == 200
    _publish(client, clock, consultation.drafted)
    assert [each["id"] for each in client.get(consultation.path).json()["items"]] == [made]


def test_a_closed_round_takes_nothing_and_hides_its_draft_again(
    client: TestClient, consultation: Consultation, clock: MovedClock
) -> None:
    assert client.get(consultation.drafted.path, headers=consultation.official.headers).status_code == 200
    clock.advance(days=15)
    refused = _post(client, consultation, consultation.official, text="Zu spät.")
    assert refused.status_code == 409
    assert refused.json()["type"].endswith("/closed")
    assert client.get(consultation.drafted.path, headers=consultation.official.headers).status_code == 404
    shown = client.get(f"/api/v1/comment-rounds/{consultation.round['id']}", headers=consultation.official.headers)
    assert shown.json()["state"] == "closed"
    assert shown.json()["transitions"] == []


def test_a_round_is_closed_by_its_own_door_too(client: TestClient, consultation: Consultation) -> None:
    path = f"/api/v1/comment-rounds/{consultation.round['id']}/transitions"
    sent = {"transition": "close", "reason": "Alle haben geantwortet."}
    assert client.post(path, json=sent, headers=consultation.official.headers).status_code == 403
    closed = client.post(path, json=sent, headers=consultation.drafted.chair.headers)
    assert closed.json()["state"] == "closed"
    assert client.get(consultation.drafted.path, headers=consultation.drafted.chair.headers).json()["state"] == (
        "evaluation"
    )


def test_statements_and_closing_at_once_agree(
    client: TestClient, consultation: Consultation, database: Database
) -> None:
    def post(number: int) -> int:
        return int(_post(client, consultation, consultation.official, text=f"Nummer {number}").status_code)

    def close(_number: int) -> int:
        sent = {"transition": "close_comments", "reason": "Fertig."}
        path = f"{consultation.drafted.path}/transitions"
        return int(client.post(path, json=sent, headers=consultation.drafted.chair.headers).status_code)

    with ThreadPoolExecutor(6) as pool:
        closing = pool.submit(close, 0)
        posted = list(pool.map(post, range(10)))
    assert closing.result() == 200
    assert set(posted) <= {201, 404, 409}
    with database.read() as session:
        assert session.exec(select(func.count()).select_from(Statement)).one() == posted.count(201)
    assert rounds(client, consultation.drafted)[0]["state"] == "closed"


def test_the_proof_names_invited_answered_and_silent(
    client: TestClient, consultation: Consultation, world: World
) -> None:
    path = f"{consultation.drafted.path}/participation"
    _post(client, consultation, consultation.official, kind="no_comment")
    proof = client.get(path, headers=consultation.drafted.chair.headers).json()
    ministry = str(consultation.official.organisation_id)
    assert {each["organisation_id"] for each in proof["answered"]} == {ministry}
    assert ministry not in {each["organisation_id"] for each in proof["silent"]}
    assert str(consultation.drafted.member.organisation_id) in {each["organisation_id"] for each in proof["silent"]}
    assert len(proof["invited"]) == len(proof["answered"]) + len(proof["silent"])
    assert proof["mandatory_registered"] == 0
    assert client.get(path, headers=consultation.official.headers).status_code == 404
    assert client.get(path).status_code == 404


def test_invitations_entered_by_hand(client: TestClient, world: World, clock: MovedClock) -> None:
    drafted = lead_to(client, world, clock, S.GROUP_REVIEW)
    path = f"{drafted.path}/invitations"
    one = world.organisation()
    sent: dict[str, Any] = {"organisation_id": str(one), "invited_on": in_days(clock, -3), "channel": "entered"}
    assert client.post(path, json=sent, headers=drafted.member.headers).status_code == 403
    for wrong, field in (
        ({"invited_on": in_days(clock, 1)}, "invited_on"),
        ({"organisation_id": str(new_id())}, "organisation_id"),
        ({"channel": "seat"}, "channel"),
    ):
        refused = client.post(path, json={**sent, **wrong}, headers=drafted.chair.headers)
        assert refused.status_code == 422, refused.text
        assert refused.json()["errors"][0]["field"] == field
    made = client.post(
        path, json={**sent, "id": str(new_id()), "reference": "Schreiben 4"}, headers=drafted.chair.headers
    )
    assert made.status_code == 201, made.text
    assert made.json()["reference"] == "Schreiben 4"
    assert UUID(made.json()["id"])
    proof = client.get(f"{drafted.path}/participation", headers=drafted.chair.headers).json()
    assert str(one) in {each["organisation_id"] for each in proof["invited"]}
    adopted = lead_to(client, world, clock, S.PUBLISHED)
    late = client.post(f"{adopted.path}/invitations", json=sent, headers=adopted.secretariat.headers)
    assert late.status_code == 409
