"""Decimals as people write them, and periods: one meaning, or a question."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.numbers import DecimalMark, NotANumber, NumberUnclear, mark_of, parse_number, plain
from app.domain.periods import NotAPeriod, parse_period
from app.wording.numbers import german, german_period


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("33,8", "33.8"),
        ("33.8", "33.8"),
        ("16,0", "16.0"),
        ("118", "118"),
        ("0,123", "0.123"),
        ("0.123", "0.123"),
        ("1.234,5", "1234.5"),
        ("1,234.5", "1234.5"),
        ("1.234.567", "1234567"),
        ("1,234,567", "1234567"),
        ("689 003", "689003"),
        ("689\u202f003,25", "689003.25"),
        ("1234,567", "1234.567"),
        ("−5,5", "-5.5"),
        ("33,8 %", "33.8"),
        ("12,3456", "12.3456"),
    ],
)
def test_german_and_english_decimals_are_understood(text: str, meant: str) -> None:
    assert plain(parse_number(text)) == meant


@pytest.mark.parametrize("text", ["1.234", "1,234", "12.345", "999,999", "-1.000"])
def test_what_could_be_two_numbers_is_asked(text: str) -> None:
    with pytest.raises(NumberUnclear) as asked:
        parse_number(text)
    assert asked.value.with_comma != asked.value.with_dot
    assert parse_number(text, DecimalMark.COMMA) == asked.value.with_comma
    assert parse_number(text, DecimalMark.DOT) == asked.value.with_dot
    assert mark_of(text) is None


@pytest.mark.parametrize(
    "text", ["", "viele", "1,2,3", "1.2.3", "1..2", "1,2.3,4", "0.000.001", "12e3", "NaN", "٣", "1" * 13, "0,1234567"]
)
def test_text_where_a_number_belongs_is_refused(text: str) -> None:
    with pytest.raises(NotANumber):
        parse_number(text)


@given(st.decimals(allow_nan=False, allow_infinity=False, places=3, min_value=-(10**11), max_value=10**11))
def test_what_is_shown_in_german_is_read_back(number: Decimal) -> None:
    assert parse_number(german(number), DecimalMark.COMMA) == number
    assert mark_of("33,8") is DecimalMark.COMMA


@pytest.mark.parametrize(
    ("text", "name", "first", "last"),
    [
        ("2025", "2025", date(2025, 1, 1), date(2025, 12, 31)),
        ("2005-2010", "2005-2010", date(2005, 1, 1), date(2010, 12, 31)),
        ("2025-H2", "2025-H2", date(2025, 7, 1), date(2025, 12, 31)),
        ("1. Halbjahr 2025", "2025-H1", date(2025, 1, 1), date(2025, 6, 30)),
        ("2025 q3", "2025-Q3", date(2025, 7, 1), date(2025, 9, 30)),
        ("Q1 2024", "2024-Q1", date(2024, 1, 1), date(2024, 3, 31)),
        ("2. Quartal 2025", "2025-Q2", date(2025, 4, 1), date(2025, 6, 30)),
        ("2024-2", "2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        ("07/2025", "2025-07", date(2025, 7, 1), date(2025, 7, 31)),
        ("31.12.2025", "2025-12-31", date(2025, 12, 31), date(2025, 12, 31)),
    ],
)
def test_a_period_has_one_spelling(text: str, name: str, first: date, last: date) -> None:
    found = parse_period(text)
    assert (found.name, found.first, found.last) == (name, first, last)
    assert parse_period(german_period(name)) == found


@pytest.mark.parametrize("text", ["", "bald", "2025-13", "2025-H3", "31.02.2025", "2010-2005", "1025", "25"])
def test_what_is_no_period_is_refused(text: str) -> None:
    with pytest.raises(NotAPeriod):
        parse_period(text)
