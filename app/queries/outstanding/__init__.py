"""Everything that is outstanding in the implementation, for the Geschäftsstelle; it shows nobody else anything."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import literal, union_all
from sqlmodel import Session, col, select

from app.clock import now
from app.domain.deadlines import berlin_date
from app.domain.outstanding import OutstandingKind
from app.domain.sorting import sort_key
from app.models.organisations import Organisation
from app.models.programmes import Edition, FieldOfAction
from app.queries import structure
from app.queries.outstanding.base import Outstanding, OutstandingFilter
from app.queries.outstanding.gaps import gaps_of_recommendations, goals_without_indicator, overdue_readings
from app.queries.outstanding.owed import owed_answers, owed_by_measures, owed_reviews

__all__ = ["Found", "Outstanding", "OutstandingFilter", "find_outstanding", "names_of"]


@dataclass(frozen=True, slots=True)
class Found:
    """What a filter finds: how many of each kind, the things of the kind that is wanted; and what to narrow by."""

    figures: Mapping[OutstandingKind, int]
    items: Sequence[Outstanding]
    organisations: Sequence[tuple[UUID, str]]
    editions: Sequence[tuple[UUID, str]]
    fields: Sequence[tuple[UUID, str]]


def find_outstanding(session: Session, chosen: OutstandingFilter) -> Found:
    """All that is outstanding in what is carried on, the next due first; eight statements.

    The caller has checked that the reader may.
    """
    today = berlin_date(now(session))
    everything = [
        *owed_by_measures(session, today),
        *owed_answers(session, today),
        *owed_reviews(session, today),
        *gaps_of_recommendations(session, today),
        *goals_without_indicator(session),
        *overdue_readings(session, today),
    ]
    editions, fields = _choices(session)
    carried_on = {key for key, _name in fields}
    everything = [each for each in everything if each.field_of_action_id in carried_on]
    found = [each for each in everything if chosen.takes(each)]
    counted = Counter(each.kind for each in found)
    names = {each.organisation_id: each.organisation for each in everything if each.organisation_id}
    return Found(
        {kind: counted[kind] for kind in OutstandingKind},
        sorted((each for each in found if chosen.kind in (None, each.kind)), key=lambda each: each.order),
        sorted(names.items(), key=lambda pair: (sort_key(pair[1]), pair[0])),
        editions,
        fields,
    )


def names_of(session: Session, organisation_ids: Iterable[UUID]) -> dict[UUID, str]:
    """What these organisations are called, in German order."""
    statement = select(Organisation.id, Organisation.name).where(col(Organisation.id).in_(set(organisation_ids)))
    return dict(session.exec(statement.order_by(col(Organisation.sort_key))).all())


def _choices(session: Session) -> tuple[list[tuple[UUID, str]], list[tuple[UUID, str]]]:
    """The editions and fields of what is carried on, as pairs of key and name; one statement."""
    editions = select(literal(0).label("kind"), col(Edition.id), col(Edition.code), col(Edition.created_at))
    editions = editions.where(structure.carried_on(Edition.programme_id))
    fields = select(literal(1), col(FieldOfAction.id), col(FieldOfAction.name), col(FieldOfAction.created_at))
    fields = fields.where(structure.carried_on(FieldOfAction.programme_id))
    rows = session.connection().execute(union_all(editions, fields)).all()
    newest_first = sorted((row for row in rows if row[0] == 0), key=lambda row: str(row[3]), reverse=True)
    in_order = sorted((row for row in rows if row[0] == 1), key=lambda row: sort_key(row[2]))
    return [(row[1], row[2]) for row in newest_first], [(row[1], row[2]) for row in in_order]
