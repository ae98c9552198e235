"""Links by which organisations say without an account whether needs persist: where each leads, what its mail says."""

from __future__ import annotations

from uuid import UUID

from sqlmodel import Session

from app.clock import now
from app.config import Settings
from app.documents.mail_content import MailContent
from app.domain.contact_addresses import mark_of
from app.domain.deadlines import berlin_date
from app.domain.need_reviews import NeedReviewAnswer
from app.models.outbox import OutgoingMail
from app.queries.need_reviews import follow
from app.queries.recommendations import url_of
from app.security import sign_keys
from app.wording.dates import german_date

REVIEW = "need-review"
"""What the word of such a link is good for."""


def review_path(settings: Settings, review_id: UUID, address: str) -> str:
    """Where the link for a mailbox leads; only we can make it."""
    return f"/nachfrage/{sign_keys(settings, REVIEW, [review_id, mark_of(review_id, address)])}"


def link_mail(session: Session, mail: OutgoingMail, settings: Settings) -> MailContent | None:
    """The questions with their link; None once all are answered, the round is over, or the mailbox was replaced."""
    review_id = UUID(mail.data["review_id"])
    followed = follow(session, review_id, mark_of(review_id, mail.address), berlin_date(now(session)))
    if followed is None or followed.speaker_id is None:
        return None
    waiting = [each for each in followed.reviews if each.is_open and each.review.answer is NeedReviewAnswer.PENDING]
    if not waiting:
        return None
    recommendation = waiting[0].recommendation
    return MailContent(
        {
            "organisation": waiting[0].organisation.name,
            "reference": recommendation.reference,
            "title": recommendation.title,
            "url": url_of(recommendation),
            "months": waiting[0].review.months,
            "needs": [each.need.title for each in waiting],
            "until": german_date(waiting[0].review.due_on),
            "path": review_path(settings, review_id, mail.address),
        }
    )
