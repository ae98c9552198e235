"""What happens with an open ballot: it closes, its end moves, or it becomes void."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col, select

from app.actions.moves import decide, move
from app.actions.permissions import require
from app.clock import now
from app.domain.actors import SYSTEM_ACTOR, Actor
from app.domain.ballots import BALLOT, BallotMoveFacts, BallotState, dissent_deadline, effective_state
from app.domain.consensus import RulesOfProcedure
from app.domain.deadlines import is_over, is_plausible_date
from app.domain.permissions import Permission, capabilities
from app.domain.recommendations import RecommendationState
from app.domain.workflow import Offer
from app.errors import Conflict, FieldError, Invalid
from app.forms.ballots import BallotTransition
from app.i18n import _
from app.models.ballots import Ballot
from app.models.recommendations import Recommendation
from app.queries import ballots as queries
from app.queries.base import get_for_update
from app.queries.scopes import scope_of
from app.wording.dates import german_deadline


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
    if form.closes_at is not None and form.transition != "postpone":
        raise Invalid(FieldError("closes_at", _("Dieses Feld gehört nicht zu diesem Schritt.")))
    match form.transition:
        case "close":
            _close(session, ballot, actor=actor, at=now(session), facts=facts, reason=form.reason)
        case "postpone":
            _postpone(session, ballot, form, actor=actor, facts=facts)
        case _:
            _void(session, ballot, form.transition, actor=actor, facts=facts, reason=form.reason)
    return ballot


def move_facts(session: Session, ballot: Ballot, recommendation: Recommendation) -> BallotMoveFacts:
    """What the guards of a ballot's moves ask."""
    seats = queries.seats_of(session, [ballot.id])[ballot.id]
    return BallotMoveFacts(
        is_due=is_over(ballot.closes_at, now(session)),
        is_postponed=ballot.postponed_from is not None,
        seats_without_position=tuple(seat.organisation_name for seat in seats if seat.counted is None),
        is_decision_running=not ballot.is_history and recommendation.state is RecommendationState.GROUP_DECISION,
    )


def ballot_offers(view: queries.BallotView, recommendation: Recommendation, actor: Actor) -> tuple[Offer, ...]:
    """The moves the actor has on a ballot as it is seen now."""
    if not actor.may_write:
        return ()
    facts = BallotMoveFacts(
        is_postponed=view.ballot.postponed_from is not None,
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


def _postpone(
    session: Session, ballot: Ballot, form: BallotTransition, *, actor: Actor, facts: BallotMoveFacts
) -> None:
    """Let a running ballot end later; everybody is told, and reminded of the new end."""
    decide(ballot, BALLOT, "postpone", actor=actor, facts=facts, reason=form.reason)
    former, later = ballot.closes_at, form.closes_at
    if later is None:
        raise Invalid(FieldError("closes_at", _("Bitte füllen Sie dieses Feld aus.")))
    if later <= former:
        sentence = _("Das Ende lässt sich nur nach hinten verschieben, über den {moment} hinaus.")
        raise Invalid(FieldError("closes_at", sentence.format(moment=german_deadline(former))))
    if not is_plausible_date(later.date()):
        raise Invalid(FieldError("closes_at", _("Bitte wählen Sie einen früheren Tag.")))
    reason = (form.reason or "").strip()
    move(
        session,
        ballot,
        BALLOT,
        "postpone",
        actor=actor,
        facts=facts,
        reason=reason,
        texts={"postponing_reason": reason},
        data={"former_closes_at": former.isoformat(), "closes_at": later.isoformat()},
        version=ballot.version,
    )
    ballot.postponed_from, ballot.closes_at, ballot.postponing_reason = former, later, reason
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
