"""Links by which somebody is invited and that nobody has used: to open an account, or to name who takes a seat."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from app.domain.bodies import BodyState
from app.domain.deadline_reminders import FORGOTTEN_AFTER, LOOK_AHEAD, DeadlineKind
from app.domain.events import SubjectType
from app.models.accounts import LinkPurpose, OneTimeLink
from app.models.bodies import Body, Membership, Seat
from app.models.organisations import Organisation
from app.models.people import Person
from app.queries.deadlines.base import Deadline
from app.queries.nominations import OPEN_SEATS


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenInvitation:
    """An invitation nobody has answered: its deadline, and whom to write to; `body` is empty without a seat."""

    deadline: Deadline
    address: str
    name: str
    organisation: str
    body: str
    person_id: UUID | None


def list_invitations(session: Session, moment: datetime) -> list[OpenInvitation]:
    """Every invitation that ends soon or has just ended, once, the next first; two statements."""
    found: dict[UUID, OpenInvitation] = {}
    for each in (*_to_persons(session, moment), *_to_seats(session, moment)):
        # A reminder brings a further link with the same end; the first says since when somebody was asked.
        found.setdefault(each.deadline.subject_id, each)
    return sorted(found.values(), key=lambda each: (each.deadline.due_at, each.deadline.subject_id))


def _to_persons(session: Session, moment: datetime) -> Iterator[OpenInvitation]:
    seat_taken = (
        select(Seat.body_id)
        .join(Membership, col(Membership.seat_id) == Seat.id)
        .where(Membership.person_id == Person.id, col(Membership.ended_on).is_(None))
        .order_by(col(Membership.created_at))
        .limit(1)
        .correlate(Person)
        .scalar_subquery()
    )
    columns: list[Any] = [OneTimeLink, Person, Organisation.name, Body]
    statement = (
        select(*columns)
        .join(Person, col(Person.id) == OneTimeLink.person_id)
        .join(Organisation, col(Organisation.id) == Person.organisation_id)
        .outerjoin(Body, col(Body.id) == seat_taken)
        .where(
            *_unused(LinkPurpose.INVITATION, moment),
            col(Person.joined_at).is_(None),
            col(Person.ended_at).is_(None),
            col(Person.redacted_at).is_(None),
            col(Person.email).is_not(None),
        )
        .order_by(col(OneTimeLink.created_at))
    )
    for link, person, organisation, body in session.exec(statement):
        yield OpenInvitation(
            deadline=_deadline(link, SubjectType.PERSON, person.id, body),
            address=person.email,
            name=person.name,
            organisation=organisation,
            body=body.title if body else "",
            person_id=person.id,
        )


def _to_seats(session: Session, moment: datetime) -> Iterator[OpenInvitation]:
    columns: list[Any] = [OneTimeLink, Organisation.name, Body]
    statement = (
        select(*columns)
        .join(Seat, col(Seat.id) == OneTimeLink.seat_id)
        .join(Organisation, col(Organisation.id) == Seat.organisation_id)
        .join(Body, col(Body.id) == Seat.body_id)
        .where(
            *_unused(LinkPurpose.NOMINATION, moment),
            col(Seat.state).in_(OPEN_SEATS),
            col(Body.state) != BodyState.CLOSED,
        )
        .order_by(col(OneTimeLink.created_at))
    )
    for link, organisation, body in session.exec(statement):
        yield OpenInvitation(
            deadline=_deadline(link, SubjectType.SEAT, link.seat_id, body),
            address=link.address,
            name=link.name,
            organisation=organisation,
            body=body.title,
            person_id=None,
        )


def _unused(purpose: LinkPurpose, moment: datetime) -> tuple[Any, ...]:
    return (
        col(OneTimeLink.purpose) == purpose,
        col(OneTimeLink.used_at).is_(None),
        col(OneTimeLink.expires_at).between(moment - FORGOTTEN_AFTER, moment + LOOK_AHEAD),
    )


def _deadline(link: OneTimeLink, subject_type: SubjectType, subject_id: UUID, body: Body | None) -> Deadline:
    """Its place is the body a seat is in, else the person."""
    return Deadline(
        kind=DeadlineKind.INVITATION,
        subject_type=subject_type,
        subject_id=subject_id,
        place_type=SubjectType.BODY if body else SubjectType.PERSON,
        place_id=body.id if body else subject_id,
        body_id=body.id if body else None,
        due_at=link.expires_at,
        since=link.created_at,
    )
