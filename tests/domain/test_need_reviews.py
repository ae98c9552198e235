"""When it is asked whether needs persist, and what the answers come to."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from app.domain.contact_addresses import mark_of
from app.domain.need_reviews import NeedReviewCounts, review_due_on, round_reached
from app.models.base import new_id

PUBLISHED = date(2024, 2, 29)


@pytest.mark.parametrize(
    ("today", "months"),
    [
        (PUBLISHED, None),
        (date(2025, 2, 27), None),
        (date(2025, 2, 28), 12),
        (date(2027, 2, 27), 12),
        (date(2027, 2, 28), 36),
        (date(2040, 1, 1), 36),
    ],
)
def test_the_last_round_reached_counts(today: date, months: int | None) -> None:
    assert round_reached(PUBLISHED, today) == months


@pytest.mark.parametrize(
    ("persists", "reduced", "met", "calls"),
    [(0, 0, 0, False), (1, 0, 0, True), (1, 1, 0, True), (1, 1, 1, False), (2, 1, 2, False), (3, 2, 1, True)],
)
def test_half_of_those_who_answered_call_for_a_check(persists: int, reduced: int, met: int, calls: bool) -> None:
    counts = NeedReviewCounts(asked=10, persists=persists, reduced=reduced, met=met)
    assert counts.answered == persists + reduced + met
    assert counts.calls_for_check is calls


def test_an_answer_is_taken_for_fifty_six_days() -> None:
    assert review_due_on(PUBLISHED) - PUBLISHED == timedelta(days=56)


def test_a_link_is_bound_to_its_subject_and_its_mailbox() -> None:
    one, other = new_id(), new_id()
    marks = {mark_of(key, address) for key in (one, other) for address in ("", "a@b.example", "c@b.example")}
    assert len(marks) == 6
    assert mark_of(one, "a@b.example") in marks
