"""What a person can follow, and what the public can subscribe to."""

from __future__ import annotations

from enum import StrEnum


class FollowTarget(StrEnum):
    """A thing, everything in a body or field, or a list with its filters."""

    NEED = "need"
    PROPOSAL = "proposal"
    RECOMMENDATION = "recommendation"
    MEASURE = "measure"
    BODY = "body"
    FIELD_OF_ACTION = "field_of_action"
    LIST = "list"


class SubscriptionTarget(StrEnum):
    """What an address without an account can be told of."""

    RECOMMENDATION = "recommendation"
    FIELD_OF_ACTION = "field_of_action"
    ADDRESSEE = "addressee"
    CONSULTATIONS = "consultations"
