"""What needs and proposals answer alike, and the parameters of their lists."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from pydantic import Field

from app.domain.visibility import Visibility
from app.forms.base import SearchWords
from app.models.needs import Evidence
from app.queries.contribution_details import Details
from app.queries.contributions import Contribution, ContributionFilter, Order
from app.queries.links import LinkKind
from app.routers.api.common import Answer, Listing, StatefulAnswer

F = TypeVar("F", bound=ContributionFilter)


class EvidenceAnswer(Answer):
    """A source."""

    kind: str
    source: str
    url: str | None
    summary: str
    organisation_id: UUID | None


class ContributionAnswer(StatefulAnswer):
    """A need or proposal; what only its own readers see is null or empty for those whom a publication let in."""

    body_id: UUID
    title: str
    description: str
    organisation_id: UUID | None
    visibility: str | None = None
    topic_id: UUID | None = None
    guiding_question_ids: list[UUID] = Field(default=[])
    cross_cutting_theme_ids: list[UUID] = Field(default=[])
    target_group_ids: list[UUID] = Field(default=[])
    reader_ids: list[UUID] = Field(default=[])
    seat_id: UUID | None = None
    submitted_at: datetime | None = None
    answer: str | None = None
    merged_into_id: UUID | None = None
    merged_ids: list[UUID] = Field(default=[])
    recommendation_ids: list[UUID] = Field(default=[])
    support_count: int = 0
    supporting_organisation_ids: list[UUID] = Field(default=[])
    evidence: list[EvidenceAnswer] = Field(default=[])


class ContributionListing(Listing):
    """The parameters of the lists; several values of one parameter mean any of them."""

    body_id: UUID | None = None
    field_of_action_id: UUID | None = None
    organisation_id: UUID | None = None
    visibility: Visibility | None = None
    topic_id: UUID | None = None
    guiding_question_ids: list[UUID] = Field(default=[], max_length=20)
    cross_cutting_theme_ids: list[UUID] = Field(default=[], max_length=20)
    target_group_ids: list[UUID] = Field(default=[], max_length=20)
    q: SearchWords | None = None
    order: Order = Order.NEWEST

    def chosen(self, kind: type[F]) -> F:
        """The parameters as the filter of the queries."""
        return kind(**self.model_dump(exclude={"limit", "after", "order"}))


def common_fields(thing: Contribution, details: Details) -> dict[str, Any]:
    """The fields of a need or proposal this reader sees."""
    fields: dict[str, Any] = {
        "id": thing.id,
        "created_at": thing.created_at,
        "state": thing.state.value,
        "body_id": thing.body_id,
        "title": thing.title,
        "description": thing.description,
        "organisation_id": thing.organisation_id,
        "recommendation_ids": details.ids(LinkKind.RECOMMENDATION),
    }
    if details.is_whole:
        fields |= {
            "visibility": thing.visibility.value,
            "topic_id": thing.topic_id,
            **details.tag_ids,
            "reader_ids": details.reader_ids,
            "seat_id": thing.seat_id,
            "submitted_at": thing.submitted_at,
            "answer": thing.answer,
            "merged_into_id": next(iter(details.ids(LinkKind.MERGED_INTO)), None),
            "merged_ids": details.ids(LinkKind.MERGED_FROM),
            "support_count": len(details.supporters),
            "supporting_organisation_ids": [each.organisation_id for each in details.supporters],
            "evidence": evidence_answers(details.evidence),
        }
    return fields


def evidence_answers(evidence: Sequence[Evidence]) -> list[EvidenceAnswer]:
    """The sources as the API shows them."""
    return [EvidenceAnswer.model_validate(each) for each in evidence]
