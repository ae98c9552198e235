"""What an Umsetzungsbericht says of one thing, in full sentences made from what is stored."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from app.documents.document import Run, Runs
from app.documents.markup import runs_of_markdown
from app.domain.implementation import PUBLIC_GRACE, is_overdue
from app.i18n import _, ngettext
from app.models.commitments import Commitment
from app.models.measures import Measure, Milestone
from app.models.organisations import Organisation
from app.models.responses import AddresseeResponse
from app.models.reuses import Reuse
from app.queries.implementation import Tracked
from app.queries.implementation_figures import Figures
from app.queries.indicators import Series
from app.queries.need_reviews import ReviewedNeed
from app.wording import label
from app.wording.dates import german_date
from app.wording.numbers import german_period, rounded_with_unit, with_unit


def counted(figures: Figures) -> str:
    """How many recommendations there are, what is done about them, and what is late or silent."""
    if not figures.recommendations:
        return _("Noch ist keine Empfehlung veröffentlicht, die verfolgt wird.")
    said = [
        ngettext("{number} Empfehlung gilt.", "{number} Empfehlungen gelten.", figures.recommendations).format(
            number=figures.recommendations
        ),
        ngettext(
            "Dazu ist {number} Maßnahme eingetragen.", "Dazu sind {number} Maßnahmen eingetragen.", figures.measures
        ).format(number=figures.measures),
    ]
    if figures.measures:
        said += [
            ngettext(
                "Davon ist {number} bestätigt umgesetzt,", "Davon sind {number} bestätigt umgesetzt,", figures.verified
            ).format(number=figures.verified),
            ngettext("{number} ist überfällig.", "{number} sind überfällig.", figures.overdue_measures).format(
                number=figures.overdue_measures
            ),
        ]
    said.append(
        ngettext(
            "{number} Antwort von Angesprochenen steht noch aus.",
            "{number} Antworten von Angesprochenen stehen noch aus.",
            figures.silent,
        ).format(number=figures.silent)
    )
    return " ".join(said)


def addressed(one: Tracked) -> str:
    """When it was published and to whom it speaks."""
    names = joined(each.organisation.name for each in one.responses if each.organisation)
    day = german_date(one.published_on)
    if not names:
        return _("Die Empfehlung wurde am {day} veröffentlicht.").format(day=day)
    return _("Die Empfehlung wurde am {day} veröffentlicht und richtet sich an {names}.").format(day=day, names=names)


def answered(response: AddresseeResponse, *, is_member: bool = False) -> Runs:
    """What one organisation answered, in its own words where it gave any; silence is said as silence."""
    name = response.organisation.name if response.organisation else ""
    who = Run(_("{name} (Mitglied einer angesprochenen Gesamtheit): ").format(name=name) if is_member else f"{name}: ")
    who = Run(who.text, is_bold=True)
    if response.answered_at is None:
        asked = _("Bis zum Stichtag liegt keine Antwort vor.")
        if response.due_on:
            asked = _("Bis zum Stichtag liegt keine Antwort vor; erbeten war sie bis zum {day}.").format(
                day=german_date(response.due_on)
            )
        return (who, Run(asked))
    said = _("{answer}, beantwortet am {day}.").format(
        answer=label(response.answer), day=german_date(response.answered_at)
    )
    return (who, Run(said), *quoted(_("Begründung:"), response.reason))


def planned(measure: Measure, contributors: Sequence[Organisation], milestones: Sequence[Milestone]) -> str:
    """Who answers for a measure, until when, and how far it is."""
    responsible = measure.responsible_organisation
    said = []
    if responsible is not None:
        said.append(_("Verantwortlich: {name}.").format(name=responsible.name))
    if contributors:
        said.append(_("Es wirken mit: {names}.").format(names=joined(each.name for each in contributors)))
    if measure.number:
        said.append(_("Sie gehört zu Teil {number} der Empfehlung.").format(number=measure.number))
    said.append(
        _("Sie soll bis zum {day} umgesetzt sein.").format(day=german_date(measure.due_on))
        if measure.due_on
        else _("Ein Datum, bis zu dem sie umgesetzt sein soll, ist nicht genannt.")
    )
    said += [_milestone(each) for each in milestones]
    said.append(_("Stand: {state}.").format(state=label(measure.state)))
    return " ".join(said)


def delayed(measure: Measure, today: date) -> str:
    """What of a measure is past its day as the public sees it; empty where nothing is. A report has its grace."""
    tracking = measure.recommendation.tracking_closed_at if measure.recommendation else None
    closed = tracking is not None
    said = []
    if is_overdue(measure.state, today=today, due_on=measure.due_on, tracking_closed=closed):
        said.append(_("Dieser Tag ist verstrichen: Die Maßnahme ist überfällig."))
    due_on = measure.report_due_on
    if is_overdue(measure.state, today=today, next_report_due_on=due_on, tracking_closed=closed, grace=PUBLIC_GRACE):
        said.append(_("Ein Sachstandsbericht war am {day} fällig und fehlt.").format(day=german_date(due_on)))
    return " ".join(said)


def promised(commitment: Commitment) -> Runs:
    """What an organisation binds itself to."""
    name = commitment.organisation.name if commitment.organisation else ""
    until = [_("Bis zum {day}.").format(day=german_date(commitment.due_on))] if commitment.due_on else []
    said = [f"{commitment.title.rstrip('.')}.", *until, _("Stand: {state}.").format(state=label(commitment.state))]
    return (Run(f"{name}: ", is_bold=True), Run(" ".join(said)), *quoted(_("Näheres:"), commitment.description))


def reused(reuse: Reuse) -> Runs:
    """Who carries a recommendation out unasked."""
    where = _("{land}, {size}, seit dem {day}.").format(
        land=label(reuse.land), size=label(reuse.size_class), day=german_date(reuse.since_on)
    )
    result = (Run(" " + _("Ergebnis: „{result}“").format(result=reuse.result)),) if reuse.result else ()
    return (Run(f"{reuse.name}: ", is_bold=True), Run(where), *result)


def quoted(what: str, text: str) -> Runs:
    """What a person wrote, in quotation marks behind a word that says what it is; nothing where nothing was written."""
    return (Run(f" {what} „"), *runs_of_markdown(text), Run("“")) if text else ()


def helped(review: ReviewedNeed) -> str:
    """What the organisations behind a need said some months after the publication, silence counted as silence."""
    counts = review.counts
    asked = ngettext("{number} Organisation wurde", "{number} Organisationen wurden", counts.asked).format(
        number=counts.asked
    )
    return _(
        "{months} Monate nach der Veröffentlichung gefragt, ob der Bedarf „{title}“ fortbesteht: {asked} gefragt, "
        "{persists} sagten „besteht fort“, {reduced} „gemindert“, {met} „gedeckt“, {silent} antworteten nicht."
    ).format(
        months=review.months,
        title=review.title,
        asked=asked,
        persists=counts.persists,
        reduced=counts.reduced,
        met=counts.met,
        silent=counts.asked - counts.answered,
    )


def measured(one: Series) -> str:
    """Where an indicator began, where it stands and where it is to go."""
    indicator, latest = one.indicator, one.latest
    said = []
    if indicator.baseline is not None:
        value = with_unit(indicator.baseline, indicator.unit)
        said.append(
            _("Der Ausgangswert vom {day} ist {value}.").format(day=german_date(indicator.baseline_on), value=value)
            if indicator.baseline_on
            else _("Der Ausgangswert ist {value}.").format(value=value)
        )
    if latest is None:
        said.append(_("Noch ist kein Wert eingetragen."))
    else:
        newest = _("Der jüngste Wert ({period}) ist {value}, vorläufig.")
        if not latest.provisional:
            newest = _("Der jüngste Wert ({period}) ist {value}.")
        said.append(newest.format(period=german_period(latest.period), value=with_unit(latest.value, indicator.unit)))
    if indicator.target is not None:
        value = with_unit(indicator.target, indicator.unit)
        said.append(
            _("Der Zielwert zum {day} ist {value}.").format(day=german_date(indicator.target_on), value=value)
            if indicator.target_on
            else _("Der Zielwert ist {value}.").format(value=value)
        )
    source = (latest.source if latest else "") or indicator.source
    return " ".join([*said, *([_("Quelle: {source}.").format(source=source.rstrip("."))] if source else [])])


def judged(one: Series) -> Runs:
    """Whether an indicator of achievement is on its way, with the rule that says so; nothing for context."""
    if one.judgement is None:
        return ()
    rule = [label(one.judgement.rule)]
    if one.judgement.expected is not None and one.latest is not None:
        rule.append(
            _("Auf dem geraden Weg läge der Wert für {period} bei {value}.").format(
                period=german_period(one.latest.period),
                value=rounded_with_unit(one.judgement.expected, one.indicator.unit),
            )
        )
    course = label(one.judgement.course)
    return (Run(f"{course[:1].upper()}{course[1:]}. ", is_bold=True), Run(" ".join(rule)))


def joined(names: Iterable[str]) -> str:
    """A, B und C."""
    *first, last = list(names) or [""]
    return _("{names} und {last}").format(names=", ".join(first), last=last) if first else last


def _milestone(each: Milestone) -> str:
    if each.reached_on:
        return _("Meilenstein „{title}“: am {day} erreicht.").format(title=each.title, day=german_date(each.reached_on))
    return _("Meilenstein „{title}“: geplant zum {day}.").format(title=each.title, day=german_date(each.due_on))
