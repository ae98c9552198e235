"""Who sees a recommendation by a round or a request reads the title of the pinned version, wherever it is named."""

from __future__ import annotations

from selectolax.lexbor import LexborHTMLParser as HTMLParser
from sqlmodel import select
from starlette.testclient import TestClient

from app.db import Database
from app.domain.events import SubjectType
from app.domain.organisations import Level, OrganisationKind
from app.domain.recommendations import RecommendationState
from app.models.people import Person
from app.queries import choices, subjects
from app.queries.actors import actor_of
from tests.browsing import sign_in
from tests.conftest import MovedClock
from tests.drafting import Drafted, save
from tests.factories import Known, World
from tests.moving import lead_to, make_move, open_comments

OLD, NEW = "Übergänge sichern", "Neuer geheimer Titel"


def _consulted(client: TestClient, world: World, clock: MovedClock) -> tuple[Drafted, Known, str]:
    """A round on version 1, a version 2 with another title, somebody who was asked, and a need both ends see."""
    ministry = world.organisation("Ministerium für Alles", OrganisationKind.MINISTRY, Level.FEDERAL)
    drafted = lead_to(client, world, clock, RecommendationState.GROUP_REVIEW)
    sent = {"body_id": str(drafted.body.id), "title": "Bedarf", "description": "Ja.", "visibility": "participants"}
    need_id = client.post("/api/v1/needs", json=sent, headers=drafted.member.headers).json()["id"]
    for name, known in (("submit", drafted.member), ("accept", drafted.chair)):
        client.post(f"/api/v1/needs/{need_id}/transitions", json={"transition": name}, headers=known.headers)
    linked = {"need_ids": [drafted.need_id, need_id]}
    assert client.patch(drafted.path, json=linked, headers=drafted.rapporteur.headers).status_code == 200
    open_comments(client, clock, drafted, "federal")
    save(client, drafted, 1, title=NEW)
    return drafted, world.person(organisation_id=ministry), need_id


def test_a_link_names_the_pinned_title(client: TestClient, world: World, clock: MovedClock) -> None:
    drafted, official, need_id = _consulted(client, world, clock)
    sign_in(client, official)
    shown = client.get(f"/bedarfe/{need_id}").text
    assert OLD in shown
    assert NEW not in shown
    sign_in(client, drafted.member)
    assert NEW in client.get(f"/bedarfe/{need_id}").text
    clock.advance(days=15)
    sign_in(client, official)
    over = client.get(f"/bedarfe/{need_id}").text
    assert OLD not in over
    assert NEW not in over


def test_a_discussion_and_a_form_name_the_pinned_title(
    client: TestClient, world: World, clock: MovedClock, database: Database
) -> None:
    drafted, official, _need_id = _consulted(client, world, clock)
    sign_in(client, official)
    heading = HTMLParser(client.get(f"/kommentare/recommendation/{drafted.id}").text).text()
    assert OLD in heading
    assert NEW not in heading
    with database.read() as session:
        person = session.exec(select(Person).where(Person.id == official.person_id)).one()
        actor = actor_of(session, person)
        offered = choices.recommendations_to_choose(session, drafted.body.id, actor)
        assert [text for _key, text in offered] == [f"Arbeitsentwurf: {OLD}"]
        found = client.get(drafted.path, headers=official.headers).json()
        assert subjects.get_subject(session, SubjectType.RECOMMENDATION, offered[0][0], actor).title == found["title"]


def test_filters_and_search_find_nothing_in_a_version_that_is_hidden(
    client: TestClient, world: World, clock: MovedClock
) -> None:
    drafted, official, _need_id = _consulted(client, world, clock)
    addressee = world.organisation()
    save(client, drafted, 2, addressee_ids=[str(addressee)])
    for query in (f"addressee_id={addressee}", "q=geheimer"):
        found = client.get(f"/api/v1/recommendations?{query}", headers=official.headers).json()["items"]
        assert found == [], query
        found = client.get(f"/api/v1/recommendations?{query}", headers=drafted.member.headers).json()["items"]
        assert [each["id"] for each in found] == [drafted.id]


def test_publication_opens_no_events_of_what_it_shows(client: TestClient, world: World, clock: MovedClock) -> None:
    drafted = lead_to(client, world, clock, RecommendationState.ADOPTED)
    make_move(client, drafted, drafted.secretariat, "publish")
    path = f"/api/v1/events?subject_id={drafted.need_id}"
    assert client.get(path, headers=drafted.member.headers).json()["items"]
    assert client.get(f"/api/v1/needs/{drafted.need_id}", headers=world.person().headers).status_code == 200
    assert client.get(path, headers=world.person().headers).json()["items"] == []


def test_events_of_a_confidential_proposal_are_for_who_reads_it(client: TestClient, world: World) -> None:
    body = world.body()
    author, other = world.member(body), world.member(body)
    sent = {"body_id": str(body.id), "title": "Still", "description": "Ja.", "visibility": "confidential"}
    key = client.post("/api/v1/proposals", json=sent, headers=author.headers).json()["id"]
    client.post(f"/api/v1/proposals/{key}/transitions", json={"transition": "submit"}, headers=author.headers)
    said = client.post(f"/api/v1/proposals/{key}/comments", json={"text": "Unter uns."}, headers=author.headers)
    assert said.status_code == 201, said.text
    for subject in (key, said.json()["id"]):
        path = f"/api/v1/events?subject_id={subject}"
        assert client.get(path, headers=author.headers).json()["items"]
        assert client.get(path, headers=other.headers).json()["items"] == []
