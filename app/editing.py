"""Blocks as the editor reads them: JSON with the stored text and, beside it, its safe HTML. Nothing is stored here."""

from __future__ import annotations

import html
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

import nh3
from markdown_it.token import Token

from app.domain.text.blocks import Block, BlockKind
from app.forms.versions import SourceInput
from app.markup import parser_for_writing


def for_editor(blocks: Iterable[Block], sources: Mapping[UUID, Sequence[SourceInput]] | None = None) -> str:
    """Every block with its id, text and HTML, a row by its cells; a footnote is a `sup` that holds its Markdown.

    `sources` are those chosen while writing; a block without any there keeps what is stored.
    """
    chosen = {key: [each.model_dump(mode="json") for each in named] for key, named in (sources or {}).items()}
    shown = [{**_editable(block), "sources": chosen.get(block.id)} for block in blocks]
    return json.dumps(shown, ensure_ascii=False)


def _editable(block: Block) -> dict[str, Any]:
    known: dict[str, Any] = {
        "id": str(block.id),
        "part": block.part.value,
        "kind": block.kind.value,
        "number": block.number,
        "text": block.text,
    }
    if block.kind is BlockKind.TABLE_ROW:
        return {**known, "cells": [_words(cell.strip()) for cell in block.text.strip("|").split("|")]}
    return {**known, "html": html.escape(block.text) if block.kind is BlockKind.SUBHEADING else _words(block.text)}


def _words(text: str) -> str:
    parser = parser_for_writing()
    (inline,) = parser.parseInline(text)
    words = parser.renderer.render(list(_with_whole_notes(inline.children or [])), parser.options, {})
    return nh3.clean(
        words.replace("<br>\n", "<br>"),
        tags={"strong", "em", "a", "br", "sup"},
        attributes={"a": {"href"}, "sup": {"data-footnote"}},
        url_schemes={"http", "https", "mailto"},
        link_rel=None,
    )


def _with_whole_notes(tokens: Iterable[Token]) -> Iterable[Token]:
    """The tokens with each footnote in one: its words are not read, but kept as they are written."""
    depth = 0
    for token in tokens:
        if token.type == "footnote_open":
            if depth == 0:
                yield Token("html_inline", "", 0, content=f'<sup data-footnote="{html.escape(token.content)}"></sup>')
            depth += 1
        elif token.type == "footnote_close":
            depth -= 1
        elif depth == 0:
            yield token
