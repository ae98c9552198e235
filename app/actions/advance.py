"""Advancing several recommendations at once: all of them, or none where something blocks one."""

from __future__ import annotations

from collections.abc import Sequence

from sqlmodel import Session

from app.actions.permissions import require
from app.actions.recommendation_transitions import transition_recommendation
from app.domain.actors import Actor
from app.domain.permissions import Permission
from app.errors import Conflict, MoveBlocked
from app.forms.overview import AdvanceForm, ChosenMove
from app.forms.recommendation_transitions import RecommendationTransition
from app.i18n import _
from app.models.recommendations import Recommendation


def advance_recommendations(session: Session, form: AdvanceForm, *, actor: Actor) -> Sequence[Recommendation]:
    """Make each move that was shown; MoveBlocked names every recommendation that can't make its own.

    In the order of their keys, so that two who advance the same ones wait for each other instead of locking up.
    """
    require(Permission.RECOMMENDATION_ADVANCE, None, actor)
    moved, refused = [], []
    for chosen in sorted(form.moves, key=lambda each: each.recommendation_id):
        try:
            move = _move(chosen, form)
            moved.append(transition_recommendation(session, chosen.recommendation_id, move, actor=actor))
        except Conflict as conflict:
            title = session.get_one(Recommendation, chosen.recommendation_id).title
            refused.append(_("„{title}“: {missing}").format(title=title, missing=conflict.detail))
    if refused:
        raise MoveBlocked(refused)
    return moved


def _move(chosen: ChosenMove, form: AdvanceForm) -> RecommendationTransition:
    if chosen.transition != "adopt":
        return RecommendationTransition(transition=chosen.transition)
    return RecommendationTransition(
        transition=chosen.transition,
        deciding_body=form.deciding_body,
        decided_on=form.decided_on,
        decision_reference=form.decision_reference,
    )
