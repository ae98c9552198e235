"""Every page's router, put together."""

from __future__ import annotations

from fastapi import APIRouter

from app.routers import needs

router = APIRouter(include_in_schema=False)
for noun in (needs,):
    router.include_router(noun.router)
