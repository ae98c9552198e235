"""Who may read a thing in a body."""

from __future__ import annotations

from enum import StrEnum


class Visibility(StrEnum):
    """The circle of readers; authors always see their own."""

    PUBLIC = "public"
    PARTICIPANTS = "participants"
    BODY = "body"
    CONFIDENTIAL = "confidential"
