"""Marks are counted block by block and group by group, and the most disputed block stands first."""

from __future__ import annotations

from uuid import UUID

import pytest

from app.domain.marks import BlockMark, MarkCount, tabulate

A, B, C, D = (UUID(int=number) for number in range(1, 5))
M = BlockMark


def test_the_most_disputed_block_stands_first_and_the_text_decides_between_equals() -> None:
    sheets = [
        ("Länder", {A: M.CARRY, B: M.NOT_CARRY, C: M.CARRY_CHANGED}),
        ("Länder", {A: M.CARRY, B: M.CARRY, C: M.CARRY_CHANGED}),
        ("Verbände", {A: M.CARRY, B: M.NOT_CARRY, UUID(int=99): M.NOT_CARRY}),
    ]
    rows = tabulate([A, B, C, D], sheets)
    assert [row.block_id for row in rows] == [B, C, A, D]
    disputed = rows[0]
    assert disputed.total == MarkCount(1, 0, 2)
    assert disputed.total.disagreement == 66
    assert disputed.by_group == {"Länder": MarkCount(1, 0, 1), "Verbände": MarkCount(0, 0, 1)}
    assert rows[3].by_group == {}


@pytest.mark.parametrize(
    ("count", "disagreement"),
    [
        (MarkCount(), 0),
        (MarkCount(3, 0, 0), 0),
        (MarkCount(0, 2, 0), 50),
        (MarkCount(0, 0, 4), 100),
        (MarkCount(1, 1, 1), 50),
    ],
)
def test_who_wants_a_change_counts_half(count: MarkCount, disagreement: int) -> None:
    assert count.disagreement == disagreement
    assert count.marked == sum(count.of(mark) for mark in BlockMark)
