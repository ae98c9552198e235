"""Who was asked, who answered what, and what became of it, as tables of a document."""

from __future__ import annotations

from collections.abc import Sequence

from app.documents.document import Cell, Heading, Paragraph, Part, Run, Table, Tone
from app.documents.markup import runs_of_markdown
from app.i18n import _
from app.models.co_signatures import CoSignature
from app.queries.participation import Participant, Participation
from app.queries.theme_considerations import Consideration
from app.wording import label
from app.wording.dates import german_date

NOTHING = _("Nichts eingetragen.")
NOT_STATED = _("nicht angegeben")


def co_signature_table(co_signatures: Sequence[CoSignature]) -> Table:
    """Who was asked to sign, on which version, and what it answered."""
    head = (_("Organisation"), _("Art"), _("Antwort"), _("Umfang, Maßgabe oder Grund"), _("Fassung"), _("am"))
    rows = [
        (
            each.organisation.name if each.organisation else None,
            label(each.kind),
            label(each.state),
            "\n".join(text for text in (each.scope, each.reason) if text) or None,
            each.version,
            german_date(each.answered_at) or None,
        )
        for each in co_signatures
    ]
    return Table(_("Mitzeichnung, Einvernehmen und Benehmen"), head, rows, widths=(3, 1.7, 1.8, 3.4, 1.2, 1.8))


def participation_parts(found: Participation) -> list[Part]:
    """The proof of participation: who was invited, who answered and who was silent."""
    counts = _(
        "Eingeladen: {invited}, geantwortet: {answered}, ohne Antwort: {silent}. Schweigen ist keine Zustimmung."
    )
    made: list[Part] = [
        Paragraph(counts.format(invited=len(found.invited), answered=len(found.answered), silent=len(found.silent)))
    ]
    if not found.mandatory_registered:
        made.append(
            Paragraph(_("Es ist keine Organisation eingetragen, die nach § 45 Satz 3 AufenthG zu beteiligen ist."))
        )
    if found.mandatory_not_invited:
        names = ", ".join(each.name for each in found.mandatory_not_invited)
        missing = _("Nach § 45 Satz 3 AufenthG zu beteiligen, aber noch nicht eingeladen: {names}.")
        made.append(Paragraph((Run(missing.format(names=names), is_bold=True),)))
    if found.participants:
        head = (_("Organisation"), _("Nach § 45 AufenthG"), _("Eingeladen"), _("Antwort"))
        rows = [_participant(each) for each in found.participants]
        made.append(Table(_("Beteiligungsnachweis"), head, rows, widths=(3.5, 2, 3, 1.7)))
    return made


def consideration_parts(considerations: Sequence[Consideration], *, level: int = 1) -> list[Part]:
    """How each cross-cutting theme is considered, also where nothing is stated; nothing for who may not read it."""
    if not considerations:
        return []
    head = (_("Querschnittsthema"), _("Bewertung"), _("Wie, oder warum nicht"))
    rows = [
        (each.theme, label(each.relevance) if each.relevance else NOT_STATED, runs_of_markdown(each.text))
        for each in considerations
    ]
    table = Table(_("Querschnittsthemen und wie sie berücksichtigt sind"), head, rows, widths=(2.4, 1.7, 5))
    return [Heading(_("Querschnittsprüfung"), level), table]


def table_or_nothing(table: Table) -> Table | Paragraph:
    """The table, or one quiet line where it has no row."""
    return table if table.rows else Paragraph(NOTHING, Tone.QUIET)


def _participant(each: Participant) -> tuple[Cell, ...]:
    invited = [f"{german_date(one.invited_on)} ({label(one.channel)})" for one in each.invitations]
    return (
        each.organisation.name,
        label(each.organisation.participation_class),
        "\n".join(invited) or _("nicht eigens eingeladen"),
        _("hat geantwortet") if each.has_answered else _("keine Antwort"),
    )
