"""What a mail is about and what the worker does by itself, in a few German words."""

from __future__ import annotations

from app.i18n import _

MAILS: dict[str, str] = {
    "address_changed": _("Nachricht über eine geänderte Adresse"),
    "co_signature_withdrawn": _("Nachricht über eine zurückgenommene Mitzeichnung"),
    "digest": _("Zusammenfassung der Mitteilungen"),
    "invitation": _("Einladung"),
    "invitation_reminder": _("Erinnerung an eine Einladung"),
    "need_review_asked": _("Nachfrage, ob ein Bedarf fortbesteht"),
    "need_review_reminder": _("Erinnerung an eine Nachfrage zu einem Bedarf"),
    "nomination_asked": _("Bitte um eine Benennung"),
    "nomination_reminder": _("Erinnerung an eine Benennung"),
    "password_changed": _("Nachricht über ein geändertes Passwort"),
    "password_forgotten": _("Link für ein neues Passwort"),
    "reuse_confirmation": _("Bestätigung einer Nachnutzung"),
    "reuse_outcome": _("Nachricht über eine abgelehnte oder beendete Nachnutzung"),
    "reuse_question": _("Frage, ob eine Nachnutzung fortbesteht"),
    "report_asked": _("Bitte um Sachstandsberichte"),
    "response_asked": _("Bitte um eine Rückmeldung"),
    "response_reminder": _("Erinnerung an eine Rückmeldung"),
    "room_invitation": _("Einladung in einen internen Raum"),
    "seated": _("Nachricht über einen Sitz"),
    "seated_and_invited": _("Einladung auf einen Sitz"),
    "statement_link": _("Bitte um eine Stellungnahme"),
    "statement_link_answered": _("Nachricht über eine beantwortete Stellungnahme"),
    "statement_link_extended": _("Nachricht über mehr Zeit für eine Stellungnahme"),
    "statement_link_reminder": _("Erinnerung an eine Stellungnahme"),
    "subscription_confirmation": _("Bestätigung eines Abonnements"),
    "subscription_digest": _("Neues für ein Abonnement"),
}
"""By template."""

WORKS: dict[str, str] = {
    "close_rounds": _("Stellungnahmeverfahren schließen"),
    "close_ballots": _("Beschlussfassungen schließen"),
    "publish": _("Geplantes veröffentlichen"),
    "remind": _("An Fristen erinnern"),
    "mail_notifications": _("Mitteilungen per E-Mail zusammenfassen"),
    "mail_subscribers": _("Abonnements bedienen"),
    "ask_about_needs": _("Nachfragen, ob Bedarfe fortbestehen"),
    "ask_about_reuses": _("Nach dem Fortbestehen von Nachnutzungen fragen"),
    "forget_reuses": _("Unbestätigte Nachnutzungen löschen"),
    "forget_attempts": _("Gezählte Versuche löschen"),
    "forget_subscriptions": _("Verfallene Abonnements löschen"),
    "forget_notifications": _("Alte Mitteilungen löschen"),
    "forget_files": _("Dateien löschen, die niemandem mehr gehören"),
    "forget_mails": _("Alte E-Mails löschen"),
}
"""By the name of the work."""


def mail_words(template: str) -> str:
    """What a mail is about; nothing of what it says."""
    return MAILS.get(template, _("E-Mail"))


def work_words(name: str) -> str:
    """What a recurring work does."""
    return WORKS.get(name, name)
