"""Who is told what: one row a person and occasion, what was reminded of, and how each wants mail."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from app.domain.deadline_reminders import DeadlineKind, ReminderStage
from app.domain.events import SubjectType
from app.domain.notifications import MailRhythm, Urgency
from app.models.base import Table, moment_field, word_field


class Notification(SQLModel, table=True):
    """One person is told of one occasion (an event or a reminder), at most once.

    `about` is the event's word or `reminder.<kind>.<stage>`; `place_type` and `place_id` name the thing on whose
    page it is read. Whether the person may still see it is asked when it is shown or sent, never before.
    """

    __table_args__ = (
        Index(None, "person_id", "read_at", "occasion_id"),
        Index(None, "place_id", "person_id"),
        Index(
            "ix_notification_read",
            "read_at",
            sqlite_where=text("read_at IS NOT NULL"),
            postgresql_where=text("read_at IS NOT NULL"),
        ),
        Index(
            "ix_notification_unmailed",
            "person_id",
            "urgency",
            "happened_at",
            sqlite_where=text("mail_id IS NULL AND read_at IS NULL"),
            postgresql_where=text("mail_id IS NULL AND read_at IS NULL"),
        ),
    )

    occasion_id: UUID = Field(primary_key=True)
    person_id: UUID = Field(foreign_key="person.id", primary_key=True)
    about: str = Field(max_length=60)
    urgency: Urgency = word_field(Urgency)
    subject_type: SubjectType = word_field(SubjectType)
    subject_id: UUID
    place_type: SubjectType = word_field(SubjectType)
    place_id: UUID
    body_id: UUID | None = None
    happened_at: datetime = moment_field()
    read_at: datetime | None = moment_field(default=None)
    mail_id: UUID | None = Field(default=None, foreign_key="outgoing_mail.id", index=True)


class Reminder(Table, table=True):
    """One stage of one deadline was reminded of; a deadline that moves is reminded of anew."""

    __table_args__ = (UniqueConstraint("kind", "subject_id", "stage", "due_at"),)

    kind: DeadlineKind = word_field(DeadlineKind)
    stage: ReminderStage = word_field(ReminderStage)
    subject_id: UUID
    due_at: datetime = moment_field()


class MailPreference(SQLModel, table=True):
    """How a person wants mail about news and tasks; without a row the default of `domain.digests` holds."""

    __tablename__ = "mail_preference"

    person_id: UUID = Field(foreign_key="person.id", primary_key=True)
    rhythm: MailRhythm = word_field(MailRhythm)
    hour: int
    weekday: int
