"""Goals and indicators are followed as all else, and so are the lists of them, of reuses, publications and rounds."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

import pytest
from sqlmodel import select
from starlette.testclient import TestClient

from app.actions.readings import import_series
from app.actions.reuses import await_confirmation, confirm_reuse
from app.db import Database
from app.domain.events import EventType
from app.domain.follows import FILTERS, FOLLOWED_WHOLE
from app.domain.recommendations import RecommendationState
from app.forms.indicators import ReadingForm
from app.forms.readings import ReadingRow, ReadingTable
from app.forms.reuses import ReuseForm
from app.models.notifications import Notification
from app.models.programmes import Edition, FieldOfAction
from app.models.recommendations import Recommendation
from app.queries.following import list_followed
from app.queries.notifications import list_notifications
from app.routers.follow_offers import list_url
from tests.browsing import send, sign_in
from tests.conftest import MovedClock
from tests.factories import Known, World
from tests.following import followers, say, say_of_list, silenced
from tests.monitoring import MonitoringScene
from tests.moving import lead_to, open_comments
from tests.telling import notifications_of, told_of
from tests.web.test_follows import offered, press

E = EventType
FORM = ".follow form"


@pytest.fixture
def scene(client: TestClient, world: World) -> MonitoringScene:
    return MonitoringScene(client, world)


def read_by(world: World, known: Known) -> set[str]:
    """What somebody is told of and may see, by word."""
    with world.database.read() as session:
        page = list_notifications(session, world.actor(known, session))
        return {each.notification.about for each in page.items}


def test_a_goal_and_an_indicator_are_followed_from_their_pages_and_muted(
    client: TestClient, scene: MonitoringScene
) -> None:
    goal = scene.goal(public=True)
    indicator = scene.indicator(goal_id=goal["id"])
    for page in (f"/ziele/{goal['id']}", f"/indikatoren/{indicator['id']}"):
        assert offered(client, scene.stranger, page) == ["follow"]
        assert press(client, scene.stranger, page, FORM, "follow").status_code == 303
        assert offered(client, scene.stranger, page) == ["unfollow"]
        assert offered(client, None, page) == []
    sign_in(client, scene.stranger)
    account = client.get("/konto/folgen").text
    for words in ("Ziel:", goal["title"], "Indikator:", indicator["title"]):
        assert words in account
    database = scene.world.database
    for noun, key in (("goal", goal["id"]), ("indicator", indicator["id"])):
        assert scene.stranger.person_id in followers(database, noun, key)
        say(client, scene.member, noun, key, "mute")
        assert scene.member.person_id in silenced(database, noun, key)
    say(client, scene.stranger, "indicator", indicator["id"], "mute")
    assert scene.stranger.person_id not in followers(database, "indicator", indicator["id"]), "the nearest counts"
    for noun in ("goal", "indicator"):
        assert say(client, scene.stranger, noun, scene.body.id).status_code == 404
    hidden = scene.goal()
    assert say(client, scene.stranger, "goal", hidden["id"]).status_code == 404


def test_a_reading_is_told_to_who_follows_the_indicator_its_goal_or_measure_its_body_or_field(
    client: TestClient, scene: MonitoringScene, world: World
) -> None:
    goal, measure = scene.goal(public=True), scene.measure()
    of_goal, of_measure = scene.indicator(goal_id=goal["id"]), scene.indicator(measure_id=measure["id"])
    followed = {
        of_goal["id"]: (
            ("indicator", of_goal["id"]),
            ("goal", goal["id"]),
            ("body", scene.body.id),
            ("field_of_action", scene.body.field_of_action_id),
        ),
        of_measure["id"]: (
            ("indicator", of_measure["id"]),
            ("measure", measure["id"]),
            ("recommendation", scene.recommendation),
            ("organisation", scene.responsible.organisation_id),
        ),
    }
    for indicator_id, targets in followed.items():
        told = {}
        for noun, key in targets:
            told[noun] = world.person()
            assert say(client, told[noun], noun, key).status_code == 303, noun
        nobody = world.person()
        assert scene.reading(indicator_id, "2025", "12").status_code == 201
        heard = told_of(world.database, E.INDICATOR_READING_ADDED)
        assert {noun for noun, known in told.items() if known.person_id in heard} == set(told)
        assert nobody.person_id not in heard
        for known in told.values():
            assert E.INDICATOR_READING_ADDED.value in read_by(world, known)
    sign_in(client, told["measure"])
    inbox = client.get("/mitteilungen").text
    assert "Neuer Wert eines Indikators" in inbox
    assert f"/indikatoren/{of_measure['id']}" in inbox


def test_what_is_not_public_is_told_within_and_a_whole_series_once(
    client: TestClient, scene: MonitoringScene, world: World
) -> None:
    indicator = scene.indicator(goal_id=scene.goal(agreed=True)["id"])
    outside = world.person()
    say(client, outside, "field_of_action", scene.body.field_of_action_id)
    say(client, scene.member, "body", scene.body.id)
    forms = [ReadingForm.model_validate({"period": str(year), "value": str(year - 2000)}) for year in range(2018, 2026)]
    table = ReadingTable(tuple(ReadingRow(line=line, form=form) for line, form in enumerate(forms, 2)), ())
    with world.database.write() as session:
        actor = world.actor(scene.secretariat, session)
        assert import_series(session, UUID(indicator["id"]), table, actor=actor).new == 8
    with world.database.read() as session:
        statement = select(Notification).where(Notification.about == E.INDICATOR_READING_ADDED.value)
        found = session.exec(statement).all()
    assert [each.person_id for each in found] == [scene.member.person_id]


@pytest.mark.parametrize("noun", sorted(set(FILTERS) & FOLLOWED_WHOLE))
def test_a_quiet_list_is_followed_whole_and_stands_on_the_page_of_the_account(
    noun: Any, client: TestClient, scene: MonitoringScene, world: World
) -> None:
    reader = world.person()
    assert say_of_list(client, reader, noun.value).status_code == 303
    with world.database.read() as session:
        found = list_followed(session, world.actor(reader, session))
    (followed,) = found.lists
    assert followed.chosen is not None
    page = list_url(followed.chosen, found.names)
    sign_in(client, reader)
    assert f'href="{page}"' in client.get("/konto/folgen").text
    assert offered(client, reader, page) == ["unfollow"]
    assert press(client, reader, page, FORM, "unfollow").status_code == 303
    assert offered(client, reader, page) == ["follow"]


def test_the_lists_of_goals_and_of_context_tell_of_what_stands_in_them(
    client: TestClient, scene: MonitoringScene, world: World, database: Database
) -> None:
    with database.read() as session:
        own = session.get_one(FieldOfAction, scene.body.field_of_action_id)
        other = session.exec(select(FieldOfAction).where(FieldOfAction.id != own.id)).first()
    assert other is not None
    in_body, in_field, elsewhere, in_context = (world.person() for _ in range(4))
    for known, page in (
        (in_body, f"/gremien/{scene.body.slug}/ziele"),
        (in_field, f"/monitoring?field_of_action={own.slug}"),
        (elsewhere, f"/monitoring?field_of_action={other.slug}"),
        (in_context, f"/monitoring/kontext?field_of_action={own.slug}"),
    ):
        assert press(client, known, page, FORM, "follow").status_code == 303
        sign_in(client, known)
        assert page in client.get("/konto/folgen").text
    everybody = {in_body.person_id, in_field.person_id, elsewhere.person_id, in_context.person_id}
    goal, measure = scene.goal(public=True), scene.measure()
    context = scene.indicator(kind="context", field_of_action_id=str(own.id))
    for noun, key, told in (
        ("goal", goal["id"], {in_body, in_field}),
        ("indicator", scene.indicator(goal_id=goal["id"])["id"], {in_body, in_field}),
        ("indicator", scene.indicator(measure_id=measure["id"])["id"], {in_field}),
        ("indicator", context["id"], {in_context}),
    ):
        found = followers(database, noun, key) & everybody
        assert found == {known.person_id for known in told}, (noun, key)
    sign_in(client, in_body)
    assert "Wie ein Indikator steht" in client.get("/monitoring?course=on_track").text
    for refused in ({"noun": "goal", "state": "agreed"}, {"noun": "comment_round", "q": "Kurse"}, {"noun": "reuse"}):
        answer = send(client, in_body, "/folgen/liste", {"choice": "follow", **refused})
        assert answer.status_code == 422, refused


def test_reuses_are_followed_by_land_publications_by_year_and_rounds_as_they_open(
    client: TestClient, scene: MonitoringScene, world: World, database: Database, clock: MovedClock
) -> None:
    with database.read() as session:
        reference = session.get_one(Recommendation, scene.recommendation).reference
    page = f"/empfehlungen/{reference}/nachnutzung"
    hessen, bayern = world.person(), world.person()
    assert press(client, hessen, f"{page}?land=he", FORM, "follow").status_code == 303
    assert press(client, bayern, f"{page}?land=by", FORM, "follow").status_code == 303
    town = {"name": "Stadt Beispiel", "land": "he", "size_class": "under_100000", "since_on": "2026-01-15"}
    form = ReuseForm.model_validate({**town, "mailbox": "amt@stadt.example"})
    with database.write() as session:
        key = await_confirmation(session, scene.recommendation, form).id
    with database.write() as session:
        confirm_reuse(session, key)
    released = f"/verwaltung/nachnutzungen/{key}/transitions"
    assert send(client, scene.secretariat, released, {"transition": "release"}).status_code == 303
    heard = set(told_of(database, E.REUSE_RELEASED))
    assert hessen.person_id in heard
    assert bayern.person_id not in heard
    this_year, last_year, of_migration = world.person(), world.person(), world.person()
    for known, filters in ((this_year, {"year": 2026}), (last_year, {"year": 2025}), (of_migration, {"q": "ankommen"})):
        assert say_of_list(client, known, "publication", **filters).status_code == 303
    for day in (date(2026, 1, 1), date(2025, 12, 31)):
        entry = {"title": "Ankommen", "author": "Institut", "published_on": day.isoformat(), "summary": "Eine Studie."}
        made = client.post("/api/v1/publications", json=entry, headers=scene.secretariat.headers)
        assert made.status_code == 201, made.text
    heard_of = [each.person_id for each in notifications_of(database, E.PUBLICATION_ENTERED)]
    assert [heard_of.count(known.person_id) for known in (this_year, last_year, of_migration)] == [1, 1, 2]
    assert E.PUBLICATION_ENTERED.value in read_by(world, this_year)
    with database.read() as session:
        edition = session.exec(select(Edition)).first()
    assert edition is not None
    sign_in(client, this_year)
    assert "Nach der Ausgabe können Sie" in client.get(f"/publikationen?edition={edition.code}").text
    of_edition = world.person()
    assert say(client, of_edition, "edition", edition.id).status_code == 303
    entry = {"title": "Bericht", "author": "Institut", "published_on": "2026-02-01", "summary": "Zur Ausgabe."}
    sent = {**entry, "edition_id": str(edition.id)}
    assert client.post("/api/v1/publications", json=sent, headers=scene.secretariat.headers).status_code == 201
    assert of_edition.person_id in told_of(database, E.PUBLICATION_ENTERED)
    reader = world.person()
    assert press(client, reader, "/beteiligung", FORM, "follow").status_code == 303
    drafted = lead_to(client, world, clock, RecommendationState.GROUP_REVIEW)
    open_comments(client, clock, drafted)
    assert reader.person_id not in told_of(database, E.ROUND_OPENED), "the body's own round is not open to it"
    second = lead_to(client, world, clock, RecommendationState.GROUP_REVIEW)
    open_comments(client, clock, second, "public")
    assert reader.person_id in told_of(database, E.ROUND_OPENED)
    assert E.ROUND_OPENED.value in read_by(world, reader)
