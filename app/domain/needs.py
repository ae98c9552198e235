"""Needs: their states and moves."""

from __future__ import annotations

from enum import StrEnum

from app.domain.events import EventType
from app.domain.permissions import Permission
from app.domain.workflow import Transition, Workflow


class NeedState(StrEnum):
    """Where a need stands; "In Bearbeitung" is derived from accepted and a link."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    ACCEPTED = "accepted"
    ANSWERED = "answered"
    MERGED = "merged"
    DEFERRED = "deferred"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class EvidenceKind(StrEnum):
    """What kind of source backs a statement."""

    RESEARCH = "research"
    STUDY = "study"
    INTERVIEW = "interview"
    STATISTIC = "statistic"
    PRACTICE = "practice"
    WORKSHOP = "workshop"


SCREENED_OUT = frozenset({NeedState.DEFERRED, NeedState.DECLINED, NeedState.ANSWERED, NeedState.MERGED})
COUNTS_FOR_REVIEW = frozenset({NeedState.ACCEPTED, NeedState.ANSWERED})
"""A recommendation needs at least one need in one of these before its review starts."""

NEED = Workflow(
    "need",
    NeedState,
    Transition(
        name="submit",
        sources=frozenset({NeedState.DRAFT}),
        target=NeedState.SUBMITTED,
        permission=Permission.NEED_SUBMIT,
        event=EventType.NEED_SUBMITTED,
    ),
    Transition(
        name="accept",
        sources=frozenset({NeedState.SUBMITTED}),
        target=NeedState.ACCEPTED,
        permission=Permission.NEED_SCREEN,
        event=EventType.NEED_ACCEPTED,
    ),
    Transition(
        name="answer",
        sources=frozenset({NeedState.ACCEPTED}),
        target=NeedState.ANSWERED,
        permission=Permission.NEED_SCREEN,
        event=EventType.NEED_ANSWERED,
        takes=("recommendation_id", "answer"),
    ),
    Transition(
        name="merge",
        sources=frozenset({NeedState.SUBMITTED, NeedState.ACCEPTED}),
        target=NeedState.MERGED,
        permission=Permission.NEED_SCREEN,
        event=EventType.NEED_MERGED,
        reason_required=True,
        needs=("target_id",),
    ),
    Transition(
        name="forward",
        sources=frozenset({NeedState.SUBMITTED}),
        target=NeedState.SUBMITTED,
        permission=Permission.NEED_SCREEN,
        event=EventType.NEED_FORWARDED,
        reason_required=True,
        needs=("body_id",),
    ),
    Transition(
        name="defer",
        sources=frozenset({NeedState.SUBMITTED, NeedState.ACCEPTED}),
        target=NeedState.DEFERRED,
        permission=Permission.NEED_SCREEN,
        event=EventType.NEED_DEFERRED,
        reason_required=True,
        needs=("resubmit_on",),
    ),
    Transition(
        name="decline",
        sources=frozenset({NeedState.SUBMITTED, NeedState.ACCEPTED}),
        target=NeedState.DECLINED,
        permission=Permission.NEED_SCREEN,
        event=EventType.NEED_DECLINED,
        reason_required=True,
    ),
    Transition(
        name="reopen",
        sources=SCREENED_OUT,
        target=NeedState.SUBMITTED,
        permission=Permission.NEED_SCREEN,
        event=EventType.NEED_REOPENED,
        reason_required=True,
    ),
    Transition(
        name="withdraw",
        sources=frozenset({NeedState.DRAFT, NeedState.SUBMITTED}),
        target=NeedState.WITHDRAWN,
        permission=Permission.NEED_SUBMIT,
        event=EventType.NEED_WITHDRAWN,
    ),
)
