"""Every page's router, put together."""

from __future__ import annotations

from fastapi import APIRouter

from app.routers import accounts, needs, sign_in

router = APIRouter(include_in_schema=False)
for noun in (accounts, needs, sign_in):
    router.include_router(noun.router)
