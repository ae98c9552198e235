"""Reads of what readers wrote about the site."""

from __future__ import annotations

from sqlmodel import Session, select

from app.models.feedback import Feedback
from app.queries.base import DEFAULT_LIMIT, Page, page_of


def list_feedback(
    session: Session,
    *,
    rating: int | None = None,
    page: str | None = None,
    limit: int = DEFAULT_LIMIT,
    after: str | None = None,
) -> Page[Feedback]:
    """Newest first; whoever asks has been asked for permission."""
    statement = select(Feedback)
    if rating is not None:
        statement = statement.where(Feedback.rating == rating)
    if page is not None:
        statement = statement.where(Feedback.page == page)
    return page_of(session, statement, Feedback, limit=limit, after=after)
