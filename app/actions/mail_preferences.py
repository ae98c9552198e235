"""How often a person wants mail about news and tasks; deadlines and what concerns the account always come."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import delete
from sqlmodel import Session, col

from app.actions.permissions import require_write
from app.db import insert_if_absent
from app.domain.actors import Actor
from app.domain.digests import DEFAULT_CHOICE, MailChoice
from app.domain.notifications import MailRhythm
from app.errors import NotFound
from app.models.notifications import MailPreference, Notification
from app.models.people import Person


def choose_mail(session: Session, choice: MailChoice, *, actor: Actor) -> MailPreference:
    """Keep what a person chose; it holds from the next mail on."""
    require_write(actor)
    if actor.person_id is None:
        raise NotFound()
    preference = _preference(session, actor.person_id)
    preference.rhythm, preference.hour, preference.weekday = choice.rhythm, choice.hour, choice.weekday
    return preference


def stop_mail(session: Session, person_id: UUID) -> bool:
    """No more mail about news and tasks for whoever holds the link of a mail; False where there is no such person.

    Said twice it is one end; hour and weekday are kept for a return.
    """
    person = session.get(Person, person_id)
    if person is None or not person.is_active:
        return False
    _preference(session, person_id).rhythm = MailRhythm.NEVER
    return True


def forget_told(session: Session, person_id: UUID) -> None:
    """Delete what a person was told of and how it wanted mail, when its data are removed."""
    execute = session.connection().execute
    execute(delete(Notification).where(col(Notification.person_id) == person_id))
    execute(delete(MailPreference).where(col(MailPreference.person_id) == person_id))


def _preference(session: Session, person_id: UUID) -> MailPreference:
    """The person's row, held; made where nothing was chosen before."""
    default = DEFAULT_CHOICE
    values = {"rhythm": default.rhythm, "hour": default.hour, "weekday": default.weekday}
    insert_if_absent(session, MailPreference, {"person_id": person_id, **values})
    return session.get_one(MailPreference, person_id, with_for_update=True)
