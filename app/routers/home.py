"""The start page, the programme, and the pages every public site owes."""

from __future__ import annotations

from collections.abc import Callable

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.clock import now
from app.domain.deadlines import days_left
from app.queries import implementation, programmes, public_overview, published, structure
from app.queries.editions import editions_in_order
from app.routers.deps import Reader, ReadSession
from app.routers.pages import render

router = APIRouter()
NEWEST = 4
STATIC_PAGES = ("kontakt", "impressum", "datenschutz", "barrierefreiheit", "leichte-sprache", "gebaerdensprache")


@router.get("/")
def show_home(request: Request, session: ReadSession, visitor: Reader) -> Response:
    """What the programme is, what is open now, what is new, and how far it is carried out."""
    tracked = implementation.list_tracked(session, visitor.actor)
    newest = tracked[:NEWEST]
    rounds = public_overview.list_open_rounds(session, visitor.actor)
    moment = now(session)
    fields = public_overview.fields_with_numbers(session, visitor.actor, tracked)
    return render(
        request,
        "home.html",
        fields=fields,
        field_names={each.field.id: each.field.name for each in fields},
        newest=newest,
        dissents=published.dissent_counts(session, [each.recommendation.id for each in newest]),
        rounds=[(each, days_left(each.round.closes_at, moment)) for each in rounds[:NEWEST]],
        more_rounds=max(0, len(rounds) - NEWEST),
        glance=public_overview.glance_at(tracked),
        example=any(each.recommendation.is_example for each in tracked),
    )


@router.get("/programm")
def show_programme(request: Request, session: ReadSession, _visitor: Reader) -> Response:
    """Mandate, who takes part, how a recommendation comes about, and what it binds."""
    return render(
        request,
        "programme.html",
        programme=programmes.get_programme(session),
        editions=editions_in_order(session),
        fields=structure.fields_in_order(session),
    )


def _page_without_data(name: str) -> Callable[..., Response]:
    def show(request: Request, _visitor: Reader) -> Response:
        return render(request, f"pages/{name}.html")

    show.__doc__ = f"The page /{name}."
    return show


for each in STATIC_PAGES:
    router.add_api_route(f"/{each}", _page_without_data(each), methods=["GET"], name=f"show_{each}")
