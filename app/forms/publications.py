"""What is sent about publications."""

from __future__ import annotations

from uuid import UUID

from app.forms.base import Creation, Input, Line, Reason, Text, WebAddress
from app.forms.measures import Day


class PublicationForm(Creation):
    """A study, report or brochure; `published_on` is the day it appeared."""

    title: Line
    author: Line
    published_on: Day
    summary: Text
    url: WebAddress | None = None
    field_of_action_id: UUID | None = None
    edition_id: UUID | None = None


class PublicationChange(Input):
    """What of an entry changes; a field left out stays, the last three can be emptied."""

    title: Line | None = None
    author: Line | None = None
    published_on: Day | None = None
    summary: Text | None = None
    url: WebAddress | None = None
    field_of_action_id: UUID | None = None
    edition_id: UUID | None = None


class PublicationWithdrawal(Input):
    """Why an entry is taken back."""

    reason: Reason
