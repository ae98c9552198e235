"""Pages to draft a recommendation and to link it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Request
from sqlmodel import Session
from starlette.responses import Response

from app.actions import recommendations as actions
from app.actions.permissions import require
from app.domain.permissions import Permission
from app.errors import ApplicationError
from app.forms.recommendations import RecommendationChange, RecommendationForm
from app.i18n import _
from app.models.base import new_id
from app.models.recommendations import Recommendation
from app.queries import bodies, organisations, programmes
from app.queries import recommendations as queries
from app.queries.choices import seats_to_choose
from app.queries.recommendation_links import Linkable, linkable_to, links_of_many, list_linked
from app.routers.deps import Member, ReadSession, Submitted, SubmittedForm, Visitor, Writer, WriteSession, attempt
from app.routers.pages import field_errors, render, see_other
from app.routers.recommendations import show

router = APIRouter()

_LISTS = (
    "need_ids",
    "proposal_ids",
    "addressee_ids",
    "guiding_question_ids",
    "cross_cutting_theme_ids",
    "target_group_ids",
)


@router.get("/gremien/{slug}/empfehlungen/neu")
def new_recommendation(request: Request, session: ReadSession, visitor: Member, slug: str) -> Response:
    """The form to draft a recommendation."""
    return _draft_form(request, session, visitor, slug, {"id": str(new_id())})


@router.post("/gremien/{slug}/empfehlungen/neu")
def draft_recommendation(
    request: Request, session: WriteSession, visitor: Writer, submitted: SubmittedForm, slug: str
) -> Response:
    """Draft it; then on to writing its text."""
    body = bodies.get_body(session, slug, visitor.actor)
    with attempt(session) as outcome:
        empty: dict[str, Any] = {name: [] for name in ("need_ids", "addressee_ids") if name not in submitted.values}
        form = submitted.parse(RecommendationForm, lists=_LISTS, body_id=body.id, **empty)
        made, _is_new = actions.draft_recommendation(session, form, actor=visitor.actor)
        return see_other(request, f"/empfehlungen/{made.id}/bearbeiten", _("Der Entwurf ist angelegt."))
    return _draft_form(request, session, visitor, slug, submitted.values, outcome.error)


@router.get("/empfehlungen/{key}/verknuepfungen")
def show_links(request: Request, session: ReadSession, visitor: Member, key: str) -> Response:
    """The form for what a recommendation is linked with."""
    return _links_form(request, session, visitor, key)


@router.post("/empfehlungen/{key}/verknuepfungen")
def change_links(
    request: Request, session: WriteSession, visitor: Writer, submitted: SubmittedForm, key: str
) -> Response:
    """Link it anew."""
    recommendation = queries.get_recommendation(session, key, visitor.actor)
    with attempt(session) as outcome:
        lists = [name for name in _LISTS if name != "addressee_ids"]
        fixed: dict[str, Any] = {name: [] for name in lists if name not in submitted.values}
        form = submitted.parse(
            RecommendationChange,
            lists=tuple(lists),
            **fixed,
            **({} if submitted.text("topic_id") else {"topic_id": None}),
        )
        actions.change_recommendation(session, recommendation.id, form, actor=visitor.actor)
        return see_other(request, queries.url_of(recommendation), _("Die Verknüpfungen sind gespeichert."))
    return _links_form(request, session, visitor, key, submitted, outcome.error)


@router.post("/empfehlungen/{key}/geschaeftszeichen")
def change_file_reference(
    request: Request, session: WriteSession, visitor: Writer, submitted: SubmittedForm, key: str
) -> Response:
    """Give the recommendation a Geschäftszeichen of its own; empty, its body's holds again."""
    recommendation = queries.get_recommendation(session, key, visitor.actor)
    with attempt(session) as outcome:
        cleared: dict[str, Any] = {} if submitted.text("file_reference").strip() else {"file_reference": None}
        form = submitted.parse(RecommendationChange, **cleared)
        actions.change_recommendation(session, recommendation.id, form, actor=visitor.actor)
        notice = _("Das Geschäftszeichen ist gespeichert.")
        return see_other(request, f"{queries.url_of(recommendation)}#geschaeftszeichen", notice)
    return show(request, session, visitor, key, submitted, outcome.error)


def _draft_form(
    request: Request,
    session: Session,
    visitor: Visitor,
    slug: str,
    values: Mapping[str, object],
    error: ApplicationError | None = None,
) -> Response:
    body = bodies.get_body(session, slug, visitor.actor)
    require(Permission.RECOMMENDATION_DRAFT, body, visitor.actor)
    return render(
        request,
        "recommendations/new.html",
        status=error.status if error else 200,
        body=body,
        values=values,
        errors=field_errors(error),
        seats=seats_to_choose(session, visitor.actor, body.id),
        organisations=list(organisations.list_active(session)),
        linkable=linkable_to(session, body.id, visitor.actor),
        choices=programmes.tag_choices(session, body),
        example=body.is_example,
    )


def _links_form(
    request: Request,
    session: Session,
    visitor: Visitor,
    key: str,
    submitted: Submitted | None = None,
    error: ApplicationError | None = None,
) -> Response:
    recommendation = queries.get_recommendation(session, key, visitor.actor)
    require(Permission.RECOMMENDATION_DRAFT, recommendation, visitor.actor)
    links = links_of_many(session, {recommendation.id: recommendation.version}, visitor.actor)[recommendation.id]
    stored: dict[str, object] = {name: getattr(links, name) for name in _LISTS}
    stored["topic_id"] = recommendation.topic_id
    return render(
        request,
        "recommendations/links.html",
        status=error.status if error else 200,
        recommendation=recommendation,
        values=submitted.values if submitted else stored,
        errors=field_errors(error),
        linkable=_linkable(session, recommendation, visitor),
        choices=programmes.tag_choices(session, recommendation.body),
        example=recommendation.is_example,
    )


def _linkable(session: Session, recommendation: Recommendation, visitor: Visitor) -> Linkable:
    """What is linked already, and what else the body has to offer."""
    linked = list_linked(session, recommendation, visitor.actor)
    return linkable_to(session, recommendation.body_id, visitor.actor).with_first(linked)
