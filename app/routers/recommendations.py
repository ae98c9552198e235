"""Pages of recommendations: the list, one of them to read or to work on, and drafting one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Query, Request
from sqlmodel import Session
from starlette.responses import Response

from app.actions import recommendations as actions
from app.actions.needs import needs_left_as_they_are
from app.actions.permissions import may
from app.actions.recommendation_offers import recommendation_offers
from app.actions.theme_considerations import may_state
from app.domain.actors import Actor
from app.domain.events import SubjectType
from app.domain.follows import FollowTarget, ListFilter
from app.domain.implementation import ImplementationStatus
from app.domain.permissions import Permission
from app.domain.recommendations import PUBLIC_STATES, WRITING_STATES, RecommendationState
from app.errors import ApplicationError
from app.forms.base import Input, SearchWords
from app.forms.recommendations import ErratumForm
from app.i18n import _
from app.models.recommendations import Recommendation
from app.queries import organisations
from app.queries import recommendations as queries
from app.queries.base import Page
from app.queries.decisions import decision_of
from app.queries.errata import margin_of
from app.queries.following import following_of
from app.queries.implementation import implementation_of_many, view_of
from app.queries.kept import kept
from app.queries.measures import measures_of
from app.queries.provenance import Provenance, origins_of
from app.queries.recommendation_choices import filter_choices
from app.queries.recommendation_facts import facts_of
from app.queries.responses import addressees_with_answers
from app.queries.theme_considerations import is_open_to
from app.queries.versions import blocks_of_number
from app.routers.amendments import may_amend
from app.routers.deps import (
    Reader,
    ReadSession,
    Submitted,
    SubmittedForm,
    Visitor,
    Writer,
    WriteSession,
    attempt,
)
from app.routers.follow_offers import list_offer, lists_to_follow
from app.routers.offers import shown_offers
from app.routers.pages import field_errors, render, see_other
from app.routers.recommendation_tabs import tabs_of

router = APIRouter()
PAGE_SIZE = 25
"""Recommendations on one page of the list."""


class RecommendationListing(Input):
    """What the list is narrowed to; parameters are named as the fields."""

    field_of_action_id: UUID | None = None
    topic_id: UUID | None = None
    cross_cutting_theme_id: UUID | None = None
    target_group_id: UUID | None = None
    guiding_question_id: UUID | None = None
    addressee_id: UUID | None = None
    implementation_status: ImplementationStatus | None = None
    state: RecommendationState | None = None
    year: int | None = None
    q: SearchWords | None = None
    after: str | None = None

    @property
    def is_filtered(self) -> bool:
        """True where anything narrows the list."""
        return any(value is not None for name, value in self if name != "after")


@router.get("/empfehlungen")
def list_recommendations(
    request: Request, session: ReadSession, visitor: Reader, wanted: Annotated[RecommendationListing, Query()]
) -> Response:
    """What is published; for who takes part also what they may see, by state."""
    actor = visitor.actor
    chosen = queries.RecommendationFilter(
        field_of_action_id=wanted.field_of_action_id,
        topic_id=wanted.topic_id,
        theme_id=wanted.cross_cutting_theme_id,
        target_group_id=wanted.target_group_id,
        guiding_question_id=wanted.guiding_question_id,
        addressee_id=wanted.addressee_id,
        state=wanted.state,
        published_only=not actor.is_signed_in,
        year=wanted.year,
        q=wanted.q,
    )
    views: Mapping[UUID, Any] | None = None
    if wanted.implementation_status:
        chosen, views = queries.with_status(session, actor, chosen, wanted.implementation_status)
    page = queries.list_recommendations(session, actor, chosen, limit=PAGE_SIZE, after=wanted.after)
    choices = filter_choices(session, actor, chosen, [each.id for each in page.items if each.state in PUBLIC_STATES])
    return render(
        request,
        "recommendations/list.html",
        page=page,
        total=choices.total,
        wanted=wanted,
        choices=choices,
        dissents=choices.dissents,
        implementation=_statuses(session, page, visitor.actor) if views is None else views,
        states=list(RecommendationState),
        statuses=list(ImplementationStatus),
        query=_query_of(wanted),
        list_offer=list_offer(request, session, actor, _followable(wanted)),
        example=any(each.is_example for each in page.items),
    )


@router.get("/empfehlungen/{key}")
def show_recommendation(request: Request, session: ReadSession, visitor: Reader, key: str) -> Response:
    """One recommendation: to read once it is published, to work on before."""
    return show(request, session, visitor, key)


@router.post("/empfehlungen/{key}/berichtigungen")
def add_erratum(
    request: Request, session: WriteSession, visitor: Writer, submitted: SubmittedForm, key: str
) -> Response:
    """Set a note beside the frozen text."""
    recommendation = queries.get_recommendation(session, key, visitor.actor)
    with attempt(session) as outcome:
        actions.add_erratum(session, recommendation.id, submitted.parse(ErratumForm), actor=visitor.actor)
        return see_other(request, queries.url_of(recommendation), _("Die Berichtigung steht beim Text."))
    return show(request, session, visitor, key, submitted, outcome.error)


def show(
    request: Request,
    session: Session,
    visitor: Visitor,
    key: str,
    submitted: Submitted | None = None,
    error: ApplicationError | None = None,
    *,
    theme_id: UUID | None = None,
) -> Response:
    """The main page of a recommendation; a refused move or form stands open again with its message."""
    shown = _shown(session, visitor.actor, key)
    return render(
        request,
        "recommendations/published.html" if shown["is_public"] else "recommendations/working.html",
        status=error.status if error else 200,
        tab="text",
        submitted=submitted.values if submitted else None,
        errors=field_errors(error),
        refused_theme=theme_id,
        kept=shown,
    )


@kept
def _shown(session: Session, actor: Actor, key: str) -> dict[str, Any]:
    recommendation = queries.get_recommendation(session, key, actor)
    is_public = recommendation.state in PUBLIC_STATES
    context = _published(session, recommendation, actor) if is_public else _working(session, recommendation, actor)
    target = FollowTarget.RECOMMENDATION
    return {
        "recommendation": recommendation,
        "is_public": is_public,
        "file_reference": queries.file_reference_of(recommendation, actor),
        "may_file": may(Permission.RECOMMENDATION_DRAFT, recommendation, actor),
        "tabs": tabs_of(recommendation, actor),
        "following": following_of(session, actor, target, recommendation.id, body_id=recommendation.body_id),
        "example": recommendation.is_example,
        **_moves(session, recommendation, actor),
        **context,
    }


def _published(session: Session, recommendation: Recommendation, actor: Actor) -> dict[str, Any]:
    """What the published page shows, in five statements besides the recommendation."""
    number = recommendation.adopted_version or recommendation.version
    addressees = addressees_with_answers(session, recommendation, number)
    measures = measures_of(session, recommendation, actor)
    margin = margin_of(session, recommendation)
    return {
        "blocks": list(blocks_of_number(session, recommendation, number)),
        "addressees": addressees,
        "measures": measures,
        "implementation": view_of(recommendation, addressees, measures),
        "decision": decision_of(session, recommendation, actor),
        "margin": margin,
        "considerations": margin.considerations,
        "may_state": False,
        "may_refer": may(Permission.CROSS_REFERENCE_MANAGE, recommendation, actor),
        "may_correct": may(Permission.ERRATUM_ADD, recommendation, actor),
    }


def _working(session: Session, recommendation: Recommendation, actor: Actor) -> dict[str, Any]:
    """What the page shows those who work on it, or were asked about it."""
    text = queries.get_version(session, recommendation, queries.readable_version(session, recommendation, actor))
    is_inside = queries.reads_inside(recommendation, actor)
    is_written = recommendation.state in WRITING_STATES
    may_write = may(Permission.RECOMMENDATION_DRAFT, recommendation, actor)
    margin = margin_of(session, recommendation)
    return {
        "text": text,
        "blocks": list(text.blocks),
        "is_inside": is_inside,
        "may_edit": may_write and is_written,
        "may_link": may_write,
        "may_refer": may(Permission.CROSS_REFERENCE_MANAGE, recommendation, actor),
        "may_amend": may_amend(recommendation, actor),
        "provenance": Provenance(
            text.blocks, origins_of(session, recommendation, text.number, actor) if is_inside else ()
        ),
        "margin": margin,
        "considerations": margin.considerations if is_open_to(recommendation, actor) else (),
        "may_state": may_state(recommendation, actor),
    }


def _moves(session: Session, recommendation: Recommendation, actor: Actor) -> dict[str, Any]:
    """The moves the reader has, with what their forms offer."""
    if not actor.may_write:
        return {"offers": [], "organisations": [], "left_needs": [], "successors": []}
    facts = facts_of(session, recommendation, actor=actor)
    found = shown_offers("recommendation", recommendation_offers(recommendation, facts, actor))
    names = {offer.name for offer in found if not offer.blocked_by}
    return {
        "offers": found,
        "organisations": _organisations(session) if "open_comments" in names else [],
        "left_needs": needs_left_as_they_are(session, recommendation) if "publish" in names else [],
        "successors": _successors(session, recommendation, actor) if "supersede" in names else [],
    }


def _organisations(session: Session) -> list[tuple[UUID, str]]:
    return [(each.id, each.name) for each in organisations.list_active(session)]


def _successors(session: Session, recommendation: Recommendation, actor: Actor) -> list[tuple[UUID, str]]:
    chosen = queries.RecommendationFilter(published_only=True)
    page = queries.list_recommendations(session, actor, chosen, limit=200)
    return [
        (each.id, f"{each.reference}: {each.title}")
        for each in page.items
        if each.id != recommendation.id and each.state is RecommendationState.PUBLISHED
    ]


def _statuses(session: Session, page: Page[Recommendation], actor: Actor) -> Mapping[UUID, Any]:
    return implementation_of_many(session, [each.id for each in page.items if each.state in PUBLIC_STATES], actor)


def _followable(wanted: RecommendationListing) -> list[ListFilter]:
    """The list as it is followed."""
    chosen = wanted.model_dump(exclude={"after", "addressee_id"}, exclude_none=True)
    return lists_to_follow(SubjectType.RECOMMENDATION, organisation_id=wanted.addressee_id, **chosen)


def _query_of(wanted: RecommendationListing) -> str:
    """The filters as a query, to page on with."""
    return urlencode({name: str(value) for name, value in wanted if value is not None and name != "after"})
