"""Positions in a ballot: who may speak for a seat, and what was said, with every change kept."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import exists
from sqlmodel import Session, col, select

from app.actions.ballots import hold_ballot
from app.actions.permissions import require, require_write
from app.actions.record import record, record_creation
from app.clock import now
from app.domain.actors import HOLDER_ROLES, Actor, SeatHeld
from app.domain.ballots import BallotState
from app.domain.consensus import Position
from app.domain.deadlines import is_over
from app.domain.events import EventType
from app.domain.permissions import Permission
from app.errors import Closed, Conflict, FieldError, Invalid, NotAllowed
from app.forms.ballots import PositionForm, RecordedPositionForm
from app.i18n import _
from app.models.ballots import Ballot, BallotSeat, DissentingOpinion, SeatPosition
from app.models.base import new_id
from app.queries import ballots as queries
from app.wording import permission_refused
from app.wording.dates import german_deadline


def take_position(session: Session, ballot_id: UUID, form: PositionForm, *, actor: Actor) -> Ballot:
    """Take or change the position of a seat; what was said before stays in the record."""
    ballot = hold_ballot(session, ballot_id, actor)
    held = entitled_seat(session, ballot, form.seat_id, actor)
    is_deputy = held.role not in HOLDER_ROLES
    said = _said(session, ballot, form, is_deputy=is_deputy)
    _check(session, ballot, form)
    _keep(session, ballot, form, said, actor=actor.speaking_for(held), is_deputy=is_deputy)
    return ballot


def record_position(session: Session, ballot_id: UUID, form: RecordedPositionForm, *, actor: Actor) -> Ballot:
    """Record what a seat said in the meeting of its ballot; the seat sees by whom, and may correct it until the end.

    What a seat said itself, only the seat changes.
    """
    ballot = hold_ballot(session, ballot_id, actor)
    require(Permission.BALLOT_RECORD, ballot, actor)
    if not ballot.is_in_meeting:
        raise Conflict(_("Diese Beschlussfassung läuft im Umlauf: Jeder Sitz gibt seine Position selbst ab."))
    if session.get(BallotSeat, (ballot.id, form.seat_id)) is None:
        raise Invalid(FieldError("seat_id", _("Dieser Sitz ist in dieser Beschlussfassung nicht stimmberechtigt.")))
    said = _said(session, ballot, form, is_deputy=form.by_deputy)
    _check(session, ballot, form)
    if said is not None and said.recorded_by_id is None:
        raise Conflict(_("Dieser Sitz hat seine Position selbst abgegeben; ändern kann sie nur er."))
    _keep(session, ballot, form, said, actor=actor, is_deputy=form.by_deputy, is_recorded=True)
    return ballot


def _said(session: Session, ballot: Ballot, form: PositionForm, *, is_deputy: bool) -> SeatPosition | None:
    statement = select(SeatPosition).where(
        SeatPosition.ballot_id == ballot.id,
        SeatPosition.seat_id == form.seat_id,
        col(SeatPosition.is_deputy).is_(is_deputy),
    )
    return session.exec(statement).one_or_none()


def _check(session: Session, ballot: Ballot, form: PositionForm) -> None:
    require_open(session, ballot)
    if form.position.is_reason_required and not form.reason:
        raise Invalid(FieldError("reason", _("Bitte begründen Sie diese Position.")))
    if form.position is Position.AGREE:
        require_no_dissent(session, ballot, form.seat_id)


def _keep(
    session: Session,
    ballot: Ballot,
    form: PositionForm,
    said: SeatPosition | None,
    *,
    actor: Actor,
    is_deputy: bool,
    is_recorded: bool = False,
) -> None:
    """Write the position of member or deputy with its event; one recorded for the seat is nobody's of the seat yet."""
    recorder_id = actor.person_id if is_recorded else None
    person_id = None if is_recorded else actor.person_id
    data: dict[str, object] = {
        "ballot_id": str(ballot.id),
        "seat_id": str(form.seat_id),
        "is_deputy": is_deputy,
        "position": form.position.value,
        "is_recorded": is_recorded,
    }
    if said is None:
        said = _first_position(session, ballot, form, is_deputy=is_deputy)
        said.person_id, said.recorded_by_id = person_id, recorder_id
        taken = EventType.POSITION_RECORDED if is_recorded else EventType.POSITION_TAKEN
        record_creation(session, taken, said, actor=actor, data=data, version=ballot.version)
        return
    said.position, said.reason, said.alternative = form.position, form.reason, form.alternative
    said.person_id, said.recorded_by_id, said.taken_at = person_id, recorder_id, now(session)
    texts = {"reason": form.reason, "alternative": form.alternative}
    changed = EventType.POSITION_RECORDED if is_recorded else EventType.POSITION_CHANGED
    record(session, changed, said, actor=actor, data=data, texts=texts, version=ballot.version)


def _first_position(session: Session, ballot: Ballot, form: PositionForm, *, is_deputy: bool) -> SeatPosition:
    moment = now(session)
    return SeatPosition(
        id=new_id(moment),
        created_at=moment,
        ballot_id=ballot.id,
        seat_id=form.seat_id,
        is_deputy=is_deputy,
        position=form.position,
        reason=form.reason,
        alternative=form.alternative,
        taken_at=moment,
        is_example=ballot.is_example,
    )


def entitled_seat(session: Session, ballot: Ballot, seat_id: UUID, actor: Actor) -> SeatHeld:
    """The actor's membership that speaks for a seat of this ballot's electorate; NotAllowed otherwise."""
    held = [each for each in queries.voting_seats(ballot, actor) if each.seat_id == seat_id]
    if not held:
        raise NotAllowed(
            _("Für diesen Sitz dürfen Sie nicht abstimmen. Das dürfen nur sein Mitglied und dessen Stellvertretung.")
            if queries.voting_seats(ballot, actor)
            else permission_refused(Permission.BALLOT_VOTE)
        )
    if session.get(BallotSeat, (ballot.id, seat_id)) is None:
        raise NotAllowed(_("Dieser Sitz war bei der Eröffnung dieser Beschlussfassung nicht stimmberechtigt."))
    require_write(actor)
    return min(held, key=lambda each: each.role not in HOLDER_ROLES)


def require_no_dissent(session: Session, ballot: Ballot, seat_id: UUID) -> None:
    """Raise Conflict where the seat filed a dissenting opinion on this ballot: whoever did doesn't plainly agree."""
    filed = exists().where(col(DissentingOpinion.ballot_id) == ballot.id, col(DissentingOpinion.seat_id) == seat_id)
    if session.exec(select(filed)).one():
        raise Conflict(
            _(
                "Ihr Sitz hat in dieser Beschlussfassung ein Sondervotum eingereicht; es bleibt stehen. "
                "Uneingeschränkt zustimmen kann er deshalb nicht mehr. "
                "Wählen Sie Zustimmung mit Vorbehalt oder eine andere Position."
            )
        )


def require_open(session: Session, ballot: Ballot) -> None:
    """Raise Closed unless positions are still taken."""
    if ballot.state is BallotState.VOID:
        raise Closed(_("Diese Beschlussfassung wurde für ungültig erklärt. Es zählen keine Positionen mehr."))
    if ballot.state is not BallotState.OPEN or is_over(ballot.closes_at, now(session)):
        ended = german_deadline(ballot.closed_at or ballot.closes_at)
        raise Closed(_("Die Beschlussfassung endete am {moment}.").format(moment=ended))
