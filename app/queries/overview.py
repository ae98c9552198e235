"""All recommendations for the Geschäftsstelle: where each stands, since when, what is due next and what blocks it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from sqlalchemy import case
from sqlmodel import Session, col, func, select

from app.clock import now
from app.domain.ballots import BallotState
from app.domain.bodies import BodyState
from app.domain.co_signatures import CoSignatureState
from app.domain.consultations import RoundState
from app.domain.deadlines import berlin_date, end_of_day
from app.domain.recommendations import (
    BEFORE_ADOPTION,
    PATH,
    RECOMMENDATION,
    RecommendationFacts,
    RecommendationState,
)
from app.domain.sorting import sort_key
from app.domain.workflow import Blocker, blockers
from app.models.ballots import Ballot
from app.models.bodies import Body
from app.models.co_signatures import CoSignature
from app.models.consultations import CommentRound
from app.models.programmes import Edition, FieldOfAction
from app.models.recommendations import Recommendation
from app.queries import structure
from app.queries.base import contains
from app.queries.need_reviews import called_for_check
from app.queries.recommendation_facts import facts_of_many
from app.queries.recommendations import with_names

S = RecommendationState

NEXT_MOVES: Final[Mapping[RecommendationState, str]] = {
    S.DRAFT: "start_review",
    S.GROUP_REVIEW: "call_decision",
    S.EVALUATION: "call_decision",
    S.GROUP_DECISION: "carry",
    S.LEAD_REVIEW: "endorse",
    S.STEERING_DECISION: "adopt",
    S.ADOPTED: "publish",
}
"""The move that leads on; a recommendation in the body may also go into a Stellungnahmeverfahren first."""

ADVANCED_TOGETHER: Final = frozenset(NEXT_MOVES) - {S.GROUP_REVIEW}
RUNNING: Final = BEFORE_ADOPTION | {S.ADOPTED, S.DORMANT, S.UNDER_REVIEW}
ALL_STATES: Final = (*PATH, S.UNDER_REVIEW, S.DORMANT, S.SUPERSEDED, S.REPEALED, S.REJECTED, S.DISCONTINUED)


class DeadlineKind(StrEnum):
    """What a deadline is of."""

    ROUND = "round"
    BALLOT = "ballot"
    DISSENT = "dissent"
    CO_SIGNATURE = "co_signature"
    PUBLICATION = "publication"


class Sorting(StrEnum):
    """What the table is sorted by."""

    STATE = "state"
    TITLE = "title"
    BODY = "body"
    SINCE = "since"
    DEADLINE = "deadline"


@dataclass(frozen=True, slots=True, kw_only=True)
class OverviewFilter:
    """What the overview is narrowed to; None leaves a field open. `is_blocked` asks for what can't go on."""

    body_id: UUID | None = None
    edition_id: UUID | None = None
    field_of_action_id: UUID | None = None
    state: RecommendationState | None = None
    is_blocked: bool | None = None
    is_called_for_check: bool = False
    q: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """One recommendation with how it stands."""

    recommendation: Recommendation
    state: RecommendationState
    since: datetime
    days: int
    deadline: datetime | None
    deadline_kind: DeadlineKind | None
    next_move: str | None
    blockers: tuple[Blocker, ...]
    is_called_for_check: bool = False

    @property
    def can_advance(self) -> bool:
        """True where nothing blocks the next move and it can be made together with others."""
        is_scheduled = self.deadline_kind is DeadlineKind.PUBLICATION
        return self.state in ADVANCED_TOGETHER and not self.blockers and not is_scheduled


def list_standings(
    session: Session,
    chosen: OverviewFilter,
    *,
    by: Sorting = Sorting.STATE,
    descending: bool = False,
    ids: Sequence[UUID] | None = None,
) -> list[Standing]:
    """Every recommendation the filter finds, sorted; the number of statements doesn't grow with them."""
    statement: Any = select(Recommendation, *_deadlines())
    rows: Sequence[Any] = session.exec(with_names(statement).where(*_conditions(chosen, ids))).all()
    running = [row[0].id for row in rows if row[0].state in RUNNING]
    facts = facts_of_many(session, running)
    moment = now(session)
    to_check = called_for_check(session, berlin_date(moment))
    found = [_standing(row, facts.get(row[0].id), moment, to_check) for row in rows]
    if chosen.is_called_for_check:
        found = [each for each in found if each.is_called_for_check]
    if chosen.state is not None:
        found = [each for each in found if each.state is chosen.state]
    if chosen.is_blocked is not None:
        found = [each for each in found if bool(each.blockers) is chosen.is_blocked and each.next_move]
    return sorted(found, key=_KEYS[by], reverse=descending)


@dataclass(frozen=True, slots=True)
class OverviewChoices:
    """(value, label) pairs to narrow the overview by."""

    bodies: Sequence[tuple[UUID, str]]
    fields: Sequence[tuple[UUID, str]]
    editions: Sequence[tuple[UUID, str]]


def overview_choices(session: Session) -> OverviewChoices:
    """The bodies, fields and editions that have recommendations or may get some; three statements."""
    bodies = select(Body.id, Body.title).where(Body.state != BodyState.PLANNED).order_by(col(Body.sort_key))
    over = case((structure.carried_on(FieldOfAction.programme_id), 0), else_=1)
    ranks = (over, col(FieldOfAction.rank), col(FieldOfAction.code))
    fields = select(FieldOfAction.id, FieldOfAction.name).order_by(*ranks)
    editions = select(Edition.id, Edition.code).order_by(col(Edition.created_at).desc())
    return OverviewChoices(session.exec(bodies).all(), session.exec(fields).all(), session.exec(editions).all())


def _standing(row: Any, facts: RecommendationFacts | None, moment: datetime, to_check: Set[UUID]) -> Standing:
    recommendation, *moments = row
    state, since = recommendation.state, recommendation.state_since
    round_closes_at = moments[0]
    if state is S.COMMENTING and round_closes_at is not None and round_closes_at <= moment:
        state, since = S.EVALUATION, round_closes_at
    kind, deadline = _next_deadline(recommendation, moments, moment)
    name = NEXT_MOVES.get(state)
    transition = RECOMMENDATION.find(name, state) if name else None
    return Standing(
        recommendation=recommendation,
        state=state,
        since=since,
        days=(berlin_date(moment) - berlin_date(since)).days,
        deadline=deadline,
        deadline_kind=kind,
        next_move=name,
        blockers=blockers(transition, facts) if transition and facts else (),
        is_called_for_check=recommendation.id in to_check,
    )


def _next_deadline(
    recommendation: Recommendation, moments: Sequence[Any], moment: datetime
) -> tuple[DeadlineKind | None, datetime | None]:
    round_at, ballot_at, dissent_until, due_on = moments
    found: list[tuple[datetime, DeadlineKind]] = []
    if round_at:
        found.append((round_at, DeadlineKind.ROUND))
    if ballot_at:
        found.append((ballot_at, DeadlineKind.BALLOT))
    if dissent_until and recommendation.state in {S.GROUP_DECISION, S.LEAD_REVIEW, S.STEERING_DECISION}:
        found.append((dissent_until, DeadlineKind.DISSENT))
    if due_on and recommendation.state is S.LEAD_REVIEW:
        found.append((end_of_day(due_on), DeadlineKind.CO_SIGNATURE))
    if recommendation.publish_at:
        found.append((recommendation.publish_at, DeadlineKind.PUBLICATION))
    ahead = sorted(each for each in found if each[0] > moment)
    return (ahead[0][1], ahead[0][0]) if ahead else (None, None)


def _deadlines() -> list[Any]:
    """The closing of an open round, of an open ballot, the end of a dissent period, the first co-signature due."""
    key = Recommendation.id
    return [
        select(CommentRound.closes_at)
        .where(CommentRound.recommendation_id == key, CommentRound.state == RoundState.OPEN)
        .correlate(Recommendation)
        .scalar_subquery(),
        select(Ballot.closes_at)
        .where(Ballot.recommendation_id == key, Ballot.state == BallotState.OPEN)
        .correlate(Recommendation)
        .scalar_subquery(),
        select(func.max(Ballot.dissent_until))
        .where(Ballot.recommendation_id == key, col(Ballot.is_history).is_(False), Ballot.state == BallotState.CLOSED)
        .correlate(Recommendation)
        .scalar_subquery(),
        select(func.min(CoSignature.due_on))
        .where(CoSignature.recommendation_id == key, CoSignature.state == CoSignatureState.REQUESTED)
        .correlate(Recommendation)
        .scalar_subquery(),
    ]


def _conditions(chosen: OverviewFilter, ids: Sequence[UUID] | None) -> list[Any]:
    found: list[Any] = []
    for name in ("body_id", "edition_id", "field_of_action_id"):
        value = getattr(chosen, name)
        if value is not None:
            found.append(col(getattr(Recommendation, name)) == value)
    if chosen.q:
        found.append(contains(col(Recommendation.search_text), chosen.q))
    if ids is not None:
        found.append(col(Recommendation.id).in_(ids))
    return found


def _title(each: Standing) -> str:
    return sort_key(each.recommendation.title)


def _body(each: Standing) -> str:
    return each.recommendation.body.sort_key if each.recommendation.body else ""


_KEYS: Mapping[Sorting, Any] = {
    Sorting.STATE: lambda each: (ALL_STATES.index(each.state), each.since, each.recommendation.id),
    Sorting.TITLE: lambda each: (_title(each), each.recommendation.id),
    Sorting.BODY: lambda each: (_body(each), _title(each), each.recommendation.id),
    Sorting.SINCE: lambda each: (each.since, each.recommendation.id),
    Sorting.DEADLINE: lambda each: (
        each.deadline is None,
        each.deadline or each.since,
        each.recommendation.id,
    ),
}
