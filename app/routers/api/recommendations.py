"""Recommendations for programs: drafting, links, errata; their texts stand in `versions`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request
from pydantic import Field
from sqlmodel import Session
from starlette.responses import JSONResponse, Response

from app.actions import recommendations as actions
from app.actions.recommendation_offers import recommendation_offers, state_now
from app.domain.actors import Actor
from app.domain.implementation import AddresseeAnswer, ImplementationStatus
from app.domain.organisations import Level
from app.domain.recommendations import PUBLIC_STATES, RecommendationState
from app.forms.base import SearchWords
from app.forms.recommendations import ErratumForm, RecommendationChange, RecommendationForm
from app.models.recommendations import Recommendation
from app.queries import recommendations as queries
from app.queries.base import Page
from app.queries.errata import page_of_errata
from app.queries.implementation import implementation_of_many
from app.queries.published import dissent_counts
from app.queries.recommendation_facts import facts_of_many
from app.queries.recommendation_links import links_of_many, seen_among
from app.routers.api.common import (
    Answer,
    Listing,
    StatefulAnswer,
    answer,
    check_if_match,
    listing,
    transitions_of,
)
from app.routers.deps import ApiReader, ApiWriter, ReadSession, WriteSession

router = APIRouter(prefix="/recommendations", tags=["recommendations"])


class RecommendationAnswer(StatefulAnswer):
    """A recommendation in the version its reader may see."""

    body_id: UUID
    edition_id: UUID
    field_of_action_id: UUID
    topic_id: UUID | None
    title: str
    version: int
    reference: str | None
    file_reference: str | None
    organisation_id: UUID | None
    state_since: datetime
    adopted_version: int | None
    deciding_body: str | None
    decided_on: date | None
    decision_reference: str | None
    adopted_at: datetime | None
    publish_at: datetime | None
    published_at: datetime | None
    confirmed_year: int | None
    need_ids: list[UUID] = Field(default_factory=list)
    proposal_ids: list[UUID] = Field(default_factory=list)
    addressee_ids: list[UUID] = Field(default_factory=list)
    guiding_question_ids: list[UUID] = Field(default_factory=list)
    cross_cutting_theme_ids: list[UUID] = Field(default_factory=list)
    target_group_ids: list[UUID] = Field(default_factory=list)
    implementation_status: ImplementationStatus | None = None
    overdue: bool = False
    documents: dict[str, str] = Field(default_factory=dict)
    dissenting_opinions: int = 0


class ErratumAnswer(Answer):
    """A note beside a frozen text."""

    block_id: UUID | None
    text: str


class RecommendationListing(Listing):
    """The parameters of the list of recommendations."""

    body_id: UUID | None = None
    edition_id: UUID | None = None
    field_of_action_id: UUID | None = None
    topic_id: UUID | None = None
    cross_cutting_theme_id: UUID | None = None
    target_group_id: UUID | None = None
    addressee_id: UUID | None = None
    organisation_id: UUID | None = None
    need_ids: list[UUID] = Field(default=[], max_length=50)
    proposal_ids: list[UUID] = Field(default=[], max_length=50)
    addressee_ids: list[UUID] = Field(default=[], max_length=50)
    guiding_question_ids: list[UUID] = Field(default=[], max_length=50)
    cross_cutting_theme_ids: list[UUID] = Field(default=[], max_length=50)
    target_group_ids: list[UUID] = Field(default=[], max_length=50)
    state: RecommendationState | None = None
    implementation_status: ImplementationStatus | None = None
    overdue: bool | None = None
    level: Level | None = None
    answer: AddresseeAnswer | None = None
    year: int | None = None
    reference: str | None = None
    q: SearchWords | None = None


@router.get("", response_model=None)
def list_recommendations(
    request: Request, session: ReadSession, actor: ApiReader, wanted: Annotated[RecommendationListing, Query()]
) -> Response:
    """The recommendations the caller may read in some version, newest first."""
    page = find_page(session, actor, wanted)
    shown = {each.id: each for each in represent_many(session, page.items, actor)}
    return listing(request, page, lambda item: shown[item.id], actor)


@router.post("", response_model=RecommendationAnswer, status_code=201)
def draft_recommendation(
    request: Request, session: WriteSession, actor: ApiWriter, form: RecommendationForm
) -> Response:
    """Draft a recommendation of a body; its text follows as version 1."""
    made, is_new = actions.draft_recommendation(session, form, actor=actor)
    return answer(request, shown(session, made.id, actor), actor, status=201 if is_new else 200)


@router.get("/{recommendation_id}", response_model=RecommendationAnswer)
def get_recommendation(request: Request, session: ReadSession, actor: ApiReader, recommendation_id: UUID) -> Response:
    """One recommendation."""
    return answer(request, shown(session, recommendation_id, actor), actor)


@router.patch("/{recommendation_id}", response_model=RecommendationAnswer)
def change_recommendation(
    request: Request, session: WriteSession, actor: ApiWriter, recommendation_id: UUID, form: RecommendationChange
) -> Response:
    """Link it anew with needs, proposals and what it is sorted by."""
    check_if_match(request, shown(session, recommendation_id, actor))
    actions.change_recommendation(session, recommendation_id, form, actor=actor)
    return answer(request, shown(session, recommendation_id, actor), actor)


@router.get("/{recommendation_id}/errata", response_model=None)
def list_recommendation_errata(
    request: Request,
    session: ReadSession,
    actor: ApiReader,
    recommendation_id: UUID,
    wanted: Annotated[Listing, Query()],
) -> Response:
    """The notes beside the frozen text, newest first."""
    recommendation = queries.get_recommendation(session, recommendation_id, actor)
    found = page_of_errata(session, recommendation, limit=wanted.limit, after=wanted.after)
    return listing(request, found, ErratumAnswer.model_validate, actor)


@router.post("/{recommendation_id}/errata", response_model=ErratumAnswer, status_code=201)
def add_erratum(session: WriteSession, actor: ApiWriter, recommendation_id: UUID, form: ErratumForm) -> Response:
    """Set a note beside a frozen text."""
    erratum, is_new = actions.add_erratum(session, recommendation_id, form, actor=actor)
    content = ErratumAnswer.model_validate(erratum).model_dump(mode="json")
    return JSONResponse(content, status_code=201 if is_new else 200)


def find_page(session: Session, actor: Actor, wanted: RecommendationListing) -> Page[Recommendation]:
    """The page the parameters ask for; a derived status is looked up for everything the rest finds."""
    chosen = queries.RecommendationFilter(
        body_id=wanted.body_id,
        edition_id=wanted.edition_id,
        field_of_action_id=wanted.field_of_action_id,
        topic_id=wanted.topic_id,
        theme_id=wanted.cross_cutting_theme_id,
        target_group_id=wanted.target_group_id,
        addressee_id=wanted.addressee_id,
        organisation_id=wanted.organisation_id,
        addressee_ids=wanted.addressee_ids,
        guiding_question_ids=wanted.guiding_question_ids,
        cross_cutting_theme_ids=wanted.cross_cutting_theme_ids,
        target_group_ids=wanted.target_group_ids,
        level=wanted.level,
        answer=wanted.answer,
        state=wanted.state,
        year=wanted.year,
        reference=wanted.reference,
        q=wanted.q,
    )
    if wanted.need_ids:
        chosen = replace(chosen, need_ids=seen_among(session, "need_ids", wanted.need_ids, actor))
    if wanted.proposal_ids:
        chosen = replace(chosen, proposal_ids=seen_among(session, "proposal_ids", wanted.proposal_ids, actor))
    if (wanted.need_ids and not chosen.need_ids) or (wanted.proposal_ids and not chosen.proposal_ids):
        return Page([])
    if wanted.implementation_status or wanted.overdue is not None:
        chosen, _views = queries.with_status(
            session, actor, chosen, wanted.implementation_status, overdue=wanted.overdue
        )
    return queries.list_recommendations(session, actor, chosen, limit=wanted.limit, after=wanted.after)


def represent_many(
    session: Session, recommendations: Sequence[Recommendation], actor: Actor
) -> list[RecommendationAnswer]:
    """The recommendations as the caller sees them, in a constant number of statements."""
    links = links_of_many(session, {each.id: each.adopted_version or each.version for each in recommendations}, actor)
    statuses = implementation_of_many(session, [each.id for each in recommendations], actor)
    facts = facts_of_many(session, [each.id for each in recommendations]) if actor.is_signed_in else {}
    told = [each.id for each in recommendations if each.state in PUBLIC_STATES or queries.reads_inside(each, actor)]
    dissents = dissent_counts(session, told)
    answers = []
    for each in recommendations:
        shown_one = RecommendationAnswer.model_validate(each)
        for field in ("need_ids", "proposal_ids", "addressee_ids"):
            setattr(shown_one, field, getattr(links[each.id], field))
        for field in ("guiding_question_ids", "cross_cutting_theme_ids", "target_group_ids"):
            setattr(shown_one, field, getattr(links[each.id], field))
        status = statuses.get(each.id)
        if status:
            shown_one.implementation_status, shown_one.overdue = status.status, status.overdue
        shown_one.dissenting_opinions = dissents.get(each.id, 0)
        if not queries.reads_inside(each, actor):
            shown_one.publish_at = shown_one.file_reference = None
        shown_one.url = queries.url_of(each)
        shown_one.documents = _documents_of(each, actor)
        if each.id in facts:
            shown_one.state = state_now(each, facts[each.id])
            found = recommendation_offers(each, facts[each.id], actor)
            shown_one.transitions = transitions_of("recommendation", found)
        answers.append(shown_one)
    return answers


def _documents_of(recommendation: Recommendation, actor: Actor) -> dict[str, str]:
    """The files the caller can fetch, by name."""
    base = f"/api/v1/recommendations/{recommendation.id}"
    found = {"dossier": f"{base}/dossier.zip"}
    if recommendation.version:
        found |= {"pdf": f"{base}/document.pdf", "odt": f"{base}/document.odt"}
        if queries.reads_inside(recommendation, actor):
            found |= {f"decision_paper_{form}": f"{base}/decision-paper.{form}" for form in ("pdf", "odt")}
    return found


def shown(session: Session, key: UUID, actor: Actor) -> RecommendationAnswer:
    """One recommendation as the caller sees it now."""
    session.flush()
    return represent_many(session, [queries.get_recommendation(session, key, actor)], actor)[0]
