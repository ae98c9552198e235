"""Amendments on the newest version: where they fit, move on, collide or have no home, and that order never matters."""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.text import AmendedBlock, AmendingKind, Block, BlockPart, Fit, changes_between, fit_of, take

K = AmendingKind


def block(number: int, text: str) -> Block:
    return Block(id=UUID(int=number), part=BlockPart.RECOMMENDATION, text=text)


BASE = (
    block(1, "Die Länder sollten Klassen einrichten, und der Bund sollte sie fördern."),
    block(2, "Die Träger sollten Anschlüsse vereinbaren."),
    block(3, "Die Kommunen sollten berichten."),
)
KNOWN = frozenset(each.id for each in BASE)


def change(number: int, on: int, text: str = "", kind: AmendingKind = K.CHANGE) -> AmendedBlock:
    key = UUID(int=1000 + number)
    base = next(each for each in BASE if each.id.int == on)
    added = replace(base, id=key, text=text) if kind is K.ADD_AFTER else None
    return AmendedBlock(
        id=key, amendment_id=UUID(int=number), kind=kind, base=base, known=KNOWN, text=text, added=added
    )


LAENDER = change(1, 1, BASE[0].text.replace("Die Länder", "Die Länder und Kommunen"))
BUND = change(2, 1, BASE[0].text.replace("sie fördern", "sie dauerhaft fördern"))
KREISE = change(3, 1, BASE[0].text.replace("Die Länder", "Die Kreise"))
WEG = change(4, 2, kind=K.REMOVE)
NEU, AUCH_NEU = change(5, 2, "Neu dahinter.", K.ADD_AFTER), change(6, 2, "Noch eines.", K.ADD_AFTER)


@pytest.mark.parametrize(
    ("wanted", "newest", "fit"),
    [
        (LAENDER, BASE, Fit.AS_FILED),
        (LAENDER, (replace(BASE[0], text=BUND.text), *BASE[1:]), Fit.MOVED_ON),
        (LAENDER, (replace(BASE[0], text=KREISE.text), *BASE[1:]), Fit.COLLIDES),
        (LAENDER, (replace(BASE[0], text=LAENDER.text), *BASE[1:]), Fit.CONTAINED),
        (LAENDER, BASE[1:], Fit.HOMELESS),
        (WEG, BASE, Fit.AS_FILED),
        (WEG, (BASE[0], replace(BASE[1], text="Anders."), BASE[2]), Fit.COLLIDES),
        (WEG, (BASE[0], BASE[2]), Fit.CONTAINED),
        (NEU, BASE, Fit.AS_FILED),
        (NEU, (BASE[0], BASE[2]), Fit.HOMELESS),
        (NEU, (*BASE, block(9, "Neu dahinter.")), Fit.CONTAINED),
    ],
)
def test_how_an_amendment_stands_to_the_newest_version(
    wanted: AmendedBlock, newest: tuple[Block, ...], fit: Fit
) -> None:
    assert fit_of(wanted, newest) is fit


def test_words_apart_in_one_block_are_taken_together() -> None:
    taking = take(BASE, [BUND, LAENDER])
    assert not taking.collisions
    assert taking.result({})[0].text == (
        "Die Länder und Kommunen sollten Klassen einrichten, und der Bund sollte sie dauerhaft fördern."
    )


def test_a_collision_is_written_by_a_person_and_by_nobody_else() -> None:
    taking = take(BASE, [LAENDER, KREISE, BUND])
    [collision] = taking.collisions
    assert collision.proposed is None
    assert [each.text for each in collision.changes] == [LAENDER.text, BUND.text, KREISE.text]
    with pytest.raises(KeyError):
        taking.result({})
    assert taking.result({BASE[0].id: "Entschieden."})[0].text == "Entschieden."
    assert taking.result({BASE[0].id: None}) == BASE[1:]


def test_what_is_removed_and_changed_collides_and_what_is_removed_twice_goes_once() -> None:
    assert take(BASE, [WEG, change(8, 2, "Geändert.")]).collisions
    assert take(BASE, [WEG, change(8, 2, kind=K.REMOVE)]).result({}) == (BASE[0], BASE[2])


def test_added_blocks_stand_in_the_order_of_their_ids_and_the_same_text_once() -> None:
    same = change(7, 2, "Neu dahinter.", K.ADD_AFTER)
    for order in permutations([NEU, AUCH_NEU, same, WEG]):
        texts = [each.text for each in take(BASE, order).result({})]
        assert texts == [BASE[0].text, "Neu dahinter.", "Noch eines.", BASE[2].text]


def test_what_has_no_home_is_named() -> None:
    taking = take(BASE[1:], [LAENDER, NEU])
    assert taking.homeless == (LAENDER,)
    assert len(taking.blocks) == 1


@st.composite
def disjoint(draw: st.DrawFn) -> list[AmendedBlock]:
    """Amendments that each concern other words: some on a block of their own, some added, two in one block."""
    return draw(st.permutations([LAENDER, BUND, WEG, NEU, AUCH_NEU, change(9, 3, "Die Kreise sollten berichten.")]))


@given(disjoint(), st.integers(1, 6))
def test_disjoint_amendments_make_the_same_text_one_by_one_in_any_order(
    wanted: list[AmendedBlock], at_once: int
) -> None:
    newest: tuple[Block, ...] = BASE
    removal_last = sorted(wanted, key=lambda each: each is WEG)
    for start in range(0, len(removal_last), at_once):
        newest = take(newest, removal_last[start : start + at_once]).result({})
    assert newest == take(BASE, wanted).result({})


def test_what_an_editor_changed_is_asked_for_block_by_block() -> None:
    fresh, more = block(11, "Neu."), block(12, "Und mehr.")
    wanted = [replace(BASE[0], text="Anders."), fresh, more, BASE[2]]
    assert changes_between(BASE, BASE) == []
    found = changes_between(BASE, wanted)
    assert found is not None
    assert [(each.kind, each.block_id.int, each.text) for each in found] == [
        (K.CHANGE, 1, "Anders."),
        (K.ADD_AFTER, 1, "Neu."),
        (K.ADD_AFTER, 1, "Und mehr."),
        (K.REMOVE, 2, ""),
    ]


@pytest.mark.parametrize(
    "wanted",
    [
        [BASE[1], BASE[0], BASE[2]],
        [block(11, "Davor."), *BASE],
        [replace(BASE[0], number="a"), *BASE[1:]],
        [replace(BASE[0], part=BlockPart.GOAL), *BASE[1:]],
    ],
)
def test_what_is_more_than_texts_cannot_be_asked_for(wanted: list[Block]) -> None:
    assert changes_between(BASE, wanted) is None
