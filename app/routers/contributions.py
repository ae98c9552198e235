"""What the pages of needs and proposals share: filters, lists, forms and the sections of a page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar
from uuid import UUID

from fastapi import Request
from pydantic import Field
from sqlmodel import Session

from app.actions.permissions import may
from app.actions.support import is_open_for_support
from app.domain.actors import WRITING_ROLES, Actor, MembershipRole
from app.domain.follows import FollowTarget
from app.domain.permissions import Permission
from app.domain.visibility import Visibility
from app.errors import FieldError, Invalid
from app.forms.base import SearchWords
from app.forms.filters import PageFilter
from app.i18n import _
from app.models.bodies import Body
from app.queries import choices
from app.queries.base import Page
from app.queries.comments import BESIDE_LIMIT, may_on, thread
from app.queries.contribution_details import Details, details_of
from app.queries.contributions import Contribution, ContributionFilter, Order, readers_of, tables_of, tag_ids_of
from app.queries.events import history_of
from app.queries.following import following_of
from app.queries.programmes import tag_choices, tags_of
from app.queries.support import supporters_of
from app.routers.deps import Submitted
from app.routers.follow_offers import ListOffer, list_offer, lists_to_follow
from app.routers.pages import list_addresses

F = TypeVar("F", bound=ContributionFilter)
PAGE_SIZE = 25
LISTS = (
    "guiding_question_ids",
    "cross_cutting_theme_ids",
    "target_group_ids",
    "reader_ids",
    "need_ids",
    "block_ids",
)
ORDERS = [
    (Order.NEWEST, _("Neueste zuerst")),
    (Order.OLDEST, _("Älteste zuerst")),
    (Order.TITLE, _("Nach Überschrift, A bis Z")),
]


class ContributionPageFilter(PageFilter):
    """What a list is narrowed to; parameters are named as the fields."""

    body_id: UUID | None = None
    field_of_action_id: UUID | None = None
    organisation_id: UUID | None = None
    visibility: Visibility | None = None
    topic_id: UUID | None = None
    guiding_question_ids: list[UUID] = Field(default=[], max_length=20)
    cross_cutting_theme_ids: list[UUID] = Field(default=[], max_length=20)
    target_group_ids: list[UUID] = Field(default=[], max_length=20)
    q: SearchWords | None = None
    order: Order = Order.NEWEST

    def chosen(self, kind: type[F]) -> F:
        """The parameters as the filter of the queries."""
        fields: dict[str, Any] = self.model_dump(exclude={"after", "order"})
        chosen: dict[str, Any] = {
            name: tuple(value) if isinstance(value, list) else value for name, value in fields.items()
        }
        return kind(**chosen)

    @property
    def is_narrowed(self) -> bool:
        """True where any filter is set."""
        return bool(self.model_dump(exclude={"after", "order"}, exclude_defaults=True))

    @property
    def has_more_filters(self) -> bool:
        """True where one of the filters that stand folded away is set."""
        rarely_used = {"topic_id", "guiding_question_ids", "cross_cutting_theme_ids", "target_group_ids"}
        return bool(self.model_dump(include=rarely_used, exclude_defaults=True))


def list_context(
    request: Request, session: Session, actor: Actor, model: type[Contribution], page: Page[Any], wanted: Any
) -> dict[str, Any]:
    """What every list page shows around its rows."""
    return {
        "list_offer": _offer(request, session, actor, model, wanted),
        "wanted": wanted,
        "orders": ORDERS,
        **list_addresses(request, page.next),
        "may_post": any(seat.role in WRITING_ROLES for seat in actor.seats),
    }


def rows_context(session: Session, actor: Actor, model: type[Contribution], page: Page[Any]) -> dict[str, Any]:
    """The rows of a list, what belongs to them, and what the list can be narrowed to."""
    keys = [each.id for each in page.items]
    return {
        "page": page,
        "supporters": supporters_of(session, model, keys, actor) if actor.is_signed_in and keys else {},
        "bodies": choices.bodies_to_choose(session, actor),
        "choices": tag_choices(session, None),
        "example": any(each.is_example for each in page.items),
    }


def page_context(session: Session, actor: Actor, thing: Contribution) -> dict[str, Any]:
    """What the page of a need or proposal shows beside its text."""
    details = details_of(session, type(thing), [thing], actor, tags=False)[thing.id]
    discussion = thread(session, thing.id, actor if details.is_whole else Actor(), limit=BESIDE_LIMIT)
    may_discuss = details.is_whole and may_on(session, thing, actor, Permission.COMMENT_POST)
    noun = thing.subject_type.value
    return {
        "details": details,
        "following": following_of(session, actor, FollowTarget(noun), thing.id, body_id=thing.body_id),
        "tags": tags_of(session, thing) if details.is_whole else [],
        "thread": discussion,
        "comment_action": f"/kommentare/{noun}/{thing.id}" if may_discuss else None,
        "comment_seats": choices.seats_to_choose(session, actor, thing.body_id) if may_discuss else [],
        "evidence": details.evidence,
        "attachments": details.attachments,
        "attachment_action": f"/anlagen/{noun}/{thing.id}" if may(Permission.ATTACHMENT_ADD, thing, actor) else None,
        "evidence_action": f"/belege/{noun}/{thing.id}" if may(Permission.EVIDENCE_ADD, thing, actor) else None,
        "may_support": _may_support(thing, details, actor),
        "supports_already": _supports_already(thing, details, actor),
        "support_seats": choices.seats_to_choose(session, actor, thing.body_id, WRITING_ROLES),
        "history": history_of(session, [thing.id], actor) if details.is_whole and actor.is_signed_in else [],
        "example": thing.is_example,
    }


def form_context(
    session: Session, actor: Actor, body: Body, values: Mapping[str, object], errors: Mapping[str, str]
) -> dict[str, Any]:
    """What the form of a need or proposal offers and keeps."""
    return {
        "body": body,
        "values": values,
        "errors": errors,
        "choices": tag_choices(session, body),
        "readers": choices.readers_to_choose(session, body.id, actor),
        "seats": choices.seats_to_choose(session, actor, body.id),
        "may_submit": bool(actor.seats_in(body.id, WRITING_ROLES)) or actor.is_secretariat,
        "example": body.is_example,
    }


def values_of(session: Session, thing: Contribution) -> dict[str, object]:
    """A thing's present content as the values of its form."""
    tables = tables_of(type(thing))
    return {
        "title": thing.title,
        "description": thing.description,
        "topic_id": thing.topic_id,
        "visibility": thing.visibility,
        **tag_ids_of(session, tables, [thing.id]).get(thing.id, {}),
        "reader_ids": readers_of(session, tables, [thing.id]).get(thing.id, []),
    }


def bodies_to_post_in(session: Session, actor: Actor) -> list[Body]:
    """The active bodies in which the actor may post."""
    roles = {*WRITING_ROLES, MembershipRole.STAFF}
    keys = [seat.body_id for seat in actor.seats if seat.role in roles]
    if not keys and not actor.is_secretariat:
        return []
    return choices.bodies_at_work(session, actor, only=() if actor.is_secretariat else keys)


def sent_lists(submitted: Submitted, *names: str) -> dict[str, list[str]]:
    """Groups of checkboxes as sent: one without a tick is an empty list, not a field left out."""
    found: dict[str, list[str]] = {}
    for name in names:
        sent = submitted.values.pop(name, [])
        found[name] = [each for each in (sent if isinstance(sent, list) else [sent]) if each]
    return found


def target_in(submitted: Submitted) -> None:
    """Let the pasted address of a need or proposal stand for the choice in the list; Invalid where it is none."""
    address = submitted.values.pop("target_address", "")
    text = address if isinstance(address, str) else address[-1]
    if not text.strip():
        return
    try:
        submitted.values["target_id"] = str(UUID(text.strip().rstrip("/").rsplit("/", 1)[-1]))
    except ValueError as error:
        message = _("Das ist keine Adresse eines Bedarfs oder Vorschlags. Kopieren Sie sie aus der Adresszeile.")
        raise Invalid(FieldError("target_address", message)) from error


def _offer(
    request: Request, session: Session, actor: Actor, model: type[Contribution], wanted: Any
) -> ListOffer | None:
    chosen = wanted.model_dump(exclude={"after", "order"}, exclude_defaults=True)
    if "need_ids" in chosen:
        why_not = _("Dieser Liste können Sie nicht folgen. Folgen Sie stattdessen dem Bedarf, um den es geht.")
        return list_offer(request, session, actor, (), why_not=why_not)
    return list_offer(request, session, actor, lists_to_follow(model.subject_type, **chosen))


def _supports_already(thing: Contribution, details: Details, actor: Actor) -> bool:
    own = {seat.organisation_id for seat in actor.seats_in(thing.body_id, WRITING_ROLES)}
    return bool(own) and own <= {each.organisation_id for each in details.supporters}


def _may_support(thing: Contribution, details: Details, actor: Actor) -> bool:
    is_possible = details.is_whole and is_open_for_support(thing) and may(Permission.SUPPORT, thing, actor)
    return is_possible and not _supports_already(thing, details, actor)
