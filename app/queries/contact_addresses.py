"""Where an organisation is written to without an account: its own mailbox, or that of who answers for a collective."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import and_, or_, union
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from app.domain.actors import WRITING_ROLES
from app.domain.contact_addresses import NO_ADDRESS, mark_of
from app.domain.organisations import OrganisationKind
from app.models.bodies import Membership, Seat
from app.models.organisations import Organisation
from app.models.people import Person
from app.queries.persons import takes_part


@dataclass(frozen=True, slots=True)
class Contact:
    """A mailbox an organisation is asked at, and who speaks from it: itself, or who answers for it."""

    speaker_id: UUID
    address: str


@dataclass(frozen=True, slots=True)
class Reach:
    """How an organisation can be asked: by which mailboxes, and whether somebody who acts for it has an account."""

    contacts: tuple[Contact, ...] = ()
    has_account: bool = False

    @property
    def could_be_asked(self) -> bool:
        """False where a question reached nobody."""
        return self.has_account or bool(self.contacts)


def contacts_of(session: Session, organisation_ids: Collection[UUID]) -> dict[UUID, list[Contact]]:
    """The mailboxes of some organisations, by organisation; one statement."""
    found: dict[UUID, list[Contact]] = {}
    for asked_id, speaker_id, address in _speakers(session, organisation_ids):
        if address:
            found.setdefault(asked_id, []).append(Contact(speaker_id, address))
    return found


def reach_of(session: Session, organisation_ids: Collection[UUID]) -> dict[UUID, Reach]:
    """How each of some organisations can be asked; two statements."""
    speakers = _speakers(session, organisation_ids)
    held = _with_account(session, {speaker_id for _asked, speaker_id, _address in speakers})
    return {
        key: Reach(
            tuple(Contact(speaker, address) for asked, speaker, address in speakers if asked == key and address),
            any(asked == key and speaker in held for asked, speaker, _address in speakers),
        )
        for key in organisation_ids
    }


def speaker_by_mark(session: Session, subject_id: UUID, organisation_id: UUID, mark: UUID) -> UUID | None:
    """Who speaks by a link with this mark; None where the mailbox it was made for is the organisation's no more."""
    contacts = contacts_of(session, [organisation_id]).get(organisation_id, [])
    for contact in contacts or [Contact(organisation_id, NO_ADDRESS)]:
        if mark_of(subject_id, contact.address) == mark:
            return contact.speaker_id
    return None


def _speakers(session: Session, organisation_ids: Collection[UUID]) -> list[tuple[UUID, UUID, str | None]]:
    """Each of them itself, and of a collective who answers for it."""
    asked, speaker = aliased(Organisation), aliased(Organisation)
    answers_for = and_(
        col(asked.kind) == OrganisationKind.COLLECTIVE,
        or_(col(speaker.id) == asked.answers_for_id, col(speaker.answers_for_id) == asked.id),
    )
    statement = (
        select(asked.id, speaker.id, speaker.contact_address)
        .join(speaker, or_(col(speaker.id) == asked.id, answers_for))
        .where(col(asked.id).in_(organisation_ids))
        .order_by(col(speaker.sort_key), col(speaker.id))
    )
    return list(session.exec(statement).all())


def _with_account(session: Session, organisation_ids: Collection[UUID]) -> set[UUID]:
    own = select(col(Person.organisation_id)).where(takes_part(), col(Person.organisation_id).in_(organisation_ids))
    seated = (
        select(col(Seat.organisation_id))
        .join(Membership, col(Membership.seat_id) == Seat.id)
        .join(Person, col(Person.id) == Membership.person_id)
        .where(
            takes_part(),
            col(Seat.organisation_id).in_(organisation_ids),
            col(Membership.ended_on).is_(None),
            col(Membership.role).in_(sorted(WRITING_ROLES)),
        )
    )
    return {row[0] for row in session.connection().execute(union(own, seated))}
