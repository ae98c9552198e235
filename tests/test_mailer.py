"""Mail leaves once, with umlauts whole; what a server refuses is kept and tried again, or given up."""

from __future__ import annotations

from collections.abc import Iterator
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from sqlmodel import select

from app.actions.mail import send_mail
from app.domain.delivery import AWAY_PAUSE
from app.db import Database
from app.mailer import transport_for
from app.models.outbox import OutgoingMail
from app.worker import Worker
from tests.backends import free_port
from tests.conftest import MovedClock


class Mailbox:
    """A real SMTP server's memory; refuses addresses it is told to."""

    def __init__(self) -> None:
        self.received: list[EmailMessage] = []
        self.refused: dict[str, str] = {}

    async def handle_RCPT(self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any) -> str:  # noqa: N802
        if address in self.refused:
            return self.refused[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        self.received.append(message_from_bytes(envelope.content, policy=default))  # type: ignore[arg-type]
        return "250 OK"


@pytest.fixture
def mailbox() -> Iterator[tuple[Mailbox, str]]:
    """A running server and its address as a setting."""
    box = Mailbox()
    port = free_port()
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield box, f"smtp://127.0.0.1:{port}"
    finally:
        controller.stop()


def write(database: Database, address: str = "jürgen@beispiel.example") -> None:
    with database.write() as session:
        send_mail(session, address=address, subject="Größere Änderung", text="Drei Dinge warten auf Sie: https://…")


def worker_for(database: Database, url: str) -> Worker:
    return Worker(database, transport_for(database.settings.model_copy(update={"mail_url": url})))


def waiting(database: Database) -> OutgoingMail:
    with database.read() as session:
        return session.exec(select(OutgoingMail)).one()


def test_a_mail_arrives_once_and_whole(database: Database, mailbox: tuple[Mailbox, str]) -> None:
    box, url = mailbox
    write(database, "anna@beispiel.example")
    worker = worker_for(database, url)
    worker.run_once()
    worker.run_once()
    (message,) = box.received
    assert message["Subject"] == "Größere Änderung"
    assert message["Message-ID"] == waiting(database).message_id
    assert "Drei Dinge" in message.get_content()


def test_nothing_leaves_when_the_transaction_is_undone(database: Database, mailbox: tuple[Mailbox, str]) -> None:
    box, url = mailbox
    with database.write() as session:
        send_mail(session, address="anna@beispiel.example", subject="Nie", text="Nie")
        session.flush()
        session.rollback()
    worker_for(database, url).run_once()
    assert box.received == []


def test_a_server_that_is_away_is_tried_again_later(
    database: Database, mailbox: tuple[Mailbox, str], clock: MovedClock
) -> None:
    box, url = mailbox
    write(database, "anna@beispiel.example")
    worker_for(database, "smtp://127.0.0.1:9").run_once()
    assert waiting(database).attempts == 0
    assert waiting(database).last_error
    worker_for(database, url).run_once()
    assert box.received == []
    clock.advance(seconds=AWAY_PAUSE.total_seconds() + 1)
    worker_for(database, url).run_once()
    assert len(box.received) == 1


def test_an_address_that_is_refused_for_good_is_kept_to_be_looked_at(
    database: Database, mailbox: tuple[Mailbox, str]
) -> None:
    box, url = mailbox
    box.refused["gone@beispiel.example"] = "550 no such mailbox"
    write(database, "gone@beispiel.example")
    worker_for(database, url).run_once()
    assert waiting(database).failed_at is not None
    assert "550" in waiting(database).last_error


def test_without_a_server_mail_lies_in_a_folder(database: Database, tmp_path: Path) -> None:
    write(database, "anna@beispiel.example")
    worker_for(database, f"file:{tmp_path / 'post'}").run_once()
    (file,) = (tmp_path / "post").glob("*.eml")
    assert "Drei Dinge" in file.read_text()
