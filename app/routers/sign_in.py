"""Signing in and out, and the one-time links that set a password.

Passwords are hashed and checked between two short transactions, never inside of one. The pages of a link ignore
who is signed in: the link alone says whose password is set.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import RedirectResponse, Response

from app.actions import passwords, sign_ins
from app.clock import now
from app.domain.accounts import SESSION_SPAN, is_guessable, own_path
from app.errors import ApplicationError, FieldError, Invalid, NotFound, TooMany
from app.forms.accounts import ForgottenPasswordForm, NewPasswordForm, SignInForm
from app.forms.base import Input
from app.forms.kept import KeptForm, read_kept_form
from app.i18n import _
from app.models.accounts import LinkPurpose
from app.models.people import Person
from app.queries import accounts as queries
from app.routers.deps import (
    AnonymousForm,
    Reader,
    Submitted,
    SubmittedForm,
    Writer,
    WriteSession,
    database_of,
    see_visitor,
    settings_of,
    with_unread,
)
from app.routers.pages import field_errors, render, with_pause
from app.security import SESSION_COOKIE, Passwords

router = APIRouter()
AFTER_SIGN_IN = "/aufgaben"


class Onward(Input):
    """Where one wanted to go."""

    weiter: str | None = None


@router.get("/anmelden")
def show_sign_in(request: Request, visitor: Reader, wanted: Annotated[Onward, Query()]) -> Response:
    """The form; who is signed in already goes on."""
    onward = own_path(wanted.weiter)
    if visitor.actor.is_signed_in:
        return RedirectResponse(onward or AFTER_SIGN_IN, status_code=303)
    return sign_in_page(request, {"weiter": onward or ""})


@router.post("/anmelden", dependencies=[AnonymousForm])
def sign_in(request: Request, submitted: SubmittedForm) -> Response:
    """Open a session for the right password; a wrong one counts, and too many have to wait."""
    kept = read_kept_form(submitted.text("kept"))
    values = {name: value for name, value in submitted.values.items() if name != "kept"}
    try:
        form = Submitted(submitted.data, values).parse(SignInForm)
    except Invalid as error:
        return sign_in_page(request, values, error, kept=kept)
    database, address, examples = database_of(request), address_of(request), settings_of(request).demo
    with database.write() as session:
        found = sign_ins.begin_sign_in(session, form.email, address, shows_examples=examples)
    if found.retry_after is not None:
        return sign_in_page(request, values, _too_many(found.retry_after), kept=kept)
    secret = None
    if Passwords.verify(form.password, found.stored) and found.stored:
        with database.write() as session:
            secret = sign_ins.finish_sign_in(session, form.email, address, stored=found.stored, agent=_agent(request))
            replaced = request.cookies.get(SESSION_COOKIE)
            if secret and replaced:
                sign_ins.forget_replaced(session, replaced)
    if secret is None:
        wrong = FieldError("form", _("E-Mail-Adresse und Passwort passen nicht zusammen."))
        return sign_in_page(request, values, Invalid(wrong), kept=kept)
    if kept is not None:
        return _with_session(request, _kept_page(request, secret, kept), secret)
    return _signed_in(request, secret, own_path(form.weiter))


@router.post("/abmelden")
def sign_out(session: WriteSession, visitor: Writer) -> Response:
    """End this browser's session."""
    if visitor.sign_in is not None:
        sign_ins.sign_out(session, visitor.sign_in.id)
    response = RedirectResponse("/", status_code=303)
    response.delete_cookie(SESSION_COOKIE, path="/")
    return response


@router.get("/passwort-vergessen")
def show_forgotten(request: Request) -> Response:
    """The form that asks for a new password."""
    return render(request, "accounts/forgotten.html", values={}, errors={})


@router.post("/passwort-vergessen", dependencies=[AnonymousForm])
def ask_for_new_password(request: Request, submitted: SubmittedForm) -> Response:
    """Send a link; the answer is the same whether or not there is an account."""
    try:
        form = submitted.parse(ForgottenPasswordForm)
    except Invalid as error:
        return _forgotten_page(request, submitted, error)
    with database_of(request).write() as session:
        retry_after = passwords.ask_for_new_password(
            session, form.email, address_of(request), shows_examples=settings_of(request).demo
        )
    if retry_after is not None:
        return _forgotten_page(request, submitted, _too_many(retry_after))
    return RedirectResponse("/passwort-vergessen/gesendet", status_code=303)


@router.get("/passwort-vergessen/gesendet")
def show_sent(request: Request) -> Response:
    """What happens next."""
    return render(request, "accounts/sent.html")


@router.get("/einladung/{secret}")
def show_invitation(request: Request, secret: str) -> Response:
    """The invitation: opening it changes nothing."""
    return _link_page(request, secret, LinkPurpose.INVITATION)


@router.post("/einladung/{secret}", dependencies=[AnonymousForm])
def accept_invitation(request: Request, submitted: SubmittedForm, secret: str) -> Response:
    """Set the first password and come in."""
    return _use_link(request, submitted, secret, LinkPurpose.INVITATION)


@router.get("/passwort/{secret}")
def show_new_password(request: Request, secret: str) -> Response:
    """The form for a new password: opening it changes nothing."""
    return _link_page(request, secret, LinkPurpose.PASSWORD)


@router.post("/passwort/{secret}", dependencies=[AnonymousForm])
def set_new_password(request: Request, submitted: SubmittedForm, secret: str) -> Response:
    """Set the new password and come in; every other session ends."""
    return _use_link(request, submitted, secret, LinkPurpose.PASSWORD)


def address_of(request: Request) -> str:
    """The address a request came from."""
    return request.client.host if request.client else "unknown"


def refuse_guessable(password: str, person: Person) -> None:
    """Raise Invalid for a password others would try first."""
    if is_guessable(password, person.name, person.email or "", "Dialogforum Integration Passwort"):
        message = _(
            "Dieses Passwort ist leicht zu erraten. Nehmen Sie mehrere Wörter, die nichts mit Ihnen zu tun haben."
        )
        raise Invalid(FieldError("password", message))


def _use_link(request: Request, submitted: Submitted, secret: str, purpose: LinkPurpose) -> Response:
    person = _person_of_link(request, secret, purpose)
    if person is None:
        return _link_page(request, secret, purpose)
    try:
        form = submitted.parse(NewPasswordForm)
        refuse_guessable(form.password, person)
    except Invalid as error:
        return _link_page(request, secret, purpose, error)
    hashed = Passwords.hash(form.password)
    with database_of(request).write() as session:
        opened = passwords.use_link(
            session, secret, purpose, hashed, address=address_of(request), agent=_agent(request)
        )
    if opened is None:
        return _link_page(request, secret, purpose)
    return _signed_in(request, opened, None)


def _person_of_link(request: Request, secret: str, purpose: LinkPurpose) -> Person | None:
    with database_of(request).read() as session:
        found = queries.find_link(session, secret, purpose)
        if found is None:
            raise NotFound()
        link, person = found
        return person if queries.is_open(link, now(session)) else None


def _link_page(request: Request, secret: str, purpose: LinkPurpose, error: ApplicationError | None = None) -> Response:
    person = _person_of_link(request, secret, purpose)
    status = 410 if person is None else error.status if error else 200
    response = render(
        request,
        "accounts/new_password.html",
        status=status,
        person=person,
        is_invitation=purpose is LinkPurpose.INVITATION,
        errors=field_errors(error),
    )
    # Its address is told to no other site (the policy of every page); with "no-referrer" browsers would send the form
    # of this page as if it came from nowhere (Origin: null).
    response.headers["Cache-Control"] = "no-store"
    return response


def _signed_in(request: Request, secret: str, onward: str | None) -> Response:
    return _with_session(request, RedirectResponse(onward or AFTER_SIGN_IN, status_code=303), secret)


def _kept_page(request: Request, secret: str, kept: KeptForm) -> Response:
    """What was typed before, with the new session's token, to be sent by its writer's own press."""
    with database_of(request).read() as session:
        with_unread(request, session, see_visitor(request, session, secret))
    response = render(request, "accounts/kept.html", typed=kept)
    response.headers["Cache-Control"] = "no-store"
    return response


def _with_session(request: Request, response: Response, secret: str) -> Response:
    response.set_cookie(
        SESSION_COOKIE,
        secret,
        max_age=int(SESSION_SPAN.total_seconds()),
        path="/",
        httponly=True,
        samesite="lax",
        secure=settings_of(request).is_secure,
    )
    return response


def sign_in_page(
    request: Request,
    values: Mapping[str, str | list[str]],
    error: ApplicationError | None = None,
    *,
    kept: KeptForm | None = None,
    status: int = 200,
) -> Response:
    """The form to sign in; with what was typed into a form whose session had ended, so that it goes on from there."""
    examples: list[queries.ExampleAccount] = []
    if settings_of(request).demo:
        with database_of(request).read() as session:
            examples = queries.list_example_accounts(session)
    response = render(
        request,
        "accounts/sign_in.html",
        status=error.status if error else status,
        values={name: value for name, value in values.items() if name != "password"},
        errors=field_errors(error),
        examples=examples,
        typed=kept,
    )
    return _unkept(response, error)


def _forgotten_page(request: Request, submitted: Submitted, error: ApplicationError) -> Response:
    response = render(
        request, "accounts/forgotten.html", status=error.status, values=submitted.values, errors=field_errors(error)
    )
    return _unkept(response, error)


def _unkept(response: Response, error: ApplicationError | None) -> Response:
    response.headers["Cache-Control"] = "no-store"
    return with_pause(response, error)


def _too_many(seconds: int) -> TooMany:
    minutes = max(1, round(seconds / 60))
    return TooMany(
        seconds,
        _(
            "Das waren zu viele Versuche. Bitte warten Sie etwa {minutes} Minuten. Haben Sie Ihr Passwort vergessen, "
            "dann legen Sie über „Passwort vergessen“ gleich ein neues fest."
        ).format(minutes=minutes),
    )


def _agent(request: Request) -> str:
    return request.headers.get("user-agent", "")
