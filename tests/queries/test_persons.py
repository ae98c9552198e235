"""Selections of persons agree with what each person is when it acts."""

from __future__ import annotations

from collections import defaultdict
from uuid import UUID

import pytest
from sqlalchemy import Uuid, literal, select
from sqlmodel import col
from sqlmodel import select as select_one

from app.domain.actors import MembershipRole
from app.models.organisations import Organisation, OrganisationAgent
from app.models.people import Person
from app.queries.actors import actor_of
from app.queries.persons import acting_for, on_seats_of, takes_part
from tests.conftest import Example
from tests.factories import World
from tests.implementing import collective


@pytest.mark.slow
def test_who_is_told_for_an_organisation_is_who_acts_for_it(example: Example) -> None:
    with example.database.write() as session:
        first = session.exec(select_one(Person).where(takes_part()).order_by(col(Person.id)).limit(1)).one()
        session.add(OrganisationAgent(organisation_id=first.organisation_id, person_id=first.id))
    with example.database.read() as session:
        acts_for: dict[UUID, set[UUID]] = defaultdict(set)
        for person in session.exec(select_one(Person)).all():
            for key in actor_of(session, person).acts_for:
                acts_for[key].add(person.id)
        for key in session.exec(select_one(Organisation.id)).all():
            told = session.connection().execute(acting_for(select(literal(key, Uuid())))).scalars()
            assert set(told) == acts_for[key]


def test_organisations_kept_to_named_persons_are_told_through_them_alone(world: World) -> None:
    named, colleague = world.person(), world.person()
    council = named.organisation_id
    with world.database.write() as session:
        session.get_one(Person, colleague.person_id).organisation_id = council
        session.add(OrganisationAgent(organisation_id=council, person_id=named.person_id))
    municipalities = collective(world, "Kommunen", answered_by=council)
    with world.database.read() as session:
        for key in (council, municipalities):
            found = session.connection().execute(acting_for(select(literal(key, Uuid())))).scalars()
            assert set(found) == {named.person_id}


def test_seats_are_looked_at_by_role(world: World) -> None:
    body, other = world.body(), world.body()
    chair, guest = world.member(body, MembershipRole.CHAIR), world.member(body, MembershipRole.OBSERVER)
    world.member(other)
    with world.database.read() as session:
        asked = session.connection()
        assert set(asked.execute(on_seats_of(body.id)).scalars()) == {chair.person_id, guest.person_id}
        assert set(asked.execute(on_seats_of(body.id, {MembershipRole.CHAIR})).scalars()) == {chair.person_id}
