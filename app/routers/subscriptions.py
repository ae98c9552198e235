"""Pages for being told by mail without an account: asking for it, confirming it, ending it.

The link in a mail alone says whose subscription it is; opening it changes nothing. Ending needs neither a session nor
a form token, so that a mail program can do it with one click (RFC 8058).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request
from sqlmodel import Session
from starlette.responses import Response

from app.actions import subscriptions as actions
from app.clock import now
from app.documents.subscription_mails import CONFIRM, END, END_ALL, end_path
from app.domain.follows import SubscriptionTarget
from app.domain.subscriptions import CONFIRM_WITHIN, Topic, find_topic
from app.errors import ApplicationError, NotFound
from app.forms.subscriptions import SubscriptionForm, SubscriptionWanted
from app.queries import structure
from app.queries import subscriptions as queries
from app.routers.deps import (
    AnonymousForm,
    AnybodyWriting,
    Reader,
    ReadSession,
    Submitted,
    SubmittedForm,
    WriteSession,
    attempt,
    settings_of,
)
from app.routers.pages import field_errors, render, see_other, with_pause
from app.routers.sign_in import address_of
from app.security import signed_keys

router = APIRouter(prefix="/abonnieren")


@router.get("")
def show_form(
    request: Request, session: ReadSession, _visitor: Reader, wanted: Annotated[SubscriptionWanted, Query()]
) -> Response:
    """What can be subscribed to; what the reader came for is chosen already."""
    if wanted.topic is not None and not queries.offers_of(session, [wanted.topic]):
        raise NotFound()
    return _form(request, session, [wanted.topic] if wanted.topic else [])


@router.post("")
def subscribe(request: Request, session: WriteSession, _visitor: AnybodyWriting, submitted: SubmittedForm) -> Response:
    """Ask the address by mail; the answer is the same for every address."""
    with attempt(session) as outcome:
        form = submitted.parse(SubscriptionForm, lists=("about",))
        actions.subscribe(session, form, address=address_of(request))
        return see_other(request, "/abonnieren/angekommen")
    return _form_again(request, session, submitted, outcome.error)


@router.get("/angekommen")
def show_asked(request: Request, _visitor: Reader) -> Response:
    """What happens next."""
    return render(request, "subscriptions/asked.html")


@router.get("/bestaetigen/{word}")
def show_confirmation(request: Request, session: ReadSession, word: str) -> Response:
    """What waits to be confirmed, or that it is; opening it changes nothing."""
    keys = _keys_of(request, word, CONFIRM)
    found = queries.list_subscriptions(session, keys)
    earliest = now(session) - CONFIRM_WITHIN
    waiting = [each for each in found if each.confirmed_at is None and each.created_at > earliest]
    confirmed = [each for each in found if each.confirmed_at is not None]
    return _private(
        request,
        "subscriptions/confirm.html",
        status=200 if waiting or confirmed else 410,
        offers=queries.offers_of(session, queries.topics_of(waiting or confirmed)),
        is_waiting=bool(waiting),
        end_path=end_path(settings_of(request), [each.id for each in confirmed]) if confirmed else None,
    )


@router.post("/bestaetigen/{word}", dependencies=[AnonymousForm])
def confirm(request: Request, session: WriteSession, word: str) -> Response:
    """From now on the address is told."""
    actions.confirm_subscriptions(session, _keys_of(request, word, CONFIRM))
    return see_other(request, request.url.path)


@router.get("/beenden/{word}")
def show_end(request: Request, session: ReadSession, word: str) -> Response:
    """What would be ended; opening it changes nothing."""
    found = queries.list_subscriptions(session, _keys_of(request, word, END, END_ALL))
    return _private(
        request,
        "subscriptions/end.html",
        offers=queries.offers_of(session, queries.topics_of(found)),
        is_standing=bool(found),
        all_of_address=_is_for_all(request, word),
        rest_path=None,
    )


@router.post("/beenden/{word}")
def end(request: Request, session: WriteSession, word: str) -> Response:
    """End it at once; said twice it is ended once."""
    keys = _keys_of(request, word, END, END_ALL)
    rest = actions.end_subscriptions(session, keys, all_of_address=_is_for_all(request, word))
    return _private(
        request,
        "subscriptions/end.html",
        offers=[],
        is_standing=False,
        all_of_address=False,
        rest_path=end_path(settings_of(request), [rest], all_of_address=True) if rest else None,
    )


def _keys_of(request: Request, word: str, *purposes: str) -> list[UUID]:
    for purpose in purposes:
        keys = signed_keys(settings_of(request), purpose, word)
        if keys:
            return keys
    raise NotFound()


def _is_for_all(request: Request, word: str) -> bool:
    return bool(signed_keys(settings_of(request), END_ALL, word))


def _private(request: Request, template: str, **context: Any) -> Response:
    """A page behind a link that is one person's: kept nowhere, and its address told to nobody."""
    response = render(request, template, **context)
    response.headers["Cache-Control"] = "no-store"
    return response


def _form_again(request: Request, session: Session, submitted: Submitted, error: ApplicationError | None) -> Response:
    chosen = [topic for word in submitted.many("about") if (topic := find_topic(word))]
    return _form(request, session, chosen, submitted.text("email"), error)


def _form(
    request: Request,
    session: Session,
    chosen: Sequence[Topic],
    email: str = "",
    error: ApplicationError | None = None,
) -> Response:
    fields = [Topic(SubscriptionTarget.FIELD_OF_ACTION, each.id) for each in structure.fields_in_order(session)]
    everybodys = [Topic(SubscriptionTarget.CONSULTATIONS), *fields]
    response = render(
        request,
        "subscriptions/form.html",
        status=error.status if error else 200,
        offers=queries.offers_of(session, [*chosen, *everybodys]),
        addressees=[(f"addressee:{key}", name) for key, name in queries.list_addressees(session)],
        chosen=[topic.word for topic in chosen],
        email=email,
        errors=field_errors(error),
    )
    return with_pause(response, error)
