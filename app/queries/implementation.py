"""How far published recommendations are carried out, derived when asked; never stored."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement
from sqlalchemy.orm import contains_eager, defer, joinedload
from sqlmodel import Session, col, select

from app.domain.actors import Actor
from app.domain.deadlines import berlin_date
from app.domain.implementation import AddresseeAnswer, ImplementationRule, ImplementationStatus, implementation_of
from app.domain.measures import MeasureState
from app.domain.organisations import Level
from app.domain.recommendations import PUBLIC_STATES, RecommendationState
from app.models.measures import Measure
from app.models.organisations import Organisation
from app.models.programmes import FieldOfAction, TargetGroup
from app.models.recommendations import Recommendation, RecommendationTargetGroup
from app.models.responses import AddresseeResponse
from app.queries.measures import ListedMeasure, next_due_on
from app.queries.overdue import Look, is_overdue, look_of
from app.queries.responses import Addressee
from app.queries.structure import carried_on

FOLLOWED_STATES = frozenset({RecommendationState.PUBLISHED, RecommendationState.UNDER_REVIEW})
"""What stands and is followed; what was superseded or repealed no longer counts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ImplementationView:
    """The derived status of one recommendation, the rule that gave it and the figures it looked at."""

    status: ImplementationStatus
    rule: ImplementationRule
    measures: int
    begun: int
    verified: int
    aborted: int
    overdue_measures: int
    addressees: int
    silent: int
    closed_reason: str | None = None

    @property
    def overdue(self) -> bool:
        """True where a measure or its report is past its day."""
        return self.overdue_measures > 0


@dataclass(frozen=True, slots=True)
class TrackedMeasure:
    """What the figures need of a measure."""

    state: MeasureState
    is_overdue: bool
    number: str | None = None


@dataclass(frozen=True, slots=True)
class PartView:
    """A numbered part of a recommendation, tracked by itself: its measures by the same rule as the whole."""

    number: str
    text: str
    status: ImplementationStatus
    rule: ImplementationRule
    measures: int
    verified: int


@dataclass(frozen=True, slots=True)
class Tracked:
    """One followed recommendation with all the overview counts; its target groups where they were asked for."""

    recommendation: Recommendation
    published_on: date
    view: ImplementationView
    responses: tuple[AddresseeResponse, ...]
    measures: tuple[ListedMeasure, ...] = ()
    target_groups: tuple[TargetGroup, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackedFilter:
    """What the overview is narrowed to; None leaves a field open."""

    field_of_action_id: UUID | None = None
    topic_id: UUID | None = None
    target_group_id: UUID | None = None
    status: ImplementationStatus | None = None
    level: Level | None = None
    addressee_id: UUID | None = None
    answer: AddresseeAnswer | None = None
    year: int | None = None
    overdue: bool | None = None

    def takes(self, one: Tracked) -> bool:
        """True where the recommendation is among those wanted."""
        asks_addressees = (self.level, self.addressee_id, self.answer) != (None, None, None)
        return (
            self.field_of_action_id in (None, one.recommendation.field_of_action_id)
            and self.topic_id in (None, one.recommendation.topic_id)
            and self.target_group_id in (None, *(group.id for group in one.target_groups))
            and self.status in (None, one.view.status)
            and self.year in (None, one.published_on.year)
            and self.overdue in (None, one.view.overdue)
            and (not asks_addressees or any(self._takes_response(each) for each in one.responses))
        )

    def _takes_response(self, response: AddresseeResponse) -> bool:
        level = response.organisation.level if response.organisation else None
        return (
            self.level in (None, level)
            and self.addressee_id in (None, response.organisation_id)
            and self.answer in (None, response.answer)
        )


@dataclass(frozen=True, slots=True)
class _Row:
    recommendation: Recommendation
    addressees: list[AddresseeResponse] = field(default_factory=list)
    measures: list[TrackedMeasure] = field(default_factory=list)
    listed: list[ListedMeasure] = field(default_factory=list)

    @property
    def is_closed(self) -> bool:
        return self.recommendation.tracking_closed_at is not None


def view_of(
    recommendation: Recommendation, addressees: Iterable[Addressee], measures: Iterable[ListedMeasure]
) -> ImplementationView:
    """The status of one recommendation from what its page has loaded already. No statement."""
    own = [_tracked(each) for each in measures if not each.is_of_predecessor]
    return _view(
        own,
        [each.answer for each in addressees],
        recommendation.tracking_closed_at is not None,
        recommendation.tracking_closed_reason,
    )


def parts_of(
    recommendation: Recommendation,
    parts: Iterable[tuple[str, str]],
    addressees: Iterable[Addressee],
    measures: Iterable[ListedMeasure],
) -> list[PartView]:
    """How far each numbered part is, from what its page has loaded already. No statement.

    What is planned for no part in particular counts for the whole alone.
    """
    own = [each for each in measures if not each.is_of_predecessor]
    return _parts_of(recommendation, parts, [each.answer for each in addressees], own)


def _parts_of(
    recommendation: Recommendation,
    parts: Iterable[tuple[str, str]],
    answers: Sequence[AddresseeAnswer],
    measures: Iterable[ListedMeasure],
) -> list[PartView]:
    own = [_tracked(each) for each in measures]
    return [
        _part_of(number, text, [each.state for each in own if each.number == number], answers, recommendation)
        for number, text in parts
    ]


def implementation_of_many(
    session: Session, recommendation_ids: Iterable[UUID], actor: Actor
) -> dict[UUID, ImplementationView]:
    """By recommendation: its status, for those among them that are published; three statements at most."""
    keys = list(recommendation_ids)
    among = col(Recommendation.id).in_(keys)
    rows = _rows(session, among, PUBLIC_STATES, look_of(session, actor)) if keys else []
    return {row.recommendation.id: _view_of_row(row) for row in rows}


def parts_of_tracked(one: Tracked, parts: Iterable[tuple[str, str]]) -> list[PartView]:
    """How far each numbered part of a followed recommendation is. No statement."""
    return _parts_of(one.recommendation, parts, [each.answer for each in one.responses], one.measures)


def list_tracked(
    session: Session,
    actor: Actor,
    *,
    fields: Sequence[FieldOfAction] | None = None,
    edition_id: UUID | None = None,
    with_tags: bool = False,
) -> list[Tracked]:
    """What is followed in these fields or this edition, newest first, with status and addressees. Three statements.

    Where neither is named all that is carried on: what a programme that is over recommended is not among it. With
    tags, topic and target groups are loaded, too: one statement more.
    """
    if edition_id is not None:
        among = col(Recommendation.edition_id) == edition_id
    elif fields is not None:
        among = col(Recommendation.field_of_action_id).in_([each.id for each in fields])
    else:
        among = col(Recommendation.field_of_action_id).in_(
            select(FieldOfAction.id).where(carried_on(FieldOfAction.programme_id))
        )
    rows = _rows(session, among, FOLLOWED_STATES, look_of(session, actor), with_topic=with_tags)
    groups = _target_groups(session) if with_tags else {}
    return [_of_row(row, groups.get(row.recommendation.id, ())) for row in rows]


def tracked_among(session: Session, loaded: Iterable[Recommendation], actor: Actor) -> list[Tracked]:
    """Those of these recommendations that are followed, in their order. Two statements."""
    rows = {one.id: _Row(one) for one in loaded if one.state in FOLLOWED_STATES}
    return [_of_row(row) for row in _filled(session, rows, look_of(session, actor))]


def published_on(recommendation: Recommendation) -> date:
    """The day in Berlin a published recommendation was published."""
    return berlin_date(recommendation.published_at or recommendation.state_since)


def _tracked(listed: ListedMeasure) -> TrackedMeasure:
    return TrackedMeasure(listed.measure.state, listed.is_overdue, listed.measure.number)


def _part_of(
    number: str,
    text: str,
    states: Sequence[MeasureState],
    answers: Sequence[AddresseeAnswer],
    recommendation: Recommendation,
) -> PartView:
    derived = implementation_of(states, answers, tracking_closed=recommendation.tracking_closed_at is not None)
    return PartView(number, text, derived.status, derived.rule, derived.measures, derived.verified)


def _of_row(row: _Row, groups: Iterable[TargetGroup] = ()) -> Tracked:
    published, view = published_on(row.recommendation), _view_of_row(row)
    return Tracked(row.recommendation, published, view, tuple(row.addressees), tuple(row.listed), tuple(groups))


def _view_of_row(row: _Row) -> ImplementationView:
    return _view(
        row.measures,
        [each.answer for each in row.addressees],
        row.is_closed,
        row.recommendation.tracking_closed_reason,
    )


def _view(
    measures: Sequence[TrackedMeasure], answers: Sequence[AddresseeAnswer], closed: bool, reason: str | None
) -> ImplementationView:
    derived = implementation_of((each.state for each in measures), answers, tracking_closed=closed)
    return ImplementationView(
        status=derived.status,
        rule=derived.rule,
        measures=derived.measures,
        begun=derived.begun,
        verified=derived.verified,
        aborted=derived.aborted,
        overdue_measures=sum(each.is_overdue for each in measures),
        addressees=len(answers),
        silent=sum(answer is AddresseeAnswer.PENDING for answer in answers),
        closed_reason=reason if closed else None,
    )


def _target_groups(session: Session) -> dict[UUID, list[TargetGroup]]:
    """By followed recommendation: whom it is for, in German order."""
    columns: list[Any] = [col(RecommendationTargetGroup.recommendation_id), TargetGroup]
    statement = (
        select(*columns)
        .join(TargetGroup, col(TargetGroup.id) == RecommendationTargetGroup.target_group_id)
        .join(Recommendation, col(Recommendation.id) == RecommendationTargetGroup.recommendation_id)
        .where(col(Recommendation.state).in_(FOLLOWED_STATES))
        .order_by(col(TargetGroup.sort_key), col(TargetGroup.id))
    )
    found: dict[UUID, list[TargetGroup]] = {}
    for recommendation_id, group in session.exec(statement).all():
        found.setdefault(recommendation_id, []).append(group)
    return found


def _rows(
    session: Session,
    among: ColumnElement[bool],
    states: frozenset[RecommendationState],
    look: Look,
    *,
    with_topic: bool = False,
) -> list[_Row]:
    statement = (
        select(Recommendation)
        .options(defer(Recommendation.search_text))  # type: ignore[arg-type]
        .where(col(Recommendation.state).in_(states), among)
        .order_by(col(Recommendation.published_at).desc(), col(Recommendation.id).desc())
    )
    if with_topic:
        statement = statement.options(joinedload(Recommendation.topic))  # type: ignore[arg-type]
    rows = {one.id: _Row(one) for one in session.exec(statement).all()}
    return _filled(session, rows, look)


def _filled(session: Session, rows: dict[UUID, _Row], look: Look) -> list[_Row]:
    if rows:
        _add_addressees(session, rows)
        _add_measures(session, rows, look)
    return list(rows.values())


def _add_addressees(session: Session, rows: dict[UUID, _Row]) -> None:
    statement = (
        select(AddresseeResponse)
        .join(Organisation, col(Organisation.id) == AddresseeResponse.organisation_id)
        .options(contains_eager(AddresseeResponse.organisation))  # type: ignore[arg-type]
        .where(col(AddresseeResponse.recommendation_id).in_(rows), col(AddresseeResponse.is_addressee))
        .order_by(col(Organisation.sort_key))
    )
    for response in session.exec(statement).all():
        rows[response.recommendation_id].addressees.append(response)


def _add_measures(session: Session, rows: dict[UUID, _Row], look: Look) -> None:
    statement = select(Measure).where(col(Measure.recommendation_id).in_(rows))
    for measure in session.exec(statement).all():
        row = rows[measure.recommendation_id]
        listed = ListedMeasure(measure, is_overdue(measure, row.recommendation, look), next_due_on(measure))
        row.listed.append(listed)
        row.measures.append(_tracked(listed))
