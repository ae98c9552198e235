"""The record for programs: read only."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request
from pydantic import AwareDatetime
from starlette.responses import Response

from app.domain.events import SubjectType
from app.queries import events as queries
from app.routers.api.common import Answer, Listing, listing
from app.routers.deps import ApiReader, ReadSession

router = APIRouter(prefix="/events", tags=["events"])


class EventAnswer(Answer):
    """One fact; ids and words only, never a text."""

    type: str
    subject_type: str
    subject_id: UUID
    sequence: int
    actor_kind: str
    organisation_id: UUID | None
    from_state: str | None
    to_state: str | None
    version_number: int | None
    effective_at: datetime | None
    data: dict[str, Any]
    hash: str
    previous_hash: str


class EventListing(Listing):
    """The parameters of the list of events."""

    subject_type: SubjectType | None = None
    subject_id: UUID | None = None
    since: AwareDatetime | None = None


@router.get("", response_model=None)
def list_events(
    request: Request, session: ReadSession, actor: ApiReader, wanted: Annotated[EventListing, Query()]
) -> Response:
    """The events the caller may read, newest first."""
    page = queries.list_events(
        session,
        actor,
        subject_type=wanted.subject_type,
        subject_id=wanted.subject_id,
        since=wanted.since,
        limit=wanted.limit,
        after=wanted.after,
    )
    return listing(request, page, EventAnswer.model_validate, actor)
