"""How often one wants mail, and the link in every mail that ends it.

That link alone says whose mail it is; opening it changes nothing. Ending needs neither a session nor a form token, so
that a mail program can do it with one click (RFC 8058).
"""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter, Request
from sqlmodel import Session
from starlette.responses import Response

from app.actions import mail_preferences as actions
from app.clock import now
from app.documents.digests import UNSUBSCRIBE
from app.domain.digests import HOURS, WEEKDAYS
from app.domain.notifications import MailRhythm
from app.errors import ApplicationError, NotFound
from app.forms.mail_preferences import MailChoiceForm
from app.i18n import _
from app.queries.digests import get_choice
from app.queries.people import get_person
from app.routers.deps import (
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
from app.routers.pages import field_errors, render, see_other
from app.security import signed_keys
from app.wording import label
from app.wording.mails import RHYTHM_HINTS, WEEKDAY_NAMES, choice_sentence

router = APIRouter()
PAGE = "/konto/mitteilungen"


@router.get(PAGE)
def show_preferences(request: Request, session: ReadSession, visitor: Member) -> Response:
    """What is chosen, and when the next mail can come."""
    return _page(request, session, visitor)


@router.post(PAGE)
def choose_mail(request: Request, session: WriteSession, visitor: Writer, submitted: SubmittedForm) -> Response:
    """Choose anew."""
    with attempt(session) as outcome:
        form = submitted.parse(MailChoiceForm)
        actions.choose_mail(session, form.choice, actor=visitor.actor)
        return see_other(request, PAGE, _("Gespeichert.") + " " + choice_sentence(form.choice))
    return _page(request, session, visitor, submitted, outcome.error)


@router.get("/mitteilungen/abbestellen/{word}")
def show_end(request: Request, session: ReadSession, word: str) -> Response:
    """What would be ended; opening it changes nothing."""
    rhythm = get_choice(session, _person_of(request, word)).rhythm
    return _end_page(request, is_ended=rhythm is MailRhythm.NEVER)


@router.post("/mitteilungen/abbestellen/{word}")
def end(request: Request, session: WriteSession, word: str) -> Response:
    """End it at once; said twice it is ended once."""
    if not actions.stop_mail(session, _person_of(request, word)):
        raise NotFound()
    return _end_page(request, is_ended=True)


def _page(
    request: Request,
    session: Session,
    visitor: Visitor,
    submitted: Submitted | None = None,
    error: ApplicationError | None = None,
) -> Response:
    assert visitor.actor.person_id is not None
    person = get_person(session, visitor.actor.person_id, visitor.actor)
    choice = get_choice(session, visitor.actor.person_id)
    sent = submitted.values if submitted else {}
    return render(
        request,
        "mail_preferences/show.html",
        status=error.status if error else 200,
        person=person,
        choice=choice,
        next_moment=choice.next_moment(now(session)),
        values={"rhythm": choice.rhythm, "hour": choice.hour, "weekday": choice.weekday, **sent},
        rhythms=[(word.value, label(word), RHYTHM_HINTS[word]) for word in MailRhythm],
        hours=[(hour, _("{hour} Uhr").format(hour=hour)) for hour in HOURS],
        weekdays=[(day, WEEKDAY_NAMES[day]) for day in WEEKDAYS],
        errors=field_errors(error),
        example=person.is_example,
    )


def _end_page(request: Request, *, is_ended: bool) -> Response:
    response = render(request, "mail_preferences/end.html", is_ended=is_ended)
    response.headers["Cache-Control"] = "no-store"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


def _person_of(request: Request, word: str) -> UUID:
    keys = signed_keys(settings_of(request), UNSUBSCRIBE, word)
    if len(keys) != 1:
        raise NotFound()
    return keys[0]
