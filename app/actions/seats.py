"""What happens to a seat: it is set up, changed, filled by memberships and left by their end."""

from __future__ import annotations

from uuid import UUID

from sqlmodel import Session

from app.actions.creations import find_already_created
from app.actions.moves import move
from app.actions.permissions import require
from app.actions.record import record, record_creation
from app.clock import now
from app.domain.actors import HOLDER_ROLES, SYSTEM_ACTOR, Actor, MembershipRole
from app.domain.bodies import SEAT, BodyState, SeatState
from app.domain.deadlines import berlin_date
from app.domain.events import EventType
from app.domain.organisations import OrganisationKind
from app.domain.permissions import Permission
from app.errors import Conflict, FieldError, Invalid
from app.forms.bodies import MembershipChange, MembershipForm, SeatChange, SeatForm
from app.i18n import _
from app.models.base import new_id
from app.models.bodies import Body, Membership, Seat
from app.models.organisations import Organisation
from app.models.people import Person
from app.queries import bodies, seats
from app.queries.base import get_for_update
from app.wording import label


def add_seat(session: Session, body_id: UUID, form: SeatForm, *, actor: Actor) -> tuple[Seat, bool]:
    """Give an organisation a seat in a body; it is asked for until somebody sits there."""
    body = bodies.get_body(session, body_id, actor)
    require(Permission.SEAT_MANAGE, body, actor)
    earlier = find_already_created(session, Seat, form, actor=actor)
    if earlier:
        return earlier, False
    if body.state is BodyState.CLOSED:
        raise Conflict(_("Das Gremium ist beendet und bekommt keine neuen Sitze."))
    organisation = session.get(Organisation, form.organisation_id)
    if organisation is None:
        raise Invalid(FieldError("organisation_id", _("Diese Organisation gibt es nicht.")))
    if organisation.kind is OrganisationKind.COLLECTIVE:
        raise Invalid(FieldError("organisation_id", _refusal_of_collective()))
    seat = Seat(
        id=form.id or new_id(now(session)),
        created_at=now(session),
        body_id=body.id,
        organisation_id=organisation.id,
        voting=form.voting,
        group=form.group,
        is_example=body.is_example,
    )
    record_creation(
        session,
        EventType.SEAT_OFFERED,
        seat,
        actor=actor,
        data={"organisation_id": str(organisation.id), "voting": seat.voting, "group": seat.group},
    )
    session.flush()
    return seat, True


def change_seat(session: Session, key: UUID, form: SeatChange, *, actor: Actor) -> Seat:
    """Change the vote or group of a seat; open ballots keep the electorate they began with."""
    seat = get_for_update(session, Seat, key, seats.visible(actor))
    require(Permission.SEAT_MANAGE, seat, actor)
    changes = form.model_dump(exclude_unset=True)
    if changes.get("voting") is not None:
        seat.voting = changes["voting"]
    if "group" in changes:
        seat.group = changes["group"]
    record(session, EventType.SEAT_CHANGED, seat, actor=actor, data={"voting": seat.voting, "group": seat.group})
    return seat


def add_membership(session: Session, seat_id: UUID, form: MembershipForm, *, actor: Actor) -> tuple[Membership, bool]:
    """Put a person on a seat; from the next request on it acts for the seat."""
    seat = get_for_update(session, Seat, seat_id, seats.visible(actor))
    require(Permission.SEAT_MANAGE, seat, actor)
    earlier = find_already_created(session, Membership, form, actor=actor)
    if earlier:
        return earlier, False
    return seat_person(session, seat, form.person_id, form.role, actor=actor, key=form.id), True


def seat_person(
    session: Session,
    seat: Seat,
    person_id: UUID,
    role: MembershipRole,
    *,
    actor: Actor,
    key: UUID | None = None,
) -> Membership:
    """Begin a membership and fill the seat; the caller holds the seat's row and has the right.

    Raises Conflict where the seat has its holder or deputy already, or the person sits there.
    """
    _check_open(session, seat)
    person = session.get(Person, person_id)
    if person is None or not person.is_active:
        raise Invalid(FieldError("person_id", _("Diese Person gibt es nicht, oder ihr Zugang ist beendet.")))
    _check_place(session, seat, person, role)
    membership = Membership(
        id=key or new_id(now(session)),
        created_at=now(session),
        seat_id=seat.id,
        person_id=person.id,
        role=role,
        started_on=berlin_date(now(session)),
    )
    session.add(membership)
    record(session, EventType.SEAT_MEMBER_JOINED, seat, actor=actor, data=_data_of(membership))
    if seat.state is not SeatState.FILLED:
        move(session, seat, SEAT, "fill", actor=SYSTEM_ACTOR)
    session.flush()
    return membership


def change_role(session: Session, key: UUID, form: MembershipChange, *, actor: Actor) -> Membership:
    """End a membership and begin one of another role for the same person; both stand in the record."""
    membership, seat = _held(session, key, actor)
    if membership.role is form.role:
        return membership
    _end(session, membership, seat, actor)
    return seat_person(session, seat, membership.person_id, form.role, actor=actor)


def end_membership(session: Session, key: UUID, *, actor: Actor) -> Membership:
    """End a membership today; what the person said stays with the seat. The last one leaves it vacant."""
    membership, seat = _held(session, key, actor)
    _end(session, membership, seat, actor)
    if not seats.list_active_memberships(session, seat.id):
        move(session, seat, SEAT, "vacate", actor=SYSTEM_ACTOR)
    return membership


def end_memberships_of(session: Session, person_id: UUID, *, actor: Actor) -> int:
    """End every active membership of a person whose access ends; how many there were."""
    held = seats.list_held_by(session, person_id)
    for membership in held:
        seat = get_for_update(session, Seat, membership.seat_id)
        _end(session, membership, seat, actor)
        if not seats.list_active_memberships(session, seat.id):
            move(session, seat, SEAT, "vacate", actor=SYSTEM_ACTOR)
    return len(held)


def _held(session: Session, key: UUID, actor: Actor) -> tuple[Membership, Seat]:
    seat_id = seats.get_membership(session, key, actor).seat_id
    seat = get_for_update(session, Seat, seat_id)
    require(Permission.SEAT_MANAGE, seat, actor)
    membership = get_for_update(session, Membership, key)
    if membership.ended_on is not None:
        raise Conflict(_("Diese Mitgliedschaft ist schon beendet."))
    return membership, seat


def _end(session: Session, membership: Membership, seat: Seat, actor: Actor) -> None:
    membership.ended_on = berlin_date(now(session))
    session.add(membership)
    record(session, EventType.SEAT_MEMBER_LEFT, seat, actor=actor, data=_data_of(membership))
    session.flush()


def _check_open(session: Session, seat: Seat) -> None:
    body = session.get_one(Body, seat.body_id)
    if body.state is BodyState.CLOSED:
        raise Conflict(_("Das Gremium ist beendet; seine Sitze werden nicht mehr besetzt."))
    organisation = session.get_one(Organisation, seat.organisation_id)
    if organisation.kind is OrganisationKind.COLLECTIVE:
        raise Conflict(_refusal_of_collective())


def _check_place(session: Session, seat: Seat, person: Person, role: MembershipRole) -> None:
    active = seats.list_active_memberships(session, seat.id)
    if any(each.person_id == person.id for each in active):
        raise Conflict(_("Die Person sitzt schon auf diesem Sitz. Ändern Sie dort ihre Rolle."))
    standing = next((each for each in active if _takes_the_place(each.role, role)), None)
    if standing is not None:
        raise Conflict(
            _("Der Sitz hat schon eine Person als „{role}“. Beenden Sie zuerst diese Mitgliedschaft.").format(
                role=label(standing.role)
            )
        )


def _takes_the_place(standing: MembershipRole, role: MembershipRole) -> bool:
    if role in HOLDER_ROLES:
        return standing in HOLDER_ROLES
    return role is MembershipRole.DEPUTY and standing is MembershipRole.DEPUTY


def _data_of(membership: Membership) -> dict[str, object]:
    return {
        "membership_id": str(membership.id),
        "person_id": str(membership.person_id),
        "role": membership.role.value,
    }


def _refusal_of_collective() -> str:
    return _("Eine Gesamtheit hat keine eigenen Personen und deshalb keinen Sitz. Wählen Sie eines ihrer Mitglieder.")
