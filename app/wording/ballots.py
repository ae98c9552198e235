"""What a ballot's rules, positions and result say, in whole German sentences with their numbers."""

from __future__ import annotations

from app.domain.ballots import votes_needed_for_quorum
from app.domain.consensus import DecisionRule, Position, Result, RulesOfProcedure, Tally
from app.i18n import _, ngettext
from app.wording.labels import label

POSITION_MEANINGS: dict[Position, str] = {
    Position.AGREE: _("Ihr Sitz trägt den Text mit, so wie er ist."),
    Position.AGREE_WITH_RESERVATION: _(
        "Ihr Sitz trägt den Text mit und hält ein Bedenken fest. Zählt als Ja. Bitte nennen Sie den Vorbehalt."
    ),
    Position.OBJECT: _("Ihr Sitz trägt den Text nicht mit. Zählt als Nein. Bitte begründen Sie die Ablehnung."),
    Position.ABSTAIN: _("Ihr Sitz entscheidet nicht mit. Zählt für die Beschlussfähigkeit, nicht für die Mehrheit."),
    Position.RECUSED: _(
        "Ihr Sitz ist befangen und nimmt nicht teil. Zählt weder für Mehrheit noch Beschlussfähigkeit. Bitte nennen Sie den Grund."
    ),
}

_RULES: dict[DecisionRule, str] = {
    DecisionRule.QUALIFIED_MAJORITY: _(
        "Angenommen ist der Text, wenn mehr als {threshold} Prozent der Ja- und Nein-Stimmen Ja-Stimmen sind (qualifizierte Mehrheit)."
    ),
    DecisionRule.SIMPLE_MAJORITY: _(
        "Angenommen ist der Text, wenn es mehr Ja- als Nein-Stimmen gibt (einfache Mehrheit)."
    ),
    DecisionRule.CONSENSUS: _(
        "Angenommen ist der Text, wenn niemand ablehnt und mindestens ein Sitz zustimmt (Konsens)."
    ),
    DecisionRule.UNANIMITY: _(
        "Angenommen ist der Text, wenn jeder stimmberechtigte Sitz zustimmt (Einstimmigkeit). Wer sich enthält oder keine Position abgibt, verhindert das."
    ),
    DecisionRule.GROUP_MAJORITY: _(
        "Angenommen ist der Text, wenn es in jeder Gruppe von Sitzen mehr Ja- als Nein-Stimmen gibt (Mehrheit in jeder Gruppe). Sitze ohne Gruppe zählen zusammen als eine. Gruppen ohne Ja- und Nein-Stimmen werden genannt und zählen nicht mit."
    ),
    DecisionRule.TAKE_NOTE: _("Der Text wird zur Kenntnis genommen; dafür genügt die Beschlussfähigkeit."),
}


def rule_sentences(rules: RulesOfProcedure, entitled: int, minimum_days: int) -> tuple[str, ...]:
    """The rules as they were fixed when the ballot opened, one sentence a rule."""
    needed = votes_needed_for_quorum(entitled, rules)
    return (
        _RULES[rules.decision_rule].format(threshold=rules.threshold_percent),
        _(
            "Zustimmung und Zustimmung mit Vorbehalt zählen als Ja, Ablehnung als Nein. Enthaltungen zählen für keine Seite."
        ),
        _(
            "Beschlussfähig ist das Gremium, wenn mehr als {percent} Prozent der stimmberechtigten Sitze eine Position abgeben: mindestens {needed} von {entitled}. Wer wegen Befangenheit nicht teilnimmt, wird dabei nicht mitgezählt."
        ).format(percent=rules.quorum_percent, needed=needed, entitled=entitled),
        ngettext(
            "Die Beschlussfassung dauert mindestens %(num)s Tag. Früher endet sie nur, wenn jeder stimmberechtigte Sitz eine Position hat.",
            "Die Beschlussfassung dauert mindestens %(num)s Tage. Früher endet sie nur, wenn jeder stimmberechtigte Sitz eine Position hat.",
            minimum_days,
        )
        % {"num": minimum_days},
        _(
            "Bis zum Ende kann jede Position geändert werden; jede Änderung wird festgehalten. Die Position des Mitglieds zählt; die der Stellvertretung zählt nur, wo die des Mitglieds fehlt."
        ),
        _dissent_sentence(rules.dissent_days),
        _(
            "Geheime Abstimmungen gibt es hier nicht: Wer wie gestimmt hat, liest das Gremium nach dem Ende; veröffentlicht werden nur die Zahlen."
        ),
    )


def headline(result: Result, rules: RulesOfProcedure) -> str:
    """What came out, in one sentence."""
    if not result.quorum_met:
        return _("Nicht beschlussfähig: Das Ergebnis gilt nicht.")
    if rules.decision_rule is DecisionRule.TAKE_NOTE:
        return _("Zur Kenntnis genommen.")
    if result.carried:
        return _("Angenommen.")
    if result.is_majority_with_dissent:
        return _("Nicht angenommen: Es gab eine Mehrheit, aber nicht die nötige.")
    return _("Nicht angenommen.")


def strength_sentence(result: Result) -> str:
    """How strongly the body agreed, never without the counts."""
    return f"{label(result.strength)}: {counts_sentence(result)}"


def counts_sentence(tally: Tally) -> str:
    """The counts in words, silence named as silence."""
    parts = [
        _counted(tally.agree, _("Zustimmung"), _("Zustimmungen")),
        _counted(tally.agree_with_reservation, _("Zustimmung mit Vorbehalt"), _("Zustimmungen mit Vorbehalt")),
        _counted(tally.object, _("Ablehnung"), _("Ablehnungen")),
        _counted(tally.abstain, _("Enthaltung"), _("Enthaltungen")),
        _counted(tally.recused, _("Nichtteilnahme"), _("Nichtteilnahmen")),
        _counted(tally.silent, _("Sitz ohne Position"), _("Sitze ohne Position")),
    ]
    named = ", ".join(part for part in parts if part) or _("keine Position")
    return _("{counts} (von {entitled} stimmberechtigten Sitzen)").format(counts=named, entitled=tally.entitled)


def arithmetic_sentences(result: Result, rules: RulesOfProcedure) -> tuple[str, ...]:
    """How the result follows from the counts and the rules, so that anybody can reckon it again."""
    present = result.entitled - result.recused
    quorum = _(
        "Beschlussfähigkeit: {cast} von {present} Sitzen haben eine Position abgegeben; nötig war mehr als {percent} Prozent. {verdict}"
    ).format(
        cast=result.cast,
        present=present,
        percent=rules.quorum_percent,
        verdict=_("Erreicht.") if result.quorum_met else _("Nicht erreicht."),
    )
    if rules.decision_rule is DecisionRule.TAKE_NOTE:
        return (quorum,)
    if rules.decision_rule is DecisionRule.UNANIMITY:
        majority = _("Einstimmigkeit: {yes} von {present} Sitzen haben zugestimmt.").format(
            yes=result.yes, present=present
        )
        return quorum, majority
    majority = _("Mehrheit: {yes} Ja von {denominator} Ja- und Nein-Stimmen{share}.").format(
        yes=result.yes, denominator=result.denominator, share=_share(result, rules)
    )
    return quorum, majority


def group_name(group: str | None) -> str:
    """The name of a group of seats; those without one share a name."""
    return group or _("Sitze ohne Gruppe")


def _share(result: Result, rules: RulesOfProcedure) -> str:
    if not result.denominator:
        return ""
    tenths = 1_000 * result.yes // result.denominator
    percent = str(tenths // 10) if tenths % 10 == 0 else f"{tenths // 10},{tenths % 10}"
    share = _(", das sind {percent} Prozent").format(percent=percent)
    if rules.decision_rule is DecisionRule.QUALIFIED_MAJORITY:
        share += _("; nötig waren mehr als {threshold} Prozent").format(threshold=rules.threshold_percent)
    return share


def _dissent_sentence(days: int) -> str:
    if days == 0:
        return _("Ein Sondervotum kann bis zum Ende der Beschlussfassung eingereicht werden.")
    return ngettext(
        "Wer nicht uneingeschränkt zugestimmt hat, kann bis %(num)s Tag nach dem Ende ein Sondervotum einreichen.",
        "Wer nicht uneingeschränkt zugestimmt hat, kann bis %(num)s Tage nach dem Ende ein Sondervotum einreichen.",
        days,
    ) % {"num": days}


def _counted(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}" if number else ""
