"""Who follows what a thing is linked with hears of it: topic, Leitfrage, theme, target group, organisation, edition."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

import pytest
from sqlmodel import select
from starlette.testclient import TestClient

from app.actions.record import record
from app.db import Database
from app.domain.actors import PersonRole
from app.domain.events import EventType
from app.domain.notifications import Urgency
from app.models.bodies import Body
from app.models.measures import Measure
from app.models.programmes import CrossCuttingTheme, Edition, GuidingQuestion, TargetGroup, Topic
from app.models.recommendations import (
    Recommendation,
    RecommendationQuestion,
    RecommendationTargetGroup,
    RecommendationTheme,
)
from tests.api.test_needs import move, post
from tests.browsing import sign_in
from tests.drafting import draft
from tests.factories import Known, World
from tests.following import followers, say, silenced
from tests.queries.test_follows import measure_of
from tests.telling import told_of
from tests.web.test_follows import offered, press

WIDE = ("topic", "guiding_question", "cross_cutting_theme", "target_group", "organisation", "edition")


@dataclass(frozen=True)
class Scene:
    """A published recommendation, its measure, and what both stand in, by target."""

    body: Body
    recommendation_id: UUID
    measure_id: UUID
    keys: Mapping[str, UUID]


@pytest.fixture
def scene(client: TestClient, world: World, database: Database) -> Scene:
    """One of each kind around a recommendation."""
    body = world.body()
    recommendation_id, measure_id = measure_of(client, world, body)
    with database.write() as session:
        moment = database.clock()
        topic = Topic(
            created_at=moment, field_of_action_id=body.field_of_action_id, title="Übergänge", slug="uebergaenge"
        )
        session.add(topic)
        session.flush()
        question = GuidingQuestion(created_at=moment, title="Wie gelingt es?", slug="wie-gelingt-es", topic_id=topic.id)
        theme, group = session.exec(select(CrossCuttingTheme)).all()[0], session.exec(select(TargetGroup)).all()[0]
        session.add(question)
        session.flush()
        recommendation = session.get_one(Recommendation, recommendation_id)
        recommendation.topic_id = topic.id
        link = {"recommendation_id": recommendation_id}
        session.add(RecommendationQuestion(**link, question_id=question.id))
        session.add(RecommendationTheme(**link, theme_id=theme.id))
        session.add(RecommendationTargetGroup(**link, target_group_id=group.id))
        keys = {
            "topic": topic.id,
            "guiding_question": question.id,
            "cross_cutting_theme": theme.id,
            "target_group": group.id,
            "organisation": session.get_one(Measure, measure_id).responsible_organisation_id,
            "edition": recommendation.edition_id,
        }
    return Scene(body, recommendation_id, measure_id, keys)


def tagged_need(client: TestClient, scene: Scene, author: Known) -> str:
    """A need linked with the topic, question, theme and group, handed in for all participants to read."""
    tags = {
        f"{name}_ids": [str(scene.keys[name])] for name in ("guiding_question", "cross_cutting_theme", "target_group")
    }
    sent = {"topic_id": str(scene.keys["topic"]), "visibility": "participants", **tags}
    need = post(client, author, scene.body, **sent)
    move(client, author, need, "submit")
    found: str = need["id"]
    return found


@pytest.mark.parametrize("target", WIDE)
def test_each_is_followed_from_its_page_and_ended_at_the_list(
    client: TestClient, world: World, scene: Scene, target: str
) -> None:
    reader, member, key = world.person(), world.member(scene.body), scene.keys[target]
    answer = say(client, reader, target, key)
    page = answer.headers["location"]
    assert (answer.status_code, client.get(page).status_code) == (303, 200)
    assert offered(client, None, page) == []
    assert offered(client, reader, page) == ["unfollow"]
    assert offered(client, member, page) == ["follow", "mute"]
    assert press(client, member, page, ".follow form", "mute").headers["location"] == page
    assert offered(client, member, page) == ["follow", "unmute"]
    sign_in(client, reader)
    assert f'href="{page}"' in client.get("/konto/folgen").text
    assert press(client, reader, "/konto/folgen", ".entries form", "unfollow").status_code == 303
    assert offered(client, reader, page) == ["follow"]


@pytest.mark.parametrize("target", WIDE)
def test_its_followers_hear_of_what_is_linked_with_it(
    client: TestClient, world: World, database: Database, scene: Scene, target: str
) -> None:
    reader, silent = world.person(), world.member(scene.body)
    elsewhere = measure_of(client, world, world.body(field="C"))[0]
    need_id = tagged_need(client, scene, world.member(scene.body))
    say(client, reader, target, scene.keys[target])
    say(client, silent, target, scene.keys[target], "mute")
    things = [("recommendation", scene.recommendation_id, True), ("measure", scene.measure_id, True)]
    things += [("need", UUID(need_id), target not in ("organisation", "edition"))]
    for noun, key, is_linked in things:
        assert (reader.person_id in followers(database, noun, key)) == is_linked, noun
        assert (silent.person_id in silenced(database, noun, key)) == is_linked, noun
    assert (reader.person_id in followers(database, "recommendation", elsewhere)) == (target == "edition")


def test_the_narrower_word_counts_before_the_wider(
    client: TestClient, world: World, database: Database, scene: Scene
) -> None:
    reader = world.member(scene.body)
    keys = {**scene.keys, "field_of_action": scene.body.field_of_action_id, "body": scene.body.id}
    steps = [
        ("target_group", "mute", False, True),
        ("organisation", "follow", True, False),
        ("organisation", "unfollow", False, True),
        ("field_of_action", "follow", True, False),
        ("topic", "mute", False, True),
        ("guiding_question", "follow", True, False),
        ("body", "mute", False, True),
        ("recommendation", "follow", True, False),
    ]
    for target, choice, is_told, is_silenced in steps:
        say(client, reader, target, keys.get(target, scene.recommendation_id), choice)
        told = reader.person_id in followers(database, "recommendation", scene.recommendation_id)
        muted = reader.person_id in silenced(database, "recommendation", scene.recommendation_id)
        assert (told, muted) == (is_told, is_silenced), (target, choice)


def test_whom_a_draft_addresses_is_told_only_to_those_who_read_it(
    client: TestClient, world: World, database: Database
) -> None:
    drafted = draft(client, world)
    outsider, inside, auditor = world.person(), world.member(drafted.body), world.person(PersonRole.AUDITOR)
    for known in (outsider, inside, auditor):
        say(client, known, "organisation", drafted.addressee_id)
    told = followers(database, "recommendation", drafted.id)
    assert (outsider.person_id in told, {inside.person_id, auditor.person_id} <= told) == (False, True)


def test_an_edition_tells_its_followers_what_becomes_of_it_once(
    client: TestClient, world: World, database: Database, scene: Scene
) -> None:
    reader, other = world.person(), world.person()
    say(client, reader, "edition", scene.keys["edition"])
    secretariat = world.secretariat()
    for event_type in (EventType.EDITION_FROZEN, EventType.EDITION_ADOPTED, EventType.EDITION_PUBLISHED):
        with database.write() as session:
            edition = session.get_one(Edition, scene.keys["edition"])
            record(session, event_type, edition, actor=world.actor(secretariat, session))
            code = edition.code
        assert told_of(database, event_type) == {reader.person_id: Urgency.NEWS}
    sign_in(client, reader)
    shown = client.get("/mitteilungen").text
    assert "Redaktionsschluss gesetzt" in shown
    assert "Ausgabe veröffentlicht" in shown
    assert f"/ausgaben/{code}" in shown
    sign_in(client, other)
    assert "Redaktionsschluss gesetzt" not in client.get("/mitteilungen").text
