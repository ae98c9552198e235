"""Pages of the implementation: what the public sees, what those concerned can do."""

from __future__ import annotations

import html
import re
from typing import Any
from uuid import UUID

import pytest
from sqlmodel import select
from starlette.testclient import TestClient

from app.actions.measures import plan_measure
from app.domain.organisations import Level
from app.domain.recommendations import RecommendationState
from app.forms.measures import MeasureForm
from app.models.base import new_id
from app.models.programmes import TargetGroup, Topic
from app.models.recommendations import Recommendation, RecommendationTargetGroup
from tests.browsing import StatementCounter, send, sign_in, sign_out
from tests.conftest import MovedClock
from tests.factories import Known, World
from tests.implementing import collective, publish, response_of


class Scene:
    """A published recommendation whose addressee is also responsible for a measure."""

    def __init__(self, client: TestClient, world: World) -> None:
        self.client = client
        self.world = world
        self.body = world.body()
        self.addressee = world.person(
            organisation_id=world.organisation("Bundesamt für Migration", level=Level.FEDERAL)
        )
        self.stranger = world.person()
        self.secretariat = world.secretariat()
        self.recommendation = publish(world, self.body, [self.addressee.organisation_id])
        self.page = "/empfehlungen/IP-2026-X-01/umsetzung"

    def plan(self, title: str = "Anschlusskurse", **more: Any) -> UUID:
        """A measure of the addressee."""
        with self.world.database.write() as session:
            form = MeasureForm(
                recommendation_id=more.pop("recommendation_id", self.recommendation),
                title=title,
                responsible_organisation_id=self.addressee.organisation_id,
                **more,
            )
            return plan_measure(session, form, actor=self.world.actor(self.addressee, session))[0].id

    def read(self, path: str, known: Known | None = None) -> str:
        """The page as this person, or nobody, reads it."""
        if known:
            sign_in(self.client, known)
        else:
            sign_out(self.client)
        answer = self.client.get(path)
        assert answer.status_code == 200, answer.text
        return answer.text


@pytest.fixture
def scene(client: TestClient, world: World) -> Scene:
    return Scene(client, world)


def test_silence_is_shown_and_an_answer_given(scene: Scene) -> None:
    assert "um Antwort gebeten bis zum 27. April 2026, bisher keine Antwort" in scene.read(scene.page)
    assert "<form" not in scene.read(scene.page).split("<main")[1]
    assert "Antworten …" in scene.read(scene.page, scene.addressee)
    assert "Antwort eintragen …" in scene.read(scene.page, scene.secretariat)
    response = response_of(scene.world, scene.recommendation, scene.addressee.organisation_id)
    path = f"/empfehlungen/IP-2026-X-01/antworten/{response}"
    refused = send(scene.client, scene.addressee, path, {"answer": "declined"})
    assert refused.status_code == 422
    assert "Bitte begründen Sie diese Antwort." in refused.text
    assert 'value="declined" checked' in refused.text
    refused = send(scene.client, scene.secretariat, path, {"answer": "committed", "reason": "Wir machen mit."})
    assert refused.status_code == 422
    assert "Wir machen mit." in refused.text
    assert "bisher keine Antwort" in scene.read(scene.page)
    assert send(scene.client, scene.stranger, path, {"answer": "committed"}).status_code == 403
    given = send(scene.client, scene.addressee, path, {"answer": "committed", "reason": "<script>alert(1)</script>"})
    assert (given.status_code, given.headers["location"]) == (303, scene.page)
    shown = scene.read(scene.page)
    assert "Zugesagt" in shown
    assert "<script>alert" not in shown


def test_a_member_of_a_collective_adds_its_own(scene: Scene) -> None:
    circle = collective(scene.world, "Kommunen", scene.stranger.organisation_id)
    publish(scene.world, scene.body, [circle])
    page = "/empfehlungen/IP-2026-X-02/umsetzung"
    assert "Eigene Antwort für" in scene.read(page, scene.stranger)
    assert "Eigene Antwort für" not in scene.read(page, scene.addressee)
    fields = {"organisation_id": str(scene.stranger.organisation_id), "id": str(new_id()), "answer": "committed"}
    path = "/empfehlungen/IP-2026-X-02/antworten"
    for _ in range(2):
        assert send(scene.client, scene.stranger, path, fields).status_code == 303
    shown = scene.read(page)
    assert shown.count("Zugesagt") == 1
    assert "Rückmeldung ausstehend" in shown


def test_a_measure_is_planned_reported_and_verified(scene: Scene, clock: MovedClock) -> None:
    assert "Maßnahme eintragen" in scene.read(scene.page, scene.addressee)
    new = "/empfehlungen/IP-2026-X-01/massnahmen/neu"
    form = scene.read(new, scene.addressee)
    assert "a) Der Bund sollte Teil a tun." in form
    refused = send(scene.client, scene.addressee, new, {"title": "", "description": "Kurse ohne Pause"})
    assert refused.status_code == 422
    assert "Kurse ohne Pause" in refused.text
    fields = {
        "id": str(new_id()),
        "title": "Anschlusskurse",
        "number": "a",
        "responsible_organisation_id": str(scene.addressee.organisation_id),
        "due_on": "2026-12-31",
    }
    planned = send(scene.client, scene.addressee, new, fields)
    assert planned.status_code == 303, planned.text
    page = planned.headers["location"]
    assert send(scene.client, scene.addressee, new, fields).headers["location"] == page
    assert "Umsetzung beginnen" in scene.read(page, scene.addressee)
    assert "Umsetzung beginnen" not in scene.read(page, scene.stranger)
    assert send(scene.client, scene.addressee, f"{page}/transitions", {"transition": "start"}).status_code == 303
    blocked = scene.read(page, scene.addressee)
    assert "Es gibt noch keinen eingereichten Sachstandsbericht." in blocked

    report = {"id": str(new_id()), "text": "Alle Kurse laufen.", "status_on": "2026-03-02"}
    write = f"{page}/berichte/neu"
    scene.read(write, scene.addressee)
    refused = send(scene.client, scene.addressee, write, {**report, "done": "true"})
    assert refused.status_code == 409
    assert "Alle Kurse laufen." in refused.text
    assert "Noch ist kein Bericht eingereicht" in scene.read(page)
    half = {"evidence_0_source": "Jahresbericht", "evidence_0_url": "ftp://x"}
    refused = send(scene.client, scene.addressee, write, {**report, **half})
    assert refused.status_code == 422
    assert 'href="#feld-evidence.0.kind"' in refused.text
    draft = send(scene.client, scene.addressee, write, {**report, "draft": "true"})
    assert draft.status_code == 303
    assert "Alle Kurse laufen." not in scene.read(page)
    assert "Entwurf, nicht eingereicht" in scene.read(page, scene.addressee)
    edit = f"{page}/berichte/{report['id']}"
    assert "Alle Kurse laufen." in scene.read(edit, scene.addressee)
    sign_in(scene.client, scene.secretariat)
    assert scene.client.get(edit).status_code == 404
    emptied = send(scene.client, scene.addressee, edit, {"text": "", "status_on": "2026-03-02"})
    assert emptied.status_code == 422
    done = {
        "text": "Alle Kurse laufen.",
        "status_on": "2026-03-01",
        "done": "true",
        "evidence_0_kind": "statistic",
        "evidence_0_source": "Kursstatistik",
    }
    finished = send(scene.client, scene.addressee, edit, done)
    assert finished.status_code == 303, finished.text
    shown = scene.read(page)
    assert "Als umgesetzt gemeldet" in shown
    assert "Kursstatistik" in shown
    assert "Worauf die Geschäftsstelle" not in shown
    refused = send(scene.client, scene.secretariat, f"{page}/transitions", {"transition": "send_back"})
    assert refused.status_code == 422
    assert send(scene.client, scene.secretariat, f"{page}/transitions", {"transition": "verify"}).status_code == 303
    assert "Umsetzung bestätigt" in scene.read(page)
    overall = scene.read(scene.page)
    assert "Alle Maßnahmen sind bestätigt umgesetzt." in overall


def test_who_reported_has_no_button_to_verify_and_is_refused(scene: Scene) -> None:
    """Reported and verified are two facts by two persons, even where both sit in the Geschäftsstelle."""
    page = f"/massnahmen/{scene.plan()}"
    moves = f"{page}/transitions"
    report = {
        "id": str(new_id()),
        "text": "Alle Kurse laufen.",
        "status_on": "2026-03-02",
        "done": "true",
        "evidence_0_kind": "statistic",
        "evidence_0_source": "Kursstatistik",
    }
    assert send(scene.client, scene.secretariat, moves, {"transition": "start"}).status_code == 303
    assert send(scene.client, scene.secretariat, f"{page}/berichte/neu", report).status_code == 303
    shown = scene.read(page, scene.secretariat)
    assert "Als umgesetzt gemeldet" in shown
    assert "Sie haben selbst berichtet; bestätigen muss eine andere Person." in shown
    refused = send(scene.client, scene.secretariat, moves, {"transition": "verify"})
    assert refused.status_code == 409
    assert "Umsetzung bestätigt" not in scene.read(page)
    other = scene.world.secretariat()
    assert send(scene.client, other, moves, {"transition": "verify"}).status_code == 303
    assert "Umsetzung bestätigt" in scene.read(page)


def test_nobody_reports_on_someone_else_s_measure(scene: Scene) -> None:
    page = f"/massnahmen/{scene.plan()}"
    write = f"{page}/berichte/neu"
    report = {"id": str(new_id()), "text": "Läuft von selbst.", "status_on": "2026-03-02"}
    assert "Sachstandsbericht schreiben" not in scene.read(page, scene.stranger)
    assert scene.client.get(write).status_code == 403
    for more in ({}, {"draft": "true"}, {"done": "true"}):
        assert send(scene.client, scene.stranger, write, {**report, **more}).status_code == 403
    assert "Läuft von selbst." not in scene.read(page, scene.secretariat)
    sign_out(scene.client)
    assert scene.client.post(write, data=report).status_code == 403
    assert "Läuft von selbst." not in scene.read(page, scene.addressee)


def test_reasons_and_discussion_stay_inside(scene: Scene) -> None:
    page = f"/massnahmen/{scene.plan()}"
    send(scene.client, scene.addressee, f"{page}/transitions", {"transition": "start"})
    reason = {"transition": "suspend", "reason": "Die Haushaltssperre hält uns auf."}
    assert send(scene.client, scene.addressee, f"{page}/transitions", reason).status_code == 303
    measure = page.rsplit("/", 1)[1]
    said = {"text": "Wie lange noch?", "id": str(new_id()), "back": page}
    posted = send(scene.client, scene.secretariat, f"/kommentare/measure/{measure}", said)
    assert posted.status_code == 303, posted.text
    for known in (scene.addressee, scene.secretariat):
        shown = scene.read(page, known)
        assert "Haushaltssperre" in shown
        assert "Wie lange noch?" in shown
    for outsider in (None, scene.stranger):
        shown = scene.read(page, outsider)
        assert "Ausgesetzt" in shown
        assert "Haushaltssperre" not in shown
        assert "Wie lange noch?" not in shown


def test_what_a_measure_says_is_changed(scene: Scene) -> None:
    page = f"/massnahmen/{scene.plan(due_on='2026-06-30')}"
    edit = f"{page}/bearbeiten"
    assert "2026-06-30" in scene.read(edit, scene.addressee)
    sign_in(scene.client, scene.stranger)
    assert scene.client.get(edit).status_code == 403
    helper = str(scene.stranger.organisation_id)
    sent = {"description": "Neu", "due_on": "", "contributing_organisation_ids": helper}
    assert send(scene.client, scene.addressee, edit, sent).status_code == 303
    shown = scene.read(page)
    assert "ohne Datum" in shown
    assert "Mitwirkend" in shown
    refused = send(scene.client, scene.addressee, edit, {**sent, "due_on": "gestern"})
    assert refused.status_code == 422


def test_the_overview_counts_and_leads_to_its_lists(scene: Scene, clock: MovedClock) -> None:
    scene.plan(due_on="2026-04-01")
    publish(scene.world, scene.body, [scene.stranger.organisation_id], title="Zweite Empfehlung")
    publish(
        scene.world, scene.body, [scene.stranger.organisation_id], title="Geheim", state=RecommendationState.ADOPTED
    )
    clock.advance(days=60)
    page = scene.read("/umsetzung")
    assert "Geheim" not in page
    assert "2 Empfehlungen" in page
    for href in sorted(set(re.findall(r'href="(/(?:umsetzung|massnahmen)\?[^"#]+)', page))):
        linked = scene.read(href.replace("&amp;", "&"))
        assert "result-count" in linked, href
    assert "Zweite Empfehlung" not in scene.read("/umsetzung?overdue=true")
    assert "Zweite Empfehlung" in scene.read("/umsetzung?overdue=false")
    assert "Kurse ohne Wartezeit" in scene.read("/umsetzung?level=federal&status=not_started")
    assert "Kurse ohne Wartezeit" not in scene.read("/umsetzung?status=no_response&year=2026&addressee=")
    assert "Zweite" in scene.read(f"/umsetzung?addressee={scene.stranger.organisation_id}&answer=pending&year=2026")
    assert scene.client.get("/umsetzung?field_of_action=gibt-es-nicht").status_code == 404
    assert scene.client.get("/umsetzung?farbe=rot").status_code == 422


def test_filters_are_combined_kept_and_counted(scene: Scene, clock: MovedClock) -> None:
    group, topic = _tag(scene, scene.recommendation)
    other = publish(scene.world, scene.body, [scene.stranger.organisation_id], title="Zweite Empfehlung")
    scene.plan()
    page = scene.read("/umsetzung")
    assert f'value="{topic}"' in page
    assert f'value="{group}"' in page
    both = f"/umsetzung?topic={topic}&target_group={group}&level=federal&year=2026"
    narrowed = scene.read(both)
    assert "Kurse ohne Wartezeit" in narrowed
    assert "Zweite Empfehlung" not in narrowed
    assert "1 Empfehlung<" in narrowed.replace("</p>", "<")
    (status_url,) = re.findall(r'href="([^"]+topic=[^"]+status=not_started#liste)"', narrowed)
    again = html.unescape(status_url).split("#")[0]
    assert f"topic={topic}&target_group={group}" in again
    assert "Kurse ohne Wartezeit" in scene.read(again)
    empty = scene.read(f"/umsetzung?topic={topic}&status=done")
    assert "Nehmen Sie einen Filter weg" in empty
    assert scene.client.get("/umsetzung?topic=gibt-es-nicht").status_code == 404
    rows = scene.client.get(both.replace("?", ".csv?")).content.decode("utf-8-sig").strip().split("\r\n")
    assert [row.split(";")[1] for row in rows] == ["Titel", "Kurse ohne Wartezeit verbinden"]
    assert len(scene.client.get("/umsetzung.csv").content.decode().strip().split("\r\n")) == 3
    for asked, found in (
        ("level=federal", [scene.recommendation]),
        ("answer=pending", [other, scene.recommendation]),
        (f"answer=pending&addressee_id={scene.stranger.organisation_id}", [other]),
        ("level=federal&answer=committed", []),
        ("overdue=false", [other, scene.recommendation]),
        ("overdue=true", []),
    ):
        listed = scene.client.get(f"/api/v1/recommendations?{asked}").json()["items"]
        assert [each["id"] for each in listed] == [str(key) for key in found], asked


def _tag(scene: Scene, recommendation_id: UUID) -> tuple[str, str]:
    """A target group and a topic of the recommendation, by slug."""
    with scene.world.database.write() as session:
        group = session.exec(select(TargetGroup)).first()
        assert group is not None
        topic = Topic(
            id=new_id(),
            created_at=scene.world.database.clock(),
            field_of_action_id=scene.body.field_of_action_id,
            title="Übergänge",
            slug="uebergaenge",
        )
        session.add(topic)
        session.flush()
        session.get_one(Recommendation, recommendation_id).topic_id = topic.id
        session.add(RecommendationTargetGroup(recommendation_id=recommendation_id, target_group_id=group.id))
        return group.slug, topic.slug


def test_the_table_is_a_page_and_a_file(scene: Scene) -> None:
    scene.plan("=1+1", number="a", due_on="2026-12-31")
    assert 'scope="row"' in scene.read(scene.page)
    for path in ("/empfehlungen/IP-2026-X-01/umsetzung.csv", "/massnahmen.csv?state=planned&overdue=false&q="):
        answer = scene.client.get(path)
        assert answer.headers["content-type"] == "text/csv; charset=utf-8"
        head, row, end = answer.content.decode("utf-8-sig").split("\r\n")
        assert head.split(";")[3:8] == ["Maßnahme", "Verantwortliche", "Mitwirkende", "Zeitplan (bis)", "Stand"]
        assert row.split(";")[2:8] == ["a", "'=1+1", "Bundesamt für Migration", "", "2026-12-31", "Geplant"]
        assert end == ""


def test_each_part_is_tracked_by_itself_and_can_fall_again(scene: Scene) -> None:
    done, _begun, _general = scene.plan(number="a"), scene.plan(number="b"), scene.plan()
    _verify(scene, done)
    assert _statuses_of_parts(scene) == {"a": "done", "b": "not_started"}
    page = scene.read(scene.page)
    assert "Der Bund sollte Teil a tun." in page
    assert page.split('id="teile"')[1].split("</section>")[0].count("Umgesetzt") == 1
    reopen = {"transition": "reopen", "reason": "Die Kurse sind wieder eingestellt."}
    assert send(scene.client, scene.secretariat, f"/massnahmen/{done}/transitions", reopen).status_code == 303
    assert _statuses_of_parts(scene) == {"a": "started", "b": "not_started"}


def _verify(scene: Scene, measure: UUID) -> None:
    """Started, reported with a source, verified by another person."""
    path = f"/massnahmen/{measure}"
    assert send(scene.client, scene.addressee, f"{path}/transitions", {"transition": "start"}).status_code == 303
    report = {
        "id": str(new_id()),
        "text": "Alle Kurse laufen.",
        "status_on": "2026-03-02",
        "done": "true",
        "evidence_0_kind": "statistic",
        "evidence_0_source": "Jahresbericht",
    }
    assert send(scene.client, scene.addressee, f"{path}/berichte/neu", report).status_code == 303
    assert send(scene.client, scene.secretariat, f"{path}/transitions", {"transition": "verify"}).status_code == 303


def _statuses_of_parts(scene: Scene) -> dict[str, str]:
    found = scene.client.get(f"/api/v1/recommendations/{scene.recommendation}/parts").json()["parts"]
    return {each["number"]: each["status"] for each in found}


def test_what_is_unpublished_has_no_page(scene: Scene) -> None:
    publish(scene.world, scene.body, [scene.addressee.organisation_id], state=RecommendationState.ADOPTED)
    for path in ("umsetzung", "umsetzung.csv", "massnahmen/neu"):
        sign_in(scene.client, scene.addressee)
        assert scene.client.get(f"/empfehlungen/IP-2026-X-02/{path}").status_code == 404
    assert scene.client.get(f"/massnahmen/{new_id()}").status_code == 404


def test_my_measures_are_those_of_my_organisation(scene: Scene) -> None:
    scene.plan("Anschlusskurse", due_on="2026-03-10")
    assert "noch 8 Tage" in scene.read("/meine-massnahmen", scene.addressee)
    assert "Anschlusskurse" not in scene.read("/meine-massnahmen", scene.stranger)


def test_the_number_of_statements_does_not_grow(scene: Scene, statements: StatementCounter) -> None:
    measure = scene.plan()
    pages = ("/umsetzung", "/massnahmen", scene.page, f"/massnahmen/{measure}", "/massnahmen.csv")
    member_pages = (*pages, "/meine-massnahmen", "/empfehlungen/IP-2026-X-01/massnahmen/neu")
    counts: dict[str, list[int]] = {}
    for many in (3, 30):
        for number in range(many):
            key = publish(scene.world, scene.body, [scene.addressee.organisation_id, scene.stranger.organisation_id])
            scene.plan(recommendation_id=key)
            scene.plan(f"Maßnahme {number}", contributing_organisation_ids=[scene.stranger.organisation_id])
        sign_out(scene.client)
        for path in pages:
            with statements:
                assert scene.client.get(path).status_code == 200
            counts.setdefault(f"public {path}", []).append(statements.count)
        sign_in(scene.client, scene.addressee)
        for path in member_pages:
            with statements:
                assert scene.client.get(path).status_code == 200
            counts.setdefault(f"member {path}", []).append(statements.count)
    assert {path: found for path, found in counts.items() if found[0] != found[1]} == {}
    assert {path: found for path, found in counts.items() if path.startswith("public") and found[0] > 6} == {}
    assert {path: found for path, found in counts.items() if found[0] > 12} == {}
