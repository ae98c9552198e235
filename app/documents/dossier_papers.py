"""What lies in the Akte of a recommendation, paper by paper: each noun as far as its reader may see it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from functools import cached_property

from sqlmodel import Session

from app.clock import now
from app.documents.attached_files import Attached
from app.documents.decision_papers import decision_paper
from app.documents.decisions import dissent_parts, paragraphs, result_parts
from app.documents.document import Document, Facts, Heading, Paragraph, Part, Run, Table, Tone
from app.documents.dossiers import Dossier, Paper
from app.documents.implementation import (
    answers_table,
    commitment_table,
    evidence_table,
    measures_table,
    report_parts,
)
from app.documents.markup import runs_of_markdown
from app.documents.participation import co_signature_table, participation_parts, table_or_nothing
from app.documents.recommendations import facts_of, is_draft, kind_of, recommendation_document, running_title, set_text
from app.documents.synopses import synopsis_table
from app.domain.actors import PUBLIC_ACTOR, Actor
from app.domain.events import SubjectType
from app.domain.public_facts import PUBLIC_FACTS
from app.domain.recommendations import PUBLIC_STATES
from app.i18n import _
from app.models.recommendations import Recommendation
from app.queries import attachments, ballots, co_signatures, comments, participation, versions
from app.queries import recommendations as queries
from app.queries.amendments import list_all_on
from app.queries.base import every
from app.queries.commitments import commitments_to
from app.queries.consultations import StatementFilter
from app.queries.decisions import Dissent, decision_of
from app.queries.errata import MarginKind, margin_of
from app.queries.events import history_of
from app.queries.evidence import evidence_of_linked, list_evidence
from app.queries.measures import ListedMeasure, contributors_of, measures_of
from app.queries.recommendation_links import LinkedThing, list_linked
from app.queries.reports import reports_with_evidence
from app.queries.responses import addressees_with_answers
from app.queries.synopses import SynopsisRow, list_synopsis
from app.queries.versions import VersionText
from app.wording import label
from app.wording.dates import german_date, german_datetime

_MOST_FACTS = 10_000


def dossier_of(session: Session, recommendation: Recommendation, actor: Actor) -> Dossier:
    """Everything about one recommendation that the reader may see; NotFound where it may read no version."""
    readable = queries.readable_versions(session, recommendation, actor)
    texts = versions.readable_texts(session, recommendation, readable)
    if not texts:
        text = queries.get_version(session, recommendation, 0)
        return Dossier(_Telling(session, recommendation, text, actor).cover(), [])
    telling = _Telling(session, recommendation, texts[-1], actor)
    papers = [Paper("empfehlung", recommendation_document(session, recommendation, texts[-1].number, actor))]
    if queries.reads_inside(recommendation, actor):
        papers.append(Paper("beschlussvorlage", decision_paper(session, recommendation, actor)))
    papers += telling.papers()
    if len(texts) > 1:
        papers += [Paper(f"fassung-{text.number:03}", telling.version(text)) for text in texts]
    return Dossier(telling.cover(), papers, telling.attached())


class _Telling:
    """One recommendation while its Akte is put together."""

    def __init__(self, session: Session, recommendation: Recommendation, text: VersionText, actor: Actor) -> None:
        self.session = session
        self.recommendation = recommendation
        self.text = text
        self.actor = actor
        self.moment: datetime = now(session)
        self.is_inside = queries.reads_inside(recommendation, actor)
        self.is_public = recommendation.state in PUBLIC_STATES

    @cached_property
    def _linked_things(self) -> Sequence[LinkedThing]:
        return list_linked(self.session, self.recommendation, self.actor)

    @cached_property
    def _said(self) -> Sequence[SynopsisRow]:
        chosen = StatementFilter(recommendation_id=self.recommendation.id)
        return list_synopsis(self.session, self.actor, chosen, self.text.blocks, with_withdrawn=True)

    @cached_property
    def _measures(self) -> Sequence[ListedMeasure]:
        return measures_of(self.session, self.recommendation, self.actor)

    @cached_property
    def _dissents(self) -> Sequence[Dissent]:
        return decision_of(self.session, self.recommendation, self.actor).dissents

    def version(self, text: VersionText) -> Document:
        """One version, with the Sondervoten beside it: they go wherever the recommendation goes."""
        alone = set_text(self.recommendation, text, self.actor, self.moment)
        return replace(alone, parts=[*alone.parts, *dissent_parts(self._dissents)])

    def cover(self) -> Document:
        """The first sheet: what this is about; the directory follows."""
        return self._document(_("Akte"), [Facts(facts_of(self.recommendation, self.text, self.actor))])

    def papers(self) -> Iterator[Paper]:
        """A paper for each kind of thing of which there is something to see."""
        told: tuple[tuple[str, str, Callable[[], list[Part]]], ...] = (
            ("herkunft", _("Bedarfe und Vorschläge"), self._linked),
            ("beratung", _("Beratung im Gremium"), self._discussion),
            ("aenderungsvorschlaege", _("Änderungsvorschläge"), self._amendments),
            ("stellungnahmen", _("Stellungnahmen"), self._statements),
            ("beschlussfassungen", _("Beschlussfassungen und Sondervoten"), self._ballots),
            ("mitzeichnung", _("Mitzeichnung"), self._co_signatures),
            ("beteiligung", _("Beteiligungsnachweis"), self._participation),
            ("umsetzung", _("Rückmeldungen und Maßnahmen"), self._implementation),
            ("sachstandsberichte", _("Sachstandsberichte und Belege zu den Maßnahmen"), self._reports),
            ("selbstverpflichtungen", _("Selbstverpflichtungen"), self._commitments),
            ("querverweise", _("Verzahnung mit anderen Plänen"), self._references),
            ("verlauf", _("Verlauf"), self._history),
        )
        for name, title, tell in told:
            parts = tell()
            if parts:
                yield Paper(name, self._document(title, parts))

    def attached(self) -> list[Attached]:
        """The files on it and on what belongs to it that the reader may open."""
        linked = {each.id: each.title for each in self._linked_things}
        told = {self.recommendation.id: _("Anlage zur Empfehlung")}
        told |= {key: _("Anlage zu „{title}“").format(title=title) for key, title in linked.items()}
        told |= {row.statement.id: _("Anlage zu einer Stellungnahme") for row in self._said}
        return [
            Attached(
                name=each.name,
                subject=told[each.on_id],
                digest=each.digest,
                kind=each.kind,
                size=each.size,
                alt_text=each.alt_text,
                attached_at=each.created_at,
            )
            for each in attachments.open_attachments(self.session, told, self.actor)
        ]

    def _amendments(self) -> list[Part]:
        found = list_all_on(self.session, self.recommendation.id, self.actor)
        if not found:
            return []
        head = (_("Organisation"), _("zu Fassung"), _("Begründung"), _("Ergebnis"), _("Grund"))
        rows = [
            (
                each.organisation.name if each.organisation else None,
                each.version,
                runs_of_markdown(each.grounds),
                label(each.disposition) if each.disposition else label(each.state),
                runs_of_markdown(each.disposition_reason or ""),
            )
            for each in found
        ]
        return [Table(_("Änderungsvorschläge und was aus ihnen wurde"), head, rows, widths=(2.6, 1.2, 4, 2, 3.2))]

    def _document(self, kind: str, parts: Sequence[Part]) -> Document:
        return Document(
            title=self.text.title,
            parts=parts,
            made_at=self.moment,
            kind=kind_of(kind, self.recommendation),
            running_title=running_title(self.recommendation, self.text),
            is_draft=is_draft(self.recommendation, self.text.number),
        )

    def _linked(self) -> list[Part]:
        made: list[Part] = []
        evidence = evidence_of_linked(self.session, [each.id for each in self._linked_things], self.actor)
        for each in self._linked_things:
            kind = _("Bedarf") if each.kind is SubjectType.NEED else _("Vorschlag")
            about = [kind, label(each.state), each.organisation, german_date(each.at)]
            made += [Heading(each.title), Paragraph(" · ".join(filter(None, about)), Tone.QUIET)]
            made += paragraphs(each.description)
            if each.id in evidence:
                made.append(evidence_table(evidence[each.id]))
        return made

    def _discussion(self) -> list[Part]:
        if not self.is_inside:
            return []
        said = every(lambda **page: comments.list_comments(self.session, self.recommendation.id, self.actor, **page))
        names = comments.names_of(self.session, said)
        made: list[Part] = []
        if said:
            made.append(Heading(_("Kommentare")))
        for each in reversed(said):
            about = f"{german_datetime(each.created_at)} · {names.get(each.id, '')}"
            made += [Paragraph((Run(about, is_bold=True),)), *paragraphs(each.text)]
        evidence = every(lambda **page: list_evidence(self.session, self.recommendation, self.actor, **page))
        if evidence:
            made += [Heading(_("Belege")), evidence_table(evidence)]
        return made

    def _statements(self) -> list[Part]:
        return [synopsis_table(self._said)] if self._said else []

    def _ballots(self) -> list[Part]:
        found = ballots.list_all_ballots(self.session, self.recommendation.id, self.actor)
        made: list[Part] = []
        for view in ballots.views_of(self.session, found, self.actor):
            title = _("Beschlussfassung {number} über Fassung {version}: {state}")
            told = title.format(number=view.ballot.number, version=view.ballot.version, state=label(view.state))
            made += [Heading(told), *result_parts(view, level=2)]
            if self.is_inside and view.result is not None and view.seats:
                rows = [
                    (seat.organisation_name, label(seat.position) if seat.position else _("keine Position"))
                    for seat in view.seats
                ]
                made.append(Table(_("Positionen nach Sitzen"), (_("Sitz"), _("Position")), rows, widths=(3, 2)))
        return [*made, *dissent_parts(self._dissents)]

    def _co_signatures(self) -> list[Part]:
        found = co_signatures.list_co_signatures(self.session, self.recommendation.id, self.actor)
        return [co_signature_table(found)] if found else []

    def _participation(self) -> list[Part]:
        if not (self.is_inside or self.is_public):
            return []
        return participation_parts(participation.participation_of(self.session, self.recommendation))

    def _implementation(self) -> list[Part]:
        if not self.is_public:
            return []
        addressees = addressees_with_answers(self.session, self.recommendation, self.text.number)
        found = self._measures
        helping = contributors_of(self.session, [each.measure.id for each in found])
        return [answers_table(addressees), table_or_nothing(measures_table(found, helping))]

    def _reports(self) -> list[Part]:
        found = self._measures
        reports = reports_with_evidence(self.session, [each.measure.id for each in found], self.actor)
        return report_parts(found, reports, self.actor)

    def _commitments(self) -> list[Part]:
        found = commitments_to(self.session, self.recommendation, self.actor)
        return [commitment_table(found)] if found else []

    def _references(self) -> list[Part]:
        """Ties to other plans, in both directions, as its page shows them."""
        if not (self.is_inside or self.is_public):
            return []
        found = margin_of(self.session, self.recommendation).of(MarginKind.REFERENCE, MarginKind.REFERRED_TO)
        rows = [(each.tie, each.text, each.plan) for each in found]
        head = (_("Bezug"), _("Gegenstück"), _("Plan oder Ausgabe"))
        return [Table(_("Querverweise"), head, rows, widths=(2, 4, 4))] if rows else []

    def _history(self) -> list[Part]:
        """Inside all facts with their reasons; outside the few that publication opens, without a name."""
        if self.is_inside:
            facts = history_of(self.session, [self.recommendation.id], self.actor, limit=_MOST_FACTS)
        elif self.is_public:
            facts = history_of(
                self.session, [self.recommendation.id], PUBLIC_ACTOR, types=PUBLIC_FACTS, limit=_MOST_FACTS
            )
        else:
            return []
        rows = [
            (german_datetime(each.at), each.text, each.actor, runs_of_markdown(each.reason or "")) for each in facts
        ]
        head = (_("Wann"), _("Was"), _("Wer"), _("Begründung"))
        return [Table(_("Was geschah, das Älteste zuerst"), head, rows, widths=(2.4, 3.4, 2.8, 3.4))]
