"""What can't be read is refused at the door of every route, in the caller's form, and nothing is changed."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

import pytest
from fastapi import FastAPI
from fastapi.routing import iter_route_contexts
from starlette.testclient import TestClient

from app.middleware import takes_files
from app.security import MAXIMUM_BODY, MAXIMUM_UPLOAD
from tests.browsing import StatementCounter, sign_in
from tests.drafting import draft
from tests.factories import World
from tests.routes import every_route
from tests.test_forms_at_the_door import ANY_KEY, PAGE_FORMS, changes, filled
from tests.test_outsider import values_for

_JSON = {"Content-Type": "application/json"}


def api_writes(app: FastAPI) -> list[tuple[str, str]]:
    """Every method and address of the API that takes a body."""
    return [
        (method, filled(re.sub(r"v1/{\w+}", "v1/needs", context.path)))
        for context in iter_route_contexts(app.routes)
        if context.path.startswith("/api/v1/")
        for method in context.methods
        if context.dependant.body_params
    ]


def in_pieces(size: int) -> Iterator[bytes]:
    """A body whose length is not announced."""
    for _piece in range(size // 65_536 + 1):
        yield b"x" * 65_536


def test_an_unreadable_body_is_refused_on_every_route(
    app: FastAPI, client: TestClient, world: World, statements: StatementCounter
) -> None:
    headers = {**world.secretariat().headers, **_JSON}
    bodies = {
        "no JSON": b"{",
        "not UTF-8": b'{"title": "\xff\xfe"}',
        "a list": b"[]",
        "a text": b'"text"',
        "nothing": b"null",
        "very deep": b"[" * 100_000,
        "a long number": b'{"unknown": ' + b"9" * 10_000 + b"}",
    }
    for method, path in api_writes(app):
        for name, body in bodies.items():
            with statements:
                answer = client.request(method, path, content=body, headers=headers)
            # Some moves need no body at all.
            allowed = {422} if name != "nothing" else {422, 404}
            assert answer.status_code in allowed, (method, path, name, answer.text)
            assert answer.headers["content-type"] == "application/problem+json"
            assert changes(statements) == [], (method, path, name)


def test_an_unknown_field_is_named_on_every_route(app: FastAPI, client: TestClient, world: World) -> None:
    headers = {**world.secretariat().headers, **_JSON}
    for method, path in api_writes(app):
        for field in ("unbekannt", "\\ud800", "__proto__", "a\\u0000b"):
            answer = client.request(method, path, content=b'{"%s": 1}' % field.encode(), headers=headers)
            assert answer.status_code == 422, (method, path, field, answer.text)
            named = {each["field"] for each in answer.json()["errors"]}
            assert named & {json.loads(f'"{field}"'), "form"}, (method, path, field, answer.text)


def test_every_list_refuses_an_unknown_parameter(app: FastAPI, client: TestClient, world: World) -> None:
    known = world.secretariat()
    draft(client, world)
    with world.database.read() as session:
        keys = {name: values_for(session, name)[0] for name in ("body_id", "recommendation_id", "need_id", "seat_id")}
    keys["on_id"] = keys["need_id"]
    seen = 0
    for route in every_route(app):
        if route.method != "GET" or not route.path.startswith("/api/v1/"):
            continue
        path = re.sub(r"v1/{\w+}", "v1/needs", route.path)
        path = filled(re.sub(r"{(\w+)}", lambda found: keys.get(found[1], ANY_KEY), path))
        plain = client.get(path, headers=known.headers)
        answer = client.get(f"{path}?unbekannt=1", headers=known.headers)
        if plain.status_code == 200 and not plain.headers["content-type"].startswith("application/json"):
            continue
        if plain.status_code == 200 and "items" in plain.json():
            seen += 1
            assert answer.status_code == 422, path
            assert [each["field"] for each in answer.json()["errors"]] == ["unbekannt"]
            for wrong in ("limit=0", "limit=201", "limit=x", "after=%21", "after=abc", "after=" + "A" * 600):
                refused = client.get(f"{path}?{wrong}", headers=known.headers)
                assert refused.status_code == 422, (path, wrong)
                assert [each["field"] for each in refused.json()["errors"]] == [wrong.partition("=")[0]]
        assert answer.status_code in {404, 405, 422} or "items" not in answer.json(), path
    assert seen > 20


def test_no_address_breaks_the_service(app: FastAPI, client: TestClient, world: World) -> None:
    known = world.secretariat()
    sign_in(client, known)
    words = ["%00", "%ED%A0%80", "'..%2F", "1" * 40, "-1", "a" * 3000, "%3Cscript%3E%0D%0Ax:1"]
    for route in every_route(app):
        if route.method != "GET":
            continue
        for word in words if "{" in route.path else words[:1]:
            path = re.sub(r"{\w+(?::\w+)?}", word, route.path)
            wants = known.headers if path.startswith("/api/") else {}
            with_query = f"{path}?q={word}&after={word}&weiter={word}&year={word}&unbekannt={word}"
            for address in (path, with_query):
                answer = client.get(address, headers=wants)
                assert answer.status_code in {200, 303, 304, 307, 404, 410, 422}, (address, answer.text[:300])


@pytest.mark.parametrize("is_announced", [True, False])
def test_a_body_over_the_limit_is_refused(
    app: FastAPI, client: TestClient, world: World, statements: StatementCounter, *, is_announced: bool
) -> None:
    known = world.secretariat()
    for method, path in api_writes(app):
        limit = MAXIMUM_UPLOAD if takes_files(path) else MAXIMUM_BODY
        body = b"x" * (limit + 1) if is_announced else in_pieces(limit)
        with statements:
            answer = client.request(method, path, content=body, headers={**known.headers, **_JSON})
        assert (answer.status_code, changes(statements)) == (413, []), (method, path)
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["type"] == "/api/problems/too-large"
    sign_in(client, known)
    for kind in ("application/x-www-form-urlencoded", "multipart/form-data; boundary=xxx"):
        for path in PAGE_FORMS:
            limit = MAXIMUM_UPLOAD if takes_files(path) else MAXIMUM_BODY
            body = b"x" * (limit + 1) if is_announced else in_pieces(limit)
            answer = client.post(path, content=body, headers={"Content-Type": kind})
            assert answer.status_code == 413, (path, answer.text)
            assert "Eingabe zu groß" in answer.text
