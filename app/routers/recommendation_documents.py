"""A recommendation as PDF and ODT: the text in a version its reader may see, and two versions compared."""

from __future__ import annotations

from fastapi import APIRouter, Request
from sqlmodel import Session
from starlette.responses import Response

from app.clock import now
from app.documents.comparisons import comparison_document
from app.documents.decision_papers import decision_paper
from app.documents.document import Document
from app.documents.dossier_papers import dossier_of
from app.documents.dossiers import dossier_file
from app.documents.recommendations import recommendation_document
from app.domain.actors import Actor
from app.errors import NotFound
from app.i18n import _
from app.models.recommendations import Recommendation
from app.queries import recommendations as queries
from app.queries.decisions import decision_of
from app.queries.version_comparisons import comparison_of
from app.routers.deps import Reader, ReadSession, database_of
from app.routers.downloads import DocumentForm, document_file, packed_file

router = APIRouter()


@router.get("/empfehlungen/{key}/empfehlung.{form}")
def download_recommendation(
    request: Request, session: ReadSession, visitor: Reader, key: str, form: DocumentForm
) -> Response:
    """The text its reader sees when none is named: the published one, the pinned one, the newest."""
    recommendation = queries.get_recommendation(session, key, visitor.actor)
    document, name = text_of(session, recommendation, None, visitor.actor)
    return document_file(request, name, document, form)


@router.get("/empfehlungen/{key}/fassungen/{number:int}.{form}")
def download_version(
    request: Request, session: ReadSession, visitor: Reader, key: str, number: int, form: DocumentForm
) -> Response:
    """One version as it was."""
    recommendation = queries.get_recommendation(session, key, visitor.actor)
    document, name = text_of(session, recommendation, number, visitor.actor)
    return document_file(request, name, document, form)


@router.get("/empfehlungen/{key}/fassungen/{since:int}/{to:int}.{form}")
def download_comparison(
    request: Request, session: ReadSession, visitor: Reader, key: str, since: int, to: int, form: DocumentForm
) -> Response:
    """What changed from one version to the other: signed in the PDF, as tracked changes in the ODT."""
    recommendation = queries.get_recommendation(session, key, visitor.actor)
    document, name = changes_of(session, recommendation, since, to, visitor.actor, form)
    return document_file(request, name, document, form)


@router.get("/empfehlungen/{key}/beschlussvorlage.{form}")
def download_decision_paper(
    request: Request, session: ReadSession, visitor: Reader, key: str, form: DocumentForm
) -> Response:
    """The paper the decision is made on; for the body, the Geschäftsstelle and the Prüfung."""
    recommendation = queries.get_recommendation(session, key, visitor.actor)
    document = decision_paper(session, recommendation, visitor.actor)
    return document_file(request, f"{file_name(recommendation)}-beschlussvorlage", document, form)


@router.get("/empfehlungen/{key}/akte.zip")
def download_dossier(request: Request, session: ReadSession, visitor: Reader, key: str) -> Response:
    """Everything about the recommendation that its reader may see."""
    recommendation = queries.get_recommendation(session, key, visitor.actor)
    dossier = dossier_of(session, recommendation, visitor.actor)
    files = database_of(request).files
    return packed_file(request, f"{file_name(recommendation)}-akte", lambda: dossier_file(dossier, files))


def text_of(session: Session, recommendation: Recommendation, number: int | None, actor: Actor) -> tuple[Document, str]:
    """The text of a version and the name of its file; NotFound where the reader may not see it or there is none."""
    readable = queries.readable_versions(session, recommendation, actor)
    wanted = readable.newest if number is None else number
    if not readable.includes(wanted):
        raise NotFound()
    document = recommendation_document(session, recommendation, wanted, actor)
    return document, f"{file_name(recommendation)}-fassung-{wanted}"


def changes_of(
    session: Session, recommendation: Recommendation, since: int, to: int, actor: Actor, form: DocumentForm
) -> tuple[Document, str]:
    """Two versions compared and the name of the file; NotFound where the reader may not see both."""
    compared, _readable = comparison_of(session, recommendation, since, to, actor)
    is_tracked = form is DocumentForm.ODT
    author = recommendation.body.title if recommendation.body else _("Dialogforum")
    document = comparison_document(
        recommendation,
        compared,
        now(session),
        dissents=decision_of(session, recommendation, actor).dissents,
        author=author,
        is_tracked=is_tracked,
    )
    return document, f"{file_name(recommendation)}-vergleich-{since}-{to}"


def file_name(recommendation: Recommendation) -> str:
    """What its files are called: the reference from adoption on, before it the first signs of the id."""
    return f"empfehlung-{recommendation.reference or str(recommendation.id)[-12:]}"
