"""Following: the buttons on the pages of things and lists, and the page of what one follows."""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Request
from sqlmodel import Session
from starlette.responses import Response

from app.actions import follows as actions
from app.domain.accounts import own_path
from app.domain.actors import Actor
from app.domain.events import SubjectType
from app.domain.follows import THINGS, FollowChoice, FollowTarget
from app.forms.filters import PageFilter
from app.forms.follows import FollowForm, FollowListForm
from app.i18n import _
from app.models.programmes import CrossCuttingTheme, TargetGroup
from app.queries import bodies, editions, goals, indicators, organisations, structure, subjects
from app.queries.following import list_followed, require_names
from app.routers.deps import Member, ReadSession, SubmittedForm, Writer, WriteSession
from app.routers.follow_offers import TAGS, fields_of, list_url
from app.routers.pages import address_with, list_addresses, render, see_other
from app.wording.follows import list_details, list_title

router = APIRouter()
Noun = Literal[
    "need",
    "proposal",
    "recommendation",
    "measure",
    "goal",
    "indicator",
    "body",
    "field_of_action",
    "topic",
    "guiding_question",
    "cross_cutting_theme",
    "target_group",
    "organisation",
    "edition",
]
_NOTICES = {
    FollowChoice.FOLLOW: _("Sie folgen jetzt. Neues dazu steht in Ihren Mitteilungen."),
    FollowChoice.UNFOLLOW: _("Sie folgen nicht mehr."),
    FollowChoice.MUTE: _("Stummgeschaltet: Neues dazu erreicht Sie nicht mehr. Aufgaben und Fristen kommen weiterhin."),
    FollowChoice.UNMUTE: _("Die Stummschaltung ist aufgehoben."),
}
_STAYS_AWAY = _(
    "Sie folgen nicht mehr. Neues dazu erreicht Sie nicht mehr, auch wenn Sie sich hier wieder äußern. "
    "Aufgaben und Fristen kommen weiterhin."
)


@router.get("/konto/folgen")
def show_followed(
    request: Request, session: ReadSession, visitor: Member, wanted: Annotated[PageFilter, Query()]
) -> Response:
    """Everything the reader follows or muted."""
    page = list_followed(session, visitor.actor, after=wanted.after)
    names = {key: named.name for key, named in page.names.items()}
    return render(
        request,
        "follows/list.html",
        page=page,
        list_title=list_title,
        list_details=lambda chosen: list_details(chosen, names),
        list_url=lambda chosen: list_url(chosen, page.names),
        fields_of=fields_of,
        here=address_with(request, after=wanted.after),
        example=any(each.is_example for each in (*page.wide, *page.things)),
        **list_addresses(request, page.next),
    )


@router.post("/folgen/liste")
def follow_list(request: Request, session: WriteSession, visitor: Writer, submitted: SubmittedForm) -> Response:
    """Follow a list with its filters, or no more."""
    form = submitted.parse(FollowListForm, lists=TAGS)
    back = own_path(form.back) or "/konto/folgen"
    if form.choice is FollowChoice.UNFOLLOW:
        for each in form.list_filters:
            actions.unfollow_list(session, each.key, actor=visitor.actor)
        return see_other(request, back, _("Sie folgen dieser Liste nicht mehr."))
    for each in form.list_filters:
        require_names(session, each, visitor.actor)
        actions.follow_list(session, each, actor=visitor.actor)
    return see_other(request, back, _("Sie folgen dieser Liste. Was darin geschieht, steht in Ihren Mitteilungen."))


@router.post("/folgen/{target}/{target_id}")
def follow(
    request: Request,
    session: WriteSession,
    visitor: Writer,
    submitted: SubmittedForm,
    target: Noun,
    target_id: UUID,
) -> Response:
    """Follow a thing or something wider, mute it, or take either back."""
    page = _page_of(session, FollowTarget(target), target_id, visitor.actor)
    form = submitted.parse(FollowForm)
    actions.choose(session, FollowTarget(target), target_id, form.choice, actor=visitor.actor)
    stays_away = form.choice is FollowChoice.UNFOLLOW and target in THINGS
    return see_other(request, own_path(form.back) or page, _STAYS_AWAY if stays_away else _NOTICES[form.choice])


def _page_of(session: Session, target: FollowTarget, target_id: UUID, actor: Actor) -> str:
    """The page of what is followed; NotFound where it is absent or hidden."""
    match target:
        case FollowTarget.BODY:
            return f"/gremien/{bodies.get_body(session, target_id, actor).slug}"
        case FollowTarget.FIELD_OF_ACTION:
            return f"/handlungsfelder/{structure.get_field(session, target_id).slug}"
        case FollowTarget.TOPIC:
            return f"/themen/{structure.get_topic(session, target_id).slug}"
        case FollowTarget.GUIDING_QUESTION:
            return f"/leitfragen/{structure.get_question(session, target_id, actor).slug}"
        case FollowTarget.CROSS_CUTTING_THEME:
            return f"/querschnittsthemen/{structure.get_named(session, CrossCuttingTheme, target_id).slug}"
        case FollowTarget.TARGET_GROUP:
            return f"/zielgruppen/{structure.get_named(session, TargetGroup, target_id).slug}"
        case FollowTarget.ORGANISATION:
            return f"/beteiligte/{organisations.get_organisation(session, target_id, actor).id}"
        case FollowTarget.GOAL:
            return f"/ziele/{goals.get_goal(session, target_id, actor).id}"
        case FollowTarget.INDICATOR:
            return f"/indikatoren/{indicators.get_indicator(session, target_id, actor).id}"
        case FollowTarget.EDITION:
            return f"/ausgaben/{editions.get_edition(session, target_id).code}"
    return subjects.url_of(subjects.get_subject(session, SubjectType(target), target_id, actor))
