"""Pages of discussions and evidence."""

from selectolax.lexbor import LexborHTMLParser
from starlette.testclient import TestClient

from app.domain.actors import MembershipRole
from app.models.base import new_id
from tests.api.test_needs import move, post, seen
from tests.browsing import send, sign_in
from tests.factories import World


def test_one_writes_replies_and_takes_back(client: TestClient, world: World) -> None:
    body = world.body()
    member, chair = world.member(body), world.member(body, MembershipRole.CHAIR)
    need = post(client, member, body)
    move(client, member, need, "submit")
    path, key = f"/kommentare/need/{need['id']}", str(new_id())
    sent = {"id": key, "text": "Stimmt.", "back": f"/bedarfe/{need['id']}"}
    answers = [send(client, member, path, sent) for _ in range(2)]
    assert {answer.headers["location"] for answer in answers} == {f"/bedarfe/{need['id']}#kommentar-{key}"}
    foreign = send(client, member, path, {**sent, "id": str(new_id()), "back": "//boese.example/"})
    assert foreign.headers["location"].startswith(f"/bedarfe/{need['id']}#")
    sign_in(client, chair)
    form = LexborHTMLParser(client.get(f"/kommentare/{key}/antworten").text)
    assert form.css_first("blockquote").text().strip() == "Stimmt."
    reply = {"text": "", "parent_id": key, "id": str(new_id()), "stance": "question"}
    refused = send(client, chair, path, reply)
    assert refused.status_code == 422
    assert f'name="parent_id" value="{key}"' in refused.text
    assert send(client, chair, path, {**reply, "text": "Warum?"}).status_code == 303
    page = LexborHTMLParser(client.get(path).text)
    assert [each.text().strip() for each in page.css(".comment__text")] == ["Stimmt.", "Stimmt.", "Warum?"]
    assert send(client, chair, f"/kommentare/{key}/zurueckziehen").status_code == 403
    sign_in(client, member)
    assert client.get(f"/kommentare/{key}/zurueckziehen").status_code == 200
    assert send(client, member, f"/kommentare/{key}/zurueckziehen").status_code == 303
    assert "Dieser Beitrag wurde zurückgezogen." in client.get(f"/bedarfe/{need['id']}").text


def test_a_long_discussion_is_read_in_parts(client: TestClient, world: World) -> None:
    body = world.body()
    member, outsider = world.member(body), world.person()
    need = post(client, member, body)
    move(client, member, need, "submit")
    path = f"/api/v1/needs/{need['id']}/comments"
    for number in range(18):
        client.post(path, json={"text": f"Beitrag {number:02}"}, headers=member.headers)
    sign_in(client, member)
    first = LexborHTMLParser(client.get(f"/bedarfe/{need['id']}").text)
    assert len(first.css("article.comment")) == 15
    following = first.css_first("#diskussion a[rel=next]").attributes["href"] or ""
    rest = LexborHTMLParser(client.get(following).text)
    assert [each.text().strip() for each in rest.css(".comment__text")] == ["Beitrag 02", "Beitrag 01", "Beitrag 00"]
    assert client.get(f"/kommentare/need/{need['id']}?after=unlesbar").status_code == 422
    sign_in(client, outsider)
    assert client.get(f"/kommentare/need/{need['id']}").status_code == 404


def test_evidence_is_added_by_a_form(client: TestClient, world: World) -> None:
    body = world.body()
    member = world.member(body)
    need = post(client, member, body)
    path = f"/belege/need/{need['id']}"
    sign_in(client, member)
    assert client.get(path).status_code == 200
    sent = {"id": str(new_id()), "kind": "study", "source": "Studie 2025", "url": "ftp://falsch"}
    refused = send(client, member, path, sent)
    assert refused.status_code == 422
    assert 'value="Studie 2025"' in refused.text
    assert seen(client, member, need).json()["evidence"] == []
    assert send(client, member, path, {**sent, "url": ""}).headers["location"] == f"/bedarfe/{need['id']}#belege"
    assert seen(client, member, need).json()["evidence"][0]["source"] == "Studie 2025"
