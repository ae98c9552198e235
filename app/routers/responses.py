"""The page of one recommendation's implementation: who is addressed, what they answered, and the measures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from fastapi import APIRouter, Request
from sqlmodel import Session
from starlette.responses import Response

from app.actions import responses as actions
from app.actions.measures import planning_scope_of
from app.actions.permissions import may
from app.documents.measures import measures_table
from app.documents.response_links import answer_path
from app.domain.contact_addresses import NO_ADDRESS
from app.domain.implementation import STATUS_BY_RULE
from app.domain.permissions import Permission
from app.domain.recommendations import PUBLIC_STATES
from app.errors import ApplicationError, NotFound
from app.forms.responses import GIVEN_ANSWERS, MemberResponseForm, ResponseAnswer
from app.i18n import _
from app.models.base import new_id
from app.models.recommendations import Recommendation
from app.models.responses import AddresseeResponse
from app.queries import measures, recommendations
from app.queries import responses as queries
from app.queries.commitments import commitments_to
from app.queries.contact_addresses import Reach, reach_of
from app.queries.implementation import parts_of, published_on, view_of
from app.queries.responses import Addressee
from app.routers.deps import (
    Reader,
    ReadSession,
    SubmittedForm,
    Visitor,
    Writer,
    WriteSession,
    attempt,
    settings_of,
)
from app.routers.pages import csv_file, field_errors, render, see_other
from app.routers.recommendation_tabs import tabs_of

router = APIRouter()


@router.get("/empfehlungen/{key}/umsetzung")
def show_implementation(request: Request, session: ReadSession, visitor: Reader, key: str) -> Response:
    """Who is addressed, what they answered, which measures there are, and what follows from it."""
    return _page(request, session, visitor, key)


@router.get("/empfehlungen/{key}/umsetzung.csv")
def implementation_csv(request: Request, session: ReadSession, visitor: Reader, key: str) -> Response:
    """The measures as a table."""
    recommendation = published(session, key, visitor)
    found = measures.measures_of(session, recommendation, visitor.actor)
    contributors = measures.contributors_of(session, [each.measure.id for each in found])
    return csv_file(request, f"umsetzung-{recommendation.reference}.csv", measures_table(found, contributors))


@router.post("/empfehlungen/{key}/antworten/{response_id}")
def answer_response(
    request: Request, session: WriteSession, visitor: Writer, submitted: SubmittedForm, key: str, response_id: UUID
) -> Response:
    """Answer for an addressee; a refused answer stands open again."""
    published(session, key, visitor)
    with attempt(session) as outcome:
        actions.answer_response(session, response_id, submitted.parse(ResponseAnswer), actor=visitor.actor)
        return see_other(request, f"/empfehlungen/{key}/umsetzung", _("Die Antwort ist vermerkt."))
    return _page(request, session, visitor, key, str(response_id), submitted.values, outcome.error)


@router.post("/empfehlungen/{key}/antworten")
def add_member_response(
    request: Request, session: WriteSession, visitor: Writer, submitted: SubmittedForm, key: str
) -> Response:
    """The own answer of a member of an addressed collective."""
    recommendation = published(session, key, visitor)
    with attempt(session) as outcome:
        form = submitted.parse(MemberResponseForm)
        actions.add_member_response(session, recommendation.id, form, actor=visitor.actor)
        return see_other(request, f"/empfehlungen/{key}/umsetzung", _("Die Antwort ist vermerkt."))
    opened = f"eigene-{submitted.text('organisation_id')}"
    return _page(request, session, visitor, key, opened, submitted.values, outcome.error)


def published(session: Session, key: str, visitor: Visitor) -> Recommendation:
    """The published recommendation; NotFound where there is none the reader may follow."""
    recommendation = recommendations.get_recommendation(session, key, visitor.actor)
    if recommendation.state not in PUBLIC_STATES:
        raise NotFound()
    return recommendation


def _page(
    request: Request,
    session: Session,
    visitor: Visitor,
    key: str,
    opened: str | None = None,
    values: Mapping[str, object] | None = None,
    error: ApplicationError | None = None,
) -> Response:
    actor = visitor.actor
    recommendation = published(session, key, visitor)
    addressees = queries.addressees_with_answers(session, recommendation, recommendation.adopted_version or 0)
    found = measures.measures_of(session, recommendation, actor)
    takes_answers = recommendation.state in queries.ANSWERABLE_STATES
    implementation = view_of(recommendation, addressees, found)
    given = [each.response for one in addressees for each in (one, *one.members) if each.response]
    owners = [one.organisation.id for one in addressees]
    scope = planning_scope_of(owners, actor.organisation_id)
    return render(
        request,
        "implementation/show.html",
        status=error.status if error else 200,
        recommendation=recommendation,
        key=recommendation.reference or recommendation.id,
        addressees=addressees,
        measures=found,
        commitments=commitments_to(session, recommendation, actor),
        may_commit=takes_answers and actor.may_write and bool(actor.acts_for),
        contributors=measures.contributors_of(session, [each.measure.id for each in found]) if found else {},
        implementation=implementation,
        parts=parts_of(recommendation, measures.tracked_parts(session, recommendation), addressees, found),
        published_on=published_on(recommendation),
        rules=STATUS_BY_RULE,
        answers=GIVEN_ANSWERS,
        answerable={each.id for each in given if takes_answers and _may_answer(each, visitor)},
        source_needed={each.id for each in given if actions.is_source_needed(each.organisation_id, actor)},
        asking=_asking(request, session, addressees) if actor.is_secretariat and takes_answers else {},
        own_answers=queries.own_answers_possible(session, recommendation, actor)
        if takes_answers and actor.is_signed_in
        else [],
        past=queries.past_answers(session, recommendation) if actor.is_signed_in else {},
        may_plan=takes_answers
        and recommendation.tracking_closed_at is None
        and may(Permission.MEASURE_CREATE, scope, actor),
        fresh_id=(values or {}).get("id") or str(new_id()),
        tab="implementation",
        tabs=tabs_of(recommendation, actor),
        opened=opened,
        values=values or {},
        errors=field_errors(error),
        example=recommendation.is_example,
    )


@dataclass(frozen=True, slots=True)
class Asking:
    """How an addressee was asked, and the link to pass on; for the Geschäftsstelle."""

    reach: Reach
    link: str


def _asking(request: Request, session: Session, addressees: Sequence[Addressee]) -> dict[UUID, Asking]:
    """By response, for every addressee; two statements."""
    settings = settings_of(request)
    found = reach_of(session, [one.organisation.id for one in addressees])
    asking = {}
    for one in addressees:
        if one.response:
            reach = found[one.organisation.id]
            address = reach.contacts[0].address if reach.contacts else NO_ADDRESS
            path = answer_path(settings, one.response.id, address)
            asking[one.response.id] = Asking(reach, f"{settings.base_url}{path}")
    return asking


def _may_answer(response: AddresseeResponse, visitor: Visitor) -> bool:
    return may(Permission.RESPONSE_ANSWER, response, visitor.actor)
