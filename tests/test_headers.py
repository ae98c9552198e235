"""What every answer carries, also a refusal; what a cookie may do; what an unexpected error tells."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from app.config import Settings
from app.main import create_app
from app.security import SESSION_COOKIE, Passwords, anonymous_form_token
from tests.browsing import send, sign_in
from tests.conftest import MovedClock
from tests.factories import Known, World

ADDRESSES = ["/", "/anmelden", "/bedarfe", "/gibt-es-nicht", "/healthz", "/readyz", "/api/v1/needs", "/api/docs"]
ADDRESSES += ["/api/openapi.json", "/api/v1/gibt-es-nicht", "/empfehlungen.atom", "/static/gibt-es-nicht.css"]


@pytest.fixture
def secure(settings: Settings, clock: MovedClock, database: object) -> Iterator[TestClient]:
    """The same service behind TLS."""
    app = create_app(settings.model_copy(update={"base_url": "https://dialogforum.example"}), clock)
    with TestClient(app, base_url="https://dialogforum.example", follow_redirects=False) as opened:
        yield opened
    app.state.database.dispose()


@pytest.mark.parametrize("path", ADDRESSES)
def test_every_answer_carries_the_protecting_headers(client: TestClient, secure: TestClient, path: str) -> None:
    for answer in (client.get(path), client.post(path), client.head(path)):
        headers = answer.headers
        policy = headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"]
        assert "Strict-Transport-Security" not in headers
        assert "server" not in headers
    assert "max-age=" in secure.get(path).headers["Strict-Transport-Security"]


def password_of(world: World, known: Known) -> dict[str, str]:
    """What the person signs in with."""
    from app.models.people import Person

    with world.database.write() as session:
        person = session.get_one(Person, known.person_id)
        person.password_hash = Passwords.hash("Vier Wörter sind genug")
        return {"email": str(person.email), "password": "Vier Wörter sind genug"}


def test_the_cookies_are_for_this_site_alone(
    client: TestClient, secure: TestClient, settings: Settings, world: World
) -> None:
    form = {"form_token": anonymous_form_token(settings), **password_of(world, world.secretariat())}
    for browser, is_secure in ((client, False), (secure, True)):
        cookie = browser.post("/anmelden", data=form).headers["set-cookie"]
        parts = {part.strip().lower() for part in cookie.split(";")}
        assert cookie.startswith(f"{SESSION_COOKIE}=")
        assert {"httponly", "samesite=lax", "path=/"} <= parts
        assert ("secure" in parts) is is_secure
        assert "domain" not in cookie.lower()


def test_public_pages_set_no_cookie(client: TestClient) -> None:
    for path in ADDRESSES:
        assert "set-cookie" not in client.get(path).headers


@pytest.mark.parametrize("path", [*ADDRESSES, "/aufgaben", "/konto"])
def test_head_answers_like_get_without_a_body(client: TestClient, world: World, path: str) -> None:
    sign_in(client, world.secretariat())
    whole, head = client.get(path), client.head(path)
    assert head.status_code == whole.status_code
    assert head.content == b""
    for name in ("content-type", "cache-control", "location"):
        assert head.headers.get(name) == whole.headers.get(name)


def test_an_unexpected_error_tells_nothing(
    app: FastAPI, client: TestClient, world: World, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_arguments: object, **_more: object) -> None:
        raise RuntimeError("something internal")

    known = world.secretariat()
    monkeypatch.setattr("app.routers.api.needs.queries.list_needs", fail)
    monkeypatch.setattr("app.routers.needs.queries.list_needs", fail)
    sign_in(client, known)
    with caplog.at_level(logging.DEBUG, logger="dialogforum"):
        page = client.get("/bedarfe?q=geheim")
        problem = client.get("/api/v1/needs?q=geheim", headers=known.headers)
    for answer in (page, problem):
        assert answer.status_code == 500
        assert "internal" not in answer.text
        assert "Traceback" not in answer.text
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert problem.headers["content-type"] == "application/problem+json"
    assert "something internal" in caplog.text
    ours = "".join(record.getMessage() for record in caplog.records if record.name.startswith("dialogforum"))
    for secret in (known.cookie, known.token, known.form_token, "geheim"):
        assert secret not in ours


def test_no_secret_is_logged_where_a_form_is_refused(
    client: TestClient, settings: Settings, world: World, caplog: pytest.LogCaptureFixture
) -> None:
    known = world.secretariat()
    with caplog.at_level(logging.DEBUG, logger="dialogforum"):
        token = anonymous_form_token(settings)
        client.post("/anmelden", data={"form_token": token, "email": "wer@amt.example", "password": "Geheim" * 50})
        client.post("/anmelden", data={"form_token": token, "email": "wer@amt.example", "password": "Geheimnis"})
        send(client, known, "/konto/passwort", {"current": "Geheimnis", "password": "Geheim", "repeated": "Geheim"})
        client.get("/einladung/Geheimnis")
    assert "Geheim" not in caplog.text
    assert "wer@amt.example" not in caplog.text
