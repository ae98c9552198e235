"""Plays what happens beside the statements of an open round: more time, a link, marks at blocks, and a room at work."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlmodel import select

from app.actions.marks import mark_blocks
from app.actions.rooms import post_room_comment, save_draft
from app.actions.statement_links import make_statement_link, post_statement_by_link
from app.actions.statements import dispose_statement, post_statement
from app.demo.stage import NOBODYS_ADDRESS, Stage
from app.domain.attachments import recognise
from app.domain.consultations import Disposition, StatementKind
from app.domain.marks import BlockMark
from app.forms.attachments import SentAttachment
from app.forms.consultations import DispositionForm, LinkedStatementForm, StatementForm, StatementLinkForm
from app.forms.marks import MarkInput, MarksForm
from app.forms.rooms import DraftForm, RoomCommentForm
from app.models.consultations import CommentRound


def play_consultation(
    stage: Stage,
    body_id: UUID,
    chair: str,
    recommendation_id: UUID,
    blocks: dict[str | None, UUID],
    content: dict[str, Any],
) -> None:
    """Everything the example says of the recommendation's round; nothing where it says nothing."""
    with stage.database.read() as session:
        asked = session.exec(select(CommentRound).where(CommentRound.recommendation_id == recommendation_id)).one()
    if "verlaengerung" in content:
        _extend(stage, body_id, chair, asked, content["verlaengerung"])
    for each in content.get("mit_link", []):
        _answer_by_link(stage, body_id, chair, asked, blocks, each)
    for each in content.get("markierungen", []):
        _mark(stage, body_id, asked, blocks, each)
    if "raum" in content:
        _write_in_room(stage, body_id, asked, content["raum"])


def _extend(stage: Stage, body_id: UUID, chair: str, asked: CommentRound, content: dict[str, Any]) -> None:
    with stage.database.write() as session:
        author = stage.holder(session, body_id, content["von"])
        form = StatementForm(kind=StatementKind.EXTENSION, text=content["text"], seat_id=author.seat_id)
        made, _is_new = post_statement(session, asked.id, form, actor=author)
        granted = DispositionForm(
            disposition=Disposition.ADOPTED,
            reason=content["antwort_grund"],
            closes_at=asked.closes_at + timedelta(days=content["tage"]),
        )
        dispose_statement(session, made.id, granted, actor=stage.holder(session, body_id, chair))


def _answer_by_link(
    stage: Stage,
    body_id: UUID,
    chair: str,
    asked: CommentRound,
    blocks: dict[str | None, UUID],
    content: dict[str, Any],
) -> None:
    file = content["datei"]["inhalt"].encode()
    recognised, staged = recognise(file, content["datei"]["name"]), stage.database.files.stage(file)
    sent = SentAttachment(
        name=recognised.name, kind=recognised.kind, size=staged.size, digest=staged.digest, alt_text=""
    )
    with stage.database.write() as session:
        leader = stage.holder(session, body_id, chair)
        invited = StatementLinkForm(organisation_id=stage.organisations[content["organisation"]])
        link, _is_new = make_statement_link(session, asked.id, invited, actor=leader)
        form = LinkedStatementForm(text=content["text"], block_id=blocks[content["absatz"]], publish=True)
        post_statement_by_link(session, link.id, form, address=NOBODYS_ADDRESS, attached=(sent, staged))


def _mark(
    stage: Stage, body_id: UUID, asked: CommentRound, blocks: dict[str | None, UUID], content: dict[str, Any]
) -> None:
    marks = [
        MarkInput(block_id=blocks[number], mark=BlockMark(mark)) for number, mark in content.items() if number != "von"
    ]
    with stage.database.write() as session:
        actor = stage.holder(session, body_id, content["von"])
        mark_blocks(session, asked.id, MarksForm(seat_id=actor.seat_id, marks=marks), actor=actor)


def _write_in_room(stage: Stage, body_id: UUID, asked: CommentRound, content: dict[str, Any]) -> None:
    with stage.database.write() as session:
        actor = stage.holder(session, body_id, content["von"])
        assert actor.seat_id
        save_draft(session, asked.id, actor.seat_id, DraftForm(revision=0, text=content["entwurf"]), actor=actor)
        for text in content["beitraege"]:
            post_room_comment(session, asked.id, actor.seat_id, RoomCommentForm(text=text), actor=actor)


def questions_of(blocks: dict[str | None, UUID], content: dict[str, Any]) -> list[dict[str, Any]]:
    """What a round asks, by the number of the block in the example's file."""
    return [
        {"text": each["text"], "block_id": blocks.get(each.get("absatz")) if "absatz" in each else None}
        for each in content.get("fragen", [])
    ]
