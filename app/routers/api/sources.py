"""Where the blocks of a recommendation come from, for programs: saying so, and what has no counterpart yet."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter, Request
from pydantic import BaseModel
from starlette.responses import Response

from app.actions.sources import set_sources
from app.domain.actors import Actor
from app.domain.events import SubjectType
from app.errors import NotFound
from app.forms.sources import BlockSourcesForm
from app.models.recommendations import Recommendation
from app.queries import recommendations as queries
from app.queries.provenance import Provenance, provenance_of
from app.routers.api.common import answer
from app.routers.api.versions import SourceAnswer
from app.routers.deps import ApiReader, ApiWriter, ReadSession, WriteSession

router = APIRouter(prefix="/recommendations/{recommendation_id}", tags=["recommendations"])


class BlockSourcesAnswer(BaseModel):
    """One block of the newest version with what it comes from."""

    block_id: UUID
    sources: list[SourceAnswer]


class CoverageAnswer(BaseModel):
    """The newest version's blocks with their sources, and what is missing on either side."""

    version: int
    blocks: list[BlockSourcesAnswer]
    block_ids_without_source: list[UUID]
    need_ids_without_block: list[UUID]
    proposal_ids_without_block: list[UUID]


@router.get("/coverage", response_model=CoverageAnswer)
def get_coverage(request: Request, session: ReadSession, actor: ApiReader, recommendation_id: UUID) -> Response:
    """Which blocks name a source and which needs and proposals stand in a block; for the body alone."""
    recommendation = queries.get_recommendation(session, recommendation_id, actor)
    if not queries.reads_inside(recommendation, actor):
        raise NotFound()
    found = provenance_of(session, recommendation, recommendation.version, actor)
    shown = CoverageAnswer(
        version=recommendation.version,
        blocks=[_block(found, block.id) for block in found.texts],
        block_ids_without_source=[block.id for block in found.without_source],
        need_ids_without_block=_without_block(found, SubjectType.NEED),
        proposal_ids_without_block=_without_block(found, SubjectType.PROPOSAL),
    )
    return answer(request, shown, actor)


@router.put("/blocks/{block_id}/sources", response_model=BlockSourcesAnswer)
def put_sources(
    request: Request,
    session: WriteSession,
    actor: ApiWriter,
    recommendation_id: UUID,
    block_id: UUID,
    form: BlockSourcesForm,
) -> Response:
    """Say everything one block of the newest version comes from; what the caller can't see stays."""
    recommendation = set_sources(session, recommendation_id, block_id, form, actor=actor)
    session.flush()
    return answer(request, _shown(session, recommendation, block_id, actor), actor)


def _shown(session: WriteSession, recommendation: Recommendation, block_id: UUID, actor: Actor) -> BlockSourcesAnswer:
    return _block(provenance_of(session, recommendation, recommendation.version, actor), block_id)


def _block(found: Provenance, block_id: UUID) -> BlockSourcesAnswer:
    sources = [SourceAnswer(type=origin.kind, id=origin.id) for origin, _place in found.of_block(block_id)]
    return BlockSourcesAnswer(block_id=block_id, sources=sources)


def _without_block(found: Provenance, kind: SubjectType) -> list[UUID]:
    return [origin.id for origin in found.without_block if origin.kind is kind]
