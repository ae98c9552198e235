"""Who acts: a person, the system or an import; for which organisation and from which seat."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from uuid import UUID


class ActorKind(StrEnum):
    """What kind of doer stands in an event."""

    PERSON = "person"
    SYSTEM = "system"
    IMPORT = "import"


class PersonRole(StrEnum):
    """What a person is in the whole application; the roles in a body stand on the membership."""

    PARTICIPANT = "participant"
    SECRETARIAT = "secretariat"
    ADMIN = "admin"
    AUDITOR = "auditor"


class MembershipRole(StrEnum):
    """What a person is on a seat of a body."""

    CHAIR = "chair"
    VICE_CHAIR = "vice_chair"
    RAPPORTEUR = "rapporteur"
    MEMBER = "member"
    DEPUTY = "deputy"
    ADVISOR = "advisor"
    OBSERVER = "observer"
    STAFF = "staff"


LEADING_ROLES = frozenset({MembershipRole.CHAIR, MembershipRole.VICE_CHAIR})
HOLDER_ROLES = frozenset({*LEADING_ROLES, MembershipRole.RAPPORTEUR, MembershipRole.MEMBER})
"""A seat has at most one active person of these; that person's position is the seat's."""

WRITING_ROLES = frozenset({*HOLDER_ROLES, MembershipRole.DEPUTY, MembershipRole.ADVISOR})
"""Roles that post in the body; staff only drafts, observers only read."""

VOTING_ROLES = frozenset({*HOLDER_ROLES, MembershipRole.DEPUTY})

DRAFTING_ROLES = frozenset({*VOTING_ROLES, MembershipRole.STAFF})
"""Roles that read and write the drafts of their seat."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatHeld:
    """One active membership of the actor."""

    seat_id: UUID
    body_id: UUID
    organisation_id: UUID
    role: MembershipRole
    voting: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """The doer or reader of one request, fixed when it begins.

    `organisation_id` and `seat_id` are those the actor speaks for now; `acts_for` are all
    organisations in whose name it may answer and report.
    """

    kind: ActorKind = ActorKind.PERSON
    person_id: UUID | None = None
    organisation_id: UUID | None = None
    seat_id: UUID | None = None
    role: PersonRole | None = None
    seats: tuple[SeatHeld, ...] = ()
    acts_for: frozenset[UUID] = frozenset()
    may_write: bool = True

    @property
    def is_signed_in(self) -> bool:
        """True for a person known to the application."""
        return self.person_id is not None

    @property
    def is_secretariat(self) -> bool:
        """True for the Geschäftsstelle."""
        return self.role is PersonRole.SECRETARIAT

    @property
    def is_admin(self) -> bool:
        """True for the Systemadministration."""
        return self.role is PersonRole.ADMIN

    @property
    def is_auditor(self) -> bool:
        """True for the Prüfung."""
        return self.role is PersonRole.AUDITOR

    @property
    def body_ids(self) -> frozenset[UUID]:
        """Bodies the actor has an active membership in, in whatever role."""
        return frozenset(seat.body_id for seat in self.seats)

    @property
    def drafting_seat_ids(self) -> frozenset[UUID]:
        """Seats whose drafts are the actor's, too: those it votes or drafts for."""
        return frozenset(seat.seat_id for seat in self.seats if seat.role in DRAFTING_ROLES)

    def seats_in(self, body_id: UUID | None, roles: frozenset[MembershipRole] | None = None) -> tuple[SeatHeld, ...]:
        """The actor's memberships in one body, optionally only those of some roles."""
        return tuple(seat for seat in self.seats if seat.body_id == body_id and (roles is None or seat.role in roles))

    def leads(self, body_id: UUID | None) -> bool:
        """True where the actor is chair or vice chair of the body."""
        return bool(self.seats_in(body_id, LEADING_ROLES))

    def speaking_for(self, seat: SeatHeld) -> Actor:
        """The same actor, speaking from one seat for its organisation."""
        return replace(self, seat_id=seat.seat_id, organisation_id=seat.organisation_id)


PUBLIC_ACTOR = Actor(may_write=False)
SYSTEM_ACTOR = Actor(kind=ActorKind.SYSTEM)
IMPORT_ACTOR = Actor(kind=ActorKind.IMPORT)
