"""Mail that came back: its address takes none from then on; nobody else's report does anything."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from sqlmodel import select

from app.actions.mail import send_mail
from app.cli.main import main
from app.config import Settings
from app.db import Database
from app.domain.bounces import read_report
from app.models.outbox import OutgoingMail, UndeliverableAddress
from app.worker import Worker

REPORT = """\
From: MAILER-DAEMON@post.example (Mail Delivery System)
To: post@dialogforum.example
Subject: Undelivered Mail Returned to Sender
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="grenze"

--grenze
Content-Type: text/plain; charset=us-ascii

I'm sorry to have to inform you that your message could not be delivered.

--grenze
Content-Type: message/delivery-status

Reporting-MTA: dns; post.example
Arrival-Date: Mon,  2 Mar 2026 10:00:00 +0100

Final-Recipient: rfc822; {final}
Original-Recipient: rfc822;{address}
Action: {action}
Status: {status}
Remote-MTA: dns; mail.beispiel.example
Diagnostic-Code: smtp; {said}

--grenze
Content-Type: {kind}

Message-ID: {message_id}
Subject: Einladung

--grenze--
"""


@pytest.fixture(autouse=True)
def environment(settings: Settings, database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """The command line works on the test's database."""
    monkeypatch.setenv("DIALOGFORUM_DATABASE_URL", settings.database_url)
    monkeypatch.setenv("DIALOGFORUM_SECRET_KEY", settings.secret_key)


@pytest.fixture
def mail(database: Database) -> OutgoingMail:
    """A mail that has left."""
    with database.write() as session:
        written = send_mail(session, address="Anna@grün.example", template="password_changed")
    Worker(database).run_once()
    return written


def report(mail: OutgoingMail, **more: str) -> bytes:
    values = {
        "address": "anna@xn--grn-ioa.example",
        "final": "weitergeleitet@anderswo.example",
        "action": "failed",
        "status": "5.1.1",
        "said": "550 5.1.1 <anna@xn--grn-ioa.example>: Recipient address rejected: User unknown",
        "kind": "text/rfc822-headers",
        "message_id": mail.message_id,
    }
    return REPORT.format(**{**values, **more}).encode()


def take(content: bytes, tmp_path: Path) -> int:
    file = tmp_path / "bounce.eml"
    file.write_bytes(content)
    return main(["bounce", str(file)])


def refused(database: Database) -> list[UndeliverableAddress]:
    with database.read() as session:
        return list(session.exec(select(UndeliverableAddress)).all())


@pytest.mark.parametrize("kind", ["text/rfc822-headers", "message/rfc822"])
def test_an_address_that_does_not_exist_takes_no_more_mail(
    database: Database, mail: OutgoingMail, tmp_path: Path, capsys: pytest.CaptureFixture[str], kind: str
) -> None:
    assert take(report(mail, kind=kind), tmp_path) == 0
    assert "unzustellbar" in capsys.readouterr().out
    (address,) = refused(database)
    assert (address.address, address.refusals) == ("anna@grün.example", 1)
    assert "User unknown" in address.reason
    assert take(report(mail), tmp_path) == 0
    assert refused(database)[0].refusals == 2


@pytest.mark.parametrize(
    ("status", "said", "is_of_address"),
    [
        ("5.0.0", "550 5.1.1 unknown", True),
        ("5.0.0", "550 no such user here", True),
        ("5.4.4", "Host not found", True),
        ("5.1.8", "550 5.1.8 sender rejected", False),
        ("5.2.2", "552 5.2.2 mailbox full", False),
        ("5.7.1", "550 5.7.1 looks like spam", False),
        ("4.4.7", "delivery time expired", False),
        ("", "", False),
    ],
)
def test_what_is_no_fault_of_the_address_stands_with_the_mail(
    database: Database, mail: OutgoingMail, tmp_path: Path, status: str, said: str, is_of_address: bool
) -> None:
    assert take(report(mail, status=status, said=said), tmp_path) == 0
    assert bool(refused(database)) is is_of_address
    with database.read() as session:
        kept = session.get_one(OutgoingMail, mail.id)
        assert (kept.failed_at is not None) is not is_of_address
        assert kept.sent_at is not None


@pytest.mark.parametrize(
    "more",
    [
        {"address": "berta@beispiel.example", "final": "berta@beispiel.example"},
        {"message_id": "<019cadc6-9a80-743e-b628-faf44ea57ae2@testserver>"},
        {"message_id": "<erfunden@testserver>"},
        {"message_id": ""},
        {"action": "delayed"},
        {"action": "delivered", "status": "2.0.0"},
    ],
)
def test_a_report_of_nothing_of_ours_or_nothing_final_changes_nothing(
    database: Database, mail: OutgoingMail, tmp_path: Path, more: dict[str, str]
) -> None:
    assert take(report(mail, **more), tmp_path) == 0
    assert refused(database) == []
    with database.read() as session:
        assert session.get_one(OutgoingMail, mail.id).failed_at is None


def test_an_answer_is_no_report(
    database: Database, mail: OutgoingMail, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert take(f"Subject: Abwesend\nIn-Reply-To: {mail.message_id}\n\nBin weg.\n".encode(), tmp_path) == 0
    assert "kein Bericht" in capsys.readouterr().out
    assert take(b"\xff\x00\xfe" * 100, tmp_path) == 0
    assert take(b" \n", tmp_path) == 1
    assert main(["bounce", str(tmp_path / "fehlt.eml")]) == 1
    assert refused(database) == []


def test_a_broken_report_is_read_as_far_as_it_goes() -> None:
    assert read_report(b"Content-Type: multipart/report; boundary=x\n\nnothing") is None
    found = read_report(b"Content-Type: multipart/report; boundary=x\n\n--x\nContent-Type: message/delivery-status\n\n")
    assert found is not None
    assert (found.message_id, found.failures) == ("", ())


def test_a_mail_server_hands_it_in_on_standard_input(database: Database, mail: OutgoingMail) -> None:
    command = [sys.executable, "-c", "from app.cli import main; raise SystemExit(main())", "bounce"]
    done = subprocess.run(command, input=report(mail), capture_output=True, timeout=60, check=False)
    assert (done.returncode, done.stderr) == (0, b"")
    assert len(refused(database)) == 1
    assert done.stdout.decode().count("\n") == 1
