"""Persons: their name and address stand here alone."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field

from app.domain.actors import PersonRole
from app.domain.events import SubjectType
from app.i18n import _
from app.models.base import Recorded, moment_field, related, word_field
from app.models.organisations import Organisation


class Person(Recorded, table=True):
    """A person who takes part; name and address stand here alone and can be redacted."""

    __table_args__ = (UniqueConstraint("email"), Index(None, "sort_key", "id"))
    subject_type = SubjectType.PERSON

    email: str | None = Field(default=None, max_length=254)
    name: str = Field(max_length=200)
    sort_key: str = Field(max_length=200)
    organisation_id: UUID = Field(foreign_key="organisation.id", index=True)
    role: PersonRole = word_field(PersonRole, PersonRole.PARTICIPANT)
    password_hash: str | None = None
    invited_at: datetime | None = moment_field(default=None)
    joined_at: datetime | None = moment_field(default=None)
    ended_at: datetime | None = moment_field(default=None)
    redacted_at: datetime | None = moment_field(default=None)
    absent_until: date | None = None
    organisation: Organisation | None = related()

    @property
    def is_active(self) -> bool:
        """True while access has not ended and the person is not redacted."""
        return self.ended_at is None and self.redacted_at is None

    @property
    def shown_name(self) -> str:
        """The name as others read it; a departed person is shown without."""
        return self.name if self.is_active else _("ehemaliges Mitglied")
