"""Restricted Markdown: bold, italic, links and footnotes `^[…]`; one parser for page, PDF and ODT.

A footnote stands in brackets behind its place on a page, and at the foot of the page in a document.
"""

from __future__ import annotations

from functools import cache

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline

_FOOTNOTE_SIGN = "^["


@cache
def parser() -> MarkdownIt:
    """The one parser of the process; HTML stays text, quotes become German ones."""
    made = MarkdownIt("zero", {"html": False, "breaks": True, "typographer": True, "quotes": "„“‚‘"})
    made.enable(["emphasis", "link", "newline", "smartquotes", "replacements", "escape", "entity"])
    made.inline.ruler.before("link", "footnote", _footnote)
    made.add_render_rule("footnote_open", lambda *_: " <small>[")
    made.add_render_rule("footnote_close", lambda *_: "]</small>")
    return made


def _footnote(state: StateInline, silent: bool) -> bool:
    """Read `^[words]` as a pair of tokens around its words, as a link is read."""
    if not state.src.startswith(_FOOTNOTE_SIGN, state.pos):
        return False
    start = state.pos + len(_FOOTNOTE_SIGN)
    end = state.md.helpers.parseLinkLabel(state, state.pos + 1)
    if end <= start:
        return False
    if not silent:
        maximum = state.posMax
        state.pos, state.posMax = start, end
        state.push("footnote_open", "span", 1)
        state.md.inline.tokenize(state)
        state.push("footnote_close", "span", -1)
        state.posMax = maximum
    state.pos = end + 1
    return True
