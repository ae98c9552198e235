"""What posting and editing of needs and proposals share: checks, tags, readers, merging, and answers to who may."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import delete
from sqlmodel import Session, SQLModel, col, select

from app.clock import now
from app.domain.actors import Actor
from app.domain.bodies import BodyState
from app.domain.sorting import search_key, sort_key
from app.errors import Conflict, FieldError, Invalid, NotFound
from app.forms.contributions import ContributionChange, ContributionForm
from app.i18n import _
from app.models.base import new_id
from app.models.bodies import Body
from app.models.people import Person
from app.models.programmes import CrossCuttingTheme, GuidingQuestion, TargetGroup, Topic
from app.queries.contributions import C, Contribution, Tables, tables_of, visible

TAG_FIELDS = ("guiding_question_ids", "cross_cutting_theme_ids", "target_group_ids", "reader_ids")


def require_active(body: Body) -> None:
    """Raise Conflict where the body rests or has ended; its members may begin while it is still planned."""
    if body.state in (BodyState.DORMANT, BodyState.CLOSED):
        raise Conflict(_("Das Gremium arbeitet zurzeit nicht; deshalb ist hier nichts Neues möglich."))


def check_references(session: Session, *groups: tuple[str, type[SQLModel], Sequence[UUID]]) -> None:
    """Raise Invalid naming each field whose ids don't all exist."""
    errors = []
    for field, model, keys in groups:
        if not keys:
            continue
        key = col(model.id)  # type: ignore[attr-defined]
        found = set(session.exec(select(key).where(key.in_(set(keys)))).all())
        if found != set(keys):
            errors.append(FieldError(field, _("Diesen Eintrag gibt es nicht.")))
    if errors:
        raise Invalid(*errors)


def check_tags(session: Session, form: ContributionForm | ContributionChange) -> None:
    """Raise Invalid where a topic, question, theme, target group or reader doesn't exist."""
    check_references(
        session,
        ("topic_id", Topic, [form.topic_id] if form.topic_id else []),
        ("guiding_question_ids", GuidingQuestion, form.guiding_question_ids or []),
        ("cross_cutting_theme_ids", CrossCuttingTheme, form.cross_cutting_theme_ids or []),
        ("target_group_ids", TargetGroup, form.target_group_ids or []),
        ("reader_ids", Person, form.reader_ids or []),
    )


def common_values(session: Session, form: ContributionForm, body: Body, actor: Actor, speaker: Actor) -> dict[str, Any]:
    """The columns a need and a proposal share, filled from the form."""
    moment = now(session)
    return {
        "id": form.id or new_id(moment),
        "created_at": moment,
        "body_id": body.id,
        "title": form.title,
        "description": form.description,
        "search_text": search_key(form.title, form.description),
        "sort_key": sort_key(form.title),
        "topic_id": form.topic_id,
        "visibility": form.visibility,
        "author_id": actor.person_id,
        "organisation_id": speaker.organisation_id,
        "seat_id": speaker.seat_id,
        "is_example": body.is_example,
    }


def set_tags(session: Session, thing: Contribution, tags: Mapping[str, Sequence[UUID] | None]) -> None:
    """Link the thing with exactly these; None leaves a kind as it is. The thing stands in the database."""
    tables = tables_of(type(thing))
    kinds = {
        "guiding_question_ids": (tables.questions, "question_id"),
        "cross_cutting_theme_ids": (tables.themes, "theme_id"),
        "target_group_ids": (tables.groups, "target_group_id"),
        "reader_ids": (tables.readers, "person_id"),
    }
    for name, keys in tags.items():
        table, column = kinds[name]
        replace_links(session, table, tables.key, thing.id, column, keys)


def replace_links(
    session: Session, table: Any, owner: str, owner_id: UUID, column: str, keys: Sequence[UUID] | None
) -> None:
    """Let the rows of a link table be exactly these; None leaves them."""
    if keys is None:
        return
    session.connection().execute(delete(table).where(getattr(table, owner) == owner_id))
    session.add_all([table(**{owner: owner_id, column: key}) for key in dict.fromkeys(keys)])


def change_text(thing: Contribution, form: ContributionChange) -> dict[str, str]:
    """Set title and description where the form changes them; what changed, for the event."""
    changed = {
        name: value
        for name in ("title", "description")
        if (value := getattr(form, name)) is not None and value != getattr(thing, name)
    }
    for name, value in changed.items():
        setattr(thing, name, value)
    if changed:
        thing.search_text = search_key(thing.title, thing.description)
        thing.sort_key = sort_key(thing.title)
    return changed


def speaking_as_author(thing: Contribution, actor: Actor) -> Actor:
    """The actor, speaking from the seat the thing was written for, where it sits there."""
    held = next((seat for seat in actor.seats if seat.seat_id == thing.seat_id), None)
    return actor.speaking_for(held) if held else actor


def lock(
    session: Session, model: type[C], key: UUID, actor: Actor, target_id: UUID | None = None
) -> tuple[C, C | None]:
    """The thing and, where named, the target of a merge, both locked in one order so that two merges can't block
    each other; NotFound where the thing is absent or hidden, None for such a target."""
    tables: Tables = tables_of(model)
    keys = {key, target_id or key}
    statement = (
        select(model)
        .where(col(model.id).in_(keys), visible(tables, actor))
        .order_by(col(model.id))
        .with_for_update(of=model, key_share=True)
        .execution_options(populate_existing=True)
    )
    found = {each.id: each for each in session.exec(statement).all()}
    if key not in found:
        raise NotFound()
    return found[key], found.get(target_id) if target_id and target_id != key else None


def target_of_merge(thing: C, target: C | None, target_id: UUID | None) -> C:
    """The checked target of a merge: another of the same body, not itself merged."""
    if target_id is None:
        raise Invalid(FieldError("target_id", _("Bitte wählen Sie, womit zusammengeführt wird.")))
    if target is None or target.body_id != thing.body_id or target.state.value in {"draft", "withdrawn"}:
        raise Invalid(FieldError("target_id", _("Bitte wählen Sie einen anderen Eintrag desselben Gremiums.")))
    if target.state.value == "merged":
        raise Conflict(_("Der gewählte Eintrag ist selbst schon zusammengeführt. Wählen Sie den, in dem er aufging."))
    return target
