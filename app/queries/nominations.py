"""Reads behind the link by which an organisation names its persons; the secret is the only key."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlmodel import Session, col, select

from app.clock import now
from app.domain.bodies import BodyState, SeatState
from app.models.accounts import LinkPurpose, OneTimeLink
from app.models.bodies import Body, Seat
from app.models.organisations import Organisation
from app.models.people import Person
from app.security import digest_of

OPEN_SEATS = frozenset({SeatState.OFFERED, SeatState.VACANT, SeatState.NOMINATED})
"""A seat in these still waits for a person."""


@dataclass(frozen=True, slots=True)
class SeatOffer:
    """A link that was sent, with the seat it offers."""

    link: OneTimeLink
    seat: Seat
    body: Body
    organisation: Organisation
    is_open: bool


def find_offer(session: Session, secret: str) -> SeatOffer | None:
    """The seat a link offers, whether it can still be answered or not; None for an unknown link."""
    statement = (
        select(OneTimeLink, Seat, Body, Organisation)
        .join(Seat, col(OneTimeLink.seat_id) == Seat.id)
        .join(Body, col(Seat.body_id) == Body.id)
        .join(Organisation, col(Seat.organisation_id) == Organisation.id)
        .where(OneTimeLink.digest == digest_of(secret), OneTimeLink.purpose == LinkPurpose.NOMINATION)
    )
    found = session.exec(statement).one_or_none()
    if found is None:
        return None
    link, seat, body, organisation = found
    is_open = (
        link.used_at is None
        and link.expires_at > now(session)
        and seat.state in OPEN_SEATS
        and body.state is not BodyState.CLOSED
    )
    return SeatOffer(link, seat, body, organisation, is_open)


def list_unused_links(session: Session, seat_id: UUID) -> Sequence[OneTimeLink]:
    """The links of a seat that nobody has used."""
    statement = select(OneTimeLink).where(
        OneTimeLink.seat_id == seat_id,
        OneTimeLink.purpose == LinkPurpose.NOMINATION,
        col(OneTimeLink.used_at).is_(None),
    )
    return session.exec(statement).all()


def find_newest_link(session: Session, seat_id: UUID) -> OneTimeLink | None:
    """The newest link by which the seat was offered, used or not."""
    statement = (
        select(OneTimeLink)
        .where(OneTimeLink.seat_id == seat_id, OneTimeLink.purpose == LinkPurpose.NOMINATION)
        .order_by(col(OneTimeLink.created_at).desc())
        .limit(1)
    )
    return session.exec(statement).first()


def find_person(session: Session, email: str) -> Person | None:
    """Whoever has the address, with access or without."""
    return session.exec(select(Person).where(Person.email == email)).one_or_none()
