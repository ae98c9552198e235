"""Pages beside a recommendation's text: how it came about, and the discussion of its body."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.domain.permissions import Permission
from app.errors import NotFound
from app.queries import recommendations as queries
from app.queries.attachments import attachments_on
from app.queries.choices import seats_to_choose
from app.queries.comments import BESIDE_LIMIT, may_comment, may_on, thread
from app.queries.evidence import list_evidence
from app.queries.recommendation_story import story_of
from app.routers.deps import Member, Reader, ReadSession
from app.routers.pages import render
from app.routers.recommendation_tabs import tabs_of

router = APIRouter()


@router.get("/empfehlungen/{key}/entstehung")
def tell_story(request: Request, session: ReadSession, visitor: Reader, key: str) -> Response:
    """So wurde beraten: from the needs to the publication."""
    recommendation = queries.get_recommendation(session, key, visitor.actor)
    return render(
        request,
        "recommendations/story.html",
        recommendation=recommendation,
        tab="story",
        tabs=tabs_of(recommendation, visitor.actor),
        story=story_of(session, recommendation, visitor.actor),
        example=recommendation.is_example,
    )


@router.get("/empfehlungen/{key}/beratung")
def show_discussion(request: Request, session: ReadSession, visitor: Member, key: str) -> Response:
    """The discussion of the body and the evidence it gathered; never published."""
    recommendation = queries.get_recommendation(session, key, visitor.actor)
    if not queries.reads_inside(recommendation, visitor.actor):
        raise NotFound()
    actor = visitor.actor
    may_write = may_comment(session, recommendation, actor)
    may_attach = may_on(session, recommendation, actor, Permission.ATTACHMENT_ADD)
    may_add = may_on(session, recommendation, actor, Permission.EVIDENCE_ADD)
    return render(
        request,
        "recommendations/discussion.html",
        recommendation=recommendation,
        tab="discussion",
        tabs=tabs_of(recommendation, actor),
        thread=thread(session, recommendation.id, actor, limit=BESIDE_LIMIT),
        comment_action=f"/kommentare/recommendation/{recommendation.id}" if may_write else None,
        comment_seats=seats_to_choose(session, actor, recommendation.body_id) if may_write else [],
        evidence=list_evidence(session, recommendation, actor).items,
        attachments=attachments_on(session, [recommendation.id]).get(recommendation.id, []),
        attachment_action=f"/anlagen/recommendation/{recommendation.id}" if may_attach else None,
        evidence_action=f"/belege/recommendation/{recommendation.id}" if may_add else None,
        example=recommendation.is_example,
    )
