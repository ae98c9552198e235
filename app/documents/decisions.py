"""What came out of a decision, as parts of a document: counts beside the words, and every Sondervotum in full."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from app.documents.document import Heading, Item, Items, Notice, Paragraph, Part, Run, Table, Tone
from app.documents.markup import runs_of_markdown
from app.domain.consensus import Result
from app.i18n import _, ngettext
from app.queries.ballots import BallotView
from app.queries.decisions import Decision, Dissent
from app.wording.ballots import group_name
from app.wording.dates import german_date, german_deadline


def result_parts(view: BallotView | None, *, level: int = 1) -> list[Part]:
    """The result of a closed ballot with its counts, by group where there are several; nothing before."""
    if view is None or view.result is None:
        return []
    result = view.result
    made: list[Part] = [
        Heading(_("Ergebnis der Beschlussfassung"), level),
        Paragraph((Run(_headline(view, result), is_bold=True),)),
        Paragraph(view.strength[:1].upper() + view.strength[1:]),
        Table(_("Stimmen der Sitze"), (_("Position"), _("Sitze")), _counts(result), widths=(4, 1)),
    ]
    if len(result.by_group) > 1:
        made.append(_groups(result))
    sentences = [*view.arithmetic]
    if view.with_recused:
        told = _("Hätten die Sitze, die wegen Befangenheit nicht teilnahmen, mitgezählt: {headline}")
        sentences.append(told.format(headline=view.headline_with_recused))
    ended = _("Beschlossen wurde über Fassung {version}. Die Beschlussfassung endete am {moment}.")
    closing = ended.format(version=view.ballot.version, moment=german_deadline(view.closed_at))
    return [*made, Items([Item(each) for each in sentences]), Paragraph(closing, Tone.QUIET)]


def dissent_parts(dissents: Sequence[Dissent], *, level: int = 1) -> list[Part]:
    """Every Sondervotum with who signed it and the wording it proposes; nothing where there is none."""
    if not dissents:
        return []
    heading = ngettext("Sondervotum", "Sondervoten", len(dissents))
    return [Heading(heading, level), *(_dissent(each) for each in dissents)]


def decision_parts(decision: Decision, *, level: int = 1) -> list[Part]:
    """Result and Sondervoten as the reader may see them."""
    return [*result_parts(decision.ballot, level=level), *dissent_parts(decision.dissents, level=level)]


def _headline(view: BallotView, result: Result) -> str:
    return _("Mehrheitsbeschluss mit abweichenden Voten.") if result.is_majority_with_dissent else view.headline


def _counts(result: Result) -> list[tuple[str, int]]:
    rows = [
        (_("Zustimmung"), result.agree),
        (_("Zustimmung mit Vorbehalt"), result.agree_with_reservation),
        (_("Ablehnung"), result.object),
        (_("Enthaltung"), result.abstain),
        (_("Keine Stimme abgegeben"), result.silent),
        (_("Nichtteilnahme (Befangenheit)"), result.recused),
    ]
    return [*rows, (_("Stimmberechtigte Sitze"), result.entitled)]


def _groups(result: Result) -> Table:
    rows = [
        (group_name(each.group), each.agree, each.agree_with_reservation, each.object, each.abstain, each.silent)
        for each in result.by_group
    ]
    head = (_("Gruppe"), _("Zustimmung"), _("mit Vorbehalt"), _("Ablehnung"), _("Enthaltung"), _("ohne Stimme"))
    return Table(_("Stimmen nach Gruppen von Sitzen"), head, rows, widths=(3, 1.5, 1.5, 1.5, 1.5, 1.5))


def _dissent(dissent: Dissent) -> Notice:
    place = [_("zu Fassung {version}").format(version=dissent.version)]
    if dissent.paragraph:
        place.append(_("Absatz {number}").format(number=dissent.paragraph))
    place.append(german_date(dissent.filed_at))
    parts: list[Paragraph | Items] = [Paragraph(", ".join(place), Tone.QUIET)]
    if dissent.is_former:
        former = _("Aus einer früheren Beschlussfassung. Der Text kann sich seitdem geändert haben.")
        parts.append(Paragraph((Run(former, is_italic=True),)))
    parts += paragraphs(dissent.text)
    if dissent.alternative:
        parts.append(Paragraph((Run(_("Vorgeschlagene Formulierung:"), is_bold=True),)))
        parts += paragraphs(dissent.alternative)
    return Notice(_("Sondervotum: {organisations}").format(organisations=dissent.organisations), parts)


def paragraphs(text: str) -> list[Paragraph]:
    """A free text in its paragraphs."""
    return [Paragraph(runs_of_markdown(each)) for each in _split(text)]


def _split(text: str) -> Iterable[str]:
    return [each.strip() for each in text.replace("\r\n", "\n").split("\n\n") if each.strip()]
