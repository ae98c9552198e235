"""What became of a published recommendation, as parts of a document: answers, measures with their reports, promises."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from app.documents.decisions import paragraphs
from app.documents.document import Cell, Heading, Item, Items, Paragraph, Part, Run, Table, Tone
from app.documents.markup import runs_of_markdown
from app.domain.actors import Actor
from app.domain.need_reviews import SAID
from app.i18n import _
from app.models.commitments import Commitment
from app.models.needs import Evidence
from app.models.organisations import Organisation
from app.queries.measures import ListedMeasure
from app.queries.need_reviews import ReviewedNeed
from app.queries.reports import MeasureReports, ReportWithEvidence, reads_question
from app.queries.responses import Addressee
from app.wording import label
from app.wording.dates import german_date


def answers_table(addressees: Iterable[Addressee]) -> Table:
    """What each addressee answered."""
    rows = [
        (each.organisation.name, label(each.answer), each.response.reason if each.response else None)
        for each in addressees
    ]
    return Table(_("Was die Angesprochenen antworten"), (_("Adressat"), _("Antwort"), _("Begründung")), rows, (3, 2, 4))


def measures_table(measures: Iterable[ListedMeasure], helping: Mapping[UUID, Sequence[Organisation]]) -> Table:
    """Who does what until when, and how far it is."""
    head = (_("Teil"), _("Maßnahme"), _("Verantwortlich"), _("Mitwirkend"), _("bis"), _("Stand"))
    rows = [
        (
            each.measure.number,
            each.measure.title,
            each.measure.responsible_organisation.name if each.measure.responsible_organisation else None,
            ", ".join(one.name for one in helping.get(each.measure.id, ())) or None,
            german_date(each.measure.due_on) or None,
            label(each.measure.state),
        )
        for each in measures
    ]
    return Table(_("Maßnahmen"), head, rows, widths=(0.7, 3.5, 2.5, 2.5, 1.8, 1.8))


def report_parts(measures: Iterable[ListedMeasure], found: Mapping[UUID, MeasureReports], actor: Actor) -> list[Part]:
    """The reports and sources of each measure that has any, the newest report first."""
    made: list[Part] = []
    for each in measures:
        of_measure = found[each.measure.id]
        if of_measure.reports or of_measure.evidence:
            made.append(Heading(each.measure.title))
        for one in of_measure.reports:
            made += _report(one, actor)
        if of_measure.evidence:
            made.append(evidence_table(of_measure.evidence))
    return made


def commitment_table(commitments: Iterable[Commitment]) -> Table:
    """What organisations promised of their own accord."""
    head = (_("Organisation"), _("Teil"), _("Selbstverpflichtung"), _("bis"), _("Stand"))
    rows = [
        (
            each.organisation.name if each.organisation else None,
            each.number,
            _promise(each),
            german_date(each.due_on) or None,
            label(each.state),
        )
        for each in commitments
    ]
    return Table(_("Selbstverpflichtungen"), head, rows, widths=(3, 0.7, 5, 1.8, 1.8))


def effect_parts(reviewed: Iterable[ReviewedNeed], heading: str) -> list[Part]:
    """What those said whose needs were answered: the counts of each round, and the sentences meant for publication."""
    found = list(reviewed)
    if not found:
        return []
    head = (
        _("Bedarf"),
        _("Monate nach Veröffentlichung"),
        _("Gefragt"),
        *(label(answer) for answer in SAID),
        _("Keine Antwort"),
    )
    rows = [
        (
            each.title,
            each.months,
            each.counts.asked,
            *(getattr(each.counts, answer.value) for answer in SAID),
            each.counts.silent,
        )
        for each in found
    ]
    said = [
        Item(runs_of_markdown(one.sentence), f"{one.organisation}, {label(one.answer)}:")
        for each in found
        for one in each.sentences
    ]
    table = Table(_("Ob die Bedarfe fortbestehen"), head, rows, widths=(4, 1.8, 1.2, 1.4, 1.4, 1.2, 1.4))
    return [Heading(heading), table, *([Items(said)] if said else [])]


def evidence_table(evidence: Iterable[Evidence]) -> Table:
    """Sources with what they say."""
    rows = [(label(each.kind), each.source, each.url, each.summary) for each in evidence]
    head = (_("Art"), _("Quelle"), _("Adresse"), _("Inhalt"))
    return Table(_("Belege"), head, rows, widths=(1.5, 3, 3, 4))


def _report(told: ReportWithEvidence, actor: Actor) -> list[Part]:
    report = told.report
    about = [
        _("Stand: {date}").format(date=german_date(report.status_on)),
        report.organisation.name if report.organisation else None,
        label(report.progress) if report.progress else None,
        None if report.submitted_at else _("Entwurf"),
    ]
    made: list[Part] = [Paragraph(" · ".join(filter(None, about)), Tone.QUIET), *paragraphs(report.text)]
    said = [(_("Was hindert"), report.obstacles), (_("Was als Nächstes kommt"), report.next_steps)]
    if reads_question(report, actor):
        said.append((_("Rückfrage der Geschäftsstelle"), report.question))
    for title, text in said:
        if text:
            made += [Heading(title, 2), *paragraphs(text)]
    return [*made, evidence_table(told.evidence)] if told.evidence else made


def _promise(commitment: Commitment) -> Cell:
    if not commitment.description:
        return commitment.title
    return (Run(f"{commitment.title}. ", is_bold=True), *runs_of_markdown(commitment.description))
