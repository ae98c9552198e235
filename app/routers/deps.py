"""What every route asks for: its session, who reads or writes, and the form that was sent."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from typing import Annotated, TypeVar

from fastapi import Depends, Request
from pydantic import BaseModel, ValidationError
from sqlmodel import Session
from starlette.datastructures import FormData, UploadFile

from app.config import Settings
from app.db import Database, hold
from app.domain.actors import PUBLIC_ACTOR, Actor
from app.errors import ApplicationError, Conflict, ForeignRequest, Invalid, NotSignedIn, TooMany
from app.forms.messages import invalid_from
from app.queries.actors import OpenSignIn, find_actor_of_token, find_signed_in
from app.queries.notifications import count_unread
from app.routers.form_data import read_form
from app.routers.turns import Turns
from app.security import SESSION_COOKIE, anonymous_form_token, digest_of, is_anonymous_form_token, same_secret
from app.wording.inbox import unread_figure, unread_label

FORM_TOKEN_FIELD = "form_token"
OPENED_WITH_FIELD = "opened_with"
F = TypeVar("F", bound=BaseModel)


def database_of(request: Request) -> Database:
    """The database of the application that serves the request."""
    database: Database = request.app.state.database
    return database


def turns_of(request: Request) -> Turns:
    """The queues to the database of the application that serves the request."""
    turns: Turns = request.app.state.turns
    return turns


def settings_of(request: Request) -> Settings:
    """The settings of the application that serves the request."""
    settings: Settings = request.app.state.settings
    return settings


async def _read_session(request: Request) -> AsyncIterator[Session]:
    async with turns_of(request).read() as session:
        yield session


async def _write_session(request: Request) -> AsyncIterator[Session]:
    # Who sends slowly keeps nobody from writing: what is sent is there before its turn comes.
    if not request.state.is_foreign:
        await request.body()
    async with turns_of(request).write() as session:
        yield session


# scope="function": the commit happens before the answer leaves, so a failed one is seen.
ReadSession = Annotated[Session, Depends(_read_session, scope="function")]
WriteSession = Annotated[Session, Depends(_write_session, scope="function")]


@dataclass(frozen=True, slots=True)
class Account:
    """What the header of a page says about who is signed in; `unread` is None until it is counted."""

    name: str
    organisation_name: str
    unread: int | None = 0

    @property
    def unread_figure(self) -> str:
        """The number of unread notifications as it is shown."""
        return unread_figure(self.unread or 0)

    @property
    def unread_label(self) -> str:
        """The number of unread notifications in words."""
        return unread_label(self.unread or 0)


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who sent the request: an actor and, where signed in, the browser's sign-in."""

    actor: Actor = PUBLIC_ACTOR
    account: Account | None = None
    sign_in: OpenSignIn | None = None


def _visitor(request: Request, session: Session) -> Visitor:
    return see_visitor(request, session, request.cookies.get(SESSION_COOKIE))


def see_visitor(request: Request, session: Session, secret: str | None) -> Visitor:
    """Who holds this session; from now on the page's header and forms are theirs."""
    found = find_signed_in(session, digest_of(secret)) if secret else None
    if found is None:
        visitor = Visitor()
    else:
        account = Account(found.name, found.organisation_name, None if found.has_unread else 0)
        visitor = Visitor(found.actor, account, found.sign_in)
    request.state.visitor = visitor
    return visitor


def _reader(request: Request, session: ReadSession) -> Visitor:
    return with_unread(request, session, _visitor(request, session))


def with_unread(request: Request, session: Session, visitor: Visitor) -> Visitor:
    """The visitor whose header says how much is unread; a request that only writes and leads on never counts it."""
    if visitor.account is not None and visitor.account.unread is None:
        account = replace(visitor.account, unread=count_unread(session, visitor.actor))
        visitor = request.state.visitor = replace(visitor, account=account)
    return visitor


def _member(visitor: Annotated[Visitor, Depends(_reader)]) -> Visitor:
    if not visitor.actor.is_signed_in:
        raise NotSignedIn()
    return visitor


Reader = Annotated[Visitor, Depends(_reader)]
"""Anybody, signed in or not, on a page that is read."""

Member = Annotated[Visitor, Depends(_member)]
"""A signed-in person on a page that is read; others are led to the sign-in."""


@dataclass(frozen=True, slots=True)
class Submitted:
    """A form that came from our own page: its fields as sent, before they are checked."""

    data: FormData
    values: dict[str, str | list[str]] = field(default_factory=dict)

    def parse(self, form: type[F], *, lists: tuple[str, ...] = (), **fixed: object) -> F:
        """The checked form; Invalid names every field. Empty fields count as not sent."""
        sent: dict[str, object] = {}
        for name, value in self.values.items():
            if name in lists:
                sent[name] = [each for each in (value if isinstance(value, list) else [value]) if each]
            elif value != "":
                sent[name] = value[-1] if isinstance(value, list) else value
        try:
            return form.model_validate({**sent, **fixed})
        except ValidationError as error:
            raise invalid_from(error) from error

    def apart(self, *names: str) -> tuple[Submitted, Submitted]:
        """The fields of these names, and all others: what two forms say in one."""
        own = {name: value for name, value in self.values.items() if name in names}
        others = {name: value for name, value in self.values.items() if name not in names}
        return Submitted(self.data, own), Submitted(self.data, others)

    def file(self, name: str) -> UploadFile | None:
        """An uploaded file, or None where none was chosen."""
        sent = self.data.get(name)
        return sent if isinstance(sent, UploadFile) and sent.filename else None

    def text(self, name: str) -> str:
        """One field as text; empty where it was not sent."""
        value = self.values.get(name, "")
        return value[-1] if isinstance(value, list) else value

    @property
    def opened_with(self) -> str:
        """Which state of the thing the form was opened with; empty where it says none."""
        return str(self.data.get(OPENED_WITH_FIELD, ""))

    def many(self, name: str) -> list[str]:
        """Every value chosen in one field; empty where none was."""
        value = self.values.get(name, [])
        return [each for each in (value if isinstance(value, list) else [value]) if each]


async def _form_data(request: Request) -> AsyncIterator[FormData]:
    if request.state.is_foreign:
        raise ForeignRequest()
    # Whole in memory first: who asks for the form before the session would leave it no body to wait for.
    await request.body()
    data = request.state.form_data = await read_form(request)
    try:
        yield data
    finally:
        await data.close()


FormParts = Annotated[FormData, Depends(_form_data)]
"""The fields and files as they were sent."""


def _submitted(data: Annotated[FormData, Depends(_form_data)]) -> Submitted:
    values: dict[str, str | list[str]] = {}
    for name in data:
        texts = [each for each in data.getlist(name) if isinstance(each, str)]
        if name not in (FORM_TOKEN_FIELD, OPENED_WITH_FIELD) and texts:
            values[name] = texts if len(texts) > 1 else texts[0]
    return Submitted(data, values)


def _writer(request: Request, session: WriteSession, data: Annotated[FormData, Depends(_form_data)]) -> Visitor:
    visitor = _visitor(request, session)
    if visitor.sign_in is None:
        raise _refusal_of(data)
    _check_form_token(request, visitor, data)
    return visitor


def _anybody_writing(
    request: Request, session: WriteSession, data: Annotated[FormData, Depends(_form_data)]
) -> Visitor:
    visitor = _visitor(request, session)
    _check_form_token(request, visitor, data)
    return visitor


def _member_asking(request: Request, session: ReadSession, data: Annotated[FormData, Depends(_form_data)]) -> Visitor:
    visitor = _visitor(request, session)
    if visitor.sign_in is None:
        raise _refusal_of(data)
    _check_form_token(request, visitor, data)
    return visitor


def _anonymous_form(request: Request, data: Annotated[FormData, Depends(_form_data)]) -> None:
    if not is_anonymous_form_token(settings_of(request), str(data.get(FORM_TOKEN_FIELD, ""))):
        raise ForeignRequest()


Writer = Annotated[Visitor, Depends(_writer)]
"""A signed-in person whose form came from our own page."""

MemberAsking = Annotated[Visitor, Depends(_member_asking)]
"""A signed-in person whose form came from our own page and only asks: it reads, or opens its own transaction."""

AnybodyWriting = Annotated[Visitor, Depends(_anybody_writing)]
"""Anybody whose form came from our own page."""

AnonymousForm = Depends(_anonymous_form)
"""For forms that open their own transactions (signing in): origin and signed token are checked, no session."""

SubmittedForm = Annotated[Submitted, Depends(_submitted)]


def _refusal_of(data: FormData) -> NotSignedIn | ForeignRequest:
    """Why a form of nobody signed in is refused: its session ended, or it never came from our page."""
    return NotSignedIn() if data.get(FORM_TOKEN_FIELD) else ForeignRequest()


def _check_form_token(request: Request, visitor: Visitor, data: FormData) -> None:
    token = str(data.get(FORM_TOKEN_FIELD, ""))
    if visitor.sign_in is not None:
        is_ours = same_secret(token, visitor.sign_in.form_secret)
    else:
        is_ours = is_anonymous_form_token(settings_of(request), token)
    if not is_ours:
        raise ForeignRequest()


def form_token(request: Request) -> str:
    """The token a form on this page must carry."""
    visitor: Visitor = getattr(request.state, "visitor", Visitor())
    if visitor.sign_in is not None:
        return visitor.sign_in.form_secret
    return anonymous_form_token(settings_of(request))


class attempt:  # noqa: N801  it reads as a word of the `with` statement
    """Handle a form; an Invalid, Conflict or TooMany undoes everything and is kept in `error` for the page to show.

    with attempt(session) as outcome:
        need = post_need(session, …)
        return see_other(…)
    return the page with the person's own text, status outcome.error.status
    """

    def __init__(self, session: Session) -> None:
        self.session = session
        self.error: ApplicationError | None = None

    def __enter__(self) -> attempt:
        return self

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> bool:
        if not isinstance(error, (Invalid, Conflict, TooMany)):
            return False
        self.session.rollback()
        self.error = error
        return True


def api_actor(request: Request, session: Session) -> Actor:
    """Who sent a token with the request; the public where none was sent."""
    header = request.headers.get("authorization")
    if header is None:
        return PUBLIC_ACTOR
    scheme, _, secret = header.partition(" ")
    found = find_actor_of_token(session, digest_of(secret.strip())) if scheme.lower() == "bearer" else None
    if found is None:
        raise NotSignedIn("Das Zugangstoken ist ungültig, abgelaufen oder widerrufen.")
    return found


def _api_reader(request: Request, session: ReadSession) -> Actor:
    return api_actor(request, session)


def _api_writer(request: Request, session: WriteSession) -> Actor:
    if "if-match" in request.headers:
        # Of two writes with one tag the second must see what the first made, and be refused.
        hold(session, f"if-match {request.url.path}")
    return _with_token(api_actor(request, session))


def _api_asking(request: Request, session: ReadSession) -> Actor:
    return _with_token(api_actor(request, session))


def _with_token(actor: Actor) -> Actor:
    if not actor.is_signed_in:
        raise NotSignedIn("Senden Sie ein Zugangstoken mit: Authorization: Bearer <Token>.")
    return actor


ApiReader = Annotated[Actor, Depends(_api_reader)]
ApiWriter = Annotated[Actor, Depends(_api_writer)]
ApiAsking = Annotated[Actor, Depends(_api_asking)]
"""A program with a token that sends something only to ask: it reads and changes nothing."""
