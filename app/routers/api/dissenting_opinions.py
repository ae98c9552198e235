"""Dissenting opinions (Sondervoten) and waivers for programs."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request
from pydantic import Field
from starlette.responses import Response

from app.actions import dissents as actions
from app.forms.ballots import DeclinedSignature, DissentForm, WaiverForm
from app.models.ballots import DissentingOpinion
from app.queries import ballots, decisions
from app.routers.api.ballots import BallotAnswer, shown_ballot
from app.routers.api.common import Answer, Listing, answer, listing
from app.routers.deps import ApiReader, ApiWriter, ReadSession, WriteSession

router = APIRouter(prefix="/ballots/{ballot_id}", tags=["dissenting-opinions"])


class DissentAnswer(Answer):
    """A dissenting opinion: whose it is by organisation and seat, never by person."""

    ballot_id: UUID
    recommendation_id: UUID
    version: int
    seat_id: UUID | None
    organisation_id: UUID | None
    text: str
    block_id: UUID | None
    alternative: str
    co_signer_seat_ids: list[UUID] = Field(default_factory=list)


@router.get("/dissenting-opinions", response_model=None)
def list_dissents(
    request: Request,
    session: ReadSession,
    actor: ApiReader,
    ballot_id: UUID,
    wanted: Annotated[Listing, Query()],
) -> Response:
    """The dissenting opinions on a ballot, newest first."""
    ballot = ballots.get_ballot(session, ballot_id, actor)
    page = decisions.page_of_dissents(session, ballot, limit=wanted.limit, after=wanted.after)
    signers = decisions.co_signers_of(session, [opinion.id for opinion in page.items])
    return listing(request, page, lambda opinion: represent(opinion, signers[opinion.id]), actor)


@router.post("/dissenting-opinions", response_model=DissentAnswer, status_code=201)
def file_dissent(
    request: Request, session: WriteSession, actor: ApiWriter, ballot_id: UUID, form: DissentForm
) -> Response:
    """File a dissenting opinion for a seat."""
    opinion, is_new = actions.file_dissent(session, ballot_id, form, actor=actor)
    session.flush()
    signers = decisions.co_signers_of(session, [opinion.id])[opinion.id]
    return answer(request, represent(opinion, signers), actor, status=201 if is_new else 200)


@router.post("/dissenting-opinions/{opinion_id}/decline", response_model=DissentAnswer)
def decline_signature(
    request: Request,
    session: WriteSession,
    actor: ApiWriter,
    ballot_id: UUID,
    opinion_id: UUID,
    form: DeclinedSignature,
) -> Response:
    """Take the name of a seat away from an opinion that named it as a co-signer."""
    opinion = actions.decline_signature(session, ballot_id, opinion_id, form, actor=actor)
    signers = decisions.co_signers_of(session, [opinion.id])[opinion.id]
    return answer(request, represent(opinion, signers), actor)


@router.post("/dissent-waiver", response_model=BallotAnswer)
def waive_dissent(
    request: Request, session: WriteSession, actor: ApiWriter, ballot_id: UUID, form: WaiverForm
) -> Response:
    """Say for a seat that it will file none."""
    actions.waive_dissent(session, ballot_id, form, actor=actor)
    return answer(request, shown_ballot(session, ballot_id, actor), actor)


def represent(opinion: DissentingOpinion, signers: list[UUID]) -> DissentAnswer:
    """The opinion as every reader of its recommendation sees it."""
    shown = DissentAnswer.model_validate(opinion)
    shown.co_signer_seat_ids = signers
    return shown
