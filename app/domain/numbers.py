"""Reading and writing decimal numbers as people write them, kept exactly; what could mean two numbers is asked back."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Final

MAXIMUM_WHOLE: Final = 12
MAXIMUM_FRACTION: Final = 6
"""Digits before and after the mark; with a span of days they still multiply exactly."""


class DecimalMark(StrEnum):
    """What parts the whole from the fraction."""

    COMMA = "comma"
    DOT = "dot"

    @property
    def sign(self) -> str:
        """The mark itself."""
        return "," if self is DecimalMark.COMMA else "."

    @property
    def group(self) -> str:
        """What then parts thousands."""
        return "." if self is DecimalMark.COMMA else ","


class NotANumber(ValueError):
    """A text stands where a number belongs, or a number too long to be kept."""


@dataclass
class NumberUnclear(ValueError):
    """The text means one number with a comma as the decimal mark, and another with a dot."""

    text: str
    with_comma: Decimal
    with_dot: Decimal


_SPACES = re.compile("[\\s\u00a0\u2009\u202f']")
_MINUS = str.maketrans({"\u2212": "-", "\u2013": "-"})


def parse_number(text: str, mark: DecimalMark | None = None) -> Decimal:
    """The number a text means. Raises NotANumber, or NumberUnclear where only `mark` could tell.

    33,8 and 33.8 are the same; 1.234,5 and 1,234.5 are, too. Three digits after a single mark (1.234) may be
    thousands or a fraction: that is never guessed. A percent sign at the end is left out.
    """
    plain = _SPACES.sub("", text).translate(_MINUS).removesuffix("%")
    if mark is not None:
        return _bounded(_read(plain, mark))
    with_comma, with_dot = _tried(plain, DecimalMark.COMMA), _tried(plain, DecimalMark.DOT)
    if with_comma is None and with_dot is None:
        raise NotANumber(text)
    if with_comma is None or with_dot is None or with_comma == with_dot:
        found = with_dot if with_comma is None else with_comma
        assert found is not None
        return _bounded(found)
    raise NumberUnclear(text.strip(), with_comma, with_dot)


def mark_of(text: str) -> DecimalMark | None:
    """Which mark a text must have been written with; None where both, or none, read it."""
    plain = _SPACES.sub("", text).translate(_MINUS).removesuffix("%")
    readings = [mark for mark in DecimalMark if _tried(plain, mark) is not None]
    return readings[0] if len(readings) == 1 else None


def plain(number: Decimal) -> str:
    """The number with all its digits and a dot, never with an exponent: how it is stored and sent."""
    return f"{number:f}"


def _tried(text: str, mark: DecimalMark) -> Decimal | None:
    try:
        return _read(text, mark)
    except NotANumber:
        return None


def _read(text: str, mark: DecimalMark) -> Decimal:
    group, sign = re.escape(mark.group), re.escape(mark.sign)
    # Thousands come in threes and never begin with a nought: 0.123 is no grouped number.
    whole = rf"(?:[1-9]\d{{0,2}}(?:{group}\d{{3}})+|\d+)"
    if not re.fullmatch(rf"[+-]?{whole}(?:{sign}\d+)?", text, flags=re.ASCII):
        raise NotANumber(text)
    return Decimal(text.replace(mark.group, "").replace(mark.sign, "."))


def _bounded(number: Decimal) -> Decimal:
    if not is_kept_exactly(number):
        raise NotANumber(str(number))
    return number


def is_kept_exactly(number: Decimal) -> bool:
    """True for a finite number of at most twelve digits before and six after the mark."""
    if not number.is_finite():
        return False
    exponent = number.as_tuple().exponent
    assert isinstance(exponent, int)
    return -exponent <= MAXIMUM_FRACTION and abs(number) < Decimal(10) ** MAXIMUM_WHOLE
