"""Reports that are due soon or overdue, and reported measures that another person has to verify."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, or_
from sqlmodel import Session, col, select

from app.domain.actors import Actor
from app.domain.deadlines import berlin_date
from app.domain.implementation import UNFINISHED, verification_due_on
from app.domain.measures import MeasureState
from app.domain.recommendations import PUBLIC_STATES
from app.models.measures import Measure
from app.models.organisations import Organisation
from app.models.recommendations import Recommendation
from app.queries.built import built_once, keys_of
from app.queries.measures import reported_by
from app.queries.tasks.base import AHEAD, MAXIMUM, Reader, Task
from app.wording.tasks import TaskKind


def measures_to_report_or_verify(session: Session, reader: Reader) -> list[Task]:
    """Measures of the reader's organisations that owe a report, and for the Geschäftsstelle those to verify."""
    if not reader.actor.acts_for and not reader.actor.is_secretariat:
        return []
    asked = {"horizon": reader.today + AHEAD, **keys_of(reader.actor)}
    tasks = []
    for measure, body_id, organisation in session.exec(_owed(reader.actor), params=asked).all():
        is_done = measure.state is MeasureState.REPORTED_DONE
        due = min((day for day in (measure.report_due_on, measure.due_on) if day), default=None)
        tasks.append(
            reader.task(
                TaskKind.VERIFY if is_done else TaskKind.REPORT,
                title=measure.title,
                url=f"/massnahmen/{measure.id}",
                due=verification_due_on(berlin_date(measure.state_since)) if is_done else due,
                body_id=body_id,
                context=organisation,
                is_personal=not is_done,
                is_example=measure.is_example,
            )
        )
    return tasks


@built_once
def _owed(actor: Actor) -> Any:
    horizon: Any = bindparam("horizon")
    conditions: list[ColumnElement[bool]] = [
        and_(
            col(Measure.responsible_organisation_id).in_(actor.acts_for),
            col(Measure.state).in_(UNFINISHED),
            or_(col(Measure.report_due_on) <= horizon, col(Measure.due_on) <= horizon),
            col(Recommendation.tracking_closed_at).is_(None),
        )
    ]
    if actor.is_secretariat:
        conditions.append(and_(col(Measure.state) == MeasureState.REPORTED_DONE, ~reported_by(actor)))
    columns: list[Any] = [Measure, Recommendation.body_id, Organisation.name]
    return (
        select(*columns)
        .join(Recommendation, col(Recommendation.id) == Measure.recommendation_id)
        .join(Organisation, col(Organisation.id) == Measure.responsible_organisation_id)
        .where(col(Recommendation.state).in_(PUBLIC_STATES), or_(*conditions))
        .order_by(col(Measure.report_due_on))
        .limit(MAXIMUM)
    )
