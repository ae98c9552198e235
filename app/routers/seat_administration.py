"""The page on which the Geschäftsstelle offers a seat, puts persons on it and ends their membership."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter, Request
from sqlmodel import Session
from starlette.responses import Response

from app.actions import nominations as nomination_actions
from app.actions import seats as actions
from app.actions.moves import offers
from app.actions.permissions import require
from app.domain.actors import MembershipRole
from app.domain.bodies import SEAT, BodyState
from app.domain.deadlines import last_day
from app.domain.permissions import Permission
from app.errors import ApplicationError, NotFound
from app.forms.base import Input
from app.forms.bodies import MembershipChange, MembershipForm, NominationRequest, SeatChange, SeatTransition
from app.i18n import _
from app.models.base import new_id
from app.models.bodies import Body, Membership
from app.queries import bodies, nominations, seats
from app.routers.deps import Member, ReadSession, Submitted, SubmittedForm, Visitor, Writer, WriteSession, attempt
from app.routers.offers import shown_offers
from app.routers.pages import field_errors, render, see_other

router = APIRouter(prefix="/verwaltung/gremien/{slug}/sitze/{seat_id}")


class MembershipOnPage(Input):
    """Which membership a form on the page is about."""

    membership_id: UUID


class RoleOnPage(MembershipOnPage, MembershipChange):
    """In which role a membership goes on."""


@router.get("")
def show_seat(request: Request, session: ReadSession, visitor: Member, slug: str, seat_id: UUID) -> Response:
    """The seat with who holds and held it, and what can be done."""
    return _page(request, session, visitor, slug, seat_id)


@router.post("")
def change_seat(
    request: Request, session: WriteSession, visitor: Writer, submitted: SubmittedForm, slug: str, seat_id: UUID
) -> Response:
    """Change the vote or group."""
    with attempt(session) as outcome:
        voting = submitted.text("voting") == "true"
        form = submitted.parse(SeatChange, voting=voting, group=submitted.text("group") or None)
        actions.change_seat(session, seat_id, form, actor=visitor.actor)
        return _back(request, slug, seat_id, _("Die Angaben zum Sitz sind gespeichert."))
    return _page(request, session, visitor, slug, seat_id, "seat", submitted, outcome.error)


@router.post("/anfrage")
def ask_for_nomination(
    request: Request, session: WriteSession, visitor: Writer, submitted: SubmittedForm, slug: str, seat_id: UUID
) -> Response:
    """Offer the seat by mail."""
    with attempt(session) as outcome:
        form = submitted.parse(NominationRequest)
        nomination_actions.ask_for_nomination(session, seat_id, form, actor=visitor.actor)
        return _back(request, slug, seat_id, _("Die Anfrage geht in der nächsten Minute hinaus."))
    return _page(request, session, visitor, slug, seat_id, "offer", submitted, outcome.error)


@router.post("/mitglieder")
def add_membership(
    request: Request, session: WriteSession, visitor: Writer, submitted: SubmittedForm, slug: str, seat_id: UUID
) -> Response:
    """Put a person on the seat."""
    with attempt(session) as outcome:
        actions.add_membership(session, seat_id, submitted.parse(MembershipForm), actor=visitor.actor)
        return _back(request, slug, seat_id, _("Die Person sitzt jetzt auf diesem Sitz."))
    return _page(request, session, visitor, slug, seat_id, "membership", submitted, outcome.error)


@router.post("/rolle")
def change_role(
    request: Request, session: WriteSession, visitor: Writer, submitted: SubmittedForm, slug: str, seat_id: UUID
) -> Response:
    """Let a person go on in another role."""
    with attempt(session) as outcome:
        form = submitted.parse(RoleOnPage)
        _check_on_seat(session, visitor, form.membership_id, seat_id)
        actions.change_role(session, form.membership_id, MembershipChange(role=form.role), actor=visitor.actor)
        return _back(request, slug, seat_id, _("Die neue Rolle gilt ab sofort."))
    return _page(request, session, visitor, slug, seat_id, "role", submitted, outcome.error)


@router.post("/ende")
def end_membership(
    request: Request, session: WriteSession, visitor: Writer, submitted: SubmittedForm, slug: str, seat_id: UUID
) -> Response:
    """End a membership today."""
    with attempt(session) as outcome:
        key = submitted.parse(MembershipOnPage).membership_id
        _check_on_seat(session, visitor, key, seat_id)
        actions.end_membership(session, key, actor=visitor.actor)
        return _back(request, slug, seat_id, _("Die Mitgliedschaft ist beendet."))
    return _page(request, session, visitor, slug, seat_id, "role", submitted, outcome.error)


@router.post("/transitions")
def transition_seat(
    request: Request, session: WriteSession, visitor: Writer, submitted: SubmittedForm, slug: str, seat_id: UUID
) -> Response:
    """Note that the organisation named somebody or declined."""
    with attempt(session) as outcome:
        nomination_actions.transition_seat(session, seat_id, submitted.parse(SeatTransition), actor=visitor.actor)
        return _back(request, slug, seat_id, _("Der Schritt ist vermerkt."))
    return _page(request, session, visitor, slug, seat_id, "move", submitted, outcome.error)


def _check_on_seat(session: Session, visitor: Visitor, membership_id: UUID, seat_id: UUID) -> Membership:
    found = seats.get_membership(session, membership_id, visitor.actor)
    if found.seat_id != seat_id:
        raise NotFound()
    return found


def _back(request: Request, slug: str, seat_id: UUID, notice: str) -> Response:
    return see_other(request, f"/verwaltung/gremien/{slug}/sitze/{seat_id}", notice)


def _page(
    request: Request,
    session: Session,
    visitor: Visitor,
    slug: str,
    seat_id: UUID,
    form: str = "",
    submitted: Submitted | None = None,
    error: ApplicationError | None = None,
) -> Response:
    body = bodies.get_body(session, slug, visitor.actor)
    seat = seats.get_seat(session, seat_id, visitor.actor)
    if seat.body_id != body.id or seat.organisation is None:
        raise NotFound()
    require(Permission.SEAT_MANAGE, seat, visitor.actor)
    people = seats.list_people_for(session, seat.organisation_id)
    link = nominations.find_newest_link(session, seat.id)
    return render(
        request,
        "body_administration/seat.html",
        status=error.status if error else 200,
        body=body,
        seat=seat,
        memberships=seats.list_memberships(session, seat.id, limit=100).items,
        people=[(each.id, f"{each.name}, {each.organisation.name if each.organisation else ''}") for each in people],
        roles=list(MembershipRole),
        link=link,
        link_until=last_day(link.expires_at) if link else None,
        may_offer=seat.state in nominations.OPEN_SEATS and body.state is not BodyState.CLOSED,
        is_open=_is_open(body),
        offers=shown_offers("seat", offers(seat, SEAT, visitor.actor)),
        form=form,
        values=submitted.values if submitted else {},
        errors=field_errors(error),
        fresh_id=str(new_id()),
        example=seat.is_example,
    )


def _is_open(body: Body) -> bool:
    return body.state is not BodyState.CLOSED
