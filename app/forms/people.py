"""What is sent about people."""

from __future__ import annotations

from uuid import UUID

from app.domain.actors import PersonRole
from app.forms.base import Creation, EmailAddress, Input, Reason, ShortLine


class PersonForm(Creation):
    """A person who is to take part."""

    email: EmailAddress
    name: ShortLine
    organisation_id: UUID
    role: PersonRole = PersonRole.PARTICIPANT


class PersonChange(Input):
    """What of a person changes; a field left out stays."""

    email: EmailAddress | None = None
    name: ShortLine | None = None
    organisation_id: UUID | None = None
    role: PersonRole | None = None


class ReasonForm(Input):
    """Why an access ends, opens again, or a person's data go."""

    reason: Reason | None = None
