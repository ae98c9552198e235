"""What is sent about the way a recommendation goes on."""

from __future__ import annotations

from uuid import UUID

from app.domain.continuations import ContinuationChoice
from app.forms.base import Input, Reason


class ContinuationForm(Input):
    """The choice for one recommendation; bringing it to an end needs a reason."""

    recommendation_id: UUID
    choice: ContinuationChoice
    reason: Reason = ""
