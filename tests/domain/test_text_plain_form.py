"""The text to edit by hand: what is written is read again, ids live on, mistakes are named by line."""

from itertools import count
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.text import (
    Block,
    BlockKind,
    BlockPart,
    PlainFormRefused,
    parse_plain_form,
    plain_form,
    problems_of,
)

WRITTEN = """## Situationsbeschreibung

Information allein erreicht nicht alle Eltern.
Vertrauen entsteht über Personen.

## Empfehlung

### Lotsenangebote

a) Länder und Kommunen sollten Lotsenangebote aufbauen.

b) Einrichtungen sollten Zeit einräumen.

- Aufwandsentschädigung klären
- mehrsprachig informieren

| Wer | Was |
| Länder | Mittel |

## Quellen

Bericht 2010
"""


def read(text: str, previous: tuple[Block, ...] = ()) -> tuple[Block, ...]:
    numbers = count(2000 if previous else 1000)
    return parse_plain_form(text, previous, new_id=lambda: UUID(int=next(numbers)))


def refused(text: str) -> list[tuple[int, str]]:
    with pytest.raises(PlainFormRefused) as caught:
        read(text)
    assert (caught.value.line, caught.value.code) == (
        caught.value.problems[0].line,
        caught.value.problems[0].code,
    )
    return [(problem.line, problem.code) for problem in caught.value.problems]


def test_what_each_sign_means() -> None:
    blocks = read(WRITTEN)
    assert [(block.part.value, block.kind.value, block.number, block.text) for block in blocks] == [
        (
            "problem_statement",
            "paragraph",
            None,
            "Information allein erreicht nicht alle Eltern.\nVertrauen entsteht über Personen.",
        ),
        ("recommendation", "subheading", None, "Lotsenangebote"),
        ("recommendation", "paragraph", "a", "Länder und Kommunen sollten Lotsenangebote aufbauen."),
        ("recommendation", "paragraph", "b", "Einrichtungen sollten Zeit einräumen."),
        ("recommendation", "list_item", None, "Aufwandsentschädigung klären"),
        ("recommendation", "list_item", None, "mehrsprachig informieren"),
        ("recommendation", "table_row", None, "Wer | Was"),
        ("recommendation", "table_row", None, "Länder | Mittel"),
        ("sources", "paragraph", None, "Bericht 2010"),
    ]
    assert plain_form(blocks) == WRITTEN


@pytest.mark.parametrize(
    "text",
    [
        WRITTEN.replace("\n", "\r\n"),
        WRITTEN.replace("\n\n", "\n\n\n  \n"),
        WRITTEN.replace("\n\n", "\n"),
        WRITTEN.replace("## Empfehlung", "##  EMPFEHLUNGEN ##"),
        "\n\n" + WRITTEN.replace("\n- ", "\n   - "),
    ],
)
def test_the_signs_may_be_written_loosely(text: str) -> None:
    assert plain_form(read(text)) == WRITTEN


def test_a_line_below_a_numbered_part_or_an_item_belongs_to_it() -> None:
    blocks = read("## Empfehlung\na) Erstens\nund mehr\nb) Zweitens\n- Punkt\nund mehr\n- c) Punkt")
    assert [(block.number, block.text) for block in blocks] == [
        ("a", "Erstens\nund mehr"),
        ("b", "Zweitens"),
        (None, "Punkt\nund mehr"),
        ("c", "Punkt"),
    ]


def test_numbers_are_plain_text_outside_the_recommendation() -> None:
    assert [(block.number, block.text) for block in read("## Ziel\na) Erstens")] == [(None, "a) Erstens")]


def test_mistakes_are_named_by_line() -> None:
    assert refused("Text\n\nMehr Text") == [(1, "text_before_heading")]
    assert refused("\n## Empfelung\n\nText\n") == [(2, "heading_unknown")]
    assert refused("## Ziel\n\nText\n# Titel\n#### Klein") == [(4, "heading_unknown"), (5, "heading_unknown")]
    assert refused("## Ziel\n###\n") == [(2, "heading_unknown")]
    assert refused("## Empfehlung\na) Eins\n\na) Zwei") == [(4, "number_repeated")]
    assert refused("## Ziel\n\n" + "a" * 20_001) == [(3, "text_too_long")]
    assert refused("## Ziel\n\nText\x00") == [(3, "text_malformed")]
    assert refused("## Ziel\n\n| |") == [(3, "text_missing")]


def test_nothing_written_is_no_block() -> None:
    assert read("") == ()
    assert read("## Ziel\n\n## Quellen\n") == ()
    assert read(plain_form([], all_parts=True)) == ()


def test_empty_parts_are_offered_in_their_order() -> None:
    headings = [line for line in plain_form(read(WRITTEN), all_parts=True).splitlines() if line[:3] == "## "]
    assert headings == [
        "## Situationsbeschreibung",
        "## Bisherige Entwicklungen",
        "## Ziel",
        "## Empfehlung",
        "## Begründung",
        "## Umsetzungshinweis",
        "## Praxisbeispiel",
        "## Quellen",
    ]


def test_ids_live_on_through_changes() -> None:
    before = tuple(
        Block(id=UUID(int=place), part=block.part, kind=block.kind, number=block.number, text=block.text)
        for place, block in enumerate(read(WRITTEN))
    )
    edited = (
        WRITTEN.replace("Zeit einräumen", "mehr Zeit einräumen")
        .replace("## Quellen", "## Begründung\n\nEin ganz neuer Gedanke.\n\n## Quellen")
        .replace("- Aufwandsentschädigung klären\n", "")
        .replace("a) Länder", "c) Länder")
    )
    after = read(edited, before)
    assert [block.id.int for block in after] == [0, 1, 2, 3, 5, 6, 7, 2000, 8]
    assert after[2].number == "c"


def test_equal_blocks_keep_their_ids_in_order() -> None:
    text = "## Ziel\n\nGleich.\n\nGleich.\n\nGleich.\n"
    before = read(text)
    assert read(text, before) == before
    assert read(text.replace("Gleich.\n\n", "Gleich.\n\nNeu.\n\n", 1), before)[2].id == before[1].id


def test_an_unchanged_block_keeps_every_character() -> None:
    block = Block(id=UUID(int=1), part=BlockPart.GOAL, text="  Eins  \r\n\r\n   Zwei\n")
    row = Block(id=UUID(int=2), part=BlockPart.GOAL, kind=BlockKind.TABLE_ROW, text="|  a|b |")
    assert read(plain_form([block, row]), (block, row)) == (block, row)


def test_signs_inside_a_block_stay_text() -> None:
    text = "- kein Punkt\n\n## keine Überschrift\n\\- mit Strich\n\\\na) keine Nummer\n| keine Zeile\n#nur\n-so"
    block = Block(id=UUID(int=1), part=BlockPart.RECOMMENDATION, text=text)
    again = read(plain_form([block]))
    assert [(one.kind, one.number, one.text) for one in again] == [(BlockKind.PARAGRAPH, None, text)]


LINES = st.lists(
    st.sampled_from(
        [
            "Text",
            "- x",
            "-",
            "a) x",
            "a)",
            "## Ziel",
            "### x",
            "#",
            "########",
            "#x",
            "| a |",
            "|",
            "\\",
            "\\\\",
            "\\- x",
            "\\## Ziel",
            "",
            "  x",
            "\xa0",
            "- \xa0x",
            "12) y",
            "\\a) x",
            "x\x85",
            "\u2028",
            "C #",
        ]
    )
    | st.text(max_size=8),
    max_size=6,
)
NUMBERS = [None, None, None, "a", "b", "7"]


@st.composite
def block_lists(draw: st.DrawFn) -> list[Block]:
    blocks = []
    for place in range(draw(st.integers(0, 6))):
        text, kind = "\n".join(draw(LINES)), draw(st.sampled_from(BlockKind))
        part, number = draw(st.sampled_from(BlockPart)), draw(st.sampled_from(NUMBERS))
        block = Block(id=UUID(int=place), part=part, kind=kind, number=number, text=text)
        if not problems_of([*blocks, block]):
            blocks.append(block)
    return blocks


@given(block_lists())
def test_what_is_written_is_read_again(blocks: list[Block]) -> None:
    assert read(plain_form(blocks), tuple(blocks)) == tuple(blocks)
    assert read(plain_form(blocks, all_parts=True), tuple(blocks)) == tuple(blocks)


@given(block_lists())
def test_reading_and_writing_settles_at_once(blocks: list[Block]) -> None:
    written = plain_form([block for block in blocks if block.text.strip("| \n")])
    try:
        again = read(written)
    except PlainFormRefused as error:
        assert {problem.code for problem in error.problems} == {"text_missing"}  # noqa: PT017
    else:
        assert plain_form(again) == written


@given(block_lists(), st.text() | LINES.map("\n".join) | LINES.map(lambda lines: "\n".join(["## Ziel", *lines])))
def test_any_text_is_read_or_refused_and_ids_stand_once(blocks: list[Block], text: str) -> None:
    try:
        after = read(text, tuple(blocks))
    except PlainFormRefused as error:
        assert error.problems  # noqa: PT017
    else:
        assert problems_of(after) == []
        assert len({block.id for block in after}) == len(after)
