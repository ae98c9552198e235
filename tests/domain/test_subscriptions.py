"""What the public can subscribe to, and that only public facts are told."""

from __future__ import annotations

from uuid import UUID

import pytest

from app.domain.events import EventType
from app.domain.follows import SubscriptionTarget
from app.domain.public_facts import PUBLIC_FACTS
from app.domain.subscriptions import TOLD, TOLD_AFTER_PUBLICATION, Topic, find_topic, topic_of

KEY = UUID("01900000-0000-7000-8000-000000000000")


def test_only_what_the_public_reads_is_told() -> None:
    # What an addressee answers and what a report says stand on the public page of the recommendation.
    on_the_page = {EventType.RESPONSE_ANSWERED, EventType.REPORT_SUBMITTED}
    assert PUBLIC_FACTS | on_the_page >= TOLD_AFTER_PUBLICATION
    assert frozenset().union(*TOLD.values()) - TOLD_AFTER_PUBLICATION == {EventType.ROUND_OPENED}
    assert set(TOLD) == set(SubscriptionTarget)


@pytest.mark.parametrize("target", list(SubscriptionTarget))
def test_a_topic_is_named_by_a_word_and_found_by_it(target: SubscriptionTarget) -> None:
    topic = Topic(target, None if target is SubscriptionTarget.CONSULTATIONS else KEY)
    assert topic_of(topic.word) == topic


@pytest.mark.parametrize(
    "word",
    [
        "",
        "consultations:",
        f"consultations:{KEY}",
        "recommendation",
        f"body:{KEY}",
        f"recommendation:{KEY}x",
        f"recommendation:{KEY}\n",
        "recommendation:------------------------------------",
    ],
)
def test_what_names_no_topic_is_none(word: str) -> None:
    assert find_topic(word) is None
    with pytest.raises(ValueError):
        topic_of(word)
