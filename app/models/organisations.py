"""Organisations, the members of collectives, and who acts for one."""

from uuid import UUID

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from app.domain.events import SubjectType
from app.domain.organisations import Level, OrganisationKind, ParticipationClass
from app.models.base import Recorded, word_field


class Organisation(Recorded, table=True):
    """Who takes part, is addressed, or answers for a measure; a collective has no persons.

    `answers_for_id` of a collective is the organisation that answers for it, of any other the collective it
    answers for: both say the same of the two. `contact_address` is a mailbox of the office, not of a person: what the
    organisation is asked is mailed there with a link, so that it can answer without an account.
    """

    __table_args__ = (UniqueConstraint("name"), Index(None, "sort_key", "id"))
    subject_type = SubjectType.ORGANISATION
    recorded_texts = ("name",)

    name: str = Field(max_length=300)
    sort_key: str = Field(max_length=200)
    kind: OrganisationKind = word_field(OrganisationKind)
    level: Level = word_field(Level)
    participation_class: ParticipationClass = word_field(ParticipationClass)
    answers_for_id: UUID | None = Field(default=None, foreign_key="organisation.id")
    contact_address: str | None = Field(default=None, max_length=254)
    is_active: bool = True
    is_incomplete: bool = False


class OrganisationMember(SQLModel, table=True):
    """An organisation belongs to a collective."""

    __tablename__ = "organisation_member"

    collective_id: UUID = Field(foreign_key="organisation.id", primary_key=True)
    member_id: UUID = Field(foreign_key="organisation.id", primary_key=True, index=True)


class OrganisationAgent(SQLModel, table=True):
    """Only the persons named here act for the organisation; without any row all its active persons do."""

    __tablename__ = "organisation_agent"

    organisation_id: UUID = Field(foreign_key="organisation.id", primary_key=True)
    person_id: UUID = Field(foreign_key="person.id", primary_key=True)
