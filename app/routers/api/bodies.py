"""Bodies for programs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request
from sqlmodel import Session
from starlette.responses import Response

from app.actions import bodies as actions
from app.actions import seats as seat_actions
from app.actions.moves import offers
from app.actions.permissions import may
from app.domain.actors import Actor
from app.domain.bodies import BODY, BodyKind, BodyState
from app.domain.consensus import RulesOfProcedure
from app.domain.permissions import Permission
from app.forms.base import SearchWords
from app.forms.bodies import BodyChange, BodyForm, BodyTransition, SeatForm
from app.models.bodies import Body
from app.queries import bodies as queries
from app.queries import seats
from app.routers.api.common import Listing, StatefulAnswer, answer, check_if_match, listing, transitions_of
from app.routers.api.seats import SeatAnswer, represent_seat
from app.routers.deps import ApiReader, ApiWriter, ReadSession, WriteSession

router = APIRouter(prefix="/bodies", tags=["bodies"])


class BodyAnswer(StatefulAnswer):
    """A body as its readers see it; responsible persons are shown to the body and the Geschäftsstelle alone."""

    slug: str
    title: str
    kind: BodyKind
    field_of_action_id: UUID
    topic_id: UUID | None
    file_reference: str | None
    mandate: str
    rules: dict[str, str | int]
    guiding_question_ids: list[UUID]
    guiding_questions: list[str]
    responsible_person_ids: list[UUID]
    cover_person_ids: list[UUID]


class BodyListing(Listing):
    """The parameters of the list of bodies."""

    kind: BodyKind | None = None
    state: BodyState | None = None
    field_of_action_id: UUID | None = None
    topic_id: UUID | None = None
    q: SearchWords | None = None


@router.get("", response_model=None)
def list_bodies(
    request: Request, session: ReadSession, actor: ApiReader, wanted: Annotated[BodyListing, Query()]
) -> Response:
    """The bodies the caller may know of, newest first."""
    chosen = queries.BodyFilter(**wanted.model_dump(exclude={"limit", "after"}))
    page = queries.list_bodies(session, actor, chosen, limit=wanted.limit, after=wanted.after, newest_first=True)
    shown = represent(session, page.items, actor)
    return listing(request, page, lambda body: shown[body.id], actor)


@router.post("", response_model=BodyAnswer, status_code=201)
def create_body(request: Request, session: WriteSession, actor: ApiWriter, form: BodyForm) -> Response:
    """Set up a body; it is planned until activated, and its members may begin."""
    body, is_new = actions.create_body(session, form, actor=actor)
    return answer(request, _shown(session, body.id, actor), actor, status=201 if is_new else 200)


@router.get("/{body_id}", response_model=BodyAnswer)
def get_body(request: Request, session: ReadSession, actor: ApiReader, body_id: UUID) -> Response:
    """One body."""
    return answer(request, _shown(session, body_id, actor), actor)


@router.patch("/{body_id}", response_model=BodyAnswer)
def change_body(request: Request, session: WriteSession, actor: ApiWriter, body_id: UUID, form: BodyChange) -> Response:
    """Change what is named; running ballots keep their rules."""
    check_if_match(request, _shown(session, body_id, actor))
    actions.change_body(session, body_id, form, actor=actor)
    return answer(request, _shown(session, body_id, actor), actor)


@router.post("/{body_id}/transitions", response_model=BodyAnswer)
def transition_body(
    request: Request, session: WriteSession, actor: ApiWriter, body_id: UUID, form: BodyTransition
) -> Response:
    """Make a move."""
    actions.transition_body(session, body_id, form, actor=actor)
    return answer(request, _shown(session, body_id, actor), actor)


@router.get("/{body_id}/seats", response_model=None)
def list_seats(
    request: Request, session: ReadSession, actor: ApiReader, body_id: UUID, wanted: Annotated[Listing, Query()]
) -> Response:
    """The seats of a body the caller may see, newest first."""
    body = queries.get_body(session, body_id, actor)
    page = seats.list_seats(session, body.id, actor, limit=wanted.limit, after=wanted.after)
    return listing(request, page, lambda seat: represent_seat(seat, actor, body.slug), actor)


@router.post("/{body_id}/seats", response_model=SeatAnswer, status_code=201)
def add_seat(request: Request, session: WriteSession, actor: ApiWriter, body_id: UUID, form: SeatForm) -> Response:
    """Give an organisation a seat."""
    body = queries.get_body(session, body_id, actor)
    seat, is_new = seat_actions.add_seat(session, body_id, form, actor=actor)
    return answer(request, represent_seat(seat, actor, body.slug), actor, status=201 if is_new else 200)


def represent(session: Session, found: Sequence[Body], actor: Actor) -> dict[UUID, BodyAnswer]:
    """These bodies as the caller sees them; a constant number of statements however many they are."""
    keys = [body.id for body in found]
    inside = [body.id for body in found if queries.reads_inside(actor, body)]
    shown = {body.id: _plain(body) for body in found}
    for body in found:
        if body.id in inside:
            shown[body.id].file_reference = body.file_reference
    for question in queries.list_questions(session, keys) if keys else ():
        if question.body_id is not None:
            shown[question.body_id].guiding_question_ids.append(question.id)
            shown[question.body_id].guiding_questions.append(question.title)
    for responsible, person in queries.list_responsible(session, inside) if inside else ():
        answered = shown[responsible.body_id]
        (answered.cover_person_ids if responsible.is_cover else answered.responsible_person_ids).append(person.id)
    managed = [body for body in found if may(Permission.BODY_MANAGE, body, actor)]
    facts = queries.facts_of_all(session, [body.id for body in managed]) if managed else {}
    for body in managed:
        shown[body.id].transitions = transitions_of("body", offers(body, BODY, actor, facts[body.id]))
    return shown


def _plain(body: Body) -> BodyAnswer:
    return BodyAnswer(
        id=body.id,
        created_at=body.created_at,
        state=body.state.value,
        url=f"/gremien/{body.slug}",
        slug=body.slug,
        title=body.title,
        kind=body.kind,
        field_of_action_id=body.field_of_action_id,
        topic_id=body.topic_id,
        file_reference=None,
        mandate=body.mandate,
        rules=RulesOfProcedure.from_mapping(body.rules).as_mapping(),
        guiding_question_ids=[],
        guiding_questions=[],
        responsible_person_ids=[],
        cover_person_ids=[],
    )


def _shown(session: Session, body_id: UUID, actor: Actor) -> BodyAnswer:
    session.flush()
    body = queries.get_body(session, body_id, actor)
    return represent(session, [body], actor)[body.id]
