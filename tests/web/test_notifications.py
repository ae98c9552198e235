"""The page of notifications and the number in the header: unread first, by body and thing; marked without script."""

from __future__ import annotations

import re

import pytest
from selectolax.lexbor import LexborHTMLParser
from starlette.testclient import TestClient

from app.domain.notifications import Urgency
from app.wording.notifications import sentence
from tests.browsing import send, sign_in
from tests.conftest import MovedClock
from tests.drafting import Drafted, draft
from tests.factories import World
from tests.inboxes import Inbox, forget_all, need_of, recommendation_of


@pytest.fixture
def drafted(client: TestClient, world: World) -> Drafted:
    """A recommendation and its need; nobody has been told anything yet."""
    made = draft(client, world)
    forget_all(world)
    return made


def header_of(client: TestClient, path: str = "/aufgaben") -> str:
    """What the header says of notifications."""
    page = client.get(path).text
    return re.search(r'<a class="news-link".*?</a>', page, re.DOTALL)[0]  # type: ignore[index]


def test_the_header_of_every_page_says_how_many(client: TestClient, world: World, drafted: Drafted) -> None:
    inbox = Inbox(world, drafted.member)
    sign_in(client, drafted.member)
    assert "keine ungelesenen Mitteilungen" in header_of(client)
    inbox.tell("need.deferred", need_of(drafted), body=drafted.body)
    assert "eine ungelesene Mitteilung" in header_of(client)
    inbox.tell("recommendation.version_saved", recommendation_of(drafted), body=drafted.body)
    for path in ("/aufgaben", "/", "/konto", drafted.page, f"/bedarfe/{drafted.id}"):
        assert "2 ungelesene Mitteilungen" in header_of(client, path), path
        assert re.search(r"data-figure>2<", header_of(client, path)), path
    refused = send(client, drafted.member, f"/gremien/{drafted.body.slug}/bedarfe/neu", {"title": ""})
    assert refused.status_code == 422
    assert "2 ungelesene Mitteilungen" in refused.text
    client.cookies.clear()
    assert "/mitteilungen" not in client.get("/").text


def test_the_list_is_grouped_by_body_and_thing_unread_first(client: TestClient, world: World, drafted: Drafted) -> None:
    inbox = Inbox(world, drafted.member)
    inbox.tell("need.accepted", need_of(drafted), body=drafted.body)
    page = send(client, drafted.member, "/mitteilungen/gelesen", {"below": "ffffffff-ffff-ffff-ffff-ffffffffffff"})
    assert page.status_code == 303
    inbox.tell("recommendation.version_saved", recommendation_of(drafted), body=drafted.body)
    inbox.tell("recommendation.version_saved", recommendation_of(drafted), body=drafted.body)
    inbox.tell("recommendation.decision_called", recommendation_of(drafted), body=drafted.body, urgency=Urgency.TASK)
    shown = client.get("/mitteilungen").text
    order = [
        "Ungelesen</h2>",
        drafted.body.title,
        "Übergänge sichern",
        "Aufgabe",
        f'href="{drafted.page}"',
        sentence("recommendation.version_saved"),
        "2-mal",
        ">Gelesen</h2>",
        "Lange Wartezeiten",
        f'href="/bedarfe/{drafted.need_id}"',
    ]
    places = [shown.index(each) for each in order]
    assert places == sorted(places), dict(zip(order, places, strict=True))


def fields_of(client: TestClient, label: str) -> dict[str, list[str]]:
    """What the first form sends whose button says this, but for its token."""
    page = LexborHTMLParser(client.get("/mitteilungen").text)
    form = next(each for each in page.css("main form") if label in each.css_first("button").text())
    fields: dict[str, list[str]] = {}
    for field in form.css("input[type=hidden]"):
        fields.setdefault(str(field.attributes["name"]), []).append(str(field.attributes["value"]))
    del fields["form_token"]
    return fields


def test_one_a_thing_and_all_are_marked_as_read(client: TestClient, world: World, drafted: Drafted) -> None:
    inbox = Inbox(world, drafted.member)
    one = inbox.tell("need.deferred", need_of(drafted), body=drafted.body)
    inbox.tell("need.reopened", need_of(drafted), body=drafted.body)
    inbox.tell("need.edited", need_of(drafted), body=drafted.body)
    last = inbox.tell("recommendation.version_saved", recommendation_of(drafted), body=drafted.body)
    path = "/mitteilungen/gelesen"
    assert send(client, drafted.member, path, {"occasion_ids": [str(one)]}).headers["location"] == "/mitteilungen"
    assert inbox.count() == 3
    send(client, drafted.member, path, fields_of(client, "Alles dazu gelesen"))
    assert inbox.count() == 1
    everything = fields_of(client, "Alle als gelesen markieren")
    later = inbox.tell("recommendation.suspended", recommendation_of(drafted), body=drafted.body)
    assert later > last
    send(client, drafted.member, path, everything)
    assert inbox.count() == 1, "what came after the page was opened stays unread"
    send(client, drafted.member, path, {"occasion_ids": [str(later)]})
    assert inbox.count() == 0
    assert len(inbox.shown()) == 5


def test_what_was_under_way_when_the_page_was_opened_stays_unread(
    client: TestClient, world: World, drafted: Drafted, clock: MovedClock
) -> None:
    inbox = Inbox(world, drafted.member)
    inbox.tell("need.deferred", need_of(drafted), body=drafted.body)
    begun = clock.moment
    clock.advance(seconds=5)
    inbox.tell("need.reopened", need_of(drafted), body=drafted.body)
    sign_in(client, drafted.member)
    everything = fields_of(client, "Alle als gelesen markieren")
    now, clock.moment = clock.moment, begun
    inbox.tell("need.accepted", need_of(drafted), body=drafted.body)
    clock.moment = now
    send(client, drafted.member, "/mitteilungen/gelesen", everything)
    assert inbox.count() == 1, "its key is older than the page, but it was committed later"


def test_nobody_marks_what_is_anothers(client: TestClient, world: World, drafted: Drafted) -> None:
    inbox = Inbox(world, drafted.member)
    key = inbox.tell("need.deferred", need_of(drafted), body=drafted.body)
    send(client, drafted.chair, "/mitteilungen/gelesen", {"occasion_ids": [str(key)]})
    send(client, drafted.chair, "/mitteilungen/gelesen", {"below": "ffffffff-ffff-ffff-ffff-ffffffffffff"})
    assert inbox.count() == 1


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"below": "x"},
        {"occasion_ids": ["x"]},
        {"place_id": "01900000-0000-7000-8000-000000000000"},
        {"unbekannt": "1"},
        {"occasion_ids": ["01900000-0000-7000-8000-000000000000"] * 201},
    ],
)
def test_a_form_that_does_not_say_which_is_refused(
    client: TestClient, world: World, drafted: Drafted, fields: dict[str, object]
) -> None:
    inbox = Inbox(world, drafted.member)
    inbox.tell("need.deferred", need_of(drafted), body=drafted.body)
    assert send(client, drafted.member, "/mitteilungen/gelesen", fields).status_code == 422
    assert inbox.count() == 1


def test_the_list_goes_on_page_by_page_and_loses_nothing(client: TestClient, world: World, drafted: Drafted) -> None:
    inbox = Inbox(world, drafted.member)
    keys = [inbox.tell("need.edited", need_of(drafted), body=drafted.body) for _each in range(60)]
    send(client, drafted.member, "/mitteilungen/gelesen", {"occasion_ids": [str(key) for key in keys[:55]]})
    first = client.get("/mitteilungen")
    following = re.search(r'href="(/mitteilungen\?after=[^"]+)"', first.text)
    assert following
    second = client.get(following[1])
    assert "5-mal" in first.text
    assert "45-mal" in first.text
    assert "10-mal" in second.text
    assert ">Ungelesen</h2>" not in second.text
    assert client.get("/mitteilungen?after=unfug").status_code == 422


def test_there_is_a_page_where_there_is_nothing(client: TestClient, world: World) -> None:
    sign_in(client, world.person())
    page = client.get("/mitteilungen").text
    assert "Es gibt nichts mitzuteilen." in page
    assert "Alle als gelesen markieren" not in page
    client.cookies.clear()
    assert client.get("/mitteilungen").headers["location"] == "/anmelden?weiter=/mitteilungen"
