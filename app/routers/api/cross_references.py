"""Cross-references for programs."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from app.actions import cross_references as actions
from app.domain.cross_references import Relation
from app.domain.events import SubjectType
from app.forms.cross_references import CrossReferenceForm, CrossReferenceWithdrawal
from app.models.cross_references import CrossReference
from app.queries import cross_references as queries
from app.routers.api.common import Answer, Listing, answer, listing
from app.routers.deps import ApiReader, ApiWriter, ReadSession, WriteSession

router = APIRouter(prefix="/cross-references", tags=["cross-references"])


class CrossReferenceAnswer(Answer):
    """A tie between something here and an item of another plan."""

    subject_type: SubjectType
    subject_id: UUID
    relation: Relation
    plan: str
    item: str
    url: str | None
    counterpart_id: UUID | None


class CrossReferenceListing(Listing):
    """The parameters of the list."""

    subject_id: UUID | None = None
    counterpart_id: UUID | None = None


@router.get("", response_model=None)
def list_cross_references(
    request: Request, session: ReadSession, actor: ApiReader, wanted: Annotated[CrossReferenceListing, Query()]
) -> Response:
    """The cross-references the caller may read, newest first."""
    page = queries.list_cross_references(session, actor, **wanted.model_dump())
    return listing(request, page, represent, actor)


@router.post("", response_model=CrossReferenceAnswer, status_code=201)
def enter_cross_reference(
    request: Request, session: WriteSession, actor: ApiWriter, form: CrossReferenceForm
) -> Response:
    """Tie a recommendation or measure to an item of another plan."""
    made, is_new = actions.enter_cross_reference(session, form, actor=actor)
    return answer(request, represent(made), actor, status=201 if is_new else 200)


@router.get("/{key}", response_model=CrossReferenceAnswer)
def get_cross_reference(request: Request, session: ReadSession, actor: ApiReader, key: UUID) -> Response:
    """One cross-reference."""
    return answer(request, represent(queries.get_cross_reference(session, key, actor)), actor)


@router.post("/{key}/withdrawal", status_code=204)
def withdraw_cross_reference(
    session: WriteSession, actor: ApiWriter, key: UUID, form: CrossReferenceWithdrawal
) -> Response:
    """Take it back, with a reason."""
    actions.withdraw_cross_reference(session, key, form, actor=actor)
    return Response(status_code=204)


def represent(found: CrossReference) -> CrossReferenceAnswer:
    """The tie as its readers see it."""
    return CrossReferenceAnswer(
        id=found.id,
        created_at=found.created_at,
        subject_type=found.on_type,
        subject_id=found.subject_id,
        relation=found.relation,
        plan=found.plan,
        item=found.item,
        url=found.url,
        counterpart_id=found.counterpart_id,
    )
