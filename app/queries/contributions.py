"""What reads of needs and proposals share: who may see one, who sees all of it, filters and order of their lists."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from dataclasses import fields as dataclass_fields
from enum import StrEnum
from functools import cache
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, and_, bindparam, case, func, literal, or_, union_all
from sqlalchemy.orm import joinedload
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from app.domain.actors import Actor
from app.domain.sorting import search_key
from app.domain.visibility import Visibility
from app.models.bodies import Body
from app.models.needs import Need, NeedQuestion, NeedReader, NeedTargetGroup, NeedTheme
from app.models.proposals import (
    Proposal,
    ProposalNeed,
    ProposalQuestion,
    ProposalReader,
    ProposalTargetGroup,
    ProposalTheme,
)
from app.models.recommendations import Recommendation, RecommendationNeed, RecommendationProposal
from app.queries.base import DEFAULT_LIMIT, Page, by_age, by_word, contains, read_by_age, read_by_word
from app.queries.built import built_once, is_set, keys_of
from app.queries.recommendations import is_published

C = TypeVar("C", Need, Proposal)
Contribution = Need | Proposal


class Order(StrEnum):
    """How a list is sorted."""

    NEWEST = "newest"
    OLDEST = "oldest"
    TITLE = "title"


@dataclass(frozen=True, slots=True)
class Tables:
    """The tables beside a noun: its readers, its tags, its links to recommendations; `key` names it in each."""

    model: Any
    key: str
    readers: Any
    questions: Any
    themes: Any
    groups: Any
    recommendations: Any

    def of(self, table: Any) -> Any:
        """The column of a side table that holds the noun's key."""
        return col(getattr(table, self.key))


NEEDS = Tables(Need, "need_id", NeedReader, NeedQuestion, NeedTheme, NeedTargetGroup, RecommendationNeed)
PROPOSALS = Tables(
    Proposal,
    "proposal_id",
    ProposalReader,
    ProposalQuestion,
    ProposalTheme,
    ProposalTargetGroup,
    RecommendationProposal,
)


def tables_of(model: type[Contribution]) -> Tables:
    """The tables beside a need or a proposal."""
    return NEEDS if model is Need else PROPOSALS


@dataclass(frozen=True, slots=True, kw_only=True)
class ContributionFilter:
    """What a list is narrowed to; None and empty leave a field open, several keys mean any of them.

    `need_ids` narrows proposals alone: to those that answer one of these needs.
    """

    body_id: UUID | None = None
    field_of_action_id: UUID | None = None
    organisation_id: UUID | None = None
    state: StrEnum | None = None
    visibility: Visibility | None = None
    topic_id: UUID | None = None
    guiding_question_ids: Collection[UUID] = ()
    cross_cutting_theme_ids: Collection[UUID] = ()
    target_group_ids: Collection[UUID] = ()
    need_ids: Collection[UUID] = ()
    q: str | None = None


def visible(tables: Tables, actor: Actor) -> ColumnElement[bool]:
    """Who may read one (process.md, section 2): what never left its draft is its author's and seat's alone."""
    model = tables.model
    public = or_(col(model.visibility) == Visibility.PUBLIC, _is_linked_to_a_publication(tables))
    if not actor.is_signed_in:
        return and_(_has_left_draft(model), public)
    named_in = select(tables.of(tables.readers)).where(col(tables.readers.person_id) == actor.person_id)
    named = and_(col(model.visibility) == Visibility.CONFIDENTIAL, col(model.id).in_(named_in))
    return or_(and_(_has_left_draft(model), or_(_circle(model, actor), named, public)), _is_own(model, actor))


def visible_whole(tables: Tables, actor: Actor) -> ColumnElement[bool]:
    """Those the actor reads whole, and not only because a recommendation was published: `read_whole` as a condition."""
    model = tables.model
    public = col(model.visibility) == Visibility.PUBLIC
    if not actor.is_signed_in:
        return and_(_has_left_draft(model), public)
    named_in = select(tables.of(tables.readers)).where(col(tables.readers.person_id) == actor.person_id)
    named = and_(col(model.visibility) == Visibility.CONFIDENTIAL, col(model.id).in_(named_in))
    return or_(and_(_has_left_draft(model), or_(_circle(model, actor), named, public)), _is_own(model, actor))


def _has_left_draft(model: Any) -> ColumnElement[bool]:
    return and_(
        col(model.state) != "draft",
        or_(col(model.state) != "withdrawn", col(model.submitted_at).is_not(None)),
    )


def _circle(model: Any, actor: Actor) -> ColumnElement[bool]:
    if actor.is_secretariat or actor.is_auditor:
        return col(model.visibility) != Visibility.CONFIDENTIAL
    return or_(
        col(model.visibility) == Visibility.PARTICIPANTS,
        and_(col(model.visibility) == Visibility.BODY, col(model.body_id).in_(actor.body_ids)),
    )


def _is_own(model: Any, actor: Actor) -> ColumnElement[bool]:
    return or_(col(model.author_id) == actor.person_id, col(model.seat_id).in_(actor.drafting_seat_ids))


def _is_linked_to_a_publication(tables: Tables) -> ColumnElement[bool]:
    link = tables.recommendations
    linked = select(tables.of(link)).join(Recommendation, col(link.recommendation_id) == Recommendation.id)
    return col(tables.model.id).in_(linked.where(is_published()))


def read_whole(session: Session, tables: Tables, things: Sequence[Contribution], actor: Actor) -> set[UUID]:
    """Which of these visible things the actor reads whole.

    The others it sees because a recommendation was published: title, text, organisation and state, no more.
    """
    whole = {thing.id for thing in things if _reads_whole(thing, actor)}
    unsure = [
        thing.id
        for thing in things
        if thing.id not in whole and thing.visibility is Visibility.CONFIDENTIAL and actor.is_signed_in
    ]
    if unsure:
        key, reader = tables.of(tables.readers), col(tables.readers.person_id)
        whole |= set(session.exec(select(key).where(key.in_(unsure), reader == actor.person_id)).all())
    return whole


def _reads_whole(thing: Contribution, actor: Actor) -> bool:
    if thing.visibility is Visibility.PUBLIC:
        return True
    if not actor.is_signed_in:
        return False
    if thing.author_id == actor.person_id or thing.seat_id in actor.drafting_seat_ids:
        return True
    if thing.visibility is Visibility.CONFIDENTIAL:
        return False
    is_inside = actor.is_secretariat or actor.is_auditor or thing.body_id in actor.body_ids
    return is_inside or thing.visibility is Visibility.PARTICIPANTS


def conditions(tables: Tables, chosen: ContributionFilter) -> list[ColumnElement[bool]]:
    """The filter as conditions."""
    model = tables.model
    found: list[ColumnElement[bool]] = []
    for name in ("body_id", "organisation_id", "state", "visibility", "topic_id"):
        value = getattr(chosen, name)
        if is_set(value):
            found.append(col(getattr(model, name)) == value)
    if is_set(chosen.field_of_action_id):
        in_field = select(Body.id).where(Body.field_of_action_id == chosen.field_of_action_id)
        found.append(col(model.body_id).in_(in_field))
    for table, name, keys in (
        (tables.questions, "question_id", chosen.guiding_question_ids),
        (tables.themes, "theme_id", chosen.cross_cutting_theme_ids),
        (tables.groups, "target_group_id", chosen.target_group_ids),
    ):
        if is_set(keys):
            found.append(col(model.id).in_(select(tables.of(table)).where(col(getattr(table, name)).in_(keys))))
    if is_set(chosen.need_ids):
        found.append(
            col(model.id).in_(select(ProposalNeed.proposal_id).where(col(ProposalNeed.need_id).in_(chosen.need_ids)))
        )
    if chosen.q:
        found.append(contains(col(model.search_text), chosen.q))
    return found


def list_page(
    session: Session,
    tables: Tables,
    actor: Actor,
    chosen: ContributionFilter,
    order: Order,
    *,
    limit: int = DEFAULT_LIMIT,
    after: str | None = None,
) -> Page[Any]:
    """One page of what the actor may read in the order wanted, with body and organisation."""
    build, blank, keys = _asked(_listed, actor, chosen)
    statement = build(actor, tables, blank, order, limit, bool(after))
    if order is Order.TITLE:
        by = col(tables.model.sort_key)
        return read_by_word(session, statement, keys, by=by, limit=limit, after=after)
    return read_by_age(session, statement, keys, limit=limit, after=after)


def count(session: Session, tables: Tables, actor: Actor, chosen: ContributionFilter) -> int:
    """How many the filter finds for the actor."""
    build, blank, keys = _asked(_counted, actor, chosen)
    number: int = session.exec(build(actor, tables, blank), params=keys).one()
    return number


def _asked(build: Any, actor: Actor, chosen: ContributionFilter) -> tuple[Any, ContributionFilter, dict[str, Any]]:
    """The builder, the filter it gets and the keys of its statement: a search for words is built anew each time."""
    if chosen.q:
        return build.__wrapped__, chosen, {}
    fields = {each.name: getattr(chosen, each.name) for each in dataclass_fields(chosen)}
    wanted = {name: value for name, value in fields.items() if is_set(value)}
    keys = {f"wanted_{name}": value for name, value in wanted.items()}
    return build, _blank(tuple(wanted)), {**keys, **keys_of(actor)}


@cache
def _blank(names: tuple[str, ...]) -> ContributionFilter:
    """A filter that narrows by these fields, to what parameters will hold."""
    places: dict[str, Any] = {name: bindparam(f"wanted_{name}", expanding=name.endswith("_ids")) for name in names}
    return ContributionFilter(**places)


@built_once
def _listed(
    actor: Actor, tables: Tables, chosen: ContributionFilter, order: Order, limit: int, is_later: bool
) -> SelectOfScalar[Any]:
    model = tables.model
    statement: SelectOfScalar[Any] = (
        select(model)
        .options(joinedload(model.body), joinedload(model.organisation))
        .where(visible(tables, actor), *conditions(tables, chosen))
    )
    if order is Order.TITLE:
        return by_word(statement, model, by=col(model.sort_key), limit=limit, is_later=is_later)
    return by_age(statement, model, limit=limit, is_later=is_later, oldest_first=order is Order.OLDEST)


@built_once
def _counted(actor: Actor, tables: Tables, chosen: ContributionFilter) -> SelectOfScalar[int]:
    conditioned = (visible(tables, actor), *conditions(tables, chosen))
    return select(func.count()).select_from(tables.model).where(*conditioned)


@built_once
def one(actor: Actor, tables: Tables, with_names: bool) -> SelectOfScalar[Any]:
    """One by its `key`, where the actor may read it; for a page with body and organisation."""
    model = tables.model
    statement: SelectOfScalar[Any] = select(model).where(model.id == bindparam("key"), visible(tables, actor))
    return statement.options(joinedload(model.body), joinedload(model.organisation)) if with_names else statement


def list_similar(
    session: Session, thing: Contribution, actor: Actor, *, limit: int = 100
) -> Sequence[tuple[UUID, str]]:
    """Those of the same body it could be merged into: id and title, the ones that share most words first."""
    tables = tables_of(type(thing))
    model = tables.model
    words = {word for word in search_key(thing.title).split() if len(word) > 4}
    shared: Any = literal(0)
    for word in sorted(words, key=lambda each: (-len(each), each))[:6]:
        shared = shared + case((col(model.search_text).contains(word, autoescape=True), 1), else_=0)
    statement = (
        select(model.id, model.title)
        .where(
            model.body_id == thing.body_id,
            model.id != thing.id,
            col(model.state).not_in(["draft", "merged", "withdrawn"]),
            visible(tables, actor),
        )
        .order_by(shared.desc(), col(model.created_at).desc(), col(model.id))
        .limit(limit)
    )
    return session.exec(statement).all()


def readers_of(session: Session, tables: Tables, keys: Iterable[UUID]) -> dict[UUID, list[UUID]]:
    """The persons named for each confidential thing."""
    key, reader = tables.of(tables.readers), col(tables.readers.person_id)
    found: dict[UUID, list[UUID]] = {}
    for thing_id, person_id in session.exec(select(key, reader).where(key.in_(list(keys))).order_by(reader)).all():
        found.setdefault(thing_id, []).append(person_id)
    return found


def tag_ids_of(session: Session, tables: Tables, keys: Sequence[UUID]) -> dict[UUID, dict[str, list[UUID]]]:
    """The ids of guiding questions, themes and target groups of each thing, under the API's names, in one statement."""
    parts: list[Any] = [
        select(
            literal(name).label("name"), tables.of(table).label("key"), col(getattr(table, column)).label("tag")
        ).where(tables.of(table).in_(keys))
        for name, table, column in (
            ("guiding_question_ids", tables.questions, "question_id"),
            ("cross_cutting_theme_ids", tables.themes, "theme_id"),
            ("target_group_ids", tables.groups, "target_group_id"),
        )
    ]
    found: dict[UUID, dict[str, list[UUID]]] = {}
    for name, key, tag in sorted(session.connection().execute(union_all(*parts)).all()):
        found.setdefault(key, {}).setdefault(name, []).append(tag)
    return found
