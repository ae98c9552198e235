"""The Stellungnahmensynopse on paper and as a table: only what its reader may see, told once for all forms."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from app.documents.document import Cell, Document, Facts, Paragraph, Table, Tone
from app.documents.markup import runs_of_markdown
from app.domain.consultations import StatementState
from app.i18n import _, ngettext
from app.models.consultations import CommentRound, Statement
from app.models.recommendations import Recommendation
from app.queries.synopses import SynopsisRow
from app.wording import label
from app.wording.dates import german_deadline

HEAD = (
    _("Absatz"),
    _("Organisation"),
    _("Stellungnahme"),
    _("Was daraus wurde"),
    _("Begründung"),
)
_WIDTHS = (1.2, 2, 4.5, 1.6, 3.4)


def synopsis_table(rows: Sequence[SynopsisRow]) -> Table:
    """A row for each statement."""
    return Table(_("Stellungnahmensynopse"), HEAD, [_cells(row) for row in rows], widths=_WIDTHS)


def synopsis_document(
    recommendation: Recommendation,
    asked: CommentRound,
    rows: Sequence[SynopsisRow],
    *,
    title: str,
    is_draft: bool,
    made_at: datetime,
) -> Document:
    """The table with what it is about: the round, its end, and that silence is no consent."""
    facts = Facts(
        (
            (_("Stellungnahmeverfahren"), f"{asked.number}: {label(asked.audience)}"),
            (_("Text"), _("Fassung {number}").format(number=asked.version)),
            (_("Frist"), german_deadline(asked.closes_at)),
            (_("Aktenstand"), recommendation.reference),
        )
    )
    number = ngettext("Eine Stellungnahme.", "{number} Stellungnahmen.", len(rows)).format(number=len(rows))
    told = _("Was nicht einsehbar ist, ist nicht aufgeführt. Schweigen gilt nicht als Zustimmung.")
    return Document(
        kind=_("Stellungnahmensynopse"),
        title=title,
        running_title=_("Stellungnahmensynopse"),
        is_draft=is_draft,
        is_landscape=True,
        made_at=made_at,
        parts=[facts, Paragraph(f"{number} {told}", Tone.QUIET), synopsis_table(rows)],
    )


def _cells(row: SynopsisRow) -> list[Cell]:
    return [
        place_of(row),
        row.author,
        runs_of_markdown(_said(row.statement)),
        _outcome(row.statement),
        runs_of_markdown(row.reason) if row.reason else None,
    ]


def place_of(row: SynopsisRow) -> str:
    """Where in the text: „Absatz 3“, never a line."""
    if row.place is None:
        return _("einer anderen Fassung")
    return _("Absatz {number}").format(number=row.place) if row.place else _("ganzer Text")


def _outcome(statement: Statement) -> str:
    if statement.state is StatementState.WITHDRAWN:
        return label(statement.state)
    return label(statement.disposition) if statement.disposition else _("noch offen")


def _said(statement: Statement) -> str:
    """The text, or the one click; a file is named."""
    words = statement.text or label(statement.kind)
    if statement.text and statement.kind.value != "statement":
        words = f"{label(statement.kind)}: {words}"
    names = ", ".join(file.name for file in statement.files)
    return _("{words} (Anlage: {names})").format(words=words, names=names) if names else words
