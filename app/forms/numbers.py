"""Numbers and periods as people and programs send them; an unclear one is asked back in a whole sentence."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field, ValidationInfo

from app.domain.numbers import DecimalMark, NotANumber, NumberUnclear, is_kept_exactly, parse_number
from app.domain.periods import NotAPeriod, Period, parse_period
from app.forms.base import Input
from app.i18n import _
from app.wording.numbers import german


class WithNumbers(Input):
    """An input with numbers; `decimal_mark` says how they are written where that can't be told."""

    decimal_mark: DecimalMark | None = None


def number_of(sent: Any, mark: DecimalMark | None = None) -> Decimal:
    """The number sent as text or as a JSON number. Raises ValueError with the sentence to show."""
    if isinstance(sent, bool):
        raise ValueError(_not_a_number(str(sent)))
    if isinstance(sent, (int, float, Decimal)):
        number = Decimal(str(sent))
        if not is_kept_exactly(number):
            raise ValueError(_not_a_number(str(sent)))
        return number
    text = str(sent)
    try:
        return parse_number(text, mark)
    except NumberUnclear as unclear:
        raise ValueError(unclear_number(unclear)) from unclear
    except NotANumber as error:
        raise ValueError(_not_a_number(text)) from error


def unclear_number(unclear: NumberUnclear) -> str:
    """The question back: which of the two numbers is meant."""
    return _(
        "„{text}“ ist nicht eindeutig: Ist {one} oder {other} gemeint? "
        "Sagen Sie, ob Komma oder Punkt die Nachkommastellen trennt."
    ).format(text=unclear.text[:40], one=german(unclear.with_comma), other=german(unclear.with_dot))


def period_of(sent: Any) -> Period:
    """The period a text names. Raises ValueError with the sentence to show."""
    try:
        return parse_period(str(sent))
    except NotAPeriod as error:
        raise ValueError(
            _(
                "„{text}“ ist kein Zeitraum. Möglich sind zum Beispiel 2025, 2025-H1, 2025-Q3, 2025-07, "
                "31.12.2025 oder 2005-2010."
            ).format(text=str(sent)[:40])
        ) from error


def _number(sent: Any, info: ValidationInfo) -> Decimal | None:
    return None if sent is None else number_of(sent, info.data.get("decimal_mark"))


def _period_name(sent: str) -> str:
    return period_of(sent).name


def _as_text(sent: Any) -> Any:
    return str(sent) if isinstance(sent, int) and not isinstance(sent, bool) else sent


def _not_a_number(text: str) -> str:
    return _(
        "„{text}“ ist keine Zahl, die hier gespeichert werden kann. Schreiben Sie zum Beispiel 33,8 oder 1.234,5; "
        "höchstens zwölf Stellen vor und sechs nach dem Komma."
    ).format(text=text[:40])


Number = Annotated[Decimal, BeforeValidator(_number)]
"""A decimal kept exactly; in a form made from `WithNumbers`, with its mark."""

PeriodName = Annotated[str, BeforeValidator(_as_text), Field(max_length=40), AfterValidator(_period_name)]
"""A period in its one spelling."""
