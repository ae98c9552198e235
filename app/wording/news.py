"""What is new in a body, each in one sentence."""

from __future__ import annotations

from app.domain.actors import MembershipRole
from app.domain.recommendations import RecommendationState
from app.i18n import _
from app.wording.labels import label


def contribution_news(noun: str, organisation: str | None) -> str:
    """What kind of contribution came in, and from whom."""
    if noun == "need":
        return (
            _("Neuer Bedarf von {organisation}").format(organisation=organisation)
            if organisation
            else _("Neuer Bedarf")
        )
    return (
        _("Neuer Vorschlag von {organisation}").format(organisation=organisation)
        if organisation
        else _("Neuer Vorschlag")
    )


def recommendation_news(state: RecommendationState) -> str:
    """Where a recommendation stands now."""
    if state is RecommendationState.DRAFT:
        return _("Neuer Arbeitsentwurf")
    return _("Jetzt im Stand „{state}“").format(state=label(state))


def membership_news(role: MembershipRole, organisation: str) -> str:
    """Who came onto a seat, and in which role."""
    return _("Neu im Gremium, {role} für {organisation}").format(role=label(role), organisation=organisation)
