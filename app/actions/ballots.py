"""What happens with a ballot: it opens with everything pinned, closes or becomes void."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import func
from sqlmodel import Session, col, select

from app.actions.moves import move
from app.actions.permissions import require
from app.actions.record import record_creation
from app.clock import now
from app.domain.actors import HOLDER_ROLES, SYSTEM_ACTOR, Actor
from app.domain.ballots import BALLOT, BallotMoveFacts, BallotState, dissent_deadline, effective_state
from app.domain.consensus import REVISION_BALLOT_DAYS, RulesOfProcedure
from app.domain.deadlines import default_close, earliest_close, is_over, is_plausible_date
from app.domain.events import EventType
from app.domain.permissions import Permission, capabilities
from app.domain.recommendations import RecommendationState
from app.domain.workflow import Blocker, Offer
from app.errors import Conflict, FieldError, Invalid, MoveBlocked
from app.forms.ballots import BallotTransition
from app.i18n import _
from app.models.ballots import Ballot, BallotSeat
from app.models.base import new_id
from app.models.bodies import Body, Membership, Seat
from app.models.people import Person
from app.models.recommendations import Recommendation
from app.queries import ballots as queries
from app.queries.base import get_for_update
from app.queries.scopes import scope_of
from app.wording import blocker_sentence
from app.wording.dates import german_deadline


def open_ballot(
    session: Session,
    recommendation: Recommendation,
    *,
    version: int,
    closes_at: datetime | None,
    actor: Actor,
    revision_of: Ballot | None = None,
    changed_block_ids: Sequence[UUID] = (),
) -> Ballot:
    """Open a ballot on one version; version, electorate and rules stay as they are now.

    The caller holds the recommendation's row. A ballot that repeats or revises shows the former positions.
    """
    moment = now(session)
    body = session.get_one(Body, recommendation.body_id)
    rules = RulesOfProcedure.from_mapping(body.rules)
    minimum_days = rules.ballot_days if revision_of is None else REVISION_BALLOT_DAYS
    former = revision_of or queries.find_newest_ballot(session, recommendation.id)
    electorate = _electorate(session, body.id)
    if not electorate:
        raise MoveBlocked([blocker_sentence(Blocker("no_entitled_seat"))])
    ballot = Ballot(
        id=new_id(moment),
        created_at=moment,
        recommendation_id=recommendation.id,
        body_id=body.id,
        number=_next_number(session, recommendation.id),
        version=version,
        rules=rules.as_mapping(),
        minimum_days=minimum_days,
        opened_at=moment,
        closes_at=_closing_time(moment, closes_at, minimum_days),
        former_ballot_id=former.id if former else None,
        changed_block_ids=[str(key) for key in changed_block_ids],
        is_example=recommendation.is_example,
    )
    record_creation(
        session, EventType.BALLOT_OPENED, ballot, actor=actor, version=version, data=_pinned(ballot, electorate)
    )
    session.flush()
    session.add_all([BallotSeat(ballot_id=ballot.id, seat_id=seat.id, group=seat.group) for seat in electorate])
    session.flush()
    return ballot


def _electorate(session: Session, body_id: UUID) -> Sequence[Seat]:
    """The voting seats with an active member; a deputy alone doesn't make a seat entitled."""
    statement = (
        select(Seat)
        .join(Membership, col(Membership.seat_id) == Seat.id)
        .join(Person, col(Membership.person_id) == Person.id)
        .where(
            Seat.body_id == body_id,
            col(Seat.voting).is_(True),
            col(Membership.role).in_(HOLDER_ROLES),
            col(Membership.ended_on).is_(None),
            col(Person.ended_at).is_(None),
            col(Person.redacted_at).is_(None),
        )
        .order_by(col(Seat.created_at), col(Seat.id))
    )
    return session.exec(statement).unique().all()


def _closing_time(opened_at: datetime, wanted: datetime | None, minimum_days: int) -> datetime:
    if wanted is None:
        return default_close(opened_at, minimum_days)
    earliest = earliest_close(opened_at, minimum_days)
    if wanted < earliest:
        sentence = _("Die Beschlussfassung muss mindestens {days} Tage dauern, also bis {moment} oder länger.")
        raise Invalid(FieldError("closes_at", sentence.format(days=minimum_days, moment=german_deadline(earliest))))
    if not is_plausible_date(wanted.date()):
        raise Invalid(FieldError("closes_at", _("Bitte wählen Sie einen früheren Tag.")))
    return wanted


def _next_number(session: Session, recommendation_id: UUID) -> int:
    statement = select(func.max(col(Ballot.number))).where(Ballot.recommendation_id == recommendation_id)
    return (session.exec(statement).one() or 0) + 1


def _pinned(ballot: Ballot, electorate: Sequence[Seat]) -> dict[str, object]:
    return {
        "recommendation_id": str(ballot.recommendation_id),
        "number": ballot.number,
        "rules": ballot.rules,
        "minimum_days": ballot.minimum_days,
        "closes_at": ballot.closes_at.isoformat(),
        "seats": [{"seat_id": str(seat.id), "group": seat.group} for seat in electorate],
        "former_ballot_id": str(ballot.former_ballot_id) if ballot.former_ballot_id else None,
        "changed_block_ids": ballot.changed_block_ids,
    }


def hold_ballot(session: Session, ballot_id: UUID, actor: Actor) -> Ballot:
    """The ballot, held until the transaction ends, so that what is checked on it stays true."""
    return get_for_update(session, Ballot, ballot_id, queries.visible(actor))


def transition_ballot(session: Session, ballot_id: UUID, form: BallotTransition, *, actor: Actor) -> Ballot:
    """Close a ballot before its time, or declare it void."""
    found = queries.get_ballot(session, ballot_id, actor)
    # The recommendation first, as every move of it does: so `carry` and `void` wait for each other.
    recommendation = get_for_update(session, Recommendation, found.recommendation_id)
    ballot = hold_ballot(session, ballot_id, actor)
    require(Permission.BALLOT_MANAGE, ballot, actor)
    settle(session, ballot)
    facts = move_facts(session, ballot, recommendation)
    if form.transition == "close":
        _close(session, ballot, actor=actor, at=now(session), facts=facts, reason=form.reason)
    else:
        _void(session, ballot, form.transition, actor=actor, facts=facts, reason=form.reason)
    return ballot


def move_facts(session: Session, ballot: Ballot, recommendation: Recommendation) -> BallotMoveFacts:
    """What the guards of a ballot's moves ask."""
    seats = queries.seats_of(session, [ballot.id])[ballot.id]
    return BallotMoveFacts(
        is_due=is_over(ballot.closes_at, now(session)),
        seats_without_position=tuple(seat.organisation_name for seat in seats if seat.counted is None),
        is_decision_running=not ballot.is_history and recommendation.state is RecommendationState.GROUP_DECISION,
    )


def ballot_offers(view: queries.BallotView, recommendation: Recommendation, actor: Actor) -> tuple[Offer, ...]:
    """The moves the actor has on a ballot as it is seen now."""
    if not actor.may_write:
        return ()
    facts = BallotMoveFacts(
        seats_without_position=tuple(seat.organisation_name for seat in view.silent),
        is_decision_running=not view.ballot.is_history and recommendation.state is RecommendationState.GROUP_DECISION,
    )
    return BALLOT.offers(view.state, capabilities(actor, scope_of(view.ballot)), facts)


def settle(session: Session, ballot: Ballot) -> bool:
    """Record what the clock has closed; True where it was recorded just now. The caller holds the row."""
    if effective_state(ballot.state, ballot.closes_at, now(session)) is ballot.state:
        return False
    facts = BallotMoveFacts(is_due=True)
    _close(session, ballot, actor=SYSTEM_ACTOR, at=ballot.closes_at, facts=facts, effective_at=ballot.closes_at)
    return True


def settle_ballots(session: Session, recommendation: Recommendation) -> None:
    """Record what the clock has closed of one recommendation, before anything builds on it."""
    for ballot in _open_ballots(session, recommendation):
        settle(session, ballot)


def close_due_ballots(session: Session) -> int:
    """Record every ballot the clock has closed; how many there were."""
    statement = (
        select(Ballot)
        .where(Ballot.state == BallotState.OPEN, col(Ballot.closes_at) <= now(session))
        .with_for_update(of=Ballot, key_share=True, skip_locked=True)
        .execution_options(populate_existing=True)
    )
    return sum(settle(session, ballot) for ballot in session.exec(statement).all())


def void_open_ballot(session: Session, recommendation: Recommendation, *, reason: str, actor: Actor) -> None:
    """Declare a running ballot void because its recommendation goes another way; one that is over is recorded."""
    for ballot in _open_ballots(session, recommendation):
        if not settle(session, ballot):
            _void(session, ballot, "void", actor=actor, facts=None, reason=reason)


def make_ballots_history(session: Session, recommendation: Recommendation) -> None:
    """What was decided no longer counts: the recommendation goes back to its draft."""
    settle_ballots(session, recommendation)
    statement = select(Ballot).where(Ballot.recommendation_id == recommendation.id, col(Ballot.is_history).is_(False))
    for ballot in session.exec(statement):
        ballot.is_history = True
        session.add(ballot)


def _open_ballots(session: Session, recommendation: Recommendation) -> Sequence[Ballot]:
    statement = (
        select(Ballot)
        .where(Ballot.recommendation_id == recommendation.id, Ballot.state == BallotState.OPEN)
        .with_for_update(of=Ballot, key_share=True)
        .execution_options(populate_existing=True)
    )
    return session.exec(statement).all()


def _close(
    session: Session,
    ballot: Ballot,
    *,
    actor: Actor,
    at: datetime,
    facts: BallotMoveFacts,
    reason: str | None = None,
    effective_at: datetime | None = None,
) -> None:
    """Close and count: result and the end of the period for dissenting opinions are stored with the event."""
    rules = RulesOfProcedure.from_mapping(ballot.rules)
    session.flush()
    seats = queries.seats_of(session, [ballot.id])[ballot.id]
    result = queries.count_seats(seats, rules).as_mapping()
    until = dissent_deadline(at, rules.dissent_days)
    move(
        session,
        ballot,
        BALLOT,
        "close",
        actor=actor,
        facts=facts,
        reason=reason,
        texts={"closing_reason": reason} if reason else None,
        data={"result": result, "dissent_until": until.isoformat()},
        version=ballot.version,
        effective_at=effective_at,
    )
    ballot.closed_at, ballot.dissent_until, ballot.result = at, until, result
    ballot.closing_reason = reason or None
    session.add(ballot)


def _void(
    session: Session,
    ballot: Ballot,
    name: str,
    *,
    actor: Actor,
    facts: BallotMoveFacts | None,
    reason: str | None,
) -> None:
    reason = (reason or "").strip() or None
    texts = {"closing_reason": reason} if reason else None
    move(
        session,
        ballot,
        BALLOT,
        name,
        actor=actor,
        facts=facts,
        reason=reason,
        texts=texts,
        version=ballot.version,
    )
    ballot.closing_reason = reason
    session.add(ballot)


def require_standing(ballot: Ballot) -> None:
    """Raise Conflict where a ballot no longer counts."""
    if ballot.state is BallotState.VOID:
        raise Conflict(_("Diese Beschlussfassung wurde für ungültig erklärt."))
    if ballot.is_history:
        raise Conflict(_("Die Empfehlung ist zurück im Arbeitsentwurf; diese Beschlussfassung zählt nicht mehr."))
