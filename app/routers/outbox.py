"""The post of the house: what could not be handed over, addresses that take no mail, and what is done by itself."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request
from pydantic import Field
from starlette.responses import Response

from app.actions import dead_letters as actions
from app.actions.permissions import require
from app.clock import now
from app.domain.permissions import Permission
from app.forms.base import Input
from app.i18n import _, ngettext
from app.queries import outbox as queries
from app.queries.schedules import is_worker_missing, list_schedules
from app.routers.deps import Member, ReadSession, Writer, WriteSession
from app.routers.pages import list_addresses, render, see_other
from app.wording.outbox import mail_words, work_words

router = APIRouter()
PAGE = "/verwaltung/post"
PAGE_SIZE = 25


class OutboxListing(Input):
    """Where in the list of dead letters the reader is."""

    after: str | None = Field(default=None, max_length=500)


@router.get(PAGE)
def show_outbox(
    request: Request, session: ReadSession, visitor: Member, wanted: Annotated[OutboxListing, Query()]
) -> Response:
    """How the post stands, the letters given up, newest first, and the addresses that take none."""
    require(Permission.MAIL_MANAGE, None, visitor.actor)
    page = queries.list_dead_letters(session, limit=PAGE_SIZE, after=wanted.after)
    moment, state, schedules = now(session), queries.read_outbox_state(session), list_schedules(session)
    return render(
        request,
        "outbox/show.html",
        page=page,
        state=state,
        failing=queries.list_failing(session, limit=PAGE_SIZE),
        undeliverable=queries.list_undeliverable(session),
        schedules=schedules,
        is_worker_missing=is_worker_missing(schedules, moment, state.lag(moment)),
        PAGE=PAGE,
        mail_words=mail_words,
        work_words=work_words,
        **list_addresses(request, page.next),
    )


@router.post(f"{PAGE}/erneut-senden")
def send_all_again(request: Request, session: WriteSession, visitor: Writer) -> Response:
    """Let every letter that can start anew."""
    count = actions.send_all_again(session, actor=visitor.actor)
    said = ngettext("%(num)s E-Mail wird noch einmal gesendet.", "%(num)s E-Mails werden noch einmal gesendet.", count)
    return see_other(request, PAGE, said % {"num": count})


@router.post(f"{PAGE}/{{mail_id}}/erneut-senden")
def send_again(request: Request, session: WriteSession, visitor: Writer, mail_id: UUID) -> Response:
    """Let one letter start anew."""
    actions.send_again(session, mail_id, actor=visitor.actor)
    return see_other(request, PAGE, _("Die E-Mail wird noch einmal gesendet."))


@router.post(f"{PAGE}/{{mail_id}}/verwerfen")
def set_aside(request: Request, session: WriteSession, visitor: Writer, mail_id: UUID) -> Response:
    """Give one letter up for good."""
    actions.set_aside(session, mail_id, actor=visitor.actor)
    return see_other(request, PAGE, _("Die E-Mail ist verworfen."))


@router.post(f"{PAGE}/adressen/freigeben")
def set_all_addresses_free(request: Request, session: WriteSession, visitor: Writer) -> Response:
    """Let mail go to every address again."""
    count = actions.set_all_addresses_free(session, actor=visitor.actor)
    said = ngettext("%(num)s Adresse ist wieder frei.", "%(num)s Adressen sind wieder frei.", count)
    return see_other(request, PAGE, said % {"num": count})


@router.post(f"{PAGE}/adressen/{{address_id}}/freigeben")
def set_address_free(request: Request, session: WriteSession, visitor: Writer, address_id: UUID) -> Response:
    """Let mail go to one address again."""
    actions.set_address_free(session, address_id, actor=visitor.actor)
    return see_other(request, PAGE, _("Die Adresse bekommt wieder E-Mails."))


@router.post("/konto/adresse-freigeben")
def set_own_address_free(request: Request, session: WriteSession, visitor: Writer) -> Response:
    """The person says that its address is right."""
    actions.set_own_address_free(session, actor=visitor.actor)
    return see_other(request, "/konto", _("Sie bekommen wieder E-Mails an Ihre Adresse."))
