"""Every way of writing is guarded: forms by origin and token, programs by a token with write access."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.routing import iter_route_contexts
from starlette.testclient import TestClient

from app.config import Settings
from app.main import create_app
from app.routers import deps
from app.security import anonymous_form_token
from tests.browsing import StatementCounter, sign_in
from tests.conftest import SECRET
from tests.factories import World
from tests.routes import Route, every_route

ANY_KEY = "01900000-0000-7000-8000-000000000000"
_APP = create_app(Settings(database_url="sqlite:////nowhere/nothing.db", secret_key=SECRET))
BY_LINK_ALONE = {"/abonnieren/beenden/{word}", "/mitteilungen/abbestellen/{word}"}
"""What a mail program ends with one click (RFC 8058): no session, no form; the signed link is all it takes."""

PAGE_FORMS = sorted(
    {route.path for route in every_route(_APP) if route.method == "POST" and not route.path.startswith("/api/")}
    - BY_LINK_ALONE
)
READS_WITHOUT_A_READER = {
    "/healthz",
    "/readyz",
    "/metrics",
    "/api/openapi.json",
    "/api/docs",
    "/passwort-vergessen",
    "/passwort-vergessen/gesendet",
    "/einladung/{secret}",
    "/passwort/{secret}",
    "/benennung/{secret}",
    "/stellungnahme/{word}",
    "/stellungnahme/{word}/anlagen/{attachment_id}",
    "/rueckmeldung/{word}",
    "/nachfrage/{word}",
    "/sachstand/{word}",
    "/nachnutzung/bestaetigen/{word}",
    "/nachnutzung/stand/{word}",
    "/benennung/angekommen",
    "/empfehlungen.atom",
    "/handlungsfelder/{slug}.atom",
    "/abonnieren/bestaetigen/{word}",
    "/abonnieren/beenden/{word}",
    "/mitteilungen/abbestellen/{word}",
}
PROGRAMS_WITHOUT_A_TOKEN = {
    "/api/v1/feedback",
    "/api/v1/recommendations/{recommendation_id}/reuses",
    "/api/v1/comment-rounds/{round_id}/open-statements",
}
"""What anybody sends; what it says stands nowhere before somebody answered for it."""

_GUARDS = {deps._reader, deps._member, deps._writer, deps._member_asking, deps._anybody_writing}
_FORM_GUARDS = {deps._writer, deps._member_asking, deps._anybody_writing, deps._anonymous_form}
_API_WRITES = {deps._api_writer, deps._api_asking}
_API_GUARDS = {deps._api_reader, *_API_WRITES}


def filled(path: str) -> str:
    """The address with some value for every parameter."""
    return re.sub(r"{\w+(?::\w+)?}", ANY_KEY, path)


def calls_of(dependant: Dependant) -> Iterator[object]:
    """Everything a route depends on, directly or through others."""
    for each in dependant.dependencies:
        yield each.call
        yield from calls_of(each)


def guards_by_route(app: FastAPI) -> dict[Route, set[object]]:
    """What every route depends on."""
    found = {}
    for context in iter_route_contexts(app.routes):
        dependant = getattr(context, "dependant", None) or getattr(context.route, "dependant", None)
        for method in getattr(context, "methods", None) or ():
            calls = set(calls_of(dependant)) if dependant else set()
            found[Route(method, context.path, context.endpoint)] = calls
    return found


def test_every_route_says_who_may_come_in() -> None:
    unguarded = []
    for route, calls in guards_by_route(_APP).items():
        if route.method == "HEAD":
            continue
        if route.path.startswith("/api/v1/"):
            wanted = {deps._api_reader} if route.method == "GET" else _API_WRITES
        else:
            wanted = _GUARDS if route.method == "GET" else _FORM_GUARDS
        if route.method == "GET" and route.path in READS_WITHOUT_A_READER:
            continue
        if route.method == "POST" and route.path in BY_LINK_ALONE:
            continue
        if route.method == "POST" and route.path in PROGRAMS_WITHOUT_A_TOKEN:
            continue
        if not calls & wanted:
            unguarded.append(f"{route.method} {route.path}")
        if not route.path.startswith("/api/v1/") and calls & _API_GUARDS:
            unguarded.append(f"{route.method} {route.path}: a page must not read tokens")
    assert unguarded == []


def is_anonymous(path: str) -> bool:
    """Whether the form is one of readers without a session."""
    found = [calls for route, calls in guards_by_route(_APP).items() if (route.method, route.path) == ("POST", path)]
    return deps._anonymous_form in found[0]


def changes(statements: StatementCounter) -> list[str]:
    """What was written while the counter was on."""
    return [each for each in statements.texts if each.startswith(("INSERT", "UPDATE", "DELETE"))]


@pytest.mark.parametrize("path", PAGE_FORMS)
def test_a_form_of_foreign_origin_or_with_another_token_changes_nothing(
    path: str, client: TestClient, world: World, settings: Settings, statements: StatementCounter
) -> None:
    known, other = world.secretariat(), world.secretariat()
    sign_in(client, known)
    foreign_signature = anonymous_form_token(settings.model_copy(update={"secret_key": "x" * 40}))
    ours = anonymous_form_token(settings) if is_anonymous(path) else known.form_token
    attempts = [
        ({"form_token": ours}, {"Origin": "https://evil.example"}),
        ({"form_token": ours}, {"Origin": "null"}),
        ({"form_token": ours}, {"Origin": "http://["}),
        ({"form_token": ours}, {"Origin": "http://testserver.evil.example"}),
        ({"form_token": ours}, {"Sec-Fetch-Site": "cross-site"}),
        ({"form_token": ours}, {"Sec-Fetch-Site": "same-site"}),
        ({}, {}),
        ({"form_token": ""}, {}),
        ({"form_token": "ü" * 43}, {}),
        ({"form_token": other.form_token}, {}),
        ({"form_token": foreign_signature}, {}),
    ]
    if not is_anonymous(path) and path != "/feedback":
        attempts.append(({"form_token": anonymous_form_token(settings)}, {}))
    for fields, headers in attempts:
        with statements:
            answer = client.post(filled(path), data=fields, headers=headers)
        assert (answer.status_code, changes(statements)) == (403, []), (fields, headers)
        assert "Formular abgelehnt" in answer.text
    with statements:
        bare = client.post(filled(path), content=b"form_token=" + b"%FF" * 20)
    assert (bare.status_code, changes(statements)) == (403, [])


def test_a_token_without_a_session_is_good_for_four_hours(
    client: TestClient, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = anonymous_form_token(settings)
    form = {"form_token": token, "email": "wer@amt.example"}
    assert client.post("/passwort-vergessen", data=form).status_code == 303
    from itsdangerous import timed

    later = timed.time.time() + 4 * 3600 + 5
    monkeypatch.setattr(timed.time, "time", lambda: later)
    assert client.post("/passwort-vergessen", data=form).status_code == 403


def test_our_own_origin_is_let_in(client: TestClient, settings: Settings) -> None:
    form = {"form_token": anonymous_form_token(settings), "email": "wer@amt.example"}
    for headers in ({"Origin": "http://testserver"}, {"Sec-Fetch-Site": "same-origin"}, {"Sec-Fetch-Site": "none"}):
        assert client.post("/passwort-vergessen", data=form, headers=headers).status_code == 303


def test_programs_are_known_by_their_token_alone(client: TestClient, world: World) -> None:
    known = world.secretariat()
    sign_in(client, known)
    sent = {"name": "Neu"}
    refused = client.post("/api/v1/target-groups", json=sent)
    assert refused.status_code == 401
    assert refused.headers["WWW-Authenticate"] == "Bearer"
    made = client.post("/api/v1/target-groups", json=sent, headers=known.headers)
    assert made.status_code == 201
    for header in ("Bearer", "Bearer ", "Basic abc", "Bearer ü", known.token):
        headers = {"Authorization": header.encode()}
        assert client.get("/api/v1/target-groups", headers=headers).status_code == 401
