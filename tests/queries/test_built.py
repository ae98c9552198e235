"""Statements built once: one for each shape of actor, filled with its keys, and never asked without them."""

from __future__ import annotations

from uuid import uuid4

import pytest
from sqlalchemy.exc import SADeprecationWarning, StatementError

from app.domain.actors import PUBLIC_ACTOR, Actor, PersonRole
from app.queries import needs
from app.queries.built import built_once, keys_of
from app.queries.contributions import NEEDS, one
from tests.factories import World


def _somebody(role: PersonRole = PersonRole.PARTICIPANT) -> Actor:
    return Actor(person_id=uuid4(), role=role, acts_for=frozenset({uuid4()}))


def test_two_persons_of_a_shape_share_a_statement_and_other_shapes_do_not() -> None:
    assert one(_somebody(), NEEDS, False) is one(_somebody(), NEEDS, False)
    shapes = [PUBLIC_ACTOR, _somebody(), _somebody(PersonRole.SECRETARIAT), _somebody(PersonRole.AUDITOR)]
    assert len({str(one(actor, NEEDS, False)) for actor in shapes}) == 3
    assert len({id(one(actor, NEEDS, False)) for actor in shapes}) == 4


def test_no_statement_is_asked_without_the_keys_of_its_reader(world: World) -> None:
    with world.database.read() as session, pytest.raises(StatementError, match="actor_"):
        session.exec(one(_somebody(), NEEDS, False), params={"key": uuid4()}).all()


def test_each_reader_is_answered_with_its_own_keys(world: World) -> None:
    actor = _somebody()
    assert keys_of(actor)["actor_person"] == actor.person_id
    assert keys_of(actor)["actor_organisations"] == list(actor.acts_for)
    with world.database.read() as session:
        assert needs.find_need(session, uuid4(), actor) is None


@pytest.mark.parametrize(
    "decide",
    [
        lambda actor: [seat.role for seat in actor.seats],
        lambda actor: bool(actor.acts_for),
        lambda actor: uuid4() in actor.body_ids,
    ],
)
def test_a_builder_can_not_look_at_the_person(decide: object) -> None:
    with pytest.raises((TypeError, SADeprecationWarning)):
        built_once(decide)(_somebody())  # type: ignore[arg-type]
