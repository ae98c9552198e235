"""What is sent about organisations."""

from __future__ import annotations

from uuid import UUID

from pydantic import Field

from app.domain.organisations import Level, OrganisationKind, ParticipationClass
from app.forms.base import Creation, EmailAddress, Input, Line


class OrganisationForm(Creation):
    """An organisation; a collective has members, and may name who answers for it."""

    name: Line
    kind: OrganisationKind
    level: Level
    participation_class: ParticipationClass
    member_ids: list[UUID] = Field(default=[], max_length=1_000)
    answers_for_id: UUID | None = None
    contact_address: EmailAddress | None = None


class OrganisationChange(Input):
    """What of an organisation changes; a field left out stays, lists are replaced.

    `agent_ids`: only these persons act for it; an empty list lets all its active persons.
    """

    name: Line | None = None
    kind: OrganisationKind | None = None
    level: Level | None = None
    participation_class: ParticipationClass | None = None
    member_ids: list[UUID] | None = Field(default=None, max_length=1_000)
    answers_for_id: UUID | None = None
    contact_address: EmailAddress | None = None
    agent_ids: list[UUID] | None = Field(default=None, max_length=200)
    is_active: bool | None = None
