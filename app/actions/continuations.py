"""Saying how the programme goes on with a recommendation in its next edition: as it is, written anew, or not."""

from __future__ import annotations

from uuid import UUID

from sqlmodel import Session

from app.actions.permissions import require
from app.actions.recommendation_transitions import transition_recommendation
from app.actions.recommendations import draft_recommendation
from app.actions.record import record
from app.actions.versions import post_version
from app.clock import now
from app.domain.actors import Actor
from app.domain.continuations import UNFINISHED, ContinuationChoice, choices_for
from app.domain.editions import EditionState
from app.domain.events import EventType
from app.domain.permissions import Permission
from app.errors import Conflict, FieldError, Invalid
from app.forms.continuations import ContinuationForm
from app.forms.recommendation_transitions import RecommendationTransition
from app.forms.recommendations import RecommendationForm
from app.forms.versions import BlockInput, VersionForm
from app.i18n import _
from app.models.base import new_id
from app.models.continuations import Continuation
from app.models.programmes import Edition
from app.models.recommendations import Recommendation
from app.queries import continuations as queries
from app.queries import recommendations
from app.queries.base import get_for_update
from app.queries.recommendation_links import links_of_many
from app.wording import label


def continue_recommendation(
    session: Session, edition_id: UUID, form: ContinuationForm, *, actor: Actor
) -> tuple[Continuation, bool]:
    """Choose how one recommendation goes on in the edition that is open. The flag is False where it stood already.

    What is carried over may be chosen anew; a revision that was opened and an end stand.
    """
    require(Permission.PROGRAMME_MANAGE, None, actor)
    edition = get_for_update(session, Edition, edition_id)
    if edition.state is not EditionState.OPEN:
        raise Conflict(_("Fortgeschrieben wird nur in die Ausgabe, an der gearbeitet wird."))
    recommendation = get_for_update(session, Recommendation, form.recommendation_id)
    _check(session, edition, recommendation, form)
    found = queries.find_continuation(session, edition.id, recommendation.id)
    if found is not None and found.choice is form.choice:
        return found, False
    if found is not None and found.choice is not ContinuationChoice.CARRY_OVER:
        raise Conflict(_("Für diese Empfehlung ist schon entschieden: {choice}.").format(choice=label(found.choice)))
    draft_id = None
    if form.choice is ContinuationChoice.REVISE:
        draft_id = _draft_anew(session, recommendation, actor)
    elif form.choice is ContinuationChoice.CLOSE:
        _bring_to_an_end(session, recommendation, form.reason, actor)
    made = found or Continuation(
        id=new_id(now(session)),
        created_at=now(session),
        edition_id=edition.id,
        recommendation_id=recommendation.id,
        choice=form.choice,
    )
    made.choice, made.draft_id = form.choice, draft_id
    session.add(made)
    record(
        session,
        EventType.RECOMMENDATION_CONTINUED,
        recommendation,
        actor=actor,
        reason=form.reason or None,
        data={
            "edition_id": str(edition.id),
            "choice": form.choice.value,
            "draft_id": str(draft_id) if draft_id else None,
        },
        version=recommendation.adopted_version,
    )
    session.flush()
    return made, True


def _check(session: Session, edition: Edition, recommendation: Recommendation, form: ContinuationForm) -> None:
    former = session.get_one(Edition, recommendation.edition_id)
    if former.programme_id != edition.programme_id:
        raise Invalid(FieldError("recommendation_id", _("Diese Empfehlung gehört zu einem anderen Programm.")))
    is_unfinished = recommendation.state in UNFINISHED
    if is_unfinished != (former.id == edition.id):
        raise Invalid(FieldError("recommendation_id", _("Diese Empfehlung geht nicht in diese Ausgabe über.")))
    if form.choice not in choices_for(recommendation.state):
        raise Conflict(
            _("„{choice}“ ist im Stand „{state}“ nicht möglich.").format(
                choice=label(form.choice), state=label(recommendation.state)
            ),
            state=recommendation.state.value,
        )
    if form.choice is ContinuationChoice.CLOSE and not form.reason:
        raise Invalid(FieldError("reason", _("Bitte begründen Sie diesen Schritt.")))


def _draft_anew(session: Session, recommendation: Recommendation, actor: Actor) -> UUID:
    """A draft in the same body that begins with the adopted text, its links and its addressees."""
    number = recommendation.adopted_version or recommendation.version
    text = recommendations.get_version(session, recommendation, number)
    links = links_of_many(session, {recommendation.id: number}, actor)[recommendation.id]
    form = RecommendationForm(
        body_id=recommendation.body_id,
        title=text.title,
        need_ids=links.need_ids,
        proposal_ids=links.proposal_ids,
        addressee_ids=links.addressee_ids,
        topic_id=recommendation.topic_id,
        guiding_question_ids=links.guiding_question_ids,
        cross_cutting_theme_ids=links.cross_cutting_theme_ids,
        target_group_ids=links.target_group_ids,
    )
    draft, _is_new = draft_recommendation(session, form, actor=actor)
    blocks = [BlockInput(part=each.part, kind=each.kind, number=each.number, text=each.text) for each in text.blocks]
    note = _("Beginnt mit dem verabschiedeten Text von {reference}.").format(reference=recommendation.reference)
    post_version(session, draft.id, VersionForm(base_version=0, blocks=blocks, note=note), actor=actor)
    return draft.id


def _bring_to_an_end(session: Session, recommendation: Recommendation, reason: str, actor: Actor) -> None:
    """What is published stays to be read and is tracked no more; what is unfinished is discontinued."""
    if recommendation.state in UNFINISHED:
        move = RecommendationTransition(transition="discontinue", reason=reason)
    elif recommendation.tracking_closed_at is None:
        move = RecommendationTransition(transition="close_tracking", reason=reason)
    else:
        return
    transition_recommendation(session, recommendation.id, move, actor=actor)
