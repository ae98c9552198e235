"""The page behind the link by which an organisation names its persons for a seat, without an account.

The link alone says for whom one answers; who is signed in doesn't matter. Opening it changes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping

from fastapi import APIRouter, Request
from sqlmodel import Session
from starlette.responses import Response

from app.actions import nominations as actions
from app.domain.deadlines import last_day
from app.errors import ApplicationError, NotFound
from app.forms.bodies import Nomination, SeatDecline
from app.queries.nominations import find_offer
from app.routers.deps import AnonymousForm, ReadSession, SubmittedForm, WriteSession, attempt
from app.routers.pages import field_errors, render, see_other

router = APIRouter()


@router.get("/benennung/angekommen")
def answered(request: Request) -> Response:
    """What happens next."""
    return render(request, "nominations/answered.html")


@router.get("/benennung/{secret}")
def show_offer(request: Request, session: ReadSession, secret: str) -> Response:
    """The seat that is offered, and the two answers."""
    return _page(request, session, secret)


@router.post("/benennung/{secret}", dependencies=[AnonymousForm])
def nominate(request: Request, session: WriteSession, submitted: SubmittedForm, secret: str) -> Response:
    """Name a member and, where wished, a deputy."""
    with attempt(session) as outcome:
        actions.nominate_by_link(session, secret, submitted.parse(Nomination))
        return see_other(request, "/benennung/angekommen")
    return _page(request, session, secret, submitted.values, outcome.error)


@router.post("/benennung/{secret}/absage", dependencies=[AnonymousForm])
def decline(request: Request, session: WriteSession, submitted: SubmittedForm, secret: str) -> Response:
    """Leave the seat empty, with a reason."""
    with attempt(session) as outcome:
        actions.decline_by_link(session, secret, submitted.parse(SeatDecline))
        return see_other(request, "/benennung/angekommen")
    return _page(request, session, secret, submitted.values, outcome.error, declines=True)


def _page(
    request: Request,
    session: Session,
    secret: str,
    values: Mapping[str, object] | None = None,
    error: ApplicationError | None = None,
    *,
    declines: bool = False,
) -> Response:
    offer = find_offer(session, secret)
    if offer is None:
        raise NotFound()
    status = error.status if error else 200
    response = render(
        request,
        "nominations/show.html",
        status=status if offer.is_open else 410,
        offer=offer,
        secret=secret,
        until=last_day(offer.link.expires_at),
        values=values or {},
        errors=field_errors(error),
        declines=declines,
        example=offer.seat.is_example,
    )
    # Its address is told to no other site (the policy of every page); with "no-referrer" browsers would send the form
    # of this page as if it came from nowhere (Origin: null).
    response.headers["Cache-Control"] = "no-store"
    return response
