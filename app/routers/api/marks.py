"""Marks at blocks for programs: a seat's own sheet, and for the Redaktion those of all seats. They are no vote."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel
from starlette.responses import Response

from app.actions import marks as actions
from app.domain.marks import BlockMark
from app.forms.marks import MarksForm
from app.models.marks import MarkSheet
from app.queries import consultations
from app.queries import marks as queries
from app.routers.api.common import Answer, Listing, answer, listing
from app.routers.deps import ApiReader, ApiWriter, ReadSession, WriteSession

router = APIRouter(tags=["consultations"])


class MarkAnswer(BaseModel):
    """One block and how far the seat carries it."""

    block_id: UUID
    mark: BlockMark


class MarkSheetAnswer(Answer):
    """What a seat has marked in a round; `sequence` grows with every change."""

    round_id: UUID
    seat_id: UUID
    organisation_id: UUID
    sequence: int
    marks: list[MarkAnswer]


@router.get("/comment-rounds/{round_id}/marks", response_model=None)
def list_marks(
    request: Request, session: ReadSession, actor: ApiReader, round_id: UUID, wanted: Annotated[Listing, Query()]
) -> Response:
    """The sheets of a round: the caller's own seats', for the Redaktion all; for everybody else none."""
    consultations.get_round(session, round_id, actor)
    page = queries.page_of_sheets(session, round_id, actor, limit=wanted.limit, after=wanted.after)
    return listing(request, page, represent, actor)


@router.put("/comment-rounds/{round_id}/marks", response_model=MarkSheetAnswer)
def put_marks(request: Request, session: WriteSession, actor: ApiWriter, round_id: UUID, form: MarksForm) -> Response:
    """Set the whole sheet of the caller's seat; changeable until the round ends."""
    sheet = actions.mark_blocks(session, round_id, form, actor=actor)
    return answer(request, represent(sheet), actor) if sheet else Response(status_code=204)


def represent(sheet: MarkSheet) -> MarkSheetAnswer:
    """The sheet as its readers see it."""
    marks = [MarkAnswer(block_id=key, mark=mark) for key, mark in sheet.by_block.items()]
    return MarkSheetAnswer.model_validate({**sheet.model_dump(), "marks": marks})
