"""Five years in the life of a published recommendation: answered, carried out, verified, asked whether it helped."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import select
from starlette.testclient import TestClient

from app.db import Database
from app.domain.deadlines import berlin_date
from app.domain.recommendations import RecommendationState
from app.mailer import SmtpServer
from app.models.people import Person
from app.models.record import Event
from app.worker import Worker
from tests.browsing import sign_in, sign_out
from tests.conftest import MovedClock
from tests.factories import Known, World
from tests.mail_server import Authority, Mailbox, running
from tests.moving import lead_to, make_move

pytestmark = pytest.mark.usefixtures("trusted")
DISTRICT, COUNCIL = "integration@landkreis.example", "post@frauenrat.example"


class Life:
    """One recommendation, who has to do with it, and the worker that lets time work and mail leave."""

    def __init__(self, client: TestClient, world: World, clock: MovedClock, worker: Worker, box: Mailbox) -> None:
        self.client, self.world, self.clock, self.worker, self.box = client, world, clock, worker, box
        self.drafted = lead_to(client, world, clock, RecommendationState.ADOPTED)
        self.secretariat, self.responsible = self.drafted.secretariat, world.person()
        self.path = self.drafted.path
        asked = ((self.drafted.addressee_id, DISTRICT), (self.drafted.member.organisation_id, COUNCIL))
        for key, address in asked:
            path = f"/api/v1/organisations/{key}"
            self.call("PATCH", path, self.secretariat, {"contact_address": address})

    def call(self, method: str, path: str, known: Known | None, sent: Any = None) -> Any:
        """What a program gets."""
        answer = self.client.request(method, path, json=sent, headers=known.headers if known else None)
        assert answer.status_code < 300, answer.text
        return answer.json()

    def try_move(self, path: str, known: Known, name: str) -> Any:
        """The answer to a move of the thing at this address."""
        return self.client.post(f"{path}/transitions", json={"transition": name}, headers=known.headers)

    def pass_days(self, days: int) -> None:
        """Time goes by, and the worker does what is due."""
        self.clock.advance(days=days)
        self.worker.run_once()

    def received(self, address: str) -> list[tuple[str, str]]:
        """What arrived at a mailbox: subject and the link in it."""
        found = []
        for message in self.box.received:
            part = message.get_body(("plain",))
            if address in str(message["To"]) and part is not None:
                link = re.search(r"http://testserver(/(?:rueckmeldung|nachfrage)/\S+)", str(part.get_content()))
                found.append((str(message["Subject"]).strip(), link[1] if link else ""))
        return found

    def received_by(self, known: Known) -> list[str]:
        """The subjects of what arrived at a person's own mailbox."""
        with self.world.database.read() as session:
            email = session.get_one(Person, known.person_id).email
        return [str(each["Subject"]).strip() for each in self.box.received if email and email in str(each["To"])]

    def answer(self, link: str, **fields: str) -> None:
        """Open the link and send the first form on its page."""
        sign_out(self.client)
        page = self.client.get(link)
        assert page.status_code == 200, page.text
        token = re.search(r'name="form_token" value="([^"]+)"', page.text)
        action = re.search(r'action="(/nachfrage/[^"]+)"', page.text)
        assert token is not None
        sent = self.client.post(action[1] if action else link, data={"form_token": token[1], **fields})
        assert sent.status_code == 303, sent.text

    def tasks_of(self, known: Known) -> str:
        """What waits for somebody."""
        sign_in(self.client, known)
        return self.client.get("/aufgaben").text


@pytest.fixture
def life(
    client: TestClient, world: World, clock: MovedClock, database: Database, box: Mailbox, authority: Authority
) -> Iterator[Life]:
    with running(box, authority) as url:
        yield Life(client, world, clock, Worker(database, SmtpServer(url)), box)


def test_five_years_in_the_life_of_a_recommendation(life: Life, database: Database) -> None:
    # Published: its need is answered; the addressee is asked at its mailbox, reminded three times, and answers late.
    began = life.clock.moment
    make_move(life.client, life.drafted, life.secretariat, "publish")
    need = life.call("GET", f"/api/v1/needs/{life.drafted.need_id}", None)
    assert need["state"] == "answered"
    life.pass_days(0)
    (asked,) = life.received(DISTRICT)
    assert "Bitte um Rückmeldung" in asked[0]
    for days in (50, 5, 2):
        life.pass_days(days)
    subjects = [subject for subject, _link in life.received(DISTRICT)]
    assert sum("Erinnerung" in subject for subject in subjects) == 3
    life.answer(asked[1], answer="partly_committed", reason="Wir beginnen mit zwei Gemeinden.")
    (response,) = life.call("GET", f"{life.path}/responses", None)["items"]
    assert response["answer"] == "partly_committed"

    # Carried out: a measure is planned and begun. A year on its report is asked for, reminded of, and missed by all.
    measure = _begin(life)
    for days in (366 - 57, 1):
        life.pass_days(days)
    late = "Die Frist für den Sachstandsbericht Ihrer Maßnahme ist abgelaufen, er fehlt noch"
    assert late in life.received_by(life.responsible)
    assert life.call("GET", measure, None)["overdue"] is False
    life.pass_days(30)
    assert life.call("GET", measure, None)["overdue"] is True

    # Reported done with evidence, and verified by somebody else than the person who reported.
    _report_done(life, measure)
    assert life.call("GET", measure, None)["overdue"] is False
    refused = life.try_move(measure, life.responsible, "verify")
    assert (refused.status_code, life.call("GET", measure, None)["state"]) == (403, "reported_done")
    life.pass_days(5)
    assert life.try_move(measure, life.secretariat, "verify").status_code == 200
    status = life.call("GET", life.path, None)["implementation_status"]
    assert (life.call("GET", measure, None)["state"], status) == ("verified_done", "done")

    # Whoever stood behind the need was asked a year on, is reminded, and says that it persists.
    (question,) = life.received(COUNCIL)
    assert "Besteht der Bedarf fort?" in question[0]
    life.pass_days(13)
    assert [subject for subject, _link in life.received(COUNCIL)][1].startswith("Erinnerung")
    life.answer(question[1], answer="persists", sentence="Abends fehlt die Betreuung.", publish="true")
    life.pass_days(15)
    (counted,) = life.call("GET", f"{life.path}/need-reviews", None)["rounds"]
    assert (counted["months"], counted["persists"], counted["calls_for_check"]) == (12, 1, True)
    assert "Überprüfen: Der Bedarf besteht fort" in life.tasks_of(life.secretariat)
    assert life.client.get(question[1]).status_code == 410

    # Checked and confirmed: it is off the list, and stands as confirmed.
    for step in ({"transition": "check"}, {"transition": "confirm", "year": 2027}):
        life.call("POST", f"{life.path}/transitions", life.secretariat, step)
    assert "Überprüfen: Der Bedarf besteht fort" not in life.tasks_of(life.secretariat)

    # The addressee changes its answer by the link of the first mail; three years on, the need is met.
    life.answer(asked[1], answer="committed", reason="Alle Gemeinden machen mit.")
    life.pass_days(2 * 366)
    assert [subject for subject, _link in life.received(COUNCIL)].count(question[0]) == 2
    life.answer(life.received(COUNCIL)[-1][1], answer="met")
    life.pass_days(57)
    newest, _first = life.call("GET", f"{life.path}/need-reviews", None)["rounds"]
    assert (newest["months"], newest["met"], newest["calls_for_check"]) == (36, 1, False)
    assert "Überprüfen: Der Bedarf besteht fort" not in life.tasks_of(life.secretariat)

    # Five years on nothing more is asked, and the whole story stands in the record.
    sent = len(life.box.received)
    life.pass_days(620)
    assert life.clock.moment - began > timedelta(days=5 * 365.25)
    assert len(life.box.received) == sent
    with database.read() as session:
        facts = [each.type.value for each in session.exec(select(Event).order_by(Event.created_at)).all()]
    story = (
        *("recommendation.published", "response.asked", "response.answered", "progress_report.submitted"),
        *("measure.reported_done", "measure.verified", "need_review.answered"),
    )
    places = [facts.index(fact) for fact in (*story, "recommendation.confirmed")]
    assert places == sorted(places)


def _begin(life: Life) -> str:
    """A measure of the organisation that answers for it, which has begun; its address in the API."""
    sent = {
        "recommendation_id": life.drafted.id,
        "title": "Kurse mit Betreuung",
        "responsible_organisation_id": str(life.responsible.organisation_id),
    }
    path = f"/api/v1/measures/{life.call('POST', '/api/v1/measures', life.secretariat, sent)['id']}"
    assert life.try_move(path, life.responsible, "start").status_code == 200
    return path


def _report_done(life: Life, measure: str) -> None:
    report = {
        "text": "Alle Kurse haben Betreuung.",
        "status_on": berlin_date(life.clock() - timedelta(days=1)).isoformat(),
        "evidence": [{"kind": "practice", "source": "Kursverzeichnis"}],
    }
    life.call("POST", f"{measure}/reports", life.responsible, report)
    assert life.try_move(measure, life.responsible, "report_done").status_code == 200
