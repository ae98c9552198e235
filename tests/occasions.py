"""What tests of mail about notifications share: one or many persons are told of an occasion, and how they want mail."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import delete, update
from sqlmodel import col, select

from app.actions.digests import mail_notifications
from app.actions.mail_preferences import choose_mail
from app.actions.notifications import notify
from app.clock import now
from app.db import Database
from app.domain.digests import MailChoice
from app.domain.events import SubjectType
from app.domain.notifications import MailRhythm, Urgency
from app.models.base import new_id
from app.models.bodies import Body
from app.models.notifications import Notification
from app.models.outbox import OutgoingMail
from app.models.people import Person
from tests.factories import Known, World
from tests.mails import list_mails

Thing = tuple[SubjectType, UUID]


def notify_of(
    database: Database,
    *persons: UUID,
    about: str,
    subject: Thing,
    place: Thing | None = None,
    body: Body | None = None,
    urgency: Urgency = Urgency.NEWS,
) -> UUID:
    """Tell these persons of one occasion; its id."""
    place = place or subject
    with database.write() as session:
        moment = now(session)
        occasion_id = new_id(moment)
        notify(
            session,
            occasion_id=occasion_id,
            about=about,
            urgency=urgency,
            subject_type=subject[0],
            subject_id=subject[1],
            place_type=place[0],
            place_id=place[1],
            body_id=body.id if body else None,
            happened_at=moment,
            persons=select(Person.id).where(col(Person.id).in_(persons)),
        )
    return occasion_id


def choose(world: World, known: Known, rhythm: MailRhythm, *, hour: int = 7, weekday: int = 0) -> None:
    """Let a person want mail so."""
    with world.database.write() as session:
        choice = MailChoice(rhythm=rhythm, hour=hour, weekday=weekday)
        choose_mail(session, choice, actor=world.actor(known, session))


def forget(database: Database) -> None:
    """Nobody was told of anything."""
    with database.write() as session:
        session.connection().execute(delete(Notification))


def last_mail(database: Database) -> OutgoingMail:
    """The next one, after all before it have left."""
    with database.write() as session:
        session.connection().execute(update(OutgoingMail).values(sent_at=now(session)))
        mail_notifications(session)
    return [mail for mail in list_mails(database) if mail.template == "digest"][-1]
