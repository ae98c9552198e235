"""Which deadlines stand, by kind: what still waits for somebody, until when. Whom it waits for stands in `owing`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import Date, Select, Uuid, and_, cast, func, null, or_
from sqlmodel import col, select

from app.domain.ballots import BallotState
from app.domain.co_signatures import OPEN_FOR_ANSWERS, CoSignatureState
from app.domain.commitments import CommitmentState
from app.domain.consultations import RoundState
from app.domain.deadline_reminders import DeadlineKind
from app.domain.deadlines import berlin_date, default_close, end_of_day
from app.domain.implementation import UNFINISHED, VERIFICATION_DAYS, AddresseeAnswer
from app.domain.measures import MeasureState
from app.domain.need_reviews import NeedReviewAnswer
from app.domain.recommendations import PUBLIC_STATES
from app.models.ballots import Ballot
from app.models.co_signatures import CoSignature
from app.models.commitments import Commitment
from app.models.consultations import CommentRound
from app.models.goals import Goal
from app.models.indicators import Indicator
from app.models.measures import Measure
from app.models.need_reviews import NeedReview
from app.models.recommendations import Recommendation
from app.models.responses import AddresseeResponse
from app.queries.indicators import awaits_readings
from app.queries.responses import ANSWERABLE_STATES


@dataclass(frozen=True, slots=True)
class Source:
    """The deadlines of one kind: subject, deadline, asked since when, place, body and the organisation that keeps it.

    Where the deadline is not kept, `due` is the moment it is counted from, and it ends with the last of `days`.
    """

    kind: DeadlineKind
    rows: Select[Any]
    subject: Any
    due: Any
    days: int = 0

    @property
    def ends_with_a_day(self) -> bool:
        """A day is kept, not a moment."""
        return isinstance(self.due.type, Date)

    def between(self, earliest: datetime, latest: datetime) -> Select[Any]:
        """Those that end between two moments; a day ends at 24:00 in Berlin. What is counted may end a day off."""
        if self.ends_with_a_day:
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
        _source(
            DeadlineKind.CO_SIGNATURE,
            CoSignature,
            CoSignature.due_on,
            CoSignature.requested_at,
            _CO_SIGNATURES,
            owner=CoSignature.organisation_id,
        ),
        _source(
            DeadlineKind.RESPONSE,
            AddresseeResponse,
            AddresseeResponse.due_on,
            AddresseeResponse.created_at,
            _RESPONSES,
            owner=AddresseeResponse.organisation_id,
        ),
        _of_measures(DeadlineKind.REPORT, Measure.report_due_on),
        _of_measures(DeadlineKind.MEASURE, Measure.due_on),
        _source(
            DeadlineKind.VERIFICATION,
            Measure,
            Measure.state_since,
            Measure.state_since,
            _REPORTED_MEASURES,
            days=VERIFICATION_DAYS,
        ),
        _source(
            DeadlineKind.COMMITMENT,
            Commitment,
            Commitment.due_on,
            Commitment.created_at,
            _COMMITMENTS,
            owner=Commitment.organisation_id,
        ),
        _source(
            DeadlineKind.NEED_REVIEW,
            NeedReview,
            NeedReview.due_on,
            NeedReview.created_at,
            _NEED_REVIEWS,
            owner=NeedReview.organisation_id,
        ),
        _readings(),
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
_COMMITMENTS = and_(col(Commitment.state) == CommitmentState.STANDING, col(Recommendation.state).in_(ANSWERABLE_STATES))
_NEED_REVIEWS = and_(
    col(NeedReview.answer) == NeedReviewAnswer.PENDING, col(Recommendation.state).in_(ANSWERABLE_STATES)
)


def _of_measures(kind: DeadlineKind, due: Any) -> Source:
    return _source(kind, Measure, due, Measure.created_at, _MEASURES, owner=Measure.responsible_organisation_id)


def _readings() -> Source:
    """Of indicators that have an owner who still follows them; what hangs on a goal is its body's."""
    model = Indicator
    body_id = func.coalesce(Goal.body_id, Recommendation.body_id)
    owner = Measure.responsible_organisation_id
    columns: list[Any] = [model.id, model.reading_due_on, model.created_at, model.id, body_id, owner]
    rows = (
        select(*columns)
        .outerjoin(Goal, col(Goal.id) == model.goal_id)
        .outerjoin(Measure, col(Measure.id) == model.measure_id)
        .outerjoin(Recommendation, col(Recommendation.id) == Measure.recommendation_id)
        .where(awaits_readings(), col(model.reading_due_on).is_not(None))
    )
    return Source(DeadlineKind.READING, rows, col(model.id), col(model.reading_due_on))


def _source(
    kind: DeadlineKind, model: Any, due: Any, since: Any, standing: Any, *, owner: Any = None, days: int = 0
) -> Source:
    place = col(Measure.id) if model is Measure else col(model.recommendation_id)
    alone = cast(null(), Uuid) if owner is None else col(owner)
    columns: list[Any] = [col(model.id), col(due), col(since), place, col(Recommendation.body_id), alone]
    rows = (
        select(*columns)
        .join(Recommendation, col(Recommendation.id) == col(model.recommendation_id))
        .where(standing, col(due).is_not(None))
    )
    return Source(kind, rows, col(model.id), col(due), days)
