"""What has to be kept up over years: readings of indicators, free seats, reuses that wait to be released."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Date, String, bindparam, cast, false, func, literal, null, or_, union_all
from sqlmodel import Session, col, select

from app.domain.actors import Actor
from app.domain.bodies import BodyState, SeatState
from app.domain.indicators import IndicatorKind
from app.domain.reuses import ReuseState
from app.models.bodies import Body, Seat
from app.models.goals import Goal
from app.models.indicators import Indicator
from app.models.measures import Measure
from app.models.organisations import Organisation
from app.models.programmes import FieldOfAction
from app.models.recommendations import Recommendation
from app.models.reuses import Reuse
from app.queries.built import built_once, keys_of
from app.queries.indicators import awaits_readings
from app.queries.tasks.base import AHEAD, MAXIMUM, Reader, Task
from app.wording.tasks import TaskKind

_PAGES = {
    TaskKind.ENTER_READING: "/indikatoren/{id}",
    TaskKind.FILL_SEAT: "/verwaltung/gremien/{word}/sitze/{id}",
    TaskKind.RELEASE_REUSE: "/verwaltung/nachnutzungen/{id}",
}


def things_to_keep_up(session: Session, reader: Reader) -> list[Task]:
    """Readings soon due, for who owns the indicator; seats and reuses for the Geschäftsstelle; one statement."""
    actor, led = reader.actor, reader.led_bodies
    if not (actor.acts_for or led or actor.is_secretariat):
        return []
    asked = {"led": list(led), "horizon": reader.today + AHEAD, **keys_of(actor)}
    return [
        reader.task(
            TaskKind(row.kind),
            title=row.title,
            url=_PAGES[TaskKind(row.kind)].format(id=row.id, word=row.word),
            due=row.due_on,
            body_id=row.body_id,
            context=row.context,
            is_personal=row.is_own,
            is_example=row.is_example,
        )
        for row in session.connection().execute(_to_keep_up(actor), asked)
    ]


@built_once
def _to_keep_up(actor: Actor) -> Any:
    parts = [_readings(actor)]
    if actor.is_secretariat:
        parts += [_free_seats(), _unreleased_reuses()]
    return union_all(*parts).limit(MAXIMUM)


def _readings(actor: Actor) -> Any:
    is_own = col(Measure.responsible_organisation_id).in_(actor.acts_for)
    owners: list[ColumnElement[bool]] = [is_own, col(Goal.body_id).in_(bindparam("led", expanding=True))]
    if actor.is_secretariat:
        owners.append(col(Indicator.kind) == IndicatorKind.CONTEXT)
    columns = _columns(
        TaskKind.ENTER_READING,
        Indicator,
        title=col(Indicator.title),
        body_id=func.coalesce(Goal.body_id, Recommendation.body_id),
        context=func.coalesce(Goal.title, Measure.title, FieldOfAction.name),
        due_on=col(Indicator.reading_due_on),
        is_own=func.coalesce(is_own, false()),
    )
    return (
        select(*columns)
        .outerjoin(Goal, col(Goal.id) == Indicator.goal_id)
        .outerjoin(Measure, col(Measure.id) == Indicator.measure_id)
        .outerjoin(Recommendation, col(Recommendation.id) == Measure.recommendation_id)
        .outerjoin(FieldOfAction, col(FieldOfAction.id) == Indicator.field_of_action_id)
        .where(awaits_readings(), col(Indicator.reading_due_on) <= bindparam("horizon"), or_(*owners))
    )


def _free_seats() -> Any:
    columns = _columns(
        TaskKind.FILL_SEAT,
        Seat,
        title=col(Organisation.name),
        body_id=col(Seat.body_id),
        context=col(Body.title),
        word=col(Body.slug),
    )
    return (
        select(*columns)
        .join(Organisation, col(Organisation.id) == Seat.organisation_id)
        .join(Body, col(Body.id) == Seat.body_id)
        .where(col(Seat.state) == SeatState.VACANT, col(Body.state) != BodyState.CLOSED)
    )


def _unreleased_reuses() -> Any:
    columns = _columns(
        TaskKind.RELEASE_REUSE,
        Reuse,
        title=col(Reuse.name),
        body_id=col(Recommendation.body_id),
        context=col(Recommendation.title),
    )
    found = select(*columns).join(Recommendation, col(Recommendation.id) == Reuse.recommendation_id)
    return found.where(col(Reuse.state) == ReuseState.CONFIRMED)


def _columns(
    kind: TaskKind,
    model: Any,
    *,
    title: Any,
    body_id: Any,
    context: Any,
    word: Any = None,
    due_on: Any = None,
    is_own: Any = None,
) -> list[Any]:
    return [
        literal(kind.value).label("kind"),
        col(model.id).label("id"),
        title.label("title"),
        body_id.label("body_id"),
        context.label("context"),
        (cast(null(), String) if word is None else word).label("word"),
        (cast(null(), Date) if due_on is None else due_on).label("due_on"),
        (false() if is_own is None else is_own).label("is_own"),
        col(model.is_example).label("is_example"),
    ]
