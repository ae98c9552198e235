"""What happens without a request: the clock's closings are recorded, scheduled texts published, mail handed over."""

from __future__ import annotations

import threading
from collections.abc import Callable

import structlog
from sqlmodel import Session

from app.actions.attempts import forget_old_attempts
from app.actions.ballots import close_due_ballots
from app.actions.consultations import close_due_rounds
from app.actions.outbox import claim_due_mails, note_failed, note_sent
from app.actions.publication import publish_due
from app.clock import now
from app.db import Database
from app.documents.mails import render_mail
from app.mailer import MailRefused, Transport, transport_for
from app.models.outbox import OutgoingMail

log = structlog.get_logger("dialogforum.worker")
PAUSE_SECONDS = 5.0
_CLOCKWORK: tuple[Callable[[Session], int], ...] = (
    close_due_rounds,
    close_due_ballots,
    publish_due,
    forget_old_attempts,
)


class Worker:
    """Works off what is due, again and again, until it is told to stop."""

    def __init__(self, database: Database, transport: Transport | None = None) -> None:
        self.database = database
        self.transport = transport or transport_for(database.settings)
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    def run_once(self) -> int:
        """Everything that is due now; how many things that were."""
        done = 0
        for work in _CLOCKWORK:
            with self.database.write() as session:
                done += work(session)
        return done + self._send_mails()

    def run(self) -> None:
        """Until `stop`; an error is logged and the next round tries again."""
        while not self._stop.is_set():
            try:
                self.run_once()
            except Exception as error:
                log.error("the worker's round failed", error=str(error), exc_info=error)
            self._stop.wait(PAUSE_SECONDS)

    def start(self) -> None:
        """Run beside the service in a thread of its own."""
        self._thread = threading.Thread(target=self.run, name="worker", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End after the thing in hand; what is not finished is claimed again after its lease."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join(timeout=2)

    def _send_mails(self) -> int:
        sent = 0
        while not self._stop.is_set():
            with self.database.write() as session:
                keys = claim_due_mails(session)
            for key in keys:
                sent += self._send(key)
            if not keys:
                break
        return sent

    def _send(self, key: object) -> int:
        with self.database.read() as session:
            mail = session.get_one(OutgoingMail, key)
            message = render_mail(session, mail, self.database.settings)
        if message is None:
            with self.database.write() as session:
                session.get_one(OutgoingMail, mail.id).dropped_at = now(session)
            return 0
        try:
            self.transport(message)
        except (OSError, MailRefused) as error:
            with self.database.write() as session:
                note_failed(session, mail.id, str(error), is_final=isinstance(error, MailRefused))
            return 0
        with self.database.write() as session:
            note_sent(session, mail.id)
        return 1
