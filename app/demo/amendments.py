"""Plays the amendments to a recommendation: filed from the seats, some of them answered by the Redaktion."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from sqlmodel import Session

from app.actions.amendment_dispositions import dispose_amendment
from app.actions.amendments import file_amendment
from app.demo.stage import Stage
from app.domain.consultations import Disposition
from app.domain.text import AmendingKind
from app.forms.amendments import AmendmentDispositionForm, AmendmentForm, ChangeInput
from app.models.recommendations import Recommendation

Blocks = Callable[[Session, UUID], dict[str | None, UUID]]


def play_amendments(
    stage: Stage,
    body_id: UUID,
    recommendation_id: UUID,
    wanted: list[dict[str, Any]],
    *,
    rapporteur: str,
    day: int,
    block_of: Blocks,
) -> None:
    """File them in turn, then answer those that have an answer."""
    filed: list[tuple[UUID, dict[str, Any]]] = []
    for number, content in enumerate(wanted):
        stage.go_to(day, 10 + number)
        with stage.database.write() as session:
            author = stage.holder(session, body_id, content["von"])
            form = AmendmentForm(
                version=session.get_one(Recommendation, recommendation_id).version,
                changes=_changes(content, block_of(session, recommendation_id)),
                reason=content["grund"],
                seat_id=author.seat_id,
            )
            made, _is_new = file_amendment(session, recommendation_id, form, actor=author)
            filed.append((made.id, content))
    stage.go_to(day + 2)
    for key, content in filed:
        if "antwort" in content:
            with stage.database.write() as session:
                writer = stage.holder(session, body_id, rapporteur)
                answer = AmendmentDispositionForm(
                    disposition=Disposition(content["antwort"]),
                    reason=content["antwort_grund"],
                    seat_id=writer.seat_id,
                )
                dispose_amendment(session, key, answer, actor=writer)


def _changes(content: dict[str, Any], blocks: dict[str | None, UUID]) -> list[ChangeInput]:
    block_id = blocks[content["absatz"]]
    if content.get("streichen"):
        return [ChangeInput(block_id=block_id, kind=AmendingKind.REMOVE)]
    changes = [ChangeInput(block_id=block_id, text=content["text"])]
    if "danach" in content:
        changes.append(ChangeInput(block_id=block_id, kind=AmendingKind.ADD_AFTER, text=content["danach"]))
    return changes
