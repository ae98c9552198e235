"""Reads of what stands behind a thing: organisations that support it, evidence given for it, files attached to it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import and_, bindparam, false
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from app.domain.actors import Actor
from app.models.attachments import Attachment
from app.models.needs import Evidence, Support
from app.models.organisations import Organisation
from app.queries.built import built_once, keys_of
from app.queries.contributions import Contribution, Tables, tables_of, visible


class Supporter(NamedTuple):
    """An organisation behind a need or proposal."""

    organisation_id: UUID
    name: str


_KEYS: Any = bindparam("keys", expanding=True)
_SOURCE = aliased(Evidence, select(Evidence).where(col(Evidence.subject_id).in_(_KEYS)).subquery())
_FILE = aliased(
    Attachment,
    select(Attachment).where(col(Attachment.on_id).in_(_KEYS), col(Attachment.removed_at).is_(None)).subquery(),
)
# Side by side: no row of the one belongs to a row of the other.
_SOURCES: Any = (
    select(_SOURCE, _FILE)
    .join(_FILE, false(), full=True)
    .order_by(col(_SOURCE.created_at), col(_SOURCE.id), col(_FILE.created_at), col(_FILE.id))
)


def supporters_of(
    session: Session, model: type[Contribution], keys: Sequence[UUID], actor: Actor
) -> dict[UUID, list[Supporter]]:
    """The organisations behind each need or proposal, each once, in German order, in one statement.

    What was merged into it counts with it, as far as the actor sees it.
    """
    asked = {"keys": list(keys), **keys_of(actor)}
    found: dict[UUID, list[Supporter]] = {}
    for root, organisation_id, name, _key in session.connection().execute(_supporters(actor, tables_of(model)), asked):
        found.setdefault(root, []).append(Supporter(organisation_id, name))
    return found


@built_once
def _supporters(actor: Actor, tables: Tables) -> Any:
    thing = tables.model
    family: Any = select(col(thing.id).label("root"), col(thing.id).label("id"))
    whole = family.where(col(thing.id).in_(_KEYS)).cte("family", recursive=True)
    whole = whole.union_all(
        select(whole.c.root, col(thing.id)).where(col(thing.merged_into_id) == whole.c.id, visible(tables, actor))
    )
    return (
        select(whole.c.root, Organisation.id, Organisation.name)
        .join(Support, col(Support.subject_id) == whole.c.id)
        .join(Organisation, and_(col(Organisation.id) == Support.organisation_id))
        .order_by(col(Organisation.sort_key), col(Organisation.id))
        .distinct()
        .add_columns(col(Organisation.sort_key))
    )


def sources_of(
    session: Session, keys: Sequence[UUID]
) -> tuple[dict[UUID, list[Evidence]], dict[UUID, list[Attachment]]]:
    """The evidence given for each thing and the files attached to it, each oldest first, in one statement."""
    evidence: dict[UUID, list[Evidence]] = {}
    files: dict[UUID, list[Attachment]] = {}
    for source, file in session.exec(_SOURCES, params={"keys": list(keys)}).unique().all():
        if source is not None:
            evidence.setdefault(source.subject_id, []).append(source)
        if file is not None:
            files.setdefault(file.on_id, []).append(file)
    return evidence, files
