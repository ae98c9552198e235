"""Programmes, editions and their structure: kinds, states and moves."""

from __future__ import annotations

from enum import StrEnum

from app.domain.events import EventType
from app.domain.permissions import Permission
from app.domain.workflow import Transition, Workflow


class FieldKind(StrEnum):
    """What a part of a programme is called there."""

    FIELD_OF_ACTION = "field_of_action"
    DIALOGUE_FORUM = "dialogue_forum"
    PHASE = "phase"
    THEMATIC_FORUM = "thematic_forum"


class EditionState(StrEnum):
    """Where an edition stands."""

    OPEN = "open"
    FROZEN = "frozen"
    ADOPTED = "adopted"
    PUBLISHED = "published"
    ARCHIVED = "archived"


def _step(
    name: str,
    source: EditionState,
    target: EditionState,
    event: EventType,
    needs: tuple[str, ...] = (),
    takes: tuple[str, ...] = (),
) -> Transition:
    return Transition(
        name=name,
        sources=frozenset({source}),
        target=target,
        permission=Permission.PROGRAMME_MANAGE,
        event=event,
        needs=needs,
        takes=takes,
    )


EDITION = Workflow(
    "edition",
    EditionState,
    _step(
        "freeze",
        EditionState.OPEN,
        EditionState.FROZEN,
        EventType.EDITION_FROZEN,
        needs=("recommendation_ids",),
        takes=("next",),
    ),
    _step(
        "adopt",
        EditionState.FROZEN,
        EditionState.ADOPTED,
        EventType.EDITION_ADOPTED,
        needs=("recommendation_ids", "deciding_body", "decided_on", "decision_reference"),
    ),
    _step("publish", EditionState.ADOPTED, EditionState.PUBLISHED, EventType.EDITION_PUBLISHED),
    _step("archive", EditionState.PUBLISHED, EditionState.ARCHIVED, EventType.EDITION_ARCHIVED),
)
