"""Where the Geschäftsstelle and the administration begin: one page that leads to what they look after."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.domain.actors import Actor
from app.domain.reuses import ReuseState
from app.errors import NotAllowed
from app.i18n import _
from app.queries import organisations, outbox, people, reuses
from app.routers.deps import Member, ReadSession
from app.routers.pages import render

router = APIRouter()


@router.get("/verwaltung")
def start(request: Request, session: ReadSession, visitor: Member) -> Response:
    """What there is to look after, with what is incomplete."""
    require_administration(visitor.actor)
    incomplete = organisations.OrganisationFilter(is_incomplete=True)
    return render(
        request,
        "administration/start.html",
        incomplete=organisations.count_organisations(session, visitor.actor, incomplete),
        uninvited=people.count_uninvited(session),
        unreleased_reuses=reuses.count_reuses(session, visitor.actor, reuses.ReuseFilter(state=ReuseState.CONFIRMED)),
        dead_letters=outbox.count_dead_letters(session),
    )


def require_administration(actor: Actor) -> None:
    """Raise NotAllowed for all but the Geschäftsstelle and the administration."""
    if not (actor.is_secretariat or actor.is_admin):
        raise NotAllowed(_("Die Verwaltung ist der Geschäftsstelle und der Systemadministration vorbehalten."))
