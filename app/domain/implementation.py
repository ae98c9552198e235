"""How far a published recommendation is carried out, derived from what is recorded. Never stored."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from app.domain.deadlines import add_months
from app.domain.measures import MeasureState

FIRST_REPORT_MONTHS: Final = 12
REPORT_INTERVAL_MONTHS: Final = 12
RESPONSE_DAYS: Final = 56
"""How long an addressee is given to answer: eight weeks after publication."""

PUBLIC_GRACE: Final = timedelta(days=30)
"""A late report shows to who owes it and to the Geschäftsstelle at once, to everybody else after these days."""

QUESTION_DAYS: Final = 30
"""How long a responsible organisation has to answer what the Geschäftsstelle asked back, with a new report."""

REPORT_NOTICE: Final = timedelta(days=QUESTION_DAYS)
"""How long before its day a report can be owed: what was asked back is from the first day on."""

VERIFICATION_DAYS: Final = 30
"""How long the Geschäftsstelle has to verify what was reported done, or to send it back."""


class AddresseeAnswer(StrEnum):
    """What an addressee said to a published recommendation."""

    PENDING = "pending"
    COMMITTED = "committed"
    PARTLY_COMMITTED = "partly_committed"
    DECLINED = "declined"
    NOT_COMPETENT = "not_competent"

    @property
    def is_reason_required(self) -> bool:
        """Whether this answer is refused without a reason."""
        return self in TURNED_DOWN


class ImplementationStatus(StrEnum):
    """How far a recommendation is carried out."""

    CLOSED = "closed"
    NOT_DONE = "not_done"
    NO_RESPONSE = "no_response"
    NOT_STARTED = "not_started"
    DONE = "done"
    MOSTLY_DONE = "mostly_done"
    STARTED = "started"


class ImplementationRule(StrEnum):
    """The rule that gave the status; the page prints it beside the status."""

    TRACKING_CLOSED = "tracking_closed"
    ALL_TURNED_DOWN = "all_turned_down"
    NONE_ANSWERED = "none_answered"
    NO_MEASURE = "no_measure"
    ALL_VERIFIED = "all_verified"
    ALL_ABORTED = "all_aborted"
    HALF_VERIFIED = "half_verified"
    ANY_BEGUN = "any_begun"
    NONE_BEGUN = "none_begun"


STATUS_BY_RULE: Final = {
    ImplementationRule.TRACKING_CLOSED: ImplementationStatus.CLOSED,
    ImplementationRule.ALL_TURNED_DOWN: ImplementationStatus.NOT_DONE,
    ImplementationRule.NONE_ANSWERED: ImplementationStatus.NO_RESPONSE,
    ImplementationRule.NO_MEASURE: ImplementationStatus.NOT_STARTED,
    ImplementationRule.ALL_VERIFIED: ImplementationStatus.DONE,
    ImplementationRule.ALL_ABORTED: ImplementationStatus.NOT_DONE,
    ImplementationRule.HALF_VERIFIED: ImplementationStatus.MOSTLY_DONE,
    ImplementationRule.ANY_BEGUN: ImplementationStatus.STARTED,
    ImplementationRule.NONE_BEGUN: ImplementationStatus.NOT_STARTED,
}
"""The rules in the order they are tried; the first that applies gives the status."""


@dataclass(frozen=True, slots=True)
class Implementation:
    """A derived status, the rule that gave it, and the figures the rule looked at."""

    status: ImplementationStatus
    rule: ImplementationRule
    measures: int
    begun: int
    verified: int
    aborted: int


TURNED_DOWN: Final = frozenset({AddresseeAnswer.DECLINED, AddresseeAnswer.NOT_COMPETENT})
UNFINISHED: Final = frozenset({MeasureState.PLANNED, MeasureState.IN_PROGRESS, MeasureState.SUSPENDED})
GIVEN_UP: Final = frozenset({MeasureState.ABORTED, MeasureState.DROPPED})


def implementation_of(
    measures: Iterable[MeasureState], answers: Iterable[AddresseeAnswer], *, tracking_closed: bool = False
) -> Implementation:
    """Derive the status from the measures' states and the addressees' (not their members') answers."""
    counted = [state for state in measures if state is not MeasureState.DROPPED]
    verified = counted.count(MeasureState.VERIFIED_DONE)
    aborted = counted.count(MeasureState.ABORTED)
    # A measure can be aborted only after it was begun, so everything but "planned" has begun.
    begun = len(counted) - counted.count(MeasureState.PLANNED)
    rule = _first_match(len(counted), begun, verified, aborted, list(answers), tracking_closed)
    return Implementation(STATUS_BY_RULE[rule], rule, len(counted), begun, verified, aborted)


def response_due_on(published_on: date) -> date:
    """The day by which an addressee is asked to answer."""
    return published_on + timedelta(days=RESPONSE_DAYS)


def report_due_on(
    published_on: date | None,
    last_report_on: date | None = None,
    *,
    interval_months: int = REPORT_INTERVAL_MONTHS,
) -> date | None:
    """The day by which the next report is due; None before publication."""
    if published_on is None:
        return None
    if last_report_on is None:
        return add_months(published_on, FIRST_REPORT_MONTHS)
    return add_months(last_report_on, interval_months)


def first_report_due_on(published_on: date, planned_on: date) -> date:
    """The day the first report of a measure is due: 12 months after publication.

    A measure planned after that day owes it on the next anniversary of the publication, never at once.
    """
    due = add_months(published_on, FIRST_REPORT_MONTHS)
    years = 1
    while due <= planned_on:
        years += 1
        due = add_months(published_on, FIRST_REPORT_MONTHS * years)
    return due


def is_report_expected(state: MeasureState, *, tracking_closed: bool = False) -> bool:
    """Whether a measure in this state still owes reports."""
    return state in UNFINISHED and not tracking_closed


def is_report_due(
    state: MeasureState, *, today: date, next_report_due_on: date | None, tracking_closed: bool = False
) -> bool:
    """Whether a measure's report is asked for now: its day is near or over."""
    if next_report_due_on is None or not is_report_expected(state, tracking_closed=tracking_closed):
        return False
    return next_report_due_on <= today + REPORT_NOTICE


def is_overdue(
    state: MeasureState,
    *,
    today: date,
    due_on: date | None = None,
    next_report_due_on: date | None = None,
    tracking_closed: bool = False,
    grace: timedelta = timedelta(),
) -> bool:
    """Whether an unfinished measure is past its own date or its report's; `today` is the day in Berlin.

    The grace is the report's alone: `PUBLIC_GRACE` for who neither owes it nor looks after it.
    """
    if not is_report_expected(state, tracking_closed=tracking_closed):
        return False
    is_report_late = next_report_due_on is not None and today - grace > next_report_due_on
    return is_report_late or (due_on is not None and today > due_on)


def verification_due_on(reported_on: date) -> date:
    """The day by which what was reported done is to be verified or sent back."""
    return reported_on + timedelta(days=VERIFICATION_DAYS)


def _first_match(
    total: int,
    begun: int,
    verified: int,
    aborted: int,
    answers: list[AddresseeAnswer],
    tracking_closed: bool,
) -> ImplementationRule:
    rule = ImplementationRule
    if tracking_closed:
        return rule.TRACKING_CLOSED
    if total == 0:
        return _without_measures(answers)
    if verified == total:
        return rule.ALL_VERIFIED
    if aborted == total:
        return rule.ALL_ABORTED
    if 2 * verified >= total:
        return rule.HALF_VERIFIED
    return rule.ANY_BEGUN if begun > 0 else rule.NONE_BEGUN


def _without_measures(answers: list[AddresseeAnswer]) -> ImplementationRule:
    if answers and all(answer in TURNED_DOWN for answer in answers):
        return ImplementationRule.ALL_TURNED_DOWN
    if all(answer is AddresseeAnswer.PENDING for answer in answers):
        return ImplementationRule.NONE_ANSWERED
    return ImplementationRule.NO_MEASURE
