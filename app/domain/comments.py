"""The words of a discussion."""

from __future__ import annotations

from enum import StrEnum


class Stance(StrEnum):
    """What a comment means to say about its subject."""

    SUPPORT = "support"
    CONCERN = "concern"
    QUESTION = "question"
    CHANGE = "change"


COMMENTED = ("need", "proposal", "recommendation", "measure")
"""The nouns that carry a discussion."""
