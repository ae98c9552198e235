"""Handing over to a real server that asks for encryption: mail arrives whole; what the server says is understood."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest

from app.config import Settings, SettingsError, read_settings
from app.mailer import (
    AddressRefused,
    Folder,
    MailImpossible,
    NotHandedOver,
    ServerAway,
    SmtpServer,
    transport_for,
)
from tests.backends import free_port
from tests.mail_server import Authority, Mailbox, dripping, running

pytestmark = pytest.mark.usefixtures("trusted")
LIMIT = timedelta(seconds=20)
TEXT = "Drei Dinge warten auf Sie: https://dialogforum.example/aufgaben?von=" + "größer" * 20


@pytest.fixture
def server(box: Mailbox, authority: Authority) -> Iterator[SmtpServer]:
    with running(box, authority) as url:
        transport = SmtpServer(url)
        yield transport
        transport.close()


def mail(address: str = "anna@beispiel.example", number: int = 1) -> EmailMessage:
    message = EmailMessage()
    message["From"] = "Dialogforum für alle <post@dialogforum.example>"
    message["To"] = address
    message["Subject"] = "Größere Änderung"
    message["Message-ID"] = f"<{number}@dialogforum.example>"
    message.set_content(TEXT, cte="8bit")
    return message


def test_mail_arrives_whole_over_an_encrypted_line_and_many_over_one(server: SmtpServer, box: Mailbox) -> None:
    for number in range(5):
        server.hand_over(mail(number=number), LIMIT)
    assert box.connections == 1
    assert [message["Message-ID"] for message in box.received] == [f"<{n}@dialogforum.example>" for n in range(5)]
    assert box.received[0]["Subject"] == "Größere Änderung"
    assert box.received[0].get_content().rstrip() == TEXT
    assert TEXT.encode() in box.received[0].as_bytes()


def test_without_encryption_nothing_is_said(box: Mailbox, authority: Authority) -> None:
    with running(box, None) as url, pytest.raises(ServerAway):
        SmtpServer(f"{url}?tls=starttls").hand_over(mail(), LIMIT)
    assert box.received == []


def test_a_server_nobody_vouches_for_gets_nothing(
    server: SmtpServer, box: Mailbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(Authority(tmp_path).file))
    with pytest.raises(ServerAway, match="certificate"):
        server.hand_over(mail(), LIMIT)
    assert box.received == []


@pytest.mark.parametrize(("password", "is_taken"), [("richtig%20und%40gut", True), ("falsch", False)])
def test_the_server_asks_who_hands_over(box: Mailbox, authority: Authority, password: str, is_taken: bool) -> None:
    with running(box, authority, user="dialogforum", password="richtig und@gut") as url:
        transport = SmtpServer(url.replace("//", f"//dialogforum:{password}@"))
        if is_taken:
            transport.hand_over(mail(), LIMIT)
        else:
            with pytest.raises(ServerAway, match="535"):
                transport.hand_over(mail(), LIMIT)
        transport.close()
    assert len(box.received) == is_taken


def test_a_server_that_is_absent(box: Mailbox) -> None:
    with pytest.raises(ServerAway):
        SmtpServer(f"smtp://127.0.0.1:{free_port()}").hand_over(mail(), LIMIT)


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ("550 no such mailbox", AddressRefused),
        ("550 5.1.1 user unknown", AddressRefused),
        ("553 5.1.3 malformed", AddressRefused),
        ("550 5.2.1 mailbox disabled", AddressRefused),
        ("552 5.2.2 mailbox full", NotHandedOver),
        ("550 5.7.1 relaying denied", NotHandedOver),
        ("554 transaction failed", NotHandedOver),
        ("451 4.7.1 greylisted", NotHandedOver),
        ("421 4.7.0 <weg@beispiel.example>: try later", NotHandedOver),
    ],
)
def test_of_one_recipient_refused_it_is_known_what_that_means(
    server: SmtpServer, box: Mailbox, answer: str, expected: type[NotHandedOver]
) -> None:
    box.refused["weg@beispiel.example"] = answer
    with pytest.raises(NotHandedOver) as refused:
        server.hand_over(mail("weg@beispiel.example"), LIMIT)
    assert type(refused.value) is expected
    assert answer[:3] in str(refused.value)
    server.hand_over(mail(number=2), LIMIT)
    assert list(box.message_ids) == ["<2@dialogforum.example>"]


@pytest.mark.parametrize("step", ["refused", "refuses_text"])
def test_a_line_the_server_closes_because_of_one_mail_is_not_used_for_the_next(
    server: SmtpServer, box: Mailbox, step: str
) -> None:
    answer = "421 4.7.0 <weg@beispiel.example>: closing"
    setattr(box, step, {"weg@beispiel.example": answer} if step == "refused" else answer)
    with pytest.raises(NotHandedOver) as refused:
        server.hand_over(mail("weg@beispiel.example"), LIMIT)
    assert type(refused.value) is NotHandedOver
    assert (refused.value.for_log, str(refused.value)) == ("421", answer)
    box.refused, box.refuses_text = {}, ""
    server.hand_over(mail(number=2), LIMIT)
    assert (list(box.message_ids), box.connections) == (["<2@dialogforum.example>"], 2)


def test_a_server_that_refuses_us_is_away_for_all_mail(server: SmtpServer, box: Mailbox) -> None:
    box.refuses_sender = "550 5.7.1 <post@dialogforum.example> not allowed"
    with pytest.raises(ServerAway) as away:
        server.hand_over(mail(), LIMIT)
    assert away.value.for_log == "550"


def test_a_text_that_is_refused_says_nothing_of_the_address(server: SmtpServer, box: Mailbox) -> None:
    box.refuses_text = "550 5.1.1 spam"
    with pytest.raises(NotHandedOver) as refused:
        server.hand_over(mail(), LIMIT)
    assert type(refused.value) is NotHandedOver


@pytest.mark.parametrize("step", ["RCPT", "DATA"])
def test_a_line_that_breaks_in_the_middle_is_opened_anew_for_the_next(
    server: SmtpServer, box: Mailbox, step: str
) -> None:
    box.breaks_at = step
    with pytest.raises(NotHandedOver):
        server.hand_over(mail(), LIMIT)
    box.breaks_at = ""
    server.hand_over(mail(), LIMIT)
    assert (len(box.received), box.connections) == (1, 2)


def test_a_line_closed_between_two_mails_costs_nothing(server: SmtpServer, box: Mailbox) -> None:
    server.hand_over(mail(), LIMIT)
    assert server._connection is not None
    server._connection.line.shutdown(socket.SHUT_RDWR)  # type: ignore[union-attr]
    server.hand_over(mail(number=2), LIMIT)
    assert sorted(box.message_ids.values()) == [1, 1]


def test_a_slow_server_is_left_at_the_limit(server: SmtpServer, box: Mailbox) -> None:
    box.lingers = 3
    began = time.monotonic()
    with pytest.raises(NotHandedOver, match="zu langsam"):
        server.hand_over(mail(), timedelta(seconds=0.5))
    assert time.monotonic() - began < 2.5


def test_a_server_that_talks_without_end_is_left_at_the_limit() -> None:
    began = time.monotonic()
    with dripping() as url, pytest.raises(ServerAway, match="zu langsam"):
        SmtpServer(url).hand_over(mail(), timedelta(seconds=0.5))
    assert time.monotonic() - began < 2.5


def test_umlauts_in_addresses(server: SmtpServer, box: Mailbox) -> None:
    server.hand_over(mail("jürgen@grün.example"), LIMIT)
    server.hand_over(mail("anna@grün.example", 2), LIMIT)
    assert box.received[0]["To"] == "jürgen@grün.example"
    assert len(box.received) == 2


@pytest.mark.parametrize("address", ["keine", "@beispiel.example", "a@b.example, c@d.example"])
def test_an_address_that_is_none_is_said_to_be(server: SmtpServer, address: str) -> None:
    with pytest.raises(MailImpossible):
        server.hand_over(mail(address), LIMIT)


def test_without_a_server_mail_lies_in_a_folder(tmp_path: Path) -> None:
    transport = transport_for(Settings(mail_url=f"file:{tmp_path / 'post'}"))
    transport.hand_over(mail(), LIMIT)
    transport.hand_over(mail(), LIMIT)
    (file,) = (tmp_path / "post").iterdir()
    assert TEXT in file.read_text()
    (tmp_path / "file").touch()
    with pytest.raises(ServerAway):
        Folder(tmp_path / "file").hand_over(mail(), LIMIT)


@pytest.mark.parametrize("url", ["smtp://post.example:587?tls=ja", "smtp://:25", "smtp://post.example:hundert"])
def test_a_mail_server_that_is_misspelt_stops_the_start(url: str) -> None:
    with pytest.raises(SettingsError, match="MAIL_URL"):
        read_settings({"DIALOGFORUM_MAIL_URL": url, "DIALOGFORUM_SECRET_KEY": "x" * 32})
