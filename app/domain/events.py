"""The facts the record knows: one word each, named in the past tense, never a sentence."""

from __future__ import annotations

from enum import StrEnum


class SubjectType(StrEnum):
    """The nouns that have a history of their own."""

    PROGRAMME = "programme"
    EDITION = "edition"
    ORGANISATION = "organisation"
    PERSON = "person"
    BODY = "body"
    SEAT = "seat"
    NEED = "need"
    PROPOSAL = "proposal"
    COMMENT = "comment"
    RECOMMENDATION = "recommendation"
    COMMENT_ROUND = "comment_round"
    STATEMENT = "statement"
    AMENDMENT = "amendment"
    BALLOT = "ballot"
    POSITION = "position"
    DISSENTING_OPINION = "dissenting_opinion"
    CO_SIGNATURE = "co_signature"
    THEME_CONSIDERATION = "theme_consideration"
    RESPONSE = "response"
    MEASURE = "measure"
    PROGRESS_REPORT = "progress_report"
    COMMITMENT = "commitment"
    CROSS_REFERENCE = "cross_reference"
    PUBLICATION = "publication"
    IMPLEMENTATION_REPORT = "implementation_report"
    ATTACHMENT = "attachment"
    MARK_SHEET = "mark_sheet"
    REUSE = "reuse"
    NEED_REVIEW = "need_review"
    GOAL = "goal"
    INDICATOR = "indicator"


class EventType(StrEnum):
    """What happened to a subject: `<subject type>.<fact>`."""

    PROGRAMME_CREATED = "programme.created"
    PROGRAMME_CHANGED = "programme.changed"
    EDITION_CREATED = "edition.created"
    EDITION_CHANGED = "edition.changed"
    EDITION_FROZEN = "edition.frozen"
    EDITION_ADOPTED = "edition.adopted"
    EDITION_PUBLISHED = "edition.published"
    EDITION_ARCHIVED = "edition.archived"
    ORGANISATION_CREATED = "organisation.created"
    ORGANISATION_CHANGED = "organisation.changed"
    PERSON_CREATED = "person.created"
    PERSON_INVITED = "person.invited"
    PERSON_JOINED = "person.joined"
    PERSON_CHANGED = "person.changed"
    PERSON_PASSWORD_SET = "person.password_set"
    PERSON_TOKEN_MADE = "person.token_made"
    PERSON_TOKEN_REVOKED = "person.token_revoked"
    PERSON_ROLE_GRANTED = "person.role_granted"
    PERSON_ACCESS_ENDED = "person.access_ended"
    PERSON_ACCESS_REOPENED = "person.access_reopened"
    PERSON_REDACTED = "person.redacted"
    TEXT_REDACTED = "record.text_redacted"
    BODY_CREATED = "body.created"
    BODY_CHANGED = "body.changed"
    BODY_ACTIVATED = "body.activated"
    BODY_PAUSED = "body.paused"
    BODY_RESUMED = "body.resumed"
    BODY_CLOSED = "body.closed"
    SEAT_OFFERED = "seat.offered"
    SEAT_CHANGED = "seat.changed"
    SEAT_NOMINATION_ASKED = "seat.nomination_asked"
    SEAT_NOMINATED = "seat.nominated"
    SEAT_DECLINED = "seat.declined"
    SEAT_FILLED = "seat.filled"
    SEAT_VACATED = "seat.vacated"
    SEAT_MEMBER_JOINED = "seat.member_joined"
    SEAT_MEMBER_LEFT = "seat.member_left"
    NEED_POSTED = "need.posted"
    NEED_IMPORTED = "need.imported"
    NEED_EDITED = "need.edited"
    NEED_SUBMITTED = "need.submitted"
    NEED_ACCEPTED = "need.accepted"
    NEED_MERGED = "need.merged"
    NEED_FORWARDED = "need.forwarded"
    NEED_DEFERRED = "need.deferred"
    NEED_DECLINED = "need.declined"
    NEED_WITHDRAWN = "need.withdrawn"
    NEED_ANSWERED = "need.answered"
    NEED_REOPENED = "need.reopened"
    NEED_SUPPORTED = "need.supported"
    NEED_EVIDENCE_ADDED = "need.evidence_added"
    PROPOSAL_POSTED = "proposal.posted"
    PROPOSAL_EDITED = "proposal.edited"
    PROPOSAL_SUBMITTED = "proposal.submitted"
    PROPOSAL_DISCUSSED = "proposal.discussed"
    PROPOSAL_ADOPTED = "proposal.adopted"
    PROPOSAL_PARTLY_ADOPTED = "proposal.partly_adopted"
    PROPOSAL_REJECTED = "proposal.rejected"
    PROPOSAL_MERGED = "proposal.merged"
    PROPOSAL_DEFERRED = "proposal.deferred"
    PROPOSAL_WITHDRAWN = "proposal.withdrawn"
    PROPOSAL_REOPENED = "proposal.reopened"
    PROPOSAL_SUPPORTED = "proposal.supported"
    PROPOSAL_EVIDENCE_ADDED = "proposal.evidence_added"
    COMMENT_POSTED = "comment.posted"
    COMMENT_WITHDRAWN = "comment.withdrawn"
    RECOMMENDATION_DRAFTED = "recommendation.drafted"
    RECOMMENDATION_CHANGED = "recommendation.changed"
    RECOMMENDATION_VERSION_SAVED = "recommendation.version_saved"
    RECOMMENDATION_EVIDENCE_ADDED = "recommendation.evidence_added"
    RECOMMENDATION_REVIEW_STARTED = "recommendation.review_started"
    RECOMMENDATION_COMMENTS_OPENED = "recommendation.comments_opened"
    RECOMMENDATION_COMMENTS_CLOSED = "recommendation.comments_closed"
    RECOMMENDATION_DECISION_CALLED = "recommendation.decision_called"
    RECOMMENDATION_DECISION_REPEATED = "recommendation.decision_repeated"
    RECOMMENDATION_CARRIED = "recommendation.carried"
    RECOMMENDATION_CARRIED_WITH_DISSENT = "recommendation.carried_with_dissent"
    RECOMMENDATION_ENDORSED = "recommendation.endorsed"
    RECOMMENDATION_ADOPTED = "recommendation.adopted"
    RECOMMENDATION_PUBLICATION_SCHEDULED = "recommendation.publication_scheduled"
    RECOMMENDATION_PUBLICATION_UNSCHEDULED = "recommendation.publication_unscheduled"
    RECOMMENDATION_PUBLISHED = "recommendation.published"
    RECOMMENDATION_RETURNED = "recommendation.returned_to_draft"
    RECOMMENDATION_REVISED = "recommendation.revised"
    RECOMMENDATION_SUSPENDED = "recommendation.suspended"
    RECOMMENDATION_RESUMED = "recommendation.resumed"
    RECOMMENDATION_REJECTED = "recommendation.rejected"
    RECOMMENDATION_DISCONTINUED = "recommendation.discontinued"
    RECOMMENDATION_CHECKED = "recommendation.checked"
    RECOMMENDATION_CONFIRMED = "recommendation.confirmed"
    RECOMMENDATION_SUPERSEDED = "recommendation.superseded"
    RECOMMENDATION_REPEALED = "recommendation.repealed"
    RECOMMENDATION_EDITION_CHANGED = "recommendation.edition_changed"
    RECOMMENDATION_CONTINUED = "recommendation.continued"
    RECOMMENDATION_TRACKING_CLOSED = "recommendation.tracking_closed"
    RECOMMENDATION_TRACKING_REOPENED = "recommendation.tracking_reopened"
    RECOMMENDATION_INVITATION_RECORDED = "recommendation.invitation_recorded"
    RECOMMENDATION_ERRATUM_ADDED = "recommendation.erratum_added"
    ROUND_OPENED = "comment_round.opened"
    ROUND_CLOSED = "comment_round.closed"
    ROUND_EXTENDED = "comment_round.extended"
    ROUND_LINK_MADE = "comment_round.link_made"
    ROUND_LINK_REVOKED = "comment_round.link_revoked"
    STATEMENT_SUBMITTED = "statement.submitted"
    STATEMENT_WITHDRAWN = "statement.withdrawn"
    STATEMENT_DISPOSED = "statement.disposed"
    AMENDMENT_FILED = "amendment.filed"
    AMENDMENT_WITHDRAWN = "amendment.withdrawn"
    AMENDMENT_DISPOSED = "amendment.disposed"
    BALLOT_OPENED = "ballot.opened"
    BALLOT_CLOSED = "ballot.closed"
    BALLOT_POSTPONED = "ballot.postponed"
    BALLOT_VOIDED = "ballot.voided"
    BALLOT_DISSENT_WAIVED = "ballot.dissent_waived"
    POSITION_TAKEN = "position.taken"
    POSITION_CHANGED = "position.changed"
    POSITION_RECORDED = "position.recorded"
    DISSENT_FILED = "dissenting_opinion.filed"
    DISSENT_CO_SIGNATURE_DECLINED = "dissenting_opinion.co_signature_declined"
    CO_SIGNATURE_REQUESTED = "co_signature.requested"
    CO_SIGNATURE_GIVEN = "co_signature.given"
    CO_SIGNATURE_CONDITIONAL = "co_signature.conditional"
    CO_SIGNATURE_RESERVED = "co_signature.reserved"
    CO_SIGNATURE_REFUSED = "co_signature.refused"
    CO_SIGNATURE_LIFTED = "co_signature.lifted"
    CO_SIGNATURE_WITHDRAWN = "co_signature.withdrawn"
    CO_SIGNATURE_REQUESTED_AGAIN = "co_signature.requested_again"
    THEME_CONSIDERATION_STATED = "theme_consideration.stated"
    THEME_CONSIDERATION_CHANGED = "theme_consideration.changed"
    RESPONSE_ASKED = "response.asked"
    RESPONSE_ANSWERED = "response.answered"
    RESPONSE_REMINDED = "response.reminded"
    MEASURE_PLANNED = "measure.planned"
    MEASURE_CHANGED = "measure.changed"
    MEASURE_STARTED = "measure.started"
    MEASURE_REPORTED_DONE = "measure.reported_done"
    MEASURE_SUSPENDED = "measure.suspended"
    MEASURE_RESUMED = "measure.resumed"
    MEASURE_ABORTED = "measure.aborted"
    MEASURE_DROPPED = "measure.dropped"
    MEASURE_VERIFIED = "measure.verified"
    MEASURE_SENT_BACK = "measure.sent_back"
    MEASURE_REOPENED = "measure.reopened"
    MEASURE_EVIDENCE_ADDED = "measure.evidence_added"
    MEASURE_REPORT_REMINDED = "measure.report_reminded"
    REPORT_DRAFTED = "progress_report.drafted"
    REPORT_CHANGED = "progress_report.changed"
    REPORT_SUBMITTED = "progress_report.submitted"
    REPORT_ASKED_BACK = "progress_report.asked_back"
    COMMITMENT_MADE = "commitment.made"
    COMMITMENT_CHANGED = "commitment.changed"
    COMMITMENT_FULFILLED = "commitment.fulfilled"
    COMMITMENT_WITHDRAWN = "commitment.withdrawn"
    COMMITMENT_RENEWED = "commitment.renewed"
    CROSS_REFERENCE_ENTERED = "cross_reference.entered"
    CROSS_REFERENCE_WITHDRAWN = "cross_reference.withdrawn"
    PUBLICATION_ENTERED = "publication.entered"
    PUBLICATION_CHANGED = "publication.changed"
    PUBLICATION_WITHDRAWN = "publication.withdrawn"
    IMPLEMENTATION_REPORT_FROZEN = "implementation_report.frozen"
    IMPLEMENTATION_REPORT_PUBLISHED = "implementation_report.published"
    IMPLEMENTATION_REPORT_DISCARDED = "implementation_report.discarded"
    IMPLEMENTATION_REPORT_WITHDRAWN = "implementation_report.withdrawn"
    IMPLEMENTATION_REPORT_REDACTED = "implementation_report.redacted"
    MARKS_MADE = "mark_sheet.made"
    MARKS_CHANGED = "mark_sheet.changed"
    ATTACHMENT_ADDED = "attachment.added"
    ATTACHMENT_REMOVED = "attachment.removed"
    ATTACHMENT_REDACTED = "attachment.redacted"
    REUSE_CONFIRMED = "reuse.confirmed"
    REUSE_RELEASED = "reuse.released"
    REUSE_DECLINED = "reuse.declined"
    REUSE_REAFFIRMED = "reuse.reaffirmed"
    REUSE_ENDED = "reuse.ended"
    NEED_REVIEW_ASKED = "need_review.asked"
    NEED_REVIEW_ANSWERED = "need_review.answered"
    NEED_REVIEW_REMINDED = "need_review.reminded"
    GOAL_PROPOSED = "goal.proposed"
    GOAL_CHANGED = "goal.changed"
    GOAL_AGREED = "goal.agreed"
    GOAL_REVISED = "goal.revised"
    GOAL_DROPPED = "goal.dropped"
    INDICATOR_DEFINED = "indicator.defined"
    INDICATOR_CHANGED = "indicator.changed"
    INDICATOR_READING_ADDED = "indicator.reading_added"
    INDICATOR_READING_CORRECTED = "indicator.reading_corrected"


CREATIONS = frozenset(
    {
        EventType.PROGRAMME_CREATED,
        EventType.EDITION_CREATED,
        EventType.ORGANISATION_CREATED,
        EventType.PERSON_CREATED,
        EventType.BODY_CREATED,
        EventType.SEAT_OFFERED,
        EventType.NEED_POSTED,
        EventType.NEED_IMPORTED,
        EventType.PROPOSAL_POSTED,
        EventType.COMMENT_POSTED,
        EventType.RECOMMENDATION_DRAFTED,
        EventType.ROUND_OPENED,
        EventType.STATEMENT_SUBMITTED,
        EventType.AMENDMENT_FILED,
        EventType.BALLOT_OPENED,
        EventType.POSITION_TAKEN,
        EventType.POSITION_RECORDED,
        EventType.DISSENT_FILED,
        EventType.CO_SIGNATURE_REQUESTED,
        EventType.THEME_CONSIDERATION_STATED,
        EventType.RESPONSE_ASKED,
        EventType.MEASURE_PLANNED,
        EventType.REPORT_DRAFTED,
        EventType.REPORT_SUBMITTED,
        EventType.COMMITMENT_MADE,
        EventType.CROSS_REFERENCE_ENTERED,
        EventType.PUBLICATION_ENTERED,
        EventType.IMPLEMENTATION_REPORT_FROZEN,
        EventType.ATTACHMENT_ADDED,
        EventType.MARKS_MADE,
        EventType.REUSE_CONFIRMED,
        EventType.NEED_REVIEW_ASKED,
        EventType.GOAL_PROPOSED,
        EventType.INDICATOR_DEFINED,
    }
)
"""The events an object's chain may begin with; `dialogforum verify` checks it."""


def is_about(event_type: EventType, subject_type: SubjectType) -> bool:
    """True where the event's word begins with the noun; a text can be redacted on every noun."""
    return event_type is EventType.TEXT_REDACTED or event_type.value.split(".", 1)[0] == subject_type.value
