"""What is sent about needs and proposals alike."""

from __future__ import annotations

from uuid import UUID

from pydantic import Field

from app.domain.needs import EvidenceKind
from app.domain.visibility import Visibility
from app.forms.base import Creation, Input, OptionalText, ShortLine, Source, Text, WebAddress


class ContributionForm(Creation):
    """A need or proposal as it is posted; it stays a draft until submitted."""

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


class ContributionChange(Input):
    """What changes; a field left out stays, a topic of null is taken away."""

    title: ShortLine | None = None
    description: Text | None = None
    topic_id: UUID | None = None
    guiding_question_ids: list[UUID] | None = Field(default=None, max_length=20)
    cross_cutting_theme_ids: list[UUID] | None = Field(default=None, max_length=20)
    target_group_ids: list[UUID] | None = Field(default=None, max_length=20)
    visibility: Visibility | None = None
    reader_ids: list[UUID] | None = Field(default=None, max_length=200)


class SupportForm(Input):
    """From which seat a need or proposal is supported."""

    seat_id: UUID | None = None


class EvidenceForm(Creation):
    """A source."""

    kind: EvidenceKind
    source: Source
    url: WebAddress | None = None
    summary: OptionalText = ""
