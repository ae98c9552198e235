"""Reads behind the links by which an addressee answers without an account; the signed keys alone say for whom."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlmodel import Session, col, or_, select

from app.domain.implementation import AddresseeAnswer
from app.models.organisations import Organisation
from app.models.recommendations import Recommendation
from app.models.responses import AddresseeResponse
from app.queries.contact_addresses import speaker_by_mark
from app.queries.responses import ANSWERABLE_STATES


@dataclass(frozen=True, slots=True)
class AskedResponse:
    """A response a link leads to, with its recommendation; `speaker_id` is None once the link was replaced."""

    response: AddresseeResponse
    recommendation: Recommendation
    organisation: Organisation
    speaker_id: UUID | None

    @property
    def is_open(self) -> bool:
        """True while an answer is taken: as long as the recommendation stands, after the deadline, too."""
        return self.speaker_id is not None and self.recommendation.state in ANSWERABLE_STATES


def follow(session: Session, response_id: UUID, mark: UUID) -> AskedResponse | None:
    """What a link leads to, whether or not it still takes an answer; None for an unknown one. Two statements."""
    statement = (
        select(AddresseeResponse, Recommendation, Organisation)
        .join(Recommendation, col(Recommendation.id) == AddresseeResponse.recommendation_id)
        .join(Organisation, col(Organisation.id) == AddresseeResponse.organisation_id)
        .where(AddresseeResponse.id == response_id)
    )
    found = session.exec(statement).one_or_none()
    if found is None:
        return None
    response, recommendation, organisation = found
    speaker_id = speaker_by_mark(session, response.id, organisation.id, mark)
    return AskedResponse(response, recommendation, organisation, speaker_id)


def list_unanswered(session: Session, organisation: Organisation) -> Sequence[AddresseeResponse]:
    """What the organisation, and the collectives it answers for, are still asked."""
    statement = (
        select(AddresseeResponse)
        .join(Recommendation, col(Recommendation.id) == AddresseeResponse.recommendation_id)
        .join(Organisation, col(Organisation.id) == AddresseeResponse.organisation_id)
        .where(
            or_(
                col(Organisation.id).in_([organisation.id, organisation.answers_for_id]),
                col(Organisation.answers_for_id) == organisation.id,
            ),
            col(Recommendation.state).in_(ANSWERABLE_STATES),
            AddresseeResponse.answer == AddresseeAnswer.PENDING,
            col(AddresseeResponse.is_addressee),
        )
        .order_by(col(AddresseeResponse.created_at), col(AddresseeResponse.id))
    )
    return session.exec(statement).all()
