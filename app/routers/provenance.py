"""Pages of provenance: what each block of the text comes from, what is missing, and saying so."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request
from sqlmodel import Session
from starlette.responses import Response

from app.actions.permissions import may
from app.actions.sources import add_source, set_sources
from app.domain.events import SubjectType
from app.domain.permissions import Permission
from app.domain.recommendations import WRITING_STATES
from app.errors import ApplicationError, NotFound
from app.forms.base import Input
from app.forms.sources import BlockSourcesForm, SourceForm
from app.i18n import _
from app.queries import recommendations as queries
from app.queries.provenance import Origin, provenance_of, sources_to_choose
from app.routers.deps import Member, ReadSession, Submitted, SubmittedForm, Visitor, Writer, WriteSession, attempt
from app.routers.pages import field_errors, render, see_other
from app.routers.recommendation_tabs import tabs_of

router = APIRouter()


class ProvenanceView(Input):
    """Which block's sources, or which thing's place in the text, is being said."""

    block_id: UUID | None = None
    source: str | None = None


@router.get("/empfehlungen/{key}/herkunft")
def show_provenance(
    request: Request, session: ReadSession, visitor: Member, key: str, wanted: Annotated[ProvenanceView, Query()]
) -> Response:
    """Every block with what it comes from, and what has no counterpart yet."""
    return _page(request, session, visitor, key, wanted)


@router.post("/empfehlungen/{key}/herkunft")
def say_all_sources(
    request: Request, session: WriteSession, visitor: Writer, submitted: SubmittedForm, key: str
) -> Response:
    """Say everything one block comes from."""
    recommendation = queries.get_recommendation(session, key, visitor.actor)
    wanted = Submitted(submitted.data, {"block_id": submitted.text("block_id")}).parse(ProvenanceView)
    with attempt(session) as outcome:
        named = [each.partition(":") for each in submitted.many("sources")]
        sources = [{"type": kind, "id": source_id} for kind, _sign, source_id in named]
        form = Submitted(submitted.data, {}).parse(BlockSourcesForm, sources=sources)
        block_id = wanted.block_id or UUID(int=0)
        set_sources(session, recommendation.id, block_id, form, actor=visitor.actor)
        address = f"{queries.url_of(recommendation)}/herkunft#zeile-{block_id}"
        return see_other(request, address, _("Die Herkunft ist festgehalten."))
    return _page(request, session, visitor, key, wanted, submitted, outcome.error)


@router.post("/empfehlungen/{key}/quellen")
def say_where_from(
    request: Request, session: WriteSession, visitor: Writer, submitted: SubmittedForm, key: str
) -> Response:
    """Say that a block of the newest version comes from one more thing."""
    recommendation = queries.get_recommendation(session, key, visitor.actor)
    with attempt(session) as outcome:
        kind, _sign, source_id = submitted.text("source").partition(":")
        values: dict[str, str | list[str]] = {
            "block_id": submitted.text("block_id"),
            "source_type": kind,
            "source_id": source_id,
        }
        form = Submitted(submitted.data, values).parse(SourceForm)
        add_source(session, recommendation.id, form, actor=visitor.actor)
        address = f"{queries.url_of(recommendation)}/herkunft#zeile-{form.block_id}"
        return see_other(request, address, _("Die Herkunft ist festgehalten."))
    wanted = ProvenanceView(source=submitted.text("source") or None)
    return _page(request, session, visitor, key, wanted, submitted, outcome.error)


def _page(
    request: Request,
    session: Session,
    visitor: Visitor,
    key: str,
    wanted: ProvenanceView,
    submitted: Submitted | None = None,
    error: ApplicationError | None = None,
) -> Response:
    actor = visitor.actor
    recommendation = queries.get_recommendation(session, key, actor)
    if not queries.reads_inside(recommendation, actor):
        raise NotFound()
    found = provenance_of(session, recommendation, recommendation.version, actor)
    is_written = recommendation.state in WRITING_STATES
    may_link = is_written and may(Permission.RECOMMENDATION_DRAFT, recommendation, actor)
    block = next((each for each in found.texts if each.id == wanted.block_id), None) if may_link else None
    return render(
        request,
        "recommendations/provenance.html",
        status=error.status if error else 200,
        recommendation=recommendation,
        tab="provenance",
        tabs=tabs_of(recommendation, actor),
        provenance=found,
        codes=_codes(found.origins),
        numbers={each.id: number for number, each in enumerate(found.blocks, start=1)},
        may_link=may_link,
        block=block,
        choices=sources_to_choose(session, recommendation, found.origins, actor) if block else [],
        placed=next((each for each in found.origins if each.key == wanted.source), None) if may_link else None,
        submitted=submitted.values if submitted else {},
        sent_sources=submitted.many("sources") if submitted else None,
        errors=field_errors(error),
        url=queries.url_of(recommendation),
        example=recommendation.is_example,
    )


_LETTERS = {
    SubjectType.NEED: "B",
    SubjectType.PROPOSAL: "V",
    SubjectType.STATEMENT: "S",
    SubjectType.AMENDMENT: "Ä",
}


def _codes(origins: tuple[Origin, ...]) -> dict[UUID, str]:
    """A short name for each thing, to head a narrow column: B1, B2, V1 …"""
    counted: dict[SubjectType, int] = {}
    codes = {}
    for origin in origins:
        counted[origin.kind] = counted.get(origin.kind, 0) + 1
        codes[origin.id] = f"{_LETTERS[origin.kind]}{counted[origin.kind]}"
    return codes
