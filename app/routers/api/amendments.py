"""Amendments for programs: filing, reading, taking back, and saying what became of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, Field
from sqlmodel import Session
from starlette.responses import Response

from app.actions import amendment_dispositions as dispositions
from app.actions.amendments import file_amendment
from app.actions.moves import offers
from app.domain.actors import Actor
from app.domain.amendments import AMENDMENT, AmendmentState
from app.domain.consultations import Disposition
from app.domain.text import AmendedBlock, AmendingKind, Block, BlockKind, BlockPart, Fit, brought_forward, fit_of
from app.forms.amendments import (
    AmendmentDispositionForm,
    AmendmentForm,
    AmendmentsDispositionForm,
    AmendmentTransition,
)
from app.models.amendments import Amendment
from app.models.recommendations import Recommendation
from app.queries import amendments as queries
from app.queries import recommendations
from app.queries.versions import blocks_of_number
from app.routers.api.common import Listing, StatefulAnswer, answer, check_if_match, listing, transitions_of
from app.routers.deps import ApiReader, ApiWriter, ReadSession, WriteSession

router = APIRouter(tags=["amendments"])


class AmendedBlockAnswer(BaseModel):
    """What is wanted with one block; `base` is its wording in the version, `id` is that of a block to be added.

    While the amendment is open, those who read the newest version are told by `fit` how it stands to that, and by
    `result` what the block would read were it taken alone; null where a person has to write it, or it is removed.
    """

    id: UUID
    block_id: UUID
    kind: AmendingKind
    base: str
    text: str
    part: BlockPart | None
    block_kind: BlockKind | None
    fit: Fit | None
    result: str | None


class AmendmentAnswer(StatefulAnswer):
    """An amendment as its readers see it; who wrote it is never told, the organisation is."""

    recommendation_id: UUID
    version: int
    changes: list[AmendedBlockAnswer] = Field(default_factory=list)
    reason: str = Field(validation_alias="grounds")
    organisation_id: UUID | None
    seat_id: UUID | None
    disposition: Disposition | None
    disposition_reason: str | None
    disposed_at: datetime | None
    taken_version: int | None


class AmendmentsAnswer(BaseModel):
    """Several amendments, disposed of together."""

    items: list[AmendmentAnswer]


class AmendmentListing(Listing):
    """The parameters of a list of amendments."""

    state: AmendmentState | None = None
    disposition: Disposition | None = None
    organisation_id: UUID | None = None
    block_id: UUID | None = None


@router.get("/recommendations/{recommendation_id}/amendments", response_model=None)
def list_amendments(
    request: Request,
    session: ReadSession,
    actor: ApiReader,
    recommendation_id: UUID,
    wanted: Annotated[AmendmentListing, Query()],
) -> Response:
    """The amendments to a recommendation, newest first; empty for those outside its body."""
    recommendations.get_recommendation(session, recommendation_id, actor)
    chosen = queries.AmendmentFilter(
        recommendation_id=recommendation_id,
        state=wanted.state,
        disposition=wanted.disposition,
        organisation_id=wanted.organisation_id,
        block_id=wanted.block_id,
    )
    page = queries.list_amendments(session, actor, chosen, limit=wanted.limit, after=wanted.after)
    shown = {each.id: each for each in represent_many(session, page.items, actor)}
    return listing(request, page, lambda each: shown[each.id], actor)


@router.post("/recommendations/{recommendation_id}/amendments", response_model=AmendmentAnswer, status_code=201)
def post_amendment(
    request: Request, session: WriteSession, actor: ApiWriter, recommendation_id: UUID, form: AmendmentForm
) -> Response:
    """Propose changes to blocks of one version, with a reason."""
    made, is_new = file_amendment(session, recommendation_id, form, actor=actor)
    return answer(request, _represent(session, made, actor), actor, status=201 if is_new else 200)


@router.post("/recommendations/{recommendation_id}/amendments/disposition", response_model=AmendmentsAnswer)
def dispose_amendments(
    request: Request, session: WriteSession, actor: ApiWriter, recommendation_id: UUID, form: AmendmentsDispositionForm
) -> Response:
    """Say what became of several at once; those taken go into one new version together, all or none."""
    disposed = dispositions.dispose_amendments(session, recommendation_id, form, actor=actor)
    return answer(request, AmendmentsAnswer(items=represent_many(session, disposed, actor)), actor)


@router.get("/amendments/{amendment_id}", response_model=AmendmentAnswer)
def get_amendment(request: Request, session: ReadSession, actor: ApiReader, amendment_id: UUID) -> Response:
    """One amendment."""
    return answer(request, _represent(session, queries.get_amendment(session, amendment_id, actor), actor), actor)


@router.post("/amendments/{amendment_id}/disposition", response_model=AmendmentAnswer)
def dispose_amendment(
    request: Request, session: WriteSession, actor: ApiWriter, amendment_id: UUID, form: AmendmentDispositionForm
) -> Response:
    """Say what became of an amendment, and why; taking it makes the next version of the text."""
    check_if_match(request, _represent(session, queries.get_amendment(session, amendment_id, actor), actor))
    amendment = dispositions.dispose_amendment(session, amendment_id, form, actor=actor)
    return answer(request, _represent(session, amendment, actor), actor)


@router.post("/amendments/{amendment_id}/transitions", response_model=AmendmentAnswer)
def move_amendment(
    request: Request, session: WriteSession, actor: ApiWriter, amendment_id: UUID, form: AmendmentTransition
) -> Response:
    """Make a move: take it back, or say what became of it."""
    amendment = dispositions.transition_amendment(session, amendment_id, form, actor=actor)
    return answer(request, _represent(session, amendment, actor), actor)


def represent_many(session: Session, amendments: Sequence[Amendment], actor: Actor) -> list[AmendmentAnswer]:
    """The amendments to one recommendation as the caller sees them, with their changes; four statements."""
    changes = queries.changes_of(session, amendments)
    newest = _newest_blocks(session, amendments, actor)
    return [_shown(each, changes[each.id], newest, actor) for each in amendments]


def _newest_blocks(session: Session, amendments: Sequence[Amendment], actor: Actor) -> tuple[Block, ...] | None:
    """The newest text they are measured against; None where nothing is open or the caller doesn't read it."""
    waiting = [each for each in amendments if each.state is AmendmentState.OPEN]
    if not waiting:
        return None
    recommendation = session.get_one(Recommendation, waiting[0].recommendation_id)
    if not recommendations.reads_inside(recommendation, actor):
        return None
    return blocks_of_number(session, recommendation, recommendation.version)


def _represent(session: Session, amendment: Amendment, actor: Actor) -> AmendmentAnswer:
    session.flush()
    return represent_many(session, [amendment], actor)[0]


def _shown(
    amendment: Amendment, changes: Sequence[AmendedBlock], newest: Sequence[Block] | None, actor: Actor
) -> AmendmentAnswer:
    made = AmendmentAnswer.model_validate(amendment)
    made.url = f"/empfehlungen/{amendment.recommendation_id}/aenderungsvorschlaege#vorschlag-{amendment.id}"
    made.transitions = transitions_of("amendment", offers(amendment, AMENDMENT, actor))
    is_open = amendment.state is AmendmentState.OPEN
    made.changes = [_change(each, newest if is_open else None) for each in changes]
    return made


def _change(change: AmendedBlock, newest: Sequence[Block] | None) -> AmendedBlockAnswer:
    present = next((block for block in newest or () if block.id == change.base.id), None)
    result = change.text if change.added else brought_forward(change, present) if present else None
    return AmendedBlockAnswer(
        id=change.id,
        block_id=change.base.id,
        kind=change.kind,
        base=change.base.text,
        text=change.text,
        part=change.added.part if change.added else None,
        block_kind=change.added.kind if change.added else None,
        fit=None if newest is None else fit_of(change, newest),
        result=None if newest is None else result or None,
    )
