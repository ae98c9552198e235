"""What is outstanding in the implementation, for programs of the Geschäftsstelle, and reminding several at once."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict

from app.actions import outstanding as actions
from app.actions.permissions import require
from app.domain.events import SubjectType
from app.domain.outstanding import OutstandingKind
from app.domain.permissions import Permission
from app.errors import FieldError, Invalid, NotSignedIn
from app.forms.outstanding import RemindForm
from app.i18n import _
from app.queries import outstanding as queries
from app.queries.outstanding import Outstanding
from app.routers.api.common import Listing
from app.routers.deps import ApiReader, ApiWriter, ReadSession, WriteSession

router = APIRouter(tags=["outstanding"])


class OutstandingShown(BaseModel):
    """One thing that is outstanding; `part` where only a part of the recommendation is meant."""

    model_config = ConfigDict(from_attributes=True)

    kind: OutstandingKind
    subject_type: SubjectType
    subject_id: UUID
    title: str
    about: str
    part: str
    edition_id: UUID | None
    field_of_action_id: UUID | None
    organisation_id: UUID | None
    organisation: str
    due_on: date | None
    reminded_at: datetime | None
    url: str


class OutstandingPage(BaseModel):
    """A page of the list, with how much there is of each kind whatever kind is wanted."""

    items: list[OutstandingShown]
    next: str | None
    figures: dict[OutstandingKind, int]


class OutstandingListing(Listing):
    """The parameters of the list."""

    kind: OutstandingKind | None = None
    edition_id: UUID | None = None
    field_of_action_id: UUID | None = None
    organisation_id: UUID | None = None


class Unreached(BaseModel):
    """A thing nobody could be reminded of: its organisation has neither account nor mailbox."""

    id: UUID
    organisation_id: UUID
    organisation: str


class RemindedShown(BaseModel):
    """What became of each thing that was chosen."""

    reminded: list[UUID]
    reminded_today: list[UUID]
    settled: list[UUID]
    unreached: list[Unreached]


@router.get("/outstanding", response_model=OutstandingPage)
def list_outstanding(
    session: ReadSession, actor: ApiReader, wanted: Annotated[OutstandingListing, Query()]
) -> OutstandingPage:
    """What is outstanding, the next due first."""
    if not actor.is_signed_in:
        raise NotSignedIn()
    require(Permission.RECORD_READ, None, actor)
    chosen = queries.OutstandingFilter(**wanted.model_dump(exclude={"limit", "after"}))
    found = queries.find_outstanding(session, chosen)
    begin = _place_after(found.items, wanted.after)
    shown = found.items[begin : begin + wanted.limit]
    is_more = begin + wanted.limit < len(found.items)
    return OutstandingPage(
        items=[OutstandingShown.model_validate(each) for each in shown],
        next=_cursor(shown[-1]) if is_more else None,
        figures=dict(found.figures),
    )


@router.post("/reminders", response_model=RemindedShown)
def remind_together(session: WriteSession, actor: ApiWriter, form: RemindForm) -> RemindedShown:
    """Remind who owes these things, each at most once a day."""
    done = actions.remind_together(session, form, actor=actor)
    names = queries.names_of(session, done.unreached.values())
    return RemindedShown(
        reminded=done.reminded,
        reminded_today=done.reminded_today,
        settled=done.settled,
        unreached=[
            Unreached(id=key, organisation_id=organisation_id, organisation=names[organisation_id])
            for key, organisation_id in done.unreached.items()
        ],
    )


def _cursor(one: Outstanding) -> str:
    return urlsafe_b64encode(f"{one.kind}:{one.subject_id}:{one.part}".encode()).decode().rstrip("=")


def _place_after(items: Sequence[Outstanding], cursor: str | None) -> int:
    """Where the page after this one begins; Invalid where the thing it ended with is no longer outstanding."""
    if cursor is None:
        return 0
    for place, each in enumerate(items, start=1):
        if _cursor(each) == cursor:
            return place
    raise Invalid(FieldError("after", _("Diese Stelle gibt es in der Liste nicht mehr. Bitte beginnen Sie von vorn.")))
