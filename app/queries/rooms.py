"""Reads of the rooms of seats: open to who writes for the seat and to whom its member let in, closed to everybody else.

Neither Leitung nor Geschäftsstelle nor Prüfung has a way in: for them a room does not exist.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, false, or_, union_all
from sqlalchemy.orm import joinedload
from sqlmodel import Session, col, select

from app.domain.actors import DRAFTING_ROLES, VOTING_ROLES, Actor
from app.errors import NotFound
from app.models.bodies import Membership, Seat
from app.models.consultations import CommentRound, RoundQuestion
from app.models.organisations import Organisation
from app.models.people import Person
from app.models.recommendations import Recommendation
from app.models.rooms import RoomComment, RoomReader, StatementDraft
from app.queries.persons import Ids, on_seats, takes_part


@dataclass(frozen=True, slots=True)
class Room:
    """A seat's room in one round; `may_send` for member and deputy, who also let colleagues in."""

    round: CommentRound
    recommendation: Recommendation
    seat: Seat
    organisation: Organisation
    draft: StatementDraft | None
    may_send: bool


def is_let_in(actor: Actor) -> ColumnElement[bool]:
    """The seats whose room the actor enters: those it votes or drafts for, and where a colleague's member let it in."""
    if not actor.is_signed_in:
        return false()
    reads = exists().where(
        and_(
            col(RoomReader.seat_id) == Seat.id,
            col(RoomReader.person_id) == actor.person_id,
            col(Person.id) == RoomReader.person_id,
            col(Person.organisation_id) == Seat.organisation_id,
        )
    )
    return or_(col(Seat.id).in_(actor.drafting_seat_ids), reads)


def get_room(session: Session, round_id: UUID, seat_id: UUID, actor: Actor) -> Room:
    """The room of a seat of the round's body; NotFound where absent, or not the actor's to enter."""
    columns: list[Any] = [CommentRound, Recommendation, Seat, Organisation, StatementDraft]
    statement = (
        select(*columns)
        .join(Recommendation, col(Recommendation.id) == CommentRound.recommendation_id)
        .join(Seat, col(Seat.body_id) == CommentRound.body_id)
        .join(Organisation, col(Organisation.id) == Seat.organisation_id)
        .outerjoin(
            StatementDraft,
            and_(col(StatementDraft.round_id) == CommentRound.id, col(StatementDraft.seat_id) == Seat.id),
        )
        .options(
            joinedload(Recommendation.body),  # type: ignore[arg-type]
            joinedload(Recommendation.field_of_action),  # type: ignore[arg-type]
        )
        .where(CommentRound.id == round_id, Seat.id == seat_id, is_let_in(actor))
    )
    found = session.exec(statement).one_or_none()
    if found is None:
        raise NotFound()
    asked, recommendation, seat, organisation, draft = found
    return Room(asked, recommendation, seat, organisation, draft, sends_for(actor, seat_id))


def has_a_room(actor: Actor) -> ColumnElement[bool]:
    """The rounds in which the actor enters a room."""
    if not actor.is_signed_in:
        return false()
    return exists().where(and_(col(Seat.body_id) == CommentRound.body_id, is_let_in(actor)))


def persons_in(room: Room) -> Ids:
    """Ids of those who write for the seat, and of the colleagues who were let in."""
    writing = on_seats(select(col(Seat.id)).where(col(Seat.id) == room.seat.id), DRAFTING_ROLES)
    let_in = (
        select(col(RoomReader.person_id))
        .join(Person, col(Person.id) == RoomReader.person_id)
        .where(col(RoomReader.seat_id) == room.seat.id, col(Person.organisation_id) == room.organisation.id)
    )
    return union_all(writing, let_in)


def sends_for(actor: Actor, seat_id: UUID) -> bool:
    """True for member and deputy of the seat."""
    return actor.may_write and any(seat.seat_id == seat_id and seat.role in VOTING_ROLES for seat in actor.seats)


def list_rooms(session: Session, found: CommentRound, actor: Actor) -> list[tuple[UUID, str]]:
    """The seats of the round's body whose rooms the actor enters, with their organisations, in German order."""
    statement = (
        select(Seat.id, Organisation.name)
        .join(Organisation, col(Organisation.id) == Seat.organisation_id)
        .where(Seat.body_id == found.body_id, is_let_in(actor))
        .order_by(col(Organisation.sort_key), col(Seat.id))
    )
    return list(session.exec(statement))


def list_room_comments(session: Session, room: Room) -> Sequence[RoomComment]:
    """What was said in the room, oldest first, with who said it."""
    statement = (
        select(RoomComment)
        .options(joinedload(RoomComment.author))  # type: ignore[arg-type]
        .where(RoomComment.round_id == room.round.id, RoomComment.seat_id == room.seat.id)
        .order_by(col(RoomComment.created_at), col(RoomComment.id))
    )
    return session.exec(statement).all()


def list_colleagues(session: Session, room: Room) -> list[tuple[Person, bool]]:
    """Who takes part for the organisation and doesn't hold the seat, and whether each is let in; in German order."""
    holds = exists().where(
        and_(
            col(Membership.seat_id) == room.seat.id,
            col(Membership.person_id) == Person.id,
            col(Membership.ended_on).is_(None),
        )
    )
    reads = exists().where(and_(col(RoomReader.seat_id) == room.seat.id, col(RoomReader.person_id) == Person.id))
    statement = (
        select(Person, reads)
        .where(Person.organisation_id == room.organisation.id, takes_part(), ~holds)
        .order_by(col(Person.sort_key), col(Person.id))
    )
    return [(person, bool(is_in)) for person, is_in in session.exec(statement)]


def questions_of(session: Session, room: Room) -> Sequence[RoundQuestion]:
    """What the round asks, in its order."""
    statement = select(RoundQuestion).where(RoundQuestion.round_id == room.round.id)
    return session.exec(statement.order_by(col(RoundQuestion.position))).all()
