"""Pages of bodies: the list, a body's home for those inside and for everybody else, and its seats."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Query, Request
from sqlmodel import Session
from starlette.responses import Response

from app.actions.permissions import may
from app.actions.visits import is_worth_noting, note_visit
from app.clock import now
from app.domain.bodies import BodyKind, BodyState
from app.domain.consensus import RulesOfProcedure
from app.domain.deadlines import days_left, last_day
from app.domain.follows import FollowTarget
from app.domain.permissions import Permission
from app.errors import NotFound
from app.forms.base import Input
from app.models.bodies import Body, BodyVisit
from app.queries import bodies, body_home, seats, structure
from app.queries.following import following_of
from app.routers.body_news import news_of
from app.routers.deps import Member, Reader, ReadSession, Visitor, database_of
from app.routers.pages import render
from app.wording.ballots import rule_sentences

router = APIRouter()
PAGE_SIZE = 30
NEWS_SHOWN = 5
MOST_NEWS = 40


class BodyListing(Input):
    """What the list is narrowed to."""

    field_of_action_id: UUID | None = None
    kind: BodyKind | None = None
    state: BodyState | None = None
    after: str | None = None


@router.get("/gremien")
def list_bodies(
    request: Request, session: ReadSession, visitor: Reader, wanted: Annotated[BodyListing, Query()]
) -> Response:
    """The reader's own bodies first, then the others."""
    own_ids = visitor.actor.body_ids | bodies.list_own_ids(session, visitor.actor)
    is_narrowed = any((wanted.field_of_action_id, wanted.kind, wanted.state))
    shows_own = bool(own_ids) and not is_narrowed and not wanted.after
    own = (
        bodies.list_bodies(session, visitor.actor, bodies.BodyFilter(only_ids=own_ids), limit=100)
        if shows_own
        else None
    )
    chosen = bodies.BodyFilter(
        field_of_action_id=wanted.field_of_action_id,
        kind=wanted.kind,
        state=wanted.state,
        without_ids=None if is_narrowed else own_ids,
    )
    page = bodies.list_bodies(session, visitor.actor, chosen, limit=PAGE_SIZE, after=wanted.after)
    return render(
        request,
        "bodies/list.html",
        own=own.items if own else [],
        page=page,
        wanted=wanted,
        is_narrowed=is_narrowed,
        field_options=[(field.id, field.name) for field in structure.every_field(session)],
        next_query=urlencode({**wanted.model_dump(mode="json", exclude_none=True), "after": page.next}),
        kinds=list(BodyKind),
        example=any(body.is_example for body in [*(own.items if own else []), *page.items]),
    )


@router.get("/gremien/{slug}")
def show_body(request: Request, session: ReadSession, visitor: Reader, slug: str) -> Response:
    """A body's home: inside it opens with what is new, outside it says what the body is for."""
    body = bodies.get_body(session, slug, visitor.actor)
    if not bodies.reads_inside(visitor.actor, body):
        return _outside(request, session, visitor, body)
    visit = body_home.find_visit(session, body.id, visitor.actor.person_id)
    response = _inside(request, session, visitor, body, visit)
    if visitor.actor.person_id is not None and is_worth_noting(session, visit):
        with database_of(request).write() as writing:
            note_visit(writing, body.id, visitor.actor.person_id, is_first=visit is None)
    return response


@router.get("/gremien/{slug}/sitze")
def show_seats(request: Request, session: ReadSession, visitor: Member, slug: str) -> Response:
    """Who sits in the body for whom, for those inside."""
    body = bodies.get_body(session, slug, visitor.actor)
    if not bodies.reads_inside(visitor.actor, body):
        raise NotFound()
    shown = seats.list_seats_with_members(session, body.id, visitor.actor)
    rules = RulesOfProcedure.from_mapping(body.rules)
    return render(
        request,
        "bodies/seats.html",
        body=body,
        seats=shown,
        rule_sentences=rule_sentences(rules, sum(each.is_entitled for each in shown), rules.ballot_days),
        may_manage=may(Permission.SEAT_MANAGE, body, visitor.actor),
        example=body.is_example,
    )


def _outside(request: Request, session: Session, visitor: Visitor, body: Body) -> Response:
    return render(
        request,
        "bodies/public.html",
        body=body,
        following=following_of(session, visitor.actor, FollowTarget.BODY, body.id, body_id=body.id),
        questions=bodies.list_questions(session, [body.id]),
        organisations=seats.list_organisations_of(session, body.id),
        published=body_home.list_published(session, body.id),
        example=body.is_example,
    )


def _inside(request: Request, session: Session, visitor: Visitor, body: Body, visit: BodyVisit | None) -> Response:
    actor, moment = visitor.actor, now(session)
    since = body_home.new_since(session, visit)
    found = body_home.list_at_work(session, body.id, actor)
    contributions = body_home.list_contributions(session, body.id, actor, since)
    shown_seats = seats.list_seats_with_members(session, body.id, actor)
    running, at_work, published = body_home.split_by_stage(found)
    news = news_of(contributions, found, shown_seats, since, moment, actor)
    return render(
        request,
        "bodies/home.html",
        body=body,
        following=following_of(session, actor, FollowTarget.BODY, body.id, body_id=body.id),
        is_first_visit=body_home.is_first_visit(session, visit),
        since=since,
        news=news[:MOST_NEWS],
        news_shown=NEWS_SHOWN,
        counts=body_home.count_waiting(session, body.id, actor, since),
        running=running,
        at_work=at_work,
        published=published,
        waiting=[each for each in contributions if each.waits][: body_home.SHOWN],
        seats=shown_seats,
        own_seats={seat.seat_id for seat in actor.seats_in(body.id)},
        questions=bodies.list_questions(session, [body.id]),
        responsible=bodies.list_responsible(session, [body.id]),
        last_day=last_day,
        days_left=lambda closes_at: days_left(closes_at, moment),
        may_screen=may(Permission.NEED_SCREEN, body, actor),
        may_post=may(Permission.NEED_POST, body, actor) and body.state not in (BodyState.DORMANT, BodyState.CLOSED),
        may_draft=may(Permission.RECOMMENDATION_DRAFT, body, actor)
        and body.state not in (BodyState.DORMANT, BodyState.CLOSED),
        may_manage=may(Permission.BODY_MANAGE, body, actor),
        example=body.is_example,
    )
