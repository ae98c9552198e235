"""Three-way merging: what is taken, what is a conflict, and that sides can change places."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.text import Block, BlockPart, MergeOutcome, merge_blocks, merge_choices, merge_line


def block(name: str, text: str | None = None) -> Block:
    return Block(id=UUID(int=ord(name)), part=BlockPart.GOAL, text=text or f"Text {name}")


def blocks(names: str, **changed: str) -> list[Block]:
    return [block(name, changed.get(name)) for name in names]


def names(found: tuple[Block, ...]) -> str:
    return "".join(chr(one.id.int) for one in found)


def test_each_outcome() -> None:
    base = blocks("abcdef")
    mine = blocks("abcdfm", b="meins", d="gleich", f="meins")
    theirs = blocks("abcdeft", c="ihres", d="gleich", f="ihres")
    merge = merge_blocks(base, mine, theirs)
    outcomes = {chr(one.id.int): one.outcome for one in merge.blocks}
    assert outcomes == {
        "a": MergeOutcome.UNCHANGED,
        "b": MergeOutcome.MINE,
        "c": MergeOutcome.THEIRS,
        "d": MergeOutcome.BOTH_ALIKE,
        "e": MergeOutcome.MINE,
        "f": MergeOutcome.CONFLICT,
        "m": MergeOutcome.MINE,
        "t": MergeOutcome.THEIRS,
    }
    assert not merge.is_clean
    conflict = merge.conflicts[0]
    assert [one.text for one in (conflict.base, conflict.mine, conflict.theirs) if one] == [
        "Text f",
        "meins",
        "ihres",
    ]


def test_a_conflict_waits_for_its_decision() -> None:
    base = blocks("ab")
    merge = merge_blocks(base, blocks("ab", a="meins"), blocks("ab", a="ihres"))
    with pytest.raises(KeyError):
        merge.result()
    written = block("a", "geschrieben")
    assert merge.result({written.id: written})[0].text == "geschrieben"
    assert names(merge.result({written.id: None})) == "b"


def test_removing_what_the_other_changed_is_a_conflict() -> None:
    base = blocks("ab")
    for merge in (
        merge_blocks(base, blocks("b"), blocks("ab", a="ihres")),
        merge_blocks(base, blocks("ab", a="meins"), blocks("b")),
    ):
        assert [chr(one.id.int) for one in merge.conflicts] == ["a"]


@pytest.mark.parametrize(
    ("mine", "theirs", "expected"),
    [
        ("abc", "abc", "abc"),
        ("ac", "abc", "ac"),
        ("ac", "ab", "a"),
        ("", "abc", ""),
        ("xabc", "abcy", "xabcy"),
        ("abxc", "abyc", "abxyc"),
        ("abyc", "abxc", "abxyc"),
        ("axc", "abyc", "axyc"),
        ("cab", "abc", "cab"),
        ("abc", "cab", "cab"),
        ("cab", "cab", "cab"),
        ("cab", "abxc", "cabx"),
        ("abxzc", "abxyc", "abxyzc"),
    ],
)
def test_order(mine: str, theirs: str, expected: str) -> None:
    merge = merge_blocks(blocks("abc"), blocks(mine), blocks(theirs))
    assert merge.is_clean
    assert names(merge.result()) == expected


def test_two_orders_are_left_open_and_theirs_stands() -> None:
    merge = merge_blocks(blocks("abc"), blocks("cab"), blocks("bac"))
    assert merge.is_order_open
    assert not merge.is_clean
    assert names(merge.result()) == "bac"


TEXTS = st.sampled_from(["Text", "anders", "noch anders"])


@st.composite
def changed_lists(draw: st.DrawFn, base: str, extra: str) -> list[Block]:
    """A list in the order of the base with some blocks removed or changed and some added anywhere."""
    result = [block(name, draw(TEXTS)) for name in base if draw(st.booleans())]
    for name in extra:
        if draw(st.booleans()):
            result.insert(draw(st.integers(0, len(result))), block(name, draw(TEXTS)))
    return result


BASE = [block(name, "Text") for name in "abcde"]


@given(changed_lists("abcde", "uvw"), changed_lists("abcde", "vxy"))
def test_the_sides_can_change_places(mine: list[Block], theirs: list[Block]) -> None:
    one, other = merge_blocks(BASE, mine, theirs), merge_blocks(BASE, theirs, mine)
    assert [found.id for found in one.blocks] == [found.id for found in other.blocks]
    assert {found.id for found in one.conflicts} == {found.id for found in other.conflicts}
    assert len({found.id for found in one.blocks}) == len(one.blocks)
    if one.is_clean:
        assert one.result() == other.result()


@given(changed_lists("abcde", "uvw"))
def test_merging_with_an_unchanged_side_gives_the_changed_one(side: list[Block]) -> None:
    assert merge_blocks(BASE, side, BASE).result() == tuple(side)
    assert merge_blocks(BASE, BASE, side).result() == tuple(side)
    assert merge_blocks(BASE, side, side).result() == tuple(side)


@given(st.permutations(BASE))
def test_a_new_order_of_one_side_is_taken(order: list[Block]) -> None:
    assert merge_blocks(BASE, order, BASE).result() == tuple(order)
    assert merge_blocks(BASE, BASE, order).result() == tuple(order)


@given(changed_lists("abcde", "uvw"), changed_lists("abcde", "vxy"))
def test_every_text_of_both_sides_is_found_in_the_merge(mine: list[Block], theirs: list[Block]) -> None:
    merge = merge_blocks(BASE, mine, theirs)
    for one in mine:
        if one not in BASE:
            assert any(found.mine == one for found in merge.blocks)
    for found in merge.blocks:
        changed = {side for side in (found.mine, found.theirs) if side != found.base}
        assert (found.outcome is MergeOutcome.CONFLICT) == (len(changed) == 2)


@pytest.mark.parametrize(
    ("base", "mine", "theirs", "merged"),
    [
        ("Alt", "Alt", "Alt", "Alt"),
        ("Alt", "Meins", "Alt", "Meins"),
        ("Alt", "Alt", "Ihres", "Ihres"),
        ("Alt", "Gleich", "Gleich", "Gleich"),
        ("Alt", "Meins", "Ihres", None),
        ("", "Meins", "", "Meins"),
        ("Alt", "", "Ihres", None),
        ("Alt", "", "Alt", ""),
    ],
)
def test_a_line_is_taken_from_who_changed_it(base: str, mine: str, theirs: str, merged: str | None) -> None:
    assert merge_line(base, mine, theirs) == merged
    assert merge_line(base, theirs, mine) == merged


@pytest.mark.parametrize(
    ("base", "mine", "theirs", "merged"),
    [
        ("", "", "", ""),
        ("ab", "ab", "ab", "ab"),
        ("ab", "abc", "ab", "abc"),
        ("ab", "a", "ab", "a"),
        ("ab", "abc", "abd", "abdc"),
        ("ab", "a", "b", ""),
        ("ab", "ac", "abc", "ac"),
        ("ab", "ba", "abc", "abc"),
        ("", "aa", "a", "a"),
    ],
)
def test_choices_are_added_and_taken_away_by_either_side(base: str, mine: str, theirs: str, merged: str) -> None:
    assert "".join(merge_choices(base, mine, theirs)) == merged
    assert set(merge_choices(base, theirs, mine)) == set(merged)


CHOICES = st.lists(st.sampled_from("abcdef"), unique=True)


@given(CHOICES, CHOICES, CHOICES)
def test_of_choices_none_is_lost_that_nobody_took_away(base: list[str], mine: list[str], theirs: list[str]) -> None:
    merged = merge_choices(base, mine, theirs)
    assert len(set(merged)) == len(merged)
    for each in {*base, *mine, *theirs}:
        was_removed = each in base and (each not in mine or each not in theirs)
        assert (each in merged) is not was_removed
