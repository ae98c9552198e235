"""The pages of one Stellungnahmeverfahren, as their reader has them: which there are, and what each begins with."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session

from app.clock import now
from app.domain.actors import DRAFTING_ROLES, WRITING_ROLES, Actor
from app.domain.consultations import RoundState
from app.domain.deadlines import days_left, last_day
from app.domain.permissions import Permission, capabilities, is_granted
from app.domain.recommendations import PUBLIC_STATES
from app.domain.text import Block
from app.errors import NotFound
from app.forms.base import Wanted
from app.i18n import _
from app.models.consultations import CommentRound
from app.models.recommendations import Recommendation
from app.queries import consultations as queries
from app.queries import marks, recommendations
from app.queries.scopes import scope_of
from app.routers.deps import Visitor
from app.routers.recommendation_tabs import tabs_of


class RoundChoice(Wanted):
    """Which round of the recommendation is looked at; the newest where none is named."""

    round: int | None = None


@dataclass(frozen=True, slots=True)
class View:
    """One page of a round; `name` is what the present one is compared with."""

    name: str
    label: str
    url: str


@dataclass(frozen=True, slots=True)
class Consultation:
    """A round with its recommendation, as one reader has them."""

    recommendation: Recommendation
    round: CommentRound
    actor: Actor
    is_open: bool
    days: int

    @property
    def address(self) -> str:
        """Where the round's pages begin."""
        return f"{recommendations.url_of(self.recommendation)}/stellungnahmen"

    def context(self, view: str) -> dict[str, Any]:
        """What every page of a round shows around its own content."""
        return {
            "recommendation": self.recommendation,
            "round": self.round,
            "tab": "statements",
            "tabs": tabs_of(self.recommendation, self.actor),
            "view": view,
            "views": views_of(self.recommendation, self.round, self.actor),
            "address": self.address,
            "is_open": self.is_open,
            "days": self.days,
            "last_day": last_day,
            "example": self.recommendation.is_example,
        }


def find_consultation(session: Session, visitor: Visitor, key: str, number: int | None) -> Consultation:
    """The round of a recommendation by its number, or the newest; NotFound where there is none for this reader."""
    recommendation = recommendations.get_recommendation(session, key, visitor.actor)
    rounds = queries.list_rounds(session, recommendation.id, visitor.actor)
    found = next((each for each in rounds if number is None or each.number == number), None)
    if found is None:
        raise NotFound()
    return consultation_of(recommendation, found, visitor.actor, now(session))


def consultation_of(
    recommendation: Recommendation, found: CommentRound, actor: Actor, moment: datetime
) -> Consultation:
    """A round that was found, as its reader has it at this moment."""
    is_open = queries.effective_state(found, moment) is RoundState.OPEN
    return Consultation(recommendation, found, actor, is_open, days_left(found.closes_at, moment))


def views_of(recommendation: Recommendation, found: CommentRound, actor: Actor) -> list[View]:
    """The pages of a round this reader has; no statement."""
    base = f"{recommendations.url_of(recommendation)}/stellungnahmen"
    body_id = found.body_id
    is_inside = queries.reads_inside(actor, body_id)
    invites = actor.may_write and is_granted(Permission.RECOMMENDATION_CONSULT, capabilities(actor, scope_of(found)))
    offered = (
        ("read", _("Am Text lesen"), "?", True),
        ("marks", _("Absätze markieren"), "/markieren?", bool(actor.seats_in(body_id, WRITING_ROLES))),
        ("mark_table", _("Markierungen"), "/markierungen?", marks.reads_all(actor, body_id)),
        ("room", _("Interner Raum"), "/raum?", bool(actor.seats_in(body_id, DRAFTING_ROLES))),
        ("evaluation", _("Auswerten"), "?view=evaluation&", is_inside),
        ("synopsis", _("Synopse"), "/synopse?", is_inside or recommendation.state in PUBLIC_STATES),
        ("links", _("Links für Organisationen"), "/links?", invites),
    )
    return [View(name, label, f"{base}{path}round={found.number}") for name, label, path, exists in offered if exists]


def round_number(text: str) -> int | None:
    """A round's number as a form sends it; None where it is none."""
    return int(text) if text.isdecimal() and len(text) < 6 else None


def quoted(number: int, block: Block) -> str:
    """A block as it is named in a choice: its number and how it begins."""
    words = block.text.replace("\n", " ")
    return _("Absatz {number}: {words}").format(number=number, words=words[:60] + ("…" if len(words) > 60 else ""))
