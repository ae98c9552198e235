"""What can be followed, and what is followed by taking part."""

from __future__ import annotations

from dataclasses import fields
from uuid import UUID

import pytest

from app.domain.events import EventType, SubjectType, is_about
from app.domain.follows import FILTERS, STATES, TAKING_PART, THINGS, FollowTarget, ListFilter

ONE, OTHER = UUID(int=1), UUID(int=2)


def test_a_list_is_known_by_its_filters_alone() -> None:
    chosen = ListFilter(noun=SubjectType.NEED, body_id=ONE, words=frozenset({"kita", "plätze"}))
    assert chosen.key == ListFilter(noun=SubjectType.NEED, words=frozenset({"plätze", "kita"}), body_id=ONE).key
    others = [
        ListFilter(noun=SubjectType.PROPOSAL, body_id=ONE, words=chosen.words),
        ListFilter(noun=SubjectType.NEED, body_id=OTHER, words=chosen.words),
        ListFilter(noun=SubjectType.NEED, topic_id=ONE, words=chosen.words),
        ListFilter(noun=SubjectType.NEED, body_id=ONE, words=frozenset({"kita"})),
        ListFilter(noun=SubjectType.NEED, body_id=ONE, words=chosen.words, state="accepted"),
        ListFilter(noun=SubjectType.NEED),
    ]
    assert len({chosen.key, *(each.key for each in others)}) == len(others) + 1
    assert ListFilter(noun=SubjectType.NEED).narrowed_by == {}


def test_every_list_knows_its_filters_and_states() -> None:
    names = {each.name for each in fields(ListFilter)} - {"noun"}
    assert {SubjectType(target.value) for target in THINGS} <= set(FILTERS)
    assert set(STATES) == {noun for noun, filters in FILTERS.items() if "state" in filters}
    for noun, filters in FILTERS.items():
        assert filters <= names, noun


@pytest.mark.parametrize("event_type", sorted(TAKING_PART))
def test_only_writing_and_voting_is_taking_part(event_type: EventType) -> None:
    nouns = {
        *(SubjectType(target.value) for target in FollowTarget if target in THINGS),
        SubjectType.COMMENT,
        SubjectType.STATEMENT,
        SubjectType.AMENDMENT,
        SubjectType.POSITION,
        SubjectType.DISSENTING_OPINION,
        SubjectType.CO_SIGNATURE,
        SubjectType.RESPONSE,
        SubjectType.PROGRESS_REPORT,
        SubjectType.COMMITMENT,
    }
    assert any(is_about(event_type, noun) for noun in nouns)
