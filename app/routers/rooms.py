"""The page of a seat's room: the shared draft beside the text, what colleagues say, who is let in, and sending it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request
from sqlmodel import Session
from starlette.responses import Response

from app.actions import rooms as actions
from app.clock import now
from app.errors import ApplicationError, NotFound, StaleVersion
from app.forms.base import Input
from app.forms.rooms import DraftForm, RoomCommentForm, RoomReaderForm
from app.i18n import _
from app.models.base import new_id
from app.models.consultations import CommentRound
from app.queries import recommendations
from app.queries import rooms as queries
from app.queries.versions import blocks_of_number
from app.routers.consultation_views import Consultation, RoundChoice, consultation_of, find_consultation, quoted
from app.routers.deps import Member, ReadSession, Submitted, SubmittedForm, Visitor, Writer, WriteSession, attempt
from app.routers.pages import field_errors, render, see_other

router = APIRouter()


class _ChosenComment(Input):
    comment_id: UUID


@router.get("/empfehlungen/{key}/stellungnahmen/raum")
def choose_room(
    request: Request, session: ReadSession, visitor: Member, key: str, wanted: Annotated[RoundChoice, Query()]
) -> Response:
    """The reader's only room of this round, or the choice between several."""
    found = find_consultation(session, visitor, key, wanted.round)
    rooms = queries.list_rooms(session, found.round, visitor.actor)
    if not rooms:
        raise NotFound()
    if len(rooms) == 1:
        return see_other(request, _address(found.round, rooms[0][0]))
    addresses = [(name, _address(found.round, seat_id)) for seat_id, name in rooms]
    return render(request, "rooms/choice.html", **found.context("room"), rooms=addresses)


@router.get("/raeume/{round_id}/{seat_id}")
def show_room(request: Request, session: ReadSession, visitor: Member, round_id: UUID, seat_id: UUID) -> Response:
    """The room; for everybody outside it doesn't exist."""
    return _page(request, session, visitor, round_id, seat_id)


@router.post("/raeume/{round_id}/{seat_id}")
def save_draft(
    request: Request, session: WriteSession, visitor: Writer, submitted: SubmittedForm, round_id: UUID, seat_id: UUID
) -> Response:
    """Save the shared draft, or hand it in for the organisation."""
    queries.get_room(session, round_id, seat_id, visitor.actor)
    step = submitted.text("step")
    sent = Submitted(submitted.data, {name: each for name, each in submitted.values.items() if name != "step"})
    with attempt(session) as outcome:
        form = sent.parse(DraftForm)
        if step == "send":
            made = actions.send_draft(session, round_id, seat_id, form, actor=visitor.actor)
            url = f"/empfehlungen/{made.recommendation_id}/stellungnahmen#antworten"
            return see_other(request, url, _("Die Stellungnahme ist für Ihre Organisation abgegeben."))
        actions.save_draft(session, round_id, seat_id, form, actor=visitor.actor)
        return see_other(request, f"/raeume/{round_id}/{seat_id}#entwurf", _("Der Entwurf ist gespeichert."))
    return _page(request, session, visitor, round_id, seat_id, submitted, outcome.error)


@router.post("/raeume/{round_id}/{seat_id}/beitraege")
def post_comment(
    request: Request, session: WriteSession, visitor: Writer, submitted: SubmittedForm, round_id: UUID, seat_id: UUID
) -> Response:
    """Say something to those in the room."""

    def post() -> str:
        form = submitted.parse(RoomCommentForm)
        actions.post_room_comment(session, round_id, seat_id, form, actor=visitor.actor)
        return _("Ihr Beitrag steht im Raum.")

    return _done(request, session, visitor, submitted, round_id, seat_id, post, "beitraege")


@router.post("/raeume/{round_id}/{seat_id}/beitraege/loeschen")
def delete_comment(
    request: Request, session: WriteSession, visitor: Writer, submitted: SubmittedForm, round_id: UUID, seat_id: UUID
) -> Response:
    """Take one's own comment away."""

    def delete() -> str:
        form = submitted.parse(_ChosenComment)
        actions.delete_room_comment(session, round_id, seat_id, form.comment_id, actor=visitor.actor)
        return _("Ihr Beitrag ist gelöscht.")

    return _done(request, session, visitor, submitted, round_id, seat_id, delete, "beitraege")


@router.post("/raeume/{round_id}/{seat_id}/lesende")
def let_in(
    request: Request, session: WriteSession, visitor: Writer, submitted: SubmittedForm, round_id: UUID, seat_id: UUID
) -> Response:
    """Let a colleague in."""

    def invite() -> str:
        form = submitted.parse(RoomReaderForm)
        actions.let_reader_in(session, round_id, seat_id, form, actor=visitor.actor)
        return _("Die Person kann den Raum jetzt öffnen; sie bekommt eine E-Mail mit dem Weg dorthin.")

    return _done(request, session, visitor, submitted, round_id, seat_id, invite, "lesende")


@router.post("/raeume/{round_id}/{seat_id}/lesende/entfernen")
def let_out(
    request: Request, session: WriteSession, visitor: Writer, submitted: SubmittedForm, round_id: UUID, seat_id: UUID
) -> Response:
    """Let a colleague in no longer."""

    def remove() -> str:
        form = submitted.parse(RoomReaderForm)
        actions.let_reader_out(session, round_id, seat_id, form, actor=visitor.actor)
        return _("Die Person öffnet den Raum nicht mehr.")

    return _done(request, session, visitor, submitted, round_id, seat_id, remove, "lesende")


def _done(
    request: Request,
    session: Session,
    visitor: Visitor,
    submitted: Submitted,
    round_id: UUID,
    seat_id: UUID,
    act: Callable[[], str],
    place: str,
) -> Response:
    """Back to the place in the room, or the room again with what was refused."""
    queries.get_room(session, round_id, seat_id, visitor.actor)
    with attempt(session) as outcome:
        notice = act()
        return see_other(request, f"/raeume/{round_id}/{seat_id}#{place}", notice)
    return _page(request, session, visitor, round_id, seat_id, submitted, outcome.error, is_draft=False)


def _page(
    request: Request,
    session: Session,
    visitor: Visitor,
    round_id: UUID,
    seat_id: UUID,
    submitted: Submitted | None = None,
    error: ApplicationError | None = None,
    *,
    is_draft: bool = True,
) -> Response:
    actor = visitor.actor
    room = queries.get_room(session, round_id, seat_id, actor)
    found = _consultation(session, room, visitor)
    blocks = blocks_of_number(session, room.recommendation, room.round.version) if found.is_open else ()
    draft, typed = room.draft, submitted.values if submitted and is_draft else {}
    is_stale = isinstance(error, StaleVersion)
    return render(
        request,
        "rooms/show.html",
        status=error.status if error else 200,
        **found.context("room"),
        room=room,
        draft=draft,
        # After a colleague's save one's own text is sent on the revision that now stands there.
        revision=(draft.revision if draft else 0) if is_stale or not typed else typed.get("revision", 0),
        values=typed or {"text": draft.text, "block_id": draft.block_id, "publish": _word(draft.publish)}
        if draft
        else typed,
        theirs=draft.text if is_stale and draft else None,
        said=submitted.text("text") if submitted and not is_draft else "",
        numbered=list(enumerate(blocks, start=1)),
        block_options=[(str(block.id), quoted(number, block)) for number, block in enumerate(blocks, start=1)],
        questions=queries.questions_of(session, room),
        comments=queries.list_room_comments(session, room),
        colleagues=queries.list_colleagues(session, room) if room.may_send else [],
        errors=field_errors(error),
        new_id=lambda: str(new_id()),
    )


def _consultation(session: Session, room: queries.Room, visitor: Visitor) -> Consultation:
    """The round as its pages show it; whoever is let in reads the pinned version, too."""
    recommendations.show_as_seen(session, [room.recommendation], visitor.actor)
    return consultation_of(room.recommendation, room.round, visitor.actor, now(session))


def _address(found: CommentRound, seat_id: UUID) -> str:
    return f"/raeume/{found.id}/{seat_id}"


def _word(flag: bool) -> str:
    return "true" if flag else ""
