"""What is outstanding in the implementation: the Geschäftsstelle's page, and its reminders to several at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Query, Request
from pydantic import Field
from sqlmodel import Session
from starlette.responses import Response

from app.actions import outstanding as actions
from app.actions.permissions import may, require
from app.domain.events import SubjectType
from app.domain.outstanding import OutstandingKind
from app.domain.permissions import Permission
from app.errors import ApplicationError
from app.forms.base import Wanted
from app.forms.outstanding import RemindForm
from app.i18n import _, ngettext
from app.queries import outstanding as queries
from app.queries.contact_addresses import reach_of
from app.queries.measures import today
from app.routers.deps import Member, ReadSession, Submitted, SubmittedForm, Visitor, Writer, WriteSession, attempt
from app.routers.pages import field_errors, render, see_other

router = APIRouter(prefix="/ausstehend")
PAGE_SIZE = 50
NAMED = 3
"""How many of those who could not be reached are named after a reminder; the list marks them all."""

FIELDS = {
    SubjectType.MEASURE: "measure_ids",
    SubjectType.RESPONSE: "response_ids",
    SubjectType.NEED_REVIEW: "need_review_ids",
}
"""In which field of a reminder a thing is named."""


class OutstandingListing(Wanted):
    """What the list is narrowed to; `page` counts from 1."""

    kind: OutstandingKind | None = None
    edition_id: UUID | None = None
    field_of_action_id: UUID | None = None
    organisation_id: UUID | None = None
    page: int = Field(default=1, ge=1, le=10_000)


@router.get("")
def show_outstanding(
    request: Request, session: ReadSession, visitor: Member, wanted: Annotated[OutstandingListing, Query()]
) -> Response:
    """How much of each kind is outstanding, and the list of it."""
    return _page(request, session, visitor, wanted)


@router.post("/erinnern")
def remind(
    request: Request,
    session: WriteSession,
    visitor: Writer,
    submitted: SubmittedForm,
    wanted: Annotated[OutstandingListing, Query()],
) -> Response:
    """Remind of all that is ticked, or of all that is shown; back to the list as it was."""
    chosen = submitted.many("shown" if submitted.text("all") == "true" else "chosen")
    with attempt(session) as outcome:
        form = Submitted(submitted.data).parse(RemindForm, **_by_noun(chosen))
        done = actions.remind_together(session, form, actor=visitor.actor)
        names = queries.names_of(session, done.unreached.values())
        return see_other(request, _url(wanted), _notice(done, names))
    return _page(request, session, visitor, wanted, chosen, outcome.error)


def _page(
    request: Request,
    session: Session,
    visitor: Visitor,
    wanted: OutstandingListing,
    chosen: Sequence[str] = (),
    error: ApplicationError | None = None,
) -> Response:
    require(Permission.RECORD_READ, None, visitor.actor)
    asked = queries.OutstandingFilter(**wanted.model_dump(exclude={"page"}))
    found = queries.find_outstanding(session, asked)
    start = (wanted.page - 1) * PAGE_SIZE
    shown = found.items[start : start + PAGE_SIZE]
    return render(
        request,
        "outstanding/show.html",
        status=error.status if error else 200,
        found=found,
        shown=shown,
        wanted=wanted,
        kinds=list(OutstandingKind),
        kind_url=lambda kind: _url(wanted, kind=kind),
        remind_url=_url(wanted, "/ausstehend/erinnern"),
        next_url=_url(wanted, page=wanted.page + 1) if start + PAGE_SIZE < len(found.items) else None,
        first_url=_url(wanted) if wanted.page > 1 else None,
        is_narrowed=bool(wanted.edition_id or wanted.field_of_action_id or wanted.organisation_id),
        reach=reach_of(session, {each.organisation_id for each in shown if each.organisation_id}),
        may_remind=may(Permission.OUTSTANDING_REMIND, None, visitor.actor),
        value_of=value_of,
        chosen=set(chosen),
        today=today(session),
        errors=field_errors(error),
        example=any(each.is_example for each in shown),
    )


def value_of(one: queries.Outstanding) -> str:
    """How the form names a thing that is reminded of."""
    return f"{one.subject_type.value}:{one.subject_id}"


def _by_noun(chosen: Sequence[str]) -> dict[str, Any]:
    """The things that were ticked, by the field of a reminder; what has none is refused by it."""
    found: dict[str, Any] = {}
    for noun, _colon, key in (each.partition(":") for each in chosen):
        field = FIELDS.get(SubjectType(noun)) if noun in set(SubjectType) else None
        found.setdefault(field or noun or "form", []).append(key)
    return found


def _notice(done: actions.Reminded, names: Mapping[UUID, str]) -> str:
    """How many were reminded, how many were not and why."""
    told = [
        ngettext("Eine Erinnerung ist unterwegs.", "{number} Erinnerungen sind unterwegs.", len(done.reminded)).format(
            number=len(done.reminded)
        )
        if done.reminded
        else _("Es wurde niemand erinnert.")
    ]
    if done.reminded_today:
        number = len(done.reminded_today)
        told.append(
            ngettext("Heute schon erinnert: eine.", "Heute schon erinnert: {number}.", number).format(number=number)
        )
    if done.settled:
        number = len(done.settled)
        told.append(
            ngettext("Inzwischen erledigt: eine.", "Inzwischen erledigt: {number}.", number).format(number=number)
        )
    if names:
        first = ", ".join(list(names.values())[:NAMED])
        rest = len(names) - NAMED
        more = _(" und {number} weitere").format(number=rest) if rest > 0 else ""
        told.append(_("Nicht erreichbar, ohne Konto und Postfach: {names}.").format(names=first + more))
    return " ".join(told)


def _url(wanted: OutstandingListing, path: str = "/ausstehend", **changed: Any) -> str:
    fields = {**wanted.model_dump(mode="json", exclude={"page"}), **changed}
    query = urlencode(
        {name: value for name, value in fields.items() if value is not None and (name, value) != ("page", 1)}
    )
    return f"{path}?{query}" if query else path
