"""What the public can be told of by mail, by which events, and how often one may ask for it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from types import MappingProxyType
from uuid import UUID

from app.domain.accounts import Limit, network_of
from app.domain.events import EventType
from app.domain.follows import SubscriptionTarget

CONFIRM_WITHIN = timedelta(days=7)
"""How long an address waits to be confirmed before it is deleted."""

KEPT_UNDELIVERABLE = timedelta(days=30)
"""How long the subscriptions of an address that takes no mail are kept."""

_KEY = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
TOPIC_PATTERN = rf"^(consultations|(recommendation|field_of_action|addressee):{_KEY})$"
"""The words of topics."""

_OF_THE_TEXT = frozenset(
    {
        EventType.RECOMMENDATION_PUBLISHED,
        EventType.RECOMMENDATION_CHECKED,
        EventType.RECOMMENDATION_CONFIRMED,
        EventType.RECOMMENDATION_SUPERSEDED,
        EventType.RECOMMENDATION_REPEALED,
        EventType.RECOMMENDATION_ERRATUM_ADDED,
    }
)
_OF_MEASURES = frozenset(
    {
        EventType.MEASURE_PLANNED,
        EventType.MEASURE_STARTED,
        EventType.MEASURE_REPORTED_DONE,
        EventType.MEASURE_VERIFIED,
        EventType.MEASURE_SUSPENDED,
        EventType.MEASURE_RESUMED,
        EventType.MEASURE_ABORTED,
        EventType.MEASURE_DROPPED,
        EventType.MEASURE_REOPENED,
        EventType.REPORT_SUBMITTED,
    }
)
_OF_A_ROUND = frozenset({EventType.ROUND_OPENED})

TOLD: Mapping[SubscriptionTarget, frozenset[EventType]] = MappingProxyType(
    {
        SubscriptionTarget.RECOMMENDATION: _OF_THE_TEXT
        | _OF_MEASURES
        | _OF_A_ROUND
        | frozenset({EventType.RESPONSE_ANSWERED}),
        SubscriptionTarget.FIELD_OF_ACTION: _OF_THE_TEXT | _OF_A_ROUND,
        SubscriptionTarget.ADDRESSEE: _OF_THE_TEXT | _OF_MEASURES | frozenset({EventType.RESPONSE_ANSWERED}),
        SubscriptionTarget.CONSULTATIONS: _OF_A_ROUND,
    }
)
"""By what is subscribed to: the events it is told by. Of these only what is public, and only from then on."""

TOLD_AFTER_PUBLICATION = frozenset().union(*TOLD.values()) - _OF_A_ROUND
"""What is told of a recommendation that stands published."""


@dataclass(frozen=True, slots=True)
class Topic:
    """One thing that can be subscribed to, as a form names it: `consultations`, or `<target>:<id>`."""

    target: SubscriptionTarget
    target_id: UUID | None = None

    @property
    def word(self) -> str:
        """How a form and an address name it."""
        return self.target.value if self.target_id is None else f"{self.target.value}:{self.target_id}"

    @property
    def key(self) -> str:
        """What tells two of a target apart in the database."""
        return "" if self.target_id is None else str(self.target_id)


def topic_of(word: str) -> Topic:
    """The topic a word names; ValueError where it names none."""
    found = find_topic(word)
    if found is None:
        raise ValueError(word)
    return found


def find_topic(word: str) -> Topic | None:
    """The topic a word names, or None."""
    if not re.fullmatch(TOPIC_PATTERN, word):
        return None
    target, _colon, key = word.partition(":")
    return Topic(SubscriptionTarget(target), UUID(key) if key else None)


def network_limits(address: str) -> tuple[Limit, ...]:
    """How often one network may ask; whoever asks more often is told to wait."""
    return (Limit(f"address:{network_of(address)}", 20, timedelta(hours=1)),)


def mailbox_limits(email: str) -> tuple[Limit, ...]:
    """How many mails one mailbox may get from people asking; nobody is told that there were more."""
    return (
        Limit(f"mailbox hour:{email}", 5, timedelta(hours=1)),
        Limit(f"mailbox day:{email}", 10, timedelta(days=1)),
    )
