"""Restricted Markdown: bold, italic, links and footnotes `^[…]`; one parser to read, and one to write on.

A footnote stands in brackets behind its place on a page, and at the foot of the page in a document.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline

_FOOTNOTE_SIGN = "^["


@cache
def parser() -> MarkdownIt:
    """The one parser of the process; HTML stays text, quotes become German ones."""
    made = _reading({"typographer": True, "quotes": "„“‚‘"}).enable(["smartquotes", "replacements"])
    made.add_render_rule("footnote_open", lambda *_: " <small>[")
    made.add_render_rule("footnote_close", lambda *_: "]</small>")
    return made


@cache
def parser_for_writing() -> MarkdownIt:
    """The same for who writes on: no sign is replaced by a nicer one."""
    return _reading({})


def _reading(more: Mapping[str, object]) -> MarkdownIt:
    made = MarkdownIt("zero", {"html": False, "breaks": True, **more})
    made.enable(["emphasis", "link", "newline", "escape", "entity"])
    made.inline.ruler.before("link", "footnote", _footnote)
    return made


def _footnote(state: StateInline, silent: bool) -> bool:
    """Read `^[words]` as a pair of tokens around its words, as a link is read; the first holds them as written."""
    if not state.src.startswith(_FOOTNOTE_SIGN, state.pos):
        return False
    start = state.pos + len(_FOOTNOTE_SIGN)
    end = state.md.helpers.parseLinkLabel(state, state.pos + 1)
    if end <= start:
        return False
    if not silent:
        maximum = state.posMax
        state.pos, state.posMax = start, end
        state.push("footnote_open", "span", 1).content = state.src[start:end]
        state.md.inline.tokenize(state)
        state.push("footnote_close", "span", -1)
        state.posMax = maximum
    state.pos = end + 1
    return True
