"""One field of an Umsetzungsbericht: its goals, its context, and each recommendation with all that followed."""

from __future__ import annotations

from collections.abc import Sequence

from app.documents import report_sentences as say
from app.documents.charts.figures import series_figure, timeline_figure
from app.documents.charts.timeline import nearest
from app.documents.decisions import paragraphs
from app.documents.document import Heading, Item, Items, Notice, Paragraph, Part, Run, Tone
from app.documents.markup import runs_of_markdown
from app.domain.measures import MeasureState
from app.domain.recommendations import RecommendationState
from app.i18n import _, ngettext
from app.queries.annex import AnnexGoal
from app.queries.implementation import PartView
from app.queries.implementation_figures import figures_of
from app.queries.indicators import Series
from app.queries.overdue import Look
from app.queries.recommendations import url_of
from app.queries.report_contents import ReportedField, ReportedMeasure, ReportedRecommendation
from app.queries.reports import ReportWithEvidence
from app.wording import label
from app.wording.dates import german_date

MOST_ON_A_TIMELINE = 12
"""Measures one picture has room for on a page."""

NO_PROOF = Notice(
    _("Ein Kontextindikator ist kein Nachweis einer Wirkung"),
    [Paragraph(_("Er beschreibt die Lage der Gesellschaft und verändert sich aus vielen Gründen."))],
)


def field_parts(field: ReportedField, look: Look, base_url: str) -> list[Part]:
    """Everything that is told of a field."""
    made: list[Part] = [
        Heading(field.field.name),
        Paragraph(say.counted(figures_of([one.tracked for one in field.recommendations])), Tone.LEAD),
        *_timeline(field, look),
    ]
    goals = [branch for branch in field.branches if branch.goal is not None]
    if goals:
        made += [Heading(_("Gemeinsame Ziele"), 2), *(part for branch in goals for part in _goal(branch))]
    if field.context:
        made += [Heading(_("Die Lage der Gesellschaft"), 2), NO_PROOF]
        made += [part for one in field.context for part in _series(one)]
    return [*made, *(part for one in field.recommendations for part in _recommendation(one, look, base_url))]


def _timeline(field: ReportedField, look: Look) -> list[Part]:
    measures = field.measures
    shown = nearest((each.listed for each in measures), MOST_ON_A_TIMELINE)
    milestones = {each.listed.measure.id: each.entry.milestones for each in measures}
    title = _("Maßnahmen im Zeitplan: {field}").format(field=field.field.name)
    made: list[Part] = [*timeline_figure(f"zeitplan-{field.field.code}", title, shown, milestones, look.day)]
    if made and len(shown) < len(measures):
        told = _("Gezeigt sind {shown} von {all} Maßnahmen: was als Nächstes fällig ist. Alle stehen im Anhang.")
        made.append(Paragraph(told.format(shown=len(shown), all=len(measures)), Tone.QUIET))
    return made


def _goal(branch: AnnexGoal) -> list[Part]:
    goal = branch.goal
    assert goal is not None
    made: list[Part] = [Heading(goal.title, 3)]
    if branch.strategic is not None and branch.strategic.id != goal.id:
        told = _("Operatives Ziel. Es dient dem strategischen Ziel „{title}“.")
        made.append(Paragraph(told.format(title=branch.strategic.title)))
    else:
        made.append(Paragraph(_("{kind}.").format(kind=label(goal.kind))))
    if branch.measures:
        told = ngettext("{number} Maßnahme dient ihm.", "{number} Maßnahmen dienen ihm.", len(branch.measures))
        made.append(Paragraph(told.format(number=len(branch.measures))))
    if not branch.series:
        return [*made, Paragraph(_("Woran man sieht, ob es erreicht wird, ist noch nicht festgelegt."))]
    return [*made, *(part for one in branch.series for part in _series(one))]


def _series(one: Series) -> list[Part]:
    kind = label(one.indicator.kind)
    title = f"{one.indicator.title} ({kind})."
    judged = say.judged(one)
    return [
        Paragraph(say.measured(one), label=title),
        *([Paragraph(judged)] if judged else []),
        *series_figure(one),
    ]


def _recommendation(one: ReportedRecommendation, look: Look, base_url: str) -> list[Part]:
    recommendation, view = one.recommendation, one.tracked.view
    title = f"{recommendation.reference} {recommendation.title}" if recommendation.reference else recommendation.title
    rule = label(view.rule)
    if view.closed_reason:
        rule = _("{rule} Begründung: „{reason}“").format(rule=rule, reason=view.closed_reason)
    address = f"{base_url}{url_of(recommendation)}"
    where = Run(_("Wortlaut, Antworten und Verlauf: "))
    made: list[Part] = [
        Heading(title, 2),
        Paragraph(say.addressed(one.tracked)),
        Paragraph(rule, label=_("Stand der Umsetzung: {status}.").format(status=label(view.status))),
        *([Paragraph(_("Die Empfehlung wird zurzeit überprüft."))] if _is_under_review(one) else []),
        *_dissents(one, address),
        Heading(_("Antworten der Angesprochenen"), 3),
        Items(
            [
                *(Item(say.answered(each)) for each in one.tracked.responses),
                *(Item(say.answered(each, is_member=True)) for each in one.members),
            ]
        ),
    ]
    if one.parts:
        made += [Heading(_("Teile der Empfehlung"), 3), Items([_part(each) for each in one.parts])]
    made += [Heading(_("Maßnahmen"), 3), *_measures(one.measures, look)]
    if one.commitments:
        made += [Heading(_("Selbstverpflichtungen"), 3), Items([Item(say.promised(each)) for each in one.commitments])]
    if one.reuses:
        made += [Heading(_("Nachnutzung"), 3), *_reuses(one)]
    if one.reviews:
        made += [Heading(_("Hat es geholfen?"), 3), *_reviews(one)]
    return [*made, Paragraph((where, Run(address, address=address)), Tone.QUIET)]


def _is_under_review(one: ReportedRecommendation) -> bool:
    return one.recommendation.state is RecommendationState.UNDER_REVIEW


def _dissents(one: ReportedRecommendation, address: str) -> list[Part]:
    """Sondervoten are pointed to; they stand in full with the recommendation itself."""
    if not one.dissents:
        return []
    told = ngettext(
        "Zu dieser Empfehlung gehört {number} Sondervotum. Es steht im Wortlaut bei ihr: ",
        "Zu dieser Empfehlung gehören {number} Sondervoten. Sie stehen im Wortlaut bei ihr: ",
        one.dissents,
    ).format(number=one.dissents)
    title = ngettext("Sondervotum", "Sondervoten", one.dissents)
    return [Notice(title, [Paragraph((Run(told), Run(address, address=address)))])]


def _part(view: PartView) -> Item:
    told = _("Stand: {status}. {rule}").format(status=label(view.status), rule=label(view.rule))
    return Item((*runs_of_markdown(view.text), Run(f" {told}")), label=f"{view.number})")


def _measures(measures: Sequence[ReportedMeasure], look: Look) -> list[Part]:
    if not measures:
        return [Paragraph(_("Zu dieser Empfehlung ist noch keine Maßnahme eingetragen."))]
    made: list[Part] = []
    for each in measures:
        measure = each.listed.measure
        told = say.planned(measure, each.entry.contributors, each.entry.milestones)
        delay = say.delayed(measure, look.day)
        made.append(Paragraph(told, label=f"{measure.title.rstrip('.')}."))
        if delay:
            made.append(Paragraph((Run(delay, is_bold=True),)))
        if each.reports.reports:
            made.append(_report(each.reports.reports[0], measure.state))
        else:
            made.append(Paragraph(_("Ein Sachstandsbericht liegt noch nicht vor."), Tone.QUIET))
        made += [part for one in each.entry.series for part in _series(one)]
    return made


def _report(told: ReportWithEvidence, state: MeasureState) -> Notice:
    """The latest report in its own words, and whether somebody else has verified what it says."""
    report = told.report
    by = report.organisation.name if report.organisation else _("die verantwortliche Stelle")
    title = _("Sachstandsbericht, Stand {day}, von: {by}").format(day=german_date(report.status_on), by=by)
    is_verified = state is MeasureState.VERIFIED_DONE
    checked = (
        _("Die Umsetzung ist von der Geschäftsstelle bestätigt.")
        if is_verified
        else _("Angaben der berichtenden Stelle; die Umsetzung ist nicht bestätigt.")
    )
    parts: list[Paragraph | Items] = [Paragraph(checked, Tone.QUIET), *paragraphs(report.text)]
    for title_of, text in ((_("Was hindert:"), report.obstacles), (_("Was als Nächstes kommt:"), report.next_steps)):
        if text:
            parts += [Paragraph((Run(title_of, is_bold=True),)), *paragraphs(text)]
    if told.evidence:
        sources = "; ".join(each.source for each in told.evidence)
        parts.append(Paragraph(_("Belege: {sources}.").format(sources=sources.rstrip("."))))
    return Notice(title, parts)


def _reuses(one: ReportedRecommendation) -> list[Part]:
    told = ngettext(
        "{number} Stelle setzt diese Empfehlung von sich aus um. Sie zählt nicht bei den Maßnahmen.",
        "{number} Stellen setzen diese Empfehlung von sich aus um. Sie zählen nicht bei den Maßnahmen.",
        len(one.reuses),
    )
    return [
        Paragraph(told.format(number=len(one.reuses))),
        Items([Item(say.reused(each)) for each in one.reuses]),
    ]


def _reviews(one: ReportedRecommendation) -> list[Part]:
    items = []
    for each in one.reviews:
        said = "".join(f" {said.organisation}: „{said.sentence}“" for said in each.sentences)
        items.append(Item(f"{say.helped(each)}{said}"))
    return [Items(items)]
