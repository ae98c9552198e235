"""The public page of an edition."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.domain.follows import FollowTarget
from app.models.programmes import FieldOfAction
from app.queries import editions, published
from app.queries.editions import Place
from app.queries.following import following_of
from app.routers.deps import Reader, ReadSession
from app.routers.pages import render

router = APIRouter()


@router.get("/ausgaben/{code}")
def show_edition(request: Request, session: ReadSession, visitor: Reader, code: str) -> Response:
    """An edition with what of it the reader may see, by chapters."""
    edition = editions.get_edition(session, code)
    places = editions.contents_of(session, edition, visitor.actor)
    found = [place.recommendation for place in places]
    chapters: dict[str, tuple[FieldOfAction | None, list[Place]]] = {}
    for place in places:
        field = place.recommendation.field_of_action
        chapters.setdefault(str(place.recommendation.field_of_action_id), (field, []))[1].append(place)
    return render(
        request,
        "editions/show.html",
        edition=edition,
        following=following_of(session, visitor.actor, FollowTarget.EDITION, edition.id),
        chapters=list(chapters.values()),
        dissents=published.dissent_counts(session, [each.id for each in found if each.published_at]),
        shows_decision=editions.shows_decision(edition, visitor.actor),
        example=any(each.is_example for each in found),
    )
