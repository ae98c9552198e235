"""The derived status over every small set of measures and answers, and what is overdue when."""

from datetime import date, timedelta
from itertools import combinations_with_replacement, product

import pytest

from app.domain.implementation import (
    STATUS_BY_RULE,
    AddresseeAnswer,
    ImplementationRule,
    ImplementationStatus,
    first_report_due_on,
    implementation_of,
    is_overdue,
    is_report_expected,
    report_due_on,
)
from app.domain.measures import MeasureState

TODAY = date(2026, 11, 22)
TURNED_DOWN = {AddresseeAnswer.DECLINED, AddresseeAnswer.NOT_COMPETENT}
UNFINISHED = {MeasureState.PLANNED, MeasureState.IN_PROGRESS, MeasureState.SUSPENDED}


def expected(measures: list[MeasureState], answers: list[AddresseeAnswer]) -> ImplementationStatus:
    """The paragraph of the process, line by line."""
    left = [state for state in measures if state != MeasureState.DROPPED]
    if not left and answers and set(answers) <= TURNED_DOWN:
        return ImplementationStatus.NOT_DONE
    if not left and set(answers) <= {AddresseeAnswer.PENDING}:
        return ImplementationStatus.NO_RESPONSE
    if not left:
        return ImplementationStatus.NOT_STARTED
    if set(left) == {MeasureState.VERIFIED_DONE}:
        return ImplementationStatus.DONE
    if set(left) == {MeasureState.ABORTED}:
        return ImplementationStatus.NOT_DONE
    if left.count(MeasureState.VERIFIED_DONE) / len(left) >= 0.5:
        return ImplementationStatus.MOSTLY_DONE
    if set(left) != {MeasureState.PLANNED}:
        return ImplementationStatus.STARTED
    return ImplementationStatus.NOT_STARTED


def test_every_set_of_up_to_four_measures_and_three_answers() -> None:
    for number, answered in product(range(5), range(4)):
        for measures in combinations_with_replacement(MeasureState, number):
            for answers in combinations_with_replacement(AddresseeAnswer, answered):
                derived = implementation_of(measures, answers)
                assert derived.status is expected(list(measures), list(answers)), (measures, answers)
                assert implementation_of(measures, answers, tracking_closed=True).status == "closed"


def test_each_status_and_each_rule_can_come_out() -> None:
    seen = {
        (derived.status, derived.rule)
        for closed in (False, True)
        for measures in combinations_with_replacement(MeasureState, 2)
        for answers in ([], list(AddresseeAnswer), [AddresseeAnswer.DECLINED])
        for shown in (measures, (MeasureState.DROPPED,))
        for derived in [implementation_of(shown, answers, tracking_closed=closed)]
    }
    assert {status for status, _ in seen} == set(ImplementationStatus)
    assert {rule for _, rule in seen} == set(ImplementationRule)
    assert len(seen) == len(ImplementationRule)


def test_the_figures_of_the_rule_are_told() -> None:
    states = [MeasureState.VERIFIED_DONE, MeasureState.PLANNED, MeasureState.ABORTED, MeasureState.DROPPED]
    derived = implementation_of(states, [])
    assert (derived.measures, derived.begun, derived.verified, derived.aborted) == (3, 2, 1, 1)


def test_answers_that_need_a_reason() -> None:
    assert {answer for answer in AddresseeAnswer if answer.is_reason_required} == TURNED_DOWN


@pytest.mark.parametrize("state", MeasureState)
def test_a_measure_is_overdue_after_its_day_and_only_while_unfinished(state: MeasureState) -> None:
    late = state in UNFINISHED
    assert is_report_expected(state) == late
    for limit, passed in ((TODAY - timedelta(days=1), True), (TODAY, False), (None, False)):
        assert is_overdue(state, today=TODAY, due_on=limit) == (late and passed)
        assert is_overdue(state, today=TODAY, next_report_due_on=limit) == (late and passed)
        assert not is_overdue(state, today=TODAY, due_on=limit, tracking_closed=True)


def test_a_missing_date_hides_no_missing_report() -> None:
    yesterday = TODAY - timedelta(days=1)
    assert is_overdue(MeasureState.PLANNED, today=TODAY, due_on=None, next_report_due_on=yesterday)
    assert is_overdue(MeasureState.PLANNED, today=TODAY, due_on=date.max, next_report_due_on=yesterday)


def test_reports_are_due_a_year_after_publication_then_after_the_last() -> None:
    assert report_due_on(None) is None
    assert report_due_on(date(2024, 2, 29)) == date(2025, 2, 28)
    assert report_due_on(date(2024, 2, 29), date(2025, 1, 31)) == date(2026, 1, 31)
    assert report_due_on(date(2024, 2, 29), date(2025, 1, 31), interval_months=1) == date(2025, 2, 28)
    assert report_due_on(date(2025, 5, 1), interval_months=6) == date(2026, 5, 1)


@pytest.mark.parametrize(
    ("planned_on", "due_on"),
    [
        (date(2026, 3, 2), date(2027, 3, 2)),
        (date(2027, 3, 1), date(2027, 3, 2)),
        (date(2027, 3, 2), date(2028, 3, 2)),
        (date(2030, 6, 1), date(2031, 3, 2)),
    ],
)
def test_nobody_owes_a_report_from_the_start(planned_on: date, due_on: date) -> None:
    assert first_report_due_on(date(2026, 3, 2), planned_on) == due_on


def test_every_rule_gives_a_status() -> None:
    assert list(STATUS_BY_RULE) == list(ImplementationRule)
