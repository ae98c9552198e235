"""Reads of what a recommendation says about each cross-cutting theme, also where it says nothing yet."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import and_, bindparam
from sqlmodel import Session, col, select

from app.domain.actors import Actor
from app.domain.recommendations import PUBLIC_STATES
from app.domain.sorting import sort_key
from app.domain.theme_considerations import READ_WITH_THE_TEXT, ThemeRelevance
from app.models.programmes import CrossCuttingTheme
from app.models.recommendations import Recommendation
from app.models.theme_considerations import ThemeConsideration
from app.queries.versions import reads_inside


@dataclass(frozen=True, slots=True)
class Consideration:
    """One theme and what is said about it; `relevance` is None where nothing is stated."""

    theme_id: UUID
    theme: str
    slug: str
    relevance: ThemeRelevance | None
    text: str

    @property
    def url(self) -> str:
        """The page of the theme."""
        return f"/querschnittsthemen/{self.slug}"


def is_open_to(recommendation: Recommendation, actor: Actor) -> bool:
    """True for who reads what is said of the themes: its body, who is asked to sign it, everybody once published."""
    return recommendation.state in PUBLIC_STATES | READ_WITH_THE_TEXT or reads_inside(recommendation, actor)


def considerations_of(session: Session, recommendation: Recommendation, actor: Actor) -> tuple[Consideration, ...]:
    """Every theme in German order with what is said about it; nothing for who may not read it. One statement."""
    if not is_open_to(recommendation, actor):
        return ()
    rows = session.connection().execute(_of_one(), {"recommendation_id": recommendation.id}).all()
    return in_german_order(consideration(*row) for row in rows)


def find_consideration(session: Session, recommendation_id: UUID, theme_id: UUID) -> ThemeConsideration | None:
    """What is stated about one theme, None where nothing is."""
    statement = select(ThemeConsideration).where(
        ThemeConsideration.recommendation_id == recommendation_id, ThemeConsideration.theme_id == theme_id
    )
    return session.exec(statement).one_or_none()


def with_themes(columns: Iterable[Any], key: Any) -> Any:
    """A statement of these columns with a row for each theme, for pages that ask for more at once."""
    stated = and_(
        col(ThemeConsideration.theme_id) == CrossCuttingTheme.id, col(ThemeConsideration.recommendation_id) == key
    )
    return select(*columns).select_from(CrossCuttingTheme).outerjoin(ThemeConsideration, stated)


def consideration(theme_id: UUID, theme: str, slug: str, relevance: str | None, text: str | None) -> Consideration:
    """One theme as it was read."""
    return Consideration(theme_id, theme, slug, ThemeRelevance(relevance) if relevance else None, text or "")


def in_german_order(considerations: Iterable[Consideration]) -> tuple[Consideration, ...]:
    """The themes as a person looks them up."""
    return tuple(sorted(considerations, key=lambda each: (sort_key(each.theme), str(each.theme_id))))


@cache
def _of_one() -> Any:
    theme, stated = CrossCuttingTheme, ThemeConsideration
    columns = (theme.id, theme.name, theme.slug, stated.relevance, stated.text)
    return with_themes(columns, bindparam("recommendation_id"))
