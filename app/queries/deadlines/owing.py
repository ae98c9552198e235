"""Whom a deadline still waits for, and who hears that it was missed: selections of ids, so that nobody is loaded."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Select, and_, exists, literal, or_, union
from sqlmodel import col, select

from app.domain.actors import LEADING_ROLES, VOTING_ROLES, PersonRole
from app.domain.consensus import Position, is_dissent_awaited
from app.domain.consultations import StatementState
from app.domain.deadline_reminders import DeadlineKind, Overseer, rule_of
from app.models.ballots import BallotSeat, DissentCoSigner, DissentingOpinion, DissentWaiver, SeatPosition
from app.models.bodies import BodyResponsible, Membership, Seat
from app.models.co_signatures import CoSignature
from app.models.consultations import RoundOrganisation, Statement
from app.models.measures import Measure
from app.models.people import Person
from app.models.responses import AddresseeResponse
from app.queries.acting import persons_acting_for_any
from app.queries.circles import takes_part
from app.queries.deadlines.base import Deadline

_SETTLED = [position for position in Position if not is_dissent_awaited(position)]
_BY_SEAT = frozenset({DeadlineKind.BALLOT, DeadlineKind.DISSENTING_OPINION})


def persons_owing(deadline: Deadline) -> Select[Any]:
    """Ids of the persons who still have to act: those of seats or organisations that have said nothing."""
    silent = _silent(deadline)
    if deadline.kind not in _BY_SEAT:
        return persons_acting_for_any(silent)
    return select(col(Membership.person_id)).where(
        col(Membership.seat_id).in_(silent),
        col(Membership.ended_on).is_(None),
        col(Membership.role).in_(VOTING_ROLES),
    )


def persons_overseeing(deadline: Deadline, today: date) -> Select[Any]:
    """Ids of the persons who hear that it was missed; nobody where everybody has acted."""
    told = rule_of(deadline.kind).told_after
    parts: list[Any] = []
    if Overseer.LEADERSHIP in told:
        leaders = _leaders(deadline.body_id)
        # A body without a Leitung is looked after by the Geschäftsstelle alone.
        parts = [leaders, office_of(deadline.body_id, today).where(~leaders.exists())]
    if Overseer.OFFICE in told:
        parts.append(office_of(deadline.body_id, today))
    found = union(*parts).subquery()
    return select(found.c.person_id).where(_silent(deadline).exists())


def office_of(body_id: UUID | None, today: date) -> Select[Any]:
    """Ids of who in the Geschäftsstelle looks after a body now: the responsible, else their cover, else everybody."""
    of_body: Any = (
        select(col(Person.id).label("person_id"))
        .join(BodyResponsible, col(BodyResponsible.person_id) == Person.id)
        .where(BodyResponsible.body_id == body_id, takes_part())
    )
    is_present = or_(col(Person.absent_until).is_(None), col(Person.absent_until) < today)
    responsible = of_body.where(col(BodyResponsible.is_cover).is_(False), is_present)
    cover = of_body.where(col(BodyResponsible.is_cover), ~responsible.correlate(None).exists())
    everybody: Any = select(col(Person.id).label("person_id")).where(
        col(Person.role) == PersonRole.SECRETARIAT,
        takes_part(),
        ~responsible.correlate(None).exists(),
        ~of_body.where(col(BodyResponsible.is_cover)).correlate(None).exists(),
    )
    return select(union(responsible, cover, everybody).subquery().c.person_id)


def _leaders(body_id: UUID | None) -> Select[Any]:
    return (
        select(col(Person.id).label("person_id"))
        .join(Membership, col(Membership.person_id) == Person.id)
        .join(Seat, col(Seat.id) == Membership.seat_id)
        .where(
            Seat.body_id == body_id,
            col(Membership.role).in_(LEADING_ROLES),
            col(Membership.ended_on).is_(None),
            takes_part(),
        )
    )


def _silent(deadline: Deadline) -> Select[Any]:
    """The seats or organisations that have not acted, by id."""
    key = deadline.subject_id
    match deadline.kind:
        case DeadlineKind.COMMENT_ROUND:
            return _silent_organisations(key)
        case DeadlineKind.BALLOT:
            return select(col(BallotSeat.seat_id)).where(BallotSeat.ballot_id == key, ~_has_said(SeatPosition))
        case DeadlineKind.DISSENTING_OPINION:
            return _undeclared_seats(key)
        case DeadlineKind.CO_SIGNATURE:
            return select(col(CoSignature.organisation_id)).where(CoSignature.id == key)
        case DeadlineKind.RESPONSE:
            return select(col(AddresseeResponse.organisation_id)).where(AddresseeResponse.id == key)
        case DeadlineKind.REPORT:
            return select(col(Measure.responsible_organisation_id)).where(Measure.id == key)
        case _:
            return select(literal(None))


def _silent_organisations(round_id: UUID) -> Select[Any]:
    answered = exists().where(
        and_(
            col(Statement.round_id) == RoundOrganisation.round_id,
            col(Statement.organisation_id) == RoundOrganisation.organisation_id,
            col(Statement.state) != StatementState.WITHDRAWN,
        )
    )
    return select(col(RoundOrganisation.organisation_id)).where(RoundOrganisation.round_id == round_id, ~answered)


def _undeclared_seats(ballot_id: UUID) -> Select[Any]:
    """Entitled seats whose adoption waits for a dissenting opinion or a waiver, and that have given neither."""
    is_settled = col(SeatPosition.position).in_(_SETTLED)
    by_member = _has_said(SeatPosition, col(SeatPosition.is_deputy).is_(False))
    settled = or_(
        _has_said(SeatPosition, col(SeatPosition.is_deputy).is_(False), is_settled),
        and_(~by_member, _has_said(SeatPosition, is_settled)),
    )
    signed = exists().where(
        and_(
            col(DissentingOpinion.ballot_id) == BallotSeat.ballot_id,
            col(DissentCoSigner.dissenting_opinion_id) == DissentingOpinion.id,
            col(DissentCoSigner.seat_id) == BallotSeat.seat_id,
        )
    )
    return select(col(BallotSeat.seat_id)).where(
        BallotSeat.ballot_id == ballot_id,
        ~settled,
        ~_has_said(DissentingOpinion),
        ~signed,
        ~_has_said(DissentWaiver),
    )


def _has_said(model: Any, *conditions: Any) -> Any:
    """The seat of the ballot has a row of this kind."""
    return exists().where(
        and_(col(model.ballot_id) == BallotSeat.ballot_id, col(model.seat_id) == BallotSeat.seat_id, *conditions)
    )
