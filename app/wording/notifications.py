"""What a notification says: the event in a few German words, or what a deadline asks; never who did it or what was said."""

from __future__ import annotations

from app.domain.deadline_reminders import DeadlineKind, ReminderStage
from app.domain.events import EventType as E
from app.domain.notifications import RoomFact
from app.i18n import _
from app.wording.events import event_sentence
from app.wording.labels import label
from app.wording.reminders import reminder_sentence

_REMINDER = "reminder."
_ROOM = "room."

_TOLD: dict[E, str] = {
    E.SEAT_MEMBER_JOINED: _("Ein Sitz im Gremium ist neu besetzt"),
    E.SEAT_MEMBER_LEFT: _("Eine Mitgliedschaft im Gremium ist beendet"),
    E.SEAT_DECLINED: _("Eine Organisation hat ihren Sitz abgesagt"),
    E.SEAT_VACATED: _("Ein Sitz im Gremium ist frei geworden"),
    E.NEED_SUBMITTED: _("Neuer Bedarf eingereicht"),
    E.NEED_FORWARDED: _("Bedarf an ein anderes Gremium weitergeleitet"),
    E.NEED_SUPPORTED: _("Eine Organisation unterstützt den Bedarf"),
    E.NEED_EVIDENCE_ADDED: _("Neuer Beleg zum Bedarf"),
    E.PROPOSAL_SUBMITTED: _("Neuer Vorschlag eingereicht"),
    E.PROPOSAL_EDITED: _("Neue Fassung eines Vorschlags, bitte prüfen Sie Ihre Unterstützung"),
    E.PROPOSAL_SUPPORTED: _("Eine Organisation unterstützt den Vorschlag"),
    E.PROPOSAL_EVIDENCE_ADDED: _("Neuer Beleg zum Vorschlag"),
    E.COMMENT_POSTED: _("Neuer Kommentar"),
    E.RECOMMENDATION_DRAFTED: _("Neuer Arbeitsentwurf"),
    E.RECOMMENDATION_VERSION_SAVED: _("Neue Fassung gespeichert"),
    E.RECOMMENDATION_EVIDENCE_ADDED: _("Neuer Beleg zur Empfehlung"),
    E.RECOMMENDATION_REVIEW_STARTED: _("Entwurf ins Gremium gegeben"),
    E.RECOMMENDATION_ADOPTED: _("Empfehlung verabschiedet"),
    E.RECOMMENDATION_PUBLISHED: _("Empfehlung veröffentlicht"),
    E.RECOMMENDATION_SUSPENDED: _("Arbeit an der Empfehlung ruht"),
    E.RECOMMENDATION_RESUMED: _("Arbeit an der Empfehlung wieder aufgenommen"),
    E.RECOMMENDATION_REJECTED: _("Empfehlung abgelehnt"),
    E.RECOMMENDATION_DISCONTINUED: _("Arbeit an der Empfehlung eingestellt"),
    E.RECOMMENDATION_CHECKED: _("Überprüfung der Empfehlung begonnen"),
    E.RECOMMENDATION_CONFIRMED: _("Empfehlung bestätigt"),
    E.RECOMMENDATION_SUPERSEDED: _("Empfehlung durch eine andere ersetzt"),
    E.RECOMMENDATION_REPEALED: _("Empfehlung aufgehoben"),
    E.RECOMMENDATION_ERRATUM_ADDED: _("Berichtigung zur Empfehlung"),
    E.STATEMENT_SUBMITTED: _("Neue Stellungnahme"),
    E.STATEMENT_DISPOSED: _("Vermerkt, was aus Ihrer Stellungnahme wurde"),
    E.AMENDMENT_FILED: _("Neuer Änderungsvorschlag"),
    E.AMENDMENT_DISPOSED: _("Vermerkt, was aus Ihrem Änderungsvorschlag wurde"),
    E.BALLOT_CLOSED: _("Beschlussfassung beendet"),
    E.POSITION_RECORDED: _("In der Sitzung wurde eine Position für Ihren Sitz vermerkt"),
    E.DISSENT_FILED: _("Sondervotum eingereicht"),
    E.MEASURE_REPORTED_DONE: _("Maßnahme als umgesetzt gemeldet"),
    E.MEASURE_STARTED: _("Umsetzung der Maßnahme begonnen"),
    E.MEASURE_VERIFIED: _("Umsetzung der Maßnahme bestätigt"),
    E.MEASURE_SENT_BACK: _("Meldung zur Maßnahme zurückgegeben"),
    E.MEASURE_EVIDENCE_ADDED: _("Neuer Beleg zur Maßnahme"),
    E.REPORT_SUBMITTED: _("Neuer Sachstandsbericht"),
    E.RESPONSE_REMINDED: _("Die Geschäftsstelle erinnert: Die Rückmeldung Ihrer Organisation steht noch aus"),
    E.MEASURE_REPORT_REMINDED: _("Die Geschäftsstelle erinnert: Über den Sachstand Ihrer Maßnahme ist zu berichten"),
    E.NEED_REVIEW_REMINDED: _("Die Geschäftsstelle erinnert: Besteht der Bedarf fort?"),
    E.NEED_REVIEW_ASKED: _("Besteht der Bedarf fort? Ihre Organisation ist gefragt"),
    E.REUSE_CONFIRMED: _("Eine Nachnutzung wartet auf Freigabe"),
    E.REUSE_RELEASED: _("Neue Nachnutzung"),
    E.REUSE_ENDED: _("Eine Nachnutzung ist beendet"),
    E.COMMITMENT_MADE: _("Neue Selbstverpflichtung"),
    E.COMMITMENT_CHANGED: _("Selbstverpflichtung geändert"),
    E.COMMITMENT_FULFILLED: _("Selbstverpflichtung erfüllt"),
    E.COMMITMENT_WITHDRAWN: _("Selbstverpflichtung zurückgenommen"),
    E.COMMITMENT_RENEWED: _("Selbstverpflichtung wieder aufgenommen"),
    E.REPORT_ASKED_BACK: _("Die Geschäftsstelle fragt zu Ihrem Sachstandsbericht nach"),
    E.GOAL_PROPOSED: _("Neues Ziel vorgeschlagen"),
    E.GOAL_AGREED: _("Ziel vereinbart"),
    E.INDICATOR_DEFINED: _("Neuer Indikator"),
    E.INDICATOR_CHANGED: _("Indikator geändert"),
    E.INDICATOR_READING_ADDED: _("Neuer Wert eines Indikators"),
    E.INDICATOR_READING_CORRECTED: _("Wert eines Indikators berichtigt"),
    E.PUBLICATION_ENTERED: _("Neue Publikation"),
}
"""Where the words of the history don't tell the reader enough."""


def room_about(fact: RoomFact) -> str:
    """The word a notification about a room keeps in `about`."""
    return f"{_ROOM}{fact.value}"


def reminder_about(kind: DeadlineKind, stage: ReminderStage) -> str:
    """The word a reminder's notification keeps in `about`."""
    return f"{_REMINDER}{kind.value}.{stage.value}"


def reminder_of(about: str) -> tuple[DeadlineKind, ReminderStage] | None:
    """Which stage of which kind of deadline `about` speaks of; None where it names an event."""
    if not about.startswith(_REMINDER):
        return None
    kind, stage = about.removeprefix(_REMINDER).split(".", 1)
    return DeadlineKind(kind), ReminderStage(stage)


def sentence(about: str) -> str:
    """What a notification says, without the title of its place; ValueError for an unknown word."""
    reminder = reminder_of(about)
    if reminder is not None:
        return reminder_sentence(*reminder)
    if about.startswith(_ROOM):
        return label(RoomFact(about.removeprefix(_ROOM)))
    event_type = E(about)
    return _TOLD.get(event_type) or event_sentence(event_type)
