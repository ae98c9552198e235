"""A seat is offered by a link that works once; the organisation names its persons, or declines with a reason."""

from __future__ import annotations

from uuid import UUID

from pydantic import ValidationError
from sqlmodel import Session

from app.actions.mail import send_mail
from app.actions.moves import decide, move
from app.actions.one_time_links import make_link
from app.actions.passwords import issue_link
from app.actions.permissions import require
from app.actions.record import record, record_creation
from app.actions.seats import seat_person
from app.clock import now
from app.domain.actors import Actor, ActorKind, MembershipRole
from app.domain.bodies import SEAT, BodyState
from app.domain.deadlines import default_close
from app.domain.events import EventType
from app.domain.permissions import Permission
from app.domain.sorting import sort_key
from app.errors import Conflict, FieldError, Invalid
from app.forms.bodies import Nomination, NominationRequest, SeatDecline, SeatTransition
from app.forms.messages import invalid_from
from app.i18n import _
from app.models.accounts import LinkPurpose, OneTimeLink
from app.models.base import new_id
from app.models.bodies import Body, Seat
from app.models.organisations import Organisation
from app.models.people import Person
from app.queries import nominations, seats
from app.queries.base import get_for_update
from app.wording import label

LINK_DAYS = 21


def ask_for_nomination(session: Session, seat_id: UUID, form: NominationRequest, *, actor: Actor) -> OneTimeLink:
    """Offer the seat by mail; an earlier link of the seat ends."""
    seat = get_for_update(session, Seat, seat_id, seats.visible(actor))
    require(Permission.SEAT_MANAGE, seat, actor)
    body = session.get_one(Body, seat.body_id)
    if seat.state not in nominations.OPEN_SEATS or body.state is BodyState.CLOSED:
        raise Conflict(_("Um eine Benennung wird nur gebeten, solange der Sitz noch auf eine Person wartet."))
    moment = now(session)
    for earlier in nominations.list_unused_links(session, seat.id):
        earlier.used_at = moment
        session.add(earlier)
    expires_at = default_close(moment, LINK_DAYS)
    link = make_link(
        session,
        LinkPurpose.NOMINATION,
        expires_at=expires_at,
        seat_id=seat.id,
        address=form.email,
        name=form.name,
    )
    record(session, EventType.SEAT_NOMINATION_ASKED, seat, actor=actor, data={"link_id": str(link.row.id)})
    data = {
        "name": form.name,
        "body": body.title,
        "organisation": session.get_one(Organisation, seat.organisation_id).name,
        "voting": seat.voting,
        **link.said,
    }
    send_mail(session, address=form.email, template="nomination_asked", data=data, thread_id=f"seat.{seat.id}")
    return link.row


def nominate_by_link(session: Session, secret: str, form: Nomination) -> Seat:
    """Name persons as the organisation the link was sent to; the link is used up with it."""
    seat, actor = _use_link(session, secret)
    _nominate(session, seat, form, actor=actor)
    return seat


def decline_by_link(session: Session, secret: str, form: SeatDecline) -> Seat:
    """Leave the seat empty, with a reason; the link is used up with it."""
    seat, actor = _use_link(session, secret)
    move(session, seat, SEAT, "decline", actor=actor, reason=form.reason)
    return seat


def transition_seat(session: Session, seat_id: UUID, form: SeatTransition, *, actor: Actor) -> Seat:
    """Make a move of the seat's table; `nominate` seats the persons it names at once."""
    seat = get_for_update(session, Seat, seat_id, seats.visible(actor))
    decide(seat, SEAT, form.transition, actor=actor, reason=form.reason)
    named = form.model_dump(include=set(Nomination.model_fields), exclude_none=True)
    if form.transition == "nominate" and named:
        try:
            nomination = Nomination.model_validate(named)
        except ValidationError as error:
            raise invalid_from(error) from error
        _nominate(session, seat, nomination, actor=actor)
    else:
        move(session, seat, SEAT, form.transition, actor=actor, reason=form.reason)
    return seat


def _use_link(session: Session, secret: str) -> tuple[Seat, Actor]:
    """The seat of an open link, locked; who answers is the organisation, by the mail it got."""
    offer = nominations.find_offer(session, secret)
    if offer is not None:
        get_for_update(session, Seat, offer.seat.id)
        get_for_update(session, OneTimeLink, offer.link.id)
        offer = nominations.find_offer(session, secret)
    if offer is None or not offer.is_open:
        raise Conflict(_("Dieser Link ist schon verwendet worden oder abgelaufen."))
    for link in nominations.list_unused_links(session, offer.seat.id):
        link.used_at = now(session)
        session.add(link)
    return offer.seat, Actor(kind=ActorKind.SYSTEM, organisation_id=offer.organisation.id)


def _nominate(session: Session, seat: Seat, form: Nomination, *, actor: Actor) -> None:
    if form.deputy_email == form.member_email:
        raise Invalid(FieldError("deputy_email", _("Mitglied und Stellvertretung müssen zwei Personen sein.")))
    if bool(form.deputy_email) != bool(form.deputy_name):
        field = "deputy_email" if form.deputy_name else "deputy_name"
        raise Invalid(FieldError(field, _("Bitte geben Sie Name und E-Mail-Adresse der Stellvertretung an.")))
    if seat.state in {source for row in SEAT.rows_named("nominate") for source in row.sources}:
        move(session, seat, SEAT, "nominate", actor=actor)
    _seat_whoever(session, seat, "member", form.member_name, form.member_email, MembershipRole.MEMBER, actor)
    if form.deputy_name and form.deputy_email:
        _seat_whoever(session, seat, "deputy", form.deputy_name, form.deputy_email, MembershipRole.DEPUTY, actor)


def _seat_whoever(
    session: Session, seat: Seat, field: str, name: str, email: str, role: MembershipRole, actor: Actor
) -> None:
    """Put whoever has this address on the seat; somebody new is entered and invited with the same mail."""
    person = nominations.find_person(session, email)
    if person is not None and not person.is_active:
        sentence = _("Der Zugang dieser Person ist beendet. Bitte wenden Sie sich an die Geschäftsstelle.")
        raise Invalid(FieldError(f"{field}_email", sentence))
    body = session.get_one(Body, seat.body_id)
    said = {
        "body": body.title,
        "organisation": session.get_one(Organisation, seat.organisation_id).name,
        "role": label(role),
    }
    if person is None:
        person = _enter(session, seat, name, email, actor)
        said |= issue_link(session, person, LinkPurpose.INVITATION).said
        template, thread_id = "seated_and_invited", f"invitation.{person.id}"
    else:
        said |= {"path": f"/gremien/{body.slug}"}
        template, thread_id = "seated", f"seat.{seat.id}"
    seat_person(session, seat, person.id, role, actor=actor)
    data = {**said, "name": person.name}
    send_mail(session, address=email, template=template, data=data, person_id=person.id, thread_id=thread_id)


def _enter(session: Session, seat: Seat, name: str, email: str, actor: Actor) -> Person:
    moment = now(session)
    person = Person(
        id=new_id(moment),
        created_at=moment,
        email=email,
        name=name,
        sort_key=sort_key(name),
        organisation_id=seat.organisation_id,
        invited_at=moment,
    )
    record_creation(session, EventType.PERSON_CREATED, person, actor=actor, data={"seat_id": str(seat.id)})
    session.flush()
    record(session, EventType.PERSON_INVITED, person, actor=actor)
    return person
