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
