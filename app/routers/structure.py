"""Public pages of the structure: fields of action, cross-cutting themes, target groups, topics, questions."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from sqlmodel import Session
from starlette.responses import Response

from app.documents.charts.timeline import nearest, timeline
from app.domain.follows import FollowTarget
from app.i18n import _
from app.models.programmes import CrossCuttingTheme, GuidingQuestion, TargetGroup, Topic
from app.queries import bodies, implementation, measures, public_overview, published, structure
from app.queries.following import following_of
from app.queries.tagged import Tagging, list_tagged
from app.routers.deps import Reader, ReadSession, Visitor
from app.routers.pages import render

router = APIRouter()
SHOWN_IN_FIELD = 25
SHOWN_OF_EACH = 10
_FIELDS = (_("Handlungsfelder"), "/handlungsfelder")
_TARGETS: dict[type[Tagging], FollowTarget] = {
    Topic: FollowTarget.TOPIC,
    GuidingQuestion: FollowTarget.GUIDING_QUESTION,
    CrossCuttingTheme: FollowTarget.CROSS_CUTTING_THEME,
    TargetGroup: FollowTarget.TARGET_GROUP,
}


@router.get("/handlungsfelder")
def list_fields(request: Request, session: ReadSession, visitor: Reader) -> Response:
    """The fields of action with their numbers, and what runs across them."""
    tracked = implementation.list_tracked(session, visitor.actor)
    return render(
        request,
        "structure/fields.html",
        fields=public_overview.fields_with_numbers(session, visitor.actor, tracked),
        themes=structure.named_in_order(session, CrossCuttingTheme),
        target_groups=structure.named_in_order(session, TargetGroup),
    )


@router.get("/handlungsfelder/{slug}")
def show_field(request: Request, session: ReadSession, visitor: Reader, slug: str) -> Response:
    """One field: what is recommended and how far it is, its topics, questions and bodies."""
    field = structure.get_field(session, slug)
    tracked = implementation.list_tracked(session, visitor.actor, fields=[field])
    shown = tracked[:SHOWN_IN_FIELD]
    outline = public_overview.outline_of(session, field, visitor.actor)
    return render(
        request,
        "structure/field.html",
        field=field,
        shown=shown,
        following=following_of(session, visitor.actor, FollowTarget.FIELD_OF_ACTION, field.id),
        glance=public_overview.glance_at(tracked),
        timeline=timeline(
            "zeitplan",
            _("Maßnahmen im Zeitplan"),
            nearest(each for one in tracked for each in one.measures),
            {},
            measures.today(session),
        ),
        dissents=published.dissent_counts(session, [each.recommendation.id for each in shown]),
        outline=outline,
        example=outline.shows_examples or any(each.recommendation.is_example for each in shown),
    )


@router.get("/querschnittsthemen/{slug}")
def show_theme(request: Request, session: ReadSession, visitor: Reader, slug: str) -> Response:
    """A cross-cutting theme with what belongs to it in every field."""
    theme = structure.get_named(session, CrossCuttingTheme, slug)
    return _page(
        request,
        session,
        visitor,
        theme,
        title=theme.name,
        kicker=_("Querschnittsthema"),
        trail=[_FIELDS],
        lead=_("Querschnittsthemen werden in allen Handlungsfeldern mitgedacht."),
        filter_name="cross_cutting_theme_ids",
    )


@router.get("/zielgruppen/{slug}")
def show_target_group(request: Request, session: ReadSession, visitor: Reader, slug: str) -> Response:
    """A target group with what is for it."""
    group = structure.get_named(session, TargetGroup, slug)
    return _page(
        request,
        session,
        visitor,
        group,
        title=group.name,
        kicker=_("Zielgruppe"),
        trail=[_FIELDS],
        filter_name="target_group_ids",
    )


@router.get("/themen/{slug}")
def show_topic(request: Request, session: ReadSession, visitor: Reader, slug: str) -> Response:
    """A topic with its questions and what belongs to it."""
    topic = structure.get_topic(session, slug)
    field = topic.field_of_action
    assert field is not None
    return _page(
        request,
        session,
        visitor,
        topic,
        title=topic.title,
        kicker=_("Schwerpunktthema {year}").format(year=topic.year) if topic.year else _("Thema"),
        trail=[_FIELDS, (field.name, f"/handlungsfelder/{field.slug}")],
        questions=structure.questions_in_order(session, visitor.actor, topic_id=topic.id),
        filter_name="topic_id",
        example=topic.is_example,
    )


@router.get("/leitfragen/{slug}")
def show_question(request: Request, session: ReadSession, visitor: Reader, slug: str) -> Response:
    """A guiding question: which recommendations, proposals and needs answer it."""
    question = structure.get_question(session, slug, visitor.actor)
    topic, trail = question.topic, [_FIELDS]
    if topic is not None:
        trail.append((topic.title, f"/themen/{topic.slug}"))
    body = bodies.find_body(session, question.body_id, visitor.actor) if question.body_id else None
    if body is not None:
        trail.append((body.title, f"/gremien/{body.slug}"))
    return _page(
        request,
        session,
        visitor,
        question,
        title=question.title,
        kicker=_("Leitfrage"),
        lead=_("Gefragt in: {body}").format(body=body.title) if body else None,
        trail=trail,
        filter_name="guiding_question_ids",
        example=question.is_example,
    )


def _page(
    request: Request,
    session: Session,
    visitor: Visitor,
    tag: Tagging,
    *,
    filter_name: str,
    example: bool = False,
    **context: Any,
) -> Response:
    tagged = list_tagged(session, tag, visitor.actor, limit=SHOWN_OF_EACH)
    return render(
        request,
        "structure/tag.html",
        **{"lead": None, "trail": [], "questions": (), **context},
        following=following_of(session, visitor.actor, _TARGETS[type(tag)], tag.id),
        tagged=tagged,
        more={
            "recommendations": f"/empfehlungen?{filter_name.removesuffix('s')}={tag.id}",
            "proposals": f"/vorschlaege?{filter_name}={tag.id}",
            "needs": f"/bedarfe?{filter_name}={tag.id}",
        },
        example=example or tagged.is_example,
    )
