"""How far each numbered part of a published recommendation is, for programs."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict
from starlette.responses import Response

from app.domain.implementation import ImplementationRule, ImplementationStatus
from app.domain.recommendations import PUBLIC_STATES
from app.errors import NotFound
from app.queries import measures, recommendations
from app.queries.implementation import parts_of
from app.queries.responses import addressees_with_answers
from app.routers.api.common import answer
from app.routers.deps import ApiReader, ReadSession

router = APIRouter(prefix="/recommendations/{recommendation_id}/parts", tags=["recommendations"])


class PartAnswer(BaseModel):
    """A part tracked by itself, with the rule that gave its status."""

    model_config = ConfigDict(from_attributes=True)

    number: str
    text: str
    status: ImplementationStatus
    rule: ImplementationRule
    measures: int
    verified: int


class PartsAnswer(BaseModel):
    """The parts of a recommendation in the order of its text; none where it numbers none."""

    parts: list[PartAnswer]


@router.get("", response_model=PartsAnswer)
def list_parts(request: Request, session: ReadSession, actor: ApiReader, recommendation_id: UUID) -> Response:
    """How far each numbered part of a published recommendation is."""
    recommendation = recommendations.get_recommendation(session, recommendation_id, actor)
    if recommendation.state not in PUBLIC_STATES:
        raise NotFound()
    found = parts_of(
        recommendation,
        measures.tracked_parts(session, recommendation),
        addressees_with_answers(session, recommendation, recommendation.adopted_version or 0),
        measures.measures_of(session, recommendation, actor),
    )
    return answer(request, PartsAnswer(parts=[PartAnswer.model_validate(each) for each in found]), actor)
