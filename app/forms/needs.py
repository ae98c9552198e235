"""What is sent about needs."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from pydantic import Field

from app.domain.needs import EvidenceKind
from app.domain.visibility import Visibility
from app.forms.base import Creation, Input, OptionalText, Reason, ShortLine, Text, WebAddress


class NeedForm(Creation):
    """A need as it is posted; it stays a draft until submitted."""

    body_id: UUID
    title: ShortLine
    description: Text
    topic_id: UUID | None = None
    guiding_question_ids: list[UUID] = Field(default=[], max_length=20)
    cross_cutting_theme_ids: list[UUID] = Field(default=[], max_length=20)
    target_group_ids: list[UUID] = Field(default=[], max_length=20)
    visibility: Visibility = Visibility.BODY
    reader_ids: list[UUID] = Field(default=[], max_length=200)
    seat_id: UUID | None = None


class NeedChange(Input):
    """What of a draft changes; a field left out stays."""

    title: ShortLine | None = None
    description: Text | None = None
    topic_id: UUID | None = None
    visibility: Visibility | None = None


class NeedTransition(Input):
    """A move of a need with what it needs."""

    transition: str = Field(max_length=40)
    reason: Reason | None = None
    target_id: UUID | None = None
    body_id: UUID | None = None
    resubmit_on: date | None = None
    recommendation_id: UUID | None = None
    answer: Text | None = None


class SupportForm(Input):
    """From which seat a need or proposal is supported."""

    seat_id: UUID | None = None


class EvidenceForm(Creation):
    """A source."""

    kind: EvidenceKind
    source: Text
    url: WebAddress | None = None
    summary: OptionalText = ""
