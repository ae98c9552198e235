"""Did it help? Asking whom needs belonged to, and taking the answer, with an account or by a link."""

from __future__ import annotations

from uuid import UUID

from sqlmodel import Session

from app.actions.attempts import note_linked_form
from app.actions.need_review_mails import ASKED, mail_reviews
from app.actions.permissions import require
from app.actions.record import record, record_creation
from app.clock import now
from app.domain.actors import SYSTEM_ACTOR, Actor, ActorKind
from app.domain.deadlines import berlin_date
from app.domain.events import EventType
from app.domain.need_reviews import review_due_on, round_reached
from app.domain.permissions import Permission
from app.errors import Conflict, NotFound
from app.forms.need_reviews import NeedReviewForm
from app.i18n import _
from app.models.base import new_id
from app.models.need_reviews import NeedReview
from app.models.recommendations import Recommendation
from app.queries import need_reviews as queries
from app.queries.base import get_for_update


def ask_about_needs(session: Session) -> int:
    """Ask in every round that is reached, once; how many questions that were. The worker calls it."""
    today = berlin_date(now(session))
    asked = queries.rounds_asked(session)
    done = 0
    for recommendation in queries.list_unasked(session):
        assert recommendation.published_at is not None
        months = round_reached(berlin_date(recommendation.published_at), today)
        if months is not None and (recommendation.id, months) not in asked:
            done += _ask(session, recommendation, months)
    return done


def answer_need_review(session: Session, key: UUID, form: NeedReviewForm, *, actor: Actor) -> NeedReview:
    """Say whether the need persists, or say it anew, until the round is over. What stands is not said twice."""
    review = get_for_update(session, NeedReview, key, queries.visible(actor))
    require(Permission.NEED_REVIEW_ANSWER, review, actor)
    recommendation = session.get_one(Recommendation, review.recommendation_id)
    if not queries.is_open(review, recommendation, berlin_date(now(session))):
        raise Conflict(_("Diese Nachfrage ist abgeschlossen; es werden keine Antworten mehr gezählt."))
    sentence = form.sentence or ""
    if (review.answer, review.sentence, review.publish) == (form.answer, sentence, form.publish):
        return review
    former = review.answer
    texts = {"sentence": sentence} if sentence or review.sentence else {}
    review.answer, review.sentence, review.publish = form.answer, sentence, form.publish
    review.answered_at = now(session)
    session.add(review)
    record(
        session,
        EventType.NEED_REVIEW_ANSWERED,
        review,
        actor=actor,
        texts=texts,
        from_state=former.value,
        to_state=form.answer.value,
        data={"need_id": str(review.need_id), "publish": form.publish},
    )
    return review


def answer_by_link(
    session: Session, link: tuple[UUID, UUID], key: UUID, form: NeedReviewForm, *, address: str
) -> NeedReview:
    """Answer one of the questions a link leads to, as the organisation it was made for.

    Raises TooMany where the address sends very many.
    """
    note_linked_form(session, address)
    followed = queries.follow(session, *link, berlin_date(now(session)))
    asked = next((each for each in followed.reviews if each.review.id == key), None) if followed else None
    if followed is None or asked is None:
        raise NotFound()
    if followed.speaker_id is None:
        raise Conflict(_("Mit diesem Link lässt sich nichts mehr senden. Es wurde nichts geändert."))
    speaker = Actor(
        kind=ActorKind.SYSTEM,
        organisation_id=followed.speaker_id,
        acts_for=frozenset({asked.organisation.id}),
    )
    return answer_need_review(session, key, form, actor=speaker)


def _ask(session: Session, recommendation: Recommendation, months: int) -> int:
    made = []
    moment = now(session)
    for need, organisation_ids in queries.organisations_behind(session, recommendation.id):
        for organisation_id in organisation_ids:
            review = NeedReview(
                id=new_id(moment),
                created_at=moment,
                recommendation_id=recommendation.id,
                need_id=need.id,
                organisation_id=organisation_id,
                months=months,
                due_on=review_due_on(berlin_date(moment)),
                is_example=recommendation.is_example,
            )
            data: dict[str, object] = {
                "need_id": str(need.id),
                "organisation_id": str(organisation_id),
                "months": months,
                "due_on": review.due_on.isoformat(),
            }
            record_creation(session, EventType.NEED_REVIEW_ASKED, review, actor=SYSTEM_ACTOR, data=data)
            made.append(review)
    session.flush()
    mail_reviews(session, made, ASKED)
    return len(made)
