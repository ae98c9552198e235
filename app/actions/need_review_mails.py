"""Mails that ask whether needs persist: one to each mailbox for all needs of a round, and at each reminder."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlmodel import Session

from app.actions.mail import send_mail
from app.models.need_reviews import NeedReview
from app.queries.contact_addresses import contacts_of
from app.queries.need_reviews import is_first_unanswered

ASKED = "need_review_asked"
REMINDED = "need_review_reminder"
TEMPLATES = frozenset({ASKED, REMINDED})
"""What they say is asked for when they leave: the link is signed then, and a replaced one is sent to nobody."""


def mail_reviews(session: Session, reviews: Sequence[NeedReview], template: str) -> None:
    """Write to every mailbox of each organisation once for all it is asked; one statement."""
    first: dict[tuple[UUID, UUID, int], NeedReview] = {}
    for each in reviews:
        first.setdefault((each.recommendation_id, each.organisation_id, each.months), each)
    contacts = contacts_of(session, {each.organisation_id for each in first.values()})
    for review in first.values():
        for contact in contacts.get(review.organisation_id, []):
            send_mail(
                session,
                address=contact.address,
                template=template,
                data={"review_id": str(review.id)},
                thread_id=f"need_review.{review.recommendation_id}.{review.organisation_id}.{review.months}",
            )


def remind_of_review(session: Session, review_id: UUID) -> None:
    """Remind the mailboxes of an organisation once of all it has not answered, however many needs that is."""
    review = session.get_one(NeedReview, review_id)
    if is_first_unanswered(session, review):
        mail_reviews(session, [review], REMINDED)
