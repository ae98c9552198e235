"""Atom feeds of published recommendations (RFC 4287)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from app.models.recommendations import Recommendation
from app.queries.published import Dispatch
from app.templating import render_template


@dataclass(frozen=True, slots=True)
class _Entry:
    recommendation: Recommendation
    published: str
    updated: str
    html: str


def atom_feed(
    dispatches: Sequence[Dispatch], *, title: str, path: str, page: str, base_url: str, begun_at: datetime
) -> bytes:
    """The feed as XML; `begun_at` is when it was last changed where it has no entry yet."""
    entries = [
        _Entry(
            recommendation=each.recommendation,
            published=_time(each.recommendation.published_at or each.updated_at),
            updated=_time(each.updated_at),
            html=render_template(
                "feeds/entry.html",
                {"recommendation": each.recommendation, "blocks": each.blocks, "dissents": each.dissents},
            ),
        )
        for each in dispatches
    ]
    updated = max((each.updated_at for each in dispatches), default=begun_at)
    context = {
        "entries": entries,
        "title": title,
        "path": path,
        "page": page,
        "base_url": base_url,
        "updated": _time(updated),
    }
    return render_template("feeds/feed.xml", context).encode()


def _time(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
