"""Reads of what is done again and again: what is due, and how late it is."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, or_
from sqlmodel import Session, col, select

from app.models.schedules import Schedule

_NEVER_SO_FAR_AHEAD = timedelta(days=1)
_LATE_AFTER = timedelta(minutes=10)


def was_due(moment: datetime) -> ColumnElement[bool]:
    """Its moment has come; or it lies where no schedule puts it, because a clock was wrong."""
    due_at = col(Schedule.due_at)
    return or_(due_at <= moment, due_at > moment + _NEVER_SO_FAR_AHEAD)


def is_due(schedule: Schedule, moment: datetime) -> bool:
    """The same of a row that was read."""
    return schedule.due_at <= moment or schedule.due_at > moment + _NEVER_SO_FAR_AHEAD


def list_schedules(session: Session) -> Sequence[Schedule]:
    """Every work with how it went last."""
    return session.exec(select(Schedule).order_by(Schedule.name)).all()


def lag_of(schedule: Schedule, moment: datetime) -> timedelta:
    """How late the work is."""
    return max(moment - schedule.due_at, timedelta())


def is_overdue(schedule: Schedule, moment: datetime) -> bool:
    """So late that no worker can be running."""
    return lag_of(schedule, moment) > _LATE_AFTER


def is_worker_missing(schedules: Sequence[Schedule], moment: datetime, waiting: timedelta) -> bool:
    """Nobody works, and somebody should: before the first worker came only mail that waits says so."""
    if not schedules:
        return waiting > _LATE_AFTER
    return any(is_overdue(each, moment) for each in schedules)
