"""The annex table for programs: goal, measure, responsible, schedule and indicators, of an edition or a field."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel
from starlette.responses import Response

from app.documents.annex import annex_rows, annex_table
from app.domain.actors import Actor
from app.forms.base import Input
from app.queries import editions, structure
from app.queries.annex import AnnexGoal, annex_of
from app.routers.api.common import answer
from app.routers.deps import ApiReader, ReadSession
from app.routers.downloads import TableForm, table_file

router = APIRouter(tags=["annex"])
FILES: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "Die Tabelle",
        "content": {"text/csv": {}, "application/vnd.oasis.opendocument.spreadsheet": {}},
    }
}


class AnnexRowAnswer(BaseModel):
    """One row: a goal, a measure or both, and an indicator where one is there; `latest` and `course` as on the page."""

    body: str | None
    strategic: str | None
    operative: str | None
    reference: str | None
    number: str | None
    measure: str | None
    responsible: str | None
    contributors: list[str]
    due_on: date | None
    milestones: list[str]
    state: str | None
    indicator: str | None
    kind: str | None
    unit: str | None
    baseline: Decimal | None
    baseline_on: date | None
    target: Decimal | None
    target_on: date | None
    direction: str | None
    source: str | None
    latest: str | None
    course: str | None
    goal_id: UUID | None
    measure_id: UUID | None
    indicator_id: UUID | None


class AnnexAnswer(BaseModel):
    """The whole table; it is not paged."""

    items: list[AnnexRowAnswer]


class OneField(Input):
    """The field an edition's table is narrowed to."""

    field_of_action_id: UUID | None = None


@router.get("/editions/{key}/annex", response_model=AnnexAnswer)
def get_annex_of_edition(
    request: Request, session: ReadSession, actor: ApiReader, key: UUID, wanted: Annotated[OneField, Query()]
) -> Response:
    """The table of an edition, of all its fields or one."""
    edition = editions.get_edition(session, key)
    branches = annex_of(session, actor, edition_id=edition.id, field_of_action=wanted.field_of_action_id)
    return _answer(request, branches, actor)


@router.get("/editions/{key}/annex.{form}", response_class=Response, responses=FILES)
def get_annex_file_of_edition(
    request: Request,
    session: ReadSession,
    actor: ApiReader,
    key: UUID,
    form: TableForm,
    wanted: Annotated[OneField, Query()],
) -> Response:
    """The same as a table that can be read in again."""
    edition = editions.get_edition(session, key)
    branches = annex_of(session, actor, edition_id=edition.id, field_of_action=wanted.field_of_action_id)
    return table_file(request, f"massnahmentabelle-{edition.code}", annex_table(edition.title, branches), form)


@router.get("/fields-of-action/{key}/annex", response_model=AnnexAnswer)
def get_annex_of_field(request: Request, session: ReadSession, actor: ApiReader, key: UUID) -> Response:
    """The table of a field, in every edition."""
    field = structure.get_field(session, key)
    return _answer(request, annex_of(session, actor, field_of_action=field.id), actor)


@router.get("/fields-of-action/{key}/annex.{form}", response_class=Response, responses=FILES)
def get_annex_file_of_field(
    request: Request, session: ReadSession, actor: ApiReader, key: UUID, form: TableForm
) -> Response:
    """The same as a table that can be read in again."""
    field = structure.get_field(session, key)
    table = annex_table(field.name, annex_of(session, actor, field_of_action=field.id))
    return table_file(request, f"massnahmentabelle-{field.slug}", table, form)


def _answer(request: Request, branches: Sequence[AnnexGoal], actor: Actor) -> Response:
    items = [
        AnnexRowAnswer.model_validate(
            row | {name: str(row[name] or "").splitlines() for name in ("contributors", "milestones")}
        )
        for row in annex_rows(branches)
    ]
    return answer(request, AnnexAnswer(items=items), actor)
