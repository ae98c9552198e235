"""Recommendations at the door of the API: drafting, links, errata, who sees them."""

from uuid import UUID

from sqlmodel import select
from starlette.testclient import TestClient

from app.db import Database
from app.domain.events import EventType
from app.models.base import new_id
from app.models.recommendations import Recommendation
from app.models.record import Event
from app.queries.record import verify_record
from tests.browsing import StatementCounter
from tests.drafting import accepted_need, count_rows, draft
from tests.factories import World


def test_a_draft_takes_field_and_edition_and_is_its_body_s_alone(client: TestClient, world: World) -> None:
    drafted = draft(client, world, with_text=False)
    seen = client.get(drafted.path, headers=drafted.member.headers)
    assert seen.status_code == 200, seen.text
    found = seen.json()
    assert found["state"] == "draft"
    assert found["version"] == 0
    assert found["field_of_action_id"] == str(drafted.body.field_of_action_id)
    edition = client.get(f"/api/v1/editions/{found['edition_id']}", headers=drafted.member.headers)
    assert edition.status_code in (200, 404)
    assert found["reference"] is None
    assert found["implementation_status"] is None
    assert found["overdue"] is False
    assert found["url"] == drafted.page
    assert found["need_ids"] == [drafted.need_id]
    assert found["addressee_ids"] == [str(drafted.addressee_id)]
    assert found["transitions"] == []
    stranger = world.person()
    for headers in ({}, stranger.headers):
        assert client.get(drafted.path, headers=headers).status_code == 404
        assert client.get("/api/v1/recommendations", headers=headers).json()["items"] == []
        for path in ("versions", "versions/1", "compare", "errata", "dossier"):
            assert client.get(f"{drafted.path}/{path}", headers=headers).status_code == 404, path


def test_only_editors_draft_and_what_is_unknown_is_named(client: TestClient, world: World, database: Database) -> None:
    drafted = draft(client, world, with_text=False)
    before = count_rows(database, Recommendation)
    sent = {"body_id": str(drafted.body.id), "title": "Neu", "need_ids": [], "addressee_ids": []}
    path = "/api/v1/recommendations"
    assert client.post(path, json=sent).status_code == 401
    assert client.post(path, json=sent, headers=drafted.member.headers).status_code == 403
    missing = client.post(path, json={"title": ""}, headers=drafted.rapporteur.headers)
    assert missing.status_code == 422
    assert {each["field"] for each in missing.json()["errors"]} == {"body_id", "title", "need_ids", "addressee_ids"}
    unknown = {**sent, "need_ids": [str(new_id())], "addressee_ids": [str(new_id())], "topic_id": str(new_id())}
    refused = client.post(path, json=unknown, headers=drafted.rapporteur.headers)
    assert refused.status_code == 422
    assert {each["field"] for each in refused.json()["errors"]} == {"need_ids", "addressee_ids", "topic_id"}
    assert count_rows(database, Recommendation) == before


def test_a_draft_sent_twice_is_one(client: TestClient, world: World) -> None:
    drafted = draft(client, world, with_text=False)
    sent = {
        "id": str(new_id()),
        "body_id": str(drafted.body.id),
        "title": "Einmal",
        "need_ids": [],
        "addressee_ids": [],
    }
    answers = [
        client.post("/api/v1/recommendations", json=body, headers=drafted.chair.headers)
        for body in (sent, sent, {**sent, "title": "Anders"})
    ]
    assert [each.status_code for each in answers] == [201, 200, 409]


def test_links_change_with_an_event(client: TestClient, world: World, database: Database) -> None:
    drafted = draft(client, world)
    other = accepted_need(client, drafted.body, drafted.member, drafted.chair, "Zweiter Bedarf")
    tag = client.get(drafted.path, headers=drafted.chair.headers).headers["etag"]
    path, headers = drafted.path, drafted.rapporteur.headers
    changed = client.patch(path, json={"need_ids": [other]}, headers=headers)
    assert changed.status_code == 200, changed.text
    assert changed.json()["need_ids"] == [other]
    stale = client.patch(path, json={"need_ids": []}, headers={**drafted.chair.headers, "If-Match": tag})
    assert stale.status_code == 412
    assert client.patch(path, json={"need_ids": []}, headers=drafted.member.headers).status_code == 403
    assert client.patch(path, json={"need_ids": [str(new_id())]}, headers=headers).status_code == 422
    assert client.get(path, headers=headers).json()["need_ids"] == [other]
    with database.read() as session:
        events = session.exec(select(Event).where(Event.subject_id == UUID(drafted.id))).all()
        data = [event.data for event in events if event.type is EventType.RECOMMENDATION_CHANGED]
        assert data == [{"need_ids": {"added": [other], "removed": [drafted.need_id]}}]
        assert list(verify_record(session)) == []


def test_a_draft_has_no_errata(client: TestClient, world: World) -> None:
    drafted = draft(client, world)
    refused = client.post(f"{drafted.path}/errata", json={"text": "Tippfehler"}, headers=drafted.secretariat.headers)
    assert refused.status_code == 409
    refused = client.post(f"{drafted.path}/errata", json={"text": "Tippfehler"}, headers=drafted.chair.headers)
    assert refused.status_code == 403


def test_a_list_costs_the_same_however_long_it_is(
    client: TestClient, world: World, statements: StatementCounter
) -> None:
    drafted = draft(client, world)
    path, headers = "/api/v1/recommendations", drafted.chair.headers
    with statements:
        assert client.get(path, headers=headers).status_code == 200
    few = statements.count
    for number in range(8):
        sent = {"body_id": str(drafted.body.id), "title": f"Nr. {number}", "need_ids": [], "addressee_ids": []}
        assert client.post(path, json=sent, headers=headers).status_code == 201
    with statements:
        listed = client.get(path, headers=headers)
    assert len(listed.json()["items"]) == 9
    assert statements.count == few
