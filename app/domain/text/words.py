"""German text as words, blanks and signs, and how two texts differ word by word. Loses no character."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from itertools import groupby
from typing import Final

from app.domain.text.order import longest_rising

# The letters of a word, with combining accents and soft hyphens.
_LETTERS = r"[\w\u0300-\u036f\u00ad]"
# What holds one word together: Bund-Länder-Gruppe, Bürger:innen, Teilnehmer*innen, geht's, Lehrer/-innen.
_INSIDE = rf"(?:[-\u2010\u2011*:·’'](?={_LETTERS})|/-?(?=(?:innen|in|r|n|en)\b)|\\\*(?={_LETTERS}))"
_TOKEN: Final = re.compile(
    rf"""
      https?://[^\s<>()\[\]]*[^\s<>()\[\].,;:!?]                      # an address
    | (?<!{_LETTERS})(?:[^\W\d_]\.[ \u00a0\u202f]?)+[^\W\d_]\.(?!\w)  # z. B., i. d. R.
    | (?<!{_LETTERS})(?:bzw|usw|etc|ggf|vgl|ca|Mio|Mrd|Dr|Prof|evtl|inkl|sog)\.
    | (?<!{_LETTERS})(?:Abs|Nr|Art|S)\.(?=\s?\d)
    | (?:[^\W\d_]\.)?\d+(?:[.,:]\d+)+%?                               # 1.039,5 10:30 D.2.1.3
    | {_LETTERS}+(?:{_INSIDE}{_LETTERS}+)*(?:\((?:innen|in)\))?(?:-(?=\s))?
    | \s+
    | .
    """,
    re.VERBOSE | re.DOTALL,
)

# The same few words thousands of times would keep the matcher busy for minutes.
_MOST_COMPARISONS: Final = 10_000

Edits = list[tuple["SpanKind", str]]


class SpanKind(StrEnum):
    """What happened to a run of words."""

    EQUAL = "equal"
    INSERT = "insert"
    DELETE = "delete"


@dataclass(frozen=True, slots=True)
class WordSpan:
    """A run of words that stayed, came or went."""

    kind: SpanKind
    text: str


@dataclass(frozen=True, slots=True)
class WordChanges:
    """How two texts differ; `is_rewritten` where more than 60 percent changed and both stand whole."""

    spans: tuple[WordSpan, ...]
    is_rewritten: bool = False


def tokens_of(text: str) -> list[str]:
    """The words, blanks and signs of a text; joined again they are the text."""
    return _TOKEN.findall(text)


def words_of(text: str) -> list[str]:
    """The words of a text without blanks and signs."""
    return [token for token in tokens_of(text) if token[0].isalnum()]


def compare_words(old: str, new: str) -> WordChanges:
    """The words that stayed, went and came, in order; a deletion stands before what replaces it."""
    if old == new:
        return WordChanges(_span(SpanKind.EQUAL, old))
    spans = _join(edits_between(tokens_of(old), tokens_of(new)))
    changed = sum(_weight(text) for kind, text in spans if kind is not SpanKind.EQUAL)
    if 10 * changed > 6 * (_weight(old) + _weight(new)):
        return WordChanges(_span(SpanKind.DELETE, old) + _span(SpanKind.INSERT, new), is_rewritten=True)
    return WordChanges(tuple(WordSpan(kind, text) for kind, text in spans))


def _span(kind: SpanKind, text: str) -> tuple[WordSpan, ...]:
    return (WordSpan(kind, text),) if text else ()


def _weight(text: str) -> int:
    return sum(1 for token in tokens_of(text) if not token.isspace())


def edits_between(old: Sequence[str], new: Sequence[str]) -> Edits:
    """Runs of tokens that stayed, went and came, in order and not yet gathered; without insertions they are the old."""
    start = _common_length(old, new)
    end = _common_length(old[start:][::-1], new[start:][::-1])
    edits = [(SpanKind.EQUAL, "".join(old[:start]))]
    edits += _matched_quickly(old[start : len(old) - end], new[start : len(new) - end])
    edits.append((SpanKind.EQUAL, "".join(old[len(old) - end :])))
    runs = groupby((edit for edit in edits if edit[1]), key=lambda edit: edit[0])
    return [(kind, "".join(text for _, text in run)) for kind, run in runs]


def _matched_quickly(old: Sequence[str], new: Sequence[str]) -> Edits:
    """Match at once what is small; else only between the words that stand once on both sides."""
    if _comparisons(old, new) <= _MOST_COMPARISONS:
        return _matched(old, new)
    edits: Edits = []
    old_from, new_from = 0, 0
    for old_place, new_place in (*_anchors(old, new), (len(old), len(new))):
        gap = old[old_from:old_place], new[new_from:new_place]
        if _comparisons(*gap) <= _MOST_COMPARISONS:
            edits += _matched(*gap)
        else:
            edits += [(SpanKind.DELETE, "".join(gap[0])), (SpanKind.INSERT, "".join(gap[1]))]
        edits.append((SpanKind.EQUAL, "".join(old[old_place : old_place + 1])))
        old_from, new_from = old_place + 1, new_place + 1
    return edits


def _anchors(old: Sequence[str], new: Sequence[str]) -> list[tuple[int, int]]:
    in_old, in_new = Counter(old), Counter(new)
    places = {token: place for place, token in enumerate(new) if in_new[token] == 1 and not token.isspace()}
    pairs = [(place, places[token]) for place, token in enumerate(old) if in_old[token] == 1 and token in places]
    return [pairs[index] for index in longest_rising([new_place for _, new_place in pairs])]


def _matched(old: Sequence[str], new: Sequence[str]) -> Edits:
    # Blanks are "junk" to the matcher: they never start a match, but go with the word beside them.
    edits = []
    for tag, old_from, old_to, new_from, new_to in SequenceMatcher(str.isspace, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            edits.append((SpanKind.EQUAL, "".join(old[old_from:old_to])))
        else:
            edits.append((SpanKind.DELETE, "".join(old[old_from:old_to])))
            edits.append((SpanKind.INSERT, "".join(new[new_from:new_to])))
    return edits


def _common_length(one: Sequence[str], other: Sequence[str]) -> int:
    pairs = enumerate(zip(one, other, strict=False))
    return next((place for place, (a, b) in pairs if a != b), min(len(one), len(other)))


def _comparisons(old: Sequence[str], new: Sequence[str]) -> int:
    one, other = Counter(old), Counter(new)
    return sum(number * other[token] for token, number in one.items() if not token.isspace())


def _join(edits: Edits) -> Edits:
    """Gather neighbouring changes into one deletion and one insertion, across blanks that merely stayed."""
    joined: Edits = []
    deleted, inserted = "", ""
    for place, (kind, text) in enumerate(edits):
        is_between = text.isspace() and 0 < place < len(edits) - 1 and (deleted or inserted)
        if kind is SpanKind.EQUAL and not (is_between and deleted and inserted):
            joined += [(SpanKind.DELETE, deleted), (SpanKind.INSERT, inserted), (kind, text)]
            deleted, inserted = "", ""
        elif kind is SpanKind.EQUAL:
            deleted, inserted = deleted + text, inserted + text
        elif kind is SpanKind.DELETE:
            deleted += text
        else:
            inserted += text
    joined += [(SpanKind.DELETE, deleted), (SpanKind.INSERT, inserted)]
    return [(kind, text) for kind, text in joined if text]
