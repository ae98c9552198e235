"""What stands beside a recommendation's text: errata, successors, predecessors, themes, what it is sorted by."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import Integer, String, Uuid, and_, bindparam, cast, func, literal, null, type_coerce, union_all
from sqlmodel import Session, col, select

from app.domain.continuations import ContinuationChoice
from app.domain.cross_references import Relation
from app.domain.sorting import sort_key
from app.models.base import UTCDateTime
from app.models.continuations import Continuation
from app.models.cross_references import CrossReference
from app.models.programmes import CrossCuttingTheme, Edition, GuidingQuestion, TargetGroup
from app.models.recommendations import (
    Erratum,
    Recommendation,
    RecommendationQuestion,
    RecommendationTargetGroup,
    RecommendationTheme,
    Supersession,
)
from app.models.theme_considerations import ThemeConsideration
from app.queries.base import DEFAULT_LIMIT, Page, page_of
from app.queries.recommendations import is_published
from app.queries.theme_considerations import Consideration, consideration, in_german_order, with_themes
from app.wording import label
from app.wording.cross_references import inverse_label


class MarginKind(StrEnum):
    """What kind of note stands in the margin."""

    ERRATUM = "erratum"
    SUCCESSOR = "successor"
    PREDECESSOR = "predecessor"
    THEME = "theme"
    TARGET_GROUP = "target_group"
    QUESTION = "question"
    REFERENCE = "reference"
    REFERRED_TO = "referred_to"
    CARRIED_OVER = "carried_over"
    REVISED = "revised"


@dataclass(frozen=True, slots=True)
class Note:
    """One thing beside the text; `key` is the block of an erratum, else the thing itself.

    `plan` and `relation` are those of a cross-reference.
    """

    kind: MarginKind
    text: str
    at: datetime | None
    key: UUID | None
    word: str | None
    plan: str | None = None
    relation: Relation | None = None

    @property
    def tie(self) -> str:
        """What a cross-reference says of what it names."""
        if self.relation is None:
            return ""
        return label(self.relation) if self.kind is MarginKind.REFERENCE else inverse_label(self.relation)

    @property
    def url(self) -> str | None:
        """The page of what is named."""
        match self.kind:
            case MarginKind.REFERENCE if self.key is None:
                return self.word
            case (
                MarginKind.SUCCESSOR
                | MarginKind.PREDECESSOR
                | MarginKind.REFERENCE
                | MarginKind.REFERRED_TO
                | MarginKind.REVISED
            ):
                return f"/empfehlungen/{self.word or self.key}"
            case MarginKind.THEME:
                return f"/querschnittsthemen/{self.word}"
            case MarginKind.TARGET_GROUP:
                return f"/zielgruppen/{self.word}"
            case MarginKind.CARRIED_OVER:
                return f"/ausgaben/{self.word}"
            case MarginKind.QUESTION:
                return f"/leitfragen/{self.word}"
        return None


@dataclass(frozen=True, slots=True)
class Margin:
    """Everything beside the text of one recommendation."""

    notes: tuple[Note, ...] = ()
    considerations: tuple[Consideration, ...] = ()

    def of(self, *kinds: str) -> list[Note]:
        """The notes of these kinds, in order."""
        return [note for note in self.notes if note.kind in kinds]


def list_errata(session: Session, recommendation: Recommendation) -> Sequence[Erratum]:
    """The errata of a frozen text, oldest first."""
    statement = select(Erratum).where(Erratum.recommendation_id == recommendation.id)
    return session.exec(statement.order_by(col(Erratum.created_at), col(Erratum.id))).all()


def page_of_errata(
    session: Session, recommendation: Recommendation, *, limit: int = DEFAULT_LIMIT, after: str | None = None
) -> Page[Erratum]:
    """The same, newest first, page by page."""
    statement = select(Erratum).where(Erratum.recommendation_id == recommendation.id)
    return page_of(session, statement, Erratum, limit=limit, after=after)


def margin_of(session: Session, recommendation: Recommendation) -> Margin:
    """What stands beside the text, in one statement; successors and predecessors only where they are published."""
    rows = session.connection().execute(_beside(), {"recommendation_id": recommendation.id}).all()
    kinds = list(MarginKind)
    notes = [_note(kinds[row.kind], row) for row in rows if row.kind < len(kinds)]
    order = sorted(notes, key=lambda note: (kinds.index(note.kind), str(note.at or ""), sort_key(note.text)))
    of_themes = [row for row in rows if row.kind == len(kinds)]
    themes = [consideration(row.key, row.name, row.word, row.relevance, row.text) for row in of_themes]
    return Margin(tuple(order), in_german_order(themes))


def _note(kind: MarginKind, row: Any) -> Note:
    relation = Relation(row.relevance) if row.relevance else None
    return Note(kind, row.text, row.at, row.key, row.word, row.name, relation)


@cache
def _beside() -> Any:
    key: Any = bindparam("recommendation_id")
    errata = select(
        *_row(0, Erratum.text, type_coerce(col(Erratum.created_at), UTCDateTime), Erratum.block_id, null())
    ).where(Erratum.recommendation_id == key)
    titled = (Recommendation.title, type_coerce(col(Recommendation.published_at), UTCDateTime), Recommendation.id)
    successors = (
        select(*_row(1, *titled, Recommendation.reference))
        .join(Supersession, col(Supersession.successor_id) == Recommendation.id)
        .where(Supersession.recommendation_id == key, is_published())
    )
    predecessors = (
        select(*_row(2, *titled, Recommendation.reference))
        .join(Supersession, col(Supersession.recommendation_id) == Recommendation.id)
        .where(Supersession.successor_id == key, is_published())
    )
    tags = (
        _tagged(3, CrossCuttingTheme, CrossCuttingTheme.name, RecommendationTheme, "theme_id", key),
        _tagged(4, TargetGroup, TargetGroup.name, RecommendationTargetGroup, "target_group_id", key),
        _tagged(5, GuidingQuestion, GuidingQuestion.title, RecommendationQuestion, "question_id", key),
    )
    carried = (
        select(
            *_row(8, Edition.title, type_coerce(col(Continuation.created_at), UTCDateTime), Edition.id, Edition.code)
        )
        .join(Continuation, col(Continuation.edition_id) == Edition.id)
        .where(Continuation.recommendation_id == key, Continuation.choice == ContinuationChoice.CARRY_OVER)
    )
    revised = (
        select(*_row(9, *titled, Recommendation.reference))
        .join(Continuation, col(Continuation.recommendation_id) == Recommendation.id)
        .where(Continuation.draft_id == key, is_published())
    )
    theme, stated = CrossCuttingTheme, ThemeConsideration
    nothing = type_coerce(null(), UTCDateTime)
    columns = _row(len(MarginKind), stated.text, nothing, theme.id, theme.slug, theme.name, stated.relevance)
    return union_all(
        errata, successors, predecessors, *tags, *_references(key), carried, revised, with_themes(columns, key)
    )


def _references(key: Any) -> Any:
    """What it is tied to in other plans, and what here is tied to it; the page of either only where it is published."""
    stands, nothing = col(CrossReference.withdrawn_at).is_(None), type_coerce(null(), UTCDateTime)
    word = func.coalesce(Recommendation.reference, CrossReference.url)
    tie = (CrossReference.plan, CrossReference.relation)
    there = and_(col(Recommendation.id) == CrossReference.counterpart_id, is_published())
    named = _row(6, CrossReference.item, nothing, Recommendation.id, word, *tie)
    own = select(*named).select_from(CrossReference).outerjoin(Recommendation, there)
    others = _row(7, Recommendation.title, nothing, Recommendation.id, Recommendation.reference, *tie)
    referring = select(*others).join(CrossReference, col(CrossReference.subject_id) == Recommendation.id)
    return (
        own.where(CrossReference.subject_id == key, stands),
        referring.where(CrossReference.counterpart_id == key, stands, is_published()),
    )


_NOTHING: Any = null()


def _row(
    kind: int, text: Any, at: Any, key: Any, word: Any, name: Any = _NOTHING, relevance: Any = _NOTHING
) -> list[Any]:
    return [
        literal(kind, Integer).label("kind"),
        cast(text, String).label("text"),
        at.label("at"),
        cast(key, Uuid).label("key"),
        cast(word, String).label("word"),
        cast(name, String).label("name"),
        cast(relevance, String).label("relevance"),
    ]


def _tagged(kind: int, model: Any, title: Any, link: Any, column: str, key: Any) -> Any:
    return select(*_row(kind, title, type_coerce(null(), UTCDateTime), model.id, model.slug)).join(
        link, and_(getattr(link, column) == model.id, link.recommendation_id == key)
    )
