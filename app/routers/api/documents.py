"""The files of a recommendation for programs: the same documents as its pages offer, under the same visibility."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request
from pydantic import Field
from starlette.responses import Response

from app.documents.decision_papers import decision_paper
from app.documents.dossier_papers import dossier_of
from app.documents.dossiers import dossier_file
from app.forms.base import Input
from app.queries import recommendations as queries
from app.routers.api.versions import Compared, compared_numbers
from app.routers.deps import ApiReader, ReadSession, database_of
from app.routers.downloads import DocumentForm, document_file, packed_file
from app.routers.recommendation_documents import changes_of, file_name, text_of

router = APIRouter(prefix="/recommendations/{recommendation_id}", tags=["recommendations"])
FILES: dict[int | str, dict[str, Any]] = {
    200: {"description": "Die Datei", "content": {"application/pdf": {}, "application/vnd.oasis.opendocument.text": {}}}
}
PACKED: dict[int | str, dict[str, Any]] = {200: {"description": "Die Datei", "content": {"application/zip": {}}}}


class ChosenVersion(Input):
    """Which version is wanted; without it the one the caller sees when none is named."""

    version: int | None = Field(default=None, ge=1)


@router.get("/document.{form}", response_class=Response, responses=FILES)
def get_document(
    request: Request,
    session: ReadSession,
    actor: ApiReader,
    recommendation_id: UUID,
    form: DocumentForm,
    wanted: Annotated[ChosenVersion, Query()],
) -> Response:
    """The text as a file, with what must go with it."""
    recommendation = queries.get_recommendation(session, recommendation_id, actor)
    document, name = text_of(session, recommendation, wanted.version, actor)
    return document_file(request, name, document, form)


@router.get("/compare.{form}", response_class=Response, responses=FILES)
def get_comparison_document(
    request: Request,
    session: ReadSession,
    actor: ApiReader,
    recommendation_id: UUID,
    form: DocumentForm,
    wanted: Annotated[Compared, Query()],
) -> Response:
    """Two versions compared as a file: signed in the PDF, as tracked changes in the ODT."""
    recommendation = queries.get_recommendation(session, recommendation_id, actor)
    since, to = compared_numbers(session, recommendation, wanted, actor)
    document, name = changes_of(session, recommendation, since, to, actor, form)
    return document_file(request, name, document, form)


@router.get("/decision-paper.{form}", response_class=Response, responses=FILES)
def get_decision_paper(
    request: Request, session: ReadSession, actor: ApiReader, recommendation_id: UUID, form: DocumentForm
) -> Response:
    """The Beschlussvorlage as a file; for the body, the Geschäftsstelle and the Prüfung."""
    recommendation = queries.get_recommendation(session, recommendation_id, actor)
    document = decision_paper(session, recommendation, actor)
    return document_file(request, f"{file_name(recommendation)}-beschlussvorlage", document, form)


@router.get("/dossier.zip", response_class=Response, responses=PACKED)
def get_dossier_file(request: Request, session: ReadSession, actor: ApiReader, recommendation_id: UUID) -> Response:
    """Everything the caller may see about the recommendation as PDF/A, with a directory."""
    recommendation = queries.get_recommendation(session, recommendation_id, actor)
    dossier = dossier_of(session, recommendation, actor)
    files = database_of(request).files
    return packed_file(request, f"{file_name(recommendation)}-akte", lambda: dossier_file(dossier, files))
