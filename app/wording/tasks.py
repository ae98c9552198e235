"""What a task says: what it is about, and how much work it is."""

from __future__ import annotations

from enum import StrEnum

from app.domain.consensus import Position
from app.i18n import _, ngettext
from app.wording.labels import label

CHARACTERS_OF_A_PAGE = 2_500


class TaskKind(StrEnum):
    """What waits for a person."""

    SCREEN_NEEDS = "screen_needs"
    LOOK_AGAIN = "look_again"
    RECONSIDER_NEEDS = "reconsider_needs"
    SCREEN_PROPOSALS = "screen_proposals"
    DECIDE_PROPOSALS = "decide_proposals"
    GIVE_STATEMENT = "give_statement"
    DISPOSE_STATEMENTS = "dispose_statements"
    DISPOSE_AMENDMENTS = "dispose_amendments"
    VOTE = "vote"
    CONCLUDE_ROUND = "conclude_round"
    CONCLUDE_BALLOT = "conclude_ballot"
    SUBMIT_NEED = "submit_need"
    SUBMIT_PROPOSAL = "submit_proposal"
    FINISH_DRAFT = "finish_draft"
    SUBMIT_REPORT = "submit_report"
    RESUME_DRAFT = "resume_draft"
    CO_SIGN = "co_sign"
    RESPOND = "respond"
    REVIEW_NEED = "review_need"
    KEEP_COMMITMENT = "keep_commitment"
    ENTER_READING = "enter_reading"
    REPORT = "report"
    VERIFY = "verify"
    REVIEW = "review"
    ADOPT = "adopt"
    PUBLISH = "publish"
    CHECK = "check"
    REVISE_DRAFT = "revise_draft"
    DECIDE_GOALS = "decide_goals"
    FILL_SEAT = "fill_seat"
    RELEASE_REUSE = "release_reuse"


_SENTENCES: dict[TaskKind, str] = {
    TaskKind.SUBMIT_NEED: _("Entwurf fertigstellen und einreichen"),
    TaskKind.SUBMIT_PROPOSAL: _("Entwurf fertigstellen und einreichen"),
    TaskKind.FINISH_DRAFT: _("Entwurf fertigstellen; einreichen kann ihn das Mitglied"),
    TaskKind.SUBMIT_REPORT: _("Sachstandsbericht fertigstellen und einreichen"),
    TaskKind.RESUME_DRAFT: _("Sie haben einen nicht gespeicherten Entwurf: weiterschreiben oder verwerfen"),
    TaskKind.CONCLUDE_ROUND: _("Stellungnahmen auswerten, nächsten Schritt wählen"),
    TaskKind.CONCLUDE_BALLOT: _("Ergebnis der Beschlussfassung feststellen"),
    TaskKind.RESPOND: _("Rückmeldung geben"),
    TaskKind.REVIEW_NEED: _("Sagen, ob der Bedarf fortbesteht"),
    TaskKind.KEEP_COMMITMENT: _("Sagen, ob die Selbstverpflichtung erfüllt ist"),
    TaskKind.ENTER_READING: _("Neuen Wert eintragen"),
    TaskKind.REPORT: _("Sachstand berichten"),
    TaskKind.VERIFY: _("Gemeldete Umsetzung prüfen und bestätigen"),
    TaskKind.REVIEW: _("Prüfen und Mitzeichnung einholen"),
    TaskKind.ADOPT: _("Verabschiedung eintragen"),
    TaskKind.PUBLISH: _("Veröffentlichen"),
    TaskKind.CHECK: _("Überprüfen: Der Bedarf besteht fort"),
    TaskKind.REVISE_DRAFT: _("Zurückgegebenen Entwurf überarbeiten"),
    TaskKind.FILL_SEAT: _("Freien Sitz neu besetzen"),
    TaskKind.RELEASE_REUSE: _("Nachnutzung prüfen und freigeben"),
}


def task_effort(kind: TaskKind, *, count: int = 1, characters: int = 0) -> str:
    """What is to be done and how much it is: "Abstimmen, 2 Seiten"."""
    match kind:
        case TaskKind.VOTE:
            return _with_pages(_("Abstimmen"), characters)
        case TaskKind.GIVE_STATEMENT:
            return _with_pages(_("Stellung nehmen"), characters)
        case TaskKind.CO_SIGN:
            return _with_pages(_("Mitzeichnung beantworten"), characters)
        case TaskKind.DISPOSE_STATEMENTS:
            return ngettext("Eine Stellungnahme beantworten", "{count} Stellungnahmen beantworten", count).format(
                count=_number(count)
            )
        case TaskKind.DISPOSE_AMENDMENTS:
            return ngettext(
                "Einen Änderungsvorschlag beantworten", "{count} Änderungsvorschläge beantworten", count
            ).format(count=_number(count))
        case TaskKind.SCREEN_NEEDS:
            return _needs_effort(count)
        case TaskKind.LOOK_AGAIN:
            return ngettext(
                "Zurückgestellten Bedarf wieder ansehen", "{count} zurückgestellte Bedarfe wieder ansehen", count
            ).format(count=_number(count))
        case TaskKind.RECONSIDER_NEEDS:
            return ngettext(
                "Antwort auf einen Bedarf neu prüfen", "Antworten auf {count} Bedarfe neu prüfen", count
            ).format(count=_number(count))
        case TaskKind.SCREEN_PROPOSALS:
            return ngettext("Einen Vorschlag sichten", "{count} Vorschläge sichten", count).format(count=_number(count))
        case TaskKind.DECIDE_PROPOSALS:
            return ngettext("Über einen Vorschlag entscheiden", "Über {count} Vorschläge entscheiden", count).format(
                count=_number(count)
            )
        case TaskKind.DECIDE_GOALS:
            return ngettext(
                "Über ein vorgeschlagenes Ziel entscheiden", "Über {count} vorgeschlagene Ziele entscheiden", count
            ).format(count=_number(count))
        case _:
            return _SENTENCES[kind]


def covered_by_deputy(position: Position) -> str:
    """Whose position counts while the member has taken none."""
    return _(
        "Ihre Stellvertretung hat abgestimmt ({position}); Ihre Position zählt, wenn Sie selbst abstimmen."
    ).format(position=label(position))


def _needs_effort(count: int) -> str:
    return ngettext("Einen Bedarf sichten", "{count} Bedarfe sichten", count).format(count=_number(count))


def _with_pages(doing: str, characters: int) -> str:
    pages = max(1, -(-characters // CHARACTERS_OF_A_PAGE))
    return ngettext("{doing}, eine Seite", "{doing}, {pages} Seiten", pages).format(doing=doing, pages=_number(pages))


def _number(count: int) -> str:
    return f"{count:,}".replace(",", ".")
