"""Organisations at the door of the API."""

from __future__ import annotations

from uuid import UUID

import pytest
from starlette.testclient import TestClient

from app.domain.actors import MembershipRole, PersonRole
from app.domain.organisations import Level, OrganisationKind, ParticipationClass
from app.models.base import new_id
from app.models.bodies import Seat
from app.queries.co_signatures import persons_acting_for
from tests.factories import Known, World

TOWNS = {
    "name": "Deutscher Städtetag",
    "kind": "municipal_association",
    "level": "municipal",
    "participation_class": "mandatory",
}
MUNICIPALITIES = {"name": "Kommunen", "kind": "collective", "level": "municipal", "participation_class": "mandatory"}


def test_the_secretariat_enters_and_completes_an_organisation(client: TestClient, world: World) -> None:
    headers = world.secretariat().headers
    made = client.post("/api/v1/organisations", json=TOWNS, headers=headers)
    assert made.status_code == 201
    answer = made.json()
    assert {name: answer[name] for name in TOWNS} == TOWNS
    path = f"/api/v1/organisations/{answer['id']}"
    public = client.get(path)
    assert public.status_code == 200
    assert (public.json()["agent_ids"], public.json()["is_incomplete"]) == (None, None)
    assert "max-age" in public.headers["cache-control"]
    assert client.get(path, headers={"If-None-Match": public.headers["etag"]}).status_code == 304
    changed = client.patch(path, json={"level": "none", "is_active": False}, headers=headers)
    assert (changed.json()["level"], changed.json()["is_active"]) == ("none", False)
    assert client.get(path).status_code == 404
    assert client.get(path, headers=headers).status_code == 200


def test_others_change_nothing(client: TestClient, world: World) -> None:
    key = world.organisation(name="Bleibt")
    for role, status in ((PersonRole.PARTICIPANT, 403), (PersonRole.ADMIN, 403), (PersonRole.AUDITOR, 403)):
        headers = world.person(role).headers
        assert client.post("/api/v1/organisations", json=TOWNS, headers=headers).status_code == status
        assert client.patch(f"/api/v1/organisations/{key}", json={"name": "x"}, headers=headers).status_code == status
    assert client.post("/api/v1/organisations", json=TOWNS).status_code == 401
    assert client.get(f"/api/v1/organisations/{key}").json()["name"] == "Bleibt"
    assert client.get("/api/v1/organisations?q=Städtetag").json()["items"] == []


@pytest.mark.parametrize("collective_names_it", [True, False])
def test_who_answers_for_a_collective_may_be_said_from_either_end(
    client: TestClient, world: World, collective_names_it: bool
) -> None:
    headers = world.secretariat().headers
    if collective_names_it:
        towns = client.post("/api/v1/organisations", json=TOWNS, headers=headers).json()["id"]
        sent = {**MUNICIPALITIES, "answers_for_id": towns, "member_ids": [towns]}
        collective = client.post("/api/v1/organisations", json=sent, headers=headers).json()
        assert collective["member_ids"] == [towns]
        collective_id = collective["id"]
    else:
        collective_id = client.post("/api/v1/organisations", json=MUNICIPALITIES, headers=headers).json()["id"]
        sent = {**TOWNS, "answers_for_id": collective_id}
        towns = client.post("/api/v1/organisations", json=sent, headers=headers).json()["id"]
    known = world.person(organisation_id=UUID(towns))
    with world.database.read() as session:
        acts_for = {str(key) for key in world.actor(known, session).acts_for}
    assert acts_for == {towns, collective_id}


def test_named_agents_alone_act_for_their_organisation(client: TestClient, world: World) -> None:
    headers = world.secretariat().headers
    key = world.organisation()
    named, other = world.person(organisation_id=key), world.person(organisation_id=key)
    foreign = world.person()
    path = f"/api/v1/organisations/{key}"
    refused = client.patch(path, json={"agent_ids": [str(foreign.person_id)]}, headers=headers)
    assert refused.status_code == 422
    assert client.patch(path, json={"agent_ids": [str(named.person_id)]}, headers=headers).status_code == 200
    with world.database.read() as session:
        assert key in world.actor(named, session).acts_for
        assert key not in world.actor(other, session).acts_for
    assert client.patch(path, json={"agent_ids": []}, headers=headers).json()["agent_ids"] == []
    with world.database.read() as session:
        assert key in world.actor(other, session).acts_for


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": " "}, "name"),
        ({"name": "x" * 301}, "name"),
        ({"kind": "club"}, "kind"),
        ({"level": None}, "level"),
        ({"participation_class": "vielleicht"}, "participation_class"),
        ({"member_ids": ["x"]}, "member_ids.0"),
        ({"answers_for_id": str(new_id())}, "answers_for_id"),
        ({"colour": "red"}, "colour"),
        ({"name": "Vorhanden"}, "name"),
        ({"name": "VORHANDEN"}, "name"),
    ],
)
def test_bad_input_names_its_field(client: TestClient, world: World, change: dict[str, object], field: str) -> None:
    headers = world.secretariat().headers
    world.organisation(name="Vorhanden")
    refused = client.post("/api/v1/organisations", json={**TOWNS, **change}, headers=headers)
    assert refused.status_code == 422
    assert [error["field"] for error in refused.json()["errors"]] == [field]
    assert [each["name"] for each in client.get("/api/v1/organisations?q=Städtetag").json()["items"]] == []


def test_only_collectives_have_members_and_only_single_ones(client: TestClient, world: World) -> None:
    headers = world.secretariat().headers
    member, collective = world.organisation(), world.organisation(kind=OrganisationKind.COLLECTIVE)
    with_members = {**TOWNS, "member_ids": [str(member)]}
    assert client.post("/api/v1/organisations", json=with_members, headers=headers).status_code == 422
    nested = {**MUNICIPALITIES, "member_ids": [str(collective)]}
    assert client.post("/api/v1/organisations", json=nested, headers=headers).status_code == 422
    path = f"/api/v1/organisations/{collective}"
    assert client.patch(path, json={"answers_for_id": str(collective)}, headers=headers).status_code == 422
    has_people = world.person().organisation_id
    turned = client.patch(f"/api/v1/organisations/{has_people}", json={"kind": "collective"}, headers=headers)
    assert turned.status_code == 409


def test_sent_twice_it_is_one(client: TestClient, world: World) -> None:
    headers = world.secretariat().headers
    sent = {**TOWNS, "id": str(new_id())}
    answers = [client.post("/api/v1/organisations", json=sent, headers=headers).status_code for _time in range(2)]
    assert answers == [201, 200]


def test_the_list_is_newest_first_its_page_in_german_order_and_both_ask_constantly(
    client: TestClient, world: World, statements
) -> None:
    for name in ("Zebra", "Öse", "Otto", "äpfel"):
        world.organisation(name=name, participation_class=ParticipationClass.MANDATORY, level=Level.STATE)
    names = [each["name"] for each in client.get("/api/v1/organisations?participation_class=mandatory").json()["items"]]
    assert names == ["äpfel", "Otto", "Öse", "Zebra"]
    page = client.get("/beteiligte?participation_class=mandatory").text
    assert sorted(names, key=page.index) == ["äpfel", "Öse", "Otto", "Zebra"]
    for _time in range(30):
        world.organisation()
    with statements:
        client.get("/api/v1/organisations?limit=3")
    few = statements.count
    with statements:
        client.get("/api/v1/organisations?limit=30")
    assert statements.count == few <= 6
    assert client.get("/api/v1/organisations?limit=201").status_code == 422


def test_who_may_act_is_kept_to_named_persons_for_what_the_organisation_answers_for_too(
    client: TestClient, world: World
) -> None:
    secretariat, spokesman = world.secretariat(), world.person()
    council = spokesman.organisation_id
    colleague = world.person(organisation_id=council)
    sent = {**MUNICIPALITIES, "answers_for_id": str(council)}
    made = client.post("/api/v1/organisations", json=sent, headers=secretariat.headers)
    assert made.status_code == 201, made.text
    collective = UUID(made.json()["id"])
    assert {council, collective} <= _acts_for(world, colleague)
    named = {"agent_ids": [str(spokesman.person_id)]}
    path = f"/api/v1/organisations/{council}"
    assert client.patch(path, json=named, headers=secretariat.headers).status_code == 200
    assert _acts_for(world, spokesman) == {council, collective}
    assert _acts_for(world, colleague) == set()
    with world.database.read() as session:
        reached = {person.id for person in persons_acting_for(session, collective)}
        assert reached == {person.id for person in persons_acting_for(session, council)} == {spokesman.person_id}


def test_who_helps_or_listens_on_a_seat_does_not_act_for_its_organisation(world: World) -> None:
    body = world.body()
    seat_id = world.seat(body)
    helper, adviser = world.person(), world.person()
    world.join(helper, seat_id, MembershipRole.STAFF)
    world.join(adviser, seat_id, MembershipRole.ADVISOR)
    assert _acts_for(world, helper) == {helper.organisation_id}
    assert len(_acts_for(world, adviser)) == 2
    with world.database.read() as session:
        owner = session.get_one(Seat, seat_id).organisation_id
        assert {person.id for person in persons_acting_for(session, owner)} == {adviser.person_id}


def _acts_for(world: World, known: Known) -> frozenset[UUID]:
    with world.database.read() as session:
        return world.actor(known, session).acts_for
