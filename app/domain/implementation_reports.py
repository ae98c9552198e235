"""The Umsetzungsbericht: an edition's implementation told as it stood on one day. Its files never change."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from app.domain.attachments import AttachmentKind
from app.domain.events import EventType
from app.domain.permissions import Permission
from app.domain.workflow import Transition, Workflow

FILE_KINDS: Final = (AttachmentKind.PDF, AttachmentKind.ODT, AttachmentKind.CSV, AttachmentKind.ODS)
"""What is frozen: the report in two forms, and its annex table in two."""


class ImplementationReportState(StrEnum):
    """Where a report stands; it is frozen from its first moment."""

    FROZEN = "frozen"
    PUBLISHED = "published"
    DISCARDED = "discarded"
    WITHDRAWN = "withdrawn"
    REDACTED = "redacted"


IMPLEMENTATION_REPORT = Workflow(
    "implementation_report",
    ImplementationReportState,
    Transition(
        name="publish",
        sources=frozenset({ImplementationReportState.FROZEN}),
        target=ImplementationReportState.PUBLISHED,
        permission=Permission.PUBLICATION_MANAGE,
        event=EventType.IMPLEMENTATION_REPORT_PUBLISHED,
    ),
    Transition(
        name="discard",
        sources=frozenset({ImplementationReportState.FROZEN}),
        target=ImplementationReportState.DISCARDED,
        permission=Permission.PUBLICATION_MANAGE,
        event=EventType.IMPLEMENTATION_REPORT_DISCARDED,
        reason_required=True,
    ),
    Transition(
        name="withdraw",
        sources=frozenset({ImplementationReportState.PUBLISHED}),
        target=ImplementationReportState.WITHDRAWN,
        permission=Permission.PUBLICATION_MANAGE,
        event=EventType.IMPLEMENTATION_REPORT_WITHDRAWN,
        reason_required=True,
    ),
    Transition(
        name="redact",
        sources=frozenset({ImplementationReportState.DISCARDED, ImplementationReportState.WITHDRAWN}),
        target=ImplementationReportState.REDACTED,
        permission=Permission.RECORD_REDACT,
        event=EventType.IMPLEMENTATION_REPORT_REDACTED,
        reason_required=True,
    ),
)
"""Looked at once more between freezing and publishing; what is wrong is frozen anew, never mended.

What may not even be kept is redacted: its files go, their digests and what happened stay.
"""
