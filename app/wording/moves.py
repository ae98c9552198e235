"""What a button says, why a move is blocked, and why somebody may not make it."""

from __future__ import annotations

from collections.abc import Sequence

from app.domain.permissions import GRANTS, Capability, Permission
from app.domain.text.blocks import BlockPart
from app.domain.workflow import Blocker
from app.i18n import _
from app.wording.labels import label

TRANSITIONS: dict[tuple[str, str], str] = {
    ("need", "submit"): _("Bedarf einreichen"),
    ("need", "accept"): _("Bedarf aufnehmen"),
    ("need", "merge"): _("Mit einem anderen Bedarf zusammenführen"),
    ("need", "forward"): _("An ein anderes Gremium weiterleiten"),
    ("need", "defer"): _("Zurückstellen"),
    ("need", "decline"): _("Nicht weiterverfolgen"),
    ("need", "withdraw"): _("Bedarf zurückziehen"),
    ("need", "answer"): _("Als beantwortet kennzeichnen"),
    ("need", "reopen"): _("Wieder aufnehmen"),
    ("proposal", "submit"): _("Vorschlag einreichen"),
    ("proposal", "discuss"): _("Beratung beginnen"),
    ("proposal", "adopt"): _("Übernehmen"),
    ("proposal", "adopt_partly"): _("Teilweise übernehmen"),
    ("proposal", "reject"): _("Nicht übernehmen"),
    ("proposal", "merge"): _("Mit einem anderen Vorschlag zusammenführen"),
    ("proposal", "defer"): _("Zurückstellen"),
    ("proposal", "withdraw"): _("Vorschlag zurückziehen"),
    ("proposal", "reopen"): _("Beratung wieder aufnehmen"),
    ("comment", "withdraw"): _("Beitrag zurückziehen"),
    ("attachment", "remove"): _("Datei entfernen"),
    ("recommendation", "start_review"): _("Ins Gremium geben"),
    ("recommendation", "open_comments"): _("Stellungnahmeverfahren eröffnen"),
    ("recommendation", "close_comments"): _("Stellungnahmeverfahren vorzeitig schließen"),
    ("recommendation", "call_decision"): _("Beschlussfassung eröffnen"),
    ("recommendation", "carry"): _("Beschluss feststellen und an die Geschäftsstelle geben"),
    ("recommendation", "carry_with_dissent"): _("Als Mehrheitsbeschluss mit abweichenden Voten weitergeben"),
    ("recommendation", "repeat_decision"): _("Beschlussfassung wiederholen"),
    ("recommendation", "endorse"): _("Zur Verabschiedung vorlegen"),
    ("recommendation", "adopt"): _("Verabschiedung eintragen"),
    ("recommendation", "publish"): _("Veröffentlichen"),
    ("recommendation", "unschedule"): _("Geplante Veröffentlichung zurücknehmen"),
    ("recommendation", "return_to_draft"): _("Zurück in den Arbeitsentwurf"),
    ("recommendation", "revise"): _("Überarbeiten und erneut beschließen lassen"),
    ("recommendation", "suspend"): _("Ruhen lassen"),
    ("recommendation", "resume"): _("Wieder aufnehmen"),
    ("recommendation", "reject"): _("Ablehnen"),
    ("recommendation", "discontinue"): _("Einstellen"),
    ("recommendation", "check"): _("Überprüfung beginnen"),
    ("recommendation", "confirm"): _("Empfehlung bestätigen"),
    ("recommendation", "supersede"): _("Durch andere Empfehlungen ersetzen"),
    ("recommendation", "repeal"): _("Empfehlung aufheben"),
    ("recommendation", "close_tracking"): _("Nachverfolgung abschließen"),
    ("recommendation", "reopen_tracking"): _("Nachverfolgung wieder aufnehmen"),
    ("goal", "agree"): _("Ziel vereinbaren"),
    ("goal", "revise"): _("Ziel neu fassen"),
    ("goal", "drop"): _("Ziel aufgeben"),
    ("measure", "start"): _("Umsetzung beginnen"),
    ("measure", "report_done"): _("Als umgesetzt melden"),
    ("measure", "verify"): _("Umsetzung bestätigen"),
    ("measure", "send_back"): _("Zurückgeben"),
    ("measure", "suspend"): _("Aussetzen"),
    ("measure", "resume"): _("Fortsetzen"),
    ("measure", "abort"): _("Abbrechen"),
    ("measure", "drop"): _("Entfallen lassen"),
    ("measure", "reopen"): _("Wieder eröffnen"),
    ("commitment", "fulfil"): _("Als erfüllt kennzeichnen"),
    ("commitment", "withdraw"): _("Zurücknehmen"),
    ("commitment", "renew"): _("Wieder aufnehmen"),
    ("reuse", "release"): _("Freigeben"),
    ("reuse", "decline"): _("Nicht freigeben"),
    ("reuse", "reaffirm"): _("Als fortbestehend vermerken"),
    ("reuse", "end"): _("Beenden"),
    ("body", "activate"): _("Gremium einsetzen"),
    ("body", "pause"): _("Gremium ruhen lassen"),
    ("body", "resume"): _("Arbeit wieder aufnehmen"),
    ("body", "close"): _("Gremium beenden"),
    ("seat", "nominate"): _("Person benennen"),
    ("seat", "decline"): _("Sitz absagen"),
    ("seat", "fill"): _("Sitz besetzen"),
    ("seat", "vacate"): _("Sitz freigeben"),
    ("edition", "freeze"): _("Redaktionsschluss setzen"),
    ("edition", "adopt"): _("Ausgabe verabschieden"),
    ("edition", "publish"): _("Ausgabe veröffentlichen"),
    ("edition", "archive"): _("Ausgabe archivieren"),
    ("implementation_report", "publish"): _("Umsetzungsbericht veröffentlichen"),
    ("implementation_report", "discard"): _("Umsetzungsbericht verwerfen"),
    ("implementation_report", "withdraw"): _("Umsetzungsbericht zurücknehmen"),
    ("implementation_report", "redact"): _("Dateien und Vorwort für immer löschen"),
    ("comment_round", "close"): _("Stellungnahmeverfahren schließen"),
    ("statement", "dispose"): _("Beantworten"),
    ("statement", "withdraw"): _("Stellungnahme zurückziehen"),
    ("amendment", "dispose"): _("Beantworten"),
    ("amendment", "withdraw"): _("Änderungsvorschlag zurückziehen"),
    ("ballot", "close"): _("Beschlussfassung schließen"),
    ("ballot", "postpone"): _("Ende der Beschlussfassung verschieben"),
    ("ballot", "void"): _("Beschlussfassung für ungültig erklären"),
    ("co_signature", "given"): _("Erteilen"),
    ("co_signature", "conditional"): _("Mit Maßgabe erteilen"),
    ("co_signature", "reserved"): _("Vorbehalt einlegen"),
    ("co_signature", "refused"): _("Ablehnen"),
    ("co_signature", "lift"): _("Maßgabe oder Vorbehalt aufheben"),
    ("co_signature", "withdraw"): _("Anfrage zurückziehen"),
    ("co_signature", "request_again"): _("Erneut anfragen"),
}

BLOCKERS: dict[str, str] = {
    "parts_missing": _("Es fehlt noch: {parts}."),
    "no_need_accepted": _("Es ist noch kein aufgenommener oder beantworteter Bedarf verknüpft."),
    "no_addressee": _("Es ist noch kein Adressat genannt."),
    "statements_undisposed": _("Noch nicht beantwortete Stellungnahmen: {count}."),
    "amendments_undisposed": _("Noch nicht beantwortete Änderungsvorschläge: {count}."),
    "no_entitled_seat": _("Im Gremium ist noch kein stimmberechtigter Sitz besetzt."),
    "ballot_open": _("Die Beschlussfassung läuft noch."),
    "ballot_void": _("Es gibt keine gültige Beschlussfassung."),
    "ballot_not_carried": _("Die Beschlussfassung hat die nötige Mehrheit nicht erreicht."),
    "ballot_without_quorum": _("Die Beschlussfassung war nicht beschlussfähig."),
    "ballot_carried": _("Die Beschlussfassung hat die nötige Mehrheit erreicht; es braucht keinen Mehrheitsbeschluss."),
    "ballot_no_majority": _("Es gab nicht mehr Zustimmung als Ablehnung."),
    "ballot_with_quorum": _("Die letzte Beschlussfassung war beschlussfähig und gilt."),
    "round_open": _("Das Stellungnahmeverfahren läuft noch."),
    "co_signatures_requested": _("Es fehlt noch die Antwort zur Mitzeichnung von: {organisations}."),
    "co_signatures_withheld": _(
        "Maßgabe, Vorbehalt oder Ablehnung steht noch von: {organisations} (§ 19 Absatz 2 GGO)."
    ),
    "mandatory_not_invited": _("Noch nicht beteiligt, aber nach § 45 Satz 3 AufenthG zu beteiligen: {organisations}."),
    "edition_frozen": _("Die Ausgabe wird als Ganzes verabschiedet."),
    "dissent_awaited": _("Die Frist für Sondervoten läuft; noch offen bei: {organisations}."),
    "already_scheduled": _("Die Veröffentlichung ist schon geplant."),
    "not_scheduled": _("Es ist keine Veröffentlichung geplant."),
    "tracking_closed": _("Die Nachverfolgung ist abgeschlossen."),
    "tracking_open": _("Die Nachverfolgung läuft."),
    "seats_without_position": _(
        "Vor Ablauf der Frist schließt die Beschlussfassung nur, wenn alle eine Position haben. Es fehlen: {organisations}."
    ),
    "ballot_postponed_before": _("Das Ende wurde schon einmal verschoben; ein zweites Mal geht das nicht."),
    "ballot_was_carried_on": _("Auf dieser Beschlussfassung baut das weitere Verfahren schon auf."),
    "no_report": _("Es gibt noch keinen eingereichten Sachstandsbericht."),
    "report_without_evidence": _("Der letzte Sachstandsbericht nennt noch keinen Beleg."),
    "reporter_verifies": _("Sie haben selbst berichtet; bestätigen muss eine andere Person."),
    "parent_goal_proposed": _("Das strategische Ziel, zu dem es gehört, ist noch nicht vereinbart."),
    "parent_goal_dropped": _("Das strategische Ziel, zu dem es gehört, ist aufgegeben."),
    "operative_goals_hold": _("Zu diesem strategischen Ziel gelten noch operative Ziele: {count}."),
    "body_busy": _(
        "Empfehlungen dieses Gremiums, über die noch nicht entschieden ist: {count}. Bringen Sie sie zum Abschluss oder stellen Sie sie ein."
    ),
}

_GRANTED_TO: dict[Capability, str] = {
    Capability.SECRETARIAT: _("die Geschäftsstelle"),
    Capability.ADMIN: _("die Systemadministration"),
    Capability.AUDITOR: _("die Prüfung"),
    Capability.CHAIR: _("die Leitung des Gremiums"),
    Capability.RAPPORTEUR: _("die Redaktion"),
    Capability.WRITER: _("Mitglieder des Gremiums"),
    Capability.VOTER: _("stimmberechtigte Mitglieder des Gremiums"),
    Capability.AUTHOR: _("die Verfasserin oder der Verfasser"),
    Capability.AUTHOR_SEAT: _("das Mitglied auf dem Sitz, für den es geschrieben wurde"),
    Capability.OWNER: _("die zuständige Organisation"),
    Capability.BODY: _("Angehörige des Gremiums"),
}


def transition_label(noun: str, name: str) -> str:
    """What the button for a move says: what it does."""
    return TRANSITIONS[noun, name]


def blocker_sentence(blocker: Blocker) -> str:
    """Why a move is blocked, as a whole sentence that says what is missing."""
    values = {key: _said(value) for key, value in blocker.values.items()}
    return BLOCKERS[blocker.code].format(**values)


def permission_refused(permission: Permission) -> str:
    """Who may do it instead, as a whole sentence."""
    who = [text for capability, text in _GRANTED_TO.items() if capability in GRANTS[permission]]
    if not who:
        return _("Dieser Schritt geschieht von selbst.")
    return _("Das darf hier nur: {who}.").format(who=", ".join(who))


def _said(value: object) -> str:
    if isinstance(value, str) or not isinstance(value, Sequence):
        return str(value)
    return ", ".join(label(each) if isinstance(each, BlockPart) else _part(each) for each in value)


def _part(value: object) -> str:
    return _("Titel") if value == "title" else str(value)
