"""The pages of one recommendation, as tabs: only those that exist for the reader."""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.actors import Actor
from app.domain.recommendations import PUBLIC_STATES, RecommendationState
from app.i18n import _
from app.models.recommendations import Recommendation
from app.queries.recommendations import reads_inside, url_of

S = RecommendationState
_UNWRITTEN = frozenset({S.DRAFT, S.GROUP_REVIEW})
_DECIDED = frozenset({S.GROUP_DECISION, S.LEAD_REVIEW, S.STEERING_DECISION, S.ADOPTED, S.REJECTED, S.DISCONTINUED})
_SIGNED = _DECIDED - {S.GROUP_DECISION}


@dataclass(frozen=True, slots=True)
class Tab:
    """One page of a recommendation; `name` is what `tab` is compared with."""

    name: str
    label: str
    url: str


def tabs_of(recommendation: Recommendation, actor: Actor) -> list[Tab]:
    """The tabs this reader has, in the order of the process; no statement."""
    base = url_of(recommendation)
    state = recommendation.suspended_from or recommendation.state
    is_inside = reads_inside(recommendation, actor)
    is_public = recommendation.state in PUBLIC_STATES
    has_text = recommendation.version > 0
    offered = (
        ("text", _("Text"), "", True),
        ("discussion", _("Beratung"), "/beratung", is_inside),
        ("amendments", _("Änderungsvorschläge"), "/aenderungsvorschlaege", is_inside and has_text),
        ("statements", _("Stellungnahmen"), "/stellungnahmen", is_public or not is_inside or state not in _UNWRITTEN),
        ("decision", _("Beschluss"), "/beschluss", is_public or (is_inside and state in _DECIDED)),
        ("co_signatures", _("Mitzeichnung"), "/mitzeichnung", _may_sign(actor, is_inside, is_public, state)),
        ("implementation", _("Umsetzung"), "/umsetzung", is_public),
        ("reuse", _("Nachnutzung"), "/nachnutzung", is_public),
        ("participation", _("Beteiligung"), "/beteiligung", is_public or (is_inside and state is not S.DRAFT)),
        ("story", _("Entstehung"), "/entstehung", is_public or is_inside),
        ("provenance", _("Herkunft"), "/herkunft", is_inside and has_text),
        ("versions", _("Fassungen"), "/fassungen", is_inside and has_text),
    )
    return [Tab(name, label, base + path) for name, label, path, exists in offered if exists]


def _may_sign(actor: Actor, is_inside: bool, is_public: bool, state: RecommendationState) -> bool:
    if is_public:
        return is_inside
    return state in _SIGNED and (is_inside or bool(actor.acts_for))
