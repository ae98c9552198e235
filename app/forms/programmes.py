"""What is sent about programmes and their structure: fields, themes, target groups, topics, questions."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, Field

from app.domain.editions import FieldKind
from app.domain.references import is_code
from app.forms.base import Creation, Input, Line, OptionalText, ShortLine, Text
from app.i18n import _


def _code(text: str) -> str:
    if not is_code(text):
        raise ValueError(_("Bitte verwenden Sie nur Buchstaben ohne Umlaute, Ziffern, Punkte und Bindestriche."))
    return text


FieldCode = Annotated[ShortLine, Field(max_length=20), AfterValidator(_code)]
"""The letter or word a field is known by in reference numbers."""

EditionCode = Annotated[ShortLine, Field(max_length=40), AfterValidator(_code)]
"""What a reference number begins with."""

Question = Annotated[Text, Field(max_length=500)]
Year = Annotated[int, Field(ge=1990, le=2199)]


class ProgrammeForm(Creation):
    """A programme that is carried on, edition by edition."""

    title: Line
    description: OptionalText = ""
    legal_basis: OptionalText = ""


class ProgrammeChange(Input):
    """What of a programme changes; a field left out stays."""

    title: Line | None = None
    description: OptionalText | None = None
    legal_basis: OptionalText | None = None


class FieldForm(Creation):
    """A field of action; without a programme it belongs to the first one."""

    programme_id: UUID | None = None
    name: ShortLine
    code: FieldCode
    kind: FieldKind = FieldKind.FIELD_OF_ACTION
    parent_id: UUID | None = None
    description: OptionalText = ""


class FieldChange(Input):
    """What of a field changes; its code stands in reference numbers and stays."""

    name: ShortLine | None = None
    kind: FieldKind | None = None
    description: OptionalText | None = None


class NameForm(Creation):
    """A cross-cutting theme or a target group."""

    name: ShortLine


class NameChange(Input):
    """Another name; the address of the page stays."""

    name: ShortLine


class TopicForm(Creation):
    """A topic in a field; with a year it is that year's focus."""

    title: Line
    field_of_action_id: UUID
    year: Year | None = None


class TopicChange(Input):
    """What of a topic changes; a year that is sent empty is taken away."""

    title: Line | None = None
    field_of_action_id: UUID | None = None
    year: Year | None = None


class QuestionForm(Creation):
    """A guiding question, asked of a topic, a body, both, or everybody."""

    title: Question
    topic_id: UUID | None = None
    body_id: UUID | None = None


class QuestionChange(Input):
    """What of a guiding question changes."""

    title: Question | None = None
    topic_id: UUID | None = None
    body_id: UUID | None = None
