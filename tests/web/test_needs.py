"""Pages of needs and proposals, as each role sees and uses them."""

from typing import Any

import pytest
from selectolax.lexbor import LexborHTMLParser as HTMLParser
from starlette.testclient import TestClient

from app.domain.actors import MembershipRole
from app.models.base import new_id
from app.models.bodies import Body
from tests.api.test_needs import move, post, seen
from tests.api.test_proposals import post as post_proposal
from tests.browsing import StatementCounter, send, sign_in, sign_out
from tests.factories import Known, World

FIELDS = {"title": "Lange Leerzeiten", "description": "Zwischen Kurs und Anschluss\r\n\r\nvergehen Monate."}


def page(client: TestClient, known: Known | None, path: str, status: int = 200) -> HTMLParser:
    if known:
        sign_in(client, known)
    else:
        sign_out(client)
    answer = client.get(path)
    assert answer.status_code == status, answer.text
    return HTMLParser(answer.text)


def text_of(tree: HTMLParser) -> str:
    main = tree.css_first("main")
    assert main is not None
    return " ".join(main.text().split())


def buttons(tree: HTMLParser) -> list[str]:
    return [each.attributes.get("value") or "" for each in tree.css(".moves input[name=transition]")]


@pytest.mark.parametrize(
    ("segment", "noun"),
    [("bedarfe", "needs"), ("vorschlaege", "proposals")],
)
def test_one_is_written_saved_and_submitted_in_one_go(
    client: TestClient, world: World, segment: str, noun: str
) -> None:
    body = world.body()
    member = world.member(body)
    path = f"/gremien/{body.slug}/{segment}/neu"
    form = page(client, member, path)
    key = form.css_first("input[name=id]").attributes["value"]
    sent = {**FIELDS, "id": key, "action": "submit"}
    first, second = send(client, member, path, sent), send(client, member, path, sent)
    assert (first.status_code, second.status_code) == (303, 303)
    assert first.headers["location"] == second.headers["location"] == f"/{segment}/{key}"
    listed = client.get(f"/api/v1/{noun}", headers=member.headers).json()["items"]
    assert [(each["id"], each["state"]) for each in listed] == [(key, "submitted")]
    assert "ist eingereicht" in HTMLParser(client.get(f"/{segment}/{key}").text).css_first(".notice").text()


def test_a_refused_form_keeps_what_was_typed(client: TestClient, world: World) -> None:
    body = world.body()
    member = world.member(body)
    sent = {"title": "", "description": "Bleibt <b>stehen</b>", "visibility": "public", "id": str(new_id())}
    answer = send(client, member, f"/gremien/{body.slug}/bedarfe/neu", {**sent, "action": "save"})
    assert answer.status_code == 422
    tree = HTMLParser(answer.text)
    assert tree.css_first("textarea[name=description]").text().strip() == "Bleibt <b>stehen</b>"
    assert tree.css_first("input[value=public]").attributes.get("checked", "no") != "no"
    assert tree.css_first(".error-summary a").attributes["href"] == "#feld-title"
    assert client.get("/api/v1/needs", headers=member.headers).json()["items"] == []


def test_a_draft_is_edited_and_submitted(client: TestClient, world: World) -> None:
    body = world.body()
    member, other = world.member(body), world.member(body)
    need = post(client, member, body)
    path = f"/bedarfe/{need['id']}/bearbeiten"
    assert page(client, member, path).css_first("input[name=title]").attributes["value"] == need["title"]
    page(client, other, path, 404)
    refused = send(client, member, path, {**FIELDS, "title": "", "action": "save"})
    assert refused.status_code == 422
    assert send(client, member, path, {**FIELDS, "title": "Neu", "action": "submit"}).status_code == 303
    stored = seen(client, member, need).json()
    assert (stored["title"], stored["state"]) == ("Neu", "submitted")
    page(client, member, path, 409)


def test_the_buttons_are_the_moves_the_table_grants(client: TestClient, world: World) -> None:
    body = world.body()
    member, chair = world.member(body), world.member(body, MembershipRole.CHAIR)
    need = post(client, member, body)
    address = f"/bedarfe/{need['id']}"
    assert buttons(page(client, member, address)) == ["submit", "withdraw"]
    move(client, member, need, "submit")
    assert buttons(page(client, member, address)) == ["withdraw"]
    assert buttons(page(client, chair, address)) == ["accept", "merge", "forward", "defer", "decline"]
    assert buttons(page(client, world.member(body, MembershipRole.OBSERVER), address)) == []
    refused = send(client, chair, f"{address}/transitions", {"transition": "defer", "reason": "Später"})
    assert refused.status_code == 422
    opened = HTMLParser(refused.text).css_first("details#schritt-defer[open]")
    assert "Wiedervorlage" in opened.text()
    assert opened.css_first("textarea").text().strip() == "Später"
    assert seen(client, chair, need).json()["state"] == "submitted"
    assert send(client, chair, f"{address}/transitions", {"transition": "accept"}).status_code == 303
    assert seen(client, chair, need).json()["state"] == "accepted"


def test_a_merge_takes_the_address_of_a_need_that_is_not_listed(client: TestClient, world: World) -> None:
    body = world.body()
    member, chair = world.member(body), world.member(body, MembershipRole.CHAIR)
    one, two = post(client, member, body), post(client, member, body, title="Leerzeiten, die lange dauern")
    for need in (one, two):
        move(client, member, need, "submit")
    tree = page(client, chair, f"/bedarfe/{one['id']}")
    assert tree.css_first(f"select[name=target_id] option[value='{two['id']}']") is not None
    path = f"/bedarfe/{one['id']}/transitions"
    sent = {"transition": "merge", "reason": "Dasselbe"}
    assert send(client, chair, path, {**sent, "target_address": "https://anderswo.example/x"}).status_code == 422
    address = f"http://testserver/bedarfe/{two['id']}"
    assert send(client, chair, path, {**sent, "target_address": address}).status_code == 303
    assert seen(client, chair, one).json()["merged_into_id"] == two["id"]
    assert one["title"] in text_of(page(client, chair, f"/bedarfe/{two['id']}"))


def test_an_organisation_supports_by_a_button(client: TestClient, world: World) -> None:
    body = world.body()
    member, other = world.member(body), world.member(body)
    need = post(client, member, body)
    move(client, member, need, "submit")
    address = f"/bedarfe/{need['id']}"
    assert page(client, other, address).css_first("form[action$=unterstuetzung]") is not None
    assert send(client, other, f"{address}/unterstuetzung").status_code == 303
    tree = page(client, other, address)
    assert tree.css_first("form[action$=unterstuetzung]") is None
    assert "1 Organisation steht dahinter" in text_of(tree)
    assert (
        page(client, world.member(body, MembershipRole.OBSERVER), address).css_first("form[action$=unterstuetzung]")
        is None
    )


def test_the_public_reads_what_is_public_and_no_more(client: TestClient, world: World) -> None:
    body = world.body()
    member = world.member(body, name="Petra Geheim")
    open_need, inner = post(client, member, body, visibility="public"), post(client, member, body, title="Intern")
    for need in (open_need, inner):
        move(client, member, need, "submit")
    client.post(f"/api/v1/needs/{open_need['id']}/comments", json={"text": "Internes"}, headers=member.headers)
    listed = page(client, None, "/bedarfe")
    assert "Lange Leerzeiten" in text_of(listed)
    assert "Intern" not in text_of(listed)
    shown = page(client, None, f"/bedarfe/{open_need['id']}")
    assert all(word not in shown.html for word in ("Petra Geheim", "Internes", '<form method="post"'))
    page(client, None, f"/bedarfe/{inner['id']}", 404)
    assert "set-cookie" not in client.get("/bedarfe").headers


def test_script_in_a_text_is_shown_as_text(client: TestClient, world: World) -> None:
    body = world.body()
    member = world.member(body)
    evil = "<script>alert(1)</script>"
    need = post(client, member, body, title=evil, description=f"{evil} [x](javascript:alert(1)) <img src=x onerror=y>")
    move(client, member, need, "submit")
    client.post(f"/api/v1/needs/{need['id']}/comments", json={"text": evil}, headers=member.headers)
    for path in ("/bedarfe", f"/bedarfe/{need['id']}"):
        tree = page(client, member, path)
        assert [each.attributes.get("src", "").startswith("/static/") for each in tree.css("script")] == [True]
        assert tree.css("img") == []
        assert tree.css("a[href^=javascript]") == []


def test_the_list_is_narrowed_and_paged(client: TestClient, world: World) -> None:
    body = world.body()
    member = world.member(body)
    for number in range(27):
        post(client, member, body, title=f"Bedarf Nummer {number:02}")
    tree = page(client, member, "/bedarfe?q=nummer&state=&body_id=&order=title&topic_id=")
    assert "27 Bedarfe" in text_of(tree)
    assert [each.text() for each in tree.css(".card__title")][:2] == ["Bedarf Nummer 00", "Bedarf Nummer 01"]
    following = tree.css_first("a[rel=next]").attributes["href"]
    assert following
    assert [each.text() for each in page(client, member, following).css(".card__title")] == [
        "Bedarf Nummer 25",
        "Bedarf Nummer 26",
    ]
    page(client, member, "/bedarfe?farbe=rot", 422)


def test_a_proposal_shows_its_former_versions(client: TestClient, world: World) -> None:
    body = world.body()
    member = world.member(body)
    proposal = post_proposal(client, member, body)
    address = f"/vorschlaege/{proposal['id']}"
    send(client, member, f"{address}/transitions", {"transition": "submit"})
    edit = {"title": "Anders", "description": "Ganz anders", "action": "save"}
    assert send(client, member, f"{address}/bearbeiten", edit).status_code == 303
    assert "Fassung 2" in text_of(page(client, member, address))
    former = text_of(page(client, member, f"{address}/fassungen"))
    assert proposal["title"] in former
    assert "Ganz anders" not in former


def _grow(client: TestClient, known: Known, body: Body, number: int) -> dict[str, Any]:
    """A need with so many comments, beside so many others."""
    need = post(client, known, body, visibility="public")
    move(client, known, need, "submit")
    for each in range(number):
        other = post(client, known, body, title=f"Weiterer {each}", visibility="public")
        move(client, known, other, "submit")
        sent = {"text": f"Beitrag {each}"}
        client.post(f"/api/v1/needs/{need['id']}/comments", json=sent, headers=known.headers)
    return need


def test_pages_ask_the_database_a_fixed_number_of_questions(
    client: TestClient, world: World, statements: StatementCounter
) -> None:
    counted: list[list[int]] = []
    body = world.body()
    member, chair = world.member(body), world.member(body, MembershipRole.CHAIR)
    for number in (3, 22):
        need = _grow(client, member, body, number)
        counts = []
        for known, path, most in (
            (None, "/bedarfe", 6),
            (None, f"/bedarfe/{need['id']}", 6),
            (member, "/bedarfe", 12),
            (member, f"/bedarfe/{need['id']}", 12),
            (chair, f"/bedarfe/{need['id']}", 12),
            (member, f"/kommentare/need/{need['id']}", 12),
            (member, f"/gremien/{body.slug}/bedarfe/neu", 12),
            (member, f"/gremien/{body.slug}/vorschlaege/neu", 12),
        ):
            sign_in(client, known) if known else sign_out(client)
            with statements:
                answer = client.get(path)
            assert answer.status_code == 200
            assert statements.count <= most, (path, known is None, statements.texts)
            counts.append(statements.count)
        counted.append(counts)
    assert counted[0] == counted[1]
