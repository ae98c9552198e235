"""What a person can do with a proposal; submitted text is frozen, an edit of it makes a new version."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlmodel import Session, col, select

from app.actions.contributions import (
    TAG_FIELDS,
    change_text,
    check_tags,
    common_values,
    lock,
    replace_links,
    require_active,
    set_tags,
    speaking_as_author,
    target_of_merge,
)
from app.actions.creations import find_already_created
from app.actions.moves import decide, move
from app.actions.permissions import require
from app.actions.record import record, record_creation
from app.actions.speaking import speaking_in
from app.clock import now
from app.db import insert_if_absent
from app.domain.actors import Actor
from app.domain.events import EventType, SubjectType
from app.domain.permissions import Permission
from app.domain.proposals import PROPOSAL, ProposalState
from app.errors import Conflict, FieldError, Invalid
from app.forms.proposals import ProposalChange, ProposalForm, ProposalTransition
from app.i18n import _
from app.models.base import new_id
from app.models.needs import Need
from app.models.proposals import Proposal, ProposalNeed
from app.models.recommendations import BlockSource, RecommendationProposal
from app.queries import bodies, needs, proposals
from app.queries.base import get_for_update
from app.queries.blocks import find_blocks
from app.queries.scopes import scope_of

_EDITABLE = frozenset(
    {ProposalState.DRAFT, ProposalState.SUBMITTED, ProposalState.IN_DISCUSSION, ProposalState.DEFERRED}
)


def post_proposal(session: Session, form: ProposalForm, *, actor: Actor) -> tuple[Proposal, bool]:
    """Post a proposal to a body; it stays a draft until submitted. The flag is False where it stood already."""
    body = bodies.get_body(session, form.body_id, actor)
    require(Permission.PROPOSAL_POST, body, actor)
    earlier = find_already_created(session, Proposal, form, actor=actor)
    if earlier:
        return earlier, False
    require_active(body)
    speaker = speaking_in(actor, body.id, form.seat_id)
    check_tags(session, form)
    _check_needs(session, form.need_ids, actor)
    proposal = Proposal(**common_values(session, form, body, actor, speaker))
    data = {"body_id": str(body.id), "need_ids": [str(key) for key in form.need_ids]}
    record_creation(session, EventType.PROPOSAL_POSTED, proposal, actor=speaker, data=data, version=1)
    session.flush()
    set_tags(session, proposal, {name: getattr(form, name) for name in TAG_FIELDS})
    replace_links(session, ProposalNeed, "proposal_id", proposal.id, "need_id", form.need_ids)
    return proposal, True


def edit_proposal(session: Session, key: UUID, form: ProposalChange, *, actor: Actor) -> Proposal:
    """Change a draft; a changed text of a submitted proposal is a new version, and its supporters are told."""
    proposal = get_for_update(session, Proposal, key, proposals.visible(actor))
    require(Permission.PROPOSAL_EDIT, proposal, actor)
    if not is_editable(proposal):
        raise Conflict(_("Über diesen Vorschlag ist entschieden; sein Text steht fest."))
    if proposal.state is not ProposalState.DRAFT:
        require(Permission.PROPOSAL_SUBMIT, proposal, actor)
    check_tags(session, form)
    texts = change_text(proposal, form)
    if "topic_id" in form.model_fields_set:
        proposal.topic_id = form.topic_id
    if form.visibility is not None:
        _require_draft_for_readers(proposal, form)
        proposal.visibility = form.visibility
    if form.reader_ids is not None:
        _require_draft_for_readers(proposal, form)
    set_tags(session, proposal, {name: getattr(form, name) for name in TAG_FIELDS})
    if form.need_ids is not None:
        _check_needs(session, form.need_ids, actor)
        replace_links(session, ProposalNeed, "proposal_id", proposal.id, "need_id", form.need_ids)
    if texts and proposal.state is not ProposalState.DRAFT:
        proposal.version += 1
    session.add(proposal)
    speaker = speaking_as_author(proposal, actor)
    record(session, EventType.PROPOSAL_EDITED, proposal, actor=speaker, texts=texts, version=proposal.version)
    return proposal


def transition_proposal(session: Session, key: UUID, form: ProposalTransition, *, actor: Actor) -> Proposal:
    """Make a move of the proposal's table with what it needs."""
    merges = form.transition == "merge"
    proposal, target = lock(session, Proposal, key, actor, form.target_id if merges else None)
    scope = scope_of(proposal)
    decide(proposal, PROPOSAL, form.transition, actor=actor, reason=form.reason, scope=scope)
    data, texts = _carry_out(session, proposal, form, target, actor)
    speaker = speaking_as_author(proposal, actor) if form.transition in {"submit", "withdraw"} else actor
    move(
        session,
        proposal,
        PROPOSAL,
        form.transition,
        actor=speaker,
        reason=form.reason,
        scope=scope,
        data=data,
        texts=texts,
        version=proposal.version,
    )
    return proposal


def is_editable(proposal: Proposal) -> bool:
    """True until there is an outcome; what is submitted changes by a new version."""
    return proposal.state in _EDITABLE


def _carry_out(
    session: Session, proposal: Proposal, form: ProposalTransition, target: Proposal | None, actor: Actor
) -> tuple[dict[str, object], dict[str, str]]:
    """Set what the move needs; the data and texts its event vouches for."""
    match form.transition:
        case "submit":
            proposal.submitted_at = now(session)
        case "merge":
            proposal.merged_into_id = target_of_merge(proposal, target, form.target_id).id
            return {"target_id": str(proposal.merged_into_id)}, {}
        case "adopt" | "adopt_partly":
            return _take_up(session, proposal, form, actor)
        case "reopen":
            proposal.merged_into_id = proposal.answer = None
            proposal.block_ids = []
    return {}, {}


def _take_up(
    session: Session, proposal: Proposal, form: ProposalTransition, actor: Actor
) -> tuple[dict[str, object], dict[str, str]]:
    """Keep the answer and the blocks the proposal went into, and let those blocks name it as their source."""
    errors = []
    if not form.answer:
        errors.append(FieldError("answer", _("Bitte antworten Sie auf den Vorschlag.")))
    if not form.block_ids:
        errors.append(FieldError("block_ids", _("Bitte nennen Sie die Absätze, in die der Vorschlag eingegangen ist.")))
    blocks = find_blocks(session, form.block_ids, actor) if form.block_ids else {}
    if set(form.block_ids) - set(blocks):
        errors.append(FieldError("block_ids", _("Diesen Absatz gibt es nicht.")))
    if errors or form.answer is None:
        raise Invalid(*errors)
    proposal.answer = form.answer
    proposal.block_ids = [str(key) for key in dict.fromkeys(form.block_ids)]
    for block_id, recommendation_id in blocks.items():
        _link_block(session, proposal, recommendation_id, block_id, actor)
    data: dict[str, object] = {
        "block_ids": proposal.block_ids,
        "recommendation_ids": sorted({str(key) for key in blocks.values()}),
    }
    return data, {"answer": form.answer}


def _link_block(session: Session, proposal: Proposal, recommendation_id: UUID, block_id: UUID, actor: Actor) -> None:
    link = {"recommendation_id": recommendation_id, "proposal_id": proposal.id}
    insert_if_absent(session, RecommendationProposal, link)
    source = {
        "id": new_id(now(session)),
        "created_at": now(session),
        "recommendation_id": recommendation_id,
        "block_id": block_id,
        "source_type": SubjectType.PROPOSAL,
        "source_id": proposal.id,
        "author_id": actor.person_id,
    }
    insert_if_absent(session, BlockSource, source)


def _check_needs(session: Session, keys: Sequence[UUID], actor: Actor) -> None:
    if not keys:
        return
    found = session.exec(select(Need.id).where(col(Need.id).in_(keys), needs.visible(actor))).all()
    if set(found) != set(keys):
        raise Invalid(FieldError("need_ids", _("Diesen Bedarf gibt es nicht.")))


def _require_draft_for_readers(proposal: Proposal, form: ProposalChange) -> None:
    is_same = form.visibility in {None, proposal.visibility} and form.reader_ids is None
    if proposal.state is not ProposalState.DRAFT and not is_same:
        raise Conflict(_("Wer den Vorschlag liest, steht seit dem Einreichen fest."))
