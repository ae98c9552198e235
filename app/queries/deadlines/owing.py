"""Whom a deadline still waits for, and who hears that it was missed: selections of ids, so that nobody is loaded."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, exists, or_, union_all
from sqlmodel import Session, col, select

from app.domain.actors import VOTING_ROLES
from app.domain.ballots import BallotState
from app.domain.consensus import Position, is_dissent_awaited
from app.domain.deadline_reminders import DeadlineKind, Overseer, rule_of
from app.models.ballots import Ballot, BallotSeat, DissentCoSigner, DissentingOpinion, DissentWaiver, SeatPosition
from app.models.consultations import RoundOrganisation
from app.queries.consultations import has_answered
from app.queries.deadlines.base import Deadline
from app.queries.persons import Ids, acting_for, acting_for_one, leadership_of, office_of, on_seats

_SETTLED = [position for position in Position if not is_dissent_awaited(position)]
_OVERSEERS = {Overseer.LEADERSHIP: leadership_of, Overseer.OFFICE: office_of}
_BY_MANY = frozenset({DeadlineKind.COMMENT_ROUND, DeadlineKind.BALLOT, DeadlineKind.DISSENTING_OPINION})
"""What stands although somebody has acted already: others may have, too."""


def persons_owing(deadline: Deadline) -> Ids:
    """Ids of the persons who still have to act: those of seats or organisations that have said nothing.

    What was reported done is the Geschäftsstelle's to verify; who reported it has to find somebody else there. An
    indicator of a goal is the Leitung's of its body, one of a field the Geschäftsstelle's.
    """
    match deadline.kind:
        case DeadlineKind.VERIFICATION:
            return office_of(deadline.body_id)
        case DeadlineKind.BALLOT | DeadlineKind.DISSENTING_OPINION:
            return on_seats(_silent(deadline), VOTING_ROLES)
        case DeadlineKind.COMMENT_ROUND:
            return acting_for(_silent(deadline))
        case DeadlineKind.READING if deadline.organisation_id is None:
            return leadership_of(deadline.body_id) if deadline.body_id else office_of(None)
    if deadline.organisation_id is None:
        raise ValueError(f"{deadline.kind} waits for nobody in the application")
    return acting_for_one(deadline.organisation_id)


def persons_overseeing(deadline: Deadline) -> Select[Any]:
    """Ids of the persons who hear that it was missed; nobody where everybody has acted."""
    told = [_OVERSEERS[overseer](deadline.body_id) for overseer in sorted(rule_of(deadline.kind).told_after)]
    # SQLite takes no union within a union, but the selection of one.
    found = union_all(*(select(ids.subquery().c[0]) for ids in told)).subquery()
    everybody = select(found.c[0])
    # What one alone has to keep stands only while it is not kept.
    return everybody.where(_silent(deadline).exists()) if deadline.kind in _BY_MANY else everybody


def _silent(deadline: Deadline) -> Select[Any]:
    """The seats or organisations that have not acted, by id."""
    key = deadline.subject_id
    match deadline.kind:
        case DeadlineKind.COMMENT_ROUND:
            return _silent_organisations(key)
        case DeadlineKind.BALLOT:
            return select(col(BallotSeat.seat_id)).where(BallotSeat.ballot_id == key, ~_has_said(SeatPosition))
    return _undeclared_seats(key)


def _silent_organisations(round_id: UUID) -> Select[Any]:
    answered = has_answered(RoundOrganisation.round_id, RoundOrganisation.organisation_id)
    return select(col(RoundOrganisation.organisation_id)).where(RoundOrganisation.round_id == round_id, ~answered)


def _undeclared_seats(ballot_id: UUID) -> Select[Any]:
    """Entitled seats whose adoption waits for a dissenting opinion or a waiver, and that have given neither."""
    return select(col(BallotSeat.seat_id)).where(BallotSeat.ballot_id == ballot_id, *_is_undeclared())


def ballots_awaiting_dissent(
    session: Session, ballot_ids: Collection[UUID], seat_ids: Collection[UUID], moment: datetime
) -> set[UUID]:
    """Of these ballots the ones in which one of these seats may still file a dissenting opinion or has to waive it."""
    statement = (
        select(BallotSeat.ballot_id)
        .join(Ballot, col(Ballot.id) == BallotSeat.ballot_id)
        .where(
            col(BallotSeat.ballot_id).in_(ballot_ids),
            col(BallotSeat.seat_id).in_(seat_ids),
            Ballot.state == BallotState.CLOSED,
            col(Ballot.dissent_until) > moment,
            *_is_undeclared(),
        )
    )
    return set(session.exec(statement).all())


def _is_undeclared() -> tuple[ColumnElement[bool], ...]:
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
    return ~settled, ~_has_said(DissentingOpinion), ~signed, ~_has_said(DissentWaiver)


def _has_said(model: Any, *conditions: Any) -> Any:
    """The seat of the ballot has a row of this kind."""
    return exists().where(
        and_(col(model.ballot_id) == BallotSeat.ballot_id, col(model.seat_id) == BallotSeat.seat_id, *conditions)
    )
