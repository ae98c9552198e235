"""What the list of recommendations can be narrowed to, in one statement."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import Integer, String, Uuid, case, cast, extract, func, literal, null, union_all
from sqlmodel import Session, col, select

from app.domain.actors import Actor
from app.domain.sorting import sort_key
from app.models.ballots import DissentingOpinion
from app.models.organisations import Organisation
from app.models.programmes import CrossCuttingTheme, FieldOfAction, TargetGroup, Topic
from app.models.recommendations import Recommendation, Version, VersionAddressee
from app.queries import structure
from app.queries.recommendations import RecommendationFilter, count_of, is_published

Choice = tuple[UUID | int, str]
_AFTER_ALL = 1_000
"""The fields of a programme that is over come after the others."""


@dataclass(slots=True)
class FilterChoices:
    """(value, label) pairs for each filter, in the order they are shown."""

    fields: list[Choice] = field(default_factory=list)
    topics: list[Choice] = field(default_factory=list)
    themes: list[Choice] = field(default_factory=list)
    target_groups: list[Choice] = field(default_factory=list)
    addressees: list[Choice] = field(default_factory=list)
    years: list[Choice] = field(default_factory=list)
    total: int = 0
    dissents: dict[UUID, int] = field(default_factory=dict)


def published_choices(session: Session) -> list[tuple[UUID, str]]:
    """Every published recommendation by reference and title, for a form that names one."""
    statement = (
        select(Recommendation.id, Recommendation.reference, Recommendation.title)
        .where(is_published())
        .order_by(col(Recommendation.reference))
    )
    return [(key, f"{reference}: {title}" if reference else title) for key, reference, title in session.exec(statement)]


def filter_choices(
    session: Session, actor: Actor, chosen: RecommendationFilter, listed: Collection[UUID] = ()
) -> FilterChoices:
    """Fields, themes and groups as they are; topics, addressees and years of what is published.

    `total` is how many recommendations the filter finds for the actor, `dissents` how many Sondervoten stand
    with each of those that are listed.
    """
    over = case((structure.carried_on(FieldOfAction.programme_id), 0), else_=_AFTER_ALL)
    parts = (
        select(*_row("fields", FieldOfAction.id, FieldOfAction.name, col(FieldOfAction.rank) + over)),
        select(*_row("topics", Topic.id, Topic.title)).where(
            col(Topic.id).in_(select(Recommendation.topic_id).where(is_published()))
        ),
        select(*_row("themes", CrossCuttingTheme.id, CrossCuttingTheme.name)),
        select(*_row("target_groups", TargetGroup.id, TargetGroup.name)),
        select(*_row("addressees", Organisation.id, Organisation.name)).where(col(Organisation.id).in_(_addressed())),
        _years(),
        select(*_row("total", null(), null(), count_of(session, actor, chosen).scalar_subquery())),
        _dissents(listed),
    )
    choices = FilterChoices()
    rows = session.connection().execute(union_all(*parts)).all()
    for kind, key, text, rank in sorted(rows, key=lambda row: (row[3], sort_key(row[2] or ""))):
        if kind == "years":
            choices.years.insert(0, (rank, str(rank)))
        elif kind == "total":
            choices.total = rank
        elif kind == "dissents":
            choices.dissents[key] = rank
        else:
            getattr(choices, kind).append((key, text))
    return choices


def _row(kind: str, key: Any, text: Any, rank: Any = None) -> list[Any]:
    return [
        literal(kind, String).label("kind"),
        cast(key, Uuid).label("key"),
        cast(text, String).label("text"),
        (literal(0, Integer) if rank is None else cast(rank, Integer)).label("rank"),
    ]


def _addressed() -> Any:
    return (
        select(VersionAddressee.organisation_id)
        .join(Version, col(VersionAddressee.version_id) == Version.id)
        .join(Recommendation, col(Version.recommendation_id) == Recommendation.id)
        .where(is_published(), col(Version.number) == Recommendation.adopted_version)
    )


def _dissents(listed: Collection[UUID]) -> Any:
    return (
        select(*_row("dissents", DissentingOpinion.recommendation_id, null(), func.count()))
        .where(col(DissentingOpinion.recommendation_id).in_(listed))
        .group_by(col(DissentingOpinion.recommendation_id))
    )


def _years() -> Any:
    year = cast(extract("year", col(Recommendation.published_at)), Integer)
    return (
        select(*_row("years", null(), null(), func.coalesce(year, 0)))
        .where(is_published(), col(Recommendation.published_at).is_not(None))
        .distinct()
    )
