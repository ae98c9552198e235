"""Pages of commitments: making one, reading it, and what its owner does with it."""

from __future__ import annotations

from collections.abc import Mapping
from textwrap import shorten
from uuid import UUID

from fastapi import APIRouter, Request
from sqlmodel import Session
from starlette.responses import Response

from app.actions import commitments as actions
from app.actions.moves import offers
from app.actions.permissions import may, require
from app.domain.actors import PUBLIC_ACTOR
from app.domain.commitments import COMMITMENT, CommitmentState
from app.domain.permissions import Permission
from app.errors import ApplicationError, NotAllowed
from app.forms.commitments import CommitmentChange, CommitmentForm, CommitmentTransition
from app.i18n import _
from app.models.base import new_id
from app.models.commitments import Commitment
from app.queries import commitments as queries
from app.queries.events import history_of
from app.queries.measures import tracked_parts
from app.queries.organisations import list_acted_for
from app.routers.deps import (
    Member,
    Reader,
    ReadSession,
    Submitted,
    SubmittedForm,
    Visitor,
    Writer,
    WriteSession,
    attempt,
)
from app.routers.offers import shown_offers
from app.routers.opened_forms import refuse_overtaken
from app.routers.pages import field_errors, render, see_other
from app.routers.responses import published

router = APIRouter()


@router.get("/empfehlungen/{key}/selbstverpflichtungen/neu")
def new_commitment(request: Request, session: ReadSession, visitor: Member, key: str) -> Response:
    """The form for a new commitment."""
    return _new_form(request, session, visitor, key, {"id": str(new_id())})


@router.post("/empfehlungen/{key}/selbstverpflichtungen/neu")
def make_commitment(
    request: Request, session: WriteSession, visitor: Writer, submitted: SubmittedForm, key: str
) -> Response:
    """Make a commitment."""
    recommendation = published(session, key, visitor)
    with attempt(session) as outcome:
        form = submitted.parse(CommitmentForm, recommendation_id=recommendation.id)
        made, _is_new = actions.make_commitment(session, form, actor=visitor.actor)
        return see_other(request, f"/selbstverpflichtungen/{made.id}", _("Die Selbstverpflichtung ist eingegangen."))
    return _new_form(request, session, visitor, key, submitted.values, outcome.error)


@router.get("/selbstverpflichtungen/{commitment_id}")
def show_commitment(request: Request, session: ReadSession, visitor: Reader, commitment_id: UUID) -> Response:
    """One commitment, and what its owner can do with it."""
    return _page(request, session, visitor, commitment_id)


@router.post("/selbstverpflichtungen/{commitment_id}/transitions")
def transition_commitment(
    request: Request, session: WriteSession, visitor: Writer, submitted: SubmittedForm, commitment_id: UUID
) -> Response:
    """Make a move; a refused one opens again with its reason."""
    queries.get_commitment(session, commitment_id, visitor.actor)
    with attempt(session) as outcome:
        form = submitted.parse(CommitmentTransition)
        actions.transition_commitment(session, commitment_id, form, actor=visitor.actor)
        return see_other(request, f"/selbstverpflichtungen/{commitment_id}", _("Der Schritt ist vermerkt."))
    return _page(request, session, visitor, commitment_id, submitted, outcome.error)


@router.get("/selbstverpflichtungen/{commitment_id}/bearbeiten")
def edit_commitment(request: Request, session: ReadSession, visitor: Member, commitment_id: UUID) -> Response:
    """The form for what a commitment says."""
    commitment = _own(session, visitor, commitment_id)
    values = {"title": commitment.title, "description": commitment.description, "due_on": commitment.due_on or ""}
    return _edit_form(request, commitment, values)


@router.post("/selbstverpflichtungen/{commitment_id}/bearbeiten")
def change_commitment(
    request: Request, session: WriteSession, visitor: Writer, submitted: SubmittedForm, commitment_id: UUID
) -> Response:
    """Change a commitment."""
    commitment = _own(session, visitor, commitment_id)
    with attempt(session) as outcome:
        refuse_overtaken(session, submitted, commitment, "title", "description")
        form = submitted.parse(
            CommitmentChange,
            title=submitted.text("title"),
            description=submitted.text("description"),
            due_on=submitted.text("due_on") or None,
        )
        actions.change_commitment(session, commitment_id, form, actor=visitor.actor)
        return see_other(request, f"/selbstverpflichtungen/{commitment_id}", _("Die Änderung ist gespeichert."))
    return _edit_form(request, _own(session, visitor, commitment_id), submitted.values, outcome.error)


def _own(session: Session, visitor: Visitor, commitment_id: UUID) -> Commitment:
    commitment = queries.get_commitment(session, commitment_id, visitor.actor)
    require(Permission.COMMITMENT_KEEP, commitment, visitor.actor)
    return commitment


def _new_form(
    request: Request,
    session: Session,
    visitor: Visitor,
    key: str,
    values: Mapping[str, object],
    error: ApplicationError | None = None,
) -> Response:
    recommendation = published(session, key, visitor)
    owners = list_acted_for(session, visitor.actor)
    if not owners:
        raise NotAllowed(_("Eine Selbstverpflichtung geht eine Organisation ein. Sie sprechen zurzeit für keine."))
    parts = tracked_parts(session, recommendation)
    return render(
        request,
        "commitments/form.html",
        status=error.status if error else 200,
        commitment=None,
        recommendation=recommendation,
        key=recommendation.reference or recommendation.id,
        organisation_options=[(str(each.id), each.name) for each in owners],
        part_options=[(number, f"{number}) {shorten(text, 90, placeholder=' …')}") for number, text in parts],
        values=values,
        errors=field_errors(error),
        example=recommendation.is_example,
    )


def _edit_form(
    request: Request, commitment: Commitment, values: Mapping[str, object], error: ApplicationError | None = None
) -> Response:
    recommendation = commitment.recommendation
    return render(
        request,
        "commitments/form.html",
        status=error.status if error else 200,
        commitment=commitment,
        recommendation=recommendation,
        key=(recommendation.reference or recommendation.id) if recommendation else "",
        part_options=[],
        values=values,
        errors=field_errors(error),
        example=commitment.is_example,
    )


def _page(
    request: Request,
    session: Session,
    visitor: Visitor,
    commitment_id: UUID,
    submitted: Submitted | None = None,
    error: ApplicationError | None = None,
) -> Response:
    actor = visitor.actor
    commitment = queries.get_commitment(session, commitment_id, actor)
    is_own = may(Permission.COMMITMENT_KEEP, commitment, actor)
    is_inside = is_own or actor.is_secretariat or actor.is_auditor
    return render(
        request,
        "commitments/show.html",
        status=error.status if error else 200,
        commitment=commitment,
        offers=shown_offers("commitment", offers(commitment, COMMITMENT, actor)),
        may_change=is_own and commitment.state is CommitmentState.STANDING,
        history=history_of(session, [commitment.id], actor if is_inside else PUBLIC_ACTOR),
        submitted=submitted.values if submitted else None,
        errors=field_errors(error),
        example=commitment.is_example,
    )
