"""Who may do what: one table from permission to the capabilities that grant it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from app.domain.actors import VOTING_ROLES, WRITING_ROLES, Actor, ActorKind, MembershipRole, PersonRole


class Capability(StrEnum):
    """What an actor is towards one thing."""

    SYSTEM = "system"
    SIGNED_IN = "signed_in"
    SECRETARIAT = "secretariat"
    ADMIN = "admin"
    AUDITOR = "auditor"
    CHAIR = "chair"
    RAPPORTEUR = "rapporteur"
    WRITER = "writer"
    DRAFTER = "drafter"
    BODY = "body"
    VOTER = "voter"
    AUTHOR = "author"
    AUTHOR_SEAT = "author_seat"
    AUTHOR_STAFF = "author_staff"
    OWNER = "owner"


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """What of a thing decides about permission.

    `body_id` its body; `author_id`, `author_seat_id` who wrote it and from which seat;
    `owner_ids` the organisations that answer for it (addressee, responsible, co-signing).
    """

    body_id: UUID | None = None
    author_id: UUID | None = None
    author_seat_id: UUID | None = None
    owner_ids: frozenset[UUID] = frozenset()


class Permission(StrEnum):
    """What can be allowed; an action names exactly one."""

    PROGRAMME_MANAGE = "programme.manage"
    ORGANISATION_MANAGE = "organisation.manage"
    PERSON_MANAGE = "person.manage"
    PERSON_ROLE_GRANT = "person.role_grant"
    SETTINGS_MANAGE = "settings.manage"
    RECORD_READ = "record.read"
    RECORD_REDACT = "record.redact"
    BODY_MANAGE = "body.manage"
    BODY_READ = "body.read"
    SEAT_MANAGE = "seat.manage"
    SEAT_NOMINATE = "seat.nominate"
    SEAT_FILLED_BY_SYSTEM = "seat.filled_by_system"
    NEED_POST = "need.post"
    NEED_SUBMIT = "need.submit"
    NEED_EDIT = "need.edit"
    NEED_SCREEN = "need.screen"
    PROPOSAL_POST = "proposal.post"
    PROPOSAL_SUBMIT = "proposal.submit"
    PROPOSAL_EDIT = "proposal.edit"
    PROPOSAL_DECIDE = "proposal.decide"
    SUPPORT = "support"
    COMMENT_POST = "comment.post"
    COMMENT_WITHDRAW = "comment.withdraw"
    EVIDENCE_ADD = "evidence.add"
    ATTACHMENT_ADD = "attachment.add"
    ATTACHMENT_REMOVE = "attachment.remove"
    RECOMMENDATION_DRAFT = "recommendation.draft"
    THEME_CONSIDER = "theme.consider"
    RECOMMENDATION_REVIEW = "recommendation.review"
    RECOMMENDATION_CONSULT = "recommendation.consult"
    RECOMMENDATION_DECIDE = "recommendation.decide"
    RECOMMENDATION_PAUSE = "recommendation.pause"
    RECOMMENDATION_ADVANCE = "recommendation.advance"
    RECOMMENDATION_PUBLISH = "recommendation.publish"
    BLOCK_MARK = "block.mark"
    STATEMENT_SUBMIT = "statement.submit"
    STATEMENT_WITHDRAW = "statement.withdraw"
    STATEMENT_ATTACH = "statement.attach"
    STATEMENT_DISPOSE = "statement.dispose"
    AMENDMENT_FILE = "amendment.file"
    AMENDMENT_WITHDRAW = "amendment.withdraw"
    AMENDMENT_DISPOSE = "amendment.dispose"
    INVITATION_RECORD = "invitation.record"
    BALLOT_VOTE = "ballot.vote"
    BALLOT_RECORD = "ballot.record"
    BALLOT_MANAGE = "ballot.manage"
    DISSENT_FILE = "dissent.file"
    CO_SIGNATURE_REQUEST = "co_signature.request"
    CO_SIGNATURE_ANSWER = "co_signature.answer"
    CO_SIGNATURE_RESET = "co_signature.reset"
    RESPONSE_ANSWER = "response.answer"
    NEED_REVIEW_ANSWER = "need_review.answer"
    MEASURE_CREATE = "measure.create"
    MEASURE_REPORT = "measure.report"
    REPORT_WRITE = "report.write"
    OUTSTANDING_REMIND = "outstanding.remind"
    MEASURE_VERIFY = "measure.verify"
    COMMITMENT_KEEP = "commitment.keep"
    CROSS_REFERENCE_MANAGE = "cross_reference.manage"
    PUBLICATION_MANAGE = "publication.manage"
    REUSE_RELEASE = "reuse.release"
    REUSE_KEEP = "reuse.keep"
    GOAL_PROPOSE = "goal.propose"
    GOAL_EDIT = "goal.edit"
    GOAL_AGREE = "goal.agree"
    INDICATOR_MANAGE = "indicator.manage"
    ERRATUM_ADD = "erratum.add"
    FEEDBACK_READ = "feedback.read"
    MAIL_MANAGE = "mail.manage"


_SYSTEM = frozenset({Capability.SYSTEM})
_SECRETARIAT = frozenset({Capability.SECRETARIAT})
_CHAIR = frozenset({Capability.CHAIR})
_EDITORS = frozenset({Capability.CHAIR, Capability.RAPPORTEUR})
_AUTHORS = frozenset({Capability.AUTHOR, Capability.AUTHOR_SEAT})
_OWNER = frozenset({Capability.OWNER, Capability.SECRETARIAT})

GRANTS: dict[Permission, frozenset[Capability]] = {
    Permission.PROGRAMME_MANAGE: _SECRETARIAT,
    Permission.ORGANISATION_MANAGE: frozenset({Capability.SECRETARIAT, Capability.SYSTEM}),
    Permission.PERSON_MANAGE: frozenset({Capability.SECRETARIAT, Capability.ADMIN, Capability.SYSTEM}),
    Permission.PERSON_ROLE_GRANT: frozenset({Capability.ADMIN, Capability.SYSTEM}),
    Permission.SETTINGS_MANAGE: frozenset({Capability.ADMIN}),
    Permission.RECORD_READ: frozenset({Capability.SECRETARIAT, Capability.AUDITOR}),
    Permission.RECORD_REDACT: frozenset({Capability.ADMIN, Capability.SECRETARIAT}),
    Permission.BODY_MANAGE: _SECRETARIAT,
    Permission.BODY_READ: frozenset({Capability.BODY, Capability.SECRETARIAT, Capability.AUDITOR}),
    Permission.SEAT_MANAGE: _SECRETARIAT,
    Permission.SEAT_NOMINATE: frozenset({*_OWNER, Capability.SYSTEM}),
    Permission.SEAT_FILLED_BY_SYSTEM: _SYSTEM,
    Permission.NEED_POST: frozenset({Capability.WRITER, Capability.DRAFTER, Capability.SECRETARIAT}),
    Permission.NEED_SUBMIT: _AUTHORS,
    Permission.NEED_EDIT: frozenset({*_AUTHORS, Capability.AUTHOR_STAFF}),
    Permission.NEED_SCREEN: frozenset({Capability.CHAIR, Capability.SYSTEM}),
    Permission.PROPOSAL_POST: frozenset({Capability.WRITER, Capability.DRAFTER, Capability.SECRETARIAT}),
    Permission.PROPOSAL_SUBMIT: _AUTHORS,
    Permission.PROPOSAL_EDIT: frozenset({*_AUTHORS, Capability.AUTHOR_STAFF}),
    Permission.PROPOSAL_DECIDE: _CHAIR,
    Permission.SUPPORT: frozenset({Capability.WRITER}),
    Permission.COMMENT_POST: frozenset(
        {Capability.WRITER, Capability.DRAFTER, Capability.SECRETARIAT, Capability.OWNER}
    ),
    Permission.COMMENT_WITHDRAW: frozenset({Capability.AUTHOR}),
    Permission.EVIDENCE_ADD: frozenset({Capability.WRITER, Capability.SECRETARIAT, Capability.OWNER}),
    Permission.ATTACHMENT_ADD: frozenset(
        {Capability.WRITER, Capability.SECRETARIAT, Capability.OWNER, Capability.AUTHOR, Capability.AUTHOR_STAFF}
    ),
    Permission.ATTACHMENT_REMOVE: frozenset({Capability.AUTHOR, Capability.SECRETARIAT}),
    Permission.RECOMMENDATION_DRAFT: _EDITORS,
    Permission.THEME_CONSIDER: _EDITORS,
    Permission.RECOMMENDATION_REVIEW: _EDITORS,
    Permission.RECOMMENDATION_CONSULT: frozenset({Capability.CHAIR, Capability.SYSTEM}),
    Permission.RECOMMENDATION_DECIDE: _CHAIR,
    Permission.RECOMMENDATION_PAUSE: _CHAIR,
    Permission.RECOMMENDATION_ADVANCE: _SECRETARIAT,
    Permission.RECOMMENDATION_PUBLISH: frozenset({Capability.SECRETARIAT, Capability.SYSTEM}),
    Permission.BLOCK_MARK: frozenset({Capability.WRITER}),
    Permission.STATEMENT_SUBMIT: frozenset({Capability.OWNER, Capability.VOTER, Capability.WRITER}),
    Permission.STATEMENT_WITHDRAW: frozenset({*_AUTHORS, Capability.SYSTEM}),
    Permission.STATEMENT_ATTACH: _AUTHORS,
    Permission.STATEMENT_DISPOSE: frozenset({*_EDITORS, Capability.SYSTEM}),
    Permission.AMENDMENT_FILE: frozenset({Capability.WRITER}),
    Permission.AMENDMENT_WITHDRAW: _AUTHORS,
    Permission.AMENDMENT_DISPOSE: frozenset({*_EDITORS, Capability.SYSTEM}),
    Permission.INVITATION_RECORD: frozenset({Capability.SECRETARIAT, Capability.CHAIR}),
    Permission.BALLOT_VOTE: frozenset({Capability.VOTER}),
    Permission.BALLOT_RECORD: _CHAIR,
    Permission.BALLOT_MANAGE: frozenset({Capability.CHAIR, Capability.SYSTEM}),
    Permission.DISSENT_FILE: frozenset({Capability.VOTER}),
    Permission.CO_SIGNATURE_REQUEST: _SECRETARIAT,
    Permission.CO_SIGNATURE_ANSWER: frozenset({Capability.OWNER}),
    Permission.CO_SIGNATURE_RESET: _SYSTEM,
    Permission.RESPONSE_ANSWER: frozenset({*_OWNER, Capability.SYSTEM}),
    Permission.NEED_REVIEW_ANSWER: frozenset({Capability.OWNER, Capability.SYSTEM}),
    Permission.MEASURE_CREATE: _OWNER,
    Permission.MEASURE_REPORT: _OWNER,
    Permission.REPORT_WRITE: frozenset({*_OWNER, Capability.SYSTEM}),
    Permission.OUTSTANDING_REMIND: _SECRETARIAT,
    Permission.MEASURE_VERIFY: _SECRETARIAT,
    Permission.COMMITMENT_KEEP: frozenset({Capability.OWNER}),
    Permission.CROSS_REFERENCE_MANAGE: _EDITORS,
    Permission.PUBLICATION_MANAGE: _SECRETARIAT,
    Permission.REUSE_RELEASE: _SECRETARIAT,
    Permission.REUSE_KEEP: frozenset({Capability.SECRETARIAT, Capability.SYSTEM}),
    Permission.GOAL_PROPOSE: frozenset({Capability.WRITER, Capability.SECRETARIAT}),
    Permission.GOAL_EDIT: frozenset({*_EDITORS, *_AUTHORS}),
    Permission.GOAL_AGREE: _CHAIR,
    Permission.INDICATOR_MANAGE: frozenset({*_EDITORS, *_OWNER}),
    Permission.ERRATUM_ADD: _SECRETARIAT,
    Permission.FEEDBACK_READ: frozenset({Capability.SECRETARIAT, Capability.ADMIN}),
    Permission.MAIL_MANAGE: frozenset({Capability.SECRETARIAT, Capability.ADMIN}),
}


def capabilities(actor: Actor, scope: Scope) -> frozenset[Capability]:
    """Everything the actor is towards the scope; empty for the public."""
    if actor.kind is not ActorKind.PERSON:
        return frozenset({Capability.SYSTEM})
    if not actor.is_signed_in:
        return frozenset()
    held = {Capability.SIGNED_IN} | _roles_of(actor) | _roles_in_body(actor, scope)
    if scope.author_id is not None and scope.author_id == actor.person_id and Capability.AUTHOR_STAFF not in held:
        held.add(Capability.AUTHOR)
    if actor.acts_for & scope.owner_ids:
        held.add(Capability.OWNER)
    return frozenset(held)


def is_granted(permission: Permission, held: frozenset[Capability]) -> bool:
    """True where one of the capabilities grants the permission."""
    return not GRANTS[permission].isdisjoint(held)


def _roles_of(actor: Actor) -> set[Capability]:
    match actor.role:
        case PersonRole.SECRETARIAT:
            return {Capability.SECRETARIAT, Capability.CHAIR}
        case PersonRole.ADMIN:
            return {Capability.ADMIN}
        case PersonRole.AUDITOR:
            return {Capability.AUDITOR}
        case _:
            return set()


def _roles_in_body(actor: Actor, scope: Scope) -> set[Capability]:
    held: set[Capability] = set()
    for seat in actor.seats_in(scope.body_id) if scope.body_id else ():
        held.add(Capability.BODY)
        if actor.leads(scope.body_id):
            held.add(Capability.CHAIR)
        if seat.role is MembershipRole.RAPPORTEUR:
            held.add(Capability.RAPPORTEUR)
        if seat.role in WRITING_ROLES:
            held.add(Capability.WRITER)
        if seat.role is MembershipRole.STAFF:
            held.add(Capability.DRAFTER)
        if seat.voting and seat.role in VOTING_ROLES:
            held.add(Capability.VOTER)
        if seat.seat_id == scope.author_seat_id and seat.role in VOTING_ROLES:
            held.add(Capability.AUTHOR_SEAT)
        if seat.seat_id == scope.author_seat_id and seat.role is MembershipRole.STAFF:
            held.add(Capability.AUTHOR_STAFF)
    return held
