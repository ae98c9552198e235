"""The Beschlussvorlage: text, how it came about, ballot, Sondervoten, statements, co-signatures, participation."""

from __future__ import annotations

from collections.abc import Iterable

from sqlmodel import Session

from app.clock import now
from app.documents.decisions import decision_parts
from app.documents.document import Document, Facts, Heading, Paragraph, Part, Table, Tone
from app.documents.markup import runs_of_markdown
from app.documents.participation import (
    co_signature_table,
    consideration_parts,
    participation_parts,
    table_or_nothing,
)
from app.documents.recommendation_text import text_parts
from app.documents.recommendations import NOT_BINDING, facts_of, is_draft, kind_of, running_title
from app.documents.synopses import synopsis_table
from app.domain.actors import Actor
from app.domain.consensus import Position
from app.domain.recommendations import FROZEN_STATES
from app.errors import NotFound
from app.i18n import _, ngettext
from app.models.recommendations import Recommendation
from app.queries import recommendations as queries
from app.queries.ballots import BallotView, SeatInBallot
from app.queries.consultations import StatementFilter
from app.queries.participation import participation_of
from app.queries.provenance import Origin
from app.queries.recommendation_story import RoundOfStory, Story, story_of
from app.queries.synopses import list_synopsis
from app.queries.versions import VersionText
from app.wording import label
from app.wording.dates import german_date

_WITH_WORDS = (Position.AGREE_WITH_RESERVATION, Position.OBJECT, Position.RECUSED)


def decision_paper(session: Session, recommendation: Recommendation, actor: Actor) -> Document:
    """The paper on the version that is decided: the adopted one, before it the newest.

    NotFound for who is outside the body, and where nothing is written yet.
    """
    number = recommendation.adopted_version or recommendation.version
    if not queries.reads_inside(recommendation, actor) or not number:
        raise NotFound()
    text = queries.get_version(session, recommendation, number)
    story = story_of(session, recommendation, actor)
    said = list_synopsis(session, actor, StatementFilter(recommendation_id=recommendation.id), text.blocks)
    return Document(
        title=text.title,
        parts=[
            Facts(facts_of(recommendation, text, actor)),
            Heading(_("Beschlussvorschlag")),
            Paragraph(_proposed(recommendation, text), Tone.LEAD),
            NOT_BINDING,
            Heading(_("Text der Empfehlung")),
            *text_parts(text.blocks, level=2),
            Heading(_("Wie sie entstand")),
            *_story(story),
            *_decision(story.decision.ballot),
            *decision_parts(story.decision),
            *_reasons(story.decision.ballot),
            Heading(_("Stellungnahmen")),
            table_or_nothing(synopsis_table(said)),
            Heading(_("Mitzeichnung")),
            table_or_nothing(co_signature_table(story.co_signatures)),
            Heading(_("Beteiligung")),
            *participation_parts(participation_of(session, recommendation)),
            *consideration_parts(story.considerations),
        ],
        made_at=now(session),
        kind=kind_of(_("Beschlussvorlage"), recommendation),
        running_title=running_title(recommendation, text),
        is_draft=is_draft(recommendation, number),
        has_contents=True,
    )


def _proposed(recommendation: Recommendation, text: VersionText) -> str:
    if recommendation.state in FROZEN_STATES:
        adopted = _("Die Empfehlung ist in Fassung {number} verabschiedet.")
        return adopted.format(number=text.number)
    proposed = _("Vorgeschlagen wird, die Empfehlung in Fassung {number} zu verabschieden.")
    return proposed.format(number=text.number)


def _story(story: Story) -> list[Part]:
    made: list[Part] = []
    if story.needs:
        made += [Heading(_("Was fehlte"), 2), _things(_("Bedarfe aus der Praxis"), story.needs)]
    if story.proposals:
        made += [Heading(_("Was vorgeschlagen wurde"), 2), _things(_("Vorschläge"), story.proposals)]
    if story.versions:
        made += [Heading(_("Fassungen"), 2), _versions(story)]
    if story.rounds:
        made += [Heading(_("Stellungnahmeverfahren"), 2), _rounds(story.rounds)]
    return made


def _things(caption: str, things: Iterable[Origin]) -> Table:
    rows = [
        (each.title, each.organisation, label(each.state) if each.state else "", german_date(each.at))
        for each in things
    ]
    head = (_("Titel"), _("Organisation"), _("Stand"), _("eingereicht"))
    return Table(caption, head, rows, widths=(4.5, 3, 2, 2))


def _versions(story: Story) -> Table:
    rows = [
        (each.number, german_date(each.created_at), each.organisation, runs_of_markdown(each.note or ""))
        for each in reversed(story.versions)
    ]
    head = (_("Fassung"), _("gespeichert"), _("von"), _("Was sich änderte"))
    return Table(_("Die Fassungen, die erste zuerst"), head, rows, widths=(1.2, 2.2, 3, 5))


def _rounds(rounds: Iterable[RoundOfStory]) -> Table:
    rows = [
        (
            label(each.audience),
            f"{german_date(each.opened_at)} – {german_date(each.closed_at)}",
            each.total,
            "\n".join(f"{label(disposition)}: {count}" for disposition, count in each.dispositions) or None,
            each.closing_reason,
        )
        for each in rounds
    ]
    head = (_("Gefragt"), _("von – bis"), _("Antworten"), _("Ergebnis"), _("Vorzeitig geschlossen, weil"))
    return Table(_("Die Stellungnahmeverfahren"), head, rows, widths=(2.3, 3, 1.3, 2.6, 2.6))


def _decision(view: BallotView | None) -> list[Part]:
    if view is not None and view.result is not None:
        return []
    told = _("Die Beschlussfassung läuft.") if view else _("Das Gremium hat noch nicht beschlossen.")
    return [Heading(_("Ergebnis der Beschlussfassung")), Paragraph(told)]


def _reasons(view: BallotView | None) -> list[Part]:
    """What seats said with their position, once the ballot is closed; only its body reads this paper."""
    if view is None or view.result is None:
        return []
    said = [seat for seat in view.seats if seat.position in _WITH_WORDS]
    if not said:
        return []
    head = (_("Sitz"), _("Position"), _("Vorbehalt oder Grund"), _("Andere Formulierung"))
    title = ngettext("Vorbehalt oder Ablehnung", "Vorbehalte und Ablehnungen", len(said))
    return [
        Heading(title),
        Table(_("Was die Sitze dazu sagen"), head, [_reason(seat) for seat in said], widths=(3, 2.2, 4, 3)),
    ]


def _reason(seat: SeatInBallot) -> tuple[str, str, str | None, str | None]:
    counted = seat.counted
    assert counted is not None
    return seat.organisation_name, label(counted.position), counted.reason or None, counted.alternative or None
