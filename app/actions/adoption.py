"""Recording an adoption: the voted version is frozen, and the recommendation gets its reference number for good."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from sqlmodel import Session, func, select

from app.actions.moves import move
from app.clock import now
from app.domain.actors import Actor
from app.domain.ballots import BallotState
from app.domain.deadlines import berlin_date
from app.domain.editions import EditionState
from app.domain.recommendations import RECOMMENDATION
from app.domain.references import make_reference
from app.domain.workflow import Blocker
from app.errors import FieldError, Invalid, MoveBlocked
from app.i18n import _
from app.models.ballots import Ballot
from app.models.programmes import Edition, FieldOfAction
from app.models.recommendations import Recommendation
from app.queries.ballots import find_newest_ballot
from app.queries.base import get_for_update
from app.queries.recommendation_facts import facts_of
from app.wording import blocker_sentence


def adopt_recommendation(
    session: Session,
    recommendation: Recommendation,
    *,
    deciding_body: str,
    decided_on: date,
    decision_reference: str,
    actor: Actor,
    reason: str | None = None,
) -> Recommendation:
    """Adopt one recommendation; in a frozen edition only the adoption of the whole edition calls this.

    The caller holds the recommendation's row. What is adopted is the version that was voted on.
    """
    edition = get_for_update(session, Edition, recommendation.edition_id)
    facts = replace(
        facts_of(session, recommendation),
        edition_accepts_adoption=edition.state in {EditionState.OPEN, EditionState.FROZEN},
    )
    ballot = find_newest_ballot(session, recommendation.id)
    if ballot is None or ballot.state is not BallotState.CLOSED:
        raise MoveBlocked([blocker_sentence(Blocker("ballot_void"))])
    check_decided_on(session, decided_on, ballot)
    field = session.get_one(FieldOfAction, recommendation.field_of_action_id)
    number = _next_number(session, recommendation)
    reference = make_reference(edition.code, field.code, number)
    recommendation.number = number
    recommendation.reference = reference
    recommendation.adopted_version = ballot.version
    recommendation.deciding_body = deciding_body
    recommendation.decided_on = decided_on
    recommendation.decision_reference = decision_reference
    recommendation.adopted_at = now(session)
    move(
        session,
        recommendation,
        RECOMMENDATION,
        "adopt",
        actor=actor,
        facts=facts,
        reason=reason,
        version=ballot.version,
        data={
            "reference": reference,
            "decided_on": decided_on.isoformat(),
            "edition_id": str(edition.id),
            "ballot_id": str(ballot.id),
        },
        texts={"deciding_body": deciding_body, "decision_reference": decision_reference},
    )
    return recommendation


def check_decided_on(session: Session, decided_on: date, ballot: Ballot) -> None:
    """Raise Invalid for a day of decision in the future, or before the day the ballot closed (both in Berlin)."""
    if decided_on > berlin_date(now(session)):
        raise Invalid(FieldError("decided_on", _("Der Tag der Verabschiedung darf nicht in der Zukunft liegen.")))
    closed_on = berlin_date(ballot.closed_at or ballot.closes_at)
    if decided_on < closed_on:
        raise Invalid(
            FieldError(
                "decided_on",
                _("Die Beschlussfassung im Gremium endete erst am {day}; die Verabschiedung liegt nicht davor.").format(
                    day=closed_on.strftime("%d.%m.%Y")
                ),
            )
        )


def _next_number(session: Session, recommendation: Recommendation) -> int:
    """One more than the highest ever given in edition and field; the edition's row is held, so no two get one."""
    statement = select(func.max(Recommendation.number)).where(
        Recommendation.edition_id == recommendation.edition_id,
        Recommendation.field_of_action_id == recommendation.field_of_action_id,
    )
    return (session.exec(statement).one() or 0) + 1
