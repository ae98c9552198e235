"""Reminding whom nobody sees in the application yet: by mail, with a further link that ends with the first."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import or_, update
from sqlmodel import Session, col

from app.actions.mail import send_mail
from app.actions.one_time_links import NewLink, make_link
from app.clock import now
from app.domain.deadline_reminders import ReminderStage
from app.models.accounts import LinkPurpose, OneTimeLink
from app.queries.deadlines.invitations import OpenInvitation
from app.wording.dates import german_deadline

_KEPT_AFTER_ITS_END = timedelta(days=1)


def mail_invitation_reminder(session: Session, invitation: OpenInvitation, stage: ReminderStage) -> None:
    """Write to who was invited: with a link while the invitation runs, without one when it is over."""
    if not invitation.address:
        return
    is_over = stage is ReminderStage.ENDED
    send_mail(
        session,
        address=invitation.address,
        template="invitation_reminder" if invitation.person_id else "nomination_reminder",
        data={
            "name": invitation.name,
            "organisation": invitation.organisation,
            "body": invitation.body,
            **(
                {"path": None, "until": german_deadline(invitation.deadline.due_at)}
                if is_over
                else _further_link(session, invitation).said
            ),
        },
        person_id=invitation.person_id,
        thread_id=_thread_of(invitation),
    )


def forget_invited_addresses(session: Session) -> None:
    """Take whom a seat's offer was sent to out of links that are used or over."""
    moment = now(session)
    statement = update(OneTimeLink).where(
        col(OneTimeLink.address) != "",
        or_(col(OneTimeLink.used_at).is_not(None), col(OneTimeLink.expires_at) < moment - _KEPT_AFTER_ITS_END),
    )
    session.connection().execute(statement.values(address="", name=""))


def _thread_of(invitation: OpenInvitation) -> str:
    """What the first mail and its reminders belong together by."""
    if invitation.person_id:
        return f"invitation.{invitation.person_id}"
    return f"seat.{invitation.deadline.subject_id}"


def _further_link(session: Session, invitation: OpenInvitation) -> NewLink:
    """One more link to the same; the first is known only to who got it, and goes on to work."""
    expires_at = invitation.deadline.due_at
    if invitation.person_id:
        return make_link(session, LinkPurpose.INVITATION, expires_at=expires_at, person_id=invitation.person_id)
    return make_link(
        session,
        LinkPurpose.NOMINATION,
        expires_at=expires_at,
        seat_id=invitation.deadline.subject_id,
        address=invitation.address,
        name=invitation.name,
    )
