"""Pages of needs: the list, one need, posting and editing one, its moves, and standing behind it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request
from sqlmodel import Session
from starlette.responses import Response

from app.actions import needs as actions
from app.actions.moves import offers
from app.actions.permissions import may, require
from app.actions.support import support
from app.clock import now
from app.domain.actors import Actor
from app.domain.deadlines import berlin_date
from app.domain.needs import NEED, NeedState
from app.domain.permissions import Permission
from app.errors import ApplicationError, Conflict
from app.forms.contributions import SupportForm
from app.forms.needs import NeedChange, NeedForm, NeedTransition
from app.i18n import _
from app.models.base import new_id
from app.models.needs import Need
from app.queries import bodies, choices
from app.queries import needs as queries
from app.queries.contributions import Order, list_similar
from app.queries.kept import kept
from app.queries.need_reviews import reviewed_needs
from app.routers.contributions import (
    LISTS,
    PAGE_SIZE,
    ContributionPageFilter,
    bodies_to_post_in,
    form_context,
    list_context,
    page_context,
    rows_context,
    sent_lists,
    target_in,
    values_of,
)
from app.routers.deps import (
    Member,
    Reader,
    ReadSession,
    SubmittedForm,
    Visitor,
    Writer,
    WriteSession,
    attempt,
)
from app.routers.offers import ShownOffer, shown_offers
from app.routers.opened_forms import refuse_overtaken
from app.routers.pages import field_errors, render, see_other

router = APIRouter()
_TAGS = ("guiding_question_ids", "cross_cutting_theme_ids", "target_group_ids", "reader_ids")
_ANSWERABLE = frozenset({NeedState.SUBMITTED, NeedState.ACCEPTED, NeedState.DEFERRED})
_NOTICES = {
    "submit": _("Der Bedarf ist eingereicht. Die Leitung des Gremiums prüft ihn; Sie sehen hier, was daraus wird."),
    "accept": _("Der Bedarf ist aufgenommen."),
    "merge": _("Die Bedarfe sind zusammengeführt. Unterstützung und Verknüpfungen zählen nun auch beim Ziel."),
    "forward": _("Der Bedarf ist weitergeleitet; das andere Gremium prüft ihn."),
    "defer": _("Der Bedarf ist zurückgestellt."),
    "decline": _("Der Bedarf wird nicht weiterverfolgt; die Begründung steht im Verlauf."),
    "answer": _("Der Bedarf ist als beantwortet gekennzeichnet."),
    "reopen": _("Der Bedarf ist wieder aufgenommen und steht zur Prüfung."),
    "withdraw": _("Der Bedarf ist zurückgezogen."),
}


class NeedPageFilter(ContributionPageFilter):
    """The parameters of the list of needs."""

    state: NeedState | None = None


@router.get("/bedarfe")
def list_needs(
    request: Request, session: ReadSession, visitor: Reader, wanted: Annotated[NeedPageFilter, Query()]
) -> Response:
    """The needs the reader may see."""
    actor = visitor.actor
    shown = _listed(session, actor, wanted.chosen(queries.NeedFilter), wanted.order, wanted.after)
    around = list_context(request, session, actor, Need, shown["page"], wanted)
    return render(request, "needs/list.html", states=list(NeedState), kept=shown, **around)


@kept
def _listed(
    session: Session, actor: Actor, chosen: queries.NeedFilter, order: Order, after: str | None
) -> dict[str, Any]:
    page = queries.list_needs(session, actor, chosen, order=order, limit=PAGE_SIZE, after=after)
    return {
        "total": queries.count_needs(session, actor, chosen),
        "in_progress": queries.in_progress(session, page.items, actor) if actor.is_signed_in else set(),
        **rows_context(session, actor, Need, page),
    }


@router.get("/bedarfe/neu")
def choose_body(request: Request, session: ReadSession, visitor: Member) -> Response:
    """For which body? Leads on at once where there is only one."""
    found = bodies_to_post_in(session, visitor.actor)
    if len(found) == 1:
        return see_other(request, f"/gremien/{found[0].slug}/bedarfe/neu")
    return render(request, "contributions/choose_body.html", bodies=found, noun="need", segment="bedarfe")


@router.get("/gremien/{slug}/bedarfe/neu")
def new_need(request: Request, session: ReadSession, visitor: Member, slug: str) -> Response:
    """The form for a new need."""
    return _new(request, session, visitor, slug, {"id": str(new_id())})


@router.post("/gremien/{slug}/bedarfe/neu")
def post_need(
    request: Request, session: WriteSession, visitor: Writer, submitted: SubmittedForm, slug: str
) -> Response:
    """Post a need, as a draft or submitted at once."""
    body = bodies.get_body(session, slug, visitor.actor)
    submits = submitted.values.pop("action", "") == "submit"
    with attempt(session) as outcome:
        form = submitted.parse(NeedForm, lists=LISTS, body_id=body.id)
        need, _is_new = actions.post_need(session, form, actor=visitor.actor)
        return _saved(request, session, need, submits, visitor)
    return _new(request, session, visitor, slug, submitted.values, outcome.error)


@router.get("/bedarfe/{need_id}")
def show_need(request: Request, session: ReadSession, visitor: Reader, need_id: UUID) -> Response:
    """One need with what hangs on it and the moves the reader has."""
    return show(request, session, visitor, need_id)


@router.get("/bedarfe/{need_id}/bearbeiten")
def open_need(request: Request, session: ReadSession, visitor: Member, need_id: UUID) -> Response:
    """The form of a draft."""
    return _edit(request, session, visitor, need_id)


@router.post("/bedarfe/{need_id}/bearbeiten")
def edit_need(
    request: Request, session: WriteSession, visitor: Writer, submitted: SubmittedForm, need_id: UUID
) -> Response:
    """Save a draft, and submit it where that button was pressed."""
    need = queries.get_need(session, need_id, visitor.actor)
    submits = submitted.values.pop("action", "") == "submit"
    values = dict(submitted.values)
    with attempt(session) as outcome:
        refuse_overtaken(session, submitted, need, "title", "description")
        chosen: dict[str, Any] = sent_lists(submitted, *_TAGS)
        topic = submitted.values.pop("topic_id", "") or None
        form = submitted.parse(NeedChange, topic_id=topic, **_required(values), **chosen)
        need = actions.edit_need(session, need_id, form, actor=visitor.actor)
        return _saved(request, session, need, submits, visitor)
    return _edit(request, session, visitor, need_id, values, outcome.error)


@router.post("/bedarfe/{need_id}/transitions")
def transition_need(
    request: Request, session: WriteSession, visitor: Writer, submitted: SubmittedForm, need_id: UUID
) -> Response:
    """Make a move; a refused one opens again with its reason."""
    queries.get_need(session, need_id, visitor.actor)
    values = dict(submitted.values)
    with attempt(session) as outcome:
        target_in(submitted)
        form = submitted.parse(NeedTransition)
        need = actions.transition_need(session, need_id, form, actor=visitor.actor)
        session.flush()
        is_still_seen = queries.find_need(session, need.id, visitor.actor) is not None
        return see_other(request, f"/bedarfe/{need_id}" if is_still_seen else "/bedarfe", _NOTICES[form.transition])
    return show(request, session, visitor, need_id, values, outcome.error)


@router.post("/bedarfe/{need_id}/unterstuetzung")
def support_need(
    request: Request, session: WriteSession, visitor: Writer, submitted: SubmittedForm, need_id: UUID
) -> Response:
    """Let the reader's organisation stand behind the need."""
    queries.get_need(session, need_id, visitor.actor)
    with attempt(session) as outcome:
        support(session, Need, need_id, submitted.parse(SupportForm), actor=visitor.actor)
        return see_other(
            request, f"/bedarfe/{need_id}#unterstuetzung", _("Ihre Organisation unterstützt diesen Bedarf.")
        )
    return show(request, session, visitor, need_id, None, outcome.error)


def show(
    request: Request,
    session: Session,
    visitor: Visitor,
    need_id: UUID,
    submitted: Mapping[str, object] | None = None,
    error: ApplicationError | None = None,
) -> Response:
    """The page of a need; with what was sent and why it was refused, where it was."""
    return render(
        request,
        "needs/show.html",
        status=error.status if error else 200,
        submitted=submitted,
        errors=field_errors(error),
        kept=_shown(session, visitor.actor, need_id),
    )


@kept
def _shown(session: Session, actor: Actor, need_id: UUID) -> dict[str, Any]:
    need = queries.get_need(session, need_id, actor)
    shown = shown_offers("need", offers(need, NEED, actor))
    return {
        "need": need,
        "offers": shown,
        "may_propose": need.state in _ANSWERABLE and may(Permission.PROPOSAL_POST, need, actor),
        "rounds": reviewed_needs(session, actor, need_id=need.id) if need.state is NeedState.ANSWERED else [],
        "today": berlin_date(now(session)),
        **_choices_for_moves(session, need, actor, shown),
        **page_context(session, actor, need),
    }


def _choices_for_moves(session: Session, need: Need, actor: Actor, shown: list[ShownOffer]) -> dict[str, Any]:
    names = {offer.name for offer in shown}
    body_id = need.body_id
    others = choices.bodies_at_work(session, actor, but=body_id) if "forward" in names else []
    return {
        "targets": list_similar(session, need, actor) if "merge" in names else [],
        "other_bodies": [(body.id, body.title) for body in others],
        "recommendations": (choices.recommendations_to_choose(session, body_id, actor) if "answer" in names else []),
    }


def _required(values: Mapping[str, object]) -> dict[str, Any]:
    """Title and description as sent: emptied ones are said to be missing instead of left as they were."""
    return {name: values.get(name, "") for name in ("title", "description")}


def _saved(request: Request, session: Session, need: Need, submits: bool, visitor: Visitor) -> Response:
    if submits:
        session.flush()
        if need.state is NeedState.DRAFT:
            actions.transition_need(session, need.id, NeedTransition(transition="submit"), actor=visitor.actor)
        return see_other(request, f"/bedarfe/{need.id}", _NOTICES["submit"])
    return see_other(request, f"/bedarfe/{need.id}", _("Ihr Entwurf ist gespeichert. Er ist noch nicht eingereicht."))


def _new(
    request: Request,
    session: Session,
    visitor: Visitor,
    slug: str,
    values: Mapping[str, object],
    error: ApplicationError | None = None,
) -> Response:
    body = bodies.get_body(session, slug, visitor.actor)
    require(Permission.NEED_POST, body, visitor.actor)
    return render(
        request,
        "needs/form.html",
        status=error.status if error else 200,
        need=None,
        **form_context(session, visitor.actor, body, values, field_errors(error)),
    )


def _edit(
    request: Request,
    session: Session,
    visitor: Visitor,
    need_id: UUID,
    values: Mapping[str, object] | None = None,
    error: ApplicationError | None = None,
) -> Response:
    need = queries.get_need(session, need_id, visitor.actor)
    require(Permission.NEED_EDIT, need, visitor.actor)
    if need.state is not NeedState.DRAFT and error is None:
        raise Conflict(_("Ein eingereichter Bedarf wird nicht mehr geändert. Schreiben Sie einen Kommentar dazu."))
    body = bodies.get_body(session, need.body_id, visitor.actor)
    kept = values if values is not None else values_of(session, need)
    return render(
        request,
        "needs/form.html",
        status=error.status if error else 200,
        need=need,
        **form_context(session, visitor.actor, body, kept, field_errors(error)),
    )
