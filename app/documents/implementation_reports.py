"""The Umsetzungsbericht of an edition: told in full sentences from what is stored, with its pictures, and frozen."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from textwrap import shorten

from app.actions.implementation_reports import AUTHOR, FrozenContent, FrozenFile
from app.documents.annex import annex_csv, annex_ods, paper_table
from app.documents.charts.figures import heat_figure, status_figure
from app.documents.decisions import paragraphs
from app.documents.document import Document, Facts, Heading, Item, Items, Paragraph, Part, Tone
from app.documents.odt import odt_of
from app.documents.pdf import pdf_of
from app.documents.recommendations import NOT_BINDING
from app.documents.report_fields import field_parts
from app.documents.report_sentences import counted
from app.domain.attachments import AttachmentKind
from app.domain.implementation import PUBLIC_GRACE, STATUS_BY_RULE
from app.domain.indicators import COURSE_BY_RULE
from app.domain.organisations import Level
from app.domain.sorting import slug
from app.files import FileFolder
from app.i18n import _
from app.models.recommendations import Recommendation
from app.queries import implementation_figures as figures
from app.queries.annex import AnnexGoal
from app.queries.report_contents import ReportContents
from app.wording import label
from app.wording.dates import german_date


@dataclass(frozen=True, slots=True)
class ImplementationReportDraft:
    """A report before it is frozen: what it says, and the rows of its annex table."""

    contents: ReportContents
    document: Document

    def freeze(self, folder: FileFolder) -> FrozenContent:
        """Write every form of it to the disk, apart from what is kept; whoever asked keeps or discards each."""
        branches = [branch for field in self.contents.fields for branch in field.branches]
        forms: dict[AttachmentKind, Callable[[], bytes]] = {
            AttachmentKind.PDF: lambda: pdf_of(self.document),
            AttachmentKind.ODT: lambda: odt_of(self.document),
            AttachmentKind.CSV: lambda: annex_csv(branches),
            AttachmentKind.ODS: lambda: annex_ods(self.document.title, branches),
        }
        return FrozenContent(
            title=self.document.title,
            summary=self.summary,
            as_of=self.contents.look.day,
            files=[FrozenFile(kind, self._name(kind), folder.stage(make())) for kind, make in forms.items()],
            is_example=self.contents.is_example,
        )

    @property
    def summary(self) -> str:
        """What the publication says of the report."""
        told = _("Was aus den veröffentlichten Empfehlungen geworden ist, Stand {day}. {counted}")
        day = german_date(self.contents.look.day)
        return told.format(day=day, counted=counted(figures.figures_of(self.contents.tracked)))

    def _name(self, kind: AttachmentKind) -> str:
        about = "umsetzungsbericht" if kind in (AttachmentKind.PDF, AttachmentKind.ODT) else "massnahmentabelle"
        field = self.contents.only_field
        parts = [about, slug(self.contents.edition.code), *([field.slug] if field else [])]
        return f"{'-'.join(parts)}-{self.contents.look.day.isoformat()}.{kind.value}"


def report_draft(contents: ReportContents, preface: str, base_url: str) -> ImplementationReportDraft:
    """The whole report, with what a person says beforehand."""
    return ImplementationReportDraft(contents, _document(contents, preface, base_url))


def _document(contents: ReportContents, preface: str, base_url: str) -> Document:
    edition, field = contents.edition, contents.only_field
    day = german_date(contents.look.day)
    title = _("Umsetzungsbericht: {title}").format(title=shorten(edition.title, 200, placeholder=" …"))
    parts: list[Part] = [
        Facts(_facts(contents)),
        NOT_BINDING,
        *_preface(preface),
        *_introduction(contents),
        *_overview(contents),
        *(part for each in contents.fields for part in field_parts(each, contents.look, base_url)),
        *_ended(contents.ended),
        *_annex(contents),
    ]
    return Document(
        title=f"{title} – {field.name}" if field else title,
        parts=parts,
        made_at=contents.moment,
        kind=_("Umsetzungsbericht · Stand {day}").format(day=day),
        running_title=_("Umsetzungsbericht {code}, Stand {day}").format(code=edition.code, day=day),
        has_contents=True,
    )


def _facts(contents: ReportContents) -> list[tuple[str, str | None]]:
    edition, field = contents.edition, contents.only_field
    return [
        (_("Programm"), edition.programme.title if edition.programme else None),
        (_("Ausgabe"), f"{edition.title} ({edition.code})"),
        (_("Handlungsfeld"), field.name if field else _("alle Handlungsfelder")),
        (_("Stichtag"), german_date(contents.look.day)),
        (_("Herausgegeben von"), AUTHOR),
    ]


def _preface(text: str) -> list[Part]:
    return [Heading(_("Vorwort")), *paragraphs(text)] if text else []


def _introduction(contents: ReportContents) -> list[Part]:
    day = german_date(contents.look.day)
    told = _(
        "Dieser Bericht sagt, was aus den veröffentlichten Empfehlungen der Ausgabe „{title}“ geworden ist: wer "
        "geantwortet hat, welche Maßnahmen laufen, was bestätigt umgesetzt ist und ob die vereinbarten Ziele auf "
        "Kurs sind. Er ist aus dem erzeugt, was am {day} im Dialogforum öffentlich verzeichnet war, und ändert sich "
        "nicht mehr."
    )
    derived = _(
        "Der Stand wird nicht von Hand gesetzt. Er folgt aus den Antworten der Angesprochenen und dem Stand der "
        "Maßnahmen; entfallene Maßnahmen zählen nicht mit. Es gilt die erste Regel, die zutrifft:"
    )
    judged = _(
        "Gefragt wird der Reihe nach; die erste Regel, die zutrifft, entscheidet. Verglichen wird genau, ohne zu "
        "runden. Der gerade Weg führt vom Ausgangswert zum Zielwert: An jedem Tag ist der Anteil des Wegs "
        "zurückgelegt, der dem Anteil der vergangenen Tage entspricht. Kontextindikatoren werden nie beurteilt."
    )
    two_facts = _(
        "Gemeldet und bestätigt ist zweierlei: Wer eine Maßnahme als umgesetzt gemeldet hat, bestätigt sie nicht "
        "selbst. Ein Sachstandsbericht gilt hier als überfällig, wenn er seit mehr als {days} Tagen fehlt."
    )
    return [
        Heading(_("Einleitung")),
        Paragraph(told.format(title=contents.edition.title, day=day)),
        Paragraph(counted(figures.figures_of(contents.tracked)), Tone.LEAD),
        Heading(_("Wie der Stand der Umsetzung abgeleitet wird"), 2),
        Paragraph(derived),
        _numbered([(label(rule), label(status)) for rule, status in STATUS_BY_RULE.items()]),
        Paragraph(two_facts.format(days=PUBLIC_GRACE.days)),
        Heading(_("Wie beurteilt wird, ob ein Indikator auf Kurs ist"), 2),
        Paragraph(judged),
        _numbered([(label(rule), label(course)) for rule, course in COURSE_BY_RULE.items()]),
    ]


def _numbered(rules: Sequence[tuple[str, str]]) -> Items:
    """Rules in the order they are tried, each with what follows from it."""
    told = _("{rule} Dann gilt: „{outcome}“.")
    return Items(
        [
            Item(told.format(rule=rule, outcome=outcome), label=f"{number}.")
            for number, (rule, outcome) in enumerate(rules, start=1)
        ]
    )


def _overview(contents: ReportContents) -> list[Part]:
    """The pictures of the whole; by field only where there are several."""
    tracked = contents.tracked
    if not tracked:
        return []
    fields = [each.field for each in contents.fields]
    by_field = figures.by_field(tracked, fields)
    by_level = [bar for bar in figures.by_level(tracked, {level: label(level) for level in Level}) if bar.total]
    made: list[Part] = [Heading(_("Überblick"))]
    if contents.only_field is None:
        title = _("Stand der Umsetzung nach Handlungsfeld")
        made += status_figure("handlungsfelder", title, _("Handlungsfeld"), by_field)
        title = _("Handlungsfelder und Stand der Umsetzung")
        made += heat_figure("waermebild", title, by_field, [each.code for each in fields])
        told = _("Je dunkler das Feld, desto mehr Empfehlungen. Die Zahlen stehen in der Tabelle nach Handlungsfeld.")
        made.append(Paragraph(told, Tone.QUIET))
    title = _("Stand der Umsetzung nach Ebene der Angesprochenen")
    made += status_figure("ebenen", title, _("Ebene der Angesprochenen"), by_level)
    made.append(Paragraph(_("Eine Empfehlung zählt auf jeder Ebene, die sie anspricht."), Tone.QUIET))
    title = _("Stand der Umsetzung nach Jahr der Veröffentlichung")
    return [*made, *status_figure("jahre", title, _("Jahr"), figures.by_year(tracked))]


def _ended(ended: Sequence[Recommendation]) -> list[Part]:
    if not ended:
        return []
    items = [
        Item(_("{title}: {state}.").format(title=f"{each.reference} {each.title}", state=label(each.state)))
        for each in ended
    ]
    told = _("Diese Empfehlungen der Ausgabe gelten nicht mehr; ihre Umsetzung wird nicht weiter gezählt.")
    return [Heading(_("Nicht mehr verfolgte Empfehlungen")), Paragraph(told), Items(items)]


def _annex(contents: ReportContents) -> list[Part]:
    """The table each forum ends with, field by field."""
    tables = [
        paper_table(_("Maßnahmentabelle: {field}").format(field=each.field.name), each.branches)
        for each in contents.fields
        if _has_rows(each.branches)
    ]
    told = _(
        "Operatives Ziel, Maßnahme oder Instrument, Verantwortliche, Zeitplan und Indikatoren der Zielerreichung. "
        "Dieselbe Tabelle ist dem Bericht als CSV und ODS beigegeben."
    )
    return [Heading(_("Anhang: Maßnahmentabelle")), Paragraph(told), *tables] if tables else []


def _has_rows(branches: Sequence[AnnexGoal]) -> bool:
    return any(branch.goal is not None or branch.measures for branch in branches)
