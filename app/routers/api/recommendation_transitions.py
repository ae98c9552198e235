"""The moves of a recommendation for programs."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.actions.recommendation_transitions import transition_recommendation
from app.forms.recommendation_transitions import RecommendationTransition
from app.routers.api.common import answer
from app.routers.api.recommendations import RecommendationAnswer, shown
from app.routers.deps import ApiWriter, WriteSession

router = APIRouter(prefix="/recommendations", tags=["recommendations"])


@router.post("/{recommendation_id}/transitions", response_model=RecommendationAnswer)
def move_recommendation(
    request: Request,
    session: WriteSession,
    actor: ApiWriter,
    recommendation_id: UUID,
    form: RecommendationTransition,
) -> Response:
    """Make a move with what it needs."""
    moved = transition_recommendation(session, recommendation_id, form, actor=actor)
    return answer(request, shown(session, moved.id, actor), actor)
