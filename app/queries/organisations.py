"""Reads of organisations; who may see one is decided here, once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, and_, false, func, true
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from app.domain.actors import Actor
from app.domain.organisations import Level, OrganisationKind, ParticipationClass
from app.domain.sorting import sort_key
from app.models.organisations import Organisation, OrganisationAgent, OrganisationMember
from app.queries.base import DEFAULT_LIMIT, Page, get_visible, page_of, sorted_page_of


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganisationFilter:
    """What a list of organisations is narrowed to; None leaves a field open."""

    kind: OrganisationKind | None = None
    level: Level | None = None
    participation_class: ParticipationClass | None = None
    is_incomplete: bool | None = None
    q: str | None = None


def visible(actor: Actor) -> ColumnElement[bool]:
    """Who takes part is public; those who no longer do are known to the signed-in."""
    return true() if actor.is_signed_in else col(Organisation.is_active).is_(True)


def list_active(session: Session) -> Sequence[Organisation]:
    """Every organisation that takes part, in German order; for choosing one."""
    return session.exec(_sorted(select(Organisation).where(col(Organisation.is_active).is_(True)))).all()


def choices(session: Session, *, with_collectives: bool = True) -> list[tuple[UUID, str]]:
    """(id, name) of every organisation that takes part, for a select."""
    return [
        (each.id, each.name)
        for each in list_active(session)
        if with_collectives or each.kind is not OrganisationKind.COLLECTIVE
    ]


def list_acted_for(session: Session, actor: Actor) -> Sequence[Organisation]:
    """The active organisations in whose name the actor acts, in German order."""
    statement = select(Organisation).where(col(Organisation.is_active), col(Organisation.id).in_(actor.acts_for))
    return session.exec(_sorted(statement)).all()


def list_taking_part(session: Session) -> Sequence[Organisation]:
    """The organisations the public page shows: at work and complete, in German order."""
    statement = select(Organisation).where(
        col(Organisation.is_active).is_(True), col(Organisation.is_incomplete).is_(False)
    )
    return session.exec(_sorted(statement)).all()


def list_organisations(
    session: Session,
    actor: Actor,
    chosen: OrganisationFilter,
    *,
    limit: int = DEFAULT_LIMIT,
    after: str | None = None,
    newest_first: bool = False,
) -> Page[Organisation]:
    """Organisations the actor may see, in German order, or the newest first as programs read them."""
    statement = select(Organisation).where(visible(actor), *_conditions(chosen))
    if newest_first:
        return page_of(session, statement, Organisation, limit=limit, after=after)
    return sorted_page_of(session, statement, Organisation, by=col(Organisation.sort_key), limit=limit, after=after)


def count_organisations(session: Session, actor: Actor, chosen: OrganisationFilter) -> int:
    """How many organisations the filter finds for the actor."""
    statement = select(func.count()).select_from(Organisation).where(visible(actor), *_conditions(chosen))
    return session.exec(statement).one()


def get_organisation(session: Session, key: UUID, actor: Actor) -> Organisation:
    """One organisation; NotFound where absent or hidden."""
    return get_visible(session, select(Organisation).where(Organisation.id == key, visible(actor)))


def find_by_name(session: Session, name: str) -> Organisation | None:
    """The organisation of a name, whatever its case and accents."""
    key = sort_key(name)
    found = session.exec(select(Organisation).where(Organisation.sort_key == key)).all()
    exact = [each for each in found if each.name.casefold() == name.casefold()]
    return exact[0] if exact else (found[0] if len(found) == 1 and key else None)


def members_of(session: Session, collective_ids: Sequence[UUID]) -> dict[UUID, list[Organisation]]:
    """The members of some collectives, by collective, in German order; one statement."""
    statement = (
        select(OrganisationMember.collective_id, Organisation)
        .join(Organisation, col(Organisation.id) == OrganisationMember.member_id)
        .where(col(OrganisationMember.collective_id).in_(collective_ids))
        .order_by(col(Organisation.sort_key), col(Organisation.id))
    )
    found: dict[UUID, list[Organisation]] = {}
    for collective_id, member in session.exec(statement).all():
        found.setdefault(collective_id, []).append(member)
    return found


def agents_of(session: Session, organisation_ids: Sequence[UUID]) -> dict[UUID, list[UUID]]:
    """The persons who alone act for some organisations, by organisation; none for one that all act for."""
    statement = (
        select(OrganisationAgent)
        .where(col(OrganisationAgent.organisation_id).in_(organisation_ids))
        .order_by(col(OrganisationAgent.person_id))
    )
    found: dict[UUID, list[UUID]] = {}
    for agent in session.exec(statement).all():
        found.setdefault(agent.organisation_id, []).append(agent.person_id)
    return found


def manages(actor: Actor) -> bool:
    """True for those who read how an organisation is set up here."""
    return actor.is_secretariat or actor.is_admin or actor.is_auditor


def _sorted(statement: SelectOfScalar[Organisation]) -> SelectOfScalar[Organisation]:
    return statement.order_by(col(Organisation.sort_key), col(Organisation.id))


def _conditions(chosen: OrganisationFilter) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if chosen.kind:
        found.append(col(Organisation.kind) == chosen.kind)
    if chosen.level:
        found.append(col(Organisation.level) == chosen.level)
    if chosen.participation_class:
        found.append(col(Organisation.participation_class) == chosen.participation_class)
    if chosen.is_incomplete is not None:
        found.append(col(Organisation.is_incomplete) == chosen.is_incomplete)
    if chosen.q:
        words = [col(Organisation.sort_key).contains(word, autoescape=True) for word in sort_key(chosen.q).split()[:8]]
        found.append(and_(*words) if words else false())
    return found
