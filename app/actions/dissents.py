"""Dissenting opinions (Sondervoten) on a ballot, and saying that none will come."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlmodel import Session, col, select

from app.actions.ballots import hold_ballot, require_standing, settle
from app.actions.creations import find_already_created
from app.actions.positions import entitled_seat
from app.actions.record import record, record_creation
from app.actions.speaking import speaking_in
from app.clock import now
from app.db import insert_if_absent
from app.domain.actors import VOTING_ROLES, Actor
from app.domain.ballots import BallotState
from app.domain.consensus import may_dissent
from app.domain.deadlines import is_over
from app.domain.events import EventType
from app.domain.permissions import Permission
from app.errors import Closed, Conflict, FieldError, Invalid, NotAllowed
from app.forms.ballots import DeclinedSignature, DissentForm, WaiverForm
from app.i18n import _
from app.models.ballots import Ballot, DissentCoSigner, DissentingOpinion, DissentWaiver
from app.models.base import new_id
from app.models.recommendations import Version, VersionBlock
from app.queries.ballots import SeatInBallot, seats_of
from app.queries.base import get_for_update
from app.wording import permission_refused
from app.wording.dates import german_deadline


def file_dissent(
    session: Session, ballot_id: UUID, form: DissentForm, *, actor: Actor
) -> tuple[DissentingOpinion, bool]:
    """File a dissenting opinion for a seat; it stands from now on wherever the recommendation is shown.

    The flag is False where it stood already.
    """
    ballot = hold_ballot(session, ballot_id, actor)
    speaker = _speaker(session, ballot, form.seat_id, actor)
    earlier = find_already_created(session, DissentingOpinion, form, actor=actor)
    if earlier:
        return earlier, False
    settle(session, ballot)
    require_standing(ballot)
    require_period(session, ballot)
    session.flush()
    seats = {seat.seat_id: seat for seat in seats_of(session, [ballot.id])[ballot.id]}
    _require_dissenter(seats[_seat(speaker)])
    _check_block(session, ballot, form.block_id)
    signers = _co_signers(ballot, form, speaker, seats)
    moment = now(session)
    opinion = DissentingOpinion(
        id=form.id or new_id(moment),
        created_at=moment,
        ballot_id=ballot.id,
        recommendation_id=ballot.recommendation_id,
        body_id=ballot.body_id,
        version=ballot.version,
        text=form.text,
        alternative=form.alternative,
        block_id=form.block_id,
        author_id=actor.person_id,
        organisation_id=speaker.organisation_id,
        seat_id=speaker.seat_id,
        is_example=ballot.is_example,
    )
    data: dict[str, object] = {
        "ballot_id": str(ballot.id),
        "block_id": str(form.block_id) if form.block_id else None,
        "co_signer_seat_ids": [str(key) for key in signers],
    }
    record_creation(session, EventType.DISSENT_FILED, opinion, actor=speaker, data=data, version=ballot.version)
    session.flush()
    session.add_all([DissentCoSigner(dissenting_opinion_id=opinion.id, seat_id=key) for key in signers])
    session.flush()
    return opinion, True


def waive_dissent(session: Session, ballot_id: UUID, form: WaiverForm, *, actor: Actor) -> Ballot:
    """Say for a seat that it will file no dissenting opinion; saying it twice changes nothing."""
    ballot = hold_ballot(session, ballot_id, actor)
    held = entitled_seat(session, ballot, form.seat_id, actor)
    settle(session, ballot)
    require_standing(ballot)
    require_period(session, ballot)
    session.flush()
    seat = next(each for each in seats_of(session, [ballot.id])[ballot.id] if each.seat_id == held.seat_id)
    if seat.has_waived:
        return ballot
    _require_dissenter(seat)
    values = {
        "id": new_id(now(session)),
        "created_at": now(session),
        "ballot_id": ballot.id,
        "seat_id": held.seat_id,
        "person_id": actor.person_id,
    }
    if insert_if_absent(session, DissentWaiver, values):
        speaker = actor.speaking_for(held)
        data: dict[str, object] = {"seat_id": str(held.seat_id)}
        record(session, EventType.BALLOT_DISSENT_WAIVED, ballot, actor=speaker, data=data)
    return ballot


def decline_signature(
    session: Session, ballot_id: UUID, opinion_id: UUID, form: DeclinedSignature, *, actor: Actor
) -> DissentingOpinion:
    """Take the name of a seat away from another's dissenting opinion, which named it, until the period ends.

    The opinion stands without it; the record keeps that it was named. The seat may then file or waive by itself.
    """
    ballot = hold_ballot(session, ballot_id, actor)
    held = entitled_seat(session, ballot, form.seat_id, actor)
    settle(session, ballot)
    require_standing(ballot)
    require_period(session, ballot)
    opinion = get_for_update(session, DissentingOpinion, opinion_id, col(DissentingOpinion.ballot_id) == ballot.id)
    signature = session.get(DissentCoSigner, (opinion.id, held.seat_id))
    if signature is None:
        raise Conflict(_("Ihr Sitz steht nicht unter diesem Sondervotum."))
    session.delete(signature)
    speaker = actor.speaking_for(held)
    data: dict[str, object] = {"seat_id": str(held.seat_id)}
    record(session, EventType.DISSENT_CO_SIGNATURE_DECLINED, opinion, actor=speaker, data=data)
    session.flush()
    return opinion


def require_period(session: Session, ballot: Ballot) -> None:
    """Raise Closed where the period for dissenting opinions is over; it begins when the ballot opens."""
    if ballot.state is BallotState.CLOSED and ballot.dissent_until and is_over(ballot.dissent_until, now(session)):
        raise Closed(
            _("Die Frist für Sondervoten endete am {moment}.").format(moment=german_deadline(ballot.dissent_until))
        )


def _speaker(session: Session, ballot: Ballot, seat_id: UUID | None, actor: Actor) -> Actor:
    if seat_id is None:
        speaker = speaking_in(actor, ballot.body_id, None, roles=VOTING_ROLES)
        seat_id = speaker.seat_id if speaker is not actor else None
    if seat_id is None:
        raise NotAllowed(permission_refused(Permission.DISSENT_FILE))
    return actor.speaking_for(entitled_seat(session, ballot, seat_id, actor))


def _seat(speaker: Actor) -> UUID:
    assert speaker.seat_id is not None
    return speaker.seat_id


def _require_dissenter(seat: SeatInBallot) -> None:
    if not may_dissent(seat.position):
        raise Conflict(
            _("Ihr Sitz hat uneingeschränkt zugestimmt. Ein Sondervotum steht Sitzen offen, die das nicht getan haben.")
        )
    if seat.has_waived:
        raise Conflict(_("Ihr Sitz hat auf ein Sondervotum verzichtet."))


def _check_block(session: Session, ballot: Ballot, block_id: UUID | None) -> None:
    if block_id is None:
        return
    statement = (
        select(VersionBlock.block_id)
        .join(Version, col(VersionBlock.version_id) == Version.id)
        .where(
            Version.recommendation_id == ballot.recommendation_id,
            Version.number == ballot.version,
            VersionBlock.block_id == block_id,
        )
    )
    if session.exec(statement).first() is None:
        raise Invalid(FieldError("block_id", _("Diesen Absatz gibt es in der beschlossenen Fassung nicht.")))


def _co_signers(
    ballot: Ballot, form: DissentForm, speaker: Actor, seats: Mapping[UUID, SeatInBallot]
) -> Sequence[UUID]:
    """The other seats that sign, each once; what they said stays unasked until the ballot is closed."""
    signers = list(dict.fromkeys(form.co_signer_seat_ids))
    for key in signers:
        if key not in seats or key == speaker.seat_id:
            raise Invalid(FieldError("co_signer_seat_ids", _("Mitzeichnen können nur andere stimmberechtigte Sitze.")))
        if ballot.state is BallotState.CLOSED and not may_dissent(seats[key].position):
            sentence = _("{organisation} hat uneingeschränkt zugestimmt und kann nicht mitzeichnen.")
            raise Invalid(FieldError("co_signer_seat_ids", sentence.format(organisation=seats[key].organisation_name)))
    return signers
