"""Reads of programmes, and of what things are sorted by: topics, themes, target groups, guiding questions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Integer, Uuid, and_, bindparam, case, cast, literal, union_all
from sqlmodel import Session, SQLModel, col, select

from app.domain.editions import EditionState
from app.domain.sorting import sort_key
from app.errors import Conflict, NotFound
from app.i18n import _
from app.models.bodies import Body
from app.models.needs import Need, NeedQuestion, NeedTargetGroup, NeedTheme
from app.models.programmes import CrossCuttingTheme, Edition, GuidingQuestion, Programme, TargetGroup, Topic
from app.models.proposals import Proposal, ProposalQuestion, ProposalTargetGroup, ProposalTheme
from app.models.recommendations import (
    Recommendation,
    RecommendationQuestion,
    RecommendationTargetGroup,
    RecommendationTheme,
)
from app.queries import structure
from app.queries.base import DEFAULT_LIMIT, Page, page_of
from app.queries.finding import containing


class TagKind(StrEnum):
    """What a thing can be sorted by; the word is the segment of its page's address."""

    TOPIC = "themen"
    THEME = "querschnittsthemen"
    TARGET_GROUP = "zielgruppen"
    QUESTION = "leitfragen"


class TagChoice(NamedTuple):
    """One option of a select or group of checkboxes: (value, label)."""

    id: UUID
    title: str


@dataclass(frozen=True, slots=True)
class TagChoices:
    """What a form offers to sort a thing by."""

    topics: tuple[TagChoice, ...] = ()
    themes: tuple[TagChoice, ...] = ()
    target_groups: tuple[TagChoice, ...] = ()
    questions: tuple[TagChoice, ...] = ()


@dataclass(frozen=True, slots=True)
class Tag:
    """What a thing is sorted by, with the address of its page."""

    kind: TagKind
    id: UUID
    title: str
    url: str


def list_programmes(
    session: Session, *, q: str | None = None, limit: int = DEFAULT_LIMIT, after: str | None = None
) -> Page[Programme]:
    """Programmes, newest first."""
    statement = select(Programme).where(containing(session, Programme, Programme.title, q))
    return page_of(session, statement, Programme, limit=limit, after=after)


def get_programme(session: Session, key: UUID | None = None) -> Programme:
    """One programme; without a key the first that is carried on, which every installation has."""
    over = case((structure.carried_on(Programme.id), 0), else_=1)
    statement = select(Programme).order_by(over, col(Programme.created_at), col(Programme.id)).limit(1)
    found = session.exec(select(Programme).where(Programme.id == key) if key else statement).one_or_none()
    if found is None:
        raise NotFound()
    return found


def find_open_edition(session: Session, programme_id: UUID) -> Edition | None:
    """The edition the programme works on, or None between two."""
    statement = select(Edition).where(Edition.programme_id == programme_id, Edition.state == EditionState.OPEN)
    return session.exec(statement).one_or_none()


def open_edition(session: Session, programme_id: UUID | None = None) -> Edition:
    """The edition the programme (the first that is carried on where None) works on; Conflict where none is open."""
    found = find_open_edition(session, programme_id or get_programme(session).id)
    if found is None:
        raise Conflict(_("Zurzeit ist keine Ausgabe in Arbeit. Die Geschäftsstelle muss zuerst eine neue anlegen."))
    return found


def tag_choices(session: Session, body: Body | None = None) -> TagChoices:
    """What can be chosen from; with a body only the topics of its field and the questions asked there."""
    keys = {"body_id": body.id, "field_of_action_id": body.field_of_action_id} if body is not None else {}
    found = _tags(session, _everything_to_choose(body is not None), keys)
    return TagChoices(
        topics=_choices(found, TagKind.TOPIC),
        themes=_choices(found, TagKind.THEME),
        target_groups=_choices(found, TagKind.TARGET_GROUP),
        questions=_choices(found, TagKind.QUESTION),
    )


@cache
def _everything_to_choose(for_body: bool) -> Any:
    topics = select(*_row(TagKind.TOPIC, Topic, Topic.title))
    questions = select(*_row(TagKind.QUESTION, GuidingQuestion, GuidingQuestion.title))
    if for_body:
        of_field = col(Topic.field_of_action_id) == bindparam("field_of_action_id")
        topics = topics.where(of_field)
        in_field = select(Topic.id).where(of_field)
        questions = questions.where(
            (col(GuidingQuestion.body_id) == bindparam("body_id"))
            | (col(GuidingQuestion.body_id).is_(None) & col(GuidingQuestion.topic_id).is_(None))
            | (col(GuidingQuestion.body_id).is_(None) & col(GuidingQuestion.topic_id).in_(in_field))
        )
    themes = select(*_row(TagKind.THEME, CrossCuttingTheme, CrossCuttingTheme.name))
    groups = select(*_row(TagKind.TARGET_GROUP, TargetGroup, TargetGroup.name))
    return union_all(topics, questions, themes, groups)


def tags_of(session: Session, thing: Need | Proposal | Recommendation) -> list[Tag]:
    """Everything a need, proposal or recommendation is sorted by, in one statement; for `macros/tags.html`."""
    return _tags(session, _everything_linked(type(thing)), {"topic_id": thing.topic_id, "owner_id": thing.id})


@cache
def _everything_linked(model: type[Need | Proposal | Recommendation]) -> Any:
    themes, groups, questions = _LINKS[model]
    owner = f"{model.subject_type.value}_id"
    return union_all(
        select(*_row(TagKind.TOPIC, Topic, Topic.title)).where(col(Topic.id) == bindparam("topic_id")),
        _linked(TagKind.QUESTION, GuidingQuestion, GuidingQuestion.title, questions, "question_id", owner),
        _linked(TagKind.THEME, CrossCuttingTheme, CrossCuttingTheme.name, themes, "theme_id", owner),
        _linked(TagKind.TARGET_GROUP, TargetGroup, TargetGroup.name, groups, "target_group_id", owner),
    )


_LINKS: dict[type[SQLModel], tuple[type[SQLModel], type[SQLModel], type[SQLModel]]] = {
    Need: (NeedTheme, NeedTargetGroup, NeedQuestion),
    Proposal: (ProposalTheme, ProposalTargetGroup, ProposalQuestion),
    Recommendation: (RecommendationTheme, RecommendationTargetGroup, RecommendationQuestion),
}
_ORDER = list(TagKind)


def _row(kind: TagKind, model: Any, title: Any) -> list[Any]:
    return [
        literal(_ORDER.index(kind), Integer).label("kind"),
        cast(col(model.id), Uuid).label("id"),
        col(title).label("title"),
        col(model.slug).label("slug"),
    ]


def _linked(kind: TagKind, model: Any, title: Any, link: Any, tag: str, owner: str) -> Any:
    statement: Any = select(*_row(kind, model, title))
    is_its = getattr(link, owner) == bindparam("owner_id")
    return statement.join(link, and_(getattr(link, tag) == model.id, is_its))


def _tags(session: Session, statement: Any, keys: Mapping[str, Any]) -> list[Tag]:
    rows = session.connection().execute(statement, keys).all()
    rows_in_order = sorted(rows, key=lambda row: (row.kind, sort_key(row.title)))
    return [Tag(_ORDER[row.kind], row.id, row.title, f"/{_ORDER[row.kind].value}/{row.slug}") for row in rows_in_order]


def _choices(tags: Sequence[Tag], kind: TagKind) -> tuple[TagChoice, ...]:
    return tuple(TagChoice(tag.id, tag.title) for tag in tags if tag.kind is kind)
