"""Atom feeds: all published recommendations, and those of one field."""

from __future__ import annotations

import hashlib

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.documents.feeds import atom_feed
from app.i18n import _
from app.queries import programmes, published, structure
from app.routers.deps import ReadSession, settings_of

router = APIRouter()
ATOM = "application/atom+xml; charset=utf-8"


@router.get("/empfehlungen.atom")
def feed_of_recommendations(request: Request, session: ReadSession) -> Response:
    """The newest published recommendations of every field."""
    content = atom_feed(
        published.list_dispatches(session),
        title=_("Empfehlungen des bundesweiten Integrationsprogramms"),
        path="/empfehlungen.atom",
        page="/empfehlungen",
        base_url=settings_of(request).base_url,
        begun_at=programmes.get_programme(session).created_at,
    )
    return _feed(request, content)


@router.get("/handlungsfelder/{slug}.atom")
def feed_of_field(request: Request, session: ReadSession, slug: str) -> Response:
    """The newest published recommendations of one field."""
    field = structure.get_field(session, slug)
    content = atom_feed(
        published.list_dispatches(session, field_id=field.id),
        title=_("Empfehlungen: {field}").format(field=field.name),
        path=f"/handlungsfelder/{field.slug}.atom",
        page=f"/handlungsfelder/{field.slug}",
        base_url=settings_of(request).base_url,
        begun_at=field.created_at,
    )
    return _feed(request, content)


def _feed(request: Request, content: bytes) -> Response:
    tag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
    headers = {"ETag": tag, "Cache-Control": "public, max-age=300"}
    known = {each.strip().removeprefix("W/") for each in request.headers.get("if-none-match", "").split(",")}
    if tag in known:
        return Response(status_code=304, headers=headers)
    return Response(content, media_type=ATOM, headers=headers)
