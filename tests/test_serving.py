"""`dialogforum serve` as a process: a signal ends it at once, also while pages listen to it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from app.actions.mail import send_mail
from app.config import Settings
from app.db import Database
from tests.backends import free_port
from tests.factories import World
from tests.listening import Stream
from tests.mail_server import Authority, Mailbox, running

_SERVE = "import sys; from app.cli import main; sys.exit(main(sys.argv[1:]))"


@contextmanager
def served(
    settings: Settings, folder: Path, *options: str, command: str = "serve"
) -> Iterator[tuple[int, subprocess.Popen[bytes]]]:
    """The port and the process of a service (or of a worker apart) on the test's database."""
    port = free_port()
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("DIALOGFORUM_")},
        "DIALOGFORUM_DATABASE_URL": settings.database_url,
        "DIALOGFORUM_SECRET_KEY": settings.secret_key,
        "DIALOGFORUM_MAIL_URL": settings.mail_url,
    }
    asked = [command, *(("--port", str(port)) if command == "serve" else ()), *options]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen([sys.executable, "-c", _SERVE, *asked], env=environment, stdout=log, stderr=log)
    try:
        yield port, process
    finally:
        if process.poll() is None:
            process.kill()
        process.wait()


def opened(port: int, world: World, process: subprocess.Popen[bytes]) -> Stream:
    """A page that listens, as soon as the service is there."""
    known = world.person()
    until = time.monotonic() + 120
    while time.monotonic() < until:
        assert process.poll() is None
        try:
            return Stream(port, known)
        except OSError:
            time.sleep(0.05)
    raise AssertionError("the service did not start")


@pytest.mark.slow
@pytest.mark.usefixtures("trusted")
@pytest.mark.parametrize("command", ["serve", "worker"])
def test_a_mail_in_hand_holds_up_the_end_no_longer_than_three_seconds(
    settings: Settings, database: Database, authority: Authority, box: Mailbox, tmp_path: Path, command: str
) -> None:
    box.lingers = 30.0
    with database.write() as session:
        send_mail(session, address="anna@beispiel.example", template="password_changed")
    with running(box, authority) as url:
        slow = settings.model_copy(update={"mail_url": url})
        with served(slow, tmp_path, command=command) as (_port, process):
            until = time.monotonic() + 60
            while box.connections == 0:
                assert process.poll() is None
                assert time.monotonic() < until, "the mail is never taken in hand"
                time.sleep(0.02)
            began = time.monotonic()
            process.send_signal(signal.SIGTERM)
            process.wait(timeout=10)
            assert time.monotonic() - began < 3
    assert "Traceback" not in (tmp_path / "log").read_text()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("number", "options", "seconds"),
    [
        (signal.SIGTERM, (), 3),
        (signal.SIGINT, ("--no-worker",), 3),
        # Whoever looks after several processes looks every half second.
        (signal.SIGTERM, ("--workers", "2"), 6),
    ],
)
def test_a_signal_ends_it_at_once_while_pages_listen(
    settings: Settings, world: World, tmp_path: Path, number: signal.Signals, options: tuple[str, ...], seconds: int
) -> None:
    with served(settings, tmp_path, *options) as (port, process), ExitStack() as stack:
        pages = [stack.enter_context(opened(port, world, process)) for _each in range(4)]
        for page in pages:
            assert page.unread()["unread"] == 0
        began = time.monotonic()
        process.send_signal(number)
        for page in pages:
            assert page.event() is None, "it ends without telling the page to stay away"
        process.wait(timeout=10)
        assert time.monotonic() - began < seconds
    log = (tmp_path / "log").read_text()
    assert "Traceback" not in log
    assert "timeout graceful shutdown exceeded" not in log
