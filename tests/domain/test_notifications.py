"""Who is told what: every event has its place in the table, and nothing internal is told to all who follow."""

import pytest

from app.domain.deadline_reminders import DeadlineKind, ReminderStage
from app.domain.events import EventType, SubjectType
from app.domain.notifications import MEANINGS, OWN_PLACES, PLACES, RULES, SILENT, Circle, Urgency, is_told
from app.domain.public_facts import PUBLIC_FACTS
from app.wording.notifications import reminder_about, sentence

STEPS = ("recommendation.", "measure.")


def test_every_event_is_told_or_named_silent_and_never_both() -> None:
    assert set(RULES) | set(SILENT) == set(EventType)
    assert set(RULES) & set(SILENT) == set()
    assert [word for word, rule in RULES.items() if not rule.circles] == []
    assert [word for word, reason in SILENT.items() if not reason] == []


def test_every_circle_is_described_and_used_and_nobody_is_told_twice() -> None:
    assert list(MEANINGS) == list(Circle)
    assert {circle for rule in RULES.values() for _urgency, circles in rule.circles for circle in circles} == set(
        Circle
    )
    assert [word for word, rule in RULES.items() if rule.tasks & rule.news] == []


def test_who_follows_from_outside_hears_only_what_the_public_may_know() -> None:
    heard = {word for word, rule in RULES.items() if Circle.FOLLOWERS in rule.news and not rule.within}
    assert {word for word in heard if word.value.startswith(STEPS)} <= PUBLIC_FACTS


def test_what_was_said_in_a_running_ballot_is_told_to_nobody_but_the_seat_it_was_recorded_for() -> None:
    told = {word for word in EventType if word.value.startswith(SubjectType.POSITION.value) and is_told(word)}
    assert told == {EventType.POSITION_RECORDED}
    assert RULES[EventType.POSITION_RECORDED].circles == ((Urgency.NEWS, frozenset({Circle.VOTERS})),)


def test_what_the_system_does_by_itself_is_told_only_where_it_matters() -> None:
    assert is_told(EventType.STATEMENT_DISPOSED)
    assert not is_told(EventType.STATEMENT_DISPOSED, by_person=False)
    assert is_told(EventType.BALLOT_CLOSED, by_person=False)


def test_deadlines_are_of_reminders_alone() -> None:
    assert all(urgency is not Urgency.DEADLINE for rule in RULES.values() for urgency, _circles in rule.circles)


def test_every_place_is_a_noun_with_a_page_of_its_own() -> None:
    assert {place for place, _field in PLACES.values()}.isdisjoint(PLACES)
    assert set(OWN_PLACES) <= set(RULES)


@pytest.mark.parametrize("word", list(RULES))
def test_every_told_event_has_its_words(word: EventType) -> None:
    assert len(sentence(word.value)) > 5


@pytest.mark.parametrize("kind", list(DeadlineKind))
@pytest.mark.parametrize("stage", list(ReminderStage))
def test_every_reminder_has_its_words(kind: DeadlineKind, stage: ReminderStage) -> None:
    assert len(sentence(reminder_about(kind, stage))) > 5


def test_the_end_of_a_ballot_promises_nothing() -> None:
    # Whether a dissenting opinion is awaited depends on the positions; who can file one is reminded of it.
    assert "Sondervotum" not in sentence(EventType.BALLOT_CLOSED.value)


def test_an_unknown_word_is_an_error() -> None:
    with pytest.raises(ValueError, match="nonsense"):
        sentence("nonsense")
