"""What can be subscribed to, in German: its name, and what one is then told of."""

from __future__ import annotations

from app.domain.follows import SubscriptionTarget
from app.i18n import _

_NAMES = {
    SubscriptionTarget.RECOMMENDATION: _("Empfehlung „{name}“"),
    SubscriptionTarget.FIELD_OF_ACTION: _("Handlungsfeld {name}"),
    SubscriptionTarget.ADDRESSEE: _("Empfehlungen an: {name}"),
    SubscriptionTarget.CONSULTATIONS: _("Öffentliche Stellungnahmeverfahren"),
}
_HINTS = {
    SubscriptionTarget.RECOMMENDATION: _("Antworten der Adressaten, Maßnahmen und Berichte, Änderungen am Stand."),
    SubscriptionTarget.FIELD_OF_ACTION: _("Neue und geänderte Empfehlungen, öffentliche Stellungnahmeverfahren."),
    SubscriptionTarget.ADDRESSEE: _("Neue Empfehlungen, ihre Antworten und Maßnahmen dieser Organisation."),
    SubscriptionTarget.CONSULTATIONS: _("Sobald alle zu einem Entwurf Stellung nehmen können."),
}


def topic_label(target: SubscriptionTarget, name: str) -> str:
    """How one topic is called among others."""
    return _NAMES[target].format(name=name)


def topic_hint(target: SubscriptionTarget) -> str:
    """What one is told of."""
    return _HINTS[target]
