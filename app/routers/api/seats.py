"""Seats and memberships for programs."""

from __future__ import annotations

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from app.actions import nominations
from app.actions import seats as actions
from app.actions.moves import offers
from app.domain.actors import Actor, MembershipRole
from app.domain.bodies import SEAT
from app.errors import NotFound
from app.forms.bodies import (
    MembershipChange,
    MembershipForm,
    NominationRequest,
    SeatChange,
    SeatTransition,
)
from app.models.bodies import Membership, Seat
from app.queries import seats as queries
from app.routers.api.common import Answer, Listing, StatefulAnswer, answer, check_if_match, listing, transitions_of
from app.routers.deps import ApiReader, ApiWriter, ReadSession, WriteSession

router = APIRouter(tags=["seats"])


class SeatAnswer(StatefulAnswer):
    """A seat as its readers see it."""

    body_id: UUID
    organisation_id: UUID
    voting: bool
    group: str | None


class MembershipAnswer(Answer):
    """A person on a seat, from a day to a day."""

    seat_id: UUID
    person_id: UUID
    role: MembershipRole
    started_on: date
    ended_on: date | None


@router.get("/seats/{seat_id}", response_model=SeatAnswer)
def get_seat(request: Request, session: ReadSession, actor: ApiReader, seat_id: UUID) -> Response:
    """One seat."""
    return answer(request, represent_seat(queries.get_seat(session, seat_id, actor), actor), actor)


@router.patch("/seats/{seat_id}", response_model=SeatAnswer)
def change_seat(request: Request, session: WriteSession, actor: ApiWriter, seat_id: UUID, form: SeatChange) -> Response:
    """Change the vote or group; open ballots keep their electorate."""
    check_if_match(request, represent_seat(queries.get_seat(session, seat_id, actor), actor))
    actions.change_seat(session, seat_id, form, actor=actor)
    return answer(request, represent_seat(queries.get_seat(session, seat_id, actor), actor), actor)


@router.post("/seats/{seat_id}/transitions", response_model=SeatAnswer)
def transition_seat(
    request: Request, session: WriteSession, actor: ApiWriter, seat_id: UUID, form: SeatTransition
) -> Response:
    """Name persons for the seat, or decline it."""
    nominations.transition_seat(session, seat_id, form, actor=actor)
    return answer(request, represent_seat(queries.get_seat(session, seat_id, actor), actor), actor)


@router.post("/seats/{seat_id}/nomination", response_model=SeatAnswer)
def ask_for_nomination(
    request: Request, session: WriteSession, actor: ApiWriter, seat_id: UUID, form: NominationRequest
) -> Response:
    """Offer the seat by mail: the organisation names its persons by a link that works once, for 21 days."""
    nominations.ask_for_nomination(session, seat_id, form, actor=actor)
    return answer(request, represent_seat(queries.get_seat(session, seat_id, actor), actor), actor)


@router.get("/seats/{seat_id}/memberships", response_model=None)
def list_memberships(
    request: Request, session: ReadSession, actor: ApiReader, seat_id: UUID, wanted: Annotated[Listing, Query()]
) -> Response:
    """Who holds and held the seat, newest first."""
    seat = queries.get_seat(session, seat_id, actor)
    page = queries.list_memberships(session, seat.id, limit=wanted.limit, after=wanted.after)
    return listing(request, page, represent_membership, actor)


@router.post("/seats/{seat_id}/memberships", response_model=MembershipAnswer, status_code=201)
def add_membership(
    request: Request, session: WriteSession, actor: ApiWriter, seat_id: UUID, form: MembershipForm
) -> Response:
    """Put a person on a seat."""
    membership, is_new = actions.add_membership(session, seat_id, form, actor=actor)
    return answer(request, represent_membership(membership), actor, status=201 if is_new else 200)


@router.get("/memberships/{membership_id}", response_model=MembershipAnswer)
def get_membership(request: Request, session: ReadSession, actor: ApiReader, membership_id: UUID) -> Response:
    """One membership."""
    return answer(request, represent_membership(queries.get_membership(session, membership_id, actor)), actor)


@router.patch("/memberships/{membership_id}", response_model=MembershipAnswer)
def change_role(
    request: Request, session: WriteSession, actor: ApiWriter, membership_id: UUID, form: MembershipChange
) -> Response:
    """Go on in another role: the answer is the new membership, the old one has ended."""
    check_if_match(request, represent_membership(queries.get_membership(session, membership_id, actor)))
    return answer(request, represent_membership(actions.change_role(session, membership_id, form, actor=actor)), actor)


@router.delete("/memberships/{membership_id}", response_model=MembershipAnswer)
def end_membership(request: Request, session: WriteSession, actor: ApiWriter, membership_id: UUID) -> Response:
    """End a membership today; it stays in the record."""
    return _ended(request, session, actor, membership_id)


@router.delete("/seats/{seat_id}/memberships/{membership_id}", response_model=MembershipAnswer)
def end_membership_of_seat(
    request: Request, session: WriteSession, actor: ApiWriter, seat_id: UUID, membership_id: UUID
) -> Response:
    """The same by the seat's address."""
    if queries.get_membership(session, membership_id, actor).seat_id != seat_id:
        raise NotFound()
    return _ended(request, session, actor, membership_id)


def represent_seat(seat: Seat, actor: Actor, slug: str | None = None) -> SeatAnswer:
    """The seat as the caller sees it."""
    shown = SeatAnswer.model_validate(seat)
    slug = slug or (seat.body.slug if seat.body else "")
    shown.url = f"/gremien/{slug}/sitze"
    shown.transitions = transitions_of("seat", offers(seat, SEAT, actor))
    return shown


def represent_membership(membership: Membership) -> MembershipAnswer:
    """The membership with its days."""
    return MembershipAnswer.model_validate(membership)


def _ended(request: Request, session: WriteSession, actor: Actor, membership_id: UUID) -> Response:
    membership = actions.end_membership(session, membership_id, actor=actor)
    return answer(request, represent_membership(membership), actor)
