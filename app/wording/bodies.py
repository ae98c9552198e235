"""What each rule of procedure means, for who sets it: in plain words, with its range and default."""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.consensus import RANGES, DecisionRule, RulesOfProcedure
from app.i18n import _

DECISION_MEANINGS: dict[DecisionRule, str] = {
    DecisionRule.QUALIFIED_MAJORITY: _("Mehr als der unten eingestellte Anteil der Ja- und Nein-Stimmen ist Ja."),
    DecisionRule.SIMPLE_MAJORITY: _("Es gibt mehr Ja- als Nein-Stimmen."),
    DecisionRule.CONSENSUS: _("Niemand lehnt ab, und mindestens ein Sitz stimmt zu."),
    DecisionRule.UNANIMITY: _("Jeder stimmberechtigte Sitz stimmt zu; wer schweigt, verhindert den Beschluss."),
    DecisionRule.GROUP_MAJORITY: _("In jeder Gruppe von Sitzen, die abstimmt, gibt es mehr Ja- als Nein-Stimmen."),
    DecisionRule.TAKE_NOTE: _("Der Text wird zur Kenntnis genommen; es genügt die Beschlussfähigkeit."),
}
_NUMBERS: dict[str, tuple[str, str]] = {
    "threshold_percent": (
        _("Schwelle der qualifizierten Mehrheit in Prozent"),
        _("Es müssen mehr als so viele Prozent der Ja- und Nein-Stimmen Ja sein. Enthaltungen zählen nicht mit."),
    ),
    "quorum_percent": (
        _("Beschlussfähigkeit in Prozent"),
        _("Mehr als so viele Prozent der stimmberechtigten Sitze müssen eine Position abgeben."),
    ),
    "ballot_days": (
        _("Dauer einer Beschlussfassung in Tagen"),
        _("Mindestdauer und Vorgabe. Früher endet sie nur, wenn jeder Sitz eine Position hat."),
    ),
    "dissent_days": (
        _("Frist für Sondervoten in Tagen"),
        _("Sie läuft ab dem Ende der Beschlussfassung; so lange wartet die Verabschiedung."),
    ),
    "comment_days": (
        _("Dauer eines Stellungnahmeverfahrens in Tagen"),
        _("Mindestdauer und Vorgabe für die Frist, in der Organisationen Stellung nehmen."),
    ),
    "notice_days": (
        _("Ladungsfrist für Sitzungen in Tagen"),
        _("So lange vor einer Sitzung wird eingeladen."),
    ),
}


@dataclass(frozen=True, slots=True)
class RuleField:
    """One number among the rules, as a form asks for it."""

    name: str
    label: str
    hint: str


def rule_fields() -> list[RuleField]:
    """Every number of the rules of procedure, explained with its range and default."""
    defaults = RulesOfProcedure().as_mapping()
    return [
        RuleField(
            name,
            title,
            _("{meaning} Möglich sind {lowest} bis {highest}, üblich {usual}.").format(
                meaning=meaning, lowest=RANGES[name][0], highest=RANGES[name][1], usual=defaults[name]
            ),
        )
        for name, (title, meaning) in _NUMBERS.items()
    ]
