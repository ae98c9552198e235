"""A recommendation on paper, in any version its reader may see; Sondervoten go with it wherever it goes."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from textwrap import shorten

from sqlmodel import Session

from app.clock import now
from app.documents.decisions import decision_parts
from app.documents.document import Document, Facts, Heading, Item, Items, Notice, Paragraph, Part
from app.documents.implementation import effect_parts
from app.documents.markup import runs_of_markdown
from app.documents.participation import consideration_parts
from app.documents.recommendation_text import text_parts
from app.domain.actors import Actor
from app.domain.recommendations import PUBLIC_STATES, RecommendationState
from app.i18n import _
from app.models.recommendations import Recommendation
from app.queries import recommendations as queries
from app.queries.decisions import decision_of
from app.queries.errata import Margin, MarginKind, margin_of
from app.queries.need_reviews import reviewed_needs
from app.queries.theme_considerations import is_open_to
from app.queries.versions import VersionText
from app.wording import label
from app.wording.dates import german_date

NOT_BINDING = Notice(
    _("Rechtlich nicht bindend"),
    [
        Paragraph(
            _("Eine Empfehlung verpflichtet niemanden. Was zugesagt wurde, steht bei den Antworten der Angesprochenen.")
        )
    ],
)
EXAMPLE = Notice(
    _("Beispieldaten"),
    [Paragraph(_("Personen, Texte und Beschlüsse sind erfunden und zeigen nur, wie das Dialogforum arbeitet."))],
)
_DECIDED = PUBLIC_STATES | {RecommendationState.ADOPTED}


def recommendation_document(session: Session, recommendation: Recommendation, number: int, actor: Actor) -> Document:
    """The version with all that must go with it. The caller has checked that the reader may see this version."""
    text = queries.get_version(session, recommendation, number)
    alone = set_text(recommendation, text, actor, now(session))
    margin = margin_of(session, recommendation) if is_open_to(recommendation, actor) else Margin()
    return replace(
        alone,
        parts=[
            *alone.parts,
            *consideration_parts(margin.considerations),
            *_errata(recommendation, text, margin),
            *decision_parts(decision_of(session, recommendation, actor)),
            *_effect(session, recommendation, text, actor),
        ],
    )


def set_text(recommendation: Recommendation, text: VersionText, actor: Actor, made_at: datetime) -> Document:
    """A version by itself: what it is, and its words."""
    return Document(
        title=text.title,
        parts=[
            *([EXAMPLE] if recommendation.is_example else []),
            Facts(facts_of(recommendation, text, actor)),
            NOT_BINDING,
            *text_parts(text.blocks),
        ],
        made_at=made_at,
        kind=kind_of(_("Empfehlung"), recommendation),
        running_title=running_title(recommendation, text),
        is_draft=is_draft(recommendation, text.number),
    )


def facts_of(recommendation: Recommendation, text: VersionText, actor: Actor) -> list[tuple[str, str | None]]:
    """What an office needs to file it: reference, body, version, state, addressees, decision."""
    version = text.version
    saved = _("Fassung {number} vom {date}")
    return [
        (_("Fundstelle"), recommendation.reference),
        (_("Geschäftszeichen"), queries.file_reference_of(recommendation, actor)),
        (_("Gremium"), recommendation.body.title if recommendation.body else None),
        (_("Ausgabe"), recommendation.edition.title if recommendation.edition else None),
        (_("Thema"), recommendation.topic.title if recommendation.topic else None),
        (_("Fassung"), saved.format(number=text.number, date=german_date(version.created_at)) if version else None),
        (_("Stand"), label(recommendation.state)),
        (_("Sie richtet sich an"), ", ".join(each.name for each in text.addressees) or None),
        (_("Verabschiedet"), _adoption(recommendation)),
        (_("Beschluss"), recommendation.decision_reference),
        (_("Veröffentlicht"), german_date(recommendation.published_at) or None),
        (_("Bestätigt"), str(recommendation.confirmed_year) if recommendation.confirmed_year else None),
    ]


def is_draft(recommendation: Recommendation, number: int) -> bool:
    """Whether this version bears the mark of a draft: every one but the adopted text."""
    return recommendation.state not in _DECIDED or number != recommendation.adopted_version


def kind_of(name: str, recommendation: Recommendation) -> str:
    """The line above the title: what this paper is, and in which field of action."""
    field = recommendation.field_of_action
    return f"{name} · {field.name}" if field else name


def running_title(recommendation: Recommendation, text: VersionText) -> str:
    """What stands at the head of each page."""
    title = shorten(text.title, 72, placeholder=" …")
    return f"{recommendation.reference} · {title}" if recommendation.reference else title


def _adoption(recommendation: Recommendation) -> str | None:
    if recommendation.decided_on is None:
        return None
    day = german_date(recommendation.decided_on)
    by = _("am {day} durch {body}")
    return by.format(day=day, body=recommendation.deciding_body) if recommendation.deciding_body else day


def _effect(session: Session, recommendation: Recommendation, text: VersionText, actor: Actor) -> list[Part]:
    """Beside the published text: whether it helped those whose needs it answers."""
    if recommendation.state not in PUBLIC_STATES or text.number != recommendation.adopted_version:
        return []
    return effect_parts(reviewed_needs(session, actor, recommendation_id=recommendation.id), _("Hat es geholfen?"))


def _errata(recommendation: Recommendation, text: VersionText, margin: Margin) -> list[Part]:
    """Notes beside the adopted text; the text itself stays as it was decided."""
    if is_draft(recommendation, text.number):
        return []
    notes = margin.of(MarginKind.ERRATUM)
    if not notes:
        return []
    places = {block.id: place for place, block in enumerate(text.blocks, start=1)}
    items = []
    for note in notes:
        place = places.get(note.key) if note.key else None
        about = _("{day}, zu Absatz {number}:") if place else "{day}:"
        items.append(Item(runs_of_markdown(note.text), about.format(day=german_date(note.at), number=place)))
    told = _("Der verabschiedete Text bleibt unverändert; diese Hinweise stehen daneben.")
    return [Heading(_("Berichtigungen")), Paragraph(told), Items(items)]
