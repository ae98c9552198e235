"""Reading a text from a DOCX or ODT for programs: the blocks to be saved as the next version; nothing is stored."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter, Request
from pydantic import BaseModel
from starlette.responses import Response

from app.actions.versions import plain_block
from app.forms.base import Input
from app.forms.text_files import taken_over
from app.routers.api.common import answer, multipart
from app.routers.api.versions import PlainBlockAnswer
from app.routers.deps import ApiAsking, ReadSession, SubmittedForm, Visitor
from app.routers.editor_page import open_text
from app.routers.text_import import read_sent

router = APIRouter(prefix="/recommendations/{recommendation_id}", tags=["recommendations"])
_SENT = multipart(replaces={"type": "boolean", "default": False})


class ImportForm(Input):
    """What is sent beside the file: whether its text takes the place of the newest version's, or stands behind it."""

    replaces: bool = False


class ImportAnswer(BaseModel):
    """The text to be saved on `base_version`; `read` is how many blocks the file gave, `left_out` what it held else."""

    base_version: int
    blocks: list[PlainBlockAnswer]
    read: int
    left_out: list[str]


@router.post("/text-import", response_model=ImportAnswer, openapi_extra=_SENT)
def read_file(
    request: Request, session: ReadSession, actor: ApiAsking, submitted: SubmittedForm, recommendation_id: UUID
) -> Response:
    """The file's text behind, or in place of, the newest version's; 422 where it can't be read, and by what."""
    recommendation, newest = open_text(session, Visitor(actor), str(recommendation_id))
    form = submitted.parse(ImportForm)
    read = read_sent(submitted)
    blocks = taken_over(read.blocks, newest.blocks, newest.blocks, replaces=form.replaces)
    shown = ImportAnswer(
        base_version=recommendation.version,
        blocks=[PlainBlockAnswer(**plain_block(block)) for block in blocks],
        read=len(read.blocks),
        left_out=list(read.left_out),
    )
    return answer(request, shown, actor)
