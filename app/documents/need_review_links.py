"""Links by which organisations say without an account whether needs persist: where each leads, what its mail says."""

from __future__ import annotations

from uuid import UUID

from sqlmodel import Session

from app.actions.need_review_mails import REMINDED
from app.clock import now
from app.config import Settings
from app.documents.calendars import deadline_file
from app.documents.mail_content import MailContent
from app.domain.contact_addresses import mark_of
from app.domain.deadline_reminders import DeadlineKind
from app.domain.deadlines import berlin_date, end_of_day, is_over
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
    """The unanswered questions with their link; None once all are answered, or the mailbox was replaced.

    When the round is over only that is said, to who was reminded.
    """
    review_id = UUID(mail.data["review_id"])
    moment = now(session)
    followed = follow(session, review_id, mark_of(review_id, mail.address), berlin_date(moment))
    if followed is None or followed.speaker_id is None:
        return None
    waiting = [each for each in followed.reviews if each.review.answer is NeedReviewAnswer.PENDING]
    if not waiting:
        return None
    review, recommendation = waiting[0].review, waiting[0].recommendation
    due_at = end_of_day(review.due_on)
    passed = is_over(due_at, moment)
    if not waiting[0].is_open and not (passed and mail.template == REMINDED):
        return None
    content = {
        "organisation": waiting[0].organisation.name,
        "reference": recommendation.reference,
        "title": recommendation.title,
        "url": url_of(recommendation),
        "months": review.months,
        "needs": [each.need.title for each in waiting],
        "until": german_date(review.due_on),
        "path": review_path(settings, review_id, mail.address),
        "is_over": passed,
    }
    page = f"{url_of(recommendation)}/wirkung"
    # One entry for all that is asked in the round, whatever of it is answered by now.
    first = min(each.review.id for each in followed.reviews)
    entry = deadline_file(settings, DeadlineKind.NEED_REVIEW, first, due_at=due_at, made_at=moment, path=page)
    return MailContent(content, calendar=[] if passed else [entry])
