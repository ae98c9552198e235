"""How a recommendation came about, as far as the reader may see: needs, versions, rounds, ballot, signatures."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import String, Uuid, bindparam, cast, null, union_all
from sqlmodel import Session, col, select

from app.clock import now
from app.domain.actors import Actor
from app.domain.consultations import Audience, Disposition, RoundState
from app.domain.events import SubjectType
from app.domain.recommendations import PUBLIC_STATES
from app.domain.sorting import sort_key
from app.errors import NotFound
from app.models.co_signatures import CoSignature
from app.models.consultations import CommentRound, Invitation
from app.models.organisations import Organisation
from app.models.programmes import CrossCuttingTheme
from app.models.recommendations import Recommendation
from app.models.theme_considerations import ThemeConsideration
from app.queries.co_signatures import list_co_signatures
from app.queries.consultations import StatementCount, count_statements, effective_state, list_rounds
from app.queries.decisions import Decision, decision_of
from app.queries.provenance import Origin, origins_of
from app.queries.theme_considerations import Consideration, consideration, in_german_order, with_themes
from app.queries.versions import VersionEntry, list_versions, readable_versions, reads_inside


@dataclass(frozen=True, slots=True)
class RoundOfStory:
    """One Stellungnahmeverfahren with how many answered and what became of it."""

    audience: Audience
    opened_at: datetime
    closed_at: datetime
    is_open: bool
    closing_reason: str | None
    total: int
    dispositions: tuple[tuple[Disposition, int], ...]


@dataclass(frozen=True, slots=True)
class Story:
    """Everything the page "So wurde beraten" tells one reader, in the order of the process."""

    is_public: bool
    needs: tuple[Origin, ...]
    proposals: tuple[Origin, ...]
    taken: tuple[Origin, ...]
    versions: Sequence[VersionEntry]
    considerations: tuple[Consideration, ...]
    invited: tuple[str, ...]
    rounds: tuple[RoundOfStory, ...]
    decision: Decision
    co_signatures: Sequence[CoSignature]


def story_of(session: Session, recommendation: Recommendation, actor: Actor) -> Story:
    """The story for this reader; NotFound for who is outside before the publication opens it.

    Five statements for the public, eight inside: only there versions and co-signatures are told.
    """
    is_inside = reads_inside(recommendation, actor)
    if not is_inside and recommendation.state not in PUBLIC_STATES:
        raise NotFound()
    shown = recommendation.version if is_inside else recommendation.adopted_version or recommendation.version
    origins = origins_of(session, recommendation, shown, actor)
    rounds = sorted(list_rounds(session, recommendation.id, actor), key=lambda each: each.number)
    counts = count_statements(session, [each.id for each in rounds])
    invited, considerations = _invited_and_considered(session, recommendation)
    versions: Sequence[VersionEntry] = []
    co_signatures: Sequence[CoSignature] = []
    if is_inside:
        versions = list_versions(session, recommendation, readable_versions(session, recommendation, actor))
        co_signatures = list_co_signatures(session, recommendation.id, actor)
    return Story(
        is_public=recommendation.state in PUBLIC_STATES,
        needs=tuple(each for each in origins if each.kind is SubjectType.NEED),
        proposals=tuple(each for each in origins if each.kind is SubjectType.PROPOSAL),
        taken=tuple(each for each in origins if each.kind in (SubjectType.STATEMENT, SubjectType.AMENDMENT)),
        versions=versions,
        considerations=considerations,
        invited=invited,
        rounds=tuple(_round(each, counts, now(session)) for each in rounds),
        decision=decision_of(session, recommendation, actor),
        co_signatures=co_signatures,
    )


def _invited_and_considered(
    session: Session, recommendation: Recommendation
) -> tuple[tuple[str, ...], tuple[Consideration, ...]]:
    """Who was invited, in German order, and what is said of the themes; one statement for both."""
    rows = session.connection().execute(_names(), {"recommendation_id": recommendation.id}).all()
    invited = sorted({row.name for row in rows if row.slug is None}, key=sort_key)
    themes = [consideration(*row) for row in rows if row.slug is not None]
    return tuple(invited), in_german_order(themes)


@cache
def _names() -> Any:
    key: Any = bindparam("recommendation_id", type_=Uuid())
    theme, stated = CrossCuttingTheme, ThemeConsideration
    nothing: Any = cast(null(), String)
    named: list[Any] = [Organisation.id, Organisation.name, nothing.label("slug"), nothing.label("relevance"), nothing]
    invited = (
        select(*named)
        .join(Invitation, col(Invitation.organisation_id) == Organisation.id)
        .where(Invitation.recommendation_id == key)
    )
    themes = with_themes((theme.id, theme.name, theme.slug, cast(stated.relevance, String), stated.text), key)
    return union_all(invited, themes)


def _round(found: CommentRound, counts: Sequence[StatementCount], moment: datetime) -> RoundOfStory:
    own = [each for each in counts if each.round_id == found.id]
    dispositions: Counter[Disposition] = Counter()
    for each in own:
        if each.disposition is not None:
            dispositions[each.disposition] += each.number
    return RoundOfStory(
        audience=found.audience,
        opened_at=found.opened_at,
        closed_at=found.closed_at or found.closes_at,
        is_open=effective_state(found, moment) is RoundState.OPEN,
        closing_reason=found.closing_reason,
        total=sum(each.number for each in own),
        dispositions=tuple((each, dispositions[each]) for each in Disposition if dispositions[each]),
    )
