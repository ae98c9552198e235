"""Pages on which the Geschäftsstelle sets up bodies, changes them and moves them on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Request
from sqlmodel import Session
from starlette.responses import Response

from app.actions import bodies as actions
from app.actions import seats as seat_actions
from app.actions.moves import offers
from app.actions.permissions import require
from app.domain.bodies import BODY, BodyKind
from app.domain.consensus import DecisionRule, RulesOfProcedure
from app.domain.permissions import Permission
from app.errors import ApplicationError, Conflict
from app.forms.bodies import BodyChange, BodyForm, BodyTransition, SeatForm
from app.i18n import _
from app.models.base import new_id
from app.models.bodies import Body
from app.queries import bodies, organisations, seats, structure
from app.routers.deps import Member, ReadSession, Submitted, SubmittedForm, Visitor, Writer, WriteSession, attempt
from app.routers.offers import shown_offers
from app.routers.opened_forms import refuse_overtaken
from app.routers.pages import field_errors, render, see_other
from app.wording import label
from app.wording.bodies import DECISION_MEANINGS, rule_fields

router = APIRouter(prefix="/verwaltung/gremien")
_LISTS = ("responsible_person_ids", "cover_person_ids")
_RULE = "rules."


@router.get("")
def list_bodies(request: Request, session: ReadSession, visitor: Member) -> Response:
    """Every body with its seats and who looks after it."""
    require(Permission.BODY_MANAGE, None, visitor.actor)
    page = bodies.list_bodies(session, visitor.actor, limit=200)
    keys = [body.id for body in page.items]
    responsible: dict[object, list[str]] = {}
    for row, person in bodies.list_responsible(session, keys):
        if not row.is_cover:
            responsible.setdefault(row.body_id, []).append(person.name)
    return render(
        request,
        "body_administration/list.html",
        bodies=page.items,
        seats=bodies.count_seats(session, keys),
        responsible=responsible,
        example=any(body.is_example for body in page.items),
    )


@router.get("/neu")
def new_body(request: Request, session: ReadSession, visitor: Member) -> Response:
    """The form for a new body."""
    defaults = {f"{_RULE}{name}": value for name, value in RulesOfProcedure().as_mapping().items()}
    return _form(request, session, visitor, None, {"id": str(new_id()), **defaults})


@router.post("/neu")
def create_body(request: Request, session: WriteSession, visitor: Writer, submitted: SubmittedForm) -> Response:
    """Set up a body."""
    require(Permission.BODY_MANAGE, None, visitor.actor)
    with attempt(session) as outcome:
        body, _is_new = actions.create_body(session, _parse(submitted), actor=visitor.actor)
        notice = _("Das Gremium ist angelegt. Richten Sie jetzt die Sitze ein.")
        return see_other(request, f"/verwaltung/gremien/{body.slug}#sitze", notice)
    return _form(request, session, visitor, None, submitted.values, outcome.error)


@router.get("/{slug}")
def show_body(request: Request, session: ReadSession, visitor: Member, slug: str) -> Response:
    """One body with its moves and seats."""
    return _page(request, session, visitor, slug)


@router.post("/{slug}/transitions")
def transition_body(
    request: Request, session: WriteSession, visitor: Writer, submitted: SubmittedForm, slug: str
) -> Response:
    """Make a move; a refused one opens again with its reason."""
    body = bodies.get_body(session, slug, visitor.actor)
    with attempt(session) as outcome:
        actions.transition_body(session, body.id, submitted.parse(BodyTransition), actor=visitor.actor)
        return see_other(request, f"/verwaltung/gremien/{slug}", _("Der Schritt ist vermerkt."))
    return _page(request, session, visitor, slug, submitted, outcome.error)


@router.post("/{slug}/sitze")
def add_seat(request: Request, session: WriteSession, visitor: Writer, submitted: SubmittedForm, slug: str) -> Response:
    """Give an organisation a seat."""
    body = bodies.get_body(session, slug, visitor.actor)
    with attempt(session) as outcome:
        form = submitted.parse(SeatForm, voting=submitted.text("voting") == "true")
        seat, _is_new = seat_actions.add_seat(session, body.id, form, actor=visitor.actor)
        notice = _("Der Sitz ist eingerichtet. Bieten Sie ihn an, oder setzen Sie gleich eine Person darauf.")
        return see_other(request, f"/verwaltung/gremien/{slug}/sitze/{seat.id}", notice)
    return _page(request, session, visitor, slug, submitted, outcome.error)


@router.get("/{slug}/bearbeiten")
def edit_body(request: Request, session: ReadSession, visitor: Member, slug: str) -> Response:
    """The form with what stands now."""
    body = bodies.get_body(session, slug, visitor.actor)
    return _form(request, session, visitor, body, _values_of(session, body))


@router.post("/{slug}/bearbeiten")
def change_body(
    request: Request, session: WriteSession, visitor: Writer, submitted: SubmittedForm, slug: str
) -> Response:
    """Change the body, unless somebody changed it in between."""
    body = bodies.get_body(session, slug, visitor.actor)
    require(Permission.BODY_MANAGE, body, visitor.actor)
    with attempt(session) as outcome:
        refuse_overtaken(session, submitted, body, "title", "mandate")
        form = _parse(submitted)
        change = BodyChange.model_validate(form.model_dump(exclude={"id"}))
        actions.change_body(session, body.id, change, actor=visitor.actor)
        return see_other(request, f"/verwaltung/gremien/{slug}", _("Die Angaben sind gespeichert."))
    body = bodies.get_body(session, slug, visitor.actor)
    return _form(request, session, visitor, body, submitted.values, outcome.error)


def _parse(submitted: Submitted) -> BodyForm:
    """The form with its rules gathered and one guiding question a line."""
    plain = {name: value for name, value in submitted.values.items() if not name.startswith(_RULE)}
    rules = {
        name.removeprefix(_RULE): _number(submitted.text(name))
        for name in submitted.values
        if name.startswith(_RULE) and submitted.text(name) != ""
    }
    questions = [line.strip() for line in submitted.text("guiding_questions").splitlines() if line.strip()]
    return Submitted(submitted.data, plain).parse(BodyForm, lists=_LISTS, rules=rules, guiding_questions=questions)


def _number(text: str) -> int | str:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else text


def _values_of(session: Session, body: Body) -> dict[str, Any]:
    responsible, cover = bodies.list_responsible_ids(session, body.id)
    rules = RulesOfProcedure.from_mapping(body.rules).as_mapping()
    return {
        "title": body.title,
        "kind": body.kind.value,
        "field_of_action_id": body.field_of_action_id,
        "topic_id": body.topic_id,
        "mandate": body.mandate,
        "file_reference": body.file_reference or "",
        "guiding_questions": "\n".join(each.title for each in bodies.list_questions(session, [body.id])),
        "responsible_person_ids": responsible,
        "cover_person_ids": cover,
        **{f"{_RULE}{name}": value for name, value in rules.items()},
    }


def _form(
    request: Request,
    session: Session,
    visitor: Visitor,
    body: Body | None,
    values: Mapping[str, Any],
    error: ApplicationError | None = None,
) -> Response:
    require(Permission.BODY_MANAGE, body, visitor.actor)
    return render(
        request,
        "body_administration/form.html",
        status=error.status if error else 200,
        body=body,
        values=values,
        chosen={name: _as_list(values.get(name)) for name in _LISTS},
        errors=field_errors(error),
        is_stale=isinstance(error, Conflict),
        fields=[(field.id, field.name) for field in structure.every_field(session)],
        topics=[(topic.id, topic.title) for topic in structure.topics_in_order(session)],
        kinds=list(BodyKind),
        decision_rules=[(rule.value, label(rule), meaning) for rule, meaning in DECISION_MEANINGS.items()],
        default_rule=DecisionRule.QUALIFIED_MAJORITY.value,
        rule_fields=rule_fields(),
        people=[(person.id, person.name) for person in bodies.list_secretariat(session)],
        example=body.is_example if body else False,
    )


def _as_list(value: Any) -> list[Any]:
    if value is None or value == "":
        return []
    return list(value) if isinstance(value, list) else [value]


def _page(
    request: Request,
    session: Session,
    visitor: Visitor,
    slug: str,
    submitted: Submitted | None = None,
    error: ApplicationError | None = None,
) -> Response:
    body = bodies.get_body(session, slug, visitor.actor)
    require(Permission.BODY_MANAGE, body, visitor.actor)
    is_move = submitted is not None and "transition" in submitted.values
    return render(
        request,
        "body_administration/show.html",
        status=error.status if error else 200,
        body=body,
        offers=shown_offers("body", offers(body, BODY, visitor.actor, bodies.facts_of(session, body.id))),
        seats=seats.list_seats_with_members(session, body.id, visitor.actor),
        responsible=bodies.list_responsible(session, [body.id]),
        organisations=[
            (each.id, each.name) for each in organisations.list_active(session) if each.kind != "collective"
        ],
        submitted=submitted.values if submitted and is_move else None,
        move_errors=field_errors(error) if is_move else {},
        values=submitted.values if submitted and not is_move else {"id": str(new_id())},
        errors={} if is_move else field_errors(error),
        example=body.is_example,
    )
