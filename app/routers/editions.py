"""The public page of an edition, and the numbers of its picture."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.documents.charts.status_bars import status_bars, status_csv
from app.domain.follows import FollowTarget
from app.i18n import _
from app.models.programmes import FieldOfAction
from app.queries import cross_references, editions, implementation, published, structure
from app.queries.editions import Place
from app.queries.following import following_of
from app.queries.implementation_figures import by_field
from app.routers.deps import Reader, ReadSession
from app.routers.pages import csv_file, render

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
    fields = [field for field, _places in chapters.values() if field is not None]
    tracked = implementation.tracked_among(session, found, visitor.actor)
    bars = [bar for bar in by_field(tracked, fields) if bar.total]
    return render(
        request,
        "editions/show.html",
        edition=edition,
        following=following_of(session, visitor.actor, FollowTarget.EDITION, edition.id),
        chapters=list(chapters.values()),
        chart=status_bars("umsetzung", _("Stand der Umsetzung"), bars),
        bars=bars,
        views={one.recommendation.id: one.view for one in tracked},
        dissents=published.dissent_counts(session, [each.id for each in found if each.published_at]),
        # While an edition is worked on, none follows it yet.
        continued=cross_references.continued_from(session, edition.id) if editions.is_carried_on(edition) else (),
        shows_decision=editions.shows_decision(edition, visitor.actor),
        example=any(each.is_example for each in found),
    )


@router.get("/ausgaben/{code}/umsetzung.csv")
def edition_status_csv(request: Request, session: ReadSession, visitor: Reader, code: str) -> Response:
    """How far the recommendations of an edition are, field by field."""
    edition = editions.get_edition(session, code)
    tracked = implementation.list_tracked(session, visitor.actor, edition_id=edition.id)
    bars = by_field(tracked, structure.fields_of_programme(session, edition.programme_id))
    return csv_file(request, f"umsetzung-{edition.code}.csv", status_csv(_("Handlungsfeld"), bars))
