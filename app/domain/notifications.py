"""Who is told what, as data: event → circles of persons → urgency. Whether one may read it is asked later."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Final

from app.domain.events import EventType as E
from app.domain.events import SubjectType


class Urgency(StrEnum):
    """How soon a person must know: a deadline is always mailed, tasks come first, news can wait."""

    DEADLINE = "deadline"
    TASK = "task"
    NEWS = "news"


class MailRhythm(StrEnum):
    """How often news and tasks are mailed; deadlines and sign-in are always."""

    AT_ONCE = "at_once"
    DAILY = "daily"
    WEEKLY = "weekly"
    NEVER = "never"


KEPT_AFTER_READING: Final = timedelta(days=365)
KEPT_UNREAD: Final = timedelta(days=2 * 365)
"""How long a notification is kept; what it told of stays in the record."""


class RoomFact(StrEnum):
    """What those in a room of a round are told, as news; a room has no record, so none of it is an event."""

    COMMENTED = "commented"
    TAKEN_OVER = "taken_over"
    SENT = "sent"


class Circle(StrEnum):
    """Persons who are told because of what they are to a thing; `MEANINGS` says who that is."""

    AUTHOR = "author"
    SUPPORTERS = "supporters"
    DISCUSSANTS = "discussants"
    BODY = "body"
    LEADERSHIP = "leadership"
    EDITORS = "editors"
    OFFICE = "office"
    VOTERS = "voters"
    CO_SIGNERS = "co_signers"
    SEAT = "seat"
    ASKED = "asked"
    SILENT = "silent"
    ADDRESSED = "addressed"
    ADDRESSEES = "addressees"
    FOLLOWERS = "followers"


C = Circle
MEANINGS: Final = {
    C.AUTHOR: "who wrote the thing, or the statement or amendment that was answered",
    C.SUPPORTERS: "who declared an organisation's support for it",
    C.DISCUSSANTS: "who wrote in the same exchange",
    C.BODY: "everybody with a seat in the body, in whatever role",
    C.LEADERSHIP: "Leitung and stellvertretende Leitung of the body; the Geschäftsstelle where nobody leads it",
    C.EDITORS: "Redaktion of the body",
    C.OFFICE: "who looks after the body in the Geschäftsstelle, and their cover; the whole of it where nobody does",
    C.VOTERS: "members and deputies on the entitled seats of the ballot; of a position, on its seat alone",
    C.CO_SIGNERS: "members and deputies on the seats named under a Sondervotum",
    C.SEAT: "who holds the seat",
    C.ASKED: "who acts for an organisation the Stellungnahmeverfahren asks by name, the body's among them",
    C.SILENT: "of these, who acts for an organisation that has not answered; asking for more time is no answer",
    C.ADDRESSED: "who acts for the organisation asked to sign or to answer, or responsible for the measure",
    C.ADDRESSEES: "who acts for an addressee of the recommendation",
    C.FOLLOWERS: "who follows the thing, its body, field or edition, what it is linked with (topic, Leitfrage, theme, "
    "target group), an organisation it addresses or that answers for it, or a list it stands in; as far as open then",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One row: who has a task now, and for whom it is news; who is in both has the task.

    Of what happens `within`, only followers of the body and of the Geschäftsstelle are told, even once the thing is
    published. `by_persons` leaves out what the system does by itself; `once` tells of many such events of a thing in
    one transaction only by the last.
    """

    tasks: frozenset[Circle] = frozenset()
    news: frozenset[Circle] = frozenset()
    within: bool = False
    by_persons: bool = False
    once: bool = False

    @property
    def circles(self) -> tuple[tuple[Urgency, frozenset[Circle]], ...]:
        """The circles that are not empty, the more urgent first."""
        return tuple(pair for pair in ((Urgency.TASK, self.tasks), (Urgency.NEWS, self.news)) if pair[1])


def _task(*circles: Circle, news: Iterable[Circle] = (), within: bool = False) -> Rule:
    return Rule(tasks=frozenset(circles), news=frozenset(news), within=within)


def _news(*circles: Circle, within: bool = False, by_persons: bool = False) -> Rule:
    return Rule(news=frozenset(circles), within=within, by_persons=by_persons)


_OUTCOME = _news(C.AUTHOR, C.SUPPORTERS, C.FOLLOWERS)
_EVIDENCE = _news(C.AUTHOR, C.FOLLOWERS, within=True)
_SIGNED_WITH_CONDITIONS = _task(C.OFFICE, news=(C.LEADERSHIP,), within=True)
_STEP = _news(C.BODY, C.FOLLOWERS)
_STEP_WITHIN = _news(C.BODY, C.FOLLOWERS, within=True)
_PROMISED = _news(C.LEADERSHIP, C.OFFICE, C.FOLLOWERS)
_ON_THE_WAY = _news(C.ADDRESSED, C.OFFICE, C.FOLLOWERS)
_OF_EDITION = _news(C.FOLLOWERS)
_OF_INDICATOR = _news(C.ADDRESSED, C.FOLLOWERS)
_READ = Rule(news=frozenset({C.FOLLOWERS}), once=True)

RULES: Final[dict[E, Rule]] = {
    E.EDITION_FROZEN: _OF_EDITION,
    E.EDITION_ADOPTED: _OF_EDITION,
    E.EDITION_PUBLISHED: _OF_EDITION,
    E.BODY_CHANGED: _news(C.BODY),
    E.BODY_ACTIVATED: _STEP,
    E.BODY_PAUSED: _STEP,
    E.BODY_RESUMED: _STEP,
    E.BODY_CLOSED: _STEP,
    E.SEAT_DECLINED: _news(C.OFFICE, C.LEADERSHIP),
    E.SEAT_VACATED: _task(C.OFFICE),
    E.SEAT_MEMBER_JOINED: _news(C.SEAT, C.LEADERSHIP, C.OFFICE),
    E.SEAT_MEMBER_LEFT: _news(C.LEADERSHIP),
    E.NEED_SUBMITTED: _task(C.LEADERSHIP, news=(C.FOLLOWERS,)),
    E.NEED_ACCEPTED: _OUTCOME,
    E.NEED_MERGED: _OUTCOME,
    E.NEED_FORWARDED: _task(C.LEADERSHIP, news=(C.AUTHOR, C.SUPPORTERS, C.FOLLOWERS)),
    E.NEED_DEFERRED: _OUTCOME,
    E.NEED_DECLINED: _OUTCOME,
    E.NEED_WITHDRAWN: _news(C.SUPPORTERS, C.LEADERSHIP, C.FOLLOWERS),
    E.NEED_ANSWERED: _OUTCOME,
    E.NEED_REOPENED: _OUTCOME,
    E.NEED_SUPPORTED: _news(C.AUTHOR, within=True),
    E.NEED_EVIDENCE_ADDED: _EVIDENCE,
    E.PROPOSAL_EDITED: _news(C.SUPPORTERS, C.AUTHOR, C.FOLLOWERS, within=True),
    E.PROPOSAL_SUBMITTED: _task(C.LEADERSHIP, news=(C.FOLLOWERS,)),
    E.PROPOSAL_DISCUSSED: _OUTCOME,
    E.PROPOSAL_ADOPTED: _OUTCOME,
    E.PROPOSAL_PARTLY_ADOPTED: _OUTCOME,
    E.PROPOSAL_REJECTED: _OUTCOME,
    E.PROPOSAL_MERGED: _OUTCOME,
    E.PROPOSAL_DEFERRED: _OUTCOME,
    E.PROPOSAL_WITHDRAWN: _news(C.SUPPORTERS, C.LEADERSHIP, C.FOLLOWERS),
    E.PROPOSAL_REOPENED: _OUTCOME,
    E.PROPOSAL_SUPPORTED: _news(C.AUTHOR, within=True),
    E.PROPOSAL_EVIDENCE_ADDED: _EVIDENCE,
    E.COMMENT_POSTED: _news(C.AUTHOR, C.DISCUSSANTS, C.FOLLOWERS, within=True),
    E.RECOMMENDATION_DRAFTED: _news(C.LEADERSHIP, C.EDITORS, C.FOLLOWERS, within=True),
    E.RECOMMENDATION_VERSION_SAVED: _news(C.AUTHOR, C.FOLLOWERS, within=True),
    E.RECOMMENDATION_EVIDENCE_ADDED: _EVIDENCE,
    E.RECOMMENDATION_REVIEW_STARTED: _STEP,
    E.RECOMMENDATION_CARRIED: _task(C.OFFICE, news=(C.BODY, C.FOLLOWERS)),
    E.RECOMMENDATION_CARRIED_WITH_DISSENT: _task(C.OFFICE, news=(C.BODY, C.FOLLOWERS)),
    E.RECOMMENDATION_ENDORSED: _STEP,
    E.RECOMMENDATION_ADOPTED: _STEP,
    E.RECOMMENDATION_PUBLICATION_SCHEDULED: _news(C.LEADERSHIP, C.OFFICE, within=True),
    E.RECOMMENDATION_PUBLICATION_UNSCHEDULED: _news(C.LEADERSHIP, C.OFFICE, within=True),
    E.RECOMMENDATION_PUBLISHED: _STEP,
    E.RECOMMENDATION_RETURNED: _task(C.EDITORS, news=(C.BODY, C.FOLLOWERS), within=True),
    E.RECOMMENDATION_SUSPENDED: _STEP_WITHIN,
    E.RECOMMENDATION_RESUMED: _STEP_WITHIN,
    E.RECOMMENDATION_REJECTED: _STEP_WITHIN,
    E.RECOMMENDATION_DISCONTINUED: _STEP_WITHIN,
    E.RECOMMENDATION_CHECKED: _STEP,
    E.RECOMMENDATION_CONFIRMED: _news(C.BODY, C.ADDRESSEES, C.FOLLOWERS),
    E.RECOMMENDATION_SUPERSEDED: _task(C.LEADERSHIP, news=(C.BODY, C.ADDRESSEES, C.FOLLOWERS)),
    E.RECOMMENDATION_REPEALED: _task(C.LEADERSHIP, news=(C.BODY, C.ADDRESSEES, C.FOLLOWERS)),
    E.RECOMMENDATION_EDITION_CHANGED: _news(C.LEADERSHIP, C.EDITORS, C.FOLLOWERS, within=True),
    E.RECOMMENDATION_CONTINUED: _news(C.LEADERSHIP, C.EDITORS, C.FOLLOWERS, within=True),
    E.RECOMMENDATION_TRACKING_CLOSED: _news(C.LEADERSHIP, C.OFFICE, C.FOLLOWERS, within=True),
    E.RECOMMENDATION_TRACKING_REOPENED: _news(C.LEADERSHIP, C.OFFICE, C.FOLLOWERS, within=True),
    E.RECOMMENDATION_ERRATUM_ADDED: _news(C.BODY, C.ADDRESSEES, C.FOLLOWERS),
    E.ROUND_OPENED: _task(C.ASKED, news=(C.BODY, C.FOLLOWERS)),
    E.ROUND_CLOSED: _task(C.LEADERSHIP, C.EDITORS, news=(C.FOLLOWERS,)),
    E.ROUND_EXTENDED: _task(C.SILENT, news=(C.ASKED, C.BODY, C.FOLLOWERS)),
    E.STATEMENT_SUBMITTED: _task(C.LEADERSHIP, C.EDITORS, within=True),
    E.STATEMENT_WITHDRAWN: _news(C.LEADERSHIP, C.EDITORS, within=True),
    E.STATEMENT_DISPOSED: _news(C.AUTHOR, by_persons=True),
    E.AMENDMENT_FILED: _task(C.LEADERSHIP, C.EDITORS, news=(C.FOLLOWERS,), within=True),
    E.AMENDMENT_WITHDRAWN: _news(C.LEADERSHIP, C.EDITORS, within=True),
    E.AMENDMENT_DISPOSED: _news(C.AUTHOR, by_persons=True),
    E.BALLOT_OPENED: _task(C.VOTERS, news=(C.BODY, C.FOLLOWERS)),
    E.BALLOT_CLOSED: _task(C.LEADERSHIP, news=(C.VOTERS, C.BODY, C.FOLLOWERS)),
    E.BALLOT_POSTPONED: _task(C.VOTERS, news=(C.BODY, C.FOLLOWERS)),
    E.BALLOT_VOIDED: _news(C.VOTERS, C.BODY, C.FOLLOWERS, within=True),
    E.POSITION_RECORDED: _news(C.VOTERS, within=True),
    E.DISSENT_FILED: _news(C.CO_SIGNERS, C.LEADERSHIP, C.OFFICE, C.FOLLOWERS, within=True),
    E.DISSENT_CO_SIGNATURE_DECLINED: _news(C.AUTHOR, C.LEADERSHIP, C.OFFICE, within=True),
    E.CO_SIGNATURE_REQUESTED: _task(C.ADDRESSED),
    E.CO_SIGNATURE_GIVEN: _news(C.OFFICE, within=True),
    E.CO_SIGNATURE_CONDITIONAL: _SIGNED_WITH_CONDITIONS,
    E.CO_SIGNATURE_RESERVED: _SIGNED_WITH_CONDITIONS,
    E.CO_SIGNATURE_REFUSED: _SIGNED_WITH_CONDITIONS,
    E.CO_SIGNATURE_LIFTED: _news(C.OFFICE, C.LEADERSHIP, within=True),
    E.CO_SIGNATURE_REQUESTED_AGAIN: _task(C.ADDRESSED),
    E.RESPONSE_ASKED: _task(C.ADDRESSED),
    E.RESPONSE_ANSWERED: _news(C.LEADERSHIP, C.OFFICE, C.FOLLOWERS),
    E.MEASURE_PLANNED: _ON_THE_WAY,
    E.MEASURE_CHANGED: _news(C.ADDRESSED, C.FOLLOWERS, within=True),
    E.MEASURE_STARTED: _ON_THE_WAY,
    E.MEASURE_REPORTED_DONE: _task(C.OFFICE, news=(C.ADDRESSED, C.FOLLOWERS)),
    E.MEASURE_SUSPENDED: _ON_THE_WAY,
    E.MEASURE_RESUMED: _ON_THE_WAY,
    E.MEASURE_ABORTED: _ON_THE_WAY,
    E.MEASURE_DROPPED: _ON_THE_WAY,
    E.MEASURE_VERIFIED: _news(C.ADDRESSED, C.FOLLOWERS),
    E.MEASURE_SENT_BACK: _task(C.ADDRESSED, within=True),
    E.MEASURE_REOPENED: _task(C.ADDRESSED, news=(C.FOLLOWERS,)),
    E.MEASURE_EVIDENCE_ADDED: _news(C.ADDRESSED, C.OFFICE, C.FOLLOWERS, within=True),
    E.REPORT_SUBMITTED: _news(C.OFFICE, C.LEADERSHIP, C.FOLLOWERS),
    E.REPORT_ASKED_BACK: _task(C.ADDRESSED, within=True),
    E.NEED_REVIEW_ASKED: _task(C.ADDRESSED),
    E.REUSE_CONFIRMED: _task(C.OFFICE, within=True),
    E.REUSE_RELEASED: _news(C.LEADERSHIP, C.FOLLOWERS),
    E.REUSE_ENDED: _news(C.LEADERSHIP, C.FOLLOWERS),
    E.COMMITMENT_MADE: _PROMISED,
    E.COMMITMENT_CHANGED: _PROMISED,
    E.COMMITMENT_FULFILLED: _PROMISED,
    E.COMMITMENT_WITHDRAWN: _PROMISED,
    E.COMMITMENT_RENEWED: _PROMISED,
    E.GOAL_PROPOSED: _task(C.LEADERSHIP, news=(C.BODY, C.FOLLOWERS), within=True),
    E.GOAL_AGREED: _STEP,
    E.GOAL_REVISED: _STEP,
    E.GOAL_DROPPED: _STEP,
    E.INDICATOR_DEFINED: _OF_INDICATOR,
    E.INDICATOR_CHANGED: _OF_INDICATOR,
    E.INDICATOR_READING_ADDED: _READ,
    E.INDICATOR_READING_CORRECTED: _READ,
    E.PUBLICATION_ENTERED: _news(C.FOLLOWERS),
}
"""Every event that somebody is told of."""

_SETTING_UP = "setting up is seen on its page"
_ACCOUNT = "an account's own affairs are mailed by the action itself, where they are mailed"
_DRAFT = "nobody else reads a draft"
_LISTED = "listed where it stands; who must know is told of what follows"
_REMINDED = "told by the action itself as of a deadline: to who acts for the organisation, and to its mailbox"
_SAID = "said by what happens with it: {}"

SILENT: Final[dict[E, str]] = {
    E.PROGRAMME_CREATED: _SETTING_UP,
    E.PROGRAMME_CHANGED: _SETTING_UP,
    E.EDITION_CREATED: _SETTING_UP,
    E.EDITION_CHANGED: _SETTING_UP,
    E.EDITION_ARCHIVED: _SETTING_UP,
    E.ORGANISATION_CREATED: _SETTING_UP,
    E.ORGANISATION_CHANGED: _SETTING_UP,
    E.PERSON_CREATED: _ACCOUNT,
    E.PERSON_INVITED: _ACCOUNT,
    E.PERSON_JOINED: _ACCOUNT,
    E.PERSON_CHANGED: _ACCOUNT,
    E.PERSON_PASSWORD_SET: _ACCOUNT,
    E.PERSON_TOKEN_MADE: _ACCOUNT,
    E.PERSON_TOKEN_REVOKED: _ACCOUNT,
    E.PERSON_ROLE_GRANTED: _ACCOUNT,
    E.PERSON_ACCESS_ENDED: _ACCOUNT,
    E.PERSON_ACCESS_REOPENED: _ACCOUNT,
    E.PERSON_REDACTED: _ACCOUNT,
    E.TEXT_REDACTED: "what was taken away is not pointed at",
    E.BODY_CREATED: _SETTING_UP,
    E.SEAT_OFFERED: _SETTING_UP,
    E.SEAT_CHANGED: _SETTING_UP,
    E.SEAT_NOMINATION_ASKED: "mailed to the address that is asked, which need have no account",
    E.SEAT_NOMINATED: _SAID.format("seat.member_joined"),
    E.SEAT_FILLED: _SAID.format("seat.member_joined"),
    E.NEED_POSTED: _DRAFT,
    E.NEED_IMPORTED: "thousands at once, and already handed in elsewhere",
    E.NEED_EDITED: _DRAFT,
    E.PROPOSAL_POSTED: _DRAFT,
    E.COMMENT_WITHDRAWN: "what was taken back is not pointed at",
    E.RECOMMENDATION_CHANGED: _LISTED,
    E.RECOMMENDATION_COMMENTS_OPENED: _SAID.format("comment_round.opened"),
    E.RECOMMENDATION_COMMENTS_CLOSED: _SAID.format("comment_round.closed"),
    E.RECOMMENDATION_DECISION_CALLED: _SAID.format("ballot.opened"),
    E.RECOMMENDATION_DECISION_REPEATED: _SAID.format("ballot.opened"),
    E.RECOMMENDATION_REVISED: _SAID.format("ballot.opened"),
    E.RECOMMENDATION_INVITATION_RECORDED: _LISTED,
    E.BALLOT_DISSENT_WAIVED: _LISTED,
    E.POSITION_TAKEN: "secret until the ballot is closed",
    E.POSITION_CHANGED: "secret until the ballot is closed",
    E.CO_SIGNATURE_WITHDRAWN: "mailed by the action itself: the organisation no longer reads the thing",
    E.THEME_CONSIDERATION_STATED: _LISTED,
    E.THEME_CONSIDERATION_CHANGED: _LISTED,
    E.REPORT_DRAFTED: _DRAFT,
    E.REPORT_CHANGED: _DRAFT,
    E.CROSS_REFERENCE_ENTERED: _LISTED,
    E.CROSS_REFERENCE_WITHDRAWN: _LISTED,
    E.PUBLICATION_CHANGED: "a word of the entry was mended; what it points to is the same",
    E.PUBLICATION_WITHDRAWN: "what was taken back is not pointed at",
    E.IMPLEMENTATION_REPORT_FROZEN: "nobody but the Geschäftsstelle reads it before it is published",
    E.IMPLEMENTATION_REPORT_PUBLISHED: _SAID.format("publication.entered"),
    E.IMPLEMENTATION_REPORT_DISCARDED: "nobody but the Geschäftsstelle has read it",
    E.IMPLEMENTATION_REPORT_WITHDRAWN: "what was taken back is not pointed at",
    E.IMPLEMENTATION_REPORT_REDACTED: "what was taken away is not pointed at",
    E.ROUND_LINK_MADE: "mailed by the action itself: who gets the link has no account",
    E.ROUND_LINK_REVOKED: "what was taken back is not pointed at",
    E.MARKS_MADE: "no vote: the Redaktion sees the marks together, on their page",
    E.MARKS_CHANGED: "no vote: the Redaktion sees the marks together, on their page",
    E.ATTACHMENT_ADDED: _LISTED,
    E.ATTACHMENT_REMOVED: "what was taken away is not pointed at",
    E.ATTACHMENT_REDACTED: "what was taken away is not pointed at",
    E.NEED_REVIEW_ANSWERED: "only counted; what it comes to is a task of the Geschäftsstelle",
    E.RESPONSE_REMINDED: _REMINDED,
    E.MEASURE_REPORT_REMINDED: _REMINDED,
    E.NEED_REVIEW_REMINDED: _REMINDED,
    E.REUSE_DECLINED: "mailed by the action itself to the mailbox it came from, before that is forgotten",
    E.REUSE_REAFFIRMED: "nothing changed; the day stands with the entry",
    E.GOAL_CHANGED: "a proposal is worked on where it stands; what is decided of it is told",
}
"""Every event nobody is told of, and why."""

PLACES: Final[dict[SubjectType, tuple[SubjectType, str]]] = {
    SubjectType.SEAT: (SubjectType.BODY, "body_id"),
    SubjectType.COMMENT_ROUND: (SubjectType.RECOMMENDATION, "recommendation_id"),
    SubjectType.STATEMENT: (SubjectType.RECOMMENDATION, "recommendation_id"),
    SubjectType.AMENDMENT: (SubjectType.RECOMMENDATION, "recommendation_id"),
    SubjectType.BALLOT: (SubjectType.RECOMMENDATION, "recommendation_id"),
    SubjectType.POSITION: (SubjectType.RECOMMENDATION, "ballot_id"),
    SubjectType.DISSENTING_OPINION: (SubjectType.RECOMMENDATION, "recommendation_id"),
    SubjectType.CO_SIGNATURE: (SubjectType.RECOMMENDATION, "recommendation_id"),
    SubjectType.THEME_CONSIDERATION: (SubjectType.RECOMMENDATION, "recommendation_id"),
    SubjectType.RESPONSE: (SubjectType.RECOMMENDATION, "recommendation_id"),
    SubjectType.COMMITMENT: (SubjectType.RECOMMENDATION, "recommendation_id"),
    SubjectType.NEED_REVIEW: (SubjectType.RECOMMENDATION, "recommendation_id"),
    SubjectType.REUSE: (SubjectType.RECOMMENDATION, "recommendation_id"),
    SubjectType.PROGRESS_REPORT: (SubjectType.MEASURE, "measure_id"),
}
"""On whose page a thing is read, and which field of it names that, of a position through its ballot.

A comment names both; all else has its own page.
"""

OWN_PLACES: Final[dict[E, tuple[SubjectType, str]]] = {E.STATEMENT_DISPOSED: (SubjectType.STATEMENT, "id")}
"""Where what is told has another place: its author may no longer read the draft a statement was about."""


def is_told(event_type: E, *, by_person: bool = True) -> bool:
    """True where somebody is to be told of the event."""
    rule = RULES.get(event_type)
    return rule is not None and (by_person or not rule.by_persons)
