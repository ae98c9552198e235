"""Which moves a reader of a recommendation has, on the clock as it is now."""

from __future__ import annotations

from app.domain.actors import Actor
from app.domain.permissions import capabilities
from app.domain.recommendations import RECOMMENDATION, RecommendationFacts, RecommendationState
from app.domain.workflow import Offer
from app.models.recommendations import Recommendation
from app.queries.scopes import scope_of


def state_now(recommendation: Recommendation, facts: RecommendationFacts) -> RecommendationState:
    """The state as readers see it: a Stellungnahmeverfahren whose time is over is in evaluation."""
    if recommendation.state is RecommendationState.COMMENTING and not facts.has_open_round:
        return RecommendationState.EVALUATION
    return recommendation.state


def recommendation_offers(
    recommendation: Recommendation, facts: RecommendationFacts, actor: Actor
) -> tuple[Offer, ...]:
    """The moves this actor may make now, blocked ones with what blocks them."""
    if not actor.may_write:
        return ()
    held = capabilities(actor, scope_of(recommendation))
    return RECOMMENDATION.offers(state_now(recommendation, facts), held, facts)
