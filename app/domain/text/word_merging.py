"""Several changes of one text brought together word by word. Never decides where two of them meet."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from app.domain.text.words import SpanKind, edits_between, tokens_of

Tokens = Sequence[str]


@dataclass(frozen=True, slots=True, order=True)
class _Replacement:
    """From here to there in the base, counted in words, blanks and signs, stand these instead."""

    start: int
    end: int
    tokens: tuple[str, ...] = ()


def merge_texts(base: str, changed: Iterable[str]) -> str | None:
    """The base with everything that any of the texts changed in it; None where two changes meet.

    They meet where they concern the same words or words side by side; what all changed alike is taken once. Compared
    with the base, the merged text shows just these changes: so one after the other, in any order, they make it too.
    """
    distinct = {text for text in changed if text != base}
    if len(distinct) < 2:
        return distinct.pop() if distinct else base
    old = tokens_of(base)
    replacements = sorted({each for text in distinct for each in _replacements(old, text)})
    if not all(_lie_apart(old, one, other) for one, other in pairwise(replacements)):
        return None
    merged = _replaced(old, replacements)
    return merged if _replacements(old, merged) == replacements else None


def _replacements(old: Tokens, changed: str) -> list[_Replacement]:
    """What differs, in order; between any two stands at least one word or sign that both share.

    A word added or gone beside its like may be told in several places; the last of them stands for all.
    """
    new = tokens_of(changed)
    found: list[_Replacement] = []
    old_place = new_place = 0
    for kind, text in edits_between(old, new):
        old_end = old_place if kind is SpanKind.INSERT else _behind(old, old_place, text)
        new_end = new_place if kind is SpanKind.DELETE else _behind(new, new_place, text)
        if kind is not SpanKind.EQUAL:
            found.append(_Replacement(old_place, old_end, tuple(new[new_place:new_end])))
        old_place, new_place = old_end, new_end
    joined = _joined(old, found)
    limits = [*(each.start for each in joined[1:]), len(old)]
    return _joined(old, [_moved_back(old, each, limit) for each, limit in zip(joined, limits, strict=False)])


def _behind(tokens: Tokens, place: int, text: str) -> int:
    """The place behind the tokens that make the text."""
    length = 0
    while length < len(text):
        length += len(tokens[place])
        place += 1
    return place


def _joined(old: Tokens, replacements: Iterable[_Replacement]) -> list[_Replacement]:
    """The same with those as one that have nothing but a blank between them."""
    joined: list[_Replacement] = []
    for each in replacements:
        if joined and not _lie_apart(old, joined[-1], each):
            before = joined.pop()
            tokens = (*before.tokens, *old[before.end : each.start], *each.tokens)
            each = _Replacement(before.start, each.end, tokens)
        joined.append(each)
    return joined


def _moved_back(old: Tokens, each: _Replacement, limit: int) -> _Replacement:
    """An addition or removal as far back as it says the same."""
    start, end, tokens = each.start, each.end, each.tokens
    if tokens and start < end:
        return each
    while end < limit and (tokens[0] if tokens else old[start]) == old[end]:
        start, end, tokens = start + 1, end + 1, (*tokens[1:], *tokens[:1])
    return _Replacement(start, end, tokens)


def _lie_apart(old: Tokens, one: _Replacement, other: _Replacement) -> bool:
    return any(not token.isspace() for token in old[one.end : other.start])


def _replaced(old: Tokens, replacements: Iterable[_Replacement]) -> str:
    parts: list[str] = []
    place = 0
    for each in replacements:
        parts += [*old[place : each.start], *each.tokens]
        place = each.end
    return "".join([*parts, *old[place:]])
