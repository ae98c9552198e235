"""What mails say by themselves: numbers as words, things without their titles, how often mail comes."""

from __future__ import annotations

from app.domain.digests import MailChoice
from app.domain.events import SubjectType
from app.domain.notifications import MailRhythm
from app.i18n import _

_NUMBERS = (
    _("Zwei"),
    _("Drei"),
    _("Vier"),
    _("Fünf"),
    _("Sechs"),
    _("Sieben"),
    _("Acht"),
    _("Neun"),
    _("Zehn"),
    _("Elf"),
    _("Zwölf"),
)
_WITHOUT_TITLE: dict[SubjectType, str] = {
    SubjectType.NEED: _("Ein Bedarf"),
    SubjectType.PROPOSAL: _("Ein Vorschlag"),
    SubjectType.RECOMMENDATION: _("Ein Entwurf"),
    SubjectType.MEASURE: _("Eine Maßnahme"),
    SubjectType.GOAL: _("Ein Ziel"),
    SubjectType.INDICATOR: _("Ein Indikator"),
    SubjectType.PUBLICATION: _("Eine Publikation"),
    SubjectType.BODY: _("Ein Gremium"),
    SubjectType.ORGANISATION: _("Eine Organisation"),
    SubjectType.PERSON: _("Ein Konto"),
    SubjectType.EDITION: _("Eine Ausgabe"),
    SubjectType.PROGRAMME: _("Ein Programm"),
    SubjectType.STATEMENT: _("Eine Stellungnahme"),
    SubjectType.COMMENT_ROUND: _("Ein interner Raum"),
}
WEEKDAY_NAMES = (
    _("Montag"),
    _("Dienstag"),
    _("Mittwoch"),
    _("Donnerstag"),
    _("Freitag"),
    _("Samstag"),
    _("Sonntag"),
)
RHYTHM_HINTS: dict[MailRhythm, str] = {
    MailRhythm.AT_ONCE: _("Was kurz nacheinander geschieht, kommt in einer E-Mail."),
    MailRhythm.DAILY: _("Eine E-Mail am Tag, wenn es etwas Neues gibt."),
    MailRhythm.WEEKLY: _("Eine E-Mail in der Woche, wenn es etwas Neues gibt."),
    MailRhythm.NEVER: _("Nur Fristen und Nachrichten zu Ihrem Konto."),
}


def waiting_for_you(number: int) -> str:
    """„Drei Dinge warten auf Sie“."""
    if number == 1:
        return _("Eine Sache wartet auf Sie")
    word = _NUMBERS[number - 2] if number - 2 < len(_NUMBERS) else str(number)
    return _("{number} Dinge warten auf Sie").format(number=word)


def without_title(noun: SubjectType) -> str:
    """How a mail names a thing whose title isn't public."""
    return _WITHOUT_TITLE.get(noun, _("Eine Sache"))


def choice_sentence(choice: MailChoice) -> str:
    """How often mail comes, as a whole sentence to its reader."""
    match choice.rhythm:
        case MailRhythm.AT_ONCE:
            return _("Sie bekommen Mitteilungen sofort.")
        case MailRhythm.DAILY:
            return _("Sie bekommen Mitteilungen höchstens einmal am Tag, um {hour} Uhr.").format(hour=choice.hour)
        case MailRhythm.WEEKLY:
            return _("Sie bekommen Mitteilungen höchstens einmal in der Woche, am {day} um {hour} Uhr.").format(
                day=WEEKDAY_NAMES[choice.weekday], hour=choice.hour
            )
        case MailRhythm.NEVER:
            return _("Sie bekommen nur Fristen und Nachrichten zu Ihrem Konto.")
