"""Pages of proposals: the list, one proposal with its former versions, posting and editing one, its moves, support."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request
from pydantic import Field
from sqlmodel import Session
from starlette.responses import Response

from app.actions import proposals as actions
from app.actions.moves import offers
from app.actions.permissions import may, require
from app.actions.support import support
from app.domain.actors import Actor
from app.domain.permissions import Permission
from app.domain.proposals import PROPOSAL, ProposalState
from app.errors import ApplicationError, Conflict
from app.forms.contributions import SupportForm
from app.forms.proposals import ProposalChange, ProposalForm, ProposalTransition
from app.i18n import _
from app.models.base import new_id
from app.models.proposals import Proposal
from app.queries import bodies, choices
from app.queries import proposals as queries
from app.queries.blocks import list_blocks_to_choose
from app.queries.contributions import Order, list_similar
from app.queries.kept import kept
from app.routers.contributions import (
    LISTS,
    PAGE_SIZE,
    ContributionPageFilter,
    bodies_to_post_in,
    form_context,
    list_context,
    page_context,
    rows_context,
    sent_lists,
    target_in,
    values_of,
)
from app.routers.deps import Member, Reader, ReadSession, SubmittedForm, Visitor, Writer, WriteSession, attempt
from app.routers.offers import ShownOffer, shown_offers
from app.routers.opened_forms import refuse_overtaken
from app.routers.pages import field_errors, render, see_other

router = APIRouter()
_TAGS = ("guiding_question_ids", "cross_cutting_theme_ids", "target_group_ids", "need_ids")
_NOTICES = {
    "submit": _("Der Vorschlag ist eingereicht. Sie sehen hier, was das Gremium daraus macht."),
    "discuss": _("Der Vorschlag ist in Beratung."),
    "adopt": _("Der Vorschlag ist übernommen; die Absätze nennen ihn als Quelle."),
    "adopt_partly": _("Der Vorschlag ist teilweise übernommen; die Absätze nennen ihn als Quelle."),
    "reject": _("Der Vorschlag ist nicht übernommen; die Begründung steht im Verlauf."),
    "merge": _("Die Vorschläge sind zusammengeführt. Die Unterstützung zählt nun auch beim Ziel."),
    "defer": _("Der Vorschlag ist zurückgestellt."),
    "reopen": _("Der Vorschlag ist wieder in Beratung."),
    "withdraw": _("Der Vorschlag ist zurückgezogen."),
}


class ProposalPageFilter(ContributionPageFilter):
    """The parameters of the list of proposals."""

    state: ProposalState | None = None
    need_ids: list[UUID] = Field(default=[], max_length=20)


@router.get("/vorschlaege")
def list_proposals(
    request: Request, session: ReadSession, visitor: Reader, wanted: Annotated[ProposalPageFilter, Query()]
) -> Response:
    """The proposals the reader may see."""
    actor = visitor.actor
    shown = _listed(session, actor, wanted.chosen(queries.ProposalFilter), wanted.order, wanted.after)
    around = list_context(request, session, actor, Proposal, shown["page"], wanted)
    return render(request, "proposals/list.html", states=list(ProposalState), kept=shown, **around)


@kept
def _listed(
    session: Session, actor: Actor, chosen: queries.ProposalFilter, order: Order, after: str | None
) -> dict[str, Any]:
    page = queries.list_proposals(session, actor, chosen, order=order, limit=PAGE_SIZE, after=after)
    total = queries.count_proposals(session, actor, chosen)
    return {"total": total, **rows_context(session, actor, Proposal, page)}


@router.get("/vorschlaege/neu")
def choose_body(request: Request, session: ReadSession, visitor: Member) -> Response:
    """For which body? Leads on at once where there is only one."""
    found = bodies_to_post_in(session, visitor.actor)
    if len(found) == 1:
        return see_other(request, f"/gremien/{found[0].slug}/vorschlaege/neu")
    return render(request, "contributions/choose_body.html", bodies=found, noun="proposal", segment="vorschlaege")


class NewProposalFilter(ContributionPageFilter):
    """The need a proposal is begun from."""

    need_ids: list[UUID] = Field(default=[], max_length=20)


@router.get("/gremien/{slug}/vorschlaege/neu")
def new_proposal(
    request: Request, session: ReadSession, visitor: Member, slug: str, wanted: Annotated[NewProposalFilter, Query()]
) -> Response:
    """The form for a new proposal, where begun from a need with that need chosen."""
    return _new(request, session, visitor, slug, {"id": str(new_id()), "need_ids": wanted.need_ids})


@router.post("/gremien/{slug}/vorschlaege/neu")
def post_proposal(
    request: Request, session: WriteSession, visitor: Writer, submitted: SubmittedForm, slug: str
) -> Response:
    """Post a proposal, as a draft or submitted at once."""
    body = bodies.get_body(session, slug, visitor.actor)
    submits = submitted.values.pop("action", "") == "submit"
    with attempt(session) as outcome:
        form = submitted.parse(ProposalForm, lists=LISTS, body_id=body.id)
        proposal, _is_new = actions.post_proposal(session, form, actor=visitor.actor)
        return _saved(request, session, proposal, submits, visitor)
    return _new(request, session, visitor, slug, submitted.values, outcome.error)


@router.get("/vorschlaege/{proposal_id}")
def show_proposal(request: Request, session: ReadSession, visitor: Reader, proposal_id: UUID) -> Response:
    """One proposal with what hangs on it and the moves the reader has."""
    return show(request, session, visitor, proposal_id)


@router.get("/vorschlaege/{proposal_id}/fassungen")
def show_former_versions(request: Request, session: ReadSession, visitor: Reader, proposal_id: UUID) -> Response:
    """What the proposal said before it was changed, from the record."""
    proposal = queries.get_proposal(session, proposal_id, visitor.actor)
    return render(
        request,
        "proposals/versions.html",
        proposal=proposal,
        versions=queries.list_former_versions(session, proposal, visitor.actor),
        example=proposal.is_example,
    )


@router.get("/vorschlaege/{proposal_id}/bearbeiten")
def open_proposal(request: Request, session: ReadSession, visitor: Member, proposal_id: UUID) -> Response:
    """The form of a draft, or for a new version of what is submitted."""
    return _edit(request, session, visitor, proposal_id)


@router.post("/vorschlaege/{proposal_id}/bearbeiten")
def edit_proposal(
    request: Request, session: WriteSession, visitor: Writer, submitted: SubmittedForm, proposal_id: UUID
) -> Response:
    """Save a draft or a new version, and submit a draft where that button was pressed."""
    before = queries.get_proposal(session, proposal_id, visitor.actor)
    is_draft = before.state is ProposalState.DRAFT
    submits = submitted.values.pop("action", "") == "submit"
    values = dict(submitted.values)
    with attempt(session) as outcome:
        refuse_overtaken(session, submitted, before, "title", "description")
        chosen: dict[str, Any] = sent_lists(submitted, *_TAGS, *(["reader_ids"] if is_draft else []))
        topic = submitted.values.pop("topic_id", "") or None
        texts: dict[str, Any] = {name: values.get(name, "") for name in ("title", "description")}
        form = submitted.parse(ProposalChange, topic_id=topic, **texts, **chosen)
        proposal = actions.edit_proposal(session, proposal_id, form, actor=visitor.actor)
        return _saved(request, session, proposal, submits, visitor)
    return _edit(request, session, visitor, proposal_id, values, outcome.error)


@router.post("/vorschlaege/{proposal_id}/transitions")
def transition_proposal(
    request: Request, session: WriteSession, visitor: Writer, submitted: SubmittedForm, proposal_id: UUID
) -> Response:
    """Make a move; a refused one opens again with its reason."""
    queries.get_proposal(session, proposal_id, visitor.actor)
    values = dict(submitted.values)
    with attempt(session) as outcome:
        target_in(submitted)
        form = submitted.parse(ProposalTransition, lists=LISTS)
        actions.transition_proposal(session, proposal_id, form, actor=visitor.actor)
        return see_other(request, f"/vorschlaege/{proposal_id}", _NOTICES[form.transition])
    return show(request, session, visitor, proposal_id, values, outcome.error)


@router.post("/vorschlaege/{proposal_id}/unterstuetzung")
def support_proposal(
    request: Request, session: WriteSession, visitor: Writer, submitted: SubmittedForm, proposal_id: UUID
) -> Response:
    """Let the reader's organisation stand behind the proposal."""
    queries.get_proposal(session, proposal_id, visitor.actor)
    with attempt(session) as outcome:
        support(session, Proposal, proposal_id, submitted.parse(SupportForm), actor=visitor.actor)
        return see_other(
            request,
            f"/vorschlaege/{proposal_id}#unterstuetzung",
            _("Ihre Organisation unterstützt diesen Vorschlag."),
        )
    return show(request, session, visitor, proposal_id, None, outcome.error)


def show(
    request: Request,
    session: Session,
    visitor: Visitor,
    proposal_id: UUID,
    submitted: Mapping[str, object] | None = None,
    error: ApplicationError | None = None,
) -> Response:
    """The page of a proposal; with what was sent and why it was refused, where it was."""
    return render(
        request,
        "proposals/show.html",
        status=error.status if error else 200,
        submitted=submitted,
        errors=field_errors(error),
        kept=_shown(session, visitor.actor, proposal_id),
    )


@kept
def _shown(session: Session, actor: Actor, proposal_id: UUID) -> dict[str, Any]:
    proposal = queries.get_proposal(session, proposal_id, actor)
    shown = shown_offers("proposal", offers(proposal, PROPOSAL, actor))
    return {
        "proposal": proposal,
        "offers": shown,
        "may_edit": actions.is_editable(proposal) and may(_edit_permission(proposal), proposal, actor),
        **_choices_for_moves(session, proposal, actor, shown),
        **page_context(session, actor, proposal),
    }


def _edit_permission(proposal: Proposal) -> Permission:
    """Staff writes drafts; a new version of what is submitted is its author's and seat's."""
    return Permission.PROPOSAL_EDIT if proposal.state is ProposalState.DRAFT else Permission.PROPOSAL_SUBMIT


def _choices_for_moves(session: Session, proposal: Proposal, actor: Actor, shown: list[ShownOffer]) -> dict[str, Any]:
    names = {offer.name for offer in shown}
    return {
        "targets": list_similar(session, proposal, actor) if "merge" in names else [],
        "blocks": list_blocks_to_choose(session, proposal, actor) if "adopt" in names else [],
    }


def _saved(request: Request, session: Session, proposal: Proposal, submits: bool, visitor: Visitor) -> Response:
    address = f"/vorschlaege/{proposal.id}"
    if submits:
        session.flush()
        if proposal.state is ProposalState.DRAFT:
            form = ProposalTransition(transition="submit")
            actions.transition_proposal(session, proposal.id, form, actor=visitor.actor)
        return see_other(request, address, _NOTICES["submit"])
    if proposal.state is not ProposalState.DRAFT:
        return see_other(request, address, _("Die neue Fassung ist gespeichert; wer unterstützt, erfährt davon."))
    return see_other(request, address, _("Ihr Entwurf ist gespeichert. Er ist noch nicht eingereicht."))


def _new(
    request: Request,
    session: Session,
    visitor: Visitor,
    slug: str,
    values: Mapping[str, object],
    error: ApplicationError | None = None,
) -> Response:
    body = bodies.get_body(session, slug, visitor.actor)
    require(Permission.PROPOSAL_POST, body, visitor.actor)
    return render(
        request,
        "proposals/form.html",
        status=error.status if error else 200,
        proposal=None,
        needs=choices.needs_to_choose(session, body.id, visitor.actor, also=values.get("need_ids")),
        fixed_readers=False,
        **form_context(session, visitor.actor, body, values, field_errors(error)),
    )


def _edit(
    request: Request,
    session: Session,
    visitor: Visitor,
    proposal_id: UUID,
    values: Mapping[str, object] | None = None,
    error: ApplicationError | None = None,
) -> Response:
    proposal = queries.get_proposal(session, proposal_id, visitor.actor)
    require(_edit_permission(proposal), proposal, visitor.actor)
    if not actions.is_editable(proposal) and error is None:
        raise Conflict(_("Über diesen Vorschlag ist entschieden; sein Text steht fest."))
    body = bodies.get_body(session, proposal.body_id, visitor.actor)
    kept = dict(values) if values is not None else values_of(session, proposal)
    if values is None:
        kept["need_ids"] = queries.list_need_ids(session, proposal)
    return render(
        request,
        "proposals/form.html",
        status=error.status if error else 200,
        proposal=proposal,
        needs=choices.needs_to_choose(session, body.id, visitor.actor, also=kept.get("need_ids")),
        fixed_readers=proposal.state is not ProposalState.DRAFT,
        **form_context(session, visitor.actor, body, kept, field_errors(error)),
    )
