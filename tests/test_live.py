"""Server-sent events: an open page hears of what is new, from whichever process it comes, until its session ends."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest
import uvicorn
from fastapi import FastAPI
from prometheus_client import REGISTRY
from sqlmodel import insert, select
from starlette.testclient import TestClient

from app import metrics
from app.actions.notification_reading import mark_read
from app.actions.sign_ins import revoke_sign_ins
from app.clock import now
from app.config import Settings
from app.domain.deadlines import berlin_date
from app.forms.notifications import ReadForm
from app.live import STREAMS_A_PERSON
from app.main import create_app
from app.models.accounts import SignIn
from app.models.bodies import Membership
from app.models.notifications import Notification
from app.models.people import Person
from app.routers import live_stream
from app.wording.notifications import sentence
from tests.backends import free_port
from tests.browsing import StatementCounter, sign_in
from tests.conftest import MovedClock
from tests.drafting import Drafted, draft
from tests.factories import Known, World
from tests.inboxes import Inbox, forget_all, need_of, recommendation_of, rows_of
from tests.listening import PATH, Stream
from tests.test_database_gone import gone

SOON = 0.05


@dataclass
class Service:
    """A process of the service, asking the database twenty times a second."""

    port: int
    app: FastAPI
    server: uvicorn.Server

    @property
    def waiting(self) -> int:
        """How many pages listen to it."""
        return len(self.app.state.feed._listeners)


@contextmanager
def serving(settings: Settings, clock: MovedClock) -> Iterator[Service]:
    """A service on a port of the loopback."""
    port = free_port()
    app = create_app(settings, clock)
    server = uvicorn.Server(uvicorn.Config(app, port=port, log_config=None, timeout_graceful_shutdown=1))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    until(lambda: server.started)
    app.state.feed.pause = SOON
    try:
        yield Service(port, app, server)
    finally:
        app.state.feed.stop_soon()
        server.should_exit = True
        thread.join(timeout=5)
        assert not thread.is_alive()


def until(is_so: Callable[[], bool], seconds: float = 5) -> None:
    """Wait until something is so; it is soon."""
    end = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < end, "not in time"
        time.sleep(0.01)


@pytest.fixture
def services(settings: Settings, clock: MovedClock, world: World) -> Iterator[list[Service]]:
    """Two processes over one database."""
    with ExitStack() as stack:
        yield [stack.enter_context(serving(settings, clock)) for _each in range(2)]


@pytest.fixture
def service(settings: Settings, clock: MovedClock, world: World) -> Iterator[Service]:
    """One process."""
    with serving(settings, clock) as found:
        yield found


@pytest.fixture
def drafted(client: TestClient, world: World) -> Drafted:
    """A recommendation and its need; nobody has been told anything yet."""
    made = draft(client, world)
    forget_all(world)
    return made


def test_an_open_page_hears_whichever_process_it_listens_to(
    services: list[Service], world: World, drafted: Drafted
) -> None:
    inbox = Inbox(world, drafted.member)
    first = inbox.tell("need.deferred", need_of(drafted), body=drafted.body)
    with Stream(services[0].port, drafted.member) as one, Stream(services[1].port, drafted.member) as other:
        for stream in (one, other):
            assert stream.unread() == {
                "unread": 1,
                "figure": "1",
                "label": "eine ungelesene Mitteilung",
                "news": None,
            }
        inbox.tell("recommendation.version_saved", recommendation_of(drafted), body=drafted.body)
        for stream in (one, other):
            told = stream.unread()
            assert told["unread"] == 2
            said = sentence("recommendation.version_saved")
            assert told["news"] == {
                "text": said,
                "title": "Übergänge sichern",
                "url": drafted.page,
                "said": f"Neue Mitteilung: {said}, Übergänge sichern.",
            }
        read(world, drafted.member, first)
        for stream in (one, other):
            told = stream.unread()
            assert (told["unread"], told["news"]) == (1, None)


def test_only_its_own_person_hears_and_only_of_what_it_may_see(
    service: Service, world: World, drafted: Drafted
) -> None:
    with Stream(service.port, drafted.member) as stream, Stream(service.port, drafted.chair) as other:
        assert stream.unread()["unread"] == other.unread()["unread"] == 0
        with world.database.write() as session:
            membership = session.exec(select(Membership).where(Membership.person_id == drafted.member.person_id)).one()
            membership.ended_on = berlin_date(now(session))
        Inbox(world, drafted.member).tell("recommendation.suspended", recommendation_of(drafted), body=drafted.body)
        assert stream.unread() == {"unread": 0, "figure": "", "label": "keine ungelesenen Mitteilungen", "news": None}
        Inbox(world, drafted.chair).tell("need.deferred", need_of(drafted), body=drafted.body)
        told = other.unread()
        assert (told["unread"], told["news"]["title"]) == (1, "Lange Wartezeiten")


@pytest.mark.parametrize("way", ["session revoked", "access ended", "session over"])
def test_the_line_ends_with_the_session(
    service: Service, world: World, drafted: Drafted, clock: MovedClock, way: str
) -> None:
    with Stream(service.port, drafted.member) as stream, Stream(service.port, drafted.chair) as other:
        assert stream.unread()["unread"] == other.unread()["unread"] == 0
        with world.database.write() as session:
            if way == "session revoked":
                revoke_sign_ins(session, drafted.member.person_id)
            elif way == "access ended":
                session.get_one(Person, drafted.member.person_id).ended_at = now(session)
            else:
                statement = select(SignIn).where(SignIn.person_id == drafted.member.person_id)
                session.exec(statement).one().expires_at = now(session)
        assert stream.event() == ("ended", {})
        assert stream.event() is None
        until(lambda: service.waiting == 1)
        Inbox(world, drafted.chair).tell("need.deferred", need_of(drafted), body=drafted.body)
        assert other.unread()["unread"] == 1


def test_who_is_not_signed_in_need_not_come_back(service: Service) -> None:
    with Stream(service.port, None) as stream:
        assert stream.response.status == 200
        assert stream.event() == ("ended", {})
        assert stream.event() is None


def test_a_person_has_few_lines(service: Service, drafted: Drafted) -> None:
    with ExitStack() as stack:
        for _each in range(STREAMS_A_PERSON):
            assert stack.enter_context(Stream(service.port, drafted.member)).unread()["unread"] == 0
        assert stack.enter_context(Stream(service.port, drafted.member)).event() == ("ended", {})
        assert stack.enter_context(Stream(service.port, drafted.chair)).unread()["unread"] == 0
    until(lambda: service.waiting == 0)


def test_who_waits_holds_no_connection_and_is_asked_for_with_the_others(
    service: Service, world: World, drafted: Drafted
) -> None:
    feed = service.app.state.feed
    feed.pause = 3600
    engine = feed.database.engine
    counter = StatementCounter(engine)
    people = [drafted.member, drafted.chair, drafted.rapporteur, drafted.secretariat]
    with ExitStack() as stack:
        streams = [stack.enter_context(Stream(service.port, known)) for known in people for _twice in range(2)]
        for stream in streams:
            stream.unread()
        assert engine.pool.checkedout() == 0  # type: ignore[attr-defined]

        def look() -> int:
            with counter:
                asyncio.run_coroutine_threadsafe(feed._look(), feed._loop).result(5)
            return counter.count

        assert look() == 1, "one question for all"
        tell_many(world, drafted, 10)
        few = look()
        assert streams[0].unread()["unread"] == 10
        assert look() == 1, "nothing new"
        tell_many(world, drafted, 300)
        assert look() == few <= 1 + 8
        told = streams[0].unread()
        assert (told["figure"], told["label"]) == ("99+", "mehr als 99 ungelesene Mitteilungen")
    counter.stop()


def test_the_line_passes_every_middleware_and_proxy(service: Service, drafted: Drafted) -> None:
    with Stream(service.port, drafted.member) as stream:
        headers = stream.response.headers
        assert headers["Content-Type"].startswith("text/event-stream")
        assert headers["Cache-Control"] == "no-store"
        assert headers["X-Accel-Buffering"] == "no"
        assert "default-src 'none'" in headers["Content-Security-Policy"]
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert stream.response.readline().startswith(b"retry: ")
        assert stream.unread()["unread"] == 0
    until(lambda: service.waiting == 0)


def test_who_asks_for_a_page_or_for_headers_alone_gets_no_line(client: TestClient, drafted: Drafted) -> None:
    sign_in(client, drafted.member)
    assert client.get(PATH).headers["location"] == "/mitteilungen"
    assert client.head(PATH, headers={"Accept": "text/event-stream"}).status_code == 303


def test_an_open_line_is_kept_open_by_words_that_say_nothing(
    service: Service, drafted: Drafted, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live_stream, "KEEP_ALIVE_SECONDS", SOON)
    with Stream(service.port, drafted.member) as stream:
        stream.unread()
        assert stream.response.readline() == b": \n"


def test_the_line_outlasts_a_database_that_goes_away(
    service: Service, settings: Settings, world: World, drafted: Drafted, caplog: pytest.LogCaptureFixture
) -> None:
    with Stream(service.port, drafted.member) as stream:
        assert stream.unread()["unread"] == 0
        with gone(settings):
            until(lambda: "who listens" in caplog.text)
        Inbox(world, drafted.member).tell("need.deferred", need_of(drafted), body=drafted.body)
        assert stream.unread()["unread"] == 1


def test_the_server_does_not_wait_for_open_pages(
    settings: Settings, clock: MovedClock, world: World, drafted: Drafted
) -> None:
    with serving(settings, clock) as service:
        stream = Stream(service.port, drafted.member)
        assert stream.unread()["unread"] == 0
    with stream:
        assert stream.event() is None


def test_the_time_a_line_is_open_is_no_time_anybody_waited(monkeypatch: pytest.MonkeyPatch) -> None:
    moment = 0.0
    monkeypatch.setattr(metrics.time, "perf_counter", lambda: moment)

    async def stream(_scope: Any, _receive: Any, send: Any) -> None:
        nonlocal moment
        moment += 0.5
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/event-stream")]})
        moment += 3600
        await send({"type": "http.response.body", "body": b""})

    async def send(_message: Any) -> None:
        return None

    route = type("Route", (), {"path": "/only-in-this-test"})()
    scope = {"type": "http", "method": "GET", "route": route}
    asyncio.run(metrics.MetricsMiddleware(stream)(scope, send, send))  # type: ignore[arg-type]
    assert REGISTRY.get_sample_value("dialogforum_request_seconds_sum", {"route": "/only-in-this-test"}) == 0.5


def read(world: World, known: Known, *keys: UUID) -> None:
    """The person reads these."""
    with world.database.write() as session:
        mark_read(session, ReadForm(occasion_ids=keys), actor=world.actor(known, session))


def tell_many(world: World, drafted: Drafted, number: int) -> None:
    """The member is told as often as that of its need."""
    with world.database.write() as session:
        session.connection().execute(insert(Notification), rows_of(session, drafted.member, need_of(drafted), number))
