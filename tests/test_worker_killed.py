"""Workers are killed while they hand over mail: none is lost, and only what was in hand may arrive a second time."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from sqlmodel import col, select

from app.actions.mail import send_mail
from app.clock import system_clock
from app.config import Settings
from app.db import Database
from app.models.outbox import OutgoingMail
from tests.mail_server import Authority, Mailbox, running

pytestmark = pytest.mark.slow
MAILS, KILLS, WORKERS, LEASE_SECONDS = 200, 6, 2, 6


def write_mails(settings: Settings) -> set[str]:
    database = Database(settings, system_clock)
    with database.write() as session:
        mails = [
            send_mail(session, address=f"{number}@beispiel.example", template="password_changed")
            for number in range(MAILS)
        ]
        written = {mail.message_id for mail in mails}
    database.dispose()
    return written


def unsent(settings: Settings) -> list[OutgoingMail]:
    database = Database(settings, system_clock)
    with database.read() as session:
        found = list(session.exec(select(OutgoingMail).where(col(OutgoingMail.sent_at).is_(None))).all())
    database.dispose()
    return found


def wait_for(condition: Callable[[], bool], seconds: float, what: str) -> None:
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, what
        time.sleep(0.005)


_FOREMAN = """
import os, sys, time
from app.cli import main
for line in sys.stdin:
    word, *numbers = line.split()
    if word == "hire":
        pid = os.fork()
        if pid == 0:
            os._exit(main(["worker", "--lease", numbers[0]]))
        print(pid, flush=True)
    else:
        pid, number = (int(each) for each in numbers)
        os.kill(pid, number)
        print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), flush=True)
"""


class Crew:
    """Worker processes of one foreman, who has learnt all before and hires in no time."""

    def __init__(self, settings: Settings, url: str, authority: Authority, log: Path) -> None:
        environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("DIALOGFORUM_")},
            "DIALOGFORUM_DATABASE_URL": settings.database_url,
            "DIALOGFORUM_SECRET_KEY": settings.secret_key,
            "DIALOGFORUM_MAIL_URL": url,
            "SSL_CERT_FILE": str(authority.file),
        }
        self.workers: list[int] = []
        with log.open("wb") as written:
            self.foreman = subprocess.Popen(
                [sys.executable, "-c", _FOREMAN],
                env=environment,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=written,
                text=True,
            )

    def __enter__(self) -> Crew:
        return self

    def __exit__(self, *_error: object) -> None:
        for worker in self.workers:
            with suppress(ProcessLookupError):
                os.kill(worker, signal.SIGKILL)
        self.foreman.kill()
        self.foreman.communicate()

    def hire(self) -> None:
        self.workers.append(self._tell(f"hire {LEASE_SECONDS}"))

    def kill_one(self, chance: random.Random) -> None:
        victim = self.workers.pop(chance.randrange(len(self.workers)))
        assert self._tell(f"signal {victim} {signal.SIGKILL.value}") == -signal.SIGKILL

    def dismiss(self) -> list[int]:
        """Ask all to stop; how they left."""
        left = []
        while self.workers:
            left.append(self._tell(f"signal {self.workers.pop()} {signal.SIGTERM.value}"))
        return left

    def _tell(self, what: str) -> int:
        assert self.foreman.stdin is not None
        assert self.foreman.stdout is not None
        print(what, file=self.foreman.stdin, flush=True)
        return int(self.foreman.stdout.readline())


@pytest.mark.parametrize("seed", [20261122])
def test_no_mail_is_lost_and_only_the_one_in_hand_is_repeated(settings: Settings, tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    authority, box = Authority(tmp_path), Mailbox()
    box.lingers = 0.03
    written = write_mails(settings)
    moments = sorted(chance.sample(range(5, MAILS - 20), KILLS))
    with running(box, authority) as url, Crew(settings, url, authority, tmp_path / "log") as crew:
        for _each in range(WORKERS):
            crew.hire()
        for moment in moments:
            wait_for(lambda so_many=moment: len(box.received) >= so_many, 60, f"nothing leaves: {moment}")  # type: ignore[misc]
            time.sleep(chance.random() * box.lingers)
            crew.kill_one(chance)
            crew.hire()
        wait_for(lambda: not unsent(settings), 120, "mail is left")
        assert crew.dismiss() == [0] * WORKERS
    assert set(box.message_ids) == written
    assert len(box.received) - len(written) <= KILLS
