"""What is sent about recommendations, but for their text and their moves."""

from __future__ import annotations

from uuid import UUID

from pydantic import Field

from app.forms.base import Creation, FileReference, Input, Line, Text


class RecommendationForm(Creation):
    """A recommendation as it is drafted; its text follows as a first version."""

    body_id: UUID
    title: Line
    need_ids: list[UUID] = Field(max_length=500)
    proposal_ids: list[UUID] = Field(default=[], max_length=500)
    addressee_ids: list[UUID] = Field(max_length=200)
    topic_id: UUID | None = None
    file_reference: FileReference | None = None
    guiding_question_ids: list[UUID] = Field(default=[], max_length=20)
    cross_cutting_theme_ids: list[UUID] = Field(default=[], max_length=20)
    target_group_ids: list[UUID] = Field(default=[], max_length=20)
    seat_id: UUID | None = None


class RecommendationChange(Input):
    """What is linked anew; a field left out stays. The edition is the secretariat's to choose.

    The file reference may be given at any time; it stands beside the text.
    """

    need_ids: list[UUID] | None = Field(default=None, max_length=500)
    proposal_ids: list[UUID] | None = Field(default=None, max_length=500)
    topic_id: UUID | None = None
    guiding_question_ids: list[UUID] | None = Field(default=None, max_length=20)
    cross_cutting_theme_ids: list[UUID] | None = Field(default=None, max_length=20)
    target_group_ids: list[UUID] | None = Field(default=None, max_length=20)
    edition_id: UUID | None = None
    file_reference: FileReference | None = None


class ErratumForm(Creation):
    """A note beside a frozen text."""

    text: Text
    block_id: UUID | None = None
