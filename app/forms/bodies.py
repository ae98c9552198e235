"""What is sent about bodies, their seats and the persons on them."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from pydantic import Field, StringConstraints

from app.domain.actors import MembershipRole
from app.domain.bodies import BodyKind
from app.forms.base import Creation, EmailAddress, FileReference, Input, Line, OptionalText, Reason, ShortLine

Question = Annotated[Line, Field(max_length=500)]
GroupName = Annotated[str, StringConstraints(min_length=1, max_length=100)]


class BodyForm(Creation):
    """A body as it is set up; rules left out take their defaults."""

    title: Line
    kind: BodyKind
    field_of_action_id: UUID
    mandate: OptionalText = ""
    guiding_questions: list[Question] = Field(default=[], max_length=30)
    topic_id: UUID | None = None
    file_reference: FileReference | None = None
    rules: dict[str, Any] = Field(default={}, max_length=30)
    responsible_person_ids: list[UUID] = Field(default=[], max_length=50)
    cover_person_ids: list[UUID] = Field(default=[], max_length=50)


class BodyChange(Input):
    """What of a body changes; a field left out stays, lists and rules replace what stood there."""

    title: Line | None = None
    kind: BodyKind | None = None
    field_of_action_id: UUID | None = None
    mandate: OptionalText | None = None
    guiding_questions: list[Question] | None = Field(default=None, max_length=30)
    topic_id: UUID | None = None
    file_reference: FileReference | None = None
    rules: dict[str, Any] | None = Field(default=None, max_length=30)
    responsible_person_ids: list[UUID] | None = Field(default=None, max_length=50)
    cover_person_ids: list[UUID] | None = Field(default=None, max_length=50)


class BodyTransition(Input):
    """A move of a body."""

    transition: str = Field(max_length=40)
    reason: Reason | None = None


class SeatForm(Creation):
    """An organisation's seat in a body."""

    organisation_id: UUID
    voting: bool
    group: GroupName | None = None


class SeatChange(Input):
    """What of a seat changes; ballots that are open keep the electorate they began with."""

    voting: bool | None = None
    group: GroupName | None = None


class MembershipForm(Creation):
    """A person takes a role on a seat."""

    person_id: UUID
    role: MembershipRole


class MembershipChange(Input):
    """A person goes on in another role."""

    role: MembershipRole


class NominationRequest(Input):
    """Whom of an organisation the seat is offered to."""

    name: ShortLine
    email: EmailAddress


class Nomination(Input):
    """Whom an organisation names for its seat; a name needs its address."""

    member_name: ShortLine
    member_email: EmailAddress
    deputy_name: ShortLine | None = None
    deputy_email: EmailAddress | None = None


class SeatDecline(Input):
    """Why an organisation leaves its seat empty."""

    reason: Reason = Field(min_length=1)


class SeatTransition(Input):
    """A move of a seat; `nominate` may name the persons at once."""

    transition: str = Field(max_length=40)
    reason: Reason | None = None
    member_name: ShortLine | None = None
    member_email: EmailAddress | None = None
    deputy_name: ShortLine | None = None
    deputy_email: EmailAddress | None = None
