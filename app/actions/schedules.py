"""What is done again and again: a table of works, each claimed by one worker at a time. It never talks to a server."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import or_, update
from sqlmodel import Session, col, select

from app.actions.attachments import forget_lost_files
from app.actions.attempts import forget_old_attempts
from app.actions.ballots import close_due_ballots
from app.actions.consultations import close_due_rounds
from app.actions.digests import mail_notifications
from app.actions.need_reviews import ask_about_needs
from app.actions.old_notifications import forget_notifications
from app.actions.outbox import forget_old_mails
from app.actions.publication import publish_due
from app.actions.reminders import remind
from app.actions.reuses import ask_about_reuses, forget_unconfirmed_reuses
from app.actions.subscriptions import forget_lapsed_subscriptions, mail_subscribers
from app.clock import now
from app.db import insert_if_absent
from app.domain.delivery import LEASE
from app.models.base import new_id
from app.models.schedules import Schedule
from app.queries.schedules import was_due

_ERROR_LENGTH: Final = 500
_LONGEST_PAUSE: Final = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Work:
    """One recurring piece of work: a function of a writing session, and how often it is looked at."""

    name: str
    every: timedelta
    run: Callable[[Session], int]


WORKS: Final = (
    Work("close_rounds", timedelta(seconds=5), close_due_rounds),
    Work("close_ballots", timedelta(seconds=5), close_due_ballots),
    Work("publish", timedelta(seconds=5), publish_due),
    Work("mail_notifications", timedelta(seconds=15), mail_notifications),
    Work("remind", timedelta(minutes=1), remind),
    Work("mail_subscribers", timedelta(minutes=30), mail_subscribers),
    Work("ask_about_needs", timedelta(hours=1), ask_about_needs),
    Work("ask_about_reuses", timedelta(hours=1), ask_about_reuses),
    Work("forget_reuses", timedelta(hours=1), forget_unconfirmed_reuses),
    Work("forget_attempts", timedelta(hours=1), forget_old_attempts),
    Work("forget_subscriptions", timedelta(hours=1), forget_lapsed_subscriptions),
    Work("forget_notifications", timedelta(hours=1), forget_notifications),
    Work("forget_mails", timedelta(hours=1), forget_old_mails),
    Work("forget_files", timedelta(hours=1), forget_lost_files),
)


@dataclass(frozen=True, slots=True)
class ClaimedWork:
    """A work in one worker's hand, until its lease is over."""

    work: Work
    lease_id: UUID


def add_schedules(session: Session) -> None:
    """Give every work its row; what stands is left as it is."""
    known = set(session.exec(select(Schedule.name)).all())
    for work in WORKS:
        if work.name not in known:
            insert_if_absent(
                session, Schedule, {"name": work.name, "due_at": now(session), "failures": 0, "last_error": ""}
            )


def claim_work(
    session: Session, work: Work, *, lease: timedelta = LEASE, only_if_due: bool = True
) -> ClaimedWork | None:
    """Lease a work to this worker; None where it isn't due, or another has it."""
    moment = now(session)
    claimed = ClaimedWork(work, new_id())
    is_free = or_(col(Schedule.leased_until).is_(None), col(Schedule.leased_until) <= moment)
    free = select(Schedule.name).where(Schedule.name == work.name, is_free)
    if only_if_due:
        free = free.where(was_due(moment))
    statement = (
        update(Schedule)
        .where(col(Schedule.name) == free.with_for_update(skip_locked=True).scalar_subquery())
        .values(lease_id=claimed.lease_id, leased_until=moment + lease, started_at=moment)
        .returning(col(Schedule.name))
    )
    return claimed if session.connection().execute(statement).first() else None


def do_work(session: Session, claimed: ClaimedWork) -> int:
    """Do the work and note that it is done, in one transaction; nothing where the lease went to another meanwhile."""
    moment = now(session)
    # The row stays locked while the work lasts: nobody takes it up a second time, however long that is.
    mine = update(Schedule).where(col(Schedule.name) == claimed.work.name, col(Schedule.lease_id) == claimed.lease_id)
    noted = mine.values(
        due_at=moment + claimed.work.every,
        finished_at=moment,
        failures=0,
        last_error="",
        lease_id=None,
        leased_until=None,
    )
    if session.connection().execute(noted).rowcount == 0:
        return 0
    return claimed.work.run(session)


def note_work_failed(session: Session, claimed: ClaimedWork, error: str) -> None:
    """The work was undone: it is tried again after a pause that grows with every failure."""
    mine = select(Schedule).where(Schedule.name == claimed.work.name, Schedule.lease_id == claimed.lease_id)
    schedule = session.exec(mine.with_for_update()).one_or_none()
    if schedule is None:
        return
    pause = min(claimed.work.every * 2 ** min(schedule.failures, 10), max(claimed.work.every, _LONGEST_PAUSE))
    schedule.failures, schedule.last_error = schedule.failures + 1, error[:_ERROR_LENGTH]
    schedule.due_at, schedule.lease_id, schedule.leased_until = now(session) + pause, None, None
