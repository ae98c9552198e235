"""What the worker does with what is due: each once, however many work; what fails is kept, tried again and shown."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as NoConnectionFree
from sqlmodel import Session, col, select

from app import worker as worker_module
from app.actions.dead_letters import send_again
from app.actions.mail import send_mail
from app.actions.outbox import claim_mail, forget_old_mails, note_failed, note_sent, note_undeliverable
from app.clock import system_clock
from app.config import Settings
from app.db import Database
from app.domain.delivery import (
    AWAY_PAUSE,
    KEPT_AFTER_FAILING,
    KEPT_AFTER_SENDING,
    LEASE,
    MOST_ATTEMPTS,
    PAUSES,
    handing_over_limit,
)
from app.mailer import NotHandedOver, SmtpServer, transport_for
from app.models.outbox import OutgoingMail, UndeliverableAddress
from app.worker import Worker
from tests.backends import free_port
from tests.conftest import MovedClock
from tests.factories import World
from tests.mail_server import Authority, Mailbox, running

pytestmark = pytest.mark.usefixtures("trusted")


@pytest.fixture
def worker(database: Database, box: Mailbox, authority: Authority) -> Iterator[Worker]:
    with running(box, authority) as url:
        yield Worker(database, SmtpServer(url))


def write(database: Database, address: str = "anna@beispiel.example", **more: Any) -> OutgoingMail:
    with database.write() as session:
        return send_mail(session, address=address, **{"template": "password_changed", **more})


def only(database: Database) -> OutgoingMail:
    with database.read() as session:
        return session.exec(select(OutgoingMail)).one()


def test_a_mail_arrives_once_and_what_filled_it_is_forgotten(worker: Worker, box: Mailbox) -> None:
    write(worker.database, template="password_forgotten", data={"path": "/passwort/geheim"})
    worker.run_once()
    worker.run_once()
    (message,) = box.received
    mail = only(worker.database)
    assert message["Message-ID"] == mail.message_id
    plain = message.get_body(("plain",))
    assert plain is not None
    assert "http://testserver/passwort/geheim\n" in plain.get_content().replace("\r\n", "\n")
    assert (mail.data, mail.lease_id) == ({}, None)
    assert mail.sent_at is not None


def test_nothing_leaves_when_the_transaction_is_undone(worker: Worker, box: Mailbox) -> None:
    with worker.database.write() as session:
        send_mail(session, address="anna@beispiel.example", template="password_changed")
        session.flush()
        session.rollback()
    worker.run_once()
    assert box.received == []


def test_several_workers_never_send_twice(worker: Worker, box: Mailbox) -> None:
    for number in range(40):
        write(worker.database, f"{number}@beispiel.example")
    transport = worker.transport
    assert isinstance(transport, SmtpServer)
    url = f"smtp://{transport.host}:{transport.port}?tls=starttls"
    crew = [Worker(worker.database, SmtpServer(url)) for _ in range(4)]
    threads = [threading.Thread(target=each.run_once) for each in crew]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(box.received) == 40
    assert set(box.message_ids.values()) == {1}


def test_what_somebody_waits_for_leaves_first(worker: Worker, box: Mailbox, world: World) -> None:
    for number in range(3):
        write(worker.database, f"{number}@beispiel.example")
    known = world.person()
    with worker.database.write() as session:
        data = {"path": "/passwort/geheim"}
        send_mail(session, address="ungeduldig@beispiel.example", template="password_forgotten", data=data)
    assert known.person_id
    with worker.database.write() as session:
        claimed = claim_mail(session)
    assert claimed is not None
    assert claimed.address == "ungeduldig@beispiel.example"


def test_a_server_that_is_away_is_no_fault_of_the_mail(worker: Worker, box: Mailbox, clock: MovedClock) -> None:
    absent = Worker(worker.database, SmtpServer(f"smtp://127.0.0.1:{free_port()}"))
    write(worker.database)
    for _ in range(len(PAUSES) + 3):
        absent.run_once()
        mail = only(worker.database)
        assert (mail.attempts, mail.failed_at) == (0, None)
        assert "Mailserver" in mail.last_error
        clock.advance(seconds=AWAY_PAUSE.total_seconds() + 1)
    worker.run_once()
    assert (len(box.received), only(worker.database).last_error) == (1, "")


def test_however_long_no_server_is_there_what_became_of_the_mail_is_noted(database: Database) -> None:
    absent = Worker(database, SmtpServer(f"smtp://127.0.0.1:{free_port()}"))
    absent._tries_without_server = 5000
    write(database)
    absent.run_once()
    mail = only(database)
    assert (mail.attempts, mail.lease_id) == (0, None)
    assert "Mailserver" in mail.last_error
    assert 0 < absent._server_away_until - time.monotonic() <= 60


def test_however_often_a_round_fails_the_next_one_comes(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker_module, "PAUSE_SECONDS", 0.0)
    monkeypatch.setattr(worker_module.log, "error", lambda *_args, **_more: None)
    worker, rounds = Worker(database), 0

    def fail() -> None:
        nonlocal rounds
        rounds += 1
        if rounds == 1100:
            worker.ask_to_stop()
        raise OSError("no space left")

    worker._repeat(fail)
    assert rounds == 1100


def test_without_a_server_one_mail_is_tried_and_not_all(worker: Worker) -> None:
    for number in range(5):
        write(worker.database, f"{number}@beispiel.example")
    Worker(worker.database, SmtpServer(f"smtp://127.0.0.1:{free_port()}")).run_once()
    with worker.database.read() as session:
        assert len([mail for mail in session.exec(select(OutgoingMail)) if mail.last_error]) == 1


def test_one_refused_address_stands_in_nobodys_way(worker: Worker, box: Mailbox) -> None:
    box.refused["weg@beispiel.example"] = "550 5.1.1 no such user"
    for address in ("a@beispiel.example", "weg@beispiel.example", "b@beispiel.example"):
        write(worker.database, address)
    worker.run_once()
    assert sorted(message["To"] for message in box.received) == ["a@beispiel.example", "b@beispiel.example"]
    with worker.database.read() as session:
        refused = session.exec(select(UndeliverableAddress)).one()
        assert (refused.address, refused.refusals) == ("weg@beispiel.example", 1)
        dead = session.exec(select(OutgoingMail).where(col(OutgoingMail.failed_at).is_not(None))).one()
        assert "5.1.1" in dead.last_error


def test_an_address_at_which_the_server_hangs_up_is_counted_and_stands_in_nobodys_way(
    worker: Worker, box: Mailbox, clock: MovedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    logged: list[str] = []
    monkeypatch.setattr(worker_module.log, "warning", lambda *said, **more: logged.append(f"{said} {more}"))
    box.refused["weg@beispiel.example"] = "421 4.7.0 <weg@beispiel.example>: try later"
    hopeless = write(worker.database, "weg@beispiel.example")
    clock.advance(seconds=1)
    write(worker.database, "anna@beispiel.example")
    worker.run_once()
    assert [message["To"] for message in box.received] == ["anna@beispiel.example"]
    for pause in PAUSES:
        clock.advance(seconds=pause.total_seconds() + 1)
        worker.run_once()
    with worker.database.read() as session:
        mail = session.get_one(OutgoingMail, hopeless.id)
    assert (mail.attempts, mail.failed_at is None) == (len(PAUSES) + 1, False)
    assert "421" in logged[0]
    assert not any("beispiel" in each for each in logged)


def test_a_server_that_refuses_all_keeps_all(worker: Worker, box: Mailbox, clock: MovedClock) -> None:
    box.refuses_all = "554 5.7.1 relay access denied"
    write(worker.database)
    for number, pause in enumerate(PAUSES, start=1):
        worker.run_once()
        mail = only(worker.database)
        assert (mail.attempts, mail.failed_at) == (number, None)
        assert "relay access denied" in mail.last_error
        assert pause - timedelta(seconds=1) < mail.due_at - clock.moment <= pause
        worker.run_once()
        assert only(worker.database).attempts == number
        clock.advance(seconds=pause.total_seconds() + 1)
    worker.run_once()
    assert only(worker.database).failed_at is not None
    with worker.database.read() as session:
        assert session.exec(select(UndeliverableAddress)).all() == []


@pytest.mark.parametrize("step", ["MAIL", "RCPT", "DATA"])
def test_a_line_that_breaks_in_the_middle(worker: Worker, box: Mailbox, clock: MovedClock, step: str) -> None:
    box.breaks_at = step
    write(worker.database)
    worker.run_once()
    assert only(worker.database).last_error
    box.breaks_at = ""
    clock.advance(minutes=2)
    worker.run_once()
    assert list(box.message_ids.values()) == [1]


def test_a_slow_server_is_left_before_the_lease_is_over(worker: Worker, box: Mailbox, clock: MovedClock) -> None:
    assert handing_over_limit(LEASE) < LEASE
    box.lingers = 3
    write(worker.database)
    hurried = Worker(worker.database, worker.transport, lease=timedelta(seconds=0.6))
    began = time.monotonic()
    hurried.run_once()
    assert time.monotonic() - began < 2.5
    assert "zu langsam" in only(worker.database).last_error


@pytest.mark.parametrize("address", ["keine", "anna@", "a@b.example\r\nBcc: c@d.example", "a@b.example,c@d.example"])
def test_an_address_that_is_none_is_kept_to_be_looked_at(worker: Worker, box: Mailbox, address: str) -> None:
    write(worker.database, address)
    write(worker.database, "anna@beispiel.example")
    worker.run_once()
    assert [message["To"] for message in box.received] == ["anna@beispiel.example"]
    with worker.database.read() as session:
        dead = session.exec(select(OutgoingMail).where(col(OutgoingMail.failed_at).is_not(None))).one()
        assert (dead.address, dead.last_error) == (address, "Das ist keine E-Mail-Adresse.")


def test_a_template_that_fails_is_tried_again(worker: Worker, box: Mailbox, clock: MovedClock) -> None:
    write(worker.database, template="gibt_es_nicht")
    write(worker.database, "anna@beispiel.example")
    worker.run_once()
    assert len(box.received) == 1
    with worker.database.read() as session:
        failing = session.exec(select(OutgoingMail).where(col(OutgoingMail.sent_at).is_(None))).one()
        assert "gibt_es_nicht" in failing.last_error
        assert failing.failed_at is None
        assert failing.due_at > clock.moment


def test_mail_to_an_address_that_takes_none_is_not_even_tried(worker: Worker, box: Mailbox) -> None:
    with worker.database.write() as session:
        note_undeliverable(session, "Weg@beispiel.example", "550 5.1.1")
        send_mail(session, address="weg@beispiel.example", template="seated")
        send_mail(session, address="weg@beispiel.example", template="subscription_digest", data={})
        data = {"path": "/passwort/geheim"}
        asked_for = send_mail(session, address="weg@beispiel.example", template="password_forgotten", data=data)
    with worker.database.write() as session:
        claimed = claim_mail(session)
        assert claimed is not None
        assert claimed.id == asked_for.id
        note_sent(session, claimed)
        assert claim_mail(session) is None
    with worker.database.read() as session:
        by_template = {mail.template: mail for mail in session.exec(select(OutgoingMail))}
    assert by_template["seated"].failed_at is not None
    assert by_template["subscription_digest"].dropped_at is not None
    assert box.received == []


def test_a_mail_that_ends_its_worker_again_and_again_is_given_up(database: Database, clock: MovedClock) -> None:
    write(database)
    for _ in range(MOST_ATTEMPTS):
        with database.write() as session:
            assert claim_mail(session) is not None
        clock.advance(seconds=LEASE.total_seconds() + 1)
    with database.write() as session:
        assert claim_mail(session) is None
    assert only(database).failed_at is not None
    assert "Worker endete" in only(database).last_error


def test_who_lost_the_lease_notes_nothing_but_that_it_was_sent(
    session: Session, database: Database, clock: MovedClock
) -> None:
    write(database)
    with database.write() as session:
        first = claim_mail(session)
    assert first is not None
    with database.write() as session:
        assert claim_mail(session) is None
    clock.advance(seconds=LEASE.total_seconds() + 1)
    with database.write() as session:
        second = claim_mail(session)
    assert second is not None
    assert (second.id, second.attempts) == (first.id, 2)
    with database.write() as session:
        note_failed(session, first, "zu spät")
    assert only(database).lease_id == second.lease_id
    with database.write() as session:
        note_sent(session, first)
        note_failed(session, second, "zu langsam")
    assert only(database).sent_at is not None
    assert only(database).last_error == ""


@pytest.mark.parametrize(
    "trouble", [OperationalError("UPDATE", {}, Exception("database is locked")), NoConnectionFree("QueuePool limit")]
)
def test_what_became_of_a_mail_is_noted_once_the_database_is_back(
    worker: Worker, box: Mailbox, monkeypatch: pytest.MonkeyPatch, trouble: SQLAlchemyError
) -> None:
    tries = []

    def note(session: Session, mail: Any) -> None:
        tries.append(mail.id)
        if len(tries) < 3:
            raise trouble
        note_sent(session, mail)

    monkeypatch.setattr(worker_module, "note_sent", note)
    monkeypatch.setattr(worker_module, "PAUSE_SECONDS", 0.01)
    write(worker.database)
    worker.run_once()
    assert (len(tries), len(box.received)) == (3, 1)
    assert only(worker.database).sent_at is not None


def test_no_transaction_is_open_while_a_server_is_talked_to(database: Database) -> None:
    class Watching:
        def hand_over(self, _message: EmailMessage, _limit: timedelta) -> None:
            assert database.engine.pool.checkedout() == 0  # type: ignore[attr-defined]

        def close(self) -> None:
            assert database.engine.pool.checkedout() == 0  # type: ignore[attr-defined]

    write(database)
    Worker(database, Watching()).run_once()
    assert only(database).sent_at is not None


def test_new_mail_leaves_within_seconds_and_a_slow_server_delays_no_deadline(settings: Settings) -> None:
    database = Database(settings, system_clock)
    arrived, go_on = threading.Event(), threading.Event()

    class Slow:
        def hand_over(self, _message: EmailMessage, _limit: timedelta) -> None:
            arrived.set()
            go_on.wait(10)
            raise NotHandedOver("langsam")

        def close(self) -> None:
            pass

    worker = Worker(database, Slow())
    worker.start()
    try:
        write(database)
        assert arrived.wait(5)
        with database.read() as session:
            before = worker_module.list_schedules(session)[0].finished_at
        until = time.monotonic() + 15
        while time.monotonic() < until:
            with database.read() as session:
                (closing,) = [s for s in worker_module.list_schedules(session) if s.name == "close_rounds"]
            if closing.finished_at is not None and closing.finished_at != before:
                break
            time.sleep(0.05)
        assert closing.finished_at is not None
    finally:
        go_on.set()
        worker.ask_to_stop()
        worker._join(30)
        said = only(database).last_error
        database.dispose()
    assert said == "langsam"


def test_old_mail_is_forgotten(worker: Worker, clock: MovedClock) -> None:
    write(worker.database)
    worker.run_once()
    with worker.database.write() as session:
        send_mail(session, address="keine", template="password_changed")
    worker.run_once()
    clock.advance(days=KEPT_AFTER_SENDING.days + 1)
    with worker.database.write() as session:
        assert forget_old_mails(session) == 1
    assert only(worker.database).address == "keine"
    clock.advance(days=KEPT_AFTER_FAILING.days)
    with worker.database.write() as session:
        assert forget_old_mails(session) == 1


def test_a_letter_sent_again_starts_anew(worker: Worker, box: Mailbox, world: World) -> None:
    box.refused["weg@beispiel.example"] = "550 5.1.1 no such user"
    mail = write(worker.database, "weg@beispiel.example")
    worker.run_once()
    box.refused.clear()
    known = world.secretariat()
    with worker.database.write() as session:
        send_again(session, mail.id, actor=world.actor(known, session))
    worker.run_once()
    assert list(box.message_ids) == [mail.message_id]
    with worker.database.read() as session:
        assert session.exec(select(UndeliverableAddress)).all() == []


def test_without_a_server_mail_lies_in_a_folder(database: Database, tmp_path: Path) -> None:
    write(database)
    settings = database.settings.model_copy(update={"mail_url": f"file:{tmp_path / 'post'}"})
    Worker(database, transport_for(settings)).run_once()
    (file,) = (tmp_path / "post").glob("*.eml")
    assert "das Passwort Ihres Kontos" in file.read_text()
