"""What a notification says: the event in a few German words, or what a deadline asks; never who did it or what was said."""

from __future__ import annotations

from app.domain.deadline_reminders import DeadlineKind, ReminderStage
from app.domain.events import EventType as E
from app.i18n import _
from app.wording.events import event_sentence
from app.wording.reminders import reminder_sentence

_REMINDER = "reminder."

_TOLD: dict[E, str] = {
    E.PERSON_ROLE_GRANTED: _("Ihre Rolle wurde geändert"),
    E.SEAT_MEMBER_JOINED: _("Neues Mitglied im Gremium"),
    E.NEED_SUBMITTED: _("Neuer Bedarf eingereicht"),
    E.PROPOSAL_SUBMITTED: _("Neuer Vorschlag eingereicht"),
    E.PROPOSAL_EDITED: _("Neue Fassung eines Vorschlags"),
    E.COMMENT_POSTED: _("Neuer Kommentar"),
    E.RECOMMENDATION_VERSION_SAVED: _("Neue Fassung eines Arbeitsentwurfs"),
    E.RECOMMENDATION_PUBLISHED: _("Empfehlung veröffentlicht"),
    E.STATEMENT_SUBMITTED: _("Neue Stellungnahme"),
    E.STATEMENT_DISPOSED: _("Vermerkt, was aus der Stellungnahme wurde"),
    E.DISSENT_FILED: _("Sondervotum eingereicht"),
    E.REPORT_SUBMITTED: _("Neuer Sachstandsbericht"),
}
"""Where the words of the history don't tell the reader enough."""


def reminder_about(kind: DeadlineKind, stage: ReminderStage) -> str:
    """The word a reminder's notification keeps in `about`."""
    return f"{_REMINDER}{kind.value}.{stage.value}"


def sentence(about: str) -> str:
    """What a notification says in a few German words, without the title of the place; ValueError for an unknown word."""
    if not about.startswith(_REMINDER):
        event_type = E(about)
        return _TOLD.get(event_type) or event_sentence(event_type)
    kind, stage = about.removeprefix(_REMINDER).split(".", 1)
    return reminder_sentence(DeadlineKind(kind), ReminderStage(stage))
