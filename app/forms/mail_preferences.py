"""How often a person wants mail."""

from __future__ import annotations

from pydantic import Field

from app.domain.digests import DEFAULT_CHOICE, HOURS, WEEKDAYS, MailChoice
from app.domain.notifications import MailRhythm
from app.forms.base import Input


class MailChoiceForm(Input):
    """The rhythm, and when: the hour for daily and weekly, the weekday for weekly alone."""

    rhythm: MailRhythm
    hour: int = Field(default=DEFAULT_CHOICE.hour, ge=HOURS.start, lt=HOURS.stop)
    weekday: int = Field(default=DEFAULT_CHOICE.weekday, ge=WEEKDAYS.start, lt=WEEKDAYS.stop)

    @property
    def choice(self) -> MailChoice:
        """What was chosen."""
        return MailChoice(rhythm=self.rhythm, hour=self.hour, weekday=self.weekday)
