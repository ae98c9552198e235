"""Numbers and periods as they are shown: 1.234,5 and 3. Quartal 2025."""

from __future__ import annotations

import re
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal

from app.i18n import _

_PART = re.compile(r"(\d{4})-([HQ])(\d)")
_MONTH = re.compile(r"(\d{4})-(\d{2})")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def german(number: Decimal, places: int | None = None) -> str:
    """The number with all its digits, or rounded to so many places, with a true minus sign."""
    if places is not None:
        number = number.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_EVEN)
    text = f"{number:,f}".replace(",", "\N{NULL}").replace(".", ",").replace("\N{NULL}", ".")
    return text.replace("-", "−")


def with_unit(number: Decimal, unit: str) -> str:
    """33,8 % or 118 Tage, never parted at the line's end."""
    return f"{german(number)}\N{NO-BREAK SPACE}{unit}"


def rounded_with_unit(number: Decimal, unit: str, places: int = 1) -> str:
    """The same, rounded for reading: what was reckoned and not measured."""
    return f"{german(number, places)}\N{NO-BREAK SPACE}{unit}"


def german_period(name: str) -> str:
    """How a period is read: 1. Halbjahr 2025, 3. Quartal 2025, 07/2025, 31.12.2025, 2005–2010."""
    if part := _PART.fullmatch(name):
        word = _("Halbjahr") if part[2] == "H" else _("Quartal")
        return f"{part[3]}. {word} {part[1]}"
    if _DAY.fullmatch(name):
        return f"{date.fromisoformat(name):%d.%m.%Y}"
    if month := _MONTH.fullmatch(name):
        return f"{month[2]}/{month[1]}"
    return name.replace("-", "–")
