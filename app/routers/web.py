"""Every page's router, put together."""

from __future__ import annotations

from fastapi import APIRouter

from app.routers import (
    accounts,
    administration,
    api_docs,
    ballots,
    bodies,
    co_signatures,
    comments,
    editions,
    feedback,
    feeds,
    home,
    implementation,
    measures,
    needs,
    proposals,
    organisations,
    participants,
    people,
    recommendation_drafts,
    recommendation_editor,
    recommendation_story,
    recommendation_versions,
    recommendations,
    reports,
    responses,
    sign_in,
    structure,
    tasks,
)

router = APIRouter(include_in_schema=False)
for noun in (  # feeds first: "bildung.atom" would be a slug, too
    feeds,
    accounts,
    administration,
    ballots,
    bodies,
    co_signatures,
    comments,
    needs,
    proposals,
    organisations,
    participants,
    people,
    recommendations,
    recommendation_drafts,
    recommendation_editor,
    recommendation_story,
    recommendation_versions,
    sign_in,
    home,
    structure,
    editions,
    implementation,
    responses,
    measures,
    reports,
    tasks,
    feedback,
    api_docs,
):
    router.include_router(noun.router)
