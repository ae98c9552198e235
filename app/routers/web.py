"""Every page's router, put together."""

from __future__ import annotations

from fastapi import APIRouter

from app.routers import (
    accounts,
    administration,
    ballots,
    bodies,
    comments,
    editions,
    feedback,
    home,
    implementation,
    measures,
    needs,
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
for noun in (
    accounts,
    administration,
    ballots,
    bodies,
    comments,
    needs,
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
):
    router.include_router(noun.router)
