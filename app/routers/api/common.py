"""What every API route shares: answers with ETag, lists with cursors, creations sent twice, conditions."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from fastapi import Request
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import JSONResponse, Response

from app.domain.actors import Actor
from app.domain.workflow import Offer
from app.errors import PreconditionFailed
from app.forms.base import Input
from app.models.base import Table
from app.queries.base import DEFAULT_LIMIT, MAXIMUM_LIMIT, Page
from app.wording import blocker_sentence, transition_label

T = TypeVar("T", bound=Table)
PUBLIC_CACHE = "public, max-age=60"
PRIVATE_CACHE = "private, no-cache"


class Answer(BaseModel):
    """What an object answers; read from attributes, so that a row or a plain mapping can be given."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    created_at: datetime


class TransitionAnswer(BaseModel):
    """One move the caller may make, or could make were it not blocked."""

    name: str
    label: str
    needs: list[str]
    reason_required: bool
    blocked_by: str | None


class StatefulAnswer(Answer):
    """An object with a state and the moves the caller has."""

    state: str
    transitions: list[TransitionAnswer] = []
    url: str = ""


class Listing(Input):
    """The parameters every list takes; filters are added by each noun. An unknown one is refused."""

    limit: int = Field(default=DEFAULT_LIMIT, ge=1, le=MAXIMUM_LIMIT)
    after: str | None = Field(default=None, max_length=500, pattern=r"^[A-Za-z0-9_-]+$")


class TransitionInput(Input):
    """What every move takes; each noun adds what its moves need."""

    transition: str = Field(max_length=40)
    reason: str | None = Field(default=None, max_length=5_000)


def transitions_of(noun: str, offers: Sequence[Offer]) -> list[TransitionAnswer]:
    """The moves as the API shows them."""
    return [
        TransitionAnswer(
            name=offer.name,
            label=transition_label(noun, offer.name),
            needs=list(offer.transition.needs),
            reason_required=offer.transition.reason_required,
            blocked_by=" ".join(blocker_sentence(each) for each in offer.blockers) or None,
        )
        for offer in offers
    ]


def answer(request: Request, content: BaseModel, actor: Actor, *, status: int = 200) -> Response:
    """One object with its ETag; 304 where the caller already has this one."""
    body = content.model_dump(mode="json")
    tag = etag_of(body)
    headers = {"ETag": tag, "Cache-Control": PRIVATE_CACHE if actor.is_signed_in else PUBLIC_CACHE}
    headers["Vary"] = "Authorization"
    if request.method in {"GET", "HEAD"} and tag in _tags(request.headers.get("if-none-match", "")):
        return Response(status_code=304, headers=headers)
    return JSONResponse(body, status_code=status, headers=headers)


def listing(request: Request, page: Page[T], represent: Callable[[T], BaseModel], actor: Actor) -> Response:
    """A page of a list: `{"items": […], "next": cursor or null}`."""
    body = {"items": [represent(item).model_dump(mode="json") for item in page.items], "next": page.next}
    tag = etag_of(body)
    headers = {"ETag": tag, "Cache-Control": PRIVATE_CACHE if actor.is_signed_in else PUBLIC_CACHE}
    headers["Vary"] = "Authorization"
    if tag in _tags(request.headers.get("if-none-match", "")):
        return Response(status_code=304, headers=headers)
    return JSONResponse(body, headers=headers)


def check_if_match(request: Request, content: BaseModel) -> None:
    """Refuse (412) a write whose `If-Match` names another state than the present one."""
    wanted = request.headers.get("if-match")
    if wanted is None:
        return
    tags = _tags(wanted)
    if "*" not in tags and etag_of(content.model_dump(mode="json")) not in tags:
        raise PreconditionFailed()


def multipart(**fields: dict[str, Any]) -> dict[str, Any]:
    """What OpenAPI says of a call that takes a file, sent as multipart/form-data with these fields beside it."""
    schema = {
        "type": "object",
        "required": ["file"],
        "additionalProperties": False,
        "properties": {"file": {"type": "string", "format": "binary"}, **fields},
    }
    return {"requestBody": {"required": True, "content": {"multipart/form-data": {"schema": schema}}}}


def etag_of(body: Any) -> str:
    """A strong tag over the answer's content."""
    text = json.dumps(body, sort_keys=True, ensure_ascii=False)
    return f'"{hashlib.sha256(text.encode()).hexdigest()[:32]}"'


def _tags(header: str) -> set[str]:
    return {tag.strip().removeprefix("W/") for tag in header.split(",") if tag.strip()}
