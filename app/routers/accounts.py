"""One's own account: sessions, tokens for programs, absence, password."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from fastapi import APIRouter, Request
from sqlmodel import Session
from starlette.responses import Response

from app.actions import passwords, people, sign_ins, tokens
from app.actions.attempts import note_attempt
from app.clock import now
from app.domain.accounts import TOKEN_DAYS, AttemptKind, limits_of
from app.domain.agents import agent_in_words
from app.domain.deadlines import berlin_date
from app.errors import ApplicationError, FieldError, Invalid, TooMany
from app.forms.accounts import AbsenceForm, PasswordChangeForm, RevocationForm, TokenForm
from app.i18n import _
from app.models.base import new_id
from app.queries import accounts as queries
from app.queries.digests import get_choice
from app.queries.outbox import find_undeliverable
from app.queries.people import get_person
from app.routers.deps import (
    Member,
    MemberAsking,
    ReadSession,
    SubmittedForm,
    Visitor,
    Writer,
    WriteSession,
    attempt,
    database_of,
)
from app.routers.pages import field_errors, render, see_other, with_pause
from app.routers.sign_in import address_of, refuse_guessable
from app.security import Passwords
from app.wording.mails import choice_sentence

router = APIRouter(prefix="/konto")


@dataclass(frozen=True, slots=True)
class Refused:
    """A form of the page that was not accepted: which, what was sent, and why."""

    form: str
    values: dict[str, str | list[str]]
    error: ApplicationError


@router.get("")
def show_account(request: Request, session: ReadSession, visitor: Member) -> Response:
    """Who I am here, where I am signed in, what acts for me."""
    return _page(request, session, visitor)


@router.post("/abwesenheit")
def set_absence(request: Request, session: WriteSession, visitor: Writer, submitted: SubmittedForm) -> Response:
    """Say until when I am away, or that I am back."""
    with attempt(session) as outcome:
        form = submitted.parse(AbsenceForm)
        people.set_absence(session, form.absent_until, actor=visitor.actor)
        said = _("Ihre Abwesenheit ist vermerkt.") if form.absent_until else _("Sie gelten wieder als anwesend.")
        return see_other(request, "/konto", said)
    assert outcome.error is not None
    return _page(request, session, visitor, Refused("absence", submitted.values, outcome.error))


@router.post("/sitzungen/beenden")
def revoke_sign_in(request: Request, session: WriteSession, visitor: Writer, submitted: SubmittedForm) -> Response:
    """End one of my sessions."""
    form = submitted.parse(RevocationForm)
    sign_ins.revoke_sign_in(session, form.id, actor=visitor.actor)
    if visitor.sign_in is not None and form.id == visitor.sign_in.id:
        return see_other(request, "/anmelden")
    return see_other(request, "/konto#sitzungen", _("Die Sitzung ist beendet."))


@router.post("/sitzungen/andere-beenden")
def revoke_other_sign_ins(request: Request, session: WriteSession, visitor: Writer) -> Response:
    """End every session of mine but this one."""
    assert visitor.sign_in is not None
    sign_ins.revoke_sign_ins(session, visitor.sign_in.person_id, but=visitor.sign_in.id)
    return see_other(request, "/konto#sitzungen", _("Alle anderen Sitzungen sind beendet."))


@router.post("/zugangstoken")
def make_token(request: Request, session: WriteSession, visitor: Writer, submitted: SubmittedForm) -> Response:
    """Make a token. Its page follows at once and not by a redirect: the secret is shown this one time."""
    with attempt(session) as outcome:
        form = submitted.parse(TokenForm)
        token, secret = tokens.make_token(session, _own_id(visitor), form, actor=visitor.actor)
        response = render(request, "accounts/token.html", token=token, secret=secret)
        response.headers["Cache-Control"] = "no-store"
        return response
    assert outcome.error is not None
    return _page(request, session, visitor, Refused("token", submitted.values, outcome.error))


@router.post("/zugangstoken/widerrufen")
def revoke_token(request: Request, session: WriteSession, visitor: Writer, submitted: SubmittedForm) -> Response:
    """Revoke one of my tokens."""
    tokens.revoke_token(session, submitted.parse(RevocationForm).id, actor=visitor.actor)
    return see_other(request, "/konto#zugangstoken", _("Das Zugangstoken ist widerrufen."))


@router.post("/passwort")
def change_password(request: Request, visitor: MemberAsking, submitted: SubmittedForm) -> Response:
    """Set a new password; checking and hashing happen before the transaction that keeps it."""
    try:
        _change_password(request, visitor, submitted)
    except ApplicationError as error:
        if error.status not in (409, 422, 429):
            raise
        with database_of(request).read() as session:
            return _page(request, session, visitor, Refused("password", {}, error))
    return see_other(request, "/konto", _("Ihr neues Passwort gilt. Alle anderen Sitzungen sind beendet."))


def _change_password(request: Request, visitor: Visitor, submitted: SubmittedForm) -> None:
    form = submitted.parse(PasswordChangeForm)
    database = database_of(request)
    with database.read() as session:
        person = get_person(session, _own_id(visitor), visitor.actor)
    refuse_guessable(form.password, person)
    with database.write() as session:
        limits = limits_of(AttemptKind.SIGN_IN, person.email or "", address_of(request))[:1]
        retry_after = note_attempt(session, AttemptKind.SIGN_IN, limits)
    if retry_after is not None:
        raise TooMany(retry_after)
    if not Passwords.verify(form.current, person.password_hash):
        raise Invalid(FieldError("current", _("Das ist nicht Ihr bisheriges Passwort.")))
    hashed = Passwords.hash(form.password)
    assert visitor.sign_in is not None
    with database.write() as session:
        passwords.change_password(
            session, person, visitor.sign_in.id, former=str(person.password_hash), password_hash=hashed
        )


def _page(request: Request, session: Session, visitor: Visitor, refused: Refused | None = None) -> Response:
    person = get_person(session, _own_id(visitor), visitor.actor)
    response = render(
        request,
        "accounts/show.html",
        status=refused.error.status if refused else 200,
        person=person,
        seats=queries.list_seats(session, [person.id]).get(person.id, ()),
        sign_ins=queries.list_sign_ins(session, person.id),
        current=visitor.sign_in,
        tokens=queries.list_tokens(session, person.id),
        mail_choice=choice_sentence(get_choice(session, person.id)),
        undeliverable=find_undeliverable(session, person.email or ""),
        moment=now(session),
        today=berlin_date(now(session)),
        token_days=TOKEN_DAYS,
        fresh_id=new_id(),
        refused=refused.form if refused else None,
        values=refused.values if refused else {},
        errors=field_errors(refused.error) if refused else {},
        example=person.is_example,
        agent_in_words=agent_in_words,
    )
    return with_pause(response, refused.error if refused else None)


def _own_id(visitor: Visitor) -> UUID:
    assert visitor.actor.person_id is not None
    return visitor.actor.person_id
