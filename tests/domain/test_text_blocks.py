"""What a block may hold, how it is quoted, and the form of a version that is hashed."""

import json
from dataclasses import replace
from hashlib import sha256
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.record import salted_digest
from app.domain.text import (
    MAX_BLOCK_CHARACTERS,
    MAX_BLOCKS,
    MAX_TEXT_CHARACTERS,
    Block,
    BlockKind,
    BlockPart,
    canonical_form,
    content_hash,
    paragraph_numbers,
    problems_of,
    required_parts_missing,
    tracked_numbers,
)

PLAIN = Block(id=UUID(int=1), part=BlockPart.RECOMMENDATION, text="Die Länder sollten handeln.")
ADDRESSEES = [UUID(int=9), UUID(int=8)]


def codes(*blocks: Block) -> list[tuple[str, int | None]]:
    return [(problem.code, problem.index) for problem in problems_of(blocks)]


def many(number: int, text: str) -> list[Block]:
    return [replace(PLAIN, id=UUID(int=place + 1), text=text) for place in range(number)]


def test_a_plain_block_and_no_block_are_fine() -> None:
    assert problems_of([PLAIN]) == []
    assert problems_of([]) == []


@pytest.mark.parametrize("text", ["", "  ", "\n\t\u00a0"])
def test_a_block_has_a_text(text: str) -> None:
    assert codes(replace(PLAIN, text=text)) == [("text_missing", 0)]


@pytest.mark.parametrize("character", ["\x00", "\x1b", "\x7f", chr(0xD800), chr(0xDFFF)])
def test_what_cannot_be_stored_is_refused(character: str) -> None:
    assert codes(replace(PLAIN, text=f"a{character}b")) == [("text_malformed", 0)]
    assert codes(replace(PLAIN, text="a\tb\r\nc 😀 ä \u200b")) == []


def test_limits() -> None:
    assert codes(replace(PLAIN, text="ä" * MAX_BLOCK_CHARACTERS)) == []
    assert codes(replace(PLAIN, text="ä" * (MAX_BLOCK_CHARACTERS + 1))) == [("text_too_long", 0)]
    assert codes(*many(MAX_BLOCKS, "a")) == []
    assert codes(*many(MAX_BLOCKS + 1, "a")) == [("too_many_blocks", None)]
    full = MAX_TEXT_CHARACTERS // MAX_BLOCK_CHARACTERS
    assert codes(*many(full, "a" * MAX_BLOCK_CHARACTERS)) == []
    assert codes(*many(full + 1, "a" * MAX_BLOCK_CHARACTERS)) == [("total_too_long", None)]
    assert MAX_TEXT_CHARACTERS > 75_000


@pytest.mark.parametrize("number", ["a", "z", "aa", "1", "99"])
def test_numbers(number: str) -> None:
    assert codes(replace(PLAIN, number=number)) == []


@pytest.mark.parametrize("number", ["", "A", "a)", "0", "01", "100", "abc", "ä", "a\n", "1.2"])
def test_refused_numbers(number: str) -> None:
    assert codes(replace(PLAIN, number=number)) == [("number_malformed", 0)]


def test_only_the_recommendation_is_numbered() -> None:
    for part in BlockPart:
        for kind in BlockKind:
            allowed = part == "recommendation" and kind in ("paragraph", "list_item")
            found = codes(replace(PLAIN, part=part, kind=kind, number="a"))
            assert found == ([] if allowed else [("number_not_allowed", 0)])


def test_ids_and_numbers_stand_once() -> None:
    second = replace(PLAIN, id=UUID(int=2), number="a")
    assert codes(PLAIN, PLAIN) == [("id_repeated", 1)]
    assert codes(replace(PLAIN, number="a"), second) == [("number_repeated", 1)]
    assert codes(PLAIN, replace(PLAIN, id=UUID(int=3)), second) == []


def test_required_parts() -> None:
    problem = replace(PLAIN, id=UUID(int=2), part=BlockPart.PROBLEM_STATEMENT)
    heading = replace(problem, kind=BlockKind.SUBHEADING)
    both = (BlockPart.PROBLEM_STATEMENT, BlockPart.RECOMMENDATION)
    assert required_parts_missing([]) == both
    assert required_parts_missing([PLAIN]) == both[:1]
    assert required_parts_missing([PLAIN, heading]) == both[:1]
    assert required_parts_missing([PLAIN, replace(problem, text=" ")]) == both[:1]
    assert required_parts_missing([PLAIN, problem]) == ()


def test_blocks_are_quoted_by_their_number_in_the_part() -> None:
    heading = replace(PLAIN, id=UUID(int=2), kind=BlockKind.SUBHEADING)
    part_a = replace(PLAIN, id=UUID(int=3), number="a")
    other = replace(PLAIN, id=UUID(int=4), part=BlockPart.SOURCES)
    assert paragraph_numbers([heading, PLAIN, part_a, other]) == {PLAIN.id: 1, part_a.id: 2, other.id: 1}
    assert tracked_numbers([heading, PLAIN, part_a, other]) == ("a",)


def digests(*blocks: Block) -> dict[UUID, str]:
    return {block.id: salted_digest("salt", block.text) for block in blocks}


TITLE = salted_digest("salt", "Titel")


def test_the_canonical_form_is_this_text() -> None:
    numbered = replace(PLAIN, id=UUID(int=2), number="a", kind=BlockKind.LIST_ITEM)
    texts = digests(numbered, PLAIN)
    form = canonical_form(TITLE, [*ADDRESSEES, ADDRESSEES[0]], [numbered, PLAIN], texts)
    assert form == (
        '{"addressees":["00000000-0000-0000-0000-000000000008","00000000-0000-0000-0000-000000000009"],'
        '"blocks":[{"id":"00000000-0000-0000-0000-000000000002","kind":"list_item","number":"a",'
        f'"part":"recommendation","text":"{texts[numbered.id]}"}},'
        '{"id":"00000000-0000-0000-0000-000000000001","kind":"paragraph","number":null,'
        f'"part":"recommendation","text":"{texts[PLAIN.id]}"}}],'
        f'"format":"dialogforum.version.1","title":"{TITLE}"}}'
    )
    assert content_hash(form) == sha256(form.encode()).hexdigest()
    assert json.loads(form)["format"] == "dialogforum.version.1"
    assert PLAIN.text not in form


@pytest.mark.parametrize(
    "changed",
    [
        replace(PLAIN, text="anders"),
        replace(PLAIN, id=UUID(int=3)),
        replace(PLAIN, part=BlockPart.GOAL),
        replace(PLAIN, kind=BlockKind.LIST_ITEM),
        replace(PLAIN, number="a"),
    ],
)
def test_every_field_of_a_block_is_hashed(changed: Block) -> None:
    before = canonical_form(TITLE, ADDRESSEES, [PLAIN], digests(PLAIN))
    assert canonical_form(TITLE, ADDRESSEES, [changed], digests(changed)) != before


def test_title_addressees_and_order_are_hashed() -> None:
    other = replace(PLAIN, id=UUID(int=2))
    texts = digests(PLAIN, other)
    forms = {
        canonical_form(TITLE, ADDRESSEES, [PLAIN, other], texts),
        canonical_form(TITLE, ADDRESSEES, [other, PLAIN], texts),
        canonical_form(TITLE, ADDRESSEES[:1], [PLAIN, other], texts),
        canonical_form(salted_digest("salt", "Anderer"), ADDRESSEES, [PLAIN, other], texts),
    }
    assert len(forms) == 4
    assert canonical_form(TITLE, ADDRESSEES[::-1], [PLAIN, other], texts) in forms


def test_a_text_instead_of_its_digest_is_refused() -> None:
    with pytest.raises(ValueError, match="digest"):
        canonical_form("Titel", ADDRESSEES, [], {})
    with pytest.raises(ValueError, match="digest"):
        canonical_form(TITLE, ADDRESSEES, [PLAIN], {PLAIN.id: PLAIN.text})
    with pytest.raises(KeyError):
        canonical_form(TITLE, ADDRESSEES, [PLAIN], {})


@given(st.lists(st.uuids(), max_size=5))
def test_the_order_of_addressees_makes_no_difference(addressee_ids: list[UUID]) -> None:
    one = canonical_form(TITLE, addressee_ids, [], {})
    assert one == canonical_form(TITLE, set(addressee_ids), [], {})
