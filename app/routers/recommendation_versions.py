"""Pages of the versions of a recommendation: their list, one of them, and two compared."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request
from starlette.responses import RedirectResponse, Response

from app.errors import NotFound
from app.forms.base import Input
from app.queries import recommendations as queries
from app.queries.version_comparisons import comparison_of
from app.queries.versions import list_versions
from app.routers.deps import Reader, ReadSession
from app.routers.pages import render
from app.routers.recommendation_tabs import tabs_of
from app.wording.texts import block_places, change_label

router = APIRouter()


class ComparisonView(Input):
    """How two versions are shown: marked in the whole text, beside each other, or what changed alone."""

    view: Literal["inline", "side", "changes"] = "changes"


class ChosenVersions(ComparisonView):
    """Which two versions a form asks to compare."""

    since: int
    to: int


@router.get("/empfehlungen/{key}/fassungen")
def list_recommendation_versions(request: Request, session: ReadSession, visitor: Reader, key: str) -> Response:
    """The versions the reader may see."""
    recommendation = queries.get_recommendation(session, key, visitor.actor)
    readable = queries.readable_versions(session, recommendation, visitor.actor)
    return render(
        request,
        "recommendations/versions.html",
        recommendation=recommendation,
        tab="versions",
        tabs=tabs_of(recommendation, visitor.actor),
        versions=list_versions(session, recommendation, readable),
        base_url=queries.url_of(recommendation),
        example=recommendation.is_example,
    )


@router.get("/empfehlungen/{key}/fassungen/{number}")
def show_version(request: Request, session: ReadSession, visitor: Reader, key: str, number: int) -> Response:
    """One version as it was."""
    recommendation = queries.get_recommendation(session, key, visitor.actor)
    if not queries.readable_versions(session, recommendation, visitor.actor).includes(number):
        raise NotFound()
    text = queries.get_version(session, recommendation, number)
    return render(
        request,
        "recommendations/version.html",
        recommendation=recommendation,
        tab="versions",
        tabs=tabs_of(recommendation, visitor.actor),
        text=text,
        blocks=list(text.blocks),
        base_url=queries.url_of(recommendation),
        example=recommendation.is_example,
    )


@router.get("/empfehlungen/{key}/vergleich")
def choose_versions(
    session: ReadSession, visitor: Reader, key: str, chosen: Annotated[ChosenVersions, Query()]
) -> Response:
    """From the form that names two versions to their comparison."""
    recommendation = queries.get_recommendation(session, key, visitor.actor)
    path = f"{queries.url_of(recommendation)}/fassungen/{chosen.since}/{chosen.to}"
    return RedirectResponse(f"{path}?view={chosen.view}", status_code=303)


@router.get("/empfehlungen/{key}/fassungen/{since}/{to}")
def compare_versions(
    request: Request,
    session: ReadSession,
    visitor: Reader,
    key: str,
    since: int,
    to: int,
    shown: Annotated[ComparisonView, Query()],
) -> Response:
    """What changed from one version to the other; for reading only."""
    recommendation = queries.get_recommendation(session, key, visitor.actor)
    compared, readable = comparison_of(session, recommendation, since, to, visitor.actor)
    return render(
        request,
        "recommendations/compare.html",
        recommendation=recommendation,
        tab="versions",
        tabs=tabs_of(recommendation, visitor.actor),
        compared=compared,
        change_label=change_label,
        block_places=block_places,
        shown=shown,
        versions=range(1, readable.newest + 1) if readable.numbers is None else sorted(readable.numbers),
        base_url=queries.url_of(recommendation),
        example=recommendation.is_example,
    )
