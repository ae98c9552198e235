"""When a measure shows as overdue, and to whom: a late report to who owes it at once, to the public after a grace."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import ColumnElement, and_, or_
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from app.clock import now
from app.domain import implementation
from app.domain.actors import Actor
from app.domain.deadlines import berlin_date
from app.domain.implementation import PUBLIC_GRACE, UNFINISHED
from app.models.measures import Measure
from app.models.recommendations import Recommendation


@dataclass(frozen=True, slots=True)
class Look:
    """Who looks at measures, and on which day in Berlin."""

    actor: Actor
    day: date

    @property
    def sees_all_at_once(self) -> bool:
        """True for those who look after every report."""
        return self.actor.is_secretariat or self.actor.is_auditor

    def grace_of(self, measure: Measure) -> timedelta:
        """How long after its day this reader does not see yet that the measure's report is late."""
        is_own = measure.responsible_organisation_id in self.actor.acts_for
        return timedelta() if self.sees_all_at_once or is_own else PUBLIC_GRACE


def look_of(session: Session, actor: Actor) -> Look:
    """How this reader looks today."""
    return Look(actor, berlin_date(now(session)))


def is_overdue(measure: Measure, recommendation: Recommendation | None, look: Look) -> bool:
    """Whether the measure of this recommendation, or its report, shows as past its day."""
    return implementation.is_overdue(
        measure.state,
        today=look.day,
        due_on=measure.due_on,
        next_report_due_on=measure.report_due_on,
        tracking_closed=recommendation is not None and recommendation.tracking_closed_at is not None,
        grace=look.grace_of(measure),
    )


def overdue_for(look: Look) -> ColumnElement[bool]:
    """The same as `is_overdue`, as a condition; never null, so that it can be turned round."""
    recommendation = aliased(Recommendation)
    tracked = select(recommendation.id).where(col(recommendation.tracking_closed_at).is_(None))
    past = or_(and_(col(Measure.due_on).is_not(None), col(Measure.due_on) < look.day), _is_report_late(look))
    return and_(col(Measure.state).in_(UNFINISHED), past, col(Measure.recommendation_id).in_(tracked))


def _is_report_late(look: Look) -> ColumnElement[bool]:
    due_on = col(Measure.report_due_on)
    at_once, later = due_on < look.day, due_on < look.day - PUBLIC_GRACE
    if not look.sees_all_at_once:
        at_once = and_(col(Measure.responsible_organisation_id).in_(look.actor.acts_for), at_once)
    return and_(due_on.is_not(None), or_(at_once, later))
