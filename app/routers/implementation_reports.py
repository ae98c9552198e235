"""Pages of Umsetzungsberichte: told and looked at beforehand, frozen, published; read by everybody from then on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request
from pydantic import Field
from sqlmodel import Session
from starlette.responses import Response

from app.actions import implementation_reports as actions
from app.actions.moves import offers
from app.actions.permissions import require
from app.documents.pdf import described
from app.domain.attachments import AttachmentKind
from app.domain.implementation_reports import IMPLEMENTATION_REPORT
from app.domain.permissions import Permission
from app.errors import ApplicationError
from app.forms.base import Wanted
from app.forms.implementation_reports import ImplementationReportForm, ImplementationReportTransition
from app.i18n import _
from app.models.base import new_id
from app.queries import implementation_reports as queries
from app.queries import structure
from app.queries.editions import editions_in_order
from app.queries.events import history_of
from app.routers.deps import (
    Member,
    MemberAsking,
    Reader,
    ReadSession,
    SubmittedForm,
    Visitor,
    Writer,
    WriteSession,
    attempt,
)
from app.routers.downloads import kept_file
from app.routers.offers import shown_offers
from app.routers.pages import cache_control, field_errors, list_addresses, render, see_other
from app.routers.report_freezing import FrozenFromPage, draft_of

router = APIRouter()
PAGE_SIZE = 25
_ADMINISTRATION = "/verwaltung/umsetzungsberichte"
_BASE = "/umsetzungsberichte"
_NOTICES = {
    "publish": _("Der Umsetzungsbericht ist veröffentlicht und steht unter „Publikationen“."),
    "discard": _("Der Umsetzungsbericht ist verworfen."),
    "withdraw": _("Der Umsetzungsbericht ist zurückgenommen und steht nicht mehr unter „Publikationen“."),
}


class ReportListing(Wanted):
    """Which part of the list is shown."""

    after: str | None = Field(default=None, max_length=500)


class Chosen(Wanted):
    """What the form is opened with."""

    edition_id: UUID | None = None
    field_of_action_id: UUID | None = None


@router.get(_ADMINISTRATION)
def list_reports(
    request: Request, session: ReadSession, visitor: Member, wanted: Annotated[ReportListing, Query()]
) -> Response:
    """Every report, newest first, whatever became of it."""
    require(Permission.PUBLICATION_MANAGE, None, visitor.actor)
    chosen = queries.ImplementationReportFilter()
    page = queries.list_reports(session, visitor.actor, chosen, limit=PAGE_SIZE, after=wanted.after)
    return render(
        request,
        "implementation_reports/list.html",
        found=page.items,
        **list_addresses(request, page.next),
        example=any(each.is_example for each in page.items),
    )


@router.get(f"{_ADMINISTRATION}/neu")
def new_report(request: Request, session: ReadSession, visitor: Member, wanted: Annotated[Chosen, Query()]) -> Response:
    """The form: which edition, which field, what is said beforehand."""
    chosen = {name: str(value) for name, value in wanted.model_dump(exclude_none=True).items()}
    return _form(request, session, visitor, {"id": str(new_id()), **chosen})


@router.post(f"{_ADMINISTRATION}/vorschau")
def preview_report(request: Request, session: ReadSession, visitor: MemberAsking, submitted: SubmittedForm) -> Response:
    """The report as it would be frozen now; nothing is written."""
    require(Permission.PUBLICATION_MANAGE, None, visitor.actor)
    with attempt(session) as outcome:
        draft = draft_of(request, session, submitted.parse(ImplementationReportForm))
        return render(
            request,
            "implementation_reports/preview.html",
            document=described(draft.document),
            values=submitted.values,
            example=draft.contents.is_example,
        )
    return _form(request, session, visitor, submitted.values, outcome.error)


@router.post(f"{_ADMINISTRATION}/vorwort")
def change_draft(request: Request, session: ReadSession, visitor: MemberAsking, submitted: SubmittedForm) -> Response:
    """The form again, with what the preview was made of."""
    return _form(request, session, visitor, submitted.values)


@router.post(f"{_ADMINISTRATION}/neu")
def freeze_report(
    request: Request, frozen: FrozenFromPage, session: WriteSession, visitor: Writer, submitted: SubmittedForm
) -> Response:
    """Keep the report as it stands now."""
    with attempt(session) as outcome:
        form, content = frozen.taken()
        made, _is_new = actions.freeze_report(session, form, content, actor=visitor.actor)
        notice = _("Der Umsetzungsbericht ist eingefroren. Sehen Sie ihn durch, bevor Sie ihn veröffentlichen.")
        return see_other(request, f"{_BASE}/{made.id}", notice)
    return _form(request, session, visitor, submitted.values, outcome.error)


@router.get(f"{_BASE}/{{report_id}}")
def show_report(request: Request, session: ReadSession, visitor: Reader, report_id: UUID) -> Response:
    """One report with its files."""
    return _page(request, session, visitor, report_id)


@router.get(f"{_BASE}/{{report_id}}/bericht.{{kind}}")
def open_file(
    request: Request, session: ReadSession, visitor: Reader, report_id: UUID, kind: AttachmentKind
) -> Response:
    """One of its files, byte for byte as it was frozen."""
    found = queries.get_file(session, report_id, kind, visitor.actor)
    return kept_file(request, digest=found.digest, name=found.name, kind=found.kind, kept_for=cache_control(request))


@router.post(f"{_BASE}/{{report_id}}/transitions")
def transition_report(
    request: Request, session: WriteSession, visitor: Writer, submitted: SubmittedForm, report_id: UUID
) -> Response:
    """Publish, discard or take back; a refused move opens again with what was entered."""
    queries.get_report(session, report_id, visitor.actor)
    with attempt(session) as outcome:
        form = submitted.parse(ImplementationReportTransition)
        actions.transition_report(session, report_id, form, actor=visitor.actor)
        return see_other(request, f"{_BASE}/{report_id}", _NOTICES.get(form.transition))
    return _page(request, session, visitor, report_id, submitted.values, outcome.error)


def _page(
    request: Request,
    session: Session,
    visitor: Visitor,
    key: UUID,
    submitted: Mapping[str, Any] | None = None,
    error: ApplicationError | None = None,
) -> Response:
    report = queries.get_report(session, key, visitor.actor)
    moves = offers(report, IMPLEMENTATION_REPORT, visitor.actor)
    return render(
        request,
        "implementation_reports/show.html",
        status=error.status if error else 200,
        report=report,
        offers=shown_offers("implementation_report", moves),
        history=history_of(session, [report.id], visitor.actor) if visitor.actor.is_secretariat else (),
        submitted=submitted,
        errors=field_errors(error),
        example=report.is_example,
    )


def _form(
    request: Request,
    session: Session,
    visitor: Visitor,
    values: Mapping[str, Any],
    error: ApplicationError | None = None,
) -> Response:
    require(Permission.PUBLICATION_MANAGE, None, visitor.actor)
    return render(
        request,
        "implementation_reports/form.html",
        status=error.status if error else 200,
        values=values,
        errors=field_errors(error),
        edition_options=[(each.id, f"{each.title} ({each.code})") for each in editions_in_order(session)],
        field_options=[(each.id, each.name) for each in structure.every_field(session)],
    )
