"""The room of a seat for programs: its draft, what is said there, who is let in; 404 for everybody outside."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from fastapi import APIRouter, Request
from pydantic import BaseModel
from sqlmodel import Session
from starlette.responses import Response

from app.actions import rooms as actions
from app.domain.actors import Actor
from app.forms.rooms import DraftForm, RoomCommentForm, RoomReaderForm
from app.queries import rooms as queries
from app.routers.api.common import Answer, answer
from app.routers.api.consultations import StatementAnswer
from app.routers.api.consultations import represent as represent_statement
from app.routers.deps import ApiReader, ApiWriter, ReadSession, WriteSession

router = APIRouter(prefix="/comment-rounds/{round_id}/rooms/{seat_id}", tags=["consultations"])


class RoomCommentAnswer(Answer):
    """What somebody in the room said."""

    author: str
    text: str


class RoomAnswer(BaseModel):
    """A room: the draft with its revision, and what was said, oldest first."""

    round_id: UUID
    seat_id: UUID
    organisation_id: UUID
    may_send: bool
    revision: int
    text: str
    block_id: UUID | None
    publish: bool
    saved_at: datetime | None
    comments: list[RoomCommentAnswer]
    reader_ids: list[UUID]


@router.get("", response_model=RoomAnswer)
def get_room(request: Request, session: ReadSession, actor: ApiReader, round_id: UUID, seat_id: UUID) -> Response:
    """The room of a seat in a round."""
    return answer(request, represent(session, round_id, seat_id, actor), actor)


@router.put("/draft", response_model=RoomAnswer)
def put_draft(
    request: Request, session: WriteSession, actor: ApiWriter, round_id: UUID, seat_id: UUID, form: DraftForm
) -> Response:
    """Save the draft on the revision it was written on; 409 with both texts where a colleague saved in between."""
    actions.save_draft(session, round_id, seat_id, form, actor=actor)
    return answer(request, represent(session, round_id, seat_id, actor), actor)


@router.post("/submission", response_model=StatementAnswer, status_code=201)
def submit_draft(
    request: Request, session: WriteSession, actor: ApiWriter, round_id: UUID, seat_id: UUID, form: DraftForm
) -> Response:
    """Hand the draft in for the organisation: it becomes a statement."""
    made = actions.send_draft(session, round_id, seat_id, form, actor=actor)
    return answer(request, represent_statement(made, actor), actor, status=201)


@router.post("/comments", response_model=RoomAnswer, status_code=201)
def post_room_comment(
    request: Request, session: WriteSession, actor: ApiWriter, round_id: UUID, seat_id: UUID, form: RoomCommentForm
) -> Response:
    """Say something to those in the room; the answer is the room."""
    _made, is_new = actions.post_room_comment(session, round_id, seat_id, form, actor=actor)
    return answer(request, represent(session, round_id, seat_id, actor), actor, status=201 if is_new else 200)


@router.delete("/comments/{comment_id}", response_model=None, status_code=204)
def delete_room_comment(
    session: WriteSession, actor: ApiWriter, round_id: UUID, seat_id: UUID, comment_id: UUID
) -> Response:
    """Take one's own comment away."""
    actions.delete_room_comment(session, round_id, seat_id, comment_id, actor=actor)
    return Response(status_code=204)


@router.post("/readers", response_model=RoomAnswer)
def let_reader_in(
    request: Request, session: WriteSession, actor: ApiWriter, round_id: UUID, seat_id: UUID, form: RoomReaderForm
) -> Response:
    """Let a colleague of the organisation in; the answer is the room."""
    actions.let_reader_in(session, round_id, seat_id, form, actor=actor)
    return answer(request, represent(session, round_id, seat_id, actor), actor)


@router.delete("/readers/{person_id}", response_model=None, status_code=204)
def let_reader_out(session: WriteSession, actor: ApiWriter, round_id: UUID, seat_id: UUID, person_id: UUID) -> Response:
    """Let a colleague in no longer; what was said in the room stays."""
    actions.let_reader_out(session, round_id, seat_id, RoomReaderForm(person_id=person_id), actor=actor)
    return Response(status_code=204)


def represent(session: Session, round_id: UUID, seat_id: UUID, actor: Actor) -> RoomAnswer:
    """The room as who is in it sees it; who else is let in is told to those who let in."""
    room = queries.get_room(session, round_id, seat_id, actor)
    draft = room.draft
    said = queries.list_room_comments(session, room)
    colleagues = queries.list_colleagues(session, room) if room.may_send else []
    return RoomAnswer(
        round_id=round_id,
        seat_id=seat_id,
        organisation_id=room.organisation.id,
        may_send=room.may_send,
        revision=draft.revision if draft else 0,
        text=draft.text if draft else "",
        block_id=draft.block_id if draft else None,
        publish=bool(draft and draft.publish),
        saved_at=draft.saved_at if draft and draft.revision else None,
        comments=[
            RoomCommentAnswer(
                id=each.id,
                created_at=each.created_at,
                author=each.author.shown_name if each.author else "",
                text=each.text,
            )
            for each in said
        ],
        reader_ids=[person.id for person, is_in in colleagues if is_in],
    )
