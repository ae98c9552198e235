"""Pages of the versions of a recommendation: their list, one of them, and two compared."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from app.domain.text import ChangeKind, compare, compare_words
from app.errors import NotFound
from app.forms.base import Input
from app.queries import recommendations as queries
from app.queries.versions import list_versions
from app.routers.deps import Reader, ReadSession
from app.routers.pages import render
from app.routers.recommendation_tabs import tabs_of
from app.wording.texts import change_label

router = APIRouter()


class ComparisonView(Input):
    """How two versions are shown beside each other."""

    view: Literal["inline", "side"] = "inline"
    only: Literal["changes", "all"] = "changes"


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
    readable = queries.readable_versions(session, recommendation, visitor.actor)
    if not (readable.includes(since) and readable.includes(to)):
        raise NotFound()
    old = queries.get_version(session, recommendation, since)
    new = queries.get_version(session, recommendation, to)
    changes = compare(old.blocks, new.blocks)
    changed = [each for each in changes if each.kind is not ChangeKind.UNCHANGED]
    before, after = {each.id: each for each in old.addressees}, {each.id: each for each in new.addressees}
    return render(
        request,
        "recommendations/compare.html",
        recommendation=recommendation,
        tab="versions",
        tabs=tabs_of(recommendation, visitor.actor),
        old=old,
        new=new,
        title_spans=compare_words(old.title, new.title).spans,
        added=[each for key_, each in after.items() if key_ not in before],
        removed=[each for key_, each in before.items() if key_ not in after],
        changes=changed if shown.only == "changes" else changes,
        changed_count=len(changed),
        old_numbers={block.id: place for place, block in enumerate(old.blocks, start=1)},
        new_numbers={block.id: place for place, block in enumerate(new.blocks, start=1)},
        change_label=change_label,
        shown=shown,
        versions=range(1, readable.newest + 1) if readable.numbers is None else sorted(readable.numbers),
        base_url=queries.url_of(recommendation),
        example=recommendation.is_example,
    )
