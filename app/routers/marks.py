"""Pages of marks at blocks: a seat's own sheet as one form, and the table that the Redaktion reads."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request
from sqlmodel import Session
from starlette.responses import Response

from app.actions import marks as actions
from app.domain.actors import WRITING_ROLES
from app.domain.marks import BlockMark
from app.errors import ApplicationError, Conflict, NotFound
from app.forms.marks import MarksForm
from app.i18n import _
from app.queries import choices
from app.queries import marks as queries
from app.queries.versions import blocks_of_number
from app.routers.consultation_views import Consultation, RoundChoice, find_consultation, round_number
from app.routers.deps import Member, ReadSession, Submitted, SubmittedForm, Writer, WriteSession, attempt
from app.routers.pages import field_errors, render, see_other

router = APIRouter()
_FIELD = "mark-"


class SheetChoice(RoundChoice):
    """Whose sheet: the seat, where the reader has several."""

    seat_id: UUID | None = None


@router.get("/empfehlungen/{key}/stellungnahmen/markieren")
def open_sheet(
    request: Request, session: ReadSession, visitor: Member, key: str, wanted: Annotated[SheetChoice, Query()]
) -> Response:
    """The text with three choices at each block."""
    found = find_consultation(session, visitor, key, wanted.round)
    return _sheet(request, session, found, wanted.seat_id)


@router.post("/empfehlungen/{key}/stellungnahmen/markieren")
def save_sheet(
    request: Request, session: WriteSession, visitor: Writer, submitted: SubmittedForm, key: str
) -> Response:
    """Keep the whole sheet."""
    found = find_consultation(session, visitor, key, round_number(submitted.text("round")))
    with attempt(session) as outcome:
        form = _form(submitted)
        actions.mark_blocks(session, found.round.id, form, actor=visitor.actor)
        url = f"{found.address}/markieren?round={found.round.number}"
        if form.seat_id:
            url += f"&seat_id={form.seat_id}"
        return see_other(request, url, _("Ihre Markierungen sind gespeichert."))
    seat_id = submitted.text("seat_id")
    return _sheet(request, session, found, _key(seat_id), submitted, outcome.error)


@router.get("/empfehlungen/{key}/stellungnahmen/markierungen")
def show_table(
    request: Request, session: ReadSession, visitor: Member, key: str, wanted: Annotated[RoundChoice, Query()]
) -> Response:
    """Block × group of seats, the most disputed first; for the Redaktion alone."""
    found = find_consultation(session, visitor, key, wanted.round)
    if not queries.reads_all(visitor.actor, found.round.body_id):
        raise NotFound()
    blocks = blocks_of_number(session, found.recommendation, found.round.version)
    groups, rows, seats = queries.table_of(session, found.round, blocks)
    return render(
        request,
        "marks/table.html",
        **found.context("mark_table"),
        groups=groups,
        rows=rows,
        seats=seats,
        marks=list(BlockMark),
        numbered={block.id: (number, block) for number, block in enumerate(blocks, start=1)},
    )


def _sheet(
    request: Request,
    session: Session,
    found: Consultation,
    seat_id: UUID | None,
    submitted: Submitted | None = None,
    error: ApplicationError | None = None,
) -> Response:
    held = found.actor.seats_in(found.round.body_id, WRITING_ROLES)
    seat = next((each for each in held if each.seat_id == seat_id or (seat_id is None and len(held) == 1)), None)
    if not held:
        raise NotFound()
    sheet = queries.find_sheet(session, found.round.id, seat.seat_id) if seat else None
    kept = {str(key): mark for key, mark in sheet.by_block.items()} if sheet else {}
    chosen: dict[str, Any] = dict(kept)
    if submitted is not None:
        chosen = {
            name.removeprefix(_FIELD): value for name, value in submitted.values.items() if name.startswith(_FIELD)
        }
    sequence = sheet.sequence if sheet else 0
    return render(
        request,
        "marks/sheet.html",
        status=error.status if error else 200,
        **found.context("marks"),
        blocks=list(enumerate(blocks_of_number(session, found.recommendation, found.round.version), start=1)),
        marks=list(BlockMark),
        chosen=chosen,
        # After a refusal for what a colleague did, the next sending is on what now stands there.
        sequence=sequence if submitted is None or isinstance(error, Conflict) else submitted.text("sequence"),
        differs=_differences(kept, chosen) if isinstance(error, Conflict) else {},
        seat=seat,
        seats=choices.seats_to_choose(session, found.actor, found.round.body_id, WRITING_ROLES),
        errors=field_errors(error),
    )


def _differences(kept: dict[str, BlockMark], chosen: dict[str, Any]) -> dict[str, BlockMark]:
    """Where what stands there now is not what was sent, by block."""
    return {key: mark for key, mark in kept.items() if chosen.get(key) != mark.value}


def _form(submitted: Submitted) -> MarksForm:
    marks = [
        {"block_id": name.removeprefix(_FIELD), "mark": value}
        for name, value in submitted.values.items()
        if name.startswith(_FIELD) and value
    ]
    others = {name: value for name, value in submitted.values.items() if name in {"seat_id", "sequence"}}
    return Submitted(submitted.data, others).parse(MarksForm, marks=marks)


def _key(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
