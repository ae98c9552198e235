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
from app.domain.public_facts import OF_COMMITMENTS, OF_MEASURES, OF_THE_TEXT

CONFIRM_WITHIN = timedelta(days=7)
"""How long an address waits to be confirmed before it is deleted."""

KEPT_UNDELIVERABLE = timedelta(days=30)
"""How long the subscriptions of an address that takes no mail are kept."""

_KEY = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
TOPIC_PATTERN = rf"^(consultations|(recommendation|field_of_action|addressee):{_KEY})$"
"""The words of topics."""

_OF_A_ROUND = frozenset({EventType.ROUND_OPENED})
_OF_CARRYING_OUT = OF_MEASURES | OF_COMMITMENTS | {EventType.REPORT_SUBMITTED, EventType.RESPONSE_ANSWERED}

TOLD: Mapping[SubscriptionTarget, frozenset[EventType]] = MappingProxyType(
    {
        SubscriptionTarget.RECOMMENDATION: OF_THE_TEXT | _OF_A_ROUND | _OF_CARRYING_OUT,
        SubscriptionTarget.FIELD_OF_ACTION: OF_THE_TEXT | _OF_A_ROUND,
        SubscriptionTarget.ADDRESSEE: OF_THE_TEXT | _OF_CARRYING_OUT,
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
