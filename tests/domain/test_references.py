"""References: what is one, how they are counted, and that none is given twice."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.references import (
    MAX_CODE_CHARACTERS,
    CodeRefused,
    check_code,
    is_code,
    is_reference,
    make_reference,
    next_reference,
    number_in,
)

CODES = st.from_regex(r"[A-Za-z0-9]([A-Za-z0-9.-]{0,8}[A-Za-z0-9])?", fullmatch=True)


@pytest.mark.parametrize("code", ["B", "NIP-2026", "2026", "D.2.1", "a", "A" * MAX_CODE_CHARACTERS])
def test_codes(code: str) -> None:
    assert is_code(code)
    assert check_code(code, field="code") == code


@pytest.mark.parametrize(
    ("code", "problem"),
    [
        ("", "code_missing"),
        ("A" * (MAX_CODE_CHARACTERS + 1), "code_too_long"),
        ("Ä", "code_malformed"),
        ("A B", "code_malformed"),
        ("-A", "code_malformed"),
        ("A.", "code_malformed"),
        ("..", "code_malformed"),
        ("A/B", "code_malformed"),
        ("A_B", "code_malformed"),
        ("A\n", "code_malformed"),
        ("٣", "code_malformed"),
    ],
)
def test_refused_codes(code: str, problem: str) -> None:
    assert not is_code(code)
    with pytest.raises(CodeRefused) as caught:
        check_code(code, field="edition_code")
    assert (caught.value.code, caught.value.field) == (problem, "edition_code")


@pytest.mark.parametrize(("number", "reference"), [(1, "2026-B-01"), (99, "2026-B-99"), (100, "2026-B-100")])
def test_numbers_have_two_digits_or_more(number: int, reference: str) -> None:
    assert make_reference("2026", "B", number) == reference
    assert number_in(reference, "2026", "B") == number


def test_a_number_below_one_is_refused() -> None:
    with pytest.raises(CodeRefused):
        make_reference("2026", "B", 0)


@pytest.mark.parametrize("text", ["", "2026-B-1", "2026-B", "2026-B-01\n", "2026-Ö-01", "-B-01", "2026--01x"])
def test_what_is_no_reference(text: str) -> None:
    assert not is_reference(text)


@given(CODES, CODES, st.integers(1, 2000))
def test_what_is_made_is_read(edition: str, field: str, number: int) -> None:
    reference = make_reference(edition, field, number)
    assert is_reference(reference)
    assert number_in(reference, edition, field) == number


@given(CODES, CODES, st.sets(st.integers(1, 300), max_size=20))
def test_the_next_reference_follows_the_highest_ever_given(edition: str, field: str, numbers: set[int]) -> None:
    taken = {make_reference(edition, field, number) for number in numbers} | {"2010-Z-99", "unfug"}
    following = next_reference(edition, field, taken - {make_reference("2010", "Z", 99)})
    assert following == make_reference(edition, field, max(numbers, default=0) + 1)
    assert following not in taken


def test_other_fields_and_editions_count_apart() -> None:
    taken = {"2026-B-07", "2026-C-02", "2010-B-31", "2026-B-12-03"}
    assert next_reference("2026", "B", taken) == "2026-B-08"
    assert next_reference("2026", "C", taken) == "2026-C-03"
    assert next_reference("2026", "D", taken) == "2026-D-01"
