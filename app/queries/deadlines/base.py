"""A deadline that runs: of what kind, until when, since when, and on whose page it is met."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.domain.deadline_reminders import DeadlineKind
from app.domain.events import SubjectType
from app.wording.reminders import deadline_title

SUBJECTS: dict[DeadlineKind, SubjectType] = {
    DeadlineKind.COMMENT_ROUND: SubjectType.COMMENT_ROUND,
    DeadlineKind.BALLOT: SubjectType.BALLOT,
    DeadlineKind.DISSENTING_OPINION: SubjectType.BALLOT,
    DeadlineKind.CO_SIGNATURE: SubjectType.CO_SIGNATURE,
    DeadlineKind.RESPONSE: SubjectType.RESPONSE,
    DeadlineKind.REPORT: SubjectType.MEASURE,
    DeadlineKind.MEASURE: SubjectType.MEASURE,
    DeadlineKind.VERIFICATION: SubjectType.MEASURE,
    DeadlineKind.COMMITMENT: SubjectType.COMMITMENT,
    DeadlineKind.NEED_REVIEW: SubjectType.NEED_REVIEW,
    DeadlineKind.READING: SubjectType.INDICATOR,
}
"""What the deadline is one of; an invitation is a person's or, for a nomination, a seat's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadline:
    """One deadline that somebody still has to keep; `organisation_id` where it is one organisation's alone."""

    kind: DeadlineKind
    subject_type: SubjectType
    subject_id: UUID
    place_type: SubjectType
    place_id: UUID
    body_id: UUID | None
    due_at: datetime
    since: datetime
    organisation_id: UUID | None = None

    @property
    def title(self) -> str:
        """What an entry in a calendar is called; it names nothing confidential."""
        return deadline_title(self.kind)
