"""The versions of a recommendation for programs: saving, reading and comparing them."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, Field
from sqlmodel import Session
from starlette.responses import Response

from app.actions import versions as actions
from app.actions.versions import plain_block
from app.domain.actors import Actor
from app.domain.text import BlockChange, BlockKind, BlockPart, ChangeKind
from app.errors import NotFound
from app.forms.base import Input
from app.forms.versions import VersionForm
from app.models.recommendations import BlockSource, Recommendation
from app.queries import recommendations as queries
from app.queries.base import decode_cursor, encode_cursor
from app.queries.recommendation_links import sources_of
from app.queries.version_comparisons import VersionComparison, comparison_of
from app.queries.versions import VersionEntry, VersionText, list_versions
from app.routers.api.common import Answer, Listing, answer
from app.routers.deps import ApiReader, ApiWriter, ReadSession, WriteSession

router = APIRouter(prefix="/recommendations/{recommendation_id}", tags=["recommendations"])


class SourceAnswer(BaseModel):
    """What a block comes from."""

    type: str
    id: UUID


class PlainBlockAnswer(BaseModel):
    """One block by itself."""

    id: UUID
    part: BlockPart
    kind: BlockKind
    number: str | None
    text: str


class BlockAnswer(PlainBlockAnswer):
    """One block with its sources."""

    sources: list[SourceAnswer] = Field(default_factory=list)


class VersionHead(Answer):
    """A version without its text."""

    number: int
    base_version: int
    title: str
    editorial: bool
    content_hash: str
    note: str | None = None
    url: str = ""


class VersionAnswer(VersionHead):
    """A version with its whole text."""

    organisation_id: UUID | None
    addressee_ids: list[UUID]
    blocks: list[BlockAnswer]


class VersionPage(BaseModel):
    """A page of the list of versions."""

    items: list[VersionHead]
    next: str | None


class SpanAnswer(BaseModel):
    """A run of words that stayed, came or went."""

    kind: str
    text: str


class ChangeAnswer(BaseModel):
    """What happened to one block, or to several that were split or merged."""

    kind: str
    is_moved: bool
    is_retyped: bool
    is_rewritten: bool
    old: list[dict[str, Any]]
    new: list[dict[str, Any]]
    spans: list[SpanAnswer]


class ComparisonAnswer(BaseModel):
    """Two versions side by side; decides nothing."""

    from_version: int
    to_version: int
    title: list[SpanAnswer]
    addressees_added: list[UUID]
    addressees_removed: list[UUID]
    blocks: list[ChangeAnswer]


class Compared(Input):
    """Which versions are compared; without them the newest one with the one before."""

    from_: int | None = Field(default=None, alias="from", ge=1)
    to: int | None = Field(default=None, ge=1)


@router.post("/versions", response_model=VersionAnswer, status_code=201)
def save_version(
    request: Request, session: WriteSession, actor: ApiWriter, recommendation_id: UUID, form: VersionForm
) -> Response:
    """Save the next version; 409 with base, yours and theirs where another was saved in between."""
    version, is_new = actions.post_version(session, recommendation_id, form, actor=actor)
    session.flush()
    recommendation = queries.get_recommendation(session, recommendation_id, actor)
    shown = read_version(session, recommendation, version.number, actor)
    return answer(request, shown, actor, status=201 if is_new else 200)


@router.get("/versions", response_model=VersionPage)
def list_recommendation_versions(
    request: Request,
    session: ReadSession,
    actor: ApiReader,
    recommendation_id: UUID,
    wanted: Annotated[Listing, Query()],
) -> Response:
    """The versions the caller may see, newest first, without their texts."""
    recommendation = queries.get_recommendation(session, recommendation_id, actor)
    readable = queries.readable_versions(session, recommendation, actor)
    before = None if wanted.after is None else decode_cursor(wanted.after, _number)
    entries = [
        each for each in list_versions(session, recommendation, readable) if before is None or each.number < before
    ]
    items = [_head(recommendation, each) for each in entries[: wanted.limit]]
    following = encode_cursor([str(items[-1].number)]) if len(entries) > wanted.limit else None
    return answer(request, VersionPage(items=items, next=following), actor)


@router.get("/versions/{number}", response_model=VersionAnswer)
def get_recommendation_version(
    request: Request, session: ReadSession, actor: ApiReader, recommendation_id: UUID, number: int
) -> Response:
    """One version with its whole text."""
    recommendation = queries.get_recommendation(session, recommendation_id, actor)
    _require_readable(session, recommendation, actor, number)
    return answer(request, read_version(session, recommendation, number, actor), actor)


@router.get("/compare", response_model=ComparisonAnswer)
def compare_versions(
    request: Request,
    session: ReadSession,
    actor: ApiReader,
    recommendation_id: UUID,
    wanted: Annotated[Compared, Query()],
) -> Response:
    """What changed between two versions, block by block and word by word."""
    recommendation = queries.get_recommendation(session, recommendation_id, actor)
    since, to = compared_numbers(session, recommendation, wanted, actor)
    compared, _readable = comparison_of(session, recommendation, since, to, actor)
    return answer(request, comparison(compared), actor)


def compared_numbers(
    session: Session, recommendation: Recommendation, wanted: Compared, actor: Actor
) -> tuple[int, int]:
    """Which two versions are meant."""
    to = wanted.to or queries.readable_version(session, recommendation, actor)
    return wanted.from_ or max(to - 1, 1), to


def read_version(session: Session, recommendation: Recommendation, number: int, actor: Actor) -> VersionAnswer:
    """A version the caller may read, with its text and the sources of its blocks."""
    text = queries.get_version(session, recommendation, number)
    return represent(recommendation, text, sources_of(session, recommendation, actor))


def represent(
    recommendation: Recommendation, text: VersionText, sources: dict[UUID, list[BlockSource]]
) -> VersionAnswer:
    """The version as the API shows it."""
    version = text.version
    if version is None:
        raise NotFound()
    return VersionAnswer(
        id=version.id,
        created_at=version.created_at,
        number=version.number,
        base_version=version.base_number or 0,
        title=text.title,
        editorial=version.editorial,
        content_hash=version.content_hash,
        url=f"{queries.url_of(recommendation)}/fassungen/{version.number}",
        organisation_id=version.organisation_id,
        addressee_ids=[organisation.id for organisation in text.addressees],
        blocks=[
            BlockAnswer(
                **plain_block(block),
                sources=[SourceAnswer(type=each.source_type, id=each.source_id) for each in sources.get(block.id, [])],
            )
            for block in text.blocks
        ],
    )


def comparison(compared: VersionComparison) -> ComparisonAnswer:
    """Two versions as they differ; each block in one row."""
    return ComparisonAnswer(
        from_version=compared.old.number,
        to_version=compared.new.number,
        title=[SpanAnswer(kind=span.kind, text=span.text) for span in compared.title.spans],
        addressees_added=[each.id for each in compared.added],
        addressees_removed=[each.id for each in compared.removed],
        blocks=[_change(change) for change in compared.changes if change.kind is not ChangeKind.MOVED_AWAY],
    )


def _change(change: BlockChange) -> ChangeAnswer:
    return ChangeAnswer(
        kind=change.kind,
        is_moved=change.is_moved,
        is_retyped=change.is_retyped,
        is_rewritten=change.is_rewritten,
        old=[plain_block(block) for block in change.old],
        new=[plain_block(block) for block in change.new],
        spans=[SpanAnswer(kind=span.kind, text=span.text) for span in change.spans],
    )


def _head(recommendation: Recommendation, entry: VersionEntry) -> VersionHead:
    return VersionHead(
        id=entry.id,
        created_at=entry.created_at,
        number=entry.number,
        base_version=entry.base_number or 0,
        title=entry.title,
        editorial=entry.editorial,
        content_hash=entry.content_hash,
        note=entry.note,
        url=f"{queries.url_of(recommendation)}/fassungen/{entry.number}",
    )


def _number(parts: list[str]) -> int:
    return int(parts[0])


def _require_readable(session: Session, recommendation: Recommendation, actor: Actor, *numbers: int) -> None:
    readable = queries.readable_versions(session, recommendation, actor)
    if not all(readable.includes(number) for number in numbers):
        raise NotFound()
