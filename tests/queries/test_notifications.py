"""What a person is shown of its notifications: only what it may still see, in few statements however many there are."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from sqlmodel import col, insert, update
from starlette.testclient import TestClient

from app.clock import now
from app.domain.actors import PUBLIC_ACTOR, Actor, PersonRole
from app.domain.consultations import Audience
from app.domain.deadlines import berlin_date
from app.domain.events import SubjectType, is_about
from app.domain.notifications import RULES
from app.domain.visibility import Visibility
from app.models.base import new_id
from app.models.bodies import Membership
from app.models.consultations import CommentRound
from app.models.needs import Need
from app.models.notifications import Notification
from app.queries.notification_places import _PAGES
from app.queries.notification_visibility import _places, _subjects
from app.queries.notifications import COUNTED_AT_MOST, NotificationPage, count_unread, list_notifications
from app.wording.mails import without_title
from tests.browsing import StatementCounter, sign_in
from tests.conftest import MovedClock
from tests.drafting import Drafted, draft
from tests.factories import Known, World
from tests.inboxes import Inbox, Thing, forget_all, need_of, recommendation_of, rows_of
from tests.moving import make_move, open_comments, rounds


@pytest.fixture
def drafted(client: TestClient, world: World) -> Drafted:
    """A recommendation and its need; nobody has been told anything yet."""
    made = draft(client, world)
    forget_all(world)
    return made


def leave(world: World, known: Known) -> None:
    """The person leaves its seat."""
    with world.database.write() as session:
        of_person = col(Membership.person_id) == known.person_id
        ended = update(Membership).where(of_person).values(ended_on=berlin_date(now(session)))
        session.connection().execute(ended)


def post_comment(client: TestClient, known: Known, on: str) -> UUID:
    """A comment of the person."""
    answer = client.post(f"/api/v1/{on}/comments", json={"text": "Dazu haben wir Zahlen."}, headers=known.headers)
    assert answer.status_code == 201, answer.text
    return UUID(answer.json()["id"])


def test_who_left_a_body_hears_no_more_of_it_and_of_nothing_in_it(
    client: TestClient, world: World, drafted: Drafted
) -> None:
    inbox = Inbox(world, drafted.rapporteur)
    comment = SubjectType.COMMENT, post_comment(client, drafted.member, f"recommendations/{drafted.id}")
    forget_all(world)
    inbox.tell("need.deferred", need_of(drafted), body=drafted.body)
    inbox.tell("recommendation.version_saved", recommendation_of(drafted), body=drafted.body)
    inbox.tell("comment.posted", comment, place=recommendation_of(drafted), body=drafted.body)
    assert (inbox.count(), len(inbox.shown())) == (3, 3)
    assert {told.title for told in inbox.shown()} == {"Lange Wartezeiten", "Übergänge sichern"}
    leave(world, drafted.rapporteur)
    assert (inbox.count(), inbox.shown()) == (0, [])
    sign_in(client, drafted.rapporteur)
    page = client.get("/mitteilungen").text
    assert "keine ungelesenen Mitteilungen" in page
    for hidden in ("Lange Wartezeiten", "Übergänge sichern", drafted.body.title):
        assert hidden not in page


def test_a_page_that_everybody_opens_does_not_open_what_is_said_on_it(
    client: TestClient, world: World, drafted: Drafted
) -> None:
    comment = SubjectType.COMMENT, post_comment(client, drafted.member, f"needs/{drafted.need_id}")
    forget_all(world)
    inbox = Inbox(world, drafted.rapporteur)
    inbox.tell("need.deferred", need_of(drafted), body=drafted.body)
    inbox.tell("comment.posted", comment, place=need_of(drafted), body=drafted.body)
    with world.database.write() as session:
        session.connection().execute(update(Need).values(visibility=Visibility.PARTICIPANTS))
    leave(world, drafted.rapporteur)
    assert [told.notification.about for told in inbox.shown()] == ["need.deferred"]


def test_what_is_confidential_is_told_to_nobody_else_any_more(world: World, drafted: Drafted) -> None:
    inbox = Inbox(world, drafted.secretariat)
    inbox.tell("need.deferred", need_of(drafted), body=drafted.body)
    assert inbox.count() == 1
    with world.database.write() as session:
        session.connection().execute(update(Need).values(visibility=Visibility.CONFIDENTIAL))
    assert (inbox.count(), inbox.shown()) == (0, [])


def test_an_audience_hears_until_its_round_is_over_and_sees_the_pinned_title(
    client: TestClient, world: World, drafted: Drafted, clock: MovedClock
) -> None:
    make_move(client, drafted, drafted.chair, "start_review")
    open_comments(client, clock, drafted, Audience.PARTICIPANTS.value)
    round_id = UUID(rounds(client, drafted)[0]["id"])
    forget_all(world)
    inbox = Inbox(world, world.person())
    inbox.tell("comment_round.opened", (SubjectType.COMMENT_ROUND, round_id), place=recommendation_of(drafted))
    inbox.tell("recommendation.returned_to_draft", recommendation_of(drafted), body=drafted.body)
    told = inbox.shown()
    assert [each.notification.about for each in told] == ["comment_round.opened"], "no step inside the body"
    assert (told[0].title, told[0].url) == ("Übergänge sichern", f"{drafted.page}/stellungnahmen")
    with world.database.read() as session:
        closes_at = session.get_one(CommentRound, round_id).closes_at
    clock.moment = closes_at
    assert (inbox.count(), inbox.shown()) == (0, [])


def test_the_public_and_other_persons_see_nothing_of_it(world: World, drafted: Drafted) -> None:
    Inbox(world, drafted.member).tell("need.deferred", need_of(drafted), body=drafted.body)
    assert Inbox(world, drafted.chair).shown() == []
    with world.database.read() as session:
        assert count_unread(session, PUBLIC_ACTOR) == 0
        assert list_notifications(session, PUBLIC_ACTOR) == NotificationPage(())


@pytest.mark.parametrize("role", PersonRole)
def test_every_noun_has_its_readers_and_every_page_its_address(role: PersonRole) -> None:
    actor = Actor(person_id=new_id(), role=role)
    told = {noun for noun in SubjectType if any(is_about(event, noun) for event in RULES)}
    assert told <= set(_subjects(actor, None))
    assert set(_places(actor, None)) == {*_PAGES, SubjectType.RECOMMENDATION}
    assert all(without_title(noun) for noun in _places(actor, None))


def test_the_way_leads_straight_to_the_thing(client: TestClient, world: World, drafted: Drafted) -> None:
    comment = SubjectType.COMMENT, post_comment(client, drafted.member, f"needs/{drafted.need_id}")
    forget_all(world)
    inbox = Inbox(world, drafted.secretariat)
    ways: list[tuple[str, Thing, Thing | None, str]] = [
        ("need.deferred", need_of(drafted), None, f"/bedarfe/{drafted.need_id}"),
        ("comment.posted", comment, need_of(drafted), f"/kommentare/need/{drafted.need_id}#kommentar-{comment[1]}"),
        ("recommendation.carried", recommendation_of(drafted), None, drafted.page),
        ("body.closed", (SubjectType.BODY, drafted.body.id), None, f"/gremien/{drafted.body.slug}"),
        ("person.role_granted", (SubjectType.PERSON, drafted.secretariat.person_id), None, "/konto"),
    ]
    sign_in(client, drafted.secretariat)
    for about, subject, place, url in ways:
        inbox.tell(about, subject, place=place)
        assert inbox.shown()[0].url == url
        page = client.get(url)
        assert page.status_code == 200, url
        assert "#" not in url or f'id="{url.partition("#")[2]}"' in page.text


def test_ten_thousand_take_no_more_statements_than_ten(
    client: TestClient, world: World, drafted: Drafted, statements: StatementCounter
) -> None:
    sign_in(client, drafted.rapporteur)
    asked: dict[int, list[int]] = {}
    for number in (10, 9_990):
        add(world, drafted.rapporteur, need_of(drafted), number)
        add(world, drafted.rapporteur, recommendation_of(drafted), number, about="recommendation.version_saved")
        add(world, drafted.rapporteur, need_of(drafted), number, read=True)
        asked[number] = []
        for path in ("/aufgaben", "/mitteilungen", "/konto"):
            with statements:
                page = client.get(path)
            assert page.status_code == 200
            asked[number].append(statements.count)
    assert "mehr als 99 ungelesene Mitteilungen" in page.text
    assert asked[9_990][1] <= asked[10][1] <= 8
    assert asked[9_990] <= asked[10]
    assert Inbox(world, drafted.rapporteur).count() == COUNTED_AT_MOST
    with statements:
        marked = client.post(
            "/mitteilungen/gelesen",
            data={"form_token": drafted.rapporteur.form_token, "below": "ffffffff-ffff-ffff-ffff-ffffffffffff"},
        )
    assert marked.status_code == 303
    assert statements.count <= 4
    assert Inbox(world, drafted.rapporteur).count() == 0


def test_a_page_without_anything_unread_asks_no_more_than_before(
    client: TestClient, world: World, drafted: Drafted, statements: StatementCounter
) -> None:
    sign_in(client, drafted.rapporteur)

    def asked() -> int:
        with statements:
            client.get("/konto")
        return statements.count

    before = asked()
    Inbox(world, drafted.rapporteur).tell("need.deferred", need_of(drafted), body=drafted.body)
    assert asked() == before + 1


def test_every_page_of_the_list_goes_on_where_the_last_ended(world: World, drafted: Drafted) -> None:
    add(world, drafted.rapporteur, need_of(drafted), 40)
    add(world, drafted.rapporteur, need_of(drafted), 30, read=True)
    world.database.clock.advance(minutes=1)  # type: ignore[attr-defined]
    add(world, drafted.rapporteur, recommendation_of(drafted), 30, read=True, about="recommendation.carried")
    seen: list[Notification] = []
    after = None
    with world.database.read() as session:
        actor = world.actor(drafted.rapporteur, session)
        while True:
            page = list_notifications(session, actor, limit=7, after=after)
            seen += [told.notification for told in page.items]
            after = page.next
            if after is None:
                break
    assert len({each.occasion_id for each in seen}) == len(seen) == 100
    assert [each.read_at is None for each in seen] == [True] * 40 + [False] * 60
    unread, read = seen[:40], seen[40:]
    assert unread == sorted(unread, key=lambda each: each.occasion_id, reverse=True)
    order: Callable[[Notification], Any] = lambda each: (each.read_at, each.occasion_id)  # noqa: E731
    assert read == sorted(read, key=order, reverse=True)


def add(world: World, known: Known, thing: Thing, number: int, *, read: bool = False, **more: object) -> None:
    """So many notifications of one thing at once."""
    world.database.clock.advance(seconds=60)  # type: ignore[attr-defined]
    with world.database.write() as session:
        rows = rows_of(session, known, thing, number, read_at=now(session) if read else None, **more)
        session.connection().execute(insert(Notification), rows)
