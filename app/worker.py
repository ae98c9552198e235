"""What happens without a request: the clock's closings are recorded, scheduled texts published, mail handed over."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from email.message import EmailMessage
from functools import partial
from typing import Final

import structlog
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as NoConnectionFree
from sqlmodel import Session

from app.actions.outbox import (
    ClaimedMail,
    claim_mail,
    note_address_refused,
    note_dropped,
    note_failed,
    note_impossible,
    note_sent,
    note_server_away,
)
from app.actions.schedules import WORKS, Work, add_schedules, claim_work, do_work, note_work_failed
from app.clock import now
from app.db import Database
from app.documents.mails import render_mail
from app.domain.delivery import LEASE, handing_over_limit, is_address
from app.i18n import _
from app.mailer import AddressRefused, MailImpossible, NotHandedOver, ServerAway, Transport, transport_for
from app.models.outbox import OutgoingMail
from app.queries.outbox import has_due_mail
from app.queries.schedules import is_due, list_schedules

log = structlog.get_logger("dialogforum.worker")
PAUSE_SECONDS: Final = 1.0
_FIRST_PAUSE_WITHOUT_SERVER: Final = 5.0
_LONGEST_PAUSE_SECONDS: Final = 60.0
_MOST_DOUBLINGS: Final = 10
_SECONDS_TO_FINISH: Final = 1.5


@dataclass(frozen=True, slots=True)
class _Outcome:
    """What became of the mail in hand, to be noted."""

    note: Callable[[Session], None]
    is_sent: bool = False
    is_server_away: bool = False


class Worker:
    """Works off what is due, again and again, until it is told to stop.

    Several may run, in one process or many: each mail and each work is claimed for a lease before it is taken in
    hand, and handing over a mail ends well within it. Mail has a thread of its own: no slow server delays a deadline.
    """

    def __init__(self, database: Database, transport: Transport | None = None, *, lease: timedelta = LEASE) -> None:
        self.database = database
        self.transport = transport or transport_for(database.settings)
        self.lease = lease
        self._stop = threading.Event()
        self._asked_at = 0.0
        self._threads: list[threading.Thread] = []
        self._tries_without_server = 0
        self._server_away_until = 0.0

    def run_once(self) -> int:
        """Everything that can be done now, even works whose next moment lies ahead; how many things that were."""
        with self.database.write() as session:
            add_schedules(session)
        return sum(self._do(work, only_if_due=False) for work in WORKS) + self._send_mails()

    def run(self) -> None:
        """Until `ask_to_stop`; ends after the thing in hand, or a moment later without it."""
        self.start()
        self._stop.wait()
        self.stop()

    def start(self) -> None:
        """Run beside whoever calls, in threads of its own; an error is logged and the next round tries again."""
        for name, step in (("worker-schedules", self._work_off_schedules), ("worker-mails", self._work_off_mails)):
            thread = threading.Thread(target=self._repeat, args=(step,), name=name, daemon=True)
            self._threads.append(thread)
            thread.start()

    def ask_to_stop(self) -> None:
        """Take nothing new in hand; from the first time it is said, what is in hand has a second and a half."""
        self._asked_at = self._asked_at or time.monotonic()
        self._stop.set()

    def stop(self) -> None:
        """End after the thing in hand; what is not finished soon is claimed again after its lease."""
        self.ask_to_stop()
        self._join(self._asked_at + _SECONDS_TO_FINISH - time.monotonic())

    def _join(self, seconds: float) -> None:
        until = time.monotonic() + seconds
        for thread in self._threads:
            thread.join(timeout=max(0.0, until - time.monotonic()))

    def _repeat(self, step: Callable[[], None]) -> None:
        failures = 0
        while not self._stop.is_set():
            try:
                step()
                failures = 0
            except Exception as error:
                failures += 1
                log.error("the worker's round failed", error=str(error), exc_info=error)
            self._stop.wait(_pause_after(failures, PAUSE_SECONDS))

    def _work_off_schedules(self) -> None:
        with self.database.read() as session:
            schedules = {schedule.name: schedule for schedule in list_schedules(session)}
            moment = now(session)
        if any(work.name not in schedules for work in WORKS):
            with self.database.write() as session:
                add_schedules(session)
        for work in WORKS:
            if not self._stop.is_set() and (work.name not in schedules or is_due(schedules[work.name], moment)):
                self._do(work)

    def _do(self, work: Work, *, only_if_due: bool = True) -> int:
        with self.database.write() as session:
            claimed = claim_work(session, work, lease=self.lease, only_if_due=only_if_due)
        if claimed is None:
            return 0
        try:
            with self.database.write() as session:
                return do_work(session, claimed)
        except Exception as error:
            log.error("a scheduled work failed", work=work.name, error=str(error), exc_info=error)
            with self.database.write() as session:
                note_work_failed(session, claimed, f"{type(error).__name__}: {error}")
            return 0

    def _work_off_mails(self) -> None:
        if time.monotonic() < self._server_away_until:
            return
        with self.database.read() as session:
            if not has_due_mail(session):
                return
        self._send_mails()

    def _send_mails(self) -> int:
        """One after the other over one connection, until none is due; how many were handed over."""
        sent, outcome = 0, None
        try:
            while True:
                claimed_at = time.monotonic()
                mail = self._note_and_claim(outcome)
                if mail is None:
                    return sent
                outcome = self._hand_over(mail, claimed_at)
                self._remember_server(outcome)
                sent += outcome.is_sent
        finally:
            self.transport.close()

    def _note_and_claim(self, outcome: _Outcome | None) -> ClaimedMail | None:
        """What became of the last mail is noted with the next claim; while the database is away it is not forgotten."""
        until = time.monotonic() + self.lease.total_seconds()
        while True:
            try:
                with self.database.write() as session:
                    if outcome is not None:
                        outcome.note(session)
                    if self._stop.is_set() or (outcome is not None and outcome.is_server_away):
                        return None
                    return claim_mail(session, lease=self.lease)
            except SQLAlchemyError as error:
                if outcome is None or time.monotonic() > until:
                    raise
                log.error("what became of a mail could not be noted yet", error=str(error))
                time.sleep(PAUSE_SECONDS)

    def _hand_over(self, mail: ClaimedMail, claimed_at: float) -> _Outcome:
        try:
            message = self._render(mail)
            if message is None:
                return _Outcome(partial(note_dropped, mail=mail))
            limit = handing_over_limit(self.lease) - timedelta(seconds=time.monotonic() - claimed_at)
            if limit <= timedelta():
                return _Outcome(partial(note_failed, mail=mail, error=_("Die Vorbereitung dauerte zu lange.")))
            self.transport.hand_over(message, limit)
        except (DBAPIError, NoConnectionFree):
            raise
        except AddressRefused as error:
            return _Outcome(partial(note_address_refused, mail=mail, error=str(error)))
        except MailImpossible as error:
            return _Outcome(partial(note_impossible, mail=mail, error=str(error)))
        except ServerAway as error:
            log.warning("no server takes mail", error=error.for_log)
            return _Outcome(partial(note_server_away, mail=mail, error=str(error)), is_server_away=True)
        except NotHandedOver as error:
            log.warning("a mail was not handed over", mail=str(mail.id), error=error.for_log)
            return _Outcome(partial(note_failed, mail=mail, error=str(error)))
        except Exception as error:
            log.error("a mail could not be made", mail=str(mail.id), template=mail.template, exc_info=error)
            return _Outcome(partial(note_failed, mail=mail, error=f"{type(error).__name__}: {error}"))
        return _Outcome(partial(note_sent, mail=mail), is_sent=True)

    def _render(self, mail: ClaimedMail) -> EmailMessage | None:
        """The mail as it travels; the database is left before anybody talks to a server."""
        if not is_address(mail.address):
            raise MailImpossible(_("Das ist keine E-Mail-Adresse."))
        with self.database.read() as session:
            return render_mail(session, session.get_one(OutgoingMail, mail.id), self.database.settings)

    def _remember_server(self, outcome: _Outcome) -> None:
        if not outcome.is_server_away:
            self._tries_without_server = 0
            return
        pause = _pause_after(self._tries_without_server, _FIRST_PAUSE_WITHOUT_SERVER)
        self._tries_without_server += 1
        self._server_away_until = time.monotonic() + pause


def _pause_after(failures: int, first: float) -> float:
    """Twice as long after each failure, up to the longest; however many there were."""
    return min(first * 2.0 ** min(failures, _MOST_DOUBLINGS), _LONGEST_PAUSE_SECONDS)
