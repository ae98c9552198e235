"""The page on which a member changes the whole text in the editor and files what differs as an amendment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from fastapi import APIRouter, Request
from sqlmodel import Session
from starlette.responses import Response

from app.actions.amendments import file_amendment
from app.domain.actors import WRITING_ROLES
from app.domain.text import Block, changes_between, plain_form
from app.errors import ApplicationError, FieldError, Invalid
from app.forms.amendments import AmendmentForm, ChangeInput
from app.i18n import _
from app.models.base import new_id
from app.models.recommendations import Recommendation
from app.queries import recommendations
from app.queries.choices import seats_to_choose
from app.queries.versions import blocks_of_number
from app.routers.amendments import FILED, address_of, open_for_amending, pinned_blocks
from app.routers.deps import Member, ReadSession, Submitted, SubmittedForm, Visitor, Writer, WriteSession, attempt
from app.routers.edited_text import block_inputs, blocks_of, shown_blocks, shown_text
from app.routers.pages import field_errors, render, see_other

router = APIRouter()


@router.get("/empfehlungen/{key}/aenderungsvorschlaege/schreiben")
def write_amendment(request: Request, session: ReadSession, visitor: Member, key: str) -> Response:
    """The newest text as a whole, to be changed."""
    recommendation = open_for_amending(session, visitor, key)
    blocks = blocks_of_number(session, recommendation, recommendation.version)
    values = {
        "id": str(new_id()),
        "version": recommendation.version,
        "blocks": blocks,
        "text": plain_form(blocks, all_parts=True),
    }
    return _page(request, session, visitor, recommendation, values)


@router.post("/empfehlungen/{key}/aenderungsvorschlaege/schreiben")
def file_written(
    request: Request, session: WriteSession, visitor: Writer, submitted: SubmittedForm, key: str
) -> Response:
    """File what differs from the version that was read, block by block; what is refused comes back as it was."""
    recommendation = recommendations.get_recommendation(session, key, visitor.actor)
    pinned: Sequence[Block] = ()
    with attempt(session) as outcome:
        pinned = pinned_blocks(session, recommendation, submitted)
        form = _form(submitted, pinned)
        made, _is_new = file_amendment(session, recommendation.id, form, actor=visitor.actor)
        return see_other(request, f"{address_of(recommendation)}#vorschlag-{made.id}", FILED)
    recommendation = open_for_amending(session, visitor, key, even_if_closed=True)
    blocks = shown_blocks(submitted, pinned)
    values = {**submitted.values, "blocks": blocks, "text": shown_text(submitted, blocks)}
    return _page(request, session, visitor, recommendation, values, outcome.error)


def _form(submitted: Submitted, pinned: Sequence[Block]) -> AmendmentForm:
    wanted = changes_between(pinned, blocks_of(block_inputs(submitted, pinned)))
    if wanted is None:
        raise Invalid(
            FieldError(
                "text",
                _(
                    "Vorschlagen lässt sich, Absätze zu ändern, zu streichen und dahinter neue einzufügen. "
                    "Bitte lassen Sie Reihenfolge, Art und Nummer der anderen, wie sie sind; "
                    "was daran anders sein soll, schreiben Sie in die Begründung."
                ),
            )
        )
    changes = [
        ChangeInput(
            block_id=each.block_id,
            kind=each.kind,
            text=each.text,
            part=each.added.part if each.added else None,
            block_kind=each.added.kind if each.added else None,
        )
        for each in wanted
    ]
    values = {name: value for name, value in submitted.values.items() if name not in ("blocks", "text")}
    return Submitted(submitted.data, values).parse(AmendmentForm, changes=changes)


def _page(
    request: Request,
    session: Session,
    visitor: Visitor,
    recommendation: Recommendation,
    values: Mapping[str, Any],
    error: ApplicationError | None = None,
) -> Response:
    found = field_errors(error)
    if "changes" in found:
        found = {**{name: said for name, said in found.items() if name != "changes"}, "text": found["changes"]}
    return render(
        request,
        "amendments/write.html",
        status=error.status if error else 200,
        recommendation=recommendation,
        values=values,
        errors=found,
        seats=seats_to_choose(session, visitor.actor, recommendation.body_id, WRITING_ROLES),
        address=address_of(recommendation),
        example=recommendation.is_example,
    )
