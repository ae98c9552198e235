"""Pages of amendments: all of them beside the text, and proposing one without a word of markup."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Request
from sqlmodel import Session
from starlette.responses import Response

from app.actions.amendment_dispositions import transition_amendment
from app.actions.amendments import file_amendment
from app.actions.permissions import may, require
from app.domain.actors import WRITING_ROLES, Actor
from app.domain.amendments import FILING_STATES, AmendmentState
from app.domain.permissions import Permission
from app.domain.text import AmendingKind, Block
from app.errors import ApplicationError, Conflict, FieldError, Invalid, NotFound
from app.forms.amendments import AmendmentForm, AmendmentTransition, ChangeInput
from app.forms.base import Input
from app.i18n import _
from app.models.base import new_id
from app.models.recommendations import Recommendation
from app.queries import amendments as queries
from app.queries import recommendations
from app.queries.amendments_beside import beside_text
from app.queries.choices import seats_to_choose
from app.queries.versions import blocks_of_number
from app.routers.deps import Member, ReadSession, Submitted, SubmittedForm, Visitor, Writer, WriteSession, attempt
from app.routers.pages import field_errors, render, see_other
from app.routers.recommendation_tabs import tabs_of
from app.wording import label

router = APIRouter()
ANSWERED_AT_ONCE = 50
"""Amendments one link leads to answering together; an address must not grow too long."""

FILED = _("Ihr Änderungsvorschlag ist eingereicht. Sie erfahren, was daraus wird.")
_BLANK_LINES = re.compile(r"\n\s*\n")


class AmendmentView(Input):
    """Which amendments are shown beside the text."""

    show: Literal["all", "open"] = "all"


class AmendmentStart(Input):
    """The block from which somebody came to change it, and the version that was read."""

    block_id: UUID | None = None


class _Chosen(Input):
    amendment_id: UUID


@router.get("/empfehlungen/{key}/aenderungsvorschlaege")
def list_amendments(
    request: Request, session: ReadSession, visitor: Member, key: str, wanted: Annotated[AmendmentView, Query()]
) -> Response:
    """Every amendment beside the block it concerns, in the order of the text."""
    return show_amendments(request, session, visitor, key, wanted)


@router.post("/empfehlungen/{key}/aenderungsvorschlaege/zurueckziehen")
def withdraw_amendment(
    request: Request, session: WriteSession, visitor: Writer, submitted: SubmittedForm, key: str
) -> Response:
    """Take one's own amendment back while it isn't answered."""
    recommendation = recommendations.get_recommendation(session, key, visitor.actor)
    with attempt(session) as outcome:
        form = submitted.parse(_Chosen)
        withdrawal = AmendmentTransition(transition="withdraw")
        transition_amendment(session, form.amendment_id, withdrawal, actor=visitor.actor)
        return see_other(request, address_of(recommendation), _("Der Änderungsvorschlag ist zurückgezogen."))
    return show_amendments(request, session, visitor, key, AmendmentView(), outcome.error)


@router.get("/empfehlungen/{key}/aenderungsvorschlaege/neu")
def new_amendment(
    request: Request, session: ReadSession, visitor: Member, key: str, wanted: Annotated[AmendmentStart, Query()]
) -> Response:
    """The newest text, block by block, to be changed."""
    recommendation = open_for_amending(session, visitor, key)
    values: dict[str, Any] = {"id": str(new_id()), "version": recommendation.version}
    opened = {str(wanted.block_id)} if wanted.block_id else set()
    return _form(request, session, visitor, recommendation, values, opened)


@router.post("/empfehlungen/{key}/aenderungsvorschlaege/neu")
def post_amendment(
    request: Request, session: WriteSession, visitor: Writer, submitted: SubmittedForm, key: str
) -> Response:
    """File what was changed, or show what stands in the way with everything as it was written."""
    recommendation = recommendations.get_recommendation(session, key, visitor.actor)
    with attempt(session) as outcome:
        blocks = pinned_blocks(session, recommendation, submitted)
        changes = _changes(submitted, blocks)
        try:
            made, _is_new = file_amendment(
                session, recommendation.id, _amendment(submitted, changes), actor=visitor.actor
            )
        except Invalid as error:
            raise _at_their_fields(error, changes) from error
        return see_other(request, f"{address_of(recommendation)}#vorschlag-{made.id}", FILED)
    recommendation = open_for_amending(session, visitor, key, even_if_closed=True)
    opened = {name.split("-", 1)[1] for name, value in submitted.values.items() if "-" in name and value}
    return _form(request, session, visitor, recommendation, submitted.values, opened, outcome.error)


def show_amendments(
    request: Request,
    session: Session,
    visitor: Visitor,
    key: str,
    wanted: AmendmentView,
    error: ApplicationError | None = None,
) -> Response:
    """The page of all amendments; a refused move is told at its top."""
    actor = visitor.actor
    recommendation = recommendations.get_recommendation(session, key, actor)
    if not recommendations.reads_inside(recommendation, actor):
        raise NotFound()
    found = queries.list_all_on(session, recommendation.id, actor)
    shown = [each for each in found if wanted.show == "all" or each.state is AmendmentState.OPEN]
    open_ids = [each.id for each in found if each.state is AmendmentState.OPEN]
    blocks = blocks_of_number(session, recommendation, recommendation.version)
    return render(
        request,
        "amendments/list.html",
        status=error.status if error else 200,
        recommendation=recommendation,
        tab="amendments",
        tabs=tabs_of(recommendation, actor),
        beside=beside_text(blocks, shown, queries.changes_of(session, shown)),
        total=len(found),
        open_count=len(open_ids),
        open_ids=open_ids[:ANSWERED_AT_ONCE],
        wanted=wanted,
        errors=field_errors(error),
        may_amend=may_amend(recommendation, visitor.actor),
        may_dispose=may(Permission.AMENDMENT_DISPOSE, recommendation, actor),
        own_seats={seat.seat_id for seat in actor.seats},
        person_id=actor.person_id,
        address=address_of(recommendation),
        example=recommendation.is_example,
    )


def may_amend(recommendation: Recommendation, actor: Actor) -> bool:
    """True where the actor can file an amendment now."""
    is_time = recommendation.state in FILING_STATES
    return is_time and may(Permission.AMENDMENT_FILE, recommendation, actor)


def address_of(recommendation: Recommendation) -> str:
    """The page of all amendments to a recommendation."""
    return f"{recommendations.url_of(recommendation)}/aenderungsvorschlaege"


def open_for_amending(session: Session, visitor: Visitor, key: str, *, even_if_closed: bool = False) -> Recommendation:
    """The recommendation, for who may file an amendment to it; what was typed is shown again whatever its state."""
    recommendation = recommendations.get_recommendation(session, key, visitor.actor)
    require(Permission.AMENDMENT_FILE, recommendation, visitor.actor)
    if recommendation.state not in FILING_STATES and not even_if_closed:
        raise Conflict(
            _("Im Stand „{state}“ werden keine Änderungsvorschläge angenommen.").format(
                state=label(recommendation.state)
            )
        )
    return recommendation


def pinned_blocks(session: Session, recommendation: Recommendation, submitted: Submitted) -> Sequence[Block]:
    """The blocks of the version that was read."""
    sent = submitted.text("version")
    if not sent.isdecimal() or not 1 <= int(sent) <= recommendation.version:
        raise Invalid(FieldError("form", _("Die Fassung fehlt, zu der Sie schreiben. Bitte öffnen Sie die Seite neu.")))
    return blocks_of_number(session, recommendation, int(sent))


def _changes(submitted: Submitted, blocks: Sequence[Block]) -> list[ChangeInput]:
    """What was changed: a removed block, another wording, and each paragraph written behind a block."""
    changes = []
    for block in blocks:
        text = _text(submitted, f"text-{block.id}", block.text)
        if submitted.text(f"remove-{block.id}"):
            changes.append(ChangeInput(block_id=block.id, kind=AmendingKind.REMOVE))
        elif text != block.text.strip():
            changes.append(_parsed(submitted, block_id=block.id, text=text))
        added = _text(submitted, f"after-{block.id}", "")
        changes += [
            _parsed(submitted, block_id=block.id, kind=AmendingKind.ADD_AFTER, text=each.strip())
            for each in _BLANK_LINES.split(added)
            if each.strip()
        ]
    return changes


def _parsed(submitted: Submitted, **values: Any) -> ChangeInput:
    return Submitted(submitted.data, {}).parse(ChangeInput, **values)


def _text(submitted: Submitted, name: str, default: str) -> str:
    if name not in submitted.values:
        return default.strip()
    return submitted.text(name).replace("\r\n", "\n").replace("\r", "\n").strip()


def _amendment(submitted: Submitted, changes: Sequence[ChangeInput]) -> AmendmentForm:
    values = {name: value for name, value in submitted.values.items() if "-" not in name}
    return Submitted(submitted.data, values).parse(AmendmentForm, changes=list(changes))


def _at_their_fields(error: Invalid, changes: Sequence[ChangeInput]) -> Invalid:
    """The same with each mistake at the field of its block."""
    mended = []
    for each in error.errors:
        head, _dot, rest = each.field.partition(".")
        if head != "changes" or not rest:
            mended.append(FieldError("form" if head == "changes" else each.field, each.message))
            continue
        change = changes[int(rest.split(".")[0])]
        name = "after" if change.kind is AmendingKind.ADD_AFTER else "text"
        mended.append(FieldError(f"{name}-{change.block_id}", each.message))
    return Invalid(*mended)


def _form(
    request: Request,
    session: Session,
    visitor: Visitor,
    recommendation: Recommendation,
    values: Mapping[str, Any],
    opened: set[str],
    error: ApplicationError | None = None,
) -> Response:
    sent = str(values.get("version", ""))
    number = int(sent) if sent.isdecimal() and 1 <= int(sent) <= recommendation.version else recommendation.version
    return render(
        request,
        "amendments/form.html",
        status=error.status if error else 200,
        recommendation=recommendation,
        blocks=list(blocks_of_number(session, recommendation, number)),
        number=number,
        values=values,
        opened=opened,
        errors=field_errors(error),
        seats=seats_to_choose(session, visitor.actor, recommendation.body_id, WRITING_ROLES),
        address=address_of(recommendation),
        example=recommendation.is_example,
    )
