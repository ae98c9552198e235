"""Which deadlines stand, by kind: what still waits for somebody, until when. Whom it waits for stands in `owing`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import Date, Select, and_, or_
from sqlmodel import col, select

from app.domain.ballots import BallotState
from app.domain.co_signatures import OPEN_FOR_ANSWERS, CoSignatureState
from app.domain.consultations import RoundState
from app.domain.deadline_reminders import DeadlineKind
from app.domain.deadlines import berlin_date, default_close, end_of_day
from app.domain.implementation import UNFINISHED, VERIFICATION_DAYS, AddresseeAnswer
from app.domain.measures import MeasureState
from app.domain.recommendations import PUBLIC_STATES
from app.models.ballots import Ballot
from app.models.co_signatures import CoSignature
from app.models.consultations import CommentRound
from app.models.measures import Measure
from app.models.recommendations import Recommendation
from app.models.responses import AddresseeResponse
from app.queries.responses import ANSWERABLE_STATES


@dataclass(frozen=True, slots=True)
class Source:
    """The deadlines of one kind: subject, deadline, asked since when, place and body of each.

    Where the deadline is not kept, `due` is the moment it is counted from, and it ends with the last of `days`.
    """

    kind: DeadlineKind
    rows: Select[Any]
    subject: Any
    due: Any
    days: int = 0

    def between(self, earliest: datetime, latest: datetime) -> Select[Any]:
        """Those that end between two moments; a day ends at 24:00 in Berlin. What is counted may end a day off."""
        if isinstance(self.due.type, Date):
            return self.rows.where(self.due.between(berlin_date(earliest), berlin_date(latest)))
        counted = timedelta(days=self.days)
        slack = timedelta(days=1 if self.days else 0)
        return self.rows.where(self.due.between(earliest - counted - slack, latest - counted))

    def moment_of(self, due: date | datetime) -> datetime:
        """The moment a deadline is over, from what stands in its column."""
        if isinstance(due, datetime):
            return default_close(due, self.days) if self.days else due
        return end_of_day(due)


@cache
def sources() -> tuple[Source, ...]:
    """Every kind but invitations."""
    return (
        _source(DeadlineKind.COMMENT_ROUND, CommentRound, CommentRound.closes_at, CommentRound.opened_at, _ROUNDS),
        _source(DeadlineKind.BALLOT, Ballot, Ballot.closes_at, Ballot.opened_at, _BALLOTS),
        _source(DeadlineKind.DISSENTING_OPINION, Ballot, Ballot.dissent_until, Ballot.closed_at, _DISSENTS),
        _source(DeadlineKind.CO_SIGNATURE, CoSignature, CoSignature.due_on, CoSignature.requested_at, _CO_SIGNATURES),
        _source(
            DeadlineKind.RESPONSE,
            AddresseeResponse,
            AddresseeResponse.due_on,
            AddresseeResponse.created_at,
            _RESPONSES,
        ),
        _source(DeadlineKind.REPORT, Measure, Measure.report_due_on, Measure.created_at, _MEASURES),
        _source(DeadlineKind.MEASURE, Measure, Measure.due_on, Measure.created_at, _MEASURES),
        _source(
            DeadlineKind.VERIFICATION,
            Measure,
            Measure.state_since,
            Measure.state_since,
            _REPORTED_MEASURES,
            days=VERIFICATION_DAYS,
        ),
    )


_ROUNDS = or_(
    col(CommentRound.state) == RoundState.OPEN,
    # Closed before its time, nobody missed it.
    and_(col(CommentRound.state) == RoundState.CLOSED, col(CommentRound.closed_at) >= col(CommentRound.closes_at)),
)
_BALLOTS = and_(
    col(Ballot.is_history).is_(False),
    or_(
        col(Ballot.state) == BallotState.OPEN,
        and_(col(Ballot.state) == BallotState.CLOSED, col(Ballot.closed_at) >= col(Ballot.closes_at)),
    ),
)
_DISSENTS = and_(col(Ballot.is_history).is_(False), col(Ballot.state) == BallotState.CLOSED)
_CO_SIGNATURES = and_(
    col(CoSignature.state) == CoSignatureState.REQUESTED, col(Recommendation.state).in_(OPEN_FOR_ANSWERS)
)
_RESPONSES = and_(
    col(AddresseeResponse.answer) == AddresseeAnswer.PENDING, col(Recommendation.state).in_(ANSWERABLE_STATES)
)
_MEASURES = and_(
    col(Measure.state).in_(UNFINISHED),
    col(Recommendation.state).in_(PUBLIC_STATES),
    col(Recommendation.tracking_closed_at).is_(None),
)
_REPORTED_MEASURES = and_(
    col(Measure.state) == MeasureState.REPORTED_DONE, col(Recommendation.state).in_(PUBLIC_STATES)
)


def _source(kind: DeadlineKind, model: Any, due: Any, since: Any, standing: Any, *, days: int = 0) -> Source:
    place = col(Measure.id) if model is Measure else col(model.recommendation_id)
    columns: list[Any] = [col(model.id), col(due), col(since), place, col(Recommendation.body_id)]
    rows = (
        select(*columns)
        .join(Recommendation, col(Recommendation.id) == col(model.recommendation_id))
        .where(standing, col(due).is_not(None))
    )
    return Source(kind, rows, col(model.id), col(due), days)
