"""What everybody reads without an account: few statements, no cookie, nothing unpublished."""

from __future__ import annotations

import html
import re
from xml.etree import ElementTree

import pytest
from sqlmodel import select
from starlette.testclient import TestClient

from app.domain.actors import PUBLIC_ACTOR
from app.domain.recommendations import RecommendationState as S
from app.models.programmes import GuidingQuestion, Topic
from app.models.recommendations import Recommendation, RecommendationQuestion, RecommendationTheme
from app.queries import structure
from tests.browsing import StatementCounter, sign_in
from tests.conftest import MovedClock
from tests.factories import World
from tests.implementing import publish
from tests.moving import ADOPTION, ballots, decide, in_days, lead_to, make_move, open_comments, vote

ATOM = "{http://www.w3.org/2005/Atom}"
STATIC = ("kontakt", "impressum", "datenschutz", "barrierefreiheit", "leichte-sprache", "gebaerdensprache")


class Structure:
    """A topic and two questions with a recommendation published and one that is not."""

    def __init__(self, client: TestClient, world: World) -> None:
        headers = world.secretariat().headers
        field = client.get("/api/v1/fields-of-action?code=B").json()["items"][0]["id"]
        topic = {"title": "Übergänge", "field_of_action_id": field, "year": 2026}
        self.topic = client.post("/api/v1/topics", json=topic, headers=headers).json()
        question = {"title": "Wie gelingt der Anschluss?", "topic_id": self.topic["id"]}
        self.question = client.post("/api/v1/guiding-questions", json=question, headers=headers).json()
        self.theme = client.get("/api/v1/cross-cutting-themes").json()["items"][0]
        self.world, self.body = world, world.body()

    def add(self, title: str, state: S = S.PUBLISHED) -> None:
        """A recommendation that belongs to all of it."""
        key = publish(self.world, self.body, [self.world.organisation()], title=title, state=state)
        with self.world.database.write() as session:
            found = session.get_one(Recommendation, key)
            found.topic_id = session.exec(select(Topic.id).where(Topic.slug == self.topic["slug"])).one()
            question = session.exec(select(GuidingQuestion.id)).first()
            theme = structure.get_named(session, structure.CrossCuttingTheme, self.theme["slug"])
            session.add(RecommendationQuestion(recommendation_id=key, question_id=question))
            session.add(RecommendationTheme(recommendation_id=key, theme_id=theme.id))
            if state is not S.PUBLISHED:
                found.published_at = found.reference = found.number = None

    @property
    def pages(self) -> list[str]:
        """Every page a recommendation of it stands on."""
        return [
            "/",
            "/handlungsfelder/sprachliche-integration",
            self.theme["url"],
            self.topic["url"],
            self.question["url"],
            "/ausgaben/IP-2026",
        ]


def test_public_pages_ask_little_and_not_more_with_more(
    client: TestClient, world: World, statements: StatementCounter
) -> None:
    made = Structure(client, world)
    pages = [*made.pages, "/programm", "/handlungsfelder", "/zielgruppen/kinder"]
    counts: list[dict[str, int]] = []
    for many in (3, 27):
        for number in range(many):
            made.add(f"Empfehlung {many}-{number}")
        counts.append({})
        for page in pages:
            with statements:
                answer = client.get(page)
            assert answer.status_code == 200, page
            assert "set-cookie" not in answer.headers
            assert statements.count <= 6, (page, statements.texts)
            counts[-1][page] = statements.count
    assert counts[0] == counts[1]
    member = world.member(made.body)
    sign_in(client, member)
    for page in pages:
        with statements:
            assert client.get(page).status_code == 200
        assert statements.count <= 12, (page, statements.texts)


def test_what_is_published_is_shown_and_what_is_not_is_not(client: TestClient, world: World) -> None:
    made = Structure(client, world)
    made.add("Anschlüsse sichern")
    made.add("Noch geheim", state=S.STEERING_DECISION)
    for page in made.pages:
        text = client.get(page).text
        assert "Anschlüsse sichern" in text, page
        assert "Noch geheim" not in text, page
    sign_in(client, world.member(made.body))
    for page in made.pages[2:]:
        assert "Noch geheim" in client.get(page).text, page
    sign_in(client, world.person())
    for page in made.pages[2:]:
        assert "Noch geheim" not in client.get(page).text, page


def test_a_page_that_is_not_there_is_not_found(client: TestClient) -> None:
    for page in (
        "/handlungsfelder/x",
        "/querschnittsthemen/x",
        "/zielgruppen/x",
        "/themen/x",
        "/leitfragen/x",
        "/ausgaben/x",
        "/handlungsfelder/x.atom",
    ):
        assert client.get(page).status_code == 404, page


def test_pages_without_data_ask_nothing(client: TestClient, statements: StatementCounter) -> None:
    for page in (*STATIC, "feedback", "feedback/danke", "api/docs"):
        with statements:
            answer = client.get(f"/{page}")
        assert answer.status_code == 200, page
        assert statements.count == 0
        assert "set-cookie" not in answer.headers


def test_the_question_of_a_planned_body_is_hidden_with_it(client: TestClient, world: World) -> None:
    headers = world.secretariat().headers
    field = client.get("/api/v1/fields-of-action?code=B").json()["items"][0]["id"]
    sent = {"title": "AG Geplant", "kind": "working_group", "field_of_action_id": field, "guiding_questions": ["Was?"]}
    body = client.post("/api/v1/bodies", json=sent, headers=headers)
    assert body.status_code == 201, body.text
    with world.database.read() as session:
        question = session.exec(select(GuidingQuestion)).one()
        assert structure.questions_in_order(session, PUBLIC_ACTOR) == []
    assert client.get(f"/leitfragen/{question.slug}").status_code == 404
    assert client.get(f"/api/v1/guiding-questions/{question.id}").status_code == 404
    assert client.get(f"/api/v1/guiding-questions/{question.id}", headers=headers).status_code == 200
    assert "AG Geplant" not in client.get("/handlungsfelder/sprachliche-integration").text


@pytest.mark.slow
def test_an_open_round_is_announced_with_the_title_it_asks_about(
    client: TestClient, world: World, clock: MovedClock
) -> None:
    drafted = lead_to(client, world, clock, S.GROUP_REVIEW)
    assert "Jetzt offen" not in client.get("/").text
    open_comments(client, clock, drafted, "public")
    page = client.get("/").text
    assert "Jetzt offen" in page
    assert "Übergänge sichern" in page
    clock.advance(days=20)
    assert "Jetzt offen" not in client.get("/").text


def test_feeds_are_atom_and_answer_with_a_tag(client: TestClient, world: World, statements: StatementCounter) -> None:
    made = Structure(client, world)
    empty = ElementTree.fromstring(client.get("/empfehlungen.atom").content)
    assert empty.find(f"{ATOM}updated") is not None
    made.add("Kurse & <b>mehr</b>")
    made.add("Noch geheim", state=S.ADOPTED)
    for path, many in (
        ("/empfehlungen.atom", 1),
        ("/handlungsfelder/sprachliche-integration.atom", 1),
        ("/handlungsfelder/bildung.atom", 0),
    ):
        with statements:
            answer = client.get(path)
        assert answer.headers["content-type"].startswith("application/atom+xml")
        assert statements.count <= 6
        feed = ElementTree.fromstring(answer.content)
        assert len(feed.findall(f"{ATOM}entry")) == many
        for name in ("id", "title", "updated", "author", "link"):
            assert feed.find(f"{ATOM}{name}") is not None, name
        again = client.get(path, headers={"If-None-Match": answer.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")
    entry = ElementTree.fromstring(client.get("/empfehlungen.atom").content).find(f"{ATOM}entry")
    assert entry is not None
    assert entry.findtext(f"{ATOM}title") == "Kurse & <b>mehr</b>"
    assert "Der Bund sollte Teil a tun." in (entry.findtext(f"{ATOM}content") or "")
    for name in ("id", "updated", "published"):
        assert entry.findtext(f"{ATOM}{name}"), name


def test_a_sondervotum_of_an_earlier_ballot_stands_wherever_its_recommendation_is_listed(
    client: TestClient, world: World, clock: MovedClock
) -> None:
    drafted = lead_to(client, world, clock, S.GROUP_DECISION)
    vote(client, drafted, drafted.member, "object", reason="Zu spät.")
    key = client.get(f"{drafted.path}/versions/1", headers=drafted.member.headers).json()["blocks"][1]["id"]
    sent = {"text": "Wir warten **schon Jahre**.", "alternative": "Sofort handeln.", "block_id": key}
    path = f"/api/v1/ballots/{ballots(client, drafted)[0]['id']}/dissenting-opinions"
    filed = client.post(path, json=sent, headers=drafted.member.headers)
    assert filed.status_code == 201, filed.text
    make_move(client, drafted, drafted.chair, "return_to_draft", reason="Neu fassen.")
    make_move(client, drafted, drafted.chair, "start_review")
    make_move(client, drafted, drafted.chair, "call_decision")
    decide(client, clock, drafted)
    make_move(client, drafted, drafted.chair, "carry")
    make_move(client, drafted, drafted.secretariat, "endorse")
    make_move(client, drafted, drafted.secretariat, "adopt", decided_on=in_days(clock, 0), **ADOPTION)
    assert "schon Jahre" not in client.get("/empfehlungen.atom").text
    make_move(client, drafted, drafted.secretariat, "publish")
    published = client.get(drafted.path).json()
    edition = client.get(f"/api/v1/editions/{published['edition_id']}").json()["code"]
    for page in ("/", "/empfehlungen", "/handlungsfelder/sprachliche-integration", f"/ausgaben/{edition}"):
        assert "mit 1 Sondervotum" in client.get(page).text, page
    for feed in ("/empfehlungen.atom", "/handlungsfelder/sprachliche-integration.atom"):
        entry = ElementTree.fromstring(client.get(feed).content).find(f"{ATOM}entry")
        assert entry is not None
        told = entry.findtext(f"{ATOM}content") or ""
        for words in ("<strong>schon Jahre</strong>", "Sofort handeln.", "zu Fassung 1, Absatz 2. Aus einer früheren"):
            assert words in told, (words, told)


def test_the_description_of_the_api_loads_nothing(client: TestClient) -> None:
    text = client.get("/api/docs").text
    assert "/api/v1/editions/{key}/transitions" in text
    assert "recommendation_ids" in text
    assert "http://" not in text.replace("http://testserver", "")
    assert "<script>" not in text
    paths = client.get("/api/openapi.json").json()["paths"]
    assert all(path.startswith("/api/v1/") for path in paths)


def test_every_link_of_the_public_pages_leads_somewhere(client: TestClient, world: World) -> None:
    made = Structure(client, world)
    for number in range(12):
        made.add(f"Empfehlung {number}")
    seen: dict[str, int] = {}
    for page in [*made.pages, "/handlungsfelder", "/programm", "/feedback"]:
        for found in re.findall(r'href="(/[^"#]*)', client.get(page).text):
            address = html.unescape(found)
            if address not in seen and not address.startswith("/static/"):
                seen[address] = client.get(address).status_code
    assert {address for address, status in seen.items() if status != 200} == set()
    assert any(address.startswith("/empfehlungen?guiding_question_id=") for address in seen)
