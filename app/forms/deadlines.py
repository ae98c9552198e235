"""Moments as they are sent: a deadline may be a plain date, which means 24:00 Europe/Berlin."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Annotated

from pydantic import AwareDatetime, BeforeValidator

from app.domain.deadlines import end_of_day, is_plausible_date
from app.i18n import _

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}.*")


def plausible_date(day: date) -> date:
    """The day itself; refused where no calendar function could reckon with it."""
    if not is_plausible_date(day):
        raise ValueError(_("Dieses Datum liegt zu weit zurück oder zu weit voraus."))
    return day


def _moment(value: object) -> object:
    if isinstance(value, datetime):
        return value
    if not isinstance(value, str) or not _MOMENT.fullmatch(value.strip()):
        raise ValueError(_("Bitte geben Sie Datum und Uhrzeit mit Zeitzone an, zum Beispiel 2026-03-14T10:30:00Z."))
    plausible_date(_day(value.strip()[:10]))
    return value.strip()


def _deadline(value: object) -> object:
    if isinstance(value, str) and _DATE.fullmatch(value.strip()):
        return end_of_day(plausible_date(_day(value.strip())))
    return _moment(value)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ValueError(_("Bitte geben Sie ein Datum an, zum Beispiel 2026-03-14.")) from None


Moment = Annotated[AwareDatetime, BeforeValidator(_moment)]
"""A moment with its time zone."""

Deadline = Annotated[AwareDatetime, BeforeValidator(_deadline)]
"""A moment with its time zone, or a date, which is over at 24:00 in Berlin."""
