"""The Stellungnahmensynopse: the table to read, filter and answer in, and to take along as CSV, ODS, PDF or ODT."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated
from urllib.parse import parse_qsl, urlencode
from uuid import UUID

from fastapi import APIRouter, Query, Request
from sqlmodel import Session
from starlette.responses import Response

from app.actions import statements as actions
from app.actions.permissions import may
from app.clock import now
from app.documents.synopses import place_of, synopsis_document, synopsis_table
from app.domain.consultations import Disposition, StatementKind, StatementState
from app.domain.permissions import Permission
from app.domain.recommendations import PUBLIC_STATES
from app.domain.text import Block
from app.errors import ApplicationError, NotFound
from app.forms.base import Wanted
from app.forms.consultations import BulkDispositionForm
from app.i18n import _, ngettext
from app.queries import synopses as queries
from app.queries.consultations import StatementFilter
from app.queries.synopses import SynopsisRow
from app.queries.versions import blocks_of_number
from app.routers.consultation_views import Consultation, RoundChoice, find_consultation, quoted
from app.routers.deps import Reader, ReadSession, Submitted, SubmittedForm, Visitor, Writer, WriteSession, attempt
from app.routers.downloads import DocumentForm, TableForm, document_file, table_file
from app.routers.pages import field_errors, render, see_other

router = APIRouter()
SHOWN_AT_ONCE = 200


class SynopsisForm(StrEnum):
    """The forms the table is offered in; the word ends its address."""

    CSV = "csv"
    ODS = "ods"
    PDF = "pdf"
    ODT = "odt"


class SynopsisNarrowed(Wanted):
    """What the table is narrowed to; `block` is a block's id, or „whole“ for what is said about no single one."""

    block: str | None = None
    organisation_id: UUID | None = None
    disposition: Disposition | None = None
    state: StatementState | None = None
    kind: StatementKind | None = None

    def chosen(self, round_id: UUID) -> StatementFilter:
        """The parameters as the filter of the queries; NotFound for a block that is no id."""
        block_id = None
        if self.block and self.block != "whole":
            try:
                block_id = UUID(self.block)
            except ValueError as error:
                raise NotFound() from error
        return StatementFilter(
            round_id=round_id,
            state=self.state,
            kind=self.kind,
            disposition=self.disposition,
            organisation_id=self.organisation_id,
            block_id=block_id,
            on_whole=self.block == "whole",
        )


class SynopsisFilter(SynopsisNarrowed, RoundChoice):
    """The same on the page of a recommendation, which also says which round."""

    @property
    def query(self) -> str:
        """The filter as it stands in an address."""
        return urlencode({name: str(value) for name, value in self if value is not None})


@router.get("/empfehlungen/{key}/stellungnahmen/synopse")
def show_synopsis(
    request: Request, session: ReadSession, visitor: Reader, key: str, wanted: Annotated[SynopsisFilter, Query()]
) -> Response:
    """The table, with the form to answer several at once for who may."""
    found = _find(session, visitor, key, wanted)
    return _page(request, session, found, wanted)


@router.post("/empfehlungen/{key}/stellungnahmen/synopse")
def answer_several(
    request: Request, session: WriteSession, visitor: Writer, submitted: SubmittedForm, key: str
) -> Response:
    """Say what became of several statements with one reason; each author is told."""
    query = submitted.text("query")
    wanted = SynopsisFilter.model_validate(dict(_pairs(query)))
    found = _find(session, visitor, key, wanted)
    fields = {name: value for name, value in submitted.values.items() if name != "query"}
    with attempt(session) as outcome:
        form = Submitted(submitted.data, fields).parse(BulkDispositionForm, lists=("statement_ids",))
        done = actions.dispose_statements(session, found.recommendation.id, form, actor=visitor.actor)
        notice = ngettext(
            "Die Stellungnahme ist beantwortet.", "{number} Stellungnahmen sind beantwortet.", len(done)
        ).format(number=len(done))
        return see_other(request, f"{found.address}/synopse?{wanted.query}", notice)
    return _page(request, session, found, wanted, submitted, outcome.error)


@router.get("/empfehlungen/{key}/stellungnahmen/synopse.{form}")
def take_along(
    request: Request,
    session: ReadSession,
    visitor: Reader,
    key: str,
    form: SynopsisForm,
    wanted: Annotated[SynopsisFilter, Query()],
) -> Response:
    """The same table as a file, narrowed alike."""
    return synopsis_file(request, session, _find(session, visitor, key, wanted), wanted, form)


def synopsis_file(
    request: Request, session: Session, found: Consultation, wanted: SynopsisNarrowed, form: SynopsisForm
) -> Response:
    """The table as a file; NotFound for who is not signed in before the recommendation is published."""
    _require_shown(found)
    rows, _blocks = _rows(session, found, wanted)
    name = f"synopse-{found.recommendation.reference or str(found.recommendation.id)[-12:]}-{found.round.number}"
    if form in {SynopsisForm.CSV, SynopsisForm.ODS}:
        return table_file(request, name, synopsis_table(rows), TableForm(form.value))
    document = synopsis_document(
        found.recommendation,
        found.round,
        rows,
        title=found.recommendation.title,
        is_draft=found.recommendation.state not in PUBLIC_STATES,
        made_at=now(session),
    )
    return document_file(request, name, document, DocumentForm(form.value))


def _find(session: Session, visitor: Visitor, key: str, wanted: SynopsisFilter) -> Consultation:
    found = find_consultation(session, visitor, key, wanted.round)
    _require_shown(found)
    return found


def _require_shown(found: Consultation) -> None:
    if not found.actor.is_signed_in and found.recommendation.state not in PUBLIC_STATES:
        raise NotFound()


def _rows(
    session: Session, found: Consultation, wanted: SynopsisNarrowed
) -> tuple[list[SynopsisRow], tuple[Block, ...]]:
    blocks = blocks_of_number(session, found.recommendation, found.round.version)
    return queries.list_synopsis(session, found.actor, wanted.chosen(found.round.id), blocks), blocks


def _page(
    request: Request,
    session: Session,
    found: Consultation,
    wanted: SynopsisFilter,
    submitted: Submitted | None = None,
    error: ApplicationError | None = None,
) -> Response:
    rows, blocks = _rows(session, found, wanted)
    may_dispose = may(Permission.STATEMENT_DISPOSE, found.recommendation, found.actor)
    return render(
        request,
        "synopses/show.html",
        status=error.status if error else 200,
        **found.context("synopsis"),
        wanted=wanted,
        query=wanted.query,
        rows=rows[:SHOWN_AT_ONCE],
        total=len(rows),
        place_of=place_of,
        forms_offered=list(SynopsisForm),
        may_dispose=may_dispose,
        may_extend=may_dispose and found.is_open and may(Permission.RECOMMENDATION_CONSULT, found.round, found.actor),
        organisations=_organisations(rows, wanted),
        block_options=[
            ("whole", _("nur zum ganzen Text")),
            *((str(block.id), quoted(number, block)) for number, block in enumerate(_readable(found, blocks), start=1)),
        ],
        dispositions=list(Disposition),
        states=[StatementState.OPEN, StatementState.DISPOSED],
        submitted=submitted.values if submitted else {},
        chosen_ids=submitted.many("statement_ids") if submitted else [],
        errors=field_errors(error),
    )


def _readable(found: Consultation, blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    """The words of the blocks, where the reader has the version itself: inside, while asked, or once it is adopted."""
    recommendation = found.recommendation
    is_inside = found.actor.is_secretariat or found.actor.is_auditor or found.round.body_id in found.actor.body_ids
    is_adopted = recommendation.state in PUBLIC_STATES and found.round.version == recommendation.adopted_version
    return blocks if is_inside or found.is_open or is_adopted else ()


def _organisations(rows: list[SynopsisRow], wanted: SynopsisFilter) -> list[tuple[str, str]]:
    """Those that speak in the table; while one is chosen, that one."""
    named: dict[str, str] = {}
    for row in rows:
        if row.statement.organisation is not None:
            named[str(row.statement.organisation.id)] = row.author
    if wanted.organisation_id and not named:
        named[str(wanted.organisation_id)] = _("die gewählte Organisation")
    return sorted(named.items(), key=lambda pair: pair[1].casefold())


def _pairs(query: str) -> list[tuple[str, str]]:
    return [(name, value) for name, value in parse_qsl(query) if name in SynopsisFilter.model_fields]
