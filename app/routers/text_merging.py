"""Two writers, one text: who saved too late decides what both changed, and saves the result on the newest version."""

from __future__ import annotations

import json
from dataclasses import dataclass
from enum import StrEnum

from fastapi import APIRouter, Request
from sqlmodel import Session
from starlette.responses import Response

from app.domain.recommendations import BALLOT_FIELDS
from app.domain.text import (
    Block,
    Merge,
    MergedBlock,
    MergeOutcome,
    WordSpan,
    compare_words,
    merge_blocks,
    merge_choices,
    merge_line,
    plain_form,
)
from app.errors import FieldError, Invalid, StaleVersion
from app.i18n import _
from app.models.recommendations import Recommendation
from app.queries import recommendations as queries
from app.queries.versions import VersionText
from app.routers.deps import Submitted, SubmittedForm, Visitor, Writer, WriteSession, attempt
from app.routers.edited_text import Values, block_inputs, blocks_of, inputs_of, submitted_values
from app.routers.editor_page import REVISED_STATES, open_text, show_editor
from app.routers.pages import field_errors, render, see_other
from app.routers.text_saving import base_of, save, version_form

router = APIRouter()
_CARRIED = ("note", "editorial", "seat_id", "reason", "id", "revision", *BALLOT_FIELDS)


class Choice(StrEnum):
    """What is taken where both changed one thing."""

    MINE = "mine"
    THEIRS = "theirs"
    OWN = "own"


@dataclass(frozen=True, slots=True)
class Mine:
    """What was written on a base that is no longer the newest: the fields of the form, and the text."""

    values: Values
    blocks: tuple[Block, ...]

    @property
    def title(self) -> str:
        """The title on one line, as it would be saved."""
        return " ".join(str(self.values.get("title", "")).split())


@dataclass(frozen=True, slots=True)
class Three:
    """The three texts: what both began with, what was written here, what was saved meanwhile."""

    base: VersionText
    mine: Mine
    theirs: VersionText

    @property
    def merge(self) -> Merge:
        """The text, block by block."""
        return merge_blocks(self.base.blocks, self.mine.blocks, self.theirs.blocks)

    @property
    def title(self) -> str | None:
        """The title; None where both changed it apart."""
        return merge_line(self.base.title, self.mine.title, self.theirs.title)

    @property
    def addressee_ids(self) -> list[str]:
        """The addressees: what one added is there, what one took away is gone."""
        base, theirs = ([str(each.id) for each in text.addressees] for text in (self.base, self.theirs))
        return merge_choices(base, self.mine.values["addressee_ids"], theirs)

    @property
    def is_decided(self) -> bool:
        """Whether nothing is left for a person to decide."""
        return self.title is not None and not self.merge.conflicts


@dataclass(frozen=True, slots=True)
class Changed:
    """What each side changed of a wording both began with, as marked text; empty where a side has none to mark."""

    mine: tuple[WordSpan, ...]
    theirs: tuple[WordSpan, ...]

    @classmethod
    def between(cls, base: str, mine: str, theirs: str) -> Changed:
        """The words each side changed; what began with nothing stands as it was written."""
        if not base:
            return cls((), ())
        return cls(compare_words(base, mine).spans, compare_words(base, theirs).spans)

    @classmethod
    def of(cls, merged: MergedBlock) -> Changed:
        """The same for a block that collides."""
        base, mine, theirs = (each.text if each else "" for each in (merged.base, merged.mine, merged.theirs))
        return cls.between(base, mine, theirs)


def bring_together(
    request: Request, session: Session, visitor: Visitor, recommendation: Recommendation, three: Three
) -> Response:
    """What collides, to be decided; where nothing does, the editor with the merged text, to be read and saved."""
    if not three.is_decided:
        return _show(request, recommendation, three, {}, status=StaleVersion.status)
    merged = _merged_values(three, three.merge.result(), str(three.title))
    error = StaleVersion()
    return show_editor(request, session, visitor, recommendation, three.theirs, merged, error, merged=three)


@router.post("/empfehlungen/{key}/zusammenfuehren")
def merge_texts(
    request: Request, session: WriteSession, visitor: Writer, submitted: SubmittedForm, key: str
) -> Response:
    """Save what was decided, or show it in the editor first; the same again where somebody saved meanwhile."""
    recommendation, _newest = open_text(session, visitor, key)
    base = base_of(session, recommendation, submitted, "merge_base")
    theirs = base_of(session, recommendation, submitted)
    mine = Mine(submitted_values(submitted, base.blocks), blocks_of(block_inputs(submitted, base.blocks)))
    three = Three(base, mine, theirs)
    try:
        title, blocks = _decided(three, submitted)
    except Invalid as error:
        return _show(request, recommendation, three, submitted.values, error, status=error.status)
    values = _merged_values(three, blocks, title)
    if submitted.text("intent") == "review":
        return show_editor(request, session, visitor, recommendation, theirs, values, is_changed=True)
    result = Submitted(submitted.data, {**submitted.values, "title": title, "addressee_ids": values["addressee_ids"]})
    with attempt(session) as outcome:
        number = save(
            session, recommendation, version_form(result, inputs_of(blocks, values["sources"])), result, visitor
        )
        said = _("Fassung {n} ist gespeichert. Beide Texte sind zusammengeführt.").format(n=number)
        return see_other(request, queries.url_of(recommendation), said)
    recommendation, newest = open_text(session, visitor, key)
    if isinstance(outcome.error, StaleVersion):
        again = Three(theirs, Mine(values, blocks), newest)
        return bring_together(request, session, visitor, recommendation, again)
    return show_editor(request, session, visitor, recommendation, newest, values, outcome.error, is_changed=True)


def _decided(three: Three, submitted: Submitted) -> tuple[str, tuple[Block, ...]]:
    """Title and text as they were decided; Invalid names each that wasn't."""
    errors: list[FieldError] = []
    title = three.title
    if title is None:
        title = _decided_title(three, submitted, errors)
    decisions = {each.id: _decided_block(each, submitted, errors) for each in three.merge.conflicts}
    if errors:
        raise Invalid(*errors)
    return title, three.merge.result(decisions)


def _decided_title(three: Three, submitted: Submitted, errors: list[FieldError]) -> str:
    match _choice(submitted, "title", errors):
        case Choice.MINE:
            return three.mine.title
        case Choice.OWN:
            return _own_words(submitted, "title", errors)
        case _:
            return three.theirs.title


def _decided_block(merged: MergedBlock, submitted: Submitted, errors: list[FieldError]) -> Block | None:
    match _choice(submitted, str(merged.id), errors):
        case Choice.MINE:
            return merged.mine
        case Choice.OWN:
            shape = merged.mine or merged.theirs
            assert shape is not None
            return Block(
                id=shape.id,
                part=shape.part,
                kind=shape.kind,
                number=shape.number,
                text=_own_words(submitted, str(merged.id), errors),
            )
        case _:
            return merged.theirs


def _choice(submitted: Submitted, name: str, errors: list[FieldError]) -> Choice | None:
    sent = submitted.text(f"choice-{name}")
    if sent in list(Choice):
        return Choice(sent)
    errors.append(FieldError(f"choice-{name}", _("Bitte entscheiden Sie, welcher Wortlaut gilt.")))
    return None


def _own_words(submitted: Submitted, name: str, errors: list[FieldError]) -> str:
    text = submitted.text(f"words-{name}").replace("\r\n", "\n").strip()
    if not text:
        errors.append(FieldError(f"words-{name}", _("Bitte schreiben Sie, wie es heißen soll.")))
    return text


def _merged_values(three: Three, blocks: tuple[Block, ...], title: str) -> Values:
    """The fields of the editor after merging: on the newest version now."""
    carried = {name: three.mine.values[name] for name in _CARRIED if name in three.mine.values}
    return {
        **carried,
        "base_version": three.theirs.number,
        "title": title,
        "blocks": blocks,
        "sources": three.mine.values["sources"],
        "text": plain_form(blocks, all_parts=True),
        "addressee_ids": three.addressee_ids,
    }


def _show(
    request: Request,
    recommendation: Recommendation,
    three: Three,
    sent: Values,
    error: Invalid | None = None,
    *,
    status: int,
) -> Response:
    merge = three.merge
    taken = [each for each in merge.blocks if each.outcome in (MergeOutcome.MINE, MergeOutcome.THEIRS)]
    carried = [(name, three.mine.values[name]) for name in _CARRIED if three.mine.values.get(name)]
    mine = inputs_of(three.mine.blocks, three.mine.values["sources"])
    sent_blocks = [each.model_dump(mode="json") for each in mine]
    return render(
        request,
        "recommendations/merge.html",
        status=status,
        recommendation=recommendation,
        three=three,
        merge=merge,
        changed={each.id: Changed.of(each) for each in merge.conflicts},
        title_changes=Changed.between(three.base.title, three.mine.title, three.theirs.title),
        taken=taken,
        mine_taken=MergeOutcome.MINE,
        carried=carried,
        blocks=json.dumps(sent_blocks, ensure_ascii=False),
        sent=sent,
        errors=field_errors(error),
        is_revision=recommendation.state in REVISED_STATES,
        example=recommendation.is_example,
    )
