"""Answering a recommendation by the link an organisation was mailed: for it, without an account."""

from __future__ import annotations

from uuid import UUID

from sqlmodel import Session

from app.actions.attempts import note_linked_form
from app.actions.responses import answer_response
from app.domain.actors import Actor, ActorKind
from app.errors import Conflict, NotFound
from app.forms.responses import LinkedResponseAnswer, ResponseAnswer
from app.i18n import _
from app.models.responses import AddresseeResponse
from app.queries.response_links import follow


def answer_by_link(
    session: Session, response_id: UUID, mark: UUID, form: LinkedResponseAnswer, *, address: str
) -> AddresseeResponse:
    """Answer as the organisation whose mailbox the link was made for; Conflict where it takes no answer any more.

    Raises TooMany where the address sends very many.
    """
    note_linked_form(session, address)
    asked = follow(session, response_id, mark)
    if asked is None:
        raise NotFound()
    if not asked.is_open:
        raise Conflict(_("Mit diesem Link lässt sich nichts mehr senden. Es wurde nichts geändert."))
    speaker = Actor(
        kind=ActorKind.SYSTEM, organisation_id=asked.speaker_id, acts_for=frozenset({asked.organisation.id})
    )
    return answer_response(session, response_id, ResponseAnswer(**form.model_dump()), actor=speaker)
