"""One form for all reports an organisation owes: with an account, and behind the link it was mailed.

The link alone says for whom one reports; who is signed in doesn't matter. Opening it changes nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from fastapi import APIRouter, Request
from sqlmodel import Session
from starlette.responses import Response

from app.actions import collected_reports as actions
from app.documents.report_links import REPORT
from app.domain.actors import Actor
from app.errors import ApplicationError
from app.i18n import ngettext
from app.queries.measures import listed, measures_named, titles_of, today
from app.queries.overdue import look_of
from app.queries.owed_reports import ReportedMeasure, owed_reports, with_reports
from app.queries.report_links import follow
from app.routers.deps import (
    AnonymousForm,
    Member,
    ReadSession,
    Submitted,
    SubmittedForm,
    Visitor,
    Writer,
    WriteSession,
    attempt,
    settings_of,
)
from app.routers.linked_responses import unknown_link
from app.routers.pages import render, see_other, with_pause
from app.routers.report_fields import form_context, kept_texts, named_keys, naming_measures, read_reports
from app.routers.sign_in import address_of
from app.security import signed_keys

router = APIRouter()


@router.get("/meine-massnahmen/bericht")
def new_reports(request: Request, session: ReadSession, visitor: Member) -> Response:
    """The form, with what is drafted already."""
    return _form(request, session, visitor)


@router.post("/meine-massnahmen/bericht")
def write_reports(request: Request, session: WriteSession, visitor: Writer, submitted: SubmittedForm) -> Response:
    """Submit all reports something was typed for, or keep them as drafts."""
    titles = titles_of(session, named_keys(submitted), visitor.actor)
    with attempt(session) as outcome:
        draft = submitted.text("draft") == "true"
        form = read_reports(submitted, titles, draft=draft)
        with naming_measures([each.measure_id for each in form.reports], titles):
            number = len(actions.report_together(session, form, actor=visitor.actor))
        return see_other(request, "/meine-massnahmen", _thanks(number, draft=draft))
    return _form(request, session, visitor, submitted, outcome.error)


@router.get("/sachstand/{word}")
def show_owed(request: Request, session: ReadSession, word: str) -> Response:
    """All the organisation owes, in one form."""
    return _page(request, session, word)


@router.post("/sachstand/{word}", dependencies=[AnonymousForm])
def report_by_link(request: Request, session: WriteSession, submitted: SubmittedForm, word: str) -> Response:
    """Submit all reports something was typed for; a refused one stands in the form again with the others."""
    keys = _keys(request, word)
    asked = follow(session, *keys) if keys else None
    if keys is None or asked is None:
        return unknown_link(request)
    titles = titles_of(session, named_keys(submitted), asked.speaker)
    with attempt(session) as outcome:
        form = read_reports(submitted, titles, draft=False)
        with naming_measures([each.measure_id for each in form.reports], titles):
            sent = actions.report_by_link(session, *keys, form, address=address_of(request))
        return see_other(request, f"/sachstand/{word}?gesendet={len(sent)}")
    return _page(request, session, word, submitted, outcome.error)


def _keys(request: Request, word: str) -> tuple[UUID, UUID] | None:
    keys = signed_keys(settings_of(request), REPORT, word)
    return (keys[0], keys[1]) if len(keys) == 2 else None


def _thanks(number: int, *, draft: bool) -> str:
    if draft:
        return ngettext(
            "Ein Entwurf ist gespeichert, noch nicht eingereicht.",
            "{number} Entwürfe sind gespeichert, noch nicht eingereicht.",
            number,
        ).format(number=number)
    return ngettext("Ein Bericht ist eingereicht.", "{number} Berichte sind eingereicht.", number).format(number=number)


def _form(
    request: Request,
    session: Session,
    visitor: Visitor,
    submitted: Submitted | None = None,
    error: ApplicationError | None = None,
) -> Response:
    owed = owed_reports(session, visitor.actor.acts_for, visitor.actor)
    context = form_context(_with_typed(session, owed, submitted, visitor.actor), submitted, error, today(session))
    return render(request, "measures/reports.html", status=error.status if error else 200, **context)


def _page(
    request: Request,
    session: Session,
    word: str,
    submitted: Submitted | None = None,
    error: ApplicationError | None = None,
) -> Response:
    keys = _keys(request, word)
    asked = follow(session, *keys) if keys else None
    if asked is None:
        return unknown_link(request)
    owed = _with_typed(session, asked.owed, submitted, asked.speaker) if asked.speaker_id else []
    just_sent = request.query_params.get("gesendet", "")
    response = render(
        request,
        "report_links/show.html",
        status=error.status if error else 410 if asked.speaker_id is None else 200,
        asked=asked,
        just_sent=int(just_sent) if just_sent.isdecimal() and len(just_sent) < 4 else 0,
        kept_texts=kept_texts(submitted) if submitted else [],
        **form_context(owed, submitted, error, today(session)),
    )
    # Its address is told to no other site (the policy of every page); nothing of it is kept on the way.
    response.headers["Cache-Control"] = "no-store"
    return with_pause(response, error)


def _with_typed(
    session: Session, owed: Sequence[ReportedMeasure], submitted: Submitted | None, actor: Actor
) -> list[ReportedMeasure]:
    """What is owed, and what was typed for a measure that owes nothing any more: no text is lost."""
    typed = set(named_keys(submitted)) - {each.measure.id for each in owed} if submitted else set()
    found = [listed(each, look_of(session, actor)) for each in measures_named(session, typed, actor)]
    return [*owed, *with_reports(session, found, actor, with_evidence=True)]
