"""Standing behind a need or proposal: once for each organisation, whoever of it says so first."""

from __future__ import annotations

from uuid import UUID

from sqlmodel import Session

from app.actions.permissions import require
from app.actions.record import record
from app.actions.speaking import speaking_in
from app.clock import now
from app.db import insert_if_absent
from app.domain.actors import WRITING_ROLES, Actor
from app.domain.events import EventType
from app.domain.needs import NeedState
from app.domain.permissions import Permission
from app.domain.proposals import ProposalState
from app.errors import Conflict
from app.forms.contributions import SupportForm
from app.i18n import _
from app.models.base import new_id
from app.models.needs import Need, Support
from app.queries.base import get_for_update
from app.queries.contributions import Contribution, tables_of, visible

OPEN_FOR_SUPPORT = frozenset(
    {
        NeedState.SUBMITTED,
        NeedState.ACCEPTED,
        NeedState.ANSWERED,
        NeedState.DEFERRED,
        ProposalState.SUBMITTED,
        ProposalState.IN_DISCUSSION,
        ProposalState.DEFERRED,
    }
)


def support(
    session: Session, model: type[Contribution], key: UUID, form: SupportForm, *, actor: Actor
) -> tuple[Contribution, bool]:
    """Let the actor's organisation stand behind the thing; False where it did already, and then nothing changes."""
    tables = tables_of(model)
    thing: Contribution = get_for_update(session, tables.model, key, visible(tables, actor))
    require(Permission.SUPPORT, thing, actor)
    speaker = speaking_in(actor, thing.body_id, form.seat_id, roles=WRITING_ROLES)
    if thing.state not in OPEN_FOR_SUPPORT:
        raise Conflict(_("In diesem Stand nimmt der Eintrag keine Unterstützung an."))
    values = {
        "id": new_id(now(session)),
        "created_at": now(session),
        "subject_type": type(thing).subject_type,
        "subject_id": thing.id,
        "organisation_id": speaker.organisation_id,
        "person_id": actor.person_id,
        "seat_id": speaker.seat_id,
    }
    if not insert_if_absent(session, Support, values):
        return thing, False
    event = EventType.NEED_SUPPORTED if isinstance(thing, Need) else EventType.PROPOSAL_SUPPORTED
    record(session, event, thing, actor=speaker, data={"organisation_id": str(speaker.organisation_id)})
    session.add(thing)
    return thing, True


def is_open_for_support(thing: Contribution) -> bool:
    """True in the states in which an organisation may still stand behind the thing."""
    return thing.state in OPEN_FOR_SUPPORT
