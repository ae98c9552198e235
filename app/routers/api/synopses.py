"""The Stellungnahmensynopse for programs: the same table as its page offers, as a file."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from app.clock import now
from app.queries import consultations as queries
from app.queries import recommendations
from app.routers.consultation_views import consultation_of
from app.routers.deps import ApiReader, ReadSession
from app.routers.downloads import WRITTEN_TYPES
from app.routers.synopses import SynopsisForm, SynopsisNarrowed, synopsis_file

router = APIRouter(prefix="/comment-rounds/{round_id}", tags=["consultations"])
FILES: dict[int | str, dict[str, Any]] = {
    200: {"description": "Die Datei", "content": {kind.partition(";")[0]: {} for kind in WRITTEN_TYPES.values()}}
}


@router.get("/synopsis.{form}", response_class=Response, responses=FILES)
def get_synopsis(
    request: Request,
    session: ReadSession,
    actor: ApiReader,
    round_id: UUID,
    form: SynopsisForm,
    wanted: Annotated[SynopsisNarrowed, Query()],
) -> Response:
    """Every statement of the round the caller may read, in the order of the text, narrowed as the list is."""
    found = queries.get_round(session, round_id, actor)
    recommendation = recommendations.get_recommendation(session, found.recommendation_id, actor)
    consultation = consultation_of(recommendation, found, actor, now(session))
    return synopsis_file(request, session, consultation, wanted, form)
