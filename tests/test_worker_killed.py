"""Workers are killed while they hand over mail: none is lost, and only what was in hand may arrive a second time."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import update
from sqlmodel import col, select
from starlette.testclient import TestClient

from app.actions.mail import send_mail
from app.clock import system_clock
from app.config import Settings
from app.db import Database
from app.domain.deadlines import berlin_date, end_of_day
from app.domain.events import SubjectType
from app.domain.notifications import MailRhythm
from app.models.notifications import Notification
from app.models.outbox import OutgoingMail
from app.models.people import Person
from app.models.schedules import Schedule
from tests.conftest import MovedClock
from tests.factories import Known, World
from tests.mail_server import Authority, Mailbox, running
from tests.occasions import choose, forget, notify_of
from tests.voting import assemble

pytestmark = pytest.mark.slow
MAILS, KILLS, WORKERS, LEASE_SECONDS, INTERRUPTED = 200, 6, 2, 6, 4
PATIENCE = 240.0
"""Seconds a machine with much else to do may take for what a worker does in a few."""


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


def wait_for(condition: Callable[[], bool], what: str) -> None:
    until = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < until, what
        time.sleep(0.005)


def want_mail_at_once(world: World, persons: list[Known]) -> dict[UUID, str]:
    """Let them; their addresses."""
    for known in persons:
        choose(world, known, MailRhythm.AT_ONCE)
    keys = [known.person_id for known in persons]
    with world.database.read() as session:
        found = session.exec(select(Person).where(col(Person.id).in_(keys))).all()
    return {person.id: str(person.email) for person in found}


def was_begun(database: Database, work: str, since: datetime) -> bool:
    """A worker took the work up after that moment."""
    with database.read() as session:
        known = session.get(Schedule, work)
    return known is not None and known.started_at is not None and known.started_at > since


def is_begun_only(database: Database, work: str) -> bool:
    """A worker took the work up and did not end it."""
    with database.read() as session:
        return session.get_one(Schedule, work).lease_id is not None


def make_due(database: Database, work: str) -> None:
    """Whoever looks next finds it due."""
    with database.write() as session:
        due = update(Schedule).where(col(Schedule.name) == work)
        session.connection().execute(due.values(due_at=system_clock()))


def is_everybody_told(database: Database, count: int) -> bool:
    """All notifications stand in mails, and these are sent."""
    with database.read() as session:
        mails = select(OutgoingMail.id).where(col(OutgoingMail.sent_at).is_not(None))
        told = select(Notification).where(col(Notification.mail_id).in_(mails))
        return len(session.exec(told).all()) == count


def is_said(path: str, mail: EmailMessage) -> bool:
    """The mail leads there."""
    text = mail.get_body(("plain",))
    assert text is not None
    return path in text.get_content()


def assert_only_the_last_of_a_line_is_repeated(box: Mailbox, kills: int) -> None:
    """A line is one worker's; what came before the last mail over it was noted, so that a kill repeats one at most."""
    assert all(is_last for _line, is_last in box.repeats)
    assert len({line for line, _is_last in box.repeats}) == len(box.repeats) <= kills


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

    def hire(self, lease: int = LEASE_SECONDS) -> None:
        self.workers.append(self._tell(f"hire {lease}"))

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


@pytest.mark.parametrize("seed", [20261122, 7])
def test_no_mail_is_lost_and_only_the_one_in_hand_is_repeated(
    settings: Settings, authority: Authority, box: Mailbox, tmp_path: Path, seed: int
) -> None:
    chance = random.Random(seed)
    box.lingers = 0.03
    written = write_mails(settings)
    moments = sorted(chance.sample(range(5, MAILS - 20), KILLS))
    with running(box, authority) as url, Crew(settings, url, authority, tmp_path / "log") as crew:
        for _each in range(WORKERS):
            crew.hire()
        for moment in moments:
            wait_for(lambda so_many=moment: len(box.received) >= so_many, f"nothing leaves: {moment}")  # type: ignore[misc]
            time.sleep(chance.random() * box.lingers)
            crew.kill_one(chance)
            crew.hire()
        wait_for(lambda: not unsent(settings), "mail is left")
        assert crew.dismiss() == [0] * WORKERS
    assert set(box.message_ids) == written
    assert_only_the_last_of_a_line_is_repeated(box, KILLS)


def test_a_worker_killed_while_it_tells_and_reminds_mails_each_occasion_once(
    settings: Settings,
    client: TestClient,
    world: World,
    clock: MovedClock,
    authority: Authority,
    box: Mailbox,
    tmp_path: Path,
) -> None:
    chance = random.Random(20261122)
    # The ballot ends tomorrow by the clock of the machine, which the worker goes by.
    tomorrow = berlin_date(system_clock() + timedelta(days=1))
    clock.moment = system_clock() - timedelta(days=28)
    assembly = assemble(world, client, 15)
    assembly.open(end_of_day(tomorrow))
    clock.moment = system_clock()
    addresses = want_mail_at_once(world, assembly.voters)
    forget(world.database)
    said, kills, interrupted = [f"/empfehlungen/{assembly.recommendation_id}"], 0, 0
    with running(box, authority) as url, Crew(settings, url, authority, tmp_path / "log") as crew:
        crew.hire(lease=4)
        while interrupted < INTERRUPTED:
            assert kills < 25, "the worker is never met at work"
            work = "remind" if interrupted < INTERRUPTED // 2 else "mail_notifications"
            body, since = world.body(), system_clock()
            notify_of(world.database, *addresses, about="body.changed", subject=(SubjectType.BODY, body.id))
            said.append(f"/gremien/{body.slug}")
            make_due(world.database, work)
            wait_for(lambda name=work, at=since: was_begun(world.database, name, at), f"nobody does {work}")  # type: ignore[misc]
            time.sleep(chance.random() * 0.02)
            crew.kill_one(chance)
            kills += 1
            interrupted += is_begun_only(world.database, work)
            crew.hire(lease=4)
        wait_for(lambda: is_everybody_told(world.database, len(said) * len(addresses)), "somebody is not told")
        assert crew.dismiss() == [0]
    assert_only_the_last_of_a_line_is_repeated(box, kills)
    mails = {str(message["Message-ID"]): message for message in box.received}.values()
    told = Counter((str(mail["To"]), each) for mail in mails for each in said if is_said(each, mail))
    assert told == {(address, each): 1 for address in addresses.values() for each in said}
