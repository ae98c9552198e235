"""What a reminder says of a deadline, for pages and mails: true however late it is read, and never what a thing is called."""

from __future__ import annotations

from app.domain.deadline_reminders import DeadlineKind, ReminderStage
from app.i18n import _

_K, _S = DeadlineKind, ReminderStage

_SENTENCES: dict[DeadlineKind, dict[ReminderStage, str]] = {
    _K.COMMENT_ROUND: {
        _S.SEVEN_DAYS: _("Ihre Stellungnahme steht noch aus: höchstens noch sieben Tage"),
        _S.TWO_DAYS: _("Ihre Stellungnahme steht noch aus: höchstens noch zwei Tage"),
        _S.ENDED: _("Die Frist für Ihre Stellungnahme ist abgelaufen"),
        _S.MISSED: _("Die Stellungnahmefrist ist abgelaufen, nicht alle Gefragten haben geantwortet"),
    },
    _K.BALLOT: {
        _S.SEVEN_DAYS: _("Die Position Ihres Sitzes fehlt noch: höchstens noch sieben Tage"),
        _S.TWO_DAYS: _("Die Position Ihres Sitzes fehlt noch: höchstens noch zwei Tage"),
        _S.ENDED: _("Die Beschlussfassung endete ohne eine Position Ihres Sitzes"),
        _S.MISSED: _("Die Beschlussfassung ist beendet, nicht alle Sitze haben eine Position abgegeben"),
    },
    _K.DISSENTING_OPINION: {
        _S.SEVEN_DAYS: _("Ein Sondervotum ist noch möglich: höchstens noch sieben Tage"),
        _S.TWO_DAYS: _("Ein Sondervotum ist noch möglich: höchstens noch zwei Tage"),
        _S.ENDED: _("Die Frist für ein Sondervotum Ihres Sitzes ist abgelaufen"),
        _S.MISSED: _("Die Frist für Sondervoten ist abgelaufen, einige Sitze haben sich nicht erklärt"),
    },
    _K.CO_SIGNATURE: {
        _S.SEVEN_DAYS: _("Die Mitzeichnung Ihrer Organisation steht noch aus: höchstens noch sieben Tage"),
        _S.TWO_DAYS: _("Die Mitzeichnung Ihrer Organisation steht noch aus: höchstens noch zwei Tage"),
        _S.ENDED: _("Die Frist für die Mitzeichnung Ihrer Organisation ist abgelaufen, Ihre Antwort fehlt"),
        _S.MISSED: _("Eine Mitzeichnung ist überfällig"),
    },
    _K.RESPONSE: {
        _S.SEVEN_DAYS: _("Die Rückmeldung Ihrer Organisation steht noch aus: höchstens noch sieben Tage"),
        _S.TWO_DAYS: _("Die Rückmeldung Ihrer Organisation steht noch aus: höchstens noch zwei Tage"),
        _S.ENDED: _("Die Frist für die Rückmeldung Ihrer Organisation ist abgelaufen, sie fehlt noch"),
        _S.MISSED: _("Eine Rückmeldung zur Umsetzung ist überfällig"),
    },
    _K.REPORT: {
        _S.SEVEN_DAYS: _("Der Sachstand Ihrer Maßnahme ist zu berichten: höchstens noch sieben Tage"),
        _S.TWO_DAYS: _("Der Sachstand Ihrer Maßnahme ist zu berichten: höchstens noch zwei Tage"),
        _S.ENDED: _("Die Frist für den Sachstandsbericht Ihrer Maßnahme ist abgelaufen, er fehlt noch"),
        _S.MISSED: _("Ein Sachstandsbericht ist überfällig"),
    },
    _K.MEASURE: {
        _S.SEVEN_DAYS: _("Ihre Maßnahme soll umgesetzt sein: höchstens noch sieben Tage"),
        _S.TWO_DAYS: _("Ihre Maßnahme soll umgesetzt sein: höchstens noch zwei Tage"),
        _S.ENDED: _("Die Frist Ihrer Maßnahme ist abgelaufen, sie ist noch nicht als umgesetzt gemeldet"),
        _S.MISSED: _("Eine Maßnahme ist überfällig"),
    },
    _K.VERIFICATION: {
        _S.SEVEN_DAYS: _("Eine gemeldete Umsetzung ist zu prüfen: höchstens noch sieben Tage"),
        _S.TWO_DAYS: _("Eine gemeldete Umsetzung ist zu prüfen: höchstens noch zwei Tage"),
        _S.ENDED: _("Die Frist für die Prüfung einer gemeldeten Umsetzung ist abgelaufen, das Ergebnis fehlt noch"),
        _S.MISSED: _("Die Prüfung einer gemeldeten Umsetzung ist überfällig"),
    },
    _K.COMMITMENT: {
        _S.SEVEN_DAYS: _("Ihre Selbstverpflichtung soll erfüllt sein: höchstens noch sieben Tage"),
        _S.TWO_DAYS: _("Ihre Selbstverpflichtung soll erfüllt sein: höchstens noch zwei Tage"),
        _S.ENDED: _("Der Tag Ihrer Selbstverpflichtung ist vorbei: Bitte sagen Sie, ob sie erfüllt ist"),
        _S.MISSED: _("Eine Selbstverpflichtung ist über ihren Tag hinaus offen"),
    },
    _K.NEED_REVIEW: {
        _S.SEVEN_DAYS: _(
            "Ob der Bedarf fortbesteht, hat Ihre Organisation noch nicht gesagt: höchstens noch sieben Tage"
        ),
        _S.TWO_DAYS: _("Ob der Bedarf fortbesteht, hat Ihre Organisation noch nicht gesagt: höchstens noch zwei Tage"),
        _S.ENDED: _("Die Nachfrage, ob der Bedarf fortbesteht, ist ohne Antwort Ihrer Organisation beendet"),
        _S.MISSED: _("Eine Nachfrage, ob ein Bedarf fortbesteht, blieb ohne Antwort"),
    },
    _K.READING: {
        _S.SEVEN_DAYS: _("Ein neuer Wert Ihres Indikators ist einzutragen: höchstens noch sieben Tage"),
        _S.TWO_DAYS: _("Ein neuer Wert Ihres Indikators ist einzutragen: höchstens noch zwei Tage"),
        _S.ENDED: _("Der Tag für den neuen Wert Ihres Indikators ist vorbei, er fehlt noch"),
        _S.MISSED: _("Der neue Wert eines Indikators ist überfällig"),
    },
    _K.INVITATION: {
        _S.SEVEN_DAYS: _("Ihre Einladung gilt höchstens noch sieben Tage"),
        _S.TWO_DAYS: _("Ihre Einladung gilt höchstens noch zwei Tage"),
        _S.ENDED: _("Ihre Einladung ist abgelaufen"),
        _S.MISSED: _("Eine Einladung ist unbeantwortet abgelaufen"),
    },
}

_TITLES: dict[DeadlineKind, str] = {
    _K.COMMENT_ROUND: _("Frist für Ihre Stellungnahme"),
    _K.BALLOT: _("Ende der Beschlussfassung"),
    _K.DISSENTING_OPINION: _("Frist für ein Sondervotum"),
    _K.CO_SIGNATURE: _("Frist für die Mitzeichnung"),
    _K.RESPONSE: _("Frist für die Rückmeldung"),
    _K.REPORT: _("Frist für den Sachstandsbericht"),
    _K.MEASURE: _("Frist der Maßnahme"),
    _K.VERIFICATION: _("Frist für die Prüfung der gemeldeten Umsetzung"),
    _K.COMMITMENT: _("Tag der Selbstverpflichtung"),
    _K.NEED_REVIEW: _("Frist der Nachfrage, ob ein Bedarf fortbesteht"),
    _K.READING: _("Frist für den neuen Wert eines Indikators"),
    _K.INVITATION: _("Ende der Einladung"),
}


def reminder_sentence(kind: DeadlineKind, stage: ReminderStage) -> str:
    """What a reminder says in a few German words, without the title of the thing."""
    return _SENTENCES[kind][stage]


def deadline_title(kind: DeadlineKind) -> str:
    """What an entry in a calendar is called; it names nothing confidential."""
    return _TITLES[kind]
