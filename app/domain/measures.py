"""Measures: their states and moves; what is reported and what is verified are two facts by two persons."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from app.domain.events import EventType
from app.domain.permissions import Permission
from app.domain.workflow import Blocker, Transition, Workflow


class MeasureState(StrEnum):
    """Where a measure stands; "überfällig" is computed, never stored."""

    PLANNED = "planned"
    IN_PROGRESS = "in_progress"
    REPORTED_DONE = "reported_done"
    VERIFIED_DONE = "verified_done"
    SUSPENDED = "suspended"
    ABORTED = "aborted"
    DROPPED = "dropped"


class ReportedProgress(StrEnum):
    """How a measure goes, in the words of who reports on it."""

    ON_SCHEDULE = "on_schedule"
    DELAYED = "delayed"
    AT_RISK = "at_risk"


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasureFacts:
    """What the guards of a measure ask; `reader_reported` is about the person who asks."""

    last_report_has_evidence: bool = False
    has_submitted_report: bool = False
    reader_reported: bool = False


def report_with_evidence(facts: MeasureFacts) -> Blocker | None:
    """The last submitted report carries evidence."""
    if not facts.has_submitted_report:
        return Blocker("no_report")
    return None if facts.last_report_has_evidence else Blocker("report_without_evidence")


def another_person_verifies(facts: MeasureFacts) -> Blocker | None:
    """Who reported never verifies."""
    return Blocker("reporter_verifies") if facts.reader_reported else None


MEASURE = Workflow(
    "measure",
    MeasureState,
    Transition(
        name="start",
        sources=frozenset({MeasureState.PLANNED}),
        target=MeasureState.IN_PROGRESS,
        permission=Permission.MEASURE_REPORT,
        event=EventType.MEASURE_STARTED,
    ),
    Transition(
        name="report_done",
        sources=frozenset({MeasureState.IN_PROGRESS}),
        target=MeasureState.REPORTED_DONE,
        permission=Permission.REPORT_WRITE,
        event=EventType.MEASURE_REPORTED_DONE,
        guards=(report_with_evidence,),
    ),
    Transition(
        name="verify",
        sources=frozenset({MeasureState.REPORTED_DONE}),
        target=MeasureState.VERIFIED_DONE,
        permission=Permission.MEASURE_VERIFY,
        event=EventType.MEASURE_VERIFIED,
        guards=(another_person_verifies,),
    ),
    Transition(
        name="send_back",
        sources=frozenset({MeasureState.REPORTED_DONE}),
        target=MeasureState.IN_PROGRESS,
        permission=Permission.MEASURE_VERIFY,
        event=EventType.MEASURE_SENT_BACK,
        reason_required=True,
    ),
    Transition(
        name="suspend",
        sources=frozenset({MeasureState.IN_PROGRESS}),
        target=MeasureState.SUSPENDED,
        permission=Permission.MEASURE_REPORT,
        event=EventType.MEASURE_SUSPENDED,
        reason_required=True,
    ),
    Transition(
        name="resume",
        sources=frozenset({MeasureState.SUSPENDED}),
        target=MeasureState.IN_PROGRESS,
        permission=Permission.MEASURE_REPORT,
        event=EventType.MEASURE_RESUMED,
    ),
    Transition(
        name="abort",
        sources=frozenset({MeasureState.IN_PROGRESS, MeasureState.SUSPENDED}),
        target=MeasureState.ABORTED,
        permission=Permission.MEASURE_REPORT,
        event=EventType.MEASURE_ABORTED,
        reason_required=True,
    ),
    Transition(
        name="drop",
        sources=frozenset({MeasureState.PLANNED}),
        target=MeasureState.DROPPED,
        permission=Permission.MEASURE_REPORT,
        event=EventType.MEASURE_DROPPED,
        reason_required=True,
    ),
    Transition(
        name="reopen",
        sources=frozenset({MeasureState.VERIFIED_DONE, MeasureState.ABORTED, MeasureState.DROPPED}),
        target=MeasureState.IN_PROGRESS,
        permission=Permission.MEASURE_VERIFY,
        event=EventType.MEASURE_REOPENED,
        reason_required=True,
    ),
)
