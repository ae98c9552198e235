"""Pages of reuses: what others carry out unasked, saying so without an account, and releasing it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request
from pydantic import Field
from sqlmodel import Session
from starlette.responses import Response

from app.actions import reuses as actions
from app.actions.moves import offers
from app.actions.permissions import require
from app.clock import now
from app.documents.reuse_mails import CONFIRM, KEEP
from app.domain.deadlines import berlin_date
from app.domain.events import SubjectType
from app.domain.permissions import Permission
from app.domain.reuses import REUSE, Land, ReuseState, SizeClass
from app.errors import ApplicationError, NotFound
from app.forms.base import Wanted
from app.forms.reuses import ReuseForm, ReuseTransition
from app.i18n import _
from app.models.base import new_id
from app.models.recommendations import Recommendation
from app.models.reuses import Reuse
from app.queries import reuses as queries
from app.queries.events import history_of
from app.queries.responses import ANSWERABLE_STATES
from app.queries.reuses import ReuseFilter
from app.routers.deps import (
    AnonymousForm,
    AnybodyWriting,
    Member,
    Reader,
    ReadSession,
    SubmittedForm,
    Visitor,
    Writer,
    WriteSession,
    attempt,
    settings_of,
)
from app.routers.follow_offers import list_offer, lists_to_follow
from app.routers.offers import shown_offers
from app.routers.pages import field_errors, list_addresses, render, see_other, with_pause
from app.routers.recommendation_tabs import tabs_of
from app.routers.responses import published
from app.routers.sign_in import address_of
from app.security import signed_keys

router = APIRouter()
PAGE_SIZE = 25
_BASE = "/verwaltung/nachnutzungen"


class ReuseListing(Wanted):
    """What the list of a recommendation is narrowed to."""

    land: Land | None = None
    size_class: SizeClass | None = None
    after: str | None = Field(default=None, max_length=500)


class ManagedListing(Wanted):
    """What the list of the Geschäftsstelle is narrowed to."""

    state: ReuseState | None = None
    after: str | None = Field(default=None, max_length=500)


@router.get("/empfehlungen/{key}/nachnutzung")
def list_reuses(
    request: Request, session: ReadSession, visitor: Reader, key: str, wanted: Annotated[ReuseListing, Query()]
) -> Response:
    """Who carries the recommendation out unasked."""
    recommendation = published(session, key, visitor)
    chosen = ReuseFilter(
        recommendation_id=recommendation.id,
        land=wanted.land,
        size_class=wanted.size_class,
        state=ReuseState.RELEASED,
    )
    page = queries.list_reuses(session, visitor.actor, chosen, limit=PAGE_SIZE, after=wanted.after)
    return render(
        request,
        "reuses/list.html",
        recommendation=recommendation,
        tab="reuse",
        tabs=tabs_of(recommendation, visitor.actor),
        is_open=recommendation.state in ANSWERABLE_STATES,
        found=page.items,
        total=queries.count_reuses(session, visitor.actor, chosen),
        wanted=wanted,
        narrowed=bool(wanted.land or wanted.size_class),
        lands=list(Land),
        size_classes=list(SizeClass),
        list_offer=list_offer(
            request,
            session,
            visitor.actor,
            lists_to_follow(
                SubjectType.REUSE,
                recommendation_id=recommendation.id,
                land=wanted.land,
                size_class=wanted.size_class,
            ),
        ),
        **list_addresses(request, page.next),
        example=recommendation.is_example,
    )


@router.get("/empfehlungen/{key}/nachnutzung/neu")
def new_reuse(request: Request, session: ReadSession, visitor: Reader, key: str) -> Response:
    """The form; it needs no account."""
    return _form(request, published(session, key, visitor), {"id": str(new_id())})


@router.post("/empfehlungen/{key}/nachnutzung/neu")
def send_reuse(
    request: Request, session: WriteSession, visitor: AnybodyWriting, submitted: SubmittedForm, key: str
) -> Response:
    """Ask the mailbox; the answer is the same for every mailbox."""
    recommendation = published(session, key, visitor)
    with attempt(session) as outcome:
        form = submitted.parse(ReuseForm, material_url=submitted.text("material_url") or None)
        actions.send_reuse(session, recommendation.id, form, address=address_of(request))
        return see_other(request, "/nachnutzung/angekommen")
    return _form(request, published(session, key, visitor), submitted.values, outcome.error)


@router.get("/nachnutzung/angekommen")
def show_sent(request: Request, _visitor: Reader) -> Response:
    """What happens next."""
    return render(request, "reuses/sent.html")


@router.get("/nachnutzung/bestaetigen/{word}")
def show_confirmation(request: Request, session: ReadSession, word: str) -> Response:
    """What waits to be confirmed, or that it is; opening it changes nothing."""
    key = _key_of(request, word, CONFIRM)
    waiting = queries.find_request(session, key, now(session))
    kept = queries.find_kept(session, key)
    title = session.get_one(Recommendation, waiting.recommendation_id).title if waiting else None
    sent = ReuseForm(mailbox=waiting.mailbox, **waiting.content) if waiting else None
    status = 200 if waiting or kept else 410
    return _private(request, "reuses/confirm.html", status=status, sent=sent, title=title, is_confirmed=bool(kept))


@router.post("/nachnutzung/bestaetigen/{word}", dependencies=[AnonymousForm])
def confirm(request: Request, session: WriteSession, word: str) -> Response:
    """From now on it waits for the Geschäftsstelle."""
    actions.confirm_reuse(session, _key_of(request, word, CONFIRM))
    return see_other(request, request.url.path)


@router.get("/nachnutzung/stand/{word}")
def show_question(request: Request, session: ReadSession, word: str) -> Response:
    """Whether it still is so; opening it changes nothing."""
    entry = queries.find_kept(session, _key_of(request, word, KEEP))
    today = berlin_date(now(session))
    return _private(
        request,
        "reuses/keep.html",
        status=200 if entry else 410,
        entry=entry,
        title=session.get_one(Recommendation, entry.recommendation_id).title if entry else None,
        is_said_today=entry is not None and entry.last_said_on == today,
    )


@router.post("/nachnutzung/stand/{word}", dependencies=[AnonymousForm])
def answer_question(request: Request, session: WriteSession, submitted: SubmittedForm, word: str) -> Response:
    """It still is so, or it is ended."""
    actions.answer_reuse(session, _key_of(request, word, KEEP), still_so=submitted.text("answer") != "no")
    return see_other(request, request.url.path)


@router.get(_BASE)
def manage_reuses(
    request: Request, session: ReadSession, visitor: Member, wanted: Annotated[ManagedListing, Query()]
) -> Response:
    """Every entry, for the Geschäftsstelle."""
    require(Permission.REUSE_RELEASE, None, visitor.actor)
    chosen = ReuseFilter(state=wanted.state)
    page = queries.list_reuses(session, visitor.actor, chosen, limit=PAGE_SIZE, after=wanted.after)
    return render(
        request,
        "reuses/manage.html",
        found=page.items,
        total=queries.count_reuses(session, visitor.actor, chosen),
        wanted=wanted,
        narrowed=wanted.state is not None,
        states=list(ReuseState),
        **list_addresses(request, page.next),
        example=any(each.is_example for each in page.items),
    )


@router.get(_BASE + "/{reuse_id}")
def show_reuse(request: Request, session: ReadSession, visitor: Member, reuse_id: UUID) -> Response:
    """One entry with its moves."""
    return _page(request, session, visitor, reuse_id)


@router.post(_BASE + "/{reuse_id}/transitions")
def transition_reuse(
    request: Request, session: WriteSession, visitor: Writer, submitted: SubmittedForm, reuse_id: UUID
) -> Response:
    """Make a move; a refused one opens again with its reason."""
    _entry(session, visitor, reuse_id)
    with attempt(session) as outcome:
        actions.transition_reuse(session, reuse_id, submitted.parse(ReuseTransition), actor=visitor.actor)
        return see_other(request, f"{_BASE}/{reuse_id}", _("Der Schritt ist vermerkt."))
    return _page(request, session, visitor, reuse_id, submitted.values, outcome.error)


def _entry(session: Session, visitor: Visitor, reuse_id: UUID) -> Reuse:
    require(Permission.REUSE_RELEASE, None, visitor.actor)
    return queries.get_reuse(session, reuse_id, visitor.actor)


def _page(
    request: Request,
    session: Session,
    visitor: Visitor,
    reuse_id: UUID,
    values: Mapping[str, Any] | None = None,
    error: ApplicationError | None = None,
) -> Response:
    entry = _entry(session, visitor, reuse_id)
    return render(
        request,
        "reuses/show.html",
        status=error.status if error else 200,
        entry=entry,
        offers=shown_offers("reuse", offers(entry, REUSE, visitor.actor)),
        history=history_of(session, [entry.id], visitor.actor),
        submitted=values,
        errors=field_errors(error),
        example=entry.is_example,
    )


def _form(
    request: Request,
    recommendation: Recommendation,
    values: Mapping[str, Any],
    error: ApplicationError | None = None,
) -> Response:
    if recommendation.state not in ANSWERABLE_STATES:
        raise NotFound()
    response = render(
        request,
        "reuses/form.html",
        status=error.status if error else 200,
        recommendation=recommendation,
        values=values,
        lands=list(Land),
        size_classes=list(SizeClass),
        errors=field_errors(error),
        example=recommendation.is_example,
    )
    return with_pause(response, error)


def _key_of(request: Request, word: str, purpose: str) -> UUID:
    keys = signed_keys(settings_of(request), purpose, word)
    if len(keys) != 1:
        raise NotFound()
    return keys[0]


def _private(request: Request, template: str, **context: Any) -> Response:
    """A page behind a link that is one mailbox's: kept nowhere."""
    response = render(request, template, **context)
    response.headers["Cache-Control"] = "no-store"
    return response
