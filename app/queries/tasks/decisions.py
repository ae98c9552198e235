"""Ballots that are open to a seat of the reader without a position of the reader's own."""

from __future__ import annotations

from functools import cache
from typing import Any

from sqlalchemy import and_, bindparam, exists, or_
from sqlmodel import Session, col, select

from app.domain.actors import HOLDER_ROLES, MembershipRole
from app.domain.ballots import BallotState
from app.domain.consensus import Position
from app.models.ballots import Ballot, BallotSeat, SeatPosition
from app.models.bodies import Body
from app.models.recommendations import Recommendation
from app.queries.tasks.base import MAXIMUM, Reader, Task, characters_of, key_of, title_of
from app.wording.tasks import TaskKind, covered_by_deputy


def ballots_to_vote_in(session: Session, reader: Reader) -> list[Task]:
    """For a member where it has taken no position, saying what its deputy's is; for a deputy where neither has."""
    held = [seat.seat_id for seat in reader.actor.seats if seat.voting and seat.role in HOLDER_ROLES]
    deputised = [seat.seat_id for seat in reader.actor.seats if seat.voting and seat.role is MembershipRole.DEPUTY]
    if not held and not deputised:
        return []
    asked = {"held": held, "deputised": deputised, "moment": reader.moment}
    return [
        reader.task(
            TaskKind.VOTE,
            title=title or found.title,
            url=f"{key_of(found.reference, found.id)}/beschluss",
            due=ballot.closes_at,
            body_id=ballot.body_id,
            context=body_title,
            covered_by=covered_by_deputy(Position(of_deputy)) if of_deputy else "",
            characters=characters,
            is_personal=True,
            is_example=found.is_example,
        )
        for ballot, found, body_title, title, characters, of_deputy in session.exec(
            _open_without_position(), params=asked
        ).all()
    ]


@cache
def _open_without_position() -> Any:
    held: Any = bindparam("held", expanding=True)
    deputised: Any = bindparam("deputised", expanding=True)
    stands = and_(col(SeatPosition.ballot_id) == BallotSeat.ballot_id, col(SeatPosition.seat_id) == BallotSeat.seat_id)
    of_deputy = select(col(SeatPosition.position)).where(stands, col(SeatPosition.is_deputy)).scalar_subquery()
    columns: list[Any] = [
        Ballot,
        Recommendation,
        Body.title,
        title_of(Ballot.recommendation_id, Ballot.version),
        characters_of(Ballot.recommendation_id, Ballot.version),
        of_deputy,
    ]
    return (
        select(*columns)
        .join(BallotSeat, col(BallotSeat.ballot_id) == Ballot.id)
        .join(Recommendation, col(Recommendation.id) == Ballot.recommendation_id)
        .join(Body, col(Body.id) == Ballot.body_id)
        .where(
            col(Ballot.state) == BallotState.OPEN,
            col(Ballot.closes_at) > bindparam("moment"),
            or_(
                and_(
                    col(BallotSeat.seat_id).in_(held),
                    ~exists().where(and_(stands, col(SeatPosition.is_deputy).is_(False))),
                ),
                and_(col(BallotSeat.seat_id).in_(deputised), ~exists().where(stands)),
            ),
        )
        .order_by(col(Ballot.closes_at))
        .limit(MAXIMUM)
    )
