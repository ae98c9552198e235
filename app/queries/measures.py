"""Reads of measures; public once their recommendation is, overdue computed when asked."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, bindparam, case, exists, func, or_, true
from sqlalchemy.orm import aliased, joinedload
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from app.clock import now
from app.domain.actors import Actor
from app.domain.deadlines import berlin_date
from app.domain.events import EventType
from app.domain.implementation import UNFINISHED
from app.domain.measures import MeasureFacts, MeasureState
from app.domain.organisations import OrganisationKind
from app.domain.recommendations import PUBLIC_STATES
from app.domain.text.blocks import BlockPart
from app.models.measures import Measure, MeasureContributor, Milestone, ProgressReport
from app.models.needs import Evidence
from app.models.organisations import Organisation
from app.models.recommendations import Recommendation, Supersession, Version, VersionBlock
from app.models.record import Event, RecordText
from app.queries.base import DEFAULT_LIMIT, Page, contains, get_visible, page_of
from app.queries.built import built_once, keys_of
from app.queries.overdue import Look, is_overdue, look_of, overdue_for


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasureFilter:
    """What a list of measures is narrowed to; None leaves a field open."""

    recommendation_id: UUID | None = None
    responsible_organisation_id: UUID | None = None
    contributing_organisation_id: UUID | None = None
    contributing_organisation_ids: Collection[UUID] = ()
    goal_id: UUID | None = None
    field_of_action_id: UUID | None = None
    number: str | None = None
    state: MeasureState | None = None
    overdue: bool | None = None
    q: str | None = None


@dataclass(frozen=True, slots=True)
class ListedMeasure:
    """A measure in a list, with whether it is overdue today."""

    measure: Measure
    is_overdue: bool
    next_due_on: date | None
    is_of_predecessor: bool = False


def visible(actor: Actor) -> ColumnElement[bool]:
    """The measures an actor may read: those of published recommendations are everybody's."""
    if actor.is_secretariat or actor.is_auditor:
        return true()
    recommendation = aliased(Recommendation)
    published = select(recommendation.id).where(col(recommendation.state).in_(PUBLIC_STATES))
    return col(Measure.recommendation_id).in_(published)


def today(session: Session) -> date:
    """The day it is in Berlin."""
    return berlin_date(now(session))


def next_due_on(measure: Measure) -> date | None:
    """The nearer of the measure's own day and its report's; None where nothing is due any more."""
    if measure.state not in UNFINISHED:
        return None
    return min((day for day in (measure.due_on, measure.report_due_on) if day), default=None)


def list_measures(
    session: Session,
    actor: Actor,
    chosen: MeasureFilter,
    *,
    limit: int = DEFAULT_LIMIT,
    after: str | None = None,
) -> Page[Measure]:
    """Measures the actor may read, newest first, with recommendation and responsible organisation."""
    statement = _with_names(select(Measure).where(visible(actor), *_conditions(session, actor, chosen)))
    return page_of(session, statement, Measure, limit=limit, after=after)


def count_measures(session: Session, actor: Actor, chosen: MeasureFilter) -> int:
    """How many measures the filter finds for the actor."""
    statement = select(func.count()).select_from(Measure).where(visible(actor), *_conditions(session, actor, chosen))
    return session.exec(statement).one()


def all_measures(session: Session, actor: Actor, chosen: MeasureFilter) -> list[ListedMeasure]:
    """Every measure the filter finds, recommendation by recommendation and part by part. One statement."""
    statement = _with_names(
        select(Measure).where(visible(actor), *_conditions(session, actor, chosen)).order_by(*_by_part())
    )
    look = look_of(session, actor)
    found = [listed(measure, look) for measure in session.exec(statement).all()]
    return sorted(
        found, key=lambda each: (each.measure.recommendation.reference or "") if each.measure.recommendation else ""
    )


def get_measure(session: Session, key: UUID, actor: Actor) -> Measure:
    """One measure with all that is named on its page; NotFound where absent or hidden."""
    statement = _with_names(select(Measure).where(Measure.id == key, visible(actor)))
    whole = statement.options(
        joinedload(Measure.goal),  # type: ignore[arg-type]
        joinedload(Measure.milestones),  # type: ignore[arg-type]
        joinedload(Measure.contributions).joinedload(MeasureContributor.organisation),  # type: ignore[arg-type]
    )
    return get_visible(session, whole)


def find_measure(session: Session, key: UUID, actor: Actor) -> Measure | None:
    """One measure, or None where absent or hidden."""
    return session.exec(select(Measure).where(Measure.id == key, visible(actor))).one_or_none()


def measures_of(session: Session, recommendation: Recommendation, actor: Actor) -> list[ListedMeasure]:
    """The measures of a recommendation, part by part, with the open ones of those it superseded. One statement."""
    asked = {"recommendation_id": recommendation.id, **keys_of(actor)}
    look = look_of(session, actor)
    return [listed(measure, look, recommendation.id) for measure in session.exec(_of_one(actor), params=asked).all()]


@built_once
def _of_one(actor: Actor) -> SelectOfScalar[Measure]:
    recommendation_id: Any = bindparam("recommendation_id")
    inherited = and_(
        exists().where(
            and_(
                col(Supersession.recommendation_id) == Measure.recommendation_id,
                col(Supersession.successor_id) == recommendation_id,
            )
        ),
        col(Measure.state).in_([*UNFINISHED, MeasureState.REPORTED_DONE]),
    )
    return _with_names(
        select(Measure)
        .where(or_(col(Measure.recommendation_id) == recommendation_id, inherited), visible(actor))
        .order_by(*_by_part())
    )


def listed(measure: Measure, look: Look, recommendation_id: UUID | None = None) -> ListedMeasure:
    """The measure as a list shows it to this reader today."""
    inherited = recommendation_id is not None and measure.recommendation_id != recommendation_id
    return ListedMeasure(measure, is_overdue(measure, measure.recommendation, look), next_due_on(measure), inherited)


def contributors_of(session: Session, keys: Iterable[UUID]) -> dict[UUID, list[Organisation]]:
    """By measure: the organisations that contribute. One statement."""
    statement = (
        select(MeasureContributor)
        .join(Organisation, col(Organisation.id) == MeasureContributor.organisation_id)
        .options(joinedload(MeasureContributor.organisation))  # type: ignore[arg-type]
        .where(col(MeasureContributor.measure_id).in_(list(keys)))
        .order_by(col(Organisation.sort_key))
    )
    found: dict[UUID, list[Organisation]] = {}
    for row in session.exec(statement).all():
        if row.organisation:
            found.setdefault(row.measure_id, []).append(row.organisation)
    return found


def milestones_of(session: Session, keys: Iterable[UUID]) -> dict[UUID, list[Milestone]]:
    """By measure: the days on its way, the nearest first. One statement."""
    statement = (
        select(Milestone)
        .where(col(Milestone.measure_id).in_(list(keys)))
        .order_by(col(Milestone.due_on), col(Milestone.title), col(Milestone.id))
    )
    found: dict[UUID, list[Milestone]] = {}
    for each in session.exec(statement).all():
        found.setdefault(each.measure_id, []).append(each)
    return found


def facts_of(session: Session, measure: Measure, actor: Actor) -> MeasureFacts:
    """What the guards of the measure's moves ask, for this actor."""
    return facts_of_many(session, [measure.id], actor)[measure.id]


def facts_of_many(session: Session, keys: Sequence[UUID], actor: Actor) -> dict[UUID, MeasureFacts]:
    """By measure: what the guards ask, for this actor. One statement."""
    last = (
        select(ProgressReport.id)
        .where(ProgressReport.measure_id == Measure.id, col(ProgressReport.submitted_at).is_not(None))
        .order_by(col(ProgressReport.submitted_at).desc(), col(ProgressReport.id).desc())
        .limit(1)
        .correlate(Measure)
        .scalar_subquery()
    )
    has_evidence = exists().where(col(Evidence.subject_id) == last)
    statement = select(Measure.id, last.is_not(None), has_evidence, reported_by(actor)).where(col(Measure.id).in_(keys))
    return {
        key: MeasureFacts(
            has_submitted_report=bool(some), last_report_has_evidence=bool(proven), reader_reported=bool(own)
        )
        for key, some, proven, own in session.exec(statement).all()
    }


def reported_by(actor: Actor) -> ColumnElement[bool]:
    """The actor wrote or submitted a report, or said that the measure is done."""
    if actor.person_id is None:
        return ~true()
    report = aliased(ProgressReport)
    wrote = exists().where(
        and_(
            col(report.measure_id) == Measure.id,
            col(report.submitted_at).is_not(None),
            or_(col(report.author_id) == actor.person_id, col(report.submitted_by_id) == actor.person_id),
        )
    )
    said = exists().where(
        and_(
            col(Event.subject_id) == Measure.id,
            col(Event.type) == EventType.MEASURE_REPORTED_DONE,
            col(Event.person_id) == actor.person_id,
        )
    )
    return or_(wrote, said)


def tracked_parts(session: Session, recommendation: Recommendation) -> list[tuple[str, str]]:
    """The numbered parts of the adopted recommendation text, in order: number and text."""
    return tracked_parts_of_many(session, [recommendation.id]).get(recommendation.id, [])


def tracked_parts_of_many(session: Session, keys: Collection[UUID]) -> dict[UUID, list[tuple[str, str]]]:
    """By recommendation: the numbered parts of its adopted text. One statement."""
    statement = (
        select(Version.recommendation_id, VersionBlock.number, RecordText.text)
        .join(VersionBlock, col(VersionBlock.version_id) == Version.id)
        .join(Recommendation, col(Recommendation.id) == Version.recommendation_id)
        .join(RecordText, col(RecordText.id) == VersionBlock.text_id)
        .where(
            col(Version.recommendation_id).in_(keys),
            Version.number == Recommendation.adopted_version,
            VersionBlock.part == BlockPart.RECOMMENDATION,
            col(VersionBlock.number).is_not(None),
        )
        .order_by(col(VersionBlock.position))
    )
    found: dict[UUID, list[tuple[str, str]]] = {}
    for key, number, text in session.exec(statement).all():
        found.setdefault(key, []).append((number or "", text or ""))
    return found


def possible_organisations(session: Session) -> Sequence[Organisation]:
    """Who can answer for a measure or contribute to it: every active organisation that is no collective."""
    statement = (
        select(Organisation)
        .where(col(Organisation.is_active), col(Organisation.kind) != OrganisationKind.COLLECTIVE)
        .order_by(col(Organisation.sort_key), col(Organisation.id))
    )
    return session.exec(statement).all()


def measures_named(session: Session, keys: Collection[UUID], actor: Actor) -> Sequence[Measure]:
    """Those of some measures that the actor may read, with what a list names. No statement where none is named."""
    if not keys:
        return []
    return session.exec(_with_names(select(Measure).where(col(Measure.id).in_(keys), visible(actor)))).all()


def titles_of(session: Session, keys: Collection[UUID], actor: Actor) -> dict[UUID, str]:
    """By measure: what it is called, as far as the actor may read it."""
    return {each.id: each.title for each in measures_named(session, keys, actor)}


def measures_in_charge(session: Session, actor: Actor) -> list[ListedMeasure]:
    """Every measure of the actor's organisations, the next due first. One statement."""
    return _next_due_first(session, actor, col(Measure.responsible_organisation_id).in_(actor.acts_for))


def measures_contributed_to(session: Session, actor: Actor) -> list[ListedMeasure]:
    """Every measure of others that the actor's organisations contribute to, the next due first. One statement."""
    contributes = exists().where(
        and_(
            col(MeasureContributor.measure_id) == Measure.id,
            col(MeasureContributor.organisation_id).in_(actor.acts_for),
        )
    )
    others = ~col(Measure.responsible_organisation_id).in_(actor.acts_for)
    return _next_due_first(session, actor, and_(contributes, others))


def _next_due_first(session: Session, actor: Actor, condition: ColumnElement[bool]) -> list[ListedMeasure]:
    statement = _with_names(select(Measure).where(condition, visible(actor)))
    look = look_of(session, actor)
    found = [listed(measure, look) for measure in session.exec(statement).all()]
    return sorted(found, key=lambda each: (each.next_due_on or date.max, each.measure.created_at))


def _with_names(statement: SelectOfScalar[Measure]) -> SelectOfScalar[Measure]:
    return statement.options(
        joinedload(Measure.recommendation),  # type: ignore[arg-type]
        joinedload(Measure.responsible_organisation),  # type: ignore[arg-type]
    )


def _by_part() -> tuple[ColumnElement[object], ...]:
    # A null sorts first on one database and last on the other, so its place is said.
    return (
        case((col(Measure.number).is_(None), 1), else_=0),
        col(Measure.number),
        case((col(Measure.due_on).is_(None), 1), else_=0),
        col(Measure.due_on),
        col(Measure.created_at),
        col(Measure.id),
    )  # type: ignore[return-value]


def _conditions(session: Session, actor: Actor, chosen: MeasureFilter) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    for name in ("recommendation_id", "responsible_organisation_id", "goal_id", "number", "state"):
        value = getattr(chosen, name)
        if value is not None:
            found.append(getattr(Measure, name) == value)
    one = chosen.contributing_organisation_id
    for keys in ([one] if one else [], chosen.contributing_organisation_ids):
        if keys:
            contributes = col(MeasureContributor.organisation_id).in_(keys)
            found.append(exists().where(and_(col(MeasureContributor.measure_id) == Measure.id, contributes)))
    recommendation = aliased(Recommendation)
    if chosen.field_of_action_id:
        of_field = select(recommendation.id).where(recommendation.field_of_action_id == chosen.field_of_action_id)
        found.append(col(Measure.recommendation_id).in_(of_field))
    if chosen.overdue is not None:
        overdue = overdue_for(look_of(session, actor))
        found.append(overdue if chosen.overdue else ~overdue)
    if chosen.q:
        found.append(contains(col(Measure.search_text), chosen.q))
    return found
