"""The unsaved text of a recommendation for programs: each person's own, found again on any machine."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from pydantic import BaseModel
from starlette.responses import Response

from app.actions.drafts import discard_draft, keep_draft
from app.errors import NotFound
from app.forms.drafts import DraftForm
from app.forms.versions import BlockInput
from app.models.drafts import Draft
from app.models.recommendations import Recommendation
from app.queries import recommendations as queries
from app.queries.drafts import find_draft
from app.routers.api.common import answer
from app.routers.deps import ApiReader, ApiWriter, ReadSession, WriteSession

router = APIRouter(prefix="/recommendations/{recommendation_id}/draft", tags=["recommendations"])


class DraftAnswer(BaseModel):
    """What one wrote and has not saved as a version; `blocks` is null where the text was kept as it was typed."""

    recommendation_id: UUID
    base_version: int
    version: int
    revision: int
    updated_at: datetime
    title: str
    blocks: list[BlockInput] | None
    text: str | None
    addressee_ids: list[UUID]
    note: str
    reason: str
    editorial: bool
    seat_id: UUID | None
    url: str


@router.get("", response_model=DraftAnswer)
def get_draft(request: Request, session: ReadSession, actor: ApiReader, recommendation_id: UUID) -> Response:
    """The caller's own draft; 404 where there is none. Nobody reads another's."""
    recommendation = queries.get_recommendation(session, recommendation_id, actor)
    draft = find_draft(session, recommendation.id, actor)
    if draft is None:
        raise NotFound()
    return answer(request, represent(recommendation, draft), actor)


@router.put("", response_model=DraftAnswer)
def put_draft(
    request: Request, session: WriteSession, actor: ApiWriter, recommendation_id: UUID, form: DraftForm
) -> Response:
    """Keep the text, finished or not; 409 where the draft went on elsewhere since `revision`, or is gone."""
    recommendation = queries.get_recommendation(session, recommendation_id, actor)
    draft = keep_draft(session, recommendation, form, actor=actor)
    return answer(request, represent(recommendation, draft), actor)


@router.delete("", response_model=None, status_code=204)
def delete_draft(session: WriteSession, actor: ApiWriter, recommendation_id: UUID) -> Response:
    """Throw the draft away; without one nothing happens."""
    discard_draft(session, queries.get_recommendation(session, recommendation_id, actor), actor=actor)
    return Response(status_code=204)


def represent(recommendation: Recommendation, draft: Draft) -> DraftAnswer:
    """The draft as its writer sees it, with the version it would be saved behind."""
    kept: dict[str, Any] = draft.model_dump(exclude={"fields"})
    url = f"{queries.url_of(recommendation)}/bearbeiten"
    return DraftAnswer.model_validate({**kept, **draft.fields, "version": recommendation.version, "url": url})
