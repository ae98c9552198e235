"""Every page's router, put together."""

from __future__ import annotations

from fastapi import APIRouter

from app.routers import (
    accounts,
    bodies,
    comments,
    editions,
    home,
    implementation,
    measures,
    needs,
    reports,
    responses,
    sign_in,
    structure,
)

router = APIRouter(include_in_schema=False)
for noun in (
    accounts,
    bodies,
    comments,
    needs,
    sign_in,
    home,
    structure,
    editions,
    implementation,
    responses,
    measures,
    reports,
):
    router.include_router(noun.router)
