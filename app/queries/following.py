"""What a person follows, for its own eyes: of one page, and everything on the page of its account."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Boolean, String, Uuid, bindparam, cast, false, literal, null, union_all
from sqlmodel import Session, col, select

from app.clock import now
from app.domain.actors import Actor
from app.domain.deadlines import berlin_date
from app.domain.follows import THINGS, FollowChoice, FollowTarget, ListFilter
from app.domain.sorting import sort_key
from app.errors import NotFound
from app.models.bodies import Body
from app.models.follows import Follow, FollowedList, FollowedListWord
from app.models.goals import Goal
from app.models.indicators import Indicator
from app.models.measures import Measure
from app.models.needs import Need
from app.models.organisations import Organisation
from app.models.programmes import CrossCuttingTheme, Edition, FieldOfAction, GuidingQuestion, TargetGroup, Topic
from app.models.proposals import Proposal
from app.models.recommendations import Recommendation
from app.queries import (
    bodies,
    goals,
    indicators,
    measures,
    needs,
    organisations,
    proposals,
    recommendations,
    structure,
)
from app.queries.base import page_of
from app.queries.built import built_once, keys_of
from app.queries.kept import kept


@dataclass(frozen=True, slots=True, kw_only=True)
class Following:
    """What a person said of one thing, of something wider or of a list, for the buttons on its page.

    `hears_anyway`: it may hear news without following, as one of the body (of what is wider, of any) or because it
    follows the body.
    """

    target: FollowTarget
    target_id: UUID
    is_followed: bool = False
    is_automatic: bool = False
    is_muted: bool = False
    hears_anyway: bool = False

    @property
    def choices(self) -> tuple[FollowChoice, ...]:
        """What can be said of it now."""
        if self.is_muted:
            return FollowChoice.FOLLOW, FollowChoice.UNMUTE
        may_mute = self.hears_anyway and not (self.is_followed and self.target in THINGS)
        first = FollowChoice.UNFOLLOW if self.is_followed else FollowChoice.FOLLOW
        return (first, FollowChoice.MUTE) if may_mute else (first,)


@dataclass(frozen=True, slots=True, kw_only=True)
class Followed:
    """One row of what a person follows: something that has a page, or a list with what it is narrowed to."""

    following: Following
    title: str = ""
    url: str = ""
    chosen: ListFilter | None = None
    is_example: bool = False


@dataclass(frozen=True, slots=True)
class Named:
    """What something is called, of which noun it is, and the word in the address of its page."""

    noun: str
    name: str
    word: str | None = None
    is_example: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowedPage:
    """What a person follows: lists and what is wide whole, things page by page; `names` are those the lists use."""

    wide: Sequence[Followed]
    lists: Sequence[Followed]
    things: Sequence[Followed]
    next: str | None
    names: Mapping[UUID, Named]


_SAID: Final = select(Follow).where(
    col(Follow.person_id) == bindparam("person"), col(Follow.target_id).in_(bindparam("keys", expanding=True))
)
THINGS_SHOWN: Final = 50
"""Things on one page of what somebody follows."""

_PAGES: Final = {
    FollowTarget.NEED: "/bedarfe/{word}",
    FollowTarget.PROPOSAL: "/vorschlaege/{word}",
    FollowTarget.MEASURE: "/massnahmen/{word}",
    FollowTarget.GOAL: "/ziele/{word}",
    FollowTarget.INDICATOR: "/indikatoren/{word}",
    FollowTarget.BODY: "/gremien/{word}",
    FollowTarget.FIELD_OF_ACTION: "/handlungsfelder/{word}",
    FollowTarget.RECOMMENDATION: "/empfehlungen/{word}",
    FollowTarget.TOPIC: "/themen/{word}",
    FollowTarget.GUIDING_QUESTION: "/leitfragen/{word}",
    FollowTarget.CROSS_CUTTING_THEME: "/querschnittsthemen/{word}",
    FollowTarget.TARGET_GROUP: "/zielgruppen/{word}",
    FollowTarget.ORGANISATION: "/beteiligte/{word}",
    FollowTarget.EDITION: "/ausgaben/{word}",
}


@kept
def following_of(
    session: Session, actor: Actor, target: FollowTarget, target_id: UUID, *, body_id: UUID | None = None
) -> Following | None:
    """What the actor said of a thing and its body, in one statement; None, without one, where nobody is signed in."""
    if not actor.is_signed_in:
        return None
    keys = [target_id, body_id] if body_id else [target_id]
    said = {row.target_id: row for row in session.exec(_SAID, params={"person": actor.person_id, "keys": keys})}
    own, around = said.get(target_id), said.get(body_id) if body_id and body_id != target_id else None
    is_inside = _hears_of(body_id, actor)
    return Following(
        target=target,
        target_id=target_id,
        is_followed=own is not None and not own.is_muted,
        is_automatic=own is not None and own.is_automatic,
        is_muted=own is not None and own.is_muted,
        hears_anyway=is_inside if around is None else not around.is_muted,
    )


@kept
def follows_all(session: Session, actor: Actor, keys: Collection[UUID]) -> bool:
    """The actor follows each of these, in one statement."""
    return len(session.exec(_SAID, params={"person": actor.person_id, "keys": list(keys)}).all()) == len(keys)


def list_followed(session: Session, actor: Actor, *, after: str | None = None) -> FollowedPage:
    """What the actor follows or muted, as far as it may still see it; things by age. At most seven statements."""
    mine = select(Follow).where(Follow.person_id == actor.person_id)
    is_thing = col(Follow.target).in_(sorted(THINGS))
    page = page_of(session, mine.where(is_thing), Follow, limit=THINGS_SHOWN, after=after)
    others = session.exec(mine.where(~is_thing)).all()
    filters = _filters_of(session, [each.target_id for each in others if each.target is FollowTarget.LIST])
    keys = {each.target_id for each in (*page.items, *others)}
    keys |= {value for chosen in filters.values() for value in chosen.narrowed_by.values() if isinstance(value, UUID)}
    names = names_of(session, keys, actor)
    wide = [each for each in others if each.target is not FollowTarget.LIST]
    return FollowedPage(
        wide=sorted(_with_pages(wide, names, actor), key=lambda each: sort_key(each.title)),
        lists=_with_filters(others, filters, names),
        things=_with_pages(page.items, names, actor),
        next=page.next,
        names=names,
    )


def names_of(session: Session, keys: Collection[UUID], actor: Actor) -> dict[UUID, Named]:
    """What of these keys of any noun is called, as far as the actor may see it. At most three statements."""
    if not keys:
        return {}
    asked = {"keys": list(keys), **keys_of(actor)}
    rows = session.connection().execute(_everything_named(actor), asked).all()
    found = {row.id: Named(row.noun, row.name, row.word, row.is_example) for row in rows}
    visible = recommendations.visible(actor, now(session))
    statement = select(Recommendation).where(col(Recommendation.id).in_(keys), visible)
    seen = session.exec(statement).all()
    recommendations.show_as_seen(session, seen, actor)
    return found | {
        each.id: Named("recommendation", each.title, each.reference or str(each.id), each.is_example) for each in seen
    }


def require_names(session: Session, chosen: ListFilter, actor: Actor) -> None:
    """Raise NotFound unless everything a list is narrowed to is there and visible."""
    wanted = {name: value for name, value in chosen.narrowed_by.items() if isinstance(value, UUID)}
    names = names_of(session, set(wanted.values()), actor)
    if not all(value in names and names[value].noun == name.removesuffix("_id") for name, value in wanted.items()):
        raise NotFound()


@built_once
def _everything_named(actor: Actor) -> Any:
    return union_all(
        _row(Need, Need.title).where(needs.visible(actor)),
        _row(Proposal, Proposal.title).where(proposals.visible(actor)),
        _row(Measure, Measure.title).where(measures.visible(actor)),
        _row(Goal, Goal.title).where(goals.visible(actor)),
        _row(Indicator, Indicator.title).where(indicators.visible(actor)),
        _row(Body, Body.title, Body.slug).where(bodies.visible(actor)),
        _row(FieldOfAction, FieldOfAction.name, FieldOfAction.slug),
        _row(Topic, Topic.title, Topic.slug),
        _row(GuidingQuestion, GuidingQuestion.title, GuidingQuestion.slug).where(structure.visible_questions(actor)),
        _row(CrossCuttingTheme, CrossCuttingTheme.name, CrossCuttingTheme.slug),
        _row(TargetGroup, TargetGroup.name, TargetGroup.slug),
        _row(Organisation, Organisation.name).where(organisations.visible(actor)),
        _row(Edition, Edition.title, Edition.code),
    )


def _row(model: Any, name: Any, word: Any = None) -> Any:
    is_example = col(model.is_example) if hasattr(model, "is_example") else false()
    columns: list[Any] = [
        literal(model.__tablename__, String).label("noun"),
        cast(col(model.id), Uuid).label("id"),
        cast(col(name), String).label("name"),
        cast(null() if word is None else col(word), String).label("word"),
        cast(is_example, Boolean).label("is_example"),
    ]
    return select(*columns).where(col(model.id).in_(bindparam("keys", expanding=True, type_=Uuid())))


def _filters_of(session: Session, list_ids: Sequence[UUID]) -> dict[UUID, ListFilter]:
    """What each followed list is narrowed to, in one statement."""
    if not list_ids:
        return {}
    statement = (
        select(FollowedList, FollowedListWord.word)
        .outerjoin(FollowedListWord, col(FollowedListWord.list_id) == FollowedList.id)
        .where(col(FollowedList.id).in_(list_ids))
    )
    words: dict[UUID, set[str]] = {}
    rows = {}
    for row, word in session.exec(statement).all():
        rows[row.id] = row
        words.setdefault(row.id, set()).update([word] if word else [])
    return {key: _filter(row, words[key]) for key, row in rows.items()}


def _filter(row: FollowedList, words: Collection[str]) -> ListFilter:
    kept = row.model_dump(exclude={"id", "created_at", "published_from", "published_before"})
    year = berlin_date(row.published_from).year if row.published_from else None
    return ListFilter(**kept, year=year, words=frozenset(words))


def _with_pages(follows: Iterable[Follow], names: Mapping[UUID, Named], actor: Actor) -> list[Followed]:
    """Those that have a name for their reader."""
    found = [(each, names[each.target_id]) for each in follows if each.target_id in names]
    return [
        Followed(
            following=_said(each, hears_anyway=each.target is FollowTarget.BODY or _is_wide(each, actor)),
            title=named.name,
            url=_PAGES[each.target].format(word=named.word or each.target_id),
            is_example=named.is_example,
        )
        for each, named in found
    ]


def _with_filters(
    follows: Iterable[Follow], filters: Mapping[UUID, ListFilter], names: Mapping[UUID, Named]
) -> list[Followed]:
    """The lists of which every name is one for their reader."""
    found = [(each, filters[each.target_id]) for each in follows if each.target_id in filters]
    return [
        Followed(following=_said(each), chosen=chosen)
        for each, chosen in found
        if all(value in names for value in chosen.narrowed_by.values() if isinstance(value, UUID))
    ]


def _hears_of(body_id: UUID | None, actor: Actor) -> bool:
    """The actor hears of a body, or of any where none is named, without following."""
    return actor.is_secretariat or (body_id in actor.body_ids if body_id else bool(actor.body_ids))


def _is_wide(row: Follow, actor: Actor) -> bool:
    return row.target not in THINGS and _hears_of(None, actor)


def _said(row: Follow, *, hears_anyway: bool = False) -> Following:
    return Following(
        target=row.target,
        target_id=row.target_id,
        is_followed=not row.is_muted,
        is_automatic=row.is_automatic,
        is_muted=row.is_muted,
        hears_anyway=hears_anyway,
    )
