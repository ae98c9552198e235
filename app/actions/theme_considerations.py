"""Saying how a recommendation considers a cross-cutting theme, until the adoption freezes it."""

from __future__ import annotations

from uuid import UUID

from sqlmodel import Session

from app.actions.permissions import may, require
from app.actions.record import record, record_creation
from app.clock import now
from app.domain.actors import Actor
from app.domain.events import EventType
from app.domain.permissions import Permission
from app.domain.theme_considerations import OPEN_FOR_CONSIDERATION
from app.errors import Conflict
from app.forms.theme_considerations import ThemeConsiderationForm
from app.i18n import _
from app.models.base import new_id
from app.models.programmes import CrossCuttingTheme
from app.models.recommendations import Recommendation
from app.models.theme_considerations import ThemeConsideration
from app.queries import recommendations, structure
from app.queries.base import get_for_update
from app.queries.theme_considerations import find_consideration
from app.wording import label


def state_consideration(
    session: Session, key: UUID, theme_id: UUID, form: ThemeConsiderationForm, *, actor: Actor
) -> ThemeConsideration:
    """Say in one sentence how a theme is considered, or why it isn't relevant; saying the same again changes nothing.

    What was said before stays in the record.
    """
    recommendation = get_for_update(session, Recommendation, key, recommendations.visible(actor, now(session)))
    require(Permission.THEME_CONSIDER, recommendation, actor)
    if recommendation.state not in OPEN_FOR_CONSIDERATION:
        raise Conflict(
            _("Im Stand „{state}“ ändert sich daran nichts mehr.").format(state=label(recommendation.state)),
            state=recommendation.state.value,
        )
    theme = structure.get_named(session, CrossCuttingTheme, theme_id)
    stated = find_consideration(session, recommendation.id, theme.id)
    data: dict[str, object] = {"theme_id": str(theme.id), "relevance": form.relevance.value}
    if stated is None:
        return _first(session, recommendation, theme, form, data, actor)
    if (stated.relevance, stated.text) != (form.relevance, form.text):
        stated.relevance, stated.text = form.relevance, form.text
        session.add(stated)
        record(
            session, EventType.THEME_CONSIDERATION_CHANGED, stated, actor=actor, data=data, texts={"text": form.text}
        )
    return stated


def may_state(recommendation: Recommendation, actor: Actor) -> bool:
    """True where the actor could state something now; for pages that show or hide the form."""
    if recommendation.state not in OPEN_FOR_CONSIDERATION:
        return False
    return may(Permission.THEME_CONSIDER, recommendation, actor)


def _first(
    session: Session,
    recommendation: Recommendation,
    theme: CrossCuttingTheme,
    form: ThemeConsiderationForm,
    data: dict[str, object],
    actor: Actor,
) -> ThemeConsideration:
    moment = now(session)
    stated = ThemeConsideration(
        id=new_id(moment),
        created_at=moment,
        recommendation_id=recommendation.id,
        body_id=recommendation.body_id,
        theme_id=theme.id,
        relevance=form.relevance,
        text=form.text,
        is_example=recommendation.is_example,
    )
    record_creation(session, EventType.THEME_CONSIDERATION_STATED, stated, actor=actor, data=data)
    session.flush()
    return stated
