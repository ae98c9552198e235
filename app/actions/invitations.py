"""Inviting organisations to take part in a recommendation: by their seat, by a round, or entered by hand."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlmodel import Session, col, select

from app.actions.creations import find_already_created
from app.actions.permissions import require
from app.actions.record import record
from app.clock import now
from app.domain.actors import Actor
from app.domain.bodies import SeatState
from app.domain.consultations import InvitationChannel
from app.domain.deadlines import berlin_date
from app.domain.events import EventType
from app.domain.permissions import Permission
from app.domain.recommendations import BEFORE_ADOPTION, RecommendationState
from app.errors import Conflict, FieldError, Invalid
from app.forms.consultations import InvitationForm
from app.i18n import _
from app.models.base import new_id
from app.models.bodies import Seat
from app.models.consultations import Invitation
from app.models.organisations import Organisation
from app.models.recommendations import Recommendation
from app.queries import recommendations
from app.queries.base import get_for_update

_TAKES_INVITATIONS = BEFORE_ADOPTION | {RecommendationState.DORMANT}


def invite(
    session: Session,
    recommendation: Recommendation,
    organisation_ids: Sequence[UUID],
    channel: InvitationChannel,
    *,
    actor: Actor,
    round_id: UUID | None = None,
) -> None:
    """Write an invitation of today for each organisation; the event of the move that invites vouches for them."""
    moment = now(session)
    session.add_all(
        [
            Invitation(
                created_at=moment,
                recommendation_id=recommendation.id,
                organisation_id=key,
                invited_on=berlin_date(moment),
                channel=channel,
                round_id=round_id,
                author_id=actor.person_id,
            )
            for key in organisation_ids
        ]
    )


def invite_seats(session: Session, recommendation: Recommendation, *, actor: Actor) -> list[UUID]:
    """Invite each organisation with a seat in the body, once for a recommendation; returns whom."""
    known = select(Invitation.organisation_id).where(
        Invitation.recommendation_id == recommendation.id, Invitation.channel == InvitationChannel.SEAT
    )
    seated = organisations_with_a_seat(session, recommendation.body_id)
    fresh = sorted(seated - set(session.exec(known).all()))
    invite(session, recommendation, fresh, InvitationChannel.SEAT, actor=actor)
    return fresh


def record_invitation(session: Session, key: UUID, form: InvitationForm, *, actor: Actor) -> tuple[Invitation, bool]:
    """Enter by hand that an organisation was invited, with where that can be looked up."""
    recommendation = get_for_update(session, Recommendation, key, recommendations.visible(actor))
    require(Permission.INVITATION_RECORD, recommendation, actor)
    earlier = find_already_created(session, Invitation, form, actor=actor)
    if earlier:
        return earlier, False
    if recommendation.state not in _TAKES_INVITATIONS:
        raise Conflict(_("Nach der Verabschiedung werden keine Einladungen mehr eingetragen."))
    if form.invited_on > berlin_date(now(session)):
        raise Invalid(FieldError("invited_on", _("Der Tag der Einladung darf nicht in der Zukunft liegen.")))
    if session.get(Organisation, form.organisation_id) is None:
        raise Invalid(FieldError("organisation_id", _("Diese Organisation gibt es nicht.")))
    made = Invitation(
        id=form.id or new_id(now(session)),
        created_at=now(session),
        recommendation_id=recommendation.id,
        organisation_id=form.organisation_id,
        invited_on=form.invited_on,
        channel=form.channel,
        reference=form.reference,
        author_id=actor.person_id,
    )
    session.add(made)
    record(
        session,
        EventType.RECOMMENDATION_INVITATION_RECORDED,
        recommendation,
        actor=actor,
        data={
            "invitation_id": str(made.id),
            "organisation_id": str(made.organisation_id),
            "invited_on": made.invited_on.isoformat(),
        },
        texts={"reference": form.reference} if form.reference else None,
    )
    return made, True


def organisations_with_a_seat(session: Session, body_id: UUID) -> set[UUID]:
    """The organisations that have a seat in the body, filled or not; one that declined has none."""
    statement = select(Seat.organisation_id).where(Seat.body_id == body_id, col(Seat.state) != SeatState.DECLINED)
    return set(session.exec(statement).all())
