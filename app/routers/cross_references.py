"""The page on which a recommendation or measure is tied to other plans."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from sqlmodel import Session
from starlette.responses import Response

from app.actions import cross_references as actions
from app.actions.permissions import require
from app.domain.cross_references import Relation
from app.domain.events import SubjectType
from app.domain.permissions import Permission
from app.errors import ApplicationError
from app.forms.cross_references import CrossReferenceForm, CrossReferenceWithdrawal
from app.i18n import _
from app.models.base import new_id
from app.queries import cross_references as queries
from app.queries.recommendation_choices import published_choices
from app.queries.subjects import discussion_scope, get_subject, url_of
from app.routers.deps import Member, ReadSession, SubmittedForm, Visitor, Writer, WriteSession, attempt
from app.routers.pages import field_errors, render, see_other

router = APIRouter()


@router.post("/querverweise/{reference_id}/zuruecknehmen")
def withdraw_reference(
    request: Request, session: WriteSession, visitor: Writer, submitted: SubmittedForm, reference_id: UUID
) -> Response:
    """Take a tie back."""
    found = queries.get_cross_reference(session, reference_id, visitor.actor)
    noun, key = found.on_type, found.subject_id
    with attempt(session) as outcome:
        form = submitted.parse(CrossReferenceWithdrawal)
        actions.withdraw_cross_reference(session, reference_id, form, actor=visitor.actor)
        return see_other(request, f"/querverweise/{noun.value}/{key}", _("Der Querverweis ist zurückgenommen."))
    return _page(request, session, visitor, noun, key, submitted.values, outcome.error, opened=str(reference_id))


@router.get("/querverweise/{noun}/{key}")
def manage_references(
    request: Request, session: ReadSession, visitor: Member, noun: SubjectType, key: UUID
) -> Response:
    """What a thing is tied to, and the form for one more tie."""
    return _page(request, session, visitor, noun, key)


@router.post("/querverweise/{noun}/{key}")
def enter_reference(
    request: Request, session: WriteSession, visitor: Writer, submitted: SubmittedForm, noun: SubjectType, key: UUID
) -> Response:
    """Tie it to an item of another plan."""
    get_subject(session, noun, key, visitor.actor)
    with attempt(session) as outcome:
        form = submitted.parse(CrossReferenceForm, subject_type=noun, subject_id=key)
        actions.enter_cross_reference(session, form, actor=visitor.actor)
        return see_other(request, f"/querverweise/{noun.value}/{key}", _("Der Querverweis ist eingetragen."))
    return _page(request, session, visitor, noun, key, submitted.values, outcome.error)


def _page(
    request: Request,
    session: Session,
    visitor: Visitor,
    noun: SubjectType,
    key: UUID,
    values: Mapping[str, Any] | None = None,
    error: ApplicationError | None = None,
    *,
    opened: str | None = None,
) -> Response:
    subject = get_subject(session, noun, key, visitor.actor)
    require(Permission.CROSS_REFERENCE_MANAGE, discussion_scope(session, subject), visitor.actor)
    return render(
        request,
        "cross_references/manage.html",
        status=error.status if error else 200,
        subject=subject,
        back=url_of(subject),
        references=queries.references_of(session, key, visitor.actor),
        counterparts=[each for each in published_choices(session) if each[0] != key],
        relations=list(Relation),
        opened=opened,
        values=values or {},
        new_id=str(new_id()),
        errors=field_errors(error),
        example=subject.is_example,
    )
