"""What holds for every text: comparing and merging lose no word, order does not matter, ids are unique and survive."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import permutations
from uuid import UUID, uuid5

from hypothesis import given
from hypothesis import strategies as st

from app.domain.text import Block, BlockPart, ChangeKind, compare, merge_blocks, parse_plain_form, plain_form
from app.domain.text.words import words_of

SPACE = UUID("6f0c1a52-0000-4000-8000-000000000001")
SENTENCES = [
    "Die Länder sollten gemeinsam mit den Kommunen Lotsenangebote aufbauen.",
    "Bürger:innen und Teilnehmer*innen sind früh zu beteiligen.",
    "Die Bund-Länder-Gruppe stimmt Fördervoraussetzungen ab, z. B. bis zum 31.12.2026.",
    "Ehrenamtlich Engagierte erhalten eine Aufwandsentschädigung.^[Siehe Bericht.]",
    "Kurz.",
]
BASE_NAMES = "abcdef"


def block(name: str, text: str) -> Block:
    return Block(id=uuid5(SPACE, name), part=BlockPart.RATIONALE, text=text)


BASE = [block(name, f"{SENTENCES[place % len(SENTENCES)]} ({name})") for place, name in enumerate(BASE_NAMES)]
Change = Mapping[str, Sequence[Block]]
"""By block of the base: what stands in its place; nothing where it goes, more than one where it gains followers."""


def applied(change: Change) -> list[Block]:
    """The base with one change."""
    return [new for name, old in zip(BASE_NAMES, BASE, strict=True) for new in change.get(name, [old])]


@st.composite
def disjoint_changes(draw: st.DrawFn) -> list[Change]:
    """Three changes of which no two touch the same block; what one adds stands behind a block that it keeps."""
    owner = {name: draw(st.integers(0, 3)) for name in BASE_NAMES}
    changes: list[dict[str, list[Block]]] = [{}, {}, {}]
    for name, whose in owner.items():
        if whose < 3 and draw(st.booleans()):
            text, followers = draw(st.sampled_from(SENTENCES)), draw(st.integers(0, 2))
            added = [block(f"{name}{number}", draw(st.sampled_from(SENTENCES))) for number in range(followers)]
            changes[whose][name] = [block(name, text), *added]
        elif whose < 3:
            changes[whose][name] = []
    return list(changes)


@given(disjoint_changes())
def test_disjoint_changes_give_the_same_text_in_any_order(changes: list[Change]) -> None:
    together = {name: blocks for change in changes for name, blocks in change.items()}
    expected = Counter(one for one in applied(together))
    results = set()
    for order in permutations(changes):
        text: tuple[Block, ...] = tuple(BASE)
        for change in order:
            merge = merge_blocks(BASE, applied(change), text)
            assert merge.is_clean
            text = merge.result()
        results.add(text)
        assert Counter(text) == expected
    assert len(results) == 1


TEXTS = st.lists(st.sampled_from(SENTENCES), max_size=6)


def blocks_of(names: str, texts: Sequence[str]) -> list[Block]:
    return [block(name, text) for name, text in zip(names, texts, strict=False)]


@given(TEXTS, TEXTS, st.permutations("abcdef"), st.permutations("defghi"))
def test_comparing_loses_no_word_and_leads_both_ways(
    old_texts: list[str], new_texts: list[str], old_names: list[str], new_names: list[str]
) -> None:
    old, new = blocks_of("".join(old_names), old_texts), blocks_of("".join(new_names), new_texts)
    rows = compare(old, new, with_departures=True)
    assert [one for row in rows for one in row.new] == new
    assert [one for row in rows if not row.is_moved for one in row.old] == old
    assert [row for row in rows if row.kind is not ChangeKind.MOVED_AWAY] == compare(old, new)
    told = Counter(word for row in rows for span in row.spans for word in words_of(span.text))
    for side in (old, new):
        assert not Counter(word for one in side for word in words_of(one.text)) - told


@given(disjoint_changes())
def test_ids_are_unique_and_survive_merging(changes: list[Change]) -> None:
    mine, theirs = applied(changes[0]), applied(changes[1])
    result = merge_blocks(BASE, mine, theirs).result()
    keys = [one.id for one in result]
    assert len(set(keys)) == len(keys)
    kept = {one.id for one in BASE} & {one.id for one in mine} & {one.id for one in theirs}
    added = {one.id for one in [*mine, *theirs]} - {one.id for one in BASE}
    assert set(keys) == kept | added


@given(st.permutations(BASE), st.integers(0, 5), st.sampled_from(SENTENCES))
def test_ids_are_unique_and_survive_writing_in_the_plain_form(order: list[Block], place: int, sentence: str) -> None:
    written = parse_plain_form(f"{plain_form(order)}\n\n{sentence}", BASE)
    keys = [one.id for one in written]
    assert len(set(keys)) == len(keys)
    assert keys[: len(order)] == [one.id for one in order]
    shortened = [one for number, one in enumerate(order) if number != place]
    assert [one.id for one in parse_plain_form(plain_form(shortened), BASE)] == [one.id for one in shortened]
