"""Pages made of kept answers are never older than the request, whoever asks, whichever process answers."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from fastapi import FastAPI
from selectolax.lexbor import LexborHTMLParser as HTMLParser
from sqlmodel import col, select, update
from starlette.testclient import TestClient

from app.config import Settings
from app.main import create_app
from app.models.accounts import SignIn
from app.models.bodies import Body, Membership
from app.security import SESSION_COOKIE, digest_of
from app.templating import Holes, KeptPage
from tests.api.test_needs import move, post
from tests.browsing import StatementCounter, send, sign_in
from tests.conftest import MovedClock
from tests.factories import Known, World


@pytest.fixture
def other(settings: Settings, clock: MovedClock) -> Iterator[TestClient]:
    """A browser whose requests another process answers."""
    application: FastAPI = create_app(settings, clock)
    with TestClient(application, follow_redirects=False) as opened:
        yield opened
    application.state.database.dispose()


def submitted(client: TestClient, member: Known, body: Body) -> str:
    """The page of a submitted need."""
    need = post(client, member, body)
    assert move(client, member, need, "submit").status_code == 200
    return f"/bedarfe/{need['id']}"


@pytest.mark.parametrize("path", ["/bedarfe", "{need}", "/kommentare/need/{id}", "/aufgaben"])
def test_a_page_seen_again_asks_only_who_reads(
    client: TestClient, world: World, statements: StatementCounter, path: str
) -> None:
    body = world.body()
    member = world.member(body)
    need = submitted(client, member, body)
    address = path.format(need=need, id=need.rsplit("/", 1)[-1])
    sign_in(client, member)
    first = client.get(address).text
    with statements:
        again = client.get(address).text
    assert statements.count == 1
    ids = [each.attributes["value"] for text in (first, again) for each in HTMLParser(text).css("input[name=id]")]
    assert len(set(ids)) == len(ids)


def test_what_another_process_wrote_is_seen_at_once(client: TestClient, other: TestClient, world: World) -> None:
    body = world.body()
    member = world.member(body)
    need = submitted(client, member, body)
    for browser in (client, other):
        sign_in(browser, member)
        assert "Aus dem anderen Prozess" not in browser.get(need).text
    words = {"text": "Aus dem anderen Prozess", "id": "0197abcd-0000-7000-8000-000000000001"}
    assert send(other, member, f"/kommentare/need/{need.rsplit('/', 1)[-1]}", words).status_code == 303
    for browser in (client, other):
        assert "Aus dem anderen Prozess" in browser.get(need).text


def test_who_lost_the_seat_or_the_session_is_refused_at_the_next_request(client: TestClient, world: World) -> None:
    body = world.body()
    member = world.member(body)
    need = submitted(client, member, body)
    reader = world.member(body)
    sign_in(client, reader)
    assert client.get(need).status_code == 200 == client.get(need).status_code
    with world.database.write() as session:
        leaves = update(Membership).where(col(Membership.person_id) == reader.person_id)
        session.exec(leaves.values(ended_on=world.database.clock().date()))
    assert client.get(need).status_code == 404
    sign_in(client, member)
    assert client.get("/aufgaben").status_code == 200 == client.get("/aufgaben").status_code
    with world.database.write() as session:
        ends = update(SignIn).where(col(SignIn.person_id) == member.person_id)
        session.exec(ends.values(revoked_at=world.database.clock()))
    assert client.get("/aufgaben").status_code == 303
    assert client.get(need).status_code == 404


def test_a_kept_page_leaves_open_what_belongs_to_one_request() -> None:
    holes = Holes()
    first, second = holes.new_id(), holes.new_id()
    page = KeptPage(f'<form id="{first}">{holes.token}<input value="{first}"><input value="{second}">ä</form>')
    ids = iter(["a", "b", "c", "d"])
    filled = [page.fill(token, lambda: next(ids)).decode() for token in ("one", "two")]
    assert filled[0] == '<form id="a">one<input value="a"><input value="b">ä</form>'
    assert filled[1] == '<form id="c">two<input value="c"><input value="d">ä</form>'


def test_each_session_gets_its_own_token_in_a_kept_page(client: TestClient, world: World) -> None:
    body = world.body()
    member = world.member(body)
    need = submitted(client, member, body)
    with world.database.write() as session:
        own = session.exec(select(SignIn).where(SignIn.person_id == member.person_id)).one()
        values = {"digest": digest_of("another cookie"), "form_secret": "another token"}
        session.add(SignIn(**own.model_dump(exclude={"id", *values}), **values))
    sign_in(client, member)
    first = client.get(need).text
    client.cookies.set(SESSION_COOKIE, "another cookie")
    assert (_tokens(first), _tokens(client.get(need).text)) == ({member.form_token}, {"another token"})


def _tokens(page: str) -> set[str | None]:
    return {each.attributes["value"] for each in HTMLParser(page).css("input[name=form_token]")}


def test_a_notice_is_shown_once_though_the_page_is_kept(client: TestClient, world: World) -> None:
    body = world.body()
    member = world.member(body)
    need = submitted(client, member, body)
    sign_in(client, member)
    plain = client.get(need).text
    assert send(client, member, f"{need}/unterstuetzung", {}).status_code == 303
    assert [client.get(need).text.count('role="status"') for _ in range(3)] == [1, 0, 0]
    assert 'role="status"' not in plain


def test_a_refused_form_says_how_much_is_unread(client: TestClient, world: World) -> None:
    body = world.body()
    member, colleague = world.member(body), world.member(body)
    need = submitted(client, member, body)
    on = f"/kommentare/need/{need.rsplit('/', 1)[-1]}"
    words = {"text": "Das sehe ich auch so.", "id": "0197abcd-0000-7000-8000-000000000002"}
    assert send(client, colleague, on, words).status_code == 303
    sign_in(client, member)
    shown = HTMLParser(client.get("/impressum").text).css_first(".news-link").attributes["data-unread"]
    refused = send(client, member, on, {"text": ""})
    assert refused.status_code == 422
    assert HTMLParser(refused.text).css_first(".news-link").attributes["data-unread"] == shown != "0"
