"""Following by its buttons: on things, bodies, fields and lists, and what follows by itself."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from selectolax.lexbor import LexborHTMLParser as HTMLParser
from sqlalchemy import update
from sqlmodel import col, select
from starlette.testclient import TestClient

from app.actions.follows import MOST_LISTS
from app.actions.people import redact_person
from app.db import Database
from app.domain.actors import PersonRole
from app.domain.bodies import BodyState
from app.domain.follows import FollowTarget
from app.models.base import new_id
from app.models.bodies import Body, Membership
from app.models.follows import Follow, FollowedList, FollowedListWord
from app.models.programmes import FieldOfAction
from app.queries.following import THINGS_SHOWN
from tests.api.test_needs import move, post
from tests.browsing import StatementCounter, send, sign_in, sign_out
from tests.conftest import MovedClock
from tests.drafting import draft
from tests.factories import Known, World
from tests.following import followers, say, say_of_list, silenced
from tests.moving import make_move, open_comments, rounds, vote
from tests.queries.test_follows import measure_of


def offered(client: TestClient, known: Known | None, path: str) -> list[str]:
    """The choices below the heading of the page, or above its list."""
    if known:
        sign_in(client, known)
    else:
        sign_out(client)
    answer = client.get(path)
    assert answer.status_code == 200, answer.text
    return [each.attributes.get("value") or "" for each in HTMLParser(answer.text).css(".follow button[name=choice]")]


def notice(client: TestClient, path: str) -> str:
    """What the next page says of the form that was sent."""
    shown = HTMLParser(client.get(path).text).css_first(".notice")
    return " ".join(shown.text().split()) if shown else ""


def press(client: TestClient, known: Known, path: str, form: str, choice: str) -> Any:
    """Send a form of the page as it stands there, with one of its buttons."""
    sign_in(client, known)
    found = HTMLParser(client.get(path).text).css(form)[0]
    fields = {str(each.attributes["name"]): each.attributes["value"] for each in found.css("input[type=hidden]")}
    return send(client, known, found.attributes["action"] or "", {**fields, "choice": choice})


def said(database: Database, known: Known) -> dict[UUID, tuple[bool, bool]]:
    """What the person said: by key, whether by itself and whether muted."""
    with database.read() as session:
        rows = session.exec(select(Follow).where(Follow.person_id == known.person_id)).all()
    return {each.target_id: (each.is_automatic, each.is_muted) for each in rows}


def test_a_member_follows_leaves_and_mutes_a_thing(client: TestClient, world: World, database: Database) -> None:
    body = world.body()
    author, reader = world.member(body), world.member(body)
    need = post(client, author, body, visibility="participants")
    move(client, author, need, "submit")
    path, key = f"/bedarfe/{need['id']}", UUID(need["id"])
    assert offered(client, None, "/bedarfe") == []
    assert offered(client, reader, path) == ["follow", "mute"]
    answer = say(client, reader, "need", key, back=path)
    assert (answer.status_code, answer.headers["location"]) == (303, path)
    assert "Sie folgen jetzt." in notice(client, path)
    assert offered(client, reader, path) == ["unfollow"]
    assert followers(database, "need", key) == {author.person_id, reader.person_id}
    say(client, reader, "need", key, "unfollow")
    assert offered(client, reader, path) == ["follow", "unmute"]
    assert (followers(database, "need", key), silenced(database, "need", key)) == (
        {author.person_id},
        {reader.person_id},
    )
    say(client, reader, "need", key, "unmute")
    say(client, reader, "need", key, "mute")
    assert said(database, reader) == {key: (False, True)}
    say(client, reader, "need", key, "follow")
    say(client, reader, "need", key, "follow")
    assert said(database, reader) == {key: (False, False)}


def test_who_hears_nothing_anyway_has_nothing_to_mute(client: TestClient, world: World) -> None:
    body = world.body()
    author, participant = world.member(body), world.person()
    need = post(client, author, body, visibility="participants")
    move(client, author, need, "submit")
    path = f"/bedarfe/{need['id']}"
    assert offered(client, participant, path) == ["follow"]
    say(client, participant, "body", body.id)
    assert offered(client, participant, path) == ["follow", "mute"]
    assert offered(client, participant, f"/gremien/{body.slug}") == ["unfollow"]
    assert offered(client, author, f"/gremien/{body.slug}") == ["follow", "mute"]
    say(client, author, "body", body.id)
    assert offered(client, author, f"/gremien/{body.slug}") == ["unfollow", "mute"]
    say(client, author, "body", body.id, "unfollow")
    assert offered(client, author, f"/gremien/{body.slug}") == ["follow", "mute"]


@pytest.mark.parametrize("target", ["need", "proposal", "recommendation", "measure", "body", "field_of_action"])
def test_each_can_be_followed_from_its_page(client: TestClient, world: World, database: Database, target: str) -> None:
    drafted = draft(client, world)
    recommendation_id, measure_id = measure_of(client, world, drafted.body)
    sent = {"body_id": str(drafted.body.id), "title": "Anschluss", "description": "Ein Weg."}
    proposal = client.post("/api/v1/proposals", json=sent, headers=drafted.member.headers).json()["id"]
    move_path = f"/api/v1/proposals/{proposal}/transitions"
    client.post(move_path, json={"transition": "submit"}, headers=drafted.member.headers)
    with database.read() as session:
        field = session.get_one(FieldOfAction, drafted.body.field_of_action_id)
        reference = client.get(f"/api/v1/recommendations/{recommendation_id}").json()["reference"]
    key, page = {
        "need": (drafted.need_id, f"/bedarfe/{drafted.need_id}"),
        "proposal": (proposal, f"/vorschlaege/{proposal}"),
        "recommendation": (recommendation_id, f"/empfehlungen/{reference}"),
        "measure": (measure_id, f"/massnahmen/{measure_id}"),
        "body": (drafted.body.id, f"/gremien/{drafted.body.slug}"),
        "field_of_action": (field.id, f"/handlungsfelder/{field.slug}"),
    }[target]
    reader = world.member(drafted.body)
    assert "follow" in offered(client, reader, page)
    answer = say(client, reader, target, key)
    assert (answer.status_code, answer.headers["location"]) == (303, page)
    assert "unfollow" in offered(client, reader, page)
    if target in ("recommendation", "measure", "body", "field_of_action"):
        assert offered(client, None, page) == []
    sign_in(client, reader)
    listed = HTMLParser(client.get("/konto/folgen").text)
    assert [each.attributes["href"] for each in listed.css(".entries a")] == [page]


def test_what_is_hidden_can_neither_be_followed_nor_is_it_listed(
    client: TestClient, world: World, database: Database
) -> None:
    drafted = draft(client, world)
    outsider, known = world.person(), world.member(drafted.body)
    for target, key in (
        ("need", drafted.need_id),
        ("recommendation", drafted.id),
        ("need", drafted.id),
        ("recommendation", drafted.need_id),
        ("body", drafted.need_id),
        ("field_of_action", drafted.body.id),
        ("measure", drafted.id),
        ("topic", drafted.body.field_of_action_id),
        ("guiding_question", drafted.id),
        ("cross_cutting_theme", drafted.id),
        ("target_group", drafted.id),
        ("organisation", drafted.body.id),
        ("edition", drafted.id),
    ):
        assert say(client, outsider, target, key).status_code == 404, target
    assert say(client, outsider, "person", outsider.person_id).status_code == 404
    assert say(client, known, "need", drafted.need_id, "shout").status_code == 422
    assert said(database, outsider) == said(database, known) == {}
    say(client, known, "need", drafted.need_id)
    assert "Lange Wartezeiten" in client.get("/konto/folgen").text
    with database.write() as session:
        member = session.exec(select(Membership).where(Membership.person_id == known.person_id)).one()
        member.ended_on = member.started_on
        session.add(member)
    assert "Lange Wartezeiten" not in client.get("/konto/folgen").text
    assert say(client, known, "need", drafted.need_id, "mute").status_code == 404


def test_taking_part_follows_and_leaving_sticks(client: TestClient, world: World, database: Database) -> None:
    drafted = draft(client, world)
    reader = world.member(drafted.body)
    key, page = UUID(drafted.id), drafted.page
    assert said(database, drafted.rapporteur)[key] == (True, False)
    assert said(database, drafted.member)[UUID(drafted.need_id)] == (True, False)
    assert key not in said(database, drafted.member)

    def comment(number: int) -> None:
        path = f"/kommentare/recommendation/{drafted.id}"
        assert send(client, reader, path, {"text": f"Gut so, {number}."}).status_code == 303

    comment(1)
    assert said(database, reader) == {key: (True, False)}
    sign_in(client, reader)
    assert "weil Sie hier mitgewirkt haben" in client.get(page).text
    say(client, reader, "recommendation", drafted.id, "unfollow")
    assert "auch wenn Sie sich hier wieder äußern" in notice(client, page)
    comment(2)
    assert said(database, reader) == {key: (True, True)}
    assert reader.person_id not in followers(database, "recommendation", key)
    say(client, reader, "recommendation", drafted.id, "follow")
    comment(3)
    assert said(database, reader) == {key: (False, False)}


def test_voting_answering_and_supporting_follow(
    client: TestClient, world: World, database: Database, clock: MovedClock
) -> None:
    drafted = draft(client, world)
    key = UUID(drafted.id)
    supporter, writer = world.member(drafted.body), world.member(drafted.body)
    client.post(f"/api/v1/needs/{drafted.need_id}/support", json={}, headers=supporter.headers)
    assert said(database, supporter) == {UUID(drafted.need_id): (True, False)}
    make_move(client, drafted, drafted.chair, "start_review")
    open_comments(client, clock, drafted)
    path = f"/api/v1/comment-rounds/{rounds(client, drafted)[0]['id']}/statements"
    answer = client.post(path, json={"kind": "agreed"}, headers=writer.headers)
    assert answer.status_code == 201, answer.text
    assert said(database, writer) == {key: (True, False)}
    clock.advance(days=30)
    make_move(client, drafted, drafted.chair, "call_decision")
    assert key not in said(database, drafted.chair)
    vote(client, drafted, drafted.member)
    assert said(database, drafted.member)[key] == (True, False)
    assert key not in said(database, supporter)


def test_a_filtered_list_is_followed_from_its_page(client: TestClient, world: World, database: Database) -> None:
    body = world.body()
    reader = world.member(body)
    assert offered(client, reader, "/bedarfe") == []
    assert offered(client, None, "/bedarfe?q=Kita") == []
    path = f"/bedarfe?body_id={body.id}&state=submitted&q=Kita+Plätze&order=oldest"
    assert offered(client, reader, path) == ["follow"]
    answer = press(client, reader, path, ".follow form", "follow")
    assert answer.status_code == 303
    assert client.get(answer.headers["location"]).url == client.get(path).url
    assert offered(client, reader, path) == ["unfollow"]
    assert offered(client, reader, f"/bedarfe?q=plätze+kita&state=submitted&body_id={body.id}") == ["unfollow"]
    assert offered(client, reader, "/bedarfe?q=Kita") == ["follow"]
    link = HTMLParser(client.get("/konto/folgen").text).css(".entries a")[0]
    assert link.text() == f"Bedarfe – Gremium: {body.title} · Stand: Eingereicht · Suche: kita plätze"
    assert offered(client, reader, link.attributes["href"] or "") == ["unfollow"]
    answer = press(client, reader, "/konto/folgen", ".entries form", "unfollow")
    assert (answer.status_code, answer.headers["location"]) == (303, "/konto/folgen")
    with database.read() as session:
        assert [*session.exec(select(FollowedList)), *session.exec(select(FollowedListWord))] == []


@pytest.mark.parametrize(
    ("path", "choices"),
    [
        ("/vorschlaege?state=adopted", ["follow"]),
        ("/vorschlaege?visibility=public", ["follow"]),
        ("/empfehlungen?state=draft&q=Kita", ["follow"]),
        ("/empfehlungen?year=2026", ["follow"]),
        ("/empfehlungen?implementation_status=done", ["follow"]),
        ("/massnahmen?field_of_action=sprachliche-integration&state=planned", ["follow"]),
        ("/massnahmen?overdue=true&q=Kita", []),
    ],
)
def test_lists_are_offered_where_a_follower_can_be_told(
    client: TestClient, world: World, path: str, choices: list[str]
) -> None:
    reader = world.person()
    assert offered(client, reader, path) == choices
    if choices:
        assert press(client, reader, path, ".follow form", "follow").status_code == 303
        link = HTMLParser(client.get("/konto/folgen").text).css(".entries a")[0]
        assert offered(client, reader, link.attributes["href"] or "") == ["unfollow"]


def test_a_list_of_what_is_hidden_or_impossible_is_refused(
    client: TestClient, world: World, database: Database
) -> None:
    planned = world.body()
    with database.write() as session:
        session.connection().execute(update(Body).where(col(Body.id) == planned.id).values(state=BodyState.PLANNED))
    outsider, secretariat = world.person(), world.secretariat()
    for filters, status in (
        ({"body_id": planned.id}, 404),
        ({"topic_id": planned.id}, 404),
        ({"organisation_id": planned.field_of_action_id}, 404),
        ({}, 422),
        ({"q": "   "}, 422),
        ({"state": "published"}, 422),
        ({"body_id": "x"}, 422),
        ({"unbekannt": "1"}, 422),
        ({"choice": "mute", "state": "accepted"}, 422),
    ):
        assert say_of_list(client, outsider, "need", **filters).status_code == status, filters
    assert say_of_list(client, outsider, "measure", target_group_id=planned.id).status_code == 422
    assert said(database, outsider) == {}
    assert say_of_list(client, secretariat, "need", body_id=planned.id).status_code == 303
    sign_in(client, secretariat)
    assert planned.title in client.get("/konto/folgen").text
    with database.write() as session:
        lists = select(FollowedList.id)
        said_by = update(Follow).where(col(Follow.target_id).in_(lists)).values(person_id=outsider.person_id)
        session.connection().execute(said_by)
    sign_in(client, outsider)
    assert planned.title not in client.get("/konto/folgen").text


def test_nobody_follows_lists_without_end(client: TestClient, world: World, database: Database) -> None:
    reader = world.person()
    with database.write() as session:
        session.add_all(
            Follow(
                created_at=database.clock(), person_id=reader.person_id, target=FollowTarget.LIST, target_id=new_id()
            )
            for _each in range(MOST_LISTS)
        )
    answer = say_of_list(client, reader, "need", state="accepted")
    assert (answer.status_code, f"{MOST_LISTS} Listen" in answer.text) == (409, True)


def test_the_way_back_never_leaves_the_site(client: TestClient, world: World) -> None:
    body = world.body()
    reader = world.member(body)
    for back in ("https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)", "/a\r\nX: 1"):
        answer = say(client, reader, "body", body.id, back=back)
        assert answer.headers["location"] == f"/gremien/{body.slug}"
        answer = say_of_list(client, reader, "need", state="accepted", back=back)
        assert answer.headers["location"] == "/konto/folgen"


def test_the_page_of_what_one_follows_asks_little_and_pages(
    client: TestClient, world: World, statements: StatementCounter
) -> None:
    body = world.body()
    reader = world.member(body)
    for number in range(THINGS_SHOWN + 2):
        post(client, reader, body, title=f"Bedarf Nummer {number}")
    recommendation_id, measure_id = measure_of(client, world, body)
    for target, key in (("recommendation", recommendation_id), ("measure", measure_id), ("body", body.id)):
        say(client, reader, target, key)
    say_of_list(client, reader, "need", q="Kita", body_id=body.id)
    sign_in(client, reader)
    with statements:
        first = HTMLParser(client.get("/konto/folgen").text)
    assert statements.count <= 12, statements.texts
    rest = HTMLParser(client.get(first.css(".pagination a[rel=next]")[0].attributes["href"] or "").text)
    shown = [each.text() for page in (first, rest) for each in page.css("#einzelnes ~ .entries a")]
    assert len(shown) == len(set(shown)) == THINGS_SHOWN + 4
    assert not rest.css(".pagination a[rel=next]")


def test_with_a_person_goes_what_it_followed(client: TestClient, world: World, database: Database) -> None:
    body = world.body()
    reader, other = world.member(body), world.person()
    post(client, reader, body)
    say(client, reader, "body", body.id)
    for known, words in ((reader, "Kita"), (reader, "Müller"), (other, "Kita")):
        say_of_list(client, known, "need", q=words)
    admin = world.person(PersonRole.ADMIN)
    with database.write() as session:
        redact_person(session, reader.person_id, actor=world.actor(admin, session))
    assert said(database, reader) == {}
    with database.read() as session:
        assert [each.word for each in session.exec(select(FollowedListWord))] == ["kita"]
        assert len(session.exec(select(FollowedList)).all()) == 1
