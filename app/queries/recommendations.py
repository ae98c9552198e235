"""Reads of recommendations; who may see one, and in which version, is decided here, once."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, bindparam, exists, false, func, or_, true
from sqlalchemy.orm import joinedload
from sqlalchemy.orm.attributes import set_committed_value
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from app.clock import now
from app.domain.actors import Actor
from app.domain.co_signatures import CoSignatureState
from app.domain.deadlines import is_over, year_of
from app.domain.implementation import AddresseeAnswer, ImplementationStatus
from app.domain.organisations import Level
from app.domain.recommendations import PUBLIC_STATES, RecommendationState
from app.errors import NotFound
from app.models.co_signatures import CoSignature
from app.models.consultations import CommentRound
from app.models.organisations import Organisation
from app.models.recommendations import (
    Recommendation,
    RecommendationNeed,
    RecommendationProposal,
    RecommendationQuestion,
    RecommendationTargetGroup,
    RecommendationTheme,
    Version,
    VersionAddressee,
)
from app.models.responses import AddresseeResponse
from app.queries.audiences import in_audience
from app.queries.base import DEFAULT_LIMIT, Page, contains, page_of
from app.queries.built import built_once, keys_of
from app.queries.implementation import ImplementationView, implementation_of_many
from app.queries.versions import (
    Readable,
    VersionText,
    get_version,
    pinned_titles,
    readable_version,
    readable_versions,
    reads_inside,
)

__all__ = [
    "Readable",
    "RecommendationFilter",
    "VersionText",
    "file_reference_of",
    "find_recommendation",
    "get_recommendation",
    "get_version",
    "is_published",
    "list_recommendations",
    "readable_version",
    "readable_versions",
    "reads_inside",
    "show_as_seen",
    "since_seen",
    "stands_in",
    "state_seen",
    "url_of",
    "visible",
    "visible_whole",
    "with_status",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class RecommendationFilter:
    """What a list is narrowed to; None and empty leave a field open, several keys mean any of them.

    `ids` are what a derived status leaves; `need_ids` and `proposal_ids` are ones the reader may see. `level` and
    `answer` are of one and the same addressee of a published one, `addressee_id` where it is named.
    """

    body_id: UUID | None = None
    edition_id: UUID | None = None
    field_of_action_id: UUID | None = None
    topic_id: UUID | None = None
    theme_id: UUID | None = None
    target_group_id: UUID | None = None
    guiding_question_id: UUID | None = None
    addressee_id: UUID | None = None
    need_ids: Collection[UUID] = ()
    proposal_ids: Collection[UUID] = ()
    addressee_ids: Collection[UUID] = ()
    guiding_question_ids: Collection[UUID] = ()
    cross_cutting_theme_ids: Collection[UUID] = ()
    target_group_ids: Collection[UUID] = ()
    organisation_id: UUID | None = None
    level: Level | None = None
    answer: AddresseeAnswer | None = None
    state: RecommendationState | None = None
    published_only: bool = False
    year: int | None = None
    reference: str | None = None
    q: str | None = None
    ids: frozenset[UUID] | None = None


def visible(actor: Actor, moment: datetime | None = None) -> ColumnElement[bool]:
    """The recommendations an actor may read in some version (process.md, section 2).

    Published ones are everybody's; before, they are the body's, of the organisations asked to co-sign,
    and of the audience of an open round, who see the pinned version. With a moment, the clock closes rounds.
    """
    if actor.is_secretariat or actor.is_auditor:
        return true()
    in_open_round = exists().where(
        and_(col(CommentRound.recommendation_id) == Recommendation.id, in_audience(actor, moment))
    )
    if not actor.is_signed_in:
        return or_(is_published(), in_open_round)
    asked_to_sign = exists().where(
        and_(
            col(CoSignature.recommendation_id) == Recommendation.id,
            col(CoSignature.organisation_id).in_(actor.acts_for),
            col(CoSignature.state) != CoSignatureState.WITHDRAWN,
        )
    )
    return or_(is_published(), col(Recommendation.body_id).in_(actor.body_ids), asked_to_sign, in_open_round)


def is_published() -> ColumnElement[bool]:
    """What everybody may read."""
    return col(Recommendation.state).in_(PUBLIC_STATES)


def visible_whole(actor: Actor) -> ColumnElement[bool]:
    """Those whose newest text the actor may read: published ones and its bodies', not what it sees pinned."""
    if actor.is_secretariat or actor.is_auditor:
        return true()
    return or_(is_published(), col(Recommendation.body_id).in_(actor.body_ids))


def state_seen(recommendation: Recommendation, moment: datetime) -> RecommendationState:
    """The state as readers see it: a Stellungnahmeverfahren whose time is over is in evaluation. No statement."""
    return RecommendationState.EVALUATION if _is_closed_by_clock(recommendation, moment) else recommendation.state


def since_seen(recommendation: Recommendation, moment: datetime) -> datetime:
    """When the state that readers see began."""
    closed_at = recommendation.consulted_until
    return closed_at if closed_at and _is_closed_by_clock(recommendation, moment) else recommendation.state_since


def stands_in(states: Collection[RecommendationState], moment: Any) -> ColumnElement[bool]:
    """Those that readers see in one of the states; `moment` is one or the parameter that will hold it."""
    is_commenting = col(Recommendation.state) == RecommendationState.COMMENTING
    is_over_now = and_(is_commenting, col(Recommendation.consulted_until) <= moment)
    wanted: ColumnElement[bool] = col(Recommendation.state).in_(sorted(states))
    if RecommendationState.EVALUATION in states:
        wanted = or_(wanted, is_over_now)
    elif RecommendationState.COMMENTING in states:
        wanted = and_(wanted, ~func.coalesce(is_over_now, false()))
    return wanted


def _is_closed_by_clock(recommendation: Recommendation, moment: datetime) -> bool:
    closes_at = recommendation.consulted_until
    is_commenting = recommendation.state is RecommendationState.COMMENTING
    return is_commenting and closes_at is not None and is_over(closes_at, moment)


def get_recommendation(session: Session, key: str | UUID, actor: Actor) -> Recommendation:
    """One by reference or id, with body, field, edition and topic; NotFound where absent or hidden.

    Who sees it from outside its body sees title and number of the version it may read.
    """
    name, value = _named(key)
    asked = {"key": value, "moment": now(session), **keys_of(actor)}
    found: Recommendation | None = session.exec(_one(actor, name), params=asked).one_or_none()
    if found is None:
        raise NotFound()
    show_as_seen(session, [found], actor)
    return found


@built_once
def _one(actor: Actor, name: str) -> SelectOfScalar[Recommendation]:
    moment: Any = bindparam("moment")
    is_it = col(getattr(Recommendation, name)) == bindparam("key")
    return with_names(select(Recommendation)).where(is_it, visible(actor, moment))


def find_recommendation(session: Session, key: UUID, actor: Actor) -> Recommendation | None:
    """One recommendation, or None where absent or hidden."""
    condition = visible(actor, now(session))
    return session.exec(select(Recommendation).where(Recommendation.id == key, condition)).one_or_none()


def list_recommendations(
    session: Session,
    actor: Actor,
    chosen: RecommendationFilter,
    *,
    limit: int = DEFAULT_LIMIT,
    after: str | None = None,
) -> Page[Recommendation]:
    """Recommendations the actor may read, newest first."""
    statement = with_names(select(Recommendation)).where(*_all_conditions(session, actor, chosen))
    page = page_of(session, statement, Recommendation, limit=limit, after=after)
    show_as_seen(session, page.items, actor)
    return page


def count_of(session: Session, actor: Actor, chosen: RecommendationFilter) -> SelectOfScalar[int]:
    """The question how many recommendations the filter finds for the actor."""
    return (
        select(func.count()).select_from(Recommendation).where(*_all_conditions(session, actor, chosen)).correlate(None)
    )


def ids_of(session: Session, actor: Actor, chosen: RecommendationFilter) -> Sequence[UUID]:
    """The ids of everything the filter finds: what a derived status is looked up for."""
    return session.exec(select(Recommendation.id).where(*_all_conditions(session, actor, chosen))).all()


def with_status(
    session: Session,
    actor: Actor,
    chosen: RecommendationFilter,
    status: ImplementationStatus | None,
    *,
    overdue: bool | None = None,
) -> tuple[RecommendationFilter, dict[UUID, ImplementationView]]:
    """The filter narrowed to those of a derived status, which is looked up for everything else it finds.

    With the views of those that are left, so that a page need not ask again.
    """
    found = implementation_of_many(session, ids_of(session, actor, chosen), actor)
    left = {
        key: view for key, view in found.items() if status in (None, view.status) and overdue in (None, view.overdue)
    }
    return replace(chosen, ids=frozenset(left)), left


def url_of(recommendation: Recommendation) -> str:
    """Its page: by reference from adoption on, by id before."""
    return f"/empfehlungen/{recommendation.reference or recommendation.id}"


def file_reference_of(recommendation: Recommendation, actor: Actor) -> str | None:
    """Its Geschäftszeichen, or that of its body; the public and who is only asked read none."""
    if not reads_inside(recommendation, actor):
        return None
    return recommendation.file_reference or (recommendation.body.file_reference if recommendation.body else None)


def with_names(statement: SelectOfScalar[Recommendation]) -> SelectOfScalar[Recommendation]:
    """The statement with what a list or page names: body, field, edition, topic."""
    return statement.options(
        joinedload(Recommendation.body),  # type: ignore[arg-type]
        joinedload(Recommendation.field_of_action),  # type: ignore[arg-type]
        joinedload(Recommendation.edition),  # type: ignore[arg-type]
        joinedload(Recommendation.topic),  # type: ignore[arg-type]
    )


def show_as_seen(session: Session, recommendations: Sequence[Recommendation], actor: Actor) -> None:
    """Let title and version be those the reader may know; a writer who locks the row sees the newest again.

    One statement where the reader sees something by a round or a request to co-sign, else none.
    """
    outside = {
        each.id: each for each in recommendations if each.state not in PUBLIC_STATES and not reads_inside(each, actor)
    }
    for key, (number, title) in pinned_titles(session, list(outside), actor).items():
        set_committed_value(outside[key], "version", number)
        set_committed_value(outside[key], "title", title)


def _named(key: str | UUID) -> tuple[str, str | UUID]:
    """Whether a recommendation is called by its id or by its reference."""
    if isinstance(key, UUID):
        return "id", key
    try:
        return "id", UUID(key)
    except ValueError:
        return "reference", key


def _all_conditions(session: Session, actor: Actor, chosen: RecommendationFilter) -> list[ColumnElement[bool]]:
    moment = now(session)
    standing = [stands_in([chosen.state], moment)] if chosen.state else []
    return [visible(actor, moment), *standing, *_conditions(actor, chosen), *_search(actor, chosen.q)]


def _conditions(actor: Actor, chosen: RecommendationFilter) -> list[ColumnElement[bool]]:
    equal: dict[str, Any] = {
        "body_id": chosen.body_id,
        "edition_id": chosen.edition_id,
        "field_of_action_id": chosen.field_of_action_id,
        "topic_id": chosen.topic_id,
        "organisation_id": chosen.organisation_id,
        "reference": chosen.reference,
    }
    found = [col(getattr(Recommendation, name)) == value for name, value in equal.items() if value is not None]
    if chosen.published_only:
        found.append(is_published())
    for link, tag, one, several in (
        (RecommendationTheme, "theme_id", chosen.theme_id, chosen.cross_cutting_theme_ids),
        (RecommendationTargetGroup, "target_group_id", chosen.target_group_id, chosen.target_group_ids),
        (RecommendationQuestion, "question_id", chosen.guiding_question_id, chosen.guiding_question_ids),
        (RecommendationNeed, "need_id", None, chosen.need_ids),
        (RecommendationProposal, "proposal_id", None, chosen.proposal_ids),
    ):
        found += [_tagged(link, tag, keys) for keys in ([one] if one else [], several) if keys]
    for keys in ([chosen.addressee_id] if chosen.addressee_id else [], chosen.addressee_ids):
        if keys:
            found += [visible_whole(actor), _addressed_to(keys)]
    if chosen.level or chosen.answer:
        found += [is_published(), _asked_and_answered(chosen)]
    if chosen.year:
        found.append(_published_in(chosen.year))
    if chosen.ids is not None:
        found.append(col(Recommendation.id).in_(chosen.ids))
    return found


def _search(actor: Actor, q: str | None) -> list[ColumnElement[bool]]:
    """Only texts the reader may read are searched: the newest is not for who sees a pinned version."""
    if not q:
        return []
    return [visible_whole(actor), contains(col(Recommendation.search_text), q)]


def _tagged(link: Any, tag: str, keys: Collection[UUID]) -> ColumnElement[bool]:
    return exists().where(and_(link.recommendation_id == Recommendation.id, col(getattr(link, tag)).in_(keys)))


def _addressed_to(organisation_ids: Collection[UUID]) -> ColumnElement[bool]:
    return exists().where(
        and_(
            col(Version.recommendation_id) == Recommendation.id,
            col(Version.number) == func.coalesce(Recommendation.adopted_version, Recommendation.version),
            col(VersionAddressee.version_id) == Version.id,
            col(VersionAddressee.organisation_id).in_(organisation_ids),
        )
    )


def _asked_and_answered(chosen: RecommendationFilter) -> ColumnElement[bool]:
    """One addressee is on the level, gave the answer, and is the one named."""
    response = AddresseeResponse
    conditions = [col(response.recommendation_id) == Recommendation.id, col(response.is_addressee)]
    if chosen.answer:
        conditions.append(col(response.answer) == chosen.answer)
    if chosen.level:
        on_level = select(Organisation.id).where(Organisation.level == chosen.level)
        conditions.append(col(response.organisation_id).in_(on_level))
    if chosen.addressee_id:
        conditions.append(col(response.organisation_id) == chosen.addressee_id)
    return exists().where(and_(*conditions))


def _published_in(year: int) -> ColumnElement[bool]:
    if not 1900 <= year <= 2199:
        return false()
    begin, end = year_of(year)
    return and_(col(Recommendation.published_at) >= begin, col(Recommendation.published_at) < end)
