"""The page on which the Redaktion answers amendments: brought together beside each other, taken or declined."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from string import ascii_uppercase
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request
from pydantic import Field
from sqlmodel import Session
from starlette.responses import Response

from app.actions.amendment_dispositions import dispose_amendments
from app.actions.permissions import require
from app.domain.amendments import AmendmentState
from app.domain.consultations import TAKING, Disposition
from app.domain.permissions import Permission
from app.domain.text import AmendedBlock, TakenBlock, Taking, WordSpan, brought_forward, take
from app.errors import ApplicationError, FieldError, Invalid, StaleVersion
from app.forms.amendments import AmendmentsDispositionForm, DecisionInput
from app.forms.base import Input
from app.i18n import _, ngettext
from app.models.amendments import Amendment
from app.models.recommendations import Recommendation
from app.queries import amendments as queries
from app.queries import recommendations
from app.queries.amendments_beside import marked
from app.queries.choices import seats_to_choose
from app.queries.versions import blocks_of_number
from app.routers.deps import Member, ReadSession, Submitted, SubmittedForm, Visitor, Writer, WriteSession, attempt
from app.routers.pages import field_errors, render, see_other

router = APIRouter()
PRESENT, OWN = "present", "own"
"""Beside the amendments themselves, what an editor can choose for words that several changed."""


class AmendmentChoice(Input):
    """The amendments to be answered together."""

    amendment_ids: list[UUID] = Field(default=[], max_length=100)


@dataclass(frozen=True, slots=True)
class Wish:
    """One change as the editor sees it: of whom, as marked text, and the wording that taking it alone would make."""

    amendment: Amendment
    key: str
    spans: tuple[WordSpan, ...]
    wording: str


@dataclass(frozen=True, slots=True)
class Answered:
    """A block the chosen amendments concern, with what each wants; `number` is None for one to be added."""

    taken: TakenBlock
    number: int | None
    wishes: tuple[Wish, ...]


@router.get("/empfehlungen/{key}/aenderungsvorschlaege/beantworten")
def open_answer(
    request: Request, session: ReadSession, visitor: Member, key: str, wanted: Annotated[AmendmentChoice, Query()]
) -> Response:
    """The chosen amendments brought together, to be answered."""
    recommendation = _open(session, visitor, key)
    values = {"base_version": recommendation.version}
    return _page(request, session, visitor, recommendation, wanted.amendment_ids, values)


@router.post("/empfehlungen/{key}/aenderungsvorschlaege/beantworten")
def answer_amendments(
    request: Request, session: WriteSession, visitor: Writer, submitted: SubmittedForm, key: str
) -> Response:
    """Say what became of them; those taken make the next version. What is refused comes back as it was written."""
    recommendation = _open(session, visitor, key)
    chosen = Submitted(submitted.data, {"amendment_ids": submitted.many("amendment_ids")})
    keys = chosen.parse(AmendmentChoice, lists=("amendment_ids",)).amendment_ids
    with attempt(session) as outcome:
        form = _form(session, recommendation, submitted, visitor)
        done = dispose_amendments(session, recommendation.id, form, actor=visitor.actor)
        return see_other(request, _address(recommendation), _notice(done))
    recommendation = _open(session, visitor, key)
    values: Mapping[str, Any] = submitted.values
    if isinstance(outcome.error, StaleVersion):
        values = {**values, "base_version": recommendation.version}
    return _page(request, session, visitor, recommendation, keys, values, outcome.error)


def _address(recommendation: Recommendation) -> str:
    return f"{recommendations.url_of(recommendation)}/aenderungsvorschlaege"


def _open(session: Session, visitor: Visitor, key: str) -> Recommendation:
    recommendation = recommendations.get_recommendation(session, key, visitor.actor)
    require(Permission.AMENDMENT_DISPOSE, recommendation, visitor.actor)
    return recommendation


def _notice(done: Sequence[Amendment]) -> str:
    number = len(done)
    said = ngettext(
        "Der Änderungsvorschlag ist beantwortet.", "{number} Änderungsvorschläge sind beantwortet.", number
    ).format(number=number)
    version = done[0].taken_version
    saved = _("Fassung {version} ist gespeichert.").format(version=version)
    return said if version is None else f"{said} {saved}"


def _form(
    session: Session, recommendation: Recommendation, submitted: Submitted, visitor: Visitor
) -> AmendmentsDispositionForm:
    """The answer with the wording of each block, where the amendments are taken."""
    values = {name: value for name, value in submitted.values.items() if "-" not in name}
    form = Submitted(submitted.data, values).parse(AmendmentsDispositionForm, lists=("amendment_ids",))
    if form.disposition not in TAKING:
        return form.model_copy(update={"by_hand": False})
    if form.by_hand:
        return form
    answered = _answered(session, recommendation, form.amendment_ids, visitor, form.base_version)[0]
    written = [(each, _written(each, submitted)) for each in answered]
    missing = [
        FieldError(f"text-{each.taken.id}", _("Bitte wählen Sie, welcher Wortlaut hier gelten soll."))
        for each, wording in written
        if wording is None
    ]
    if missing:
        raise Invalid(*missing)
    decisions = [
        DecisionInput(block_id=each.taken.id, text=wording)
        for each, wording in written
        if each.taken.collides or form.disposition is Disposition.PARTLY_ADOPTED or wording != _proposed(each.taken)
    ]
    return form.model_copy(update={"decisions": decisions})


def _written(each: Answered, submitted: Submitted) -> str | None:
    """The wording of a block as the editor wrote or chose it; empty where it goes, None where nothing is chosen yet."""
    typed = submitted.text(f"text-{each.taken.id}").replace("\r\n", "\n").strip()
    if not each.taken.collides:
        return typed
    choice = submitted.text(f"choice-{each.taken.id}")
    if choice == OWN:
        return typed
    if choice == PRESENT and each.taken.present:
        return each.taken.present.text
    return next((wish.wording for wish in each.wishes if wish.key == choice), None)


def _proposed(taken: TakenBlock) -> str:
    return taken.proposed.text if taken.proposed else ""


def _answered(
    session: Session,
    recommendation: Recommendation,
    keys: Sequence[UUID],
    visitor: Visitor,
    number: int | None,
) -> tuple[list[Answered], Taking, list[Amendment]]:
    """The blocks the chosen open amendments concern, on the version that was read."""
    wanted = set(keys)
    everything = queries.list_all_on(session, recommendation.id, visitor.actor)
    chosen = [each for each in everything if each.id in wanted and each.state is AmendmentState.OPEN]
    changes = queries.changes_of(session, chosen)
    number = number if number and number <= recommendation.version else recommendation.version
    blocks = blocks_of_number(session, recommendation, number)
    taking = take(blocks, [each for amendment in chosen for each in changes[amendment.id]])
    by_key = {each.id: each for each in chosen}
    places = {block.id: place for place, block in enumerate(blocks, start=1)}
    answered = [
        Answered(
            taken,
            places.get(taken.id),
            tuple(
                Wish(
                    by_key[change.amendment_id],
                    str(change.id),
                    marked(change, taken.present),
                    _alone(taken, change),
                )
                for change in taken.changes
            ),
        )
        for taken in taking.blocks
    ]
    return answered, taking, chosen


def _letter(place: int) -> str:
    """How an amendment is called on this page: A, B … Z, AA, AB …"""
    name = ascii_uppercase[place % 26]
    return name if place < 26 else ascii_uppercase[place // 26 - 1] + name


def _alone(taken: TakenBlock, change: AmendedBlock) -> str:
    """What the block would read with this change alone; as it was written, where it doesn't fit any more."""
    brought = brought_forward(change, taken.present) if taken.present else change.text
    return change.text if brought is None else brought


def _page(
    request: Request,
    session: Session,
    visitor: Visitor,
    recommendation: Recommendation,
    keys: Sequence[UUID],
    values: Mapping[str, Any],
    error: ApplicationError | None = None,
) -> Response:
    sent = str(values.get("base_version", ""))
    number = int(sent) if sent.isdecimal() else recommendation.version
    answered, taking, chosen = _answered(session, recommendation, keys, visitor, number)
    is_stale = isinstance(error, StaleVersion)
    return render(
        request,
        "amendments/answer.html",
        status=error.status if error else 200,
        recommendation=recommendation,
        answered=answered,
        homeless=[(marked(each, None), each) for each in taking.homeless],
        chosen=chosen,
        letters={each.id: _letter(place) for place, each in enumerate(chosen)},
        number=number,
        values=values,
        is_stale=is_stale,
        errors={} if is_stale else field_errors(error),
        dispositions=list(Disposition),
        seats=seats_to_choose(session, visitor.actor, recommendation.body_id),
        address=_address(recommendation),
        example=recommendation.is_example,
    )
