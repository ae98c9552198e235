"""The page of the post: who looks, what it shows and hides, and what is sent again or set free there."""

from __future__ import annotations

from uuid import UUID

import pytest
from sqlmodel import Session, select
from starlette.testclient import TestClient

from app.actions.mail import send_mail
from app.actions.outbox import claim_mail, note_address_refused, note_failed, note_impossible, note_undeliverable
from app.config import PROJECT_ROOT
from app.db import Database
from app.domain.actors import PersonRole
from app.models.outbox import OutgoingMail, UndeliverableAddress
from app.models.people import Person
from app.wording.outbox import MAILS
from app.worker import Worker
from tests.browsing import send, sign_in, sign_out
from tests.conftest import MovedClock
from tests.factories import Known, World

PAGE = "/verwaltung/post"


def dead_letter(database: Database, address: str = "anna@beispiel.example", error: str = "554 5.7.1 spam") -> UUID:
    with database.write() as session:
        send_mail(session, address=address, template="seated", data={"body": "geheim"})
        session.flush()
        mail = claim_mail(session)
        assert mail is not None
        (note_address_refused if "5.1.1" in error else note_impossible)(session, mail, error)
        return mail.id


def mail_of(database: Database, key: UUID) -> OutgoingMail:
    with database.read() as session:
        return session.get_one(OutgoingMail, key)


def addresses(session: Session) -> list[str]:
    return [each.address for each in session.exec(select(UndeliverableAddress))]


@pytest.fixture(params=["secretariat", "admin"])
def keeper(request: pytest.FixtureRequest, world: World) -> Known:
    """Who looks after the post."""
    return world.secretariat() if request.param == "secretariat" else world.person(role=PersonRole.ADMIN)


def test_the_keepers_see_what_failed_and_nobody_else(client: TestClient, world: World, keeper: Known) -> None:
    dead_letter(world.database)
    sign_out(client)
    assert client.get(PAGE).status_code == 303
    for role in (PersonRole.PARTICIPANT, PersonRole.AUDITOR):
        sign_in(client, world.person(role=role))
        assert client.get(PAGE).status_code == 403
    sign_in(client, keeper)
    shown = client.get(PAGE).text
    for text in ("anna@beispiel.example", "554 5.7.1 spam", "Nachricht über einen Sitz", "nach 1 Versuch"):
        assert text in shown
    assert "geheim" not in shown
    assert "1 nicht zugestellt" in client.get("/verwaltung").text


def test_one_is_sent_again_and_tried_with_its_address(client: TestClient, world: World, keeper: Known) -> None:
    key = dead_letter(world.database, error="550 5.1.1 unknown")
    outsider = world.person()
    for path in (f"{PAGE}/{key}/erneut-senden", f"{PAGE}/{key}/verwerfen", f"{PAGE}/erneut-senden"):
        assert send(client, outsider, path).status_code == 403
    assert mail_of(world.database, key).failed_at is not None
    assert send(client, keeper, f"{PAGE}/{key}/erneut-senden").status_code == 303
    mail = mail_of(world.database, key)
    assert (mail.failed_at, mail.attempts, mail.last_error) == (None, 0, "")
    with world.database.write() as session:
        claimed = claim_mail(session)
    assert claimed is not None
    assert claimed.id == key
    assert send(client, keeper, f"{PAGE}/{key}/erneut-senden").status_code == 404


def test_all_are_sent_again_but_those_to_addresses_that_take_none(
    client: TestClient, world: World, keeper: Known
) -> None:
    first = dead_letter(world.database)
    refused = dead_letter(world.database, "weg@beispiel.example", "550 5.1.1 unknown")
    second = dead_letter(world.database, "berta@beispiel.example")
    answer = send(client, keeper, f"{PAGE}/erneut-senden")
    assert "2 E-Mails werden" in client.get(answer.headers["location"]).text
    assert [mail_of(world.database, key).failed_at is None for key in (first, refused, second)] == [True, False, True]


def test_one_that_came_back_after_it_left_is_only_set_aside(
    client: TestClient, world: World, clock: MovedClock
) -> None:
    key, keeper = dead_letter(world.database), world.secretariat()
    with world.database.write() as session:
        session.get_one(OutgoingMail, key).sent_at = clock()
    sign_in(client, keeper)
    assert f"{key}/erneut-senden" not in client.get(PAGE).text
    assert send(client, keeper, f"{PAGE}/{key}/erneut-senden").status_code == 409
    assert send(client, keeper, f"{PAGE}/{key}/verwerfen").status_code == 303
    assert mail_of(world.database, key).data == {}
    assert str(key) not in client.get(PAGE).text


def test_addresses_are_set_free(client: TestClient, world: World, keeper: Known) -> None:
    with world.database.write() as session:
        for name in ("a", "b", "c"):
            note_undeliverable(session, f"{name}@beispiel.example", "550 5.1.1 unknown")
    with world.database.read() as session:
        key = session.exec(select(UndeliverableAddress).where(UndeliverableAddress.address.startswith("b"))).one().id  # type: ignore[attr-defined]
    outsider = world.person()
    assert send(client, outsider, f"{PAGE}/adressen/{key}/freigeben").status_code == 403
    assert send(client, outsider, f"{PAGE}/adressen/freigeben").status_code == 403
    sign_in(client, keeper)
    assert "b@beispiel.example" in client.get(PAGE).text
    assert send(client, keeper, f"{PAGE}/adressen/{key}/freigeben").status_code == 303
    with world.database.read() as session:
        assert sorted(addresses(session)) == ["a@beispiel.example", "c@beispiel.example"]
    assert send(client, keeper, f"{PAGE}/adressen/freigeben").status_code == 303
    with world.database.read() as session:
        assert addresses(session) == []


def test_a_person_sees_that_its_address_takes_none_and_sets_it_free(client: TestClient, world: World) -> None:
    known, other = world.person(), world.person()
    with world.database.write() as session:
        for each in (known, other):
            note_undeliverable(session, str(session.get_one(Person, each.person_id).email), "550 5.1.1 unknown")
    sign_in(client, known)
    assert "Ihre Adresse nimmt keine E-Mails an" in client.get("/konto").text
    assert send(client, known, "/konto/adresse-freigeben").status_code == 303
    assert "Ihre Adresse nimmt keine E-Mails an" not in client.get("/konto").text
    with world.database.read() as session:
        assert addresses(session) == [session.get_one(Person, other.person_id).email]


def test_the_page_says_whether_a_worker_keeps_up(client: TestClient, world: World, clock: MovedClock) -> None:
    sign_in(client, world.secretariat())
    missing = "Es läuft kein Worker"
    assert missing not in client.get(PAGE).text, "nobody has worked here, and nothing is to be done"
    with world.database.write() as session:
        send_mail(session, address="anna@beispiel.example", template="password_changed")
    assert "Keine E-Mail ist endgültig gescheitert." in client.get(PAGE).text
    clock.advance(minutes=9)
    assert missing not in client.get(PAGE).text
    clock.advance(minutes=2)
    assert missing in client.get(PAGE).text
    Worker(world.database).run_once()
    shown = client.get(PAGE).text
    assert missing not in shown
    assert "Alle E-Mails sind zugestellt." in shown
    clock.advance(minutes=20)
    assert missing in client.get(PAGE).text


def test_readyz_and_metrics_tell_state_and_lag_and_no_address(
    client: TestClient, world: World, clock: MovedClock
) -> None:
    before = client.get("/readyz").json()
    assert (before["status"], before["worker"], before["worker_lag_seconds"]) == ("ready", "late", None)
    Worker(world.database).run_once()
    dead_letter(world.database)
    with world.database.write() as session:
        note_undeliverable(session, "weg@beispiel.example", "550")
        send_mail(session, address="berta@beispiel.example", template="password_changed")
        session.flush()
        claimed = claim_mail(session)
        assert claimed is not None
        note_failed(session, claimed, "451 später")
    clock.advance(hours=2)
    answer = client.get("/readyz")
    state = answer.json()
    assert (answer.status_code, state["status"], state["worker"]) == (200, "ready", "late")
    assert state["mails_waiting"] == state["mails_failing"] == state["mails_dead"] == 1
    assert state["addresses_undeliverable"] == 1
    assert 7_000 < state["mails_lag_seconds"] < 7_200
    assert 7_000 < state["schedules"]["close_rounds"]["lag_seconds"] < 7_201
    shown = client.get("/metrics").text
    assert "dialogforum_mails_waiting 1.0" in shown
    assert 'dialogforum_schedule_failures{work="close_rounds"} 0.0' in shown
    assert "dialogforum_mails_lag_seconds 7" in shown
    for secret in ("beispiel.example", "451 später"):
        assert secret not in answer.text + shown


def test_every_mail_has_its_words() -> None:
    parts = {"base", "parts_html", "parts_text"}
    assert {file.stem for file in (PROJECT_ROOT / "templates/mails").glob("*.html")} - parts == set(MAILS)
