"""The proof of participation: who was invited to a recommendation, who answered, and who was silent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import String, and_, literal, union
from sqlalchemy.orm import joinedload
from sqlmodel import Session, col, select

from app.domain.actors import Actor
from app.domain.ballots import BallotState
from app.domain.co_signatures import CoSignatureState
from app.domain.consultations import StatementState
from app.domain.organisations import ParticipationClass
from app.domain.recommendations import PUBLIC_STATES
from app.errors import NotFound
from app.models.ballots import Ballot, SeatPosition
from app.models.bodies import Seat
from app.models.co_signatures import CoSignature
from app.models.consultations import Invitation, Statement
from app.models.organisations import Organisation
from app.models.recommendations import Recommendation
from app.queries.base import DEFAULT_LIMIT, Page, page_of


class Answered(StrEnum):
    """How an organisation answered."""

    STATEMENT = "statement"
    POSITION = "position"
    CO_SIGNATURE = "co_signature"


@dataclass(frozen=True, slots=True)
class Participant:
    """An organisation that was invited or answered."""

    organisation: Organisation
    invitations: tuple[Invitation, ...]
    answers: frozenset[Answered]

    @property
    def has_answered(self) -> bool:
        """True where something came from it; a vote counts once its ballot is closed."""
        return bool(self.answers)


@dataclass(frozen=True, slots=True)
class Participation:
    """Everybody who was invited or answered, and the mandatory ones that were not invited."""

    participants: tuple[Participant, ...]
    mandatory_registered: int
    mandatory_not_invited: tuple[Organisation, ...]

    @property
    def invited(self) -> tuple[Participant, ...]:
        """Those with an invitation."""
        return tuple(each for each in self.participants if each.invitations)

    @property
    def answered(self) -> tuple[Participant, ...]:
        """Those who answered, invited or not."""
        return tuple(each for each in self.participants if each.has_answered)

    @property
    def silent(self) -> tuple[Participant, ...]:
        """Those who were invited and did not answer; silence is no consent."""
        return tuple(each for each in self.invited if not each.has_answered)

    def of_class(self, wanted: ParticipationClass) -> tuple[Participant, ...]:
        """Those § 45 AufenthG places alike."""
        return tuple(each for each in self.participants if each.organisation.participation_class is wanted)


def require_readable(recommendation: Recommendation, actor: Actor) -> None:
    """Raise NotFound for a reader outside the body before the publication opens the proof."""
    if recommendation.state in PUBLIC_STATES or actor.is_secretariat or actor.is_auditor:
        return
    if recommendation.body_id not in actor.body_ids:
        raise NotFound()


def reads_references(recommendation: Recommendation, actor: Actor) -> bool:
    """True inside the body: where an invitation is filed is not published, for it may name a person."""
    return actor.is_secretariat or actor.is_auditor or recommendation.body_id in actor.body_ids


def participation_of(session: Session, recommendation: Recommendation) -> Participation:
    """The proof for one recommendation, in four statements."""
    invitations = list_invitations(session, recommendation.id)
    answers = _answers(session, recommendation.id)
    mandatory = _mandatory(session)
    by_organisation: dict[UUID, list[Invitation]] = {}
    known = {each.id: each for each in mandatory}
    for invitation in invitations:
        by_organisation.setdefault(invitation.organisation_id, []).append(invitation)
        if invitation.organisation:
            known[invitation.organisation_id] = invitation.organisation
    strangers = [key for key in answers if key not in known]
    if strangers:
        found = session.exec(select(Organisation).where(col(Organisation.id).in_(strangers))).all()
        known |= {each.id: each for each in found}
    keys = sorted({*by_organisation, *answers}, key=lambda key: (known[key].sort_key, str(key)))
    return Participation(
        participants=tuple(
            Participant(known[key], tuple(by_organisation.get(key, ())), frozenset(answers.get(key, ())))
            for key in keys
        ),
        mandatory_registered=len(mandatory),
        mandatory_not_invited=tuple(each for each in mandatory if each.id not in by_organisation),
    )


def list_invitations(session: Session, recommendation_id: UUID) -> Sequence[Invitation]:
    """The invitations to a recommendation with their organisations, oldest first."""
    statement = (
        select(Invitation)
        .options(joinedload(Invitation.organisation))  # type: ignore[arg-type]
        .where(Invitation.recommendation_id == recommendation_id)
        .order_by(col(Invitation.invited_on), col(Invitation.created_at), col(Invitation.id))
    )
    return session.exec(statement).all()


def page_of_invitations(
    session: Session, recommendation_id: UUID, *, limit: int = DEFAULT_LIMIT, after: str | None = None
) -> Page[Invitation]:
    """The invitations to a recommendation, newest first, page by page."""
    statement = select(Invitation).where(Invitation.recommendation_id == recommendation_id)
    return page_of(session, statement, Invitation, limit=limit, after=after)


def _answers(session: Session, recommendation_id: UUID) -> dict[UUID, set[Answered]]:
    stated = select(col(Statement.organisation_id), literal(Answered.STATEMENT.value, String)).where(
        Statement.recommendation_id == recommendation_id,
        col(Statement.organisation_id).is_not(None),
        col(Statement.state) != StatementState.WITHDRAWN,
    )
    signed = select(col(CoSignature.organisation_id), literal(Answered.CO_SIGNATURE.value, String)).where(
        CoSignature.recommendation_id == recommendation_id,
        col(CoSignature.state).not_in([CoSignatureState.REQUESTED, CoSignatureState.WITHDRAWN]),
    )
    voted = (
        select(col(Seat.organisation_id), literal(Answered.POSITION.value, String))
        .join(SeatPosition, col(SeatPosition.seat_id) == Seat.id)
        .join(Ballot, and_(col(Ballot.id) == SeatPosition.ballot_id, col(Ballot.state) == BallotState.CLOSED))
        .where(Ballot.recommendation_id == recommendation_id)
    )
    found: dict[UUID, set[Answered]] = {}
    rows: Sequence[Any] = session.connection().execute(union(stated, signed, voted)).all()
    for row in rows:
        found.setdefault(row[0], set()).add(Answered(row[1]))
    return found


def _mandatory(session: Session) -> Sequence[Organisation]:
    statement = (
        select(Organisation)
        .where(Organisation.participation_class == ParticipationClass.MANDATORY, col(Organisation.is_active))
        .order_by(col(Organisation.sort_key), col(Organisation.id))
    )
    return session.exec(statement).all()
