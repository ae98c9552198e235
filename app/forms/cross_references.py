"""What is sent about cross-references."""

from __future__ import annotations

from uuid import UUID

from app.domain.cross_references import Relation
from app.domain.events import SubjectType
from app.forms.base import Creation, Input, Line, Reason, WebAddress


class CrossReferenceForm(Creation):
    """A tie to an item of another plan; `counterpart_id` where the item is a recommendation kept here."""

    subject_type: SubjectType
    subject_id: UUID
    relation: Relation
    plan: Line
    item: Line
    url: WebAddress | None = None
    counterpart_id: UUID | None = None


class CrossReferenceWithdrawal(Input):
    """Why a tie is taken back."""

    reason: Reason
