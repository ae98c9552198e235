"""Bringing a text that was written on an old version together with the newest, for programs; nothing is stored."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from pydantic import BaseModel
from starlette.responses import Response

from app.actions.versions import plain_block
from app.domain.text import Block, MergedBlock, MergeOutcome
from app.errors import FieldError, Invalid
from app.forms.versions import MergeForm
from app.i18n import _
from app.queries import recommendations as queries
from app.routers.api.common import answer
from app.routers.api.versions import PlainBlockAnswer
from app.routers.deps import ApiAsking, ReadSession, Visitor
from app.routers.edited_text import blocks_of
from app.routers.editor_page import open_text
from app.routers.text_merging import Mine, Three

router = APIRouter(prefix="/recommendations/{recommendation_id}", tags=["recommendations"])


class MergedBlockAnswer(BaseModel):
    """A block in all three texts; `result` is null where it was removed, or where a person has to decide."""

    id: UUID
    outcome: MergeOutcome
    base: PlainBlockAnswer | None
    mine: PlainBlockAnswer | None
    theirs: PlainBlockAnswer | None
    result: PlainBlockAnswer | None


class MergeAnswer(BaseModel):
    """The merged text, to be saved on `version` once every `conflict` is decided.

    `title` is null where both changed it. `is_order_open`: both moved blocks; the order is that of the newest version.
    """

    base_version: int
    version: int
    is_decided: bool
    title: str | None
    addressee_ids: list[UUID]
    is_order_open: bool
    blocks: list[MergedBlockAnswer]


@router.post("/merge", response_model=MergeAnswer)
def merge_texts(
    request: Request, session: ReadSession, actor: ApiAsking, recommendation_id: UUID, form: MergeForm
) -> Response:
    """What `POST …/versions` on an old base refuses with 409, merged block by block: what collides has no result."""
    recommendation, newest = open_text(session, Visitor(actor), str(recommendation_id))
    if form.base_version > newest.number:
        raise Invalid(FieldError("base_version", _("Diese Fassung gibt es nicht.")))
    base = queries.get_version(session, recommendation, form.base_version)
    addressees = [each.id for each in base.addressees] if form.addressee_ids is None else form.addressee_ids
    values = {"title": form.title or base.title, "addressee_ids": [str(key) for key in addressees]}
    three = Three(base, Mine(values, blocks_of(form.blocks)), newest)
    return answer(request, represent(three), actor)


def represent(three: Three) -> MergeAnswer:
    """The three texts as the API shows them."""
    merge = three.merge
    return MergeAnswer(
        base_version=three.base.number,
        version=three.theirs.number,
        is_decided=three.is_decided,
        title=three.title,
        addressee_ids=[UUID(key) for key in three.addressee_ids],
        is_order_open=merge.is_order_open,
        blocks=[_merged(each) for each in merge.blocks],
    )


def _merged(each: MergedBlock) -> MergedBlockAnswer:
    texts: dict[str, Block | None] = {
        "base": each.base,
        "mine": each.mine,
        "theirs": each.theirs,
        "result": each.result,
    }
    shown: dict[str, Any] = {name: block and plain_block(block) for name, block in texts.items()}
    return MergedBlockAnswer(id=each.id, outcome=each.outcome, **shown)
