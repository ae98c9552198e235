"""The page on which the text of a recommendation is written, whatever led to it."""

from __future__ import annotations

from typing import Any

from fastapi import Request
from sqlmodel import Session
from starlette.responses import Response

from app.actions.permissions import require
from app.domain.permissions import Permission
from app.domain.recommendations import WRITING_STATES, RecommendationState
from app.errors import ApplicationError, Conflict, StaleVersion
from app.i18n import _
from app.models.drafts import Draft
from app.models.recommendations import Recommendation
from app.queries import organisations
from app.queries import recommendations as queries
from app.queries.choices import seats_to_choose
from app.queries.versions import VersionText
from app.routers.deps import Visitor
from app.routers.edited_text import Values, chosen_ids
from app.routers.pages import field_errors, render
from app.routers.text_sources import offered_sources
from app.wording import label

REVISED_STATES = frozenset({RecommendationState.LEAD_REVIEW, RecommendationState.STEERING_DECISION})
"""Here the text is changed only by `revise`, with a reason and a new ballot."""


def open_text(session: Session, visitor: Visitor, key: str) -> tuple[Recommendation, VersionText]:
    """The recommendation and its newest text, for who may write it in this state."""
    recommendation = queries.get_recommendation(session, key, visitor.actor)
    needed = Permission.RECOMMENDATION_DRAFT
    if recommendation.state in REVISED_STATES:
        needed = Permission.RECOMMENDATION_ADVANCE
    require(needed, recommendation, visitor.actor)
    if recommendation.state not in WRITING_STATES | REVISED_STATES:
        raise Conflict(
            _("Im Stand „{state}“ wird der Text nicht mehr geändert.").format(state=label(recommendation.state))
        )
    return recommendation, queries.get_version(session, recommendation, recommendation.version)


def show_editor(
    request: Request,
    session: Session,
    visitor: Visitor,
    recommendation: Recommendation,
    newest: VersionText,
    values: Values,
    error: ApplicationError | None = None,
    *,
    draft: Draft | None = None,
    **told: Any,
) -> Response:
    """The page to write on; `told` is what it says above the text."""
    chosen = chosen_ids(values["addressee_ids"])
    offered = list(organisations.list_active(session))
    sources = offered_sources(session, recommendation, visitor.actor)
    return render(
        request,
        "recommendations/edit.html",
        status=error.status if error else 200,
        recommendation=recommendation,
        newest=newest,
        values={"revision": draft.revision if draft else 0, **values, "sources": sources.among(values["sources"])},
        sources=sources,
        errors={} if isinstance(error, StaleVersion) else field_errors(error),
        draft=draft,
        told=told,
        owner_id=visitor.actor.person_id,
        organisations=sorted(offered, key=lambda each: each.id not in chosen),
        seats=seats_to_choose(session, visitor.actor, recommendation.body_id),
        is_revision=recommendation.state in REVISED_STATES,
        example=recommendation.is_example,
    )
