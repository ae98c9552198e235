"""Two versions compared, on paper: the same picture as the page; for an office as tracked changes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from app.documents.decisions import dissent_parts
from app.documents.document import Document, Facts, Heading, Mark, Paragraph, Part, Run, Runs
from app.documents.recommendation_text import block_label
from app.documents.recommendations import is_draft, kind_of, running_title
from app.domain.text import Block, BlockChange, BlockKind, BlockPart, ChangeKind, SpanKind, WordSpan
from app.i18n import _
from app.models.organisations import Organisation
from app.models.recommendations import Recommendation
from app.queries.decisions import Dissent
from app.queries.version_comparisons import VersionComparison
from app.wording import label
from app.wording.texts import block_places, change_label

_MARKS = {SpanKind.EQUAL: Mark.NONE, SpanKind.INSERT: Mark.INSERTED, SpanKind.DELETE: Mark.DELETED}


def comparison_document(
    recommendation: Recommendation,
    compared: VersionComparison,
    made_at: datetime,
    *,
    dissents: Sequence[Dissent] = (),
    author: str = "",
    is_tracked: bool = False,
) -> Document:
    """What changed from the old version to the new one, with the Sondervoten that go wherever the text goes.

    Tracked, for an office: a moved block goes where it stood and comes where it stands, so that taking all
    changes gives the new text and refusing all the old one; else its words show only what changed in them.
    """
    old, new = compared.old, compared.new
    return Document(
        title=new.title,
        parts=[Facts(_head(compared)), *_parts(compared, is_tracked=is_tracked), *dissent_parts(dissents)],
        made_at=made_at,
        kind=kind_of(
            _("Vergleich der Fassungen {old} und {new}").format(old=old.number, new=new.number), recommendation
        ),
        running_title=running_title(recommendation, new),
        is_draft=is_draft(recommendation, new.number),
        changed_by=author,
        changed_at=new.version.created_at if new.version else None,
    )


def _head(compared: VersionComparison) -> list[tuple[str, str | Runs | None]]:
    kept = [each for each in compared.new.addressees if each not in compared.added]
    addressees = [
        *_names(kept, Mark.NONE),
        *_names(compared.removed, Mark.DELETED),
        *_names(compared.added, Mark.INSERTED),
    ]
    told = _("Fassung {old} und Fassung {new}; {count} Änderungen. Beschlossen wird über eine ganze Fassung.")
    return [
        (_("Verglichen"), told.format(old=compared.old.number, new=compared.new.number, count=compared.count)),
        (_("Titel"), _runs(compared.title.spans)),
        (_("Sie richtet sich an"), tuple(addressees)[:-1] or None),
    ]


def _names(organisations: Iterable[Organisation], mark: Mark) -> Iterator[Run]:
    for each in organisations:
        yield Run(each.name, mark=mark)
        yield Run("; ")


def _parts(compared: VersionComparison, *, is_tracked: bool) -> Iterator[Part]:
    part: BlockPart | None = None
    for change in compared.changes:
        first = (change.new or change.old)[0]
        if first.part is not part:
            part = first.part
            yield Heading(label(part))
        yield from _rows(change, first, _remark(change, compared), is_tracked=is_tracked)


def _rows(change: BlockChange, first: Block, remark: str | None, *, is_tracked: bool) -> Iterator[Part]:
    """A block in its paragraphs; one that was rewritten stands whole, the old before the new."""
    spans = change.spans
    if is_tracked and change.is_moved:
        spans = (WordSpan(SpanKind.INSERT, change.new_text),)
    pieces = [(span,) for span in spans] if change.is_rewritten else _paragraphs(spans)
    for place, piece in enumerate(pieces):
        runs, said = _runs(piece), None if place else remark
        if first.kind is BlockKind.SUBHEADING:
            yield Heading(runs, level=2, remark=said)
        else:
            yield Paragraph(runs, label=None if place else _sign(first), remark=said)


def _sign(block: Block) -> str | None:
    return block_label(block) or ("•" if block.kind is BlockKind.LIST_ITEM else None)


def _paragraphs(spans: Iterable[WordSpan]) -> list[tuple[WordSpan, ...]]:
    """The spans of a block, or of the pieces of a split one: an empty line begins the next paragraph."""
    made: list[list[WordSpan]] = [[]]
    for span in spans:
        first, *rest = span.text.split("\n\n")
        made[-1].append(WordSpan(span.kind, first))
        if span.kind is SpanKind.DELETE:
            made[-1] += [WordSpan(span.kind, f"\n\n{piece}") for piece in rest]
        else:
            made += [[WordSpan(span.kind, piece)] for piece in rest]
    return [tuple(piece) for piece in made]


def _runs(spans: Iterable[WordSpan]) -> Runs:
    return tuple(Run(span.text, mark=_MARKS[span.kind]) for span in spans if span.text)


def _remark(change: BlockChange, compared: VersionComparison) -> str | None:
    """What happened to a block and where it stood, as the page says it; nothing for one that stayed."""
    if change.kind is ChangeKind.UNCHANGED:
        return None
    now, before = block_places(change.new, compared.new_numbers), block_places(change.old, compared.old_numbers)
    told = [change_label(change.kind), now or before]
    if change.names_old_place:
        told.append(_("vorher: {place}").format(place=before))
    return " · ".join(told)
