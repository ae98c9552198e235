"""Reminding of deadlines: who still has to act before and at the end, who oversees it after; each stage once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final
from uuid import UUID

import structlog
from sqlalchemy import update
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session, col, select

from app.actions.invitation_reminders import forget_invited_addresses, mail_invitation_reminder
from app.actions.need_review_mails import remind_of_review
from app.actions.notifications import notify
from app.actions.report_link_mails import ask_for_report_on
from app.actions.response_link_mails import remind_addressee
from app.actions.statement_link_mails import remind_by_mail
from app.clock import now
from app.db import insert_if_absent
from app.domain.deadline_reminders import FORGOTTEN_AFTER, DeadlineKind, ReminderStage, stages_due
from app.domain.notifications import Urgency
from app.models.base import new_id
from app.models.notifications import Notification, Reminder
from app.queries.deadlines import Deadline, list_deadlines
from app.queries.deadlines.invitations import OpenInvitation, list_invitations
from app.queries.deadlines.owing import persons_overseeing, persons_owing
from app.wording.notifications import reminder_about

log = structlog.get_logger("dialogforum.reminders")

_ASKED_BY_LINK: Final[dict[DeadlineKind, Callable[[Session, UUID], None]]] = {
    DeadlineKind.COMMENT_ROUND: remind_by_mail,
    DeadlineKind.REPORT: ask_for_report_on,
    DeadlineKind.RESPONSE: remind_addressee,
    DeadlineKind.NEED_REVIEW: remind_of_review,
}
"""What organisations are asked at their mailboxes, too: they are reminded there at every stage that is theirs."""


def remind(session: Session) -> int:
    """Tell of every stage of a deadline that is reached and was not told of; how many stages that were.

    For a worker that comes late only the latest stage counts. A deadline that moved is told of anew. However many
    persons a deadline waits for, a stage costs three statements. One that fails is undone alone, and tried again.
    """
    moment = now(session)
    told = _told_of(session)
    invited = {each.deadline: each for each in list_invitations(session, moment)}
    done = failed = 0
    for deadline in [*list_deadlines(session, moment), *invited]:
        for stage in stages_due(deadline.due_at, since=deadline.since, at=moment):
            if (deadline.kind, deadline.subject_id, stage, deadline.due_at) not in told:
                reminded = _try_to_remind(session, deadline, stage, invited.get(deadline))
                done, failed = done + (reminded is True), failed + (reminded is None)
    if failed:
        log.error("deadlines were not reminded of", failed=failed, done=done)
    forget_invited_addresses(session)
    return done


def _told_of(session: Session) -> set[tuple[DeadlineKind, UUID, ReminderStage, object]]:
    """What was told of the deadlines that are not forgotten yet."""
    statement = select(Reminder).where(Reminder.due_at >= now(session) - FORGOTTEN_AFTER)
    return {(each.kind, each.subject_id, each.stage, each.due_at) for each in session.exec(statement)}


def _try_to_remind(
    session: Session, deadline: Deadline, stage: ReminderStage, invitation: OpenInvitation | None
) -> bool | None:
    """One stage within a savepoint of its own; None where it failed."""
    try:
        with session.begin_nested():
            return _remind(session, deadline, stage, invitation)
    except Exception as error:
        if isinstance(error, DBAPIError) and error.connection_invalidated:
            raise
        subject = str(deadline.subject_id)
        log.error("a reminder failed", kind=deadline.kind, stage=stage, subject=subject, exc_info=error)
        return None


def _remind(session: Session, deadline: Deadline, stage: ReminderStage, invitation: OpenInvitation | None) -> bool:
    """One stage of one deadline; False where another worker was faster."""
    moment = now(session)
    reminder_id = new_id(moment)
    if not _note(session, reminder_id, deadline, stage):
        return False
    is_missed = stage is ReminderStage.MISSED
    if invitation is not None and not is_missed:
        mail_invitation_reminder(session, invitation, stage)
        return True
    if not is_missed:
        _replace_earlier(session, deadline)
    notify(
        session,
        occasion_id=reminder_id,
        about=reminder_about(deadline.kind, stage),
        urgency=Urgency.DEADLINE,
        subject_type=deadline.subject_type,
        subject_id=deadline.subject_id,
        place_type=deadline.place_type,
        place_id=deadline.place_id,
        body_id=deadline.body_id,
        happened_at=moment,
        persons=persons_overseeing(deadline) if is_missed else persons_owing(deadline),
    )
    write_to_mailboxes = _ASKED_BY_LINK.get(deadline.kind)
    if write_to_mailboxes and not is_missed:
        write_to_mailboxes(session, deadline.subject_id)
    return True


def _note(session: Session, key: UUID, deadline: Deadline, stage: ReminderStage) -> bool:
    """Note that this stage is told of; False where it was already."""
    values = {
        "id": key,
        "created_at": now(session),
        "kind": deadline.kind,
        "stage": stage,
        "subject_id": deadline.subject_id,
        "due_at": deadline.due_at,
    }
    return insert_if_absent(session, Reminder, values)


def _replace_earlier(session: Session, deadline: Deadline) -> None:
    """A nearer stage takes the place of the farther ones that nobody has read: one deadline, one unread line."""
    earlier = [reminder_about(deadline.kind, stage) for stage in ReminderStage if stage is not ReminderStage.MISSED]
    statement = update(Notification).where(
        col(Notification.subject_id) == deadline.subject_id,
        col(Notification.about).in_(earlier),
        col(Notification.read_at).is_(None),
    )
    session.connection().execute(statement.values(read_at=now(session)))
