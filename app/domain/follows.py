"""What a person can follow, what it follows by taking part, and what the public can subscribe to."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Final
from uuid import UUID, uuid5

from app.domain.events import EventType, SubjectType
from app.domain.measures import MeasureState
from app.domain.needs import NeedState
from app.domain.proposals import ProposalState
from app.domain.recommendations import RecommendationState


class FollowTarget(StrEnum):
    """A thing, all that stands in or belongs to something wider, or a list with its filters."""

    NEED = "need"
    PROPOSAL = "proposal"
    RECOMMENDATION = "recommendation"
    MEASURE = "measure"
    GOAL = "goal"
    INDICATOR = "indicator"
    BODY = "body"
    FIELD_OF_ACTION = "field_of_action"
    TOPIC = "topic"
    GUIDING_QUESTION = "guiding_question"
    CROSS_CUTTING_THEME = "cross_cutting_theme"
    TARGET_GROUP = "target_group"
    ORGANISATION = "organisation"
    EDITION = "edition"
    LIST = "list"


class FollowChoice(StrEnum):
    """What a person says of what it can follow."""

    FOLLOW = "follow"
    UNFOLLOW = "unfollow"
    MUTE = "mute"
    UNMUTE = "unmute"


THINGS: Final = frozenset(
    {
        FollowTarget.NEED,
        FollowTarget.PROPOSAL,
        FollowTarget.RECOMMENDATION,
        FollowTarget.MEASURE,
        FollowTarget.GOAL,
        FollowTarget.INDICATOR,
    }
)
"""What is followed by taking part; who ends that stays away, whatever it writes there later."""

TAKING_PART: Final = frozenset(
    {
        EventType.NEED_POSTED,
        EventType.NEED_SUPPORTED,
        EventType.PROPOSAL_POSTED,
        EventType.PROPOSAL_EDITED,
        EventType.PROPOSAL_SUPPORTED,
        EventType.COMMENT_POSTED,
        EventType.RECOMMENDATION_DRAFTED,
        EventType.RECOMMENDATION_VERSION_SAVED,
        EventType.STATEMENT_SUBMITTED,
        EventType.AMENDMENT_FILED,
        EventType.POSITION_TAKEN,
        EventType.POSITION_CHANGED,
        EventType.DISSENT_FILED,
        EventType.CO_SIGNATURE_GIVEN,
        EventType.CO_SIGNATURE_CONDITIONAL,
        EventType.CO_SIGNATURE_RESERVED,
        EventType.CO_SIGNATURE_REFUSED,
        EventType.RESPONSE_ANSWERED,
        EventType.MEASURE_PLANNED,
        EventType.REPORT_DRAFTED,
        EventType.REPORT_SUBMITTED,
        EventType.COMMITMENT_MADE,
        EventType.GOAL_PROPOSED,
        EventType.INDICATOR_DEFINED,
        EventType.INDICATOR_READING_ADDED,
        EventType.INDICATOR_READING_CORRECTED,
    }
)
"""Who wrote, commented or voted follows the thing by itself; who only moves it on does not."""

_LISTS: Final = UUID("5b0c2c3e-6f0d-5a64-9f5e-0d7c1f0e6a11")
_OF_CONTRIBUTIONS: Final = frozenset(
    {
        "body_id",
        "field_of_action_id",
        "topic_id",
        "guiding_question_id",
        "cross_cutting_theme_id",
        "target_group_id",
        "organisation_id",
        "state",
        "visibility",
        "words",
    }
)
FILTERS: Final[Mapping[SubjectType, frozenset[str]]] = {
    SubjectType.NEED: _OF_CONTRIBUTIONS,
    SubjectType.PROPOSAL: _OF_CONTRIBUTIONS,
    SubjectType.RECOMMENDATION: (_OF_CONTRIBUTIONS - {"body_id", "visibility"}) | {"implementation_status", "year"},
    SubjectType.MEASURE: frozenset({"field_of_action_id", "organisation_id", "state", "words"}),
    SubjectType.GOAL: frozenset({"body_id", "field_of_action_id"}),
    SubjectType.INDICATOR: frozenset({"field_of_action_id"}),
    SubjectType.REUSE: frozenset({"recommendation_id", "land", "size_class"}),
    SubjectType.PUBLICATION: frozenset({"field_of_action_id", "year", "words"}),
    SubjectType.COMMENT_ROUND: frozenset(),
}
"""What the list of each noun can be narrowed by where somebody follows it; of indicators that is the context's."""

FOLLOWED_WHOLE: Final = frozenset(
    {SubjectType.GOAL, SubjectType.INDICATOR, SubjectType.PUBLICATION, SubjectType.COMMENT_ROUND}
)
"""Lists in which little happens: they are followed without being narrowed, too."""

STATES: Final[Mapping[SubjectType, type[StrEnum]]] = {
    SubjectType.NEED: NeedState,
    SubjectType.PROPOSAL: ProposalState,
    SubjectType.RECOMMENDATION: RecommendationState,
    SubjectType.MEASURE: MeasureState,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ListFilter:
    """A list somebody follows; what is None narrows nothing, of `words` all must occur.

    `organisation_id` is who wrote a need or proposal, is addressed by a recommendation, or answers for a measure;
    `recommendation_id` is what is reused, `year` that of publication. A list with several values of one kind is
    followed as one for each value.
    """

    noun: SubjectType
    body_id: UUID | None = None
    field_of_action_id: UUID | None = None
    topic_id: UUID | None = None
    guiding_question_id: UUID | None = None
    cross_cutting_theme_id: UUID | None = None
    target_group_id: UUID | None = None
    organisation_id: UUID | None = None
    recommendation_id: UUID | None = None
    land: str | None = None
    size_class: str | None = None
    state: str | None = None
    visibility: str | None = None
    implementation_status: str | None = None
    year: int | None = None
    words: frozenset[str] = frozenset()

    @property
    def narrowed_by(self) -> dict[str, object]:
        """The filters that are set, by name."""
        named = {each.name: getattr(self, each.name) for each in fields(self) if each.name != "noun"}
        return {name: value for name, value in named.items() if value}

    @property
    def key(self) -> UUID:
        """The same for the same filters, whoever follows."""
        narrowed = {name: str(value) for name, value in self.narrowed_by.items() if name != "words"}
        return uuid5(_LISTS, json.dumps([self.noun.value, narrowed, sorted(self.words)], sort_keys=True))


class SubscriptionTarget(StrEnum):
    """What an address without an account can be told of."""

    RECOMMENDATION = "recommendation"
    FIELD_OF_ACTION = "field_of_action"
    ADDRESSEE = "addressee"
    CONSULTATIONS = "consultations"
