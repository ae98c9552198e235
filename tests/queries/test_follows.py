"""Who is told because it follows: of a thing, of what it belongs to, of the lists it stands in; never who muted it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from sqlmodel import Session, select
from starlette.testclient import TestClient

from app.db import Database
from app.domain.actors import MembershipRole, PersonRole
from app.domain.events import SubjectType
from app.models.bodies import Body
from app.models.measures import Measure
from app.models.programmes import TargetGroup
from app.models.recommendations import Recommendation
from app.queries.follows import followers_of
from tests.api.test_needs import move, post
from tests.api.test_proposals import post as post_proposal
from tests.browsing import StatementCounter
from tests.drafting import draft
from tests.factories import Known, World
from tests.following import followers, say, say_of_list, silenced
from tests.implementing import publish


@pytest.fixture
def body(world: World) -> Body:
    """A body at work."""
    return world.body()


@pytest.fixture
def reader(world: World, body: Body) -> Known:
    """Somebody of the body who did nothing yet."""
    return world.member(body)


def measure_of(client: TestClient, world: World, body: Body) -> tuple[UUID, UUID]:
    """A published recommendation of the body and a measure for it."""
    organisation_id = world.organisation()
    recommendation_id = publish(world, body, [organisation_id])
    sent = {
        "recommendation_id": str(recommendation_id),
        "title": "Kurse anbieten",
        "responsible_organisation_id": str(organisation_id),
    }
    made = client.post("/api/v1/measures", json=sent, headers=world.secretariat().headers)
    assert made.status_code == 201, made.text
    return recommendation_id, UUID(made.json()["id"])


def test_who_follows_a_thing_its_body_or_its_field_is_told(
    client: TestClient, world: World, database: Database, body: Body
) -> None:
    author, *three = (world.member(body) for _each in range(4))
    need = post(client, author, body, visibility="participants")
    move(client, author, need, "submit")
    of_thing, of_body, of_field = three
    say(client, of_thing, "need", need["id"])
    say(client, of_body, "body", body.id)
    say(client, of_field, "field_of_action", body.field_of_action_id)
    told = {each.person_id for each in (author, *three)}
    assert followers(database, "need", need["id"]) == told
    assert followers(database, "body", body.id) == {of_body.person_id, of_field.person_id}


def test_who_follows_a_recommendation_is_told_of_its_measures(
    client: TestClient, world: World, database: Database, body: Body, reader: Known
) -> None:
    recommendation_id, measure_id = measure_of(client, world, body)
    say(client, reader, "recommendation", recommendation_id)
    assert reader.person_id in followers(database, "measure", measure_id)
    say(client, reader, "measure", measure_id, "mute")
    assert reader.person_id not in followers(database, "measure", measure_id)
    assert reader.person_id in followers(database, "recommendation", recommendation_id)


def test_the_nearest_word_counts(
    client: TestClient, world: World, database: Database, body: Body, reader: Known
) -> None:
    need = post(client, world.member(body), body)
    author = followers(database, "need", need["id"])
    steps: list[tuple[str, object, str, bool, bool]] = [
        ("field_of_action", body.field_of_action_id, "follow", True, False),
        ("body", body.id, "mute", False, True),
        ("body", body.id, "unmute", True, False),
        ("field_of_action", body.field_of_action_id, "mute", False, True),
        ("body", body.id, "follow", True, False),
        ("body", body.id, "unfollow", False, True),
        ("field_of_action", body.field_of_action_id, "unmute", False, False),
    ]
    for target, key, choice, is_told, is_silenced in steps:
        assert say(client, reader, target, key, choice).status_code == 303
        told = followers(database, "need", need["id"]) - author
        assert (bool(told), bool(silenced(database, "need", need["id"]))) == (is_told, is_silenced), (target, choice)


LISTS: list[tuple[dict[str, Any], bool]] = [
    ({"state": "submitted"}, True),
    ({"state": "withdrawn"}, False),
    ({"q": "Leerzeiten LANGE"}, True),
    ({"q": "Leerzeiten 100%"}, False),
    ({"q": "Leerz_iten"}, False),
    ({"q": "leerzeiten", "state": "submitted"}, True),
    ({"q": "leerzeiten", "state": "draft"}, False),
]


@pytest.mark.parametrize(("filters", "is_told"), LISTS)
@pytest.mark.parametrize("noun", ["need", "proposal"])
def test_a_list_is_told_of_what_stands_in_it(
    client: TestClient,
    world: World,
    database: Database,
    body: Body,
    reader: Known,
    noun: str,
    filters: dict[str, Any],
    is_told: bool,
) -> None:
    author = world.member(body)
    assert say_of_list(client, reader, noun, **filters).status_code == 303
    texts = {"title": "Lange Leerzeiten", "description": "Zwischen Kurs und Anschluss vergehen Monate."}
    made = (post if noun == "need" else post_proposal)(client, author, body, **texts)
    path = f"/api/v1/{noun}s/{made['id']}/transitions"
    assert client.post(path, json={"transition": "submit"}, headers=author.headers).status_code == 200
    assert (reader.person_id in followers(database, noun, made["id"])) == is_told


def test_a_list_is_narrowed_by_body_field_organisation_and_tags(
    client: TestClient, world: World, database: Database, body: Body, reader: Known
) -> None:
    author = world.member(body)
    with database.read() as session:
        ours, theirs = session.exec(select(TargetGroup.id)).all()[:2]
    need = post(client, author, body, target_group_ids=[str(ours)])
    elsewhere = world.body(field="C")
    lists: list[tuple[dict[str, Any], bool]] = [
        ({"body_id": body.id}, True),
        ({"body_id": elsewhere.id}, False),
        ({"field_of_action_id": body.field_of_action_id}, True),
        ({"field_of_action_id": elsewhere.field_of_action_id}, False),
        ({"organisation_id": author.organisation_id}, True),
        ({"organisation_id": reader.organisation_id}, False),
        ({"target_group_id": ours}, True),
        ({"target_group_id": theirs}, False),
        ({"target_group_id": ours, "body_id": elsewhere.id}, False),
    ]
    for filters, is_told in lists:
        assert say_of_list(client, reader, "need", **filters).status_code == 303, filters
        assert (reader.person_id in followers(database, "need", need["id"])) == is_told, filters
        say_of_list(client, reader, "need", "unfollow", **filters)


def test_the_words_of_a_draft_are_told_to_those_who_read_it(
    client: TestClient, world: World, database: Database
) -> None:
    drafted = draft(client, world, title="Anschlüsse sichern")
    outsider, auditor = world.person(), world.person(PersonRole.AUDITOR)
    inside = world.member(drafted.body)
    everybody = {each.person_id for each in (outsider, auditor, inside, drafted.secretariat)}
    for known in (outsider, auditor, inside, drafted.secretariat):
        for filters in ({"q": "anschlüsse"}, {"organisation_id": drafted.addressee_id}):
            assert say_of_list(client, known, "recommendation", **filters).status_code == 303
    assert followers(database, "recommendation", drafted.id) & everybody == everybody - {outsider.person_id}
    say_of_list(client, outsider, "recommendation", state="draft")
    assert outsider.person_id in followers(database, "recommendation", drafted.id)
    recommendation_id = publish(world, drafted.body, [drafted.addressee_id], title="Anschlüsse schaffen")
    assert followers(database, "recommendation", recommendation_id) & everybody == everybody


def test_a_list_of_measures_is_told(
    client: TestClient, world: World, database: Database, body: Body, reader: Known
) -> None:
    _recommendation_id, measure_id = measure_of(client, world, body)
    with database.read() as session:
        measure = session.get_one(Measure, measure_id)
    for filters, is_told in (
        ({"state": "planned"}, True),
        ({"state": "in_progress"}, False),
        ({"field_of_action_id": body.field_of_action_id}, True),
        ({"organisation_id": measure.responsible_organisation_id, "q": "kurse"}, True),
        ({"organisation_id": reader.organisation_id}, False),
    ):
        assert say_of_list(client, reader, "measure", **filters).status_code == 303, filters
        assert (reader.person_id in followers(database, "measure", measure_id)) == is_told, filters
        say_of_list(client, reader, "measure", "unfollow", **filters)


def test_a_muted_thing_is_not_told_by_a_list(
    client: TestClient, world: World, database: Database, body: Body, reader: Known
) -> None:
    need = post(client, world.member(body), body, visibility="participants")
    say_of_list(client, reader, "need", body_id=body.id)
    move(client, world.member(body), need, "submit")
    assert reader.person_id in followers(database, "need", need["id"])
    say(client, reader, "body", body.id, "mute")
    assert reader.person_id not in followers(database, "need", need["id"])


def test_asking_is_one_statement_however_many_follow(
    client: TestClient, world: World, session: Session, body: Body, statements: StatementCounter
) -> None:
    drafted = draft(client, world)
    known = [world.person() for _each in range(5)]
    for number, each in enumerate(known):
        say_of_list(client, each, "recommendation", state="draft", q=f"übergänge {'s' * number}".strip())
        say_of_list(client, each, "recommendation", field_of_action_id=drafted.body.field_of_action_id)
    with statements:
        found = session.exec(followers_of(SubjectType.RECOMMENDATION, UUID(drafted.id))).all()  # type: ignore[call-overload]
    assert statements.count == 1
    assert {each.person_id for each in known} <= set(found)
    assert session.get_one(Recommendation, UUID(drafted.id)).state == "draft"


@pytest.mark.parametrize("noun", ["need", "proposal"])
def test_who_followed_what_was_merged_follows_on(
    client: TestClient, world: World, database: Database, body: Body, reader: Known, noun: str
) -> None:
    chair, author = world.member(body, MembershipRole.CHAIR), world.member(body)
    making = post if noun == "need" else post_proposal
    first, second, third = (making(client, author, body, title=f"Nummer {number}")["id"] for number in range(3))
    for key in (first, second, third):
        client.post(f"/api/v1/{noun}s/{key}/transitions", json={"transition": "submit"}, headers=author.headers)
    silent = world.member(body)
    say(client, reader, noun, first)
    say(client, silent, noun, first, "mute")
    for key, into in ((first, second), (second, third)):
        moved = {"transition": "merge", "target_id": into, "reason": "Dasselbe."}
        answer = client.post(f"/api/v1/{noun}s/{key}/transitions", json=moved, headers=chair.headers)
        assert answer.status_code == 200, answer.text
    assert followers(database, noun, third) == {author.person_id, reader.person_id}
    assert silenced(database, noun, third) == set()
    say(client, reader, noun, third, "mute")
    assert followers(database, noun, third) == {author.person_id}
