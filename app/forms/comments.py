"""What is sent to a discussion."""

from __future__ import annotations

from uuid import UUID

from app.domain.comments import Stance
from app.forms.base import Creation, Text


class CommentForm(Creation):
    """A contribution to a discussion, or a reply to one; on a recommendation it may hang on a block."""

    text: Text
    parent_id: UUID | None = None
    block_id: UUID | None = None
    stance: Stance | None = None
    seat_id: UUID | None = None
