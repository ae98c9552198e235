"""What the editor's form holds: the text as blocks with their ids, or as plain text where no script runs."""

from __future__ import annotations

from collections.abc import Sequence

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
from app.forms.versions import BlockInput
from app.i18n import _
from app.models.base import new_id
from app.routers.deps import Submitted
from app.wording import label
from app.wording.texts import text_problem

_MOST_PROBLEMS = 10
_BLOCKS: TypeAdapter[list[BlockInput]] = TypeAdapter(list[BlockInput])


def block_inputs(submitted: Submitted, previous: Sequence[Block]) -> list[BlockInput]:
    """The text as it is saved; Invalid names in the field `text` what can't be.

    The editor sends blocks with their ids. Plain text keeps the ids of `previous` as far as it can be recognised.
    """
    if submitted.text("blocks"):
        return _sent_blocks(submitted.text("blocks"))
    return inputs_of(_plain_blocks(submitted.text("text"), previous))


def inputs_of(blocks: Sequence[Block]) -> list[BlockInput]:
    """Blocks as they are sent to be saved."""
    return [
        BlockInput(id=each.id, part=each.part, kind=each.kind, number=each.number, text=each.text) for each in blocks
    ]


def blocks_of(inputs: Sequence[BlockInput]) -> tuple[Block, ...]:
    """The blocks that were sent; one without an id gets its own."""
    return tuple(
        Block(id=each.id or new_id(), part=each.part, kind=each.kind, number=each.number or None, text=each.text)
        for each in inputs
    )


def shown_blocks(submitted: Submitted, previous: Sequence[Block]) -> tuple[Block, ...] | None:
    """The text of a refused form for the editor to go on with; None where only the plain text can show it."""
    try:
        if submitted.text("blocks"):
            return blocks_of(_checked(submitted.text("blocks")))
        return parse_plain_form(submitted.text("text"), previous, new_id=new_id)
    except (Invalid, PlainFormRefused):
        return None


def shown_text(submitted: Submitted, blocks: Sequence[Block] | None) -> str:
    """The same as plain text, for who writes without script."""
    if blocks is not None and submitted.text("blocks"):
        return plain_form(blocks, all_parts=True)
    return submitted.text("text")


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
