"""Ballots for programs: reading, taking positions, closing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel
from sqlmodel import Session
from starlette.responses import Response

from app.actions import ballots as actions
from app.actions import positions
from app.domain.actors import Actor
from app.domain.consensus import Position, Result
from app.forms.ballots import BallotClosing, BallotTransition, PositionForm, RecordedPositionForm
from app.models.ballots import Ballot, SeatPosition
from app.models.recommendations import Recommendation
from app.queries import ballots as queries
from app.queries import recommendations
from app.routers.api.common import Listing, StatefulAnswer, answer, check_if_match, listing, transitions_of
from app.routers.deps import ApiReader, ApiWriter, ReadSession, WriteSession

router = APIRouter(tags=["ballots"])


class ChangeAnswer(BaseModel):
    """One entry of a seat's own history."""

    at: datetime
    position: Position
    is_deputy: bool
    reason: str
    alternative: str


class SaidAnswer(BaseModel):
    """What a member or a deputy said."""

    position: Position
    reason: str
    alternative: str
    taken_at: datetime


class PositionAnswer(BaseModel):
    """A seat's position that counts; the deputy's stands apart, the history is the own seat's alone."""

    seat_id: UUID
    organisation_id: UUID
    organisation: str
    group: str | None
    position: Position | None
    reason: str
    alternative: str
    taken_at: datetime | None
    is_deputy: bool
    recorded_by: str | None
    deputy: SaidAnswer | None
    history: list[ChangeAnswer]


class GroupAnswer(BaseModel):
    """The counts of one group of seats; null for all seats without a group."""

    group: str | None
    entitled: int
    cast: int
    agree: int
    agree_with_reservation: int
    object: int
    abstain: int
    recused: int
    denominator: int


class ResultAnswer(BaseModel):
    """What came out; strength is never shown without the counts beside it."""

    entitled: int
    cast: int
    agree: int
    agree_with_reservation: int
    object: int
    abstain: int
    recused: int
    denominator: int
    quorum_met: bool
    carried: bool
    strength: str
    by_group: list[GroupAnswer]


class EntitledAnswer(BaseModel):
    """A seat of the electorate as it was when the ballot opened."""

    seat_id: UUID
    organisation_id: UUID
    group: str | None


class TurnoutAnswer(BaseModel):
    """How many seats have a position and which have none; known to the body."""

    entitled: int
    taken: int
    silent_seat_ids: list[UUID]


class RunningAnswer(BaseModel):
    """The count while the ballot is open, for who runs it alone; it is no result."""

    entitled: int
    cast: int
    agree: int
    agree_with_reservation: int
    object: int
    abstain: int
    recused: int
    denominator: int
    quorum_met: bool


class BallotAnswer(StatefulAnswer):
    """A ballot as the caller may see it."""

    recommendation_id: UUID
    body_id: UUID
    number: int
    version: int
    rules: dict[str, Any]
    minimum_days: int
    opened_at: datetime
    closes_at: datetime
    closed_at: datetime | None
    dissent_until: datetime | None
    in_meeting: bool
    held_on: date | None
    place: str | None
    postponed_from: datetime | None
    postponing_reason: str | None
    is_history: bool
    former_ballot_id: UUID | None
    changed_block_ids: list[UUID]
    electorate: list[EntitledAnswer]
    positions: list[PositionAnswer]
    turnout: TurnoutAnswer | None
    running: RunningAnswer | None
    result: ResultAnswer | None
    result_with_recused: ResultAnswer | None


@router.get("/recommendations/{recommendation_id}/ballots", response_model=None)
def list_ballots(
    request: Request,
    session: ReadSession,
    actor: ApiReader,
    recommendation_id: UUID,
    wanted: Annotated[Listing, Query()],
) -> Response:
    """The ballots on a recommendation the caller may see, newest first."""
    recommendation = recommendations.get_recommendation(session, recommendation_id, actor)
    page = queries.list_ballots(session, recommendation.id, actor, limit=wanted.limit, after=wanted.after)
    shown = represent_all(session, page.items, recommendation, actor)
    return listing(request, page, lambda ballot: shown[ballot.id], actor)


@router.get("/ballots/{ballot_id}", response_model=BallotAnswer)
def get_ballot(request: Request, session: ReadSession, actor: ApiReader, ballot_id: UUID) -> Response:
    """One ballot."""
    return answer(request, shown_ballot(session, ballot_id, actor), actor)


@router.put("/ballots/{ballot_id}/position", response_model=BallotAnswer)
def take_position(
    request: Request, session: WriteSession, actor: ApiWriter, ballot_id: UUID, form: PositionForm
) -> Response:
    """Take or change a seat's position; `If-Match` with the ballot's tag refuses a stale write."""
    actions.hold_ballot(session, ballot_id, actor)
    check_if_match(request, shown_ballot(session, ballot_id, actor))
    positions.take_position(session, ballot_id, form, actor=actor)
    return answer(request, shown_ballot(session, ballot_id, actor), actor)


@router.put("/ballots/{ballot_id}/recorded-position", response_model=BallotAnswer)
def record_position(
    request: Request, session: WriteSession, actor: ApiWriter, ballot_id: UUID, form: RecordedPositionForm
) -> Response:
    """Record what a seat said in the meeting of its ballot, as its Leitung or Geschäftsstelle."""
    actions.hold_ballot(session, ballot_id, actor)
    check_if_match(request, shown_ballot(session, ballot_id, actor))
    positions.record_position(session, ballot_id, form, actor=actor)
    return answer(request, shown_ballot(session, ballot_id, actor), actor)


@router.post("/ballots/{ballot_id}/close", response_model=BallotAnswer)
def close_ballot(
    request: Request,
    session: WriteSession,
    actor: ApiWriter,
    ballot_id: UUID,
    form: BallotClosing | None = None,
) -> Response:
    """Close before the time; only when every entitled seat has a position."""
    move = BallotTransition(transition="close", reason=form.reason if form else None)
    actions.transition_ballot(session, ballot_id, move, actor=actor)
    return answer(request, shown_ballot(session, ballot_id, actor), actor)


@router.post("/ballots/{ballot_id}/transitions", response_model=BallotAnswer)
def transition_ballot(
    request: Request, session: WriteSession, actor: ApiWriter, ballot_id: UUID, form: BallotTransition
) -> Response:
    """Make a move."""
    actions.transition_ballot(session, ballot_id, form, actor=actor)
    return answer(request, shown_ballot(session, ballot_id, actor), actor)


def represent_all(
    session: Session, ballots: Sequence[Ballot], recommendation: Recommendation, actor: Actor
) -> dict[UUID, BallotAnswer]:
    """The ballots as the caller sees them, by id; two statements for however many."""
    views = queries.views_of(session, ballots, actor)
    changes = queries.changes_of(session, [seat for view in views for seat in view.own_seats])
    return {view.ballot.id: represent(view, changes, recommendation, actor) for view in views}


def represent(
    view: queries.BallotView,
    changes: dict[UUID, list[queries.PositionChange]],
    recommendation: Recommendation,
    actor: Actor,
) -> BallotAnswer:
    """One ballot as the caller sees it."""
    ballot = view.ballot
    own = {seat.seat_id for seat in view.own_seats}
    turnout = None
    if view.taken is not None:
        silent = [seat.seat_id for seat in view.silent]
        turnout = TurnoutAnswer(entitled=view.entitled or 0, taken=view.taken, silent_seat_ids=silent)
    return BallotAnswer(
        id=ballot.id,
        created_at=ballot.created_at,
        state=view.state.value,
        transitions=transitions_of("ballot", actions.ballot_offers(view, recommendation, actor)),
        url=f"/empfehlungen/{recommendation.reference or recommendation.id}/beschluss",
        recommendation_id=ballot.recommendation_id,
        body_id=ballot.body_id,
        number=ballot.number,
        version=ballot.version,
        rules=ballot.rules,
        minimum_days=ballot.minimum_days,
        opened_at=ballot.opened_at,
        closes_at=ballot.closes_at,
        closed_at=view.closed_at,
        dissent_until=view.dissent_until,
        in_meeting=ballot.is_in_meeting,
        held_on=ballot.held_on,
        place=ballot.place,
        postponed_from=ballot.postponed_from,
        postponing_reason=ballot.postponing_reason if view.electorate else None,
        is_history=ballot.is_history,
        former_ballot_id=ballot.former_ballot_id,
        changed_block_ids=ballot.changed_block_ids,
        electorate=[EntitledAnswer.model_validate(seat, from_attributes=True) for seat in view.electorate],
        positions=[
            _position(seat, changes.get(seat.seat_id, []) if seat.seat_id in own else [])
            for seat in view.seats
            if seat.counted
        ],
        turnout=turnout,
        running=None if view.running is None else RunningAnswer.model_validate(view.running, from_attributes=True),
        result=_result(view.result),
        result_with_recused=_result(view.with_recused),
    )


def _position(seat: queries.SeatInBallot, changes: list[queries.PositionChange]) -> PositionAnswer:
    said = seat.counted
    return PositionAnswer(
        seat_id=seat.seat_id,
        organisation_id=seat.organisation_id,
        organisation=seat.organisation_name,
        group=seat.group,
        position=seat.position,
        reason=said.reason if said else "",
        alternative=said.alternative if said else "",
        taken_at=said.taken_at if said else None,
        is_deputy=seat.member is None,
        recorded_by=seat.recorder,
        deputy=_said(seat.deputy) if seat.member else None,
        history=[ChangeAnswer.model_validate(each, from_attributes=True) for each in changes],
    )


def _said(said: SeatPosition | None) -> SaidAnswer | None:
    return None if said is None else SaidAnswer.model_validate(said, from_attributes=True)


def _result(result: Result | None) -> ResultAnswer | None:
    return None if result is None else ResultAnswer.model_validate(result.as_mapping())


def shown_ballot(session: Session, ballot_id: UUID, actor: Actor) -> BallotAnswer:
    """A ballot as the caller sees it now; NotFound where absent or hidden."""
    session.flush()
    ballot = queries.get_ballot(session, ballot_id, actor)
    recommendation = session.get_one(Recommendation, ballot.recommendation_id)
    return represent_all(session, [ballot], recommendation, actor)[ballot.id]
