"""What the editor's form holds: the text as blocks with their ids, or as plain text where no script runs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from typing import Any
from uuid import UUID

from pydantic import TypeAdapter, ValidationError

from app.domain.text import (
    Block,
    BlockProblem,
    PlainFormRefused,
    paragraph_numbers,
    parse_plain_form,
    plain_form,
    problems_of,
)
from app.errors import FieldError, Invalid
from app.forms.versions import BlockInput, SourceInput
from app.i18n import _
from app.models.base import new_id
from app.routers.deps import Submitted
from app.wording import label
from app.wording.texts import text_problem

Values = dict[str, Any]
"""What the fields of the editor's page show, by name; `blocks` is None where only plain text can be shown."""

ChosenSources = Mapping[UUID, list[SourceInput]]
"""What was chosen while writing, by block; a block that isn't there keeps the sources it has."""

_MOST_PROBLEMS = 10
_BLOCKS: TypeAdapter[list[BlockInput]] = TypeAdapter(list[BlockInput])


def block_inputs(submitted: Submitted, previous: Sequence[Block]) -> list[BlockInput]:
    """The text as it is saved; Invalid names in the field `text` what can't be.

    The editor sends blocks with their ids. Plain text keeps the ids of `previous` as far as it can be recognised.
    """
    if submitted.text("blocks"):
        return _sent_blocks(submitted.text("blocks"))
    return inputs_of(_plain_blocks(submitted.text("text"), previous))


def inputs_of(blocks: Sequence[Block], sources: ChosenSources | None = None) -> list[BlockInput]:
    """Blocks as they are sent to be saved, with the sources chosen for them."""
    chosen = sources or {}
    return [
        BlockInput(
            id=each.id,
            part=each.part,
            kind=each.kind,
            number=each.number,
            text=each.text,
            sources=chosen.get(each.id),
        )
        for each in blocks
    ]


def sources_in(inputs: Iterable[BlockInput]) -> ChosenSources:
    """The sources that were chosen while writing."""
    return {each.id: each.sources for each in inputs if each.id is not None and each.sources is not None}


def blocks_of(inputs: Sequence[BlockInput]) -> tuple[Block, ...]:
    """The blocks that were sent; one without an id gets its own."""
    return tuple(
        Block(id=each.id or new_id(), part=each.part, kind=each.kind, number=each.number or None, text=each.text)
        for each in inputs
    )


def block_inputs_as_typed(submitted: Submitted) -> list[BlockInput] | None:
    """The blocks the editor sent, finished or not; None where plain text was sent."""
    return _checked(submitted.text("blocks")) if submitted.text("blocks") else None


def stored_blocks(stored: Sequence[Mapping[str, Any]]) -> list[BlockInput]:
    """Blocks as a draft keeps them."""
    return _BLOCKS.validate_python(stored)


def read_plain(text: str, previous: Sequence[Block]) -> tuple[Block, ...] | None:
    """A plain text for the editor to go on with; None where only the text area can show it."""
    try:
        return parse_plain_form(text, previous, new_id=new_id)
    except PlainFormRefused:
        return None


def submitted_values(submitted: Submitted, previous: Sequence[Block]) -> Values:
    """What the page of a refused form shows: everything as it was typed."""
    try:
        sent = block_inputs_as_typed(submitted)
    except Invalid:
        sent = []
    blocks = read_plain(submitted.text("text"), previous) if sent is None else blocks_of(sent)
    return {
        **submitted.values,
        "blocks": blocks,
        "sources": sources_in(sent or ()),
        "text": submitted.text("text") if sent is None else plain_form(blocks or (), all_parts=True),
        "addressee_ids": submitted.many("addressee_ids"),
    }


def chosen_ids(sent: Iterable[str]) -> set[UUID]:
    """The ids among what was sent; what is none is left out."""
    found = set()
    for each in sent:
        with suppress(ValueError):
            found.add(UUID(each))
    return found


def _sent_blocks(sent: str) -> list[BlockInput]:
    inputs = _checked(sent)
    blocks = blocks_of(inputs)
    _refuse_empty(blocks)
    problems = problems_of(blocks)
    if problems:
        said = [_said(problem, blocks) for problem in problems[:_MOST_PROBLEMS]]
        raise Invalid(FieldError("text", " ".join(said)))
    return [given.model_copy(update={"id": block.id}) for given, block in zip(inputs, blocks, strict=True)]


def _checked(sent: str) -> list[BlockInput]:
    try:
        return _BLOCKS.validate_json(sent)
    except ValidationError as error:
        if any(problem["type"] in {"string_too_long", "unstorable"} for problem in error.errors()):
            raise Invalid(FieldError("text", text_problem("text_too_long"))) from error
        raise Invalid(
            FieldError("text", _("Der Text kam nicht lesbar an. Bitte senden Sie ihn noch einmal."))
        ) from error


def _said(problem: BlockProblem, blocks: Sequence[Block]) -> str:
    if problem.index is None:
        return text_problem(problem.code)
    block = blocks[problem.index]
    number = paragraph_numbers(blocks).get(block.id)
    place = _("{part}, Absatz {number}") if number else "{part}"
    return f"{place.format(part=label(block.part), number=number)}: {text_problem(problem.code)}"


def _plain_blocks(text: str, previous: Sequence[Block]) -> tuple[Block, ...]:
    try:
        blocks = parse_plain_form(text, previous, new_id=new_id)
    except PlainFormRefused as refused:
        lines = [
            _("Zeile {line}: {problem}").format(line=problem.line, problem=text_problem(problem.code))
            for problem in refused.problems[:_MOST_PROBLEMS]
        ]
        raise Invalid(FieldError("text", " ".join(lines))) from refused
    _refuse_empty(blocks)
    return blocks


def _refuse_empty(blocks: Sequence[Block]) -> None:
    if not blocks:
        raise Invalid(FieldError("text", _("Bitte schreiben Sie unter mindestens eine Überschrift einen Text.")))
