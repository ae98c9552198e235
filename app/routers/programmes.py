"""Management of the programme and its structure, for the Geschäftsstelle."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from pydantic import BaseModel
from sqlmodel import Session
from starlette.responses import Response

from app.actions import editions as edition_actions
from app.actions import programmes as actions
from app.actions.permissions import require
from app.domain.editions import FieldKind
from app.domain.permissions import Permission
from app.errors import ApplicationError, FieldError, Invalid, NotFound
from app.forms.editions import EditionForm
from app.forms.programmes import (
    FieldChange,
    FieldForm,
    NameChange,
    NameForm,
    ProgrammeChange,
    ProgrammeForm,
    QuestionChange,
    QuestionForm,
    TopicChange,
    TopicForm,
)
from app.i18n import _
from app.models.base import Table, new_id
from app.models.programmes import CrossCuttingTheme, TargetGroup
from app.queries import bodies, editions, programmes, structure
from app.routers.deps import Member, ReadSession, Submitted, SubmittedForm, Visitor, Writer, WriteSession, attempt
from app.routers.opened_forms import refuse_overtaken
from app.routers.pages import field_errors, render, see_other
from app.wording import options

router = APIRouter(prefix="/verwaltung/programm")
HOME = "/verwaltung/programm"
_MAY_BE_EMPTY: Mapping[str, str | None] = {
    "description": "",
    "legal_basis": "",
    "year": None,
    "topic_id": None,
    "body_id": None,
}


@dataclass(frozen=True, slots=True)
class Kind:
    """One part of the structure: its words, and the functions behind its form."""

    singular: str
    saved: str
    create_form: type[BaseModel]
    create: Callable[..., tuple[Table, bool]]
    change_form: type[BaseModel] | None = None
    change: Callable[..., Table] | None = None
    find: Callable[[Session, UUID, Visitor], Table] | None = None


KINDS: Mapping[str, Kind] = {
    "programme": Kind(
        _("Programm"),
        _("Das Programm ist gespeichert."),
        ProgrammeForm,
        actions.create_programme,
        ProgrammeChange,
        actions.change_programme,
        lambda session, key, _visitor: programmes.get_programme(session, key),
    ),
    "ausgaben": Kind(_("Ausgabe"), _("Die Ausgabe ist angelegt."), EditionForm, edition_actions.create_edition),
    "handlungsfelder": Kind(
        _("Handlungsfeld"),
        _("Das Handlungsfeld ist gespeichert."),
        FieldForm,
        actions.create_field,
        FieldChange,
        actions.change_field,
        lambda session, key, _visitor: structure.get_field(session, key),
    ),
    "querschnittsthemen": Kind(
        _("Querschnittsthema"),
        _("Das Querschnittsthema ist gespeichert."),
        NameForm,
        actions.create_theme,
        NameChange,
        actions.change_theme,
        lambda session, key, _visitor: structure.get_named(session, CrossCuttingTheme, key),
    ),
    "zielgruppen": Kind(
        _("Zielgruppe"),
        _("Die Zielgruppe ist gespeichert."),
        NameForm,
        actions.create_target_group,
        NameChange,
        actions.change_target_group,
        lambda session, key, _visitor: structure.get_named(session, TargetGroup, key),
    ),
    "themen": Kind(
        _("Thema"),
        _("Das Thema ist gespeichert."),
        TopicForm,
        actions.create_topic,
        TopicChange,
        actions.change_topic,
        lambda session, key, _visitor: structure.get_topic(session, key),
    ),
    "leitfragen": Kind(
        _("Leitfrage"),
        _("Die Leitfrage ist gespeichert."),
        QuestionForm,
        actions.create_question,
        QuestionChange,
        actions.change_question,
        lambda session, key, visitor: structure.get_question(session, key, visitor.actor),
    ),
}


@router.get("")
def show_structure(request: Request, session: ReadSession, visitor: Member) -> Response:
    """Everything the programme is made of, each part with what can be added and changed."""
    require(Permission.PROGRAMME_MANAGE, None, visitor.actor)
    topics = structure.topics_in_order(session)
    questions = structure.questions_in_order(session, visitor.actor)
    return render(
        request,
        "programmes/manage.html",
        programmes=programmes.list_programmes(session, limit=50).items,
        editions=editions.editions_in_order(session),
        fields=structure.every_field(session),
        themes=structure.named_in_order(session, CrossCuttingTheme),
        target_groups=structure.named_in_order(session, TargetGroup),
        topics=topics,
        questions=questions,
        example=any(each.is_example for each in topics) or any(each.is_example for each in questions),
    )


@router.get("/{part}/neu")
def show_new(request: Request, session: ReadSession, visitor: Member, part: str) -> Response:
    """The form for a new part."""
    return _form(request, session, visitor, part, None, {"id": str(new_id())})


@router.post("/{part}/neu")
def create(request: Request, session: WriteSession, visitor: Writer, submitted: SubmittedForm, part: str) -> Response:
    """Add a part."""
    kind = _kind(part)
    with attempt(session) as outcome:
        kind.create(session, submitted.parse(kind.create_form), actor=visitor.actor)
        return see_other(request, f"{HOME}#{part}", kind.saved)
    return _form(request, session, visitor, part, None, submitted.values, outcome.error)


@router.get("/{part}/{key}/aendern")
def show_change(request: Request, session: ReadSession, visitor: Member, part: str, key: UUID) -> Response:
    """The form that changes a part."""
    kind = _kind(part)
    if kind.find is None or kind.change_form is None:
        raise NotFound()
    found = kind.find(session, key, visitor)
    return _form(
        request, session, visitor, part, key, {name: getattr(found, name) for name in kind.change_form.model_fields}
    )


@router.post("/{part}/{key}/aendern")
def change(
    request: Request, session: WriteSession, visitor: Writer, submitted: SubmittedForm, part: str, key: UUID
) -> Response:
    """Change a part; its address stays. What was emptied is taken away."""
    kind = _kind(part)
    if kind.change is None or kind.change_form is None or kind.find is None:
        raise NotFound()
    with attempt(session) as outcome:
        found = kind.find(session, key, visitor)
        texts = [name for name in kind.change_form.model_fields if isinstance(getattr(found, name, None), str)]
        refuse_overtaken(session, submitted, found, *texts)
        form = submitted.parse(kind.change_form, **_emptied(submitted, kind.change_form))
        kind.change(session, key, form, actor=visitor.actor)
        return see_other(request, f"{HOME}#{part}", kind.saved)
    return _form(request, session, visitor, part, key, submitted.values, outcome.error)


def _emptied(submitted: Submitted, form: type[BaseModel]) -> dict[str, Any]:
    """What was there and was made empty; Invalid for what may not be empty."""
    names = [name for name in form.model_fields if submitted.values.get(name) == ""]
    needed = [name for name in names if name not in _MAY_BE_EMPTY]
    if needed:
        raise Invalid(*(FieldError(name, _("Bitte füllen Sie dieses Feld aus.")) for name in needed))
    return {name: _MAY_BE_EMPTY[name] for name in names}


def _kind(part: str) -> Kind:
    kind = KINDS.get(part)
    if kind is None:
        raise NotFound()
    return kind


def _form(
    request: Request,
    session: Session,
    visitor: Visitor,
    part: str,
    key: UUID | None,
    values: Mapping[str, Any],
    error: ApplicationError | None = None,
) -> Response:
    require(Permission.PROGRAMME_MANAGE, None, visitor.actor)
    kind = _kind(part)
    found = kind.find(session, key, visitor) if key and kind.find else None
    return render(
        request,
        "programmes/form.html",
        status=error.status if error else 200,
        part=part,
        kind=kind,
        key=key,
        found=found,
        example=getattr(found, "is_example", False),
        values=values,
        errors=field_errors(error),
        **_choices(session, visitor, part),
    )


def _choices(session: Session, visitor: Visitor, part: str) -> dict[str, Any]:
    """What the form's selects offer."""
    if part == "handlungsfelder":
        return {
            "kinds": options(FieldKind),
            "programmes": [(each.id, each.title) for each in programmes.list_programmes(session).items],
            "fields": [(each.id, each.name) for each in structure.every_field(session)],
        }
    if part == "ausgaben":
        return {"programmes": [(each.id, each.title) for each in programmes.list_programmes(session).items]}
    if part == "themen":
        return {"fields": [(each.id, each.name) for each in structure.every_field(session)]}
    if part == "leitfragen":
        found = bodies.list_bodies(session, visitor.actor, limit=200).items
        return {
            "topics": [(each.id, each.title) for each in structure.topics_in_order(session)],
            "bodies": [(each.id, each.title) for each in found],
        }
    return {}
