"""How an edition goes on with recommendations, for programs."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from app.actions import continuations as actions
from app.actions.permissions import require
from app.domain.continuations import ContinuationChoice
from app.domain.permissions import Permission
from app.forms.continuations import ContinuationForm
from app.queries import continuations as queries
from app.queries import editions
from app.routers.api.common import Answer, Listing, answer, listing
from app.routers.deps import ApiReader, ApiWriter, ReadSession, WriteSession

router = APIRouter(prefix="/editions/{edition_id}/continuations", tags=["editions"])


class ContinuationAnswer(Answer):
    """What was chosen for one recommendation; `draft_id` is the draft that is written in its place."""

    edition_id: UUID
    recommendation_id: UUID
    choice: ContinuationChoice
    draft_id: UUID | None


@router.get("", response_model=None)
def list_continuations(
    request: Request, session: ReadSession, actor: ApiReader, edition_id: UUID, wanted: Annotated[Listing, Query()]
) -> Response:
    """What was chosen so far, newest first; the Geschäftsstelle's to read."""
    require(Permission.PROGRAMME_MANAGE, None, actor)
    edition = editions.get_edition(session, edition_id)
    page = queries.page_of_continuations(session, edition, limit=wanted.limit, after=wanted.after)
    return listing(request, page, ContinuationAnswer.model_validate, actor)


@router.post("", response_model=ContinuationAnswer, status_code=201)
def continue_recommendation(
    request: Request, session: WriteSession, actor: ApiWriter, edition_id: UUID, form: ContinuationForm
) -> Response:
    """Carry a recommendation over as it is, open its revision as a new draft, or bring it to an end."""
    made, is_new = actions.continue_recommendation(session, edition_id, form, actor=actor)
    return answer(request, ContinuationAnswer.model_validate(made), actor, status=201 if is_new else 200)
