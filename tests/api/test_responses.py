"""Addressees answer at the door of the API."""

from sqlmodel import col, select
from starlette.testclient import TestClient

from app.domain.events import EventType
from app.domain.recommendations import RecommendationState
from app.models.record import Event
from tests.factories import World
from tests.implementing import collective, publish, response_of


def test_an_addressee_is_asked_and_answers(client: TestClient, world: World) -> None:
    body = world.body()
    addressee, other = world.person(), world.person()
    key = publish(world, body, [addressee.organisation_id])
    listed = client.get(f"/api/v1/recommendations/{key}/responses").json()["items"]
    assert [(each["state"], each["is_addressee"]) for each in listed] == [("pending", True)]
    # Published on 2 March; eight weeks to answer.
    assert listed[0]["due_on"] == "2026-04-27"
    path = f"/api/v1/responses/{listed[0]['id']}"

    assert client.post(f"{path}/answer", json={"answer": "committed"}).status_code == 401
    assert client.post(f"{path}/answer", json={"answer": "committed"}, headers=other.headers).status_code == 403
    for refused in (
        {"answer": "declined"},
        {"answer": "pending"},
        {"answer": "vielleicht"},
        {"answer": "committed", "x": 1},
    ):
        assert client.post(f"{path}/answer", json=refused, headers=addressee.headers).status_code == 422
    assert client.get(path).json()["answered_at"] is None

    answered = client.post(f"{path}/answer", json={"answer": "committed"}, headers=addressee.headers)
    assert answered.status_code == 200, answered.text
    assert answered.json()["state"] == "committed"
    changed = client.post(
        f"{path}/answer",
        json={"answer": "not_competent", "reason": "Das ist Sache der Länder."},
        headers=addressee.headers,
    )
    assert changed.json()["answer"] == "not_competent"
    assert client.get(path).json()["reason"] == "Das ist Sache der Länder."
    with world.database.read() as session:
        of_response = Event.subject_id == response_of(world, key, addressee.organisation_id)
        found = session.exec(select(Event).where(of_response).order_by(col(Event.sequence)))
        events = [(each.type, each.from_state, each.to_state) for each in found]
    assert events == [
        (EventType.RESPONSE_ASKED, None, None),
        (EventType.RESPONSE_ANSWERED, "pending", "committed"),
        (EventType.RESPONSE_ANSWERED, "committed", "not_competent"),
    ]


def test_the_secretariat_names_its_source(client: TestClient, world: World) -> None:
    body, secretariat = world.body(), world.secretariat()
    laender = collective(world, "Länder")
    key = publish(world, body, [laender])
    path = f"/api/v1/responses/{response_of(world, key, laender)}/answer"
    refused = client.post(path, json={"answer": "committed"}, headers=secretariat.headers)
    assert refused.status_code == 422
    assert refused.json()["errors"][0]["field"] == "source"
    told = {"answer": "committed", "source": "Beschluss der Integrationsministerkonferenz vom 1. März 2026"}
    assert client.post(path, json=told, headers=secretariat.headers).json()["source"] == told["source"]


def test_a_collective_is_answered_for_by_whom_it_named_and_its_members_add_their_own(
    client: TestClient, world: World
) -> None:
    body = world.body()
    association, town, stranger = world.person(), world.person(), world.person()
    kommunen = collective(world, "Kommunen", town.organisation_id, answered_by=association.organisation_id)
    key = publish(world, body, [kommunen])
    path = f"/api/v1/responses/{response_of(world, key, kommunen)}/answer"
    assert client.post(path, json={"answer": "committed"}, headers=town.headers).status_code == 403
    assert client.post(path, json={"answer": "committed"}, headers=association.headers).status_code == 200

    own = f"/api/v1/recommendations/{key}/responses"
    sent = {"organisation_id": str(town.organisation_id), "answer": "partly_committed"}
    assert client.post(own, json=sent, headers=stranger.headers).status_code == 403
    foreign = {**sent, "organisation_id": str(stranger.organisation_id)}
    assert client.post(own, json=foreign, headers=stranger.headers).status_code == 422
    added = client.post(own, json=sent, headers=town.headers)
    assert added.status_code == 201, added.text
    assert (added.json()["is_addressee"], added.json()["answer"]) == (False, "partly_committed")
    again = client.post(own, json=sent, headers=town.headers)
    assert (again.status_code, again.json()["response_id"]) == (409, added.json()["id"])
    changed = client.post(
        f"/api/v1/responses/{added.json()['id']}/answer",
        json={"answer": "committed", "reason": "Der Rat hat es beschlossen."},
        headers=town.headers,
    )
    assert changed.json()["answer"] == "committed"
    assert len(client.get(own).json()["items"]) == 2


def test_what_is_unpublished_has_no_responses_to_see(client: TestClient, world: World) -> None:
    body, addressee = world.body(), world.person()
    key = publish(world, body, [addressee.organisation_id], state=RecommendationState.ADOPTED)
    assert client.get(f"/api/v1/recommendations/{key}/responses").status_code == 404
    response = response_of(world, key, addressee.organisation_id)
    assert client.get(f"/api/v1/responses/{response}", headers=addressee.headers).status_code == 404
