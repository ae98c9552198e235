"""What is new in a body since the reader's last visit, as lines of its home."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from app.domain.actors import Actor
from app.queries.body_home import AtWork, Contribution
from app.queries.recommendations import since_seen, state_seen
from app.queries.seats import SeatShown
from app.wording.news import contribution_news, membership_news, recommendation_news


@dataclass(frozen=True, slots=True)
class News:
    """One line: what happened, to what, when; `url` None where there is no page of its own."""

    at: datetime
    text: str
    title: str
    url: str | None


def news_of(
    contributions: Sequence[Contribution],
    recommendations: Sequence[AtWork],
    seats: Sequence[SeatShown],
    since: datetime,
    moment: datetime,
    actor: Actor,
) -> list[News]:
    """Everything since then but the reader's own contributions, newest first."""
    found = [
        News(each.submitted_at, contribution_news(each.noun, each.organisation_name), each.title, each.url)
        for each in contributions
        if each.submitted_at > since and each.author_id != actor.person_id
    ]
    found += [
        News(
            since_seen(each.recommendation, moment),
            recommendation_news(state_seen(each.recommendation, moment)),
            each.recommendation.title,
            each.url,
        )
        for each in recommendations
        if since_seen(each.recommendation, moment) > since
    ]
    found += [
        News(
            member.created_at,
            membership_news(member.role, shown.organisation.name),
            member.person.name if member.person else "",
            None,
        )
        for shown in seats
        for member in shown.members
        if member.created_at > since and member.person_id != actor.person_id
    ]
    return sorted(found, key=lambda news: news.at, reverse=True)
