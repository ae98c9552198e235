"""What is outstanding: how it is counted, narrowed and reminded of; each number has its list."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import unquote
from uuid import UUID

import pytest
from sqlmodel import select
from starlette.testclient import TestClient

from app.actions.measures import plan_measure
from app.actions.need_reviews import ask_about_needs
from app.db import Database
from app.domain.events import EventType
from app.domain.measures import MeasureState
from app.domain.notifications import Urgency
from app.domain.organisations import OrganisationKind
from app.domain.outstanding import OutstandingKind
from app.forms.measures import MeasureForm
from app.models.bodies import Body
from app.models.measures import Measure
from app.models.notifications import Notification
from app.models.organisations import Organisation
from app.models.outbox import OutgoingMail
from app.models.recommendations import RecommendationNeed
from app.models.record import Event
from app.queries.record import verify_record
from tests.browsing import StatementCounter, send, sign_in, sign_out
from tests.conftest import MovedClock
from tests.factories import Known, World
from tests.implementing import answered_need, publish, response_of
from tests.monitoring import DECISION

PAGE = "/ausstehend"
K = OutstandingKind


@dataclass(frozen=True)
class Office:
    """The Geschäftsstelle, a published recommendation with two parts, and who answers for its measures."""

    client: TestClient
    world: World
    body: Body
    secretariat: Known
    responsible: Known
    recommendation_id: UUID

    @property
    def database(self) -> Database:
        return self.world.database

    def plan(self, title: str, report_due_on: date | None, organisation_id: UUID | None = None, **more: Any) -> UUID:
        with self.database.write() as session:
            form = MeasureForm(
                recommendation_id=more.pop("recommendation_id", self.recommendation_id),
                title=title,
                responsible_organisation_id=organisation_id or self.responsible.organisation_id,
                **more,
            )
            measure, _is_new = plan_measure(session, form, actor=self.world.actor(self.secretariat, session))
            measure.report_due_on = report_due_on
            return measure.id

    def read(self, path: str = PAGE, known: Known | None = None) -> str:
        sign_in(self.client, known or self.secretariat)
        answer = self.client.get(path)
        assert answer.status_code == 200, answer.text
        return answer.text

    def figures(self, **narrowed: Any) -> dict[str, int]:
        """What is counted, without what is zero."""
        found = self.api(**narrowed)["figures"]
        return {kind: number for kind, number in found.items() if number}

    def api(self, **narrowed: Any) -> Any:
        answer = self.client.get("/api/v1/outstanding", params=narrowed, headers=self.secretariat.headers)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def titles(self, kind: OutstandingKind, **narrowed: Any) -> list[str]:
        return [each["title"] for each in self.api(kind=kind.value, **narrowed)["items"]]

    def remind(self, *chosen: str, known: Known | None = None, query: str = "", **more: Any) -> Any:
        fields = {"chosen": list(chosen), **more}
        return send(self.client, known or self.secretariat, f"{PAGE}/erinnern{query}", fields)

    def told(self, event_type: EventType) -> list[UUID]:
        """Who was told of a reminder, as of a deadline."""
        with self.database.read() as session:
            found = session.exec(select(Notification).where(Notification.about == event_type)).all()
        assert {each.urgency for each in found} <= {Urgency.DEADLINE}
        return [each.person_id for each in found]

    def mails(self) -> list[tuple[str, str]]:
        with self.database.read() as session:
            return [(mail.template, mail.address) for mail in session.exec(select(OutgoingMail))]

    def mailbox(self, name: str, address: str | None) -> UUID:
        """An organisation nobody could sign in for."""
        key = self.world.organisation(name)
        with self.database.write() as session:
            session.get_one(Organisation, key).contact_address = address
        return key


@pytest.fixture
def office(client: TestClient, world: World) -> Office:
    body = world.body()
    return Office(client, world, body, world.secretariat(), world.person(), publish(world, body, []))


def notice_of(answer: Any) -> str:
    """What the next page says once."""
    return unquote(answer.cookies["dialogforum_notice"])


def test_reports_are_due_then_overdue_by_the_clock(office: Office, clock: MovedClock) -> None:
    office.plan("Kurse", date(2026, 3, 30))
    office.plan("Später", date(2026, 3, 31))
    assert office.titles(K.REPORT_DUE) == ["Kurse"], "due within four weeks, to the day"
    assert office.titles(K.REPORT_OVERDUE) == []
    clock.advance(days=28)
    assert office.titles(K.REPORT_DUE) == ["Kurse", "Später"], "on its last day it is due"
    clock.advance(days=1)
    assert office.titles(K.REPORT_OVERDUE) == ["Kurse"]
    page = office.read(f"{PAGE}?kind=report_overdue")
    assert "seit 1 Tag überfällig" in page
    assert "Später" not in page.split("<main")[1]


def test_what_is_reported_done_waits_to_be_verified(office: Office, clock: MovedClock) -> None:
    key = office.plan("Kurse", date(2026, 3, 10))
    path = f"/api/v1/measures/{key}"
    report = {"text": "Läuft.", "status_on": "2026-03-02", "evidence": [{"kind": "statistic", "source": "Statistik"}]}
    for to, sent in (
        ("transitions", {"transition": "start"}),
        ("reports", report),
        ("transitions", {"transition": "report_done"}),
    ):
        answer = office.client.post(f"{path}/{to}", json=sent, headers=office.responsible.headers)
        assert answer.status_code in (200, 201), answer.text
    (waiting,) = office.api(kind="verification")["items"]
    assert (waiting["title"], waiting["due_on"]) == ("Kurse", "2026-04-01")
    assert office.titles(K.REPORT_DUE) == []
    with office.database.read() as session:
        assert session.get_one(Measure, key).state is MeasureState.REPORTED_DONE


def test_answers_wait_before_and_after_their_day(office: Office, clock: MovedClock) -> None:
    silent = office.world.person()
    publish(office.world, office.body, [silent.organisation_id], title="Zweite Empfehlung")
    assert office.titles(K.RESPONSE_DUE) == ["Zweite Empfehlung"]
    clock.advance(days=57)
    assert office.titles(K.RESPONSE_DUE) == []
    assert office.titles(K.RESPONSE_OVERDUE) == ["Zweite Empfehlung"]
    assert office.titles(K.RESPONSE_OVERDUE, organisation_id=str(silent.organisation_id)) == ["Zweite Empfehlung"]
    assert office.titles(K.RESPONSE_OVERDUE, organisation_id=str(office.responsible.organisation_id)) == []


def test_a_part_without_measure_has_nobody_responsible(office: Office) -> None:
    def parts() -> list[str]:
        return [each["part"] for each in office.api(kind="without_responsibility")["items"]]

    assert parts() == ["a", "b"]
    carried = office.plan("Kurse", None, number="a")
    office.plan("Für das Ganze", None)
    assert parts() == ["b"]
    dropped = {"transition": "drop", "reason": "Entfällt."}
    office.client.post(f"/api/v1/measures/{carried}/transitions", json=dropped, headers=office.secretariat.headers)
    assert parts() == ["a", "b"]
    whole = publish(office.world, office.body, [], title="Ohne Teile", numbers=())
    assert office.titles(K.WITHOUT_RESPONSIBILITY).count("Ohne Teile") == 1
    office.plan("Kurse", None, recommendation_id=whole)
    assert "Ohne Teile" not in office.titles(K.WITHOUT_RESPONSIBILITY)
    with office.database.write() as session:
        session.get_one(Organisation, office.responsible.organisation_id).is_active = False
    assert "Für das Ganze" in office.titles(K.WITHOUT_RESPONSIBILITY), "nobody is left to answer for it"


def test_goals_and_recommendations_without_indicator_and_late_readings(office: Office, clock: MovedClock) -> None:
    headers = office.secretariat.headers
    sent = {"body_id": str(office.body.id), "kind": "strategic", "title": "Wege sind verbunden"}
    goal = office.client.post("/api/v1/goals", json=sent, headers=headers).json()
    assert office.titles(K.WITHOUT_INDICATOR) == ["Kurse ohne Wartezeit verbinden"], "a proposal binds nobody"
    moved = {"transition": "agree", **DECISION}
    agreed = office.client.post(f"/api/v1/goals/{goal['id']}/transitions", json=moved, headers=headers)
    assert agreed.status_code == 200, agreed.text
    assert sorted(office.titles(K.WITHOUT_INDICATOR)) == ["Kurse ohne Wartezeit verbinden", "Wege sind verbunden"]
    indicator = {
        "title": "Anteil verbundener Kurse",
        "kind": "output",
        "unit": "%",
        "goal_id": goal["id"],
        "rhythm": "yearly",
    }
    made = office.client.post("/api/v1/indicators", json=indicator, headers=headers)
    assert made.status_code == 201, made.text
    assert office.titles(K.WITHOUT_INDICATOR) == ["Kurse ohne Wartezeit verbinden"]
    assert office.titles(K.READING_OVERDUE) == []
    clock.advance(days=800)
    assert office.titles(K.READING_OVERDUE) == ["Anteil verbundener Kurse"]
    reading = {"period": "2028-04", "value": 12}
    added = office.client.post(f"/api/v1/indicators/{made.json()['id']}/readings", json=reading, headers=headers)
    assert added.status_code == 201, added.text
    assert office.titles(K.READING_OVERDUE) == []


def test_unanswered_reviews_wait_and_half_who_persist_call_for_a_check(office: Office, clock: MovedClock) -> None:
    author = office.world.person()
    answered_need(office.world, office.body, author.organisation_id, "Kurse mit Kinderbetreuung")
    need = answered_need(office.world, office.body, author.organisation_id, "Abendkurse")
    with office.database.write() as session:
        session.add(RecommendationNeed(recommendation_id=office.recommendation_id, need_id=need))
    clock.advance(days=366)
    with office.database.write() as session:
        ask_about_needs(session)
    (asked,) = office.api(kind="need_review")["items"]
    assert asked["title"] == "Abendkurse"
    path = f"/api/v1/need-reviews/{asked['subject_id']}/answer"
    assert office.client.post(path, json={"answer": "persists"}, headers=author.headers).status_code == 200
    assert office.titles(K.NEED_REVIEW) == []
    assert office.titles(K.CHECK) == []
    clock.advance(days=57)
    assert office.titles(K.CHECK) == ["Kurse ohne Wartezeit verbinden"]
    checked = office.client.post(
        f"/api/v1/recommendations/{office.recommendation_id}/transitions",
        json={"transition": "check"},
        headers=office.secretariat.headers,
    )
    assert checked.status_code == 200, checked.text
    assert office.titles(K.CHECK) == []


def test_every_number_leads_to_its_list_and_filters_combine(office: Office, clock: MovedClock) -> None:
    office.plan("Kurse", date(2026, 3, 10))
    office.plan("Betreuung", date(2026, 2, 10))
    publish(office.world, office.body, [office.world.organisation("Landkreis")], title="Zweite Empfehlung")
    page = office.read()
    numbers = re.findall(r'href="(/ausstehend\?kind=(\w+))#liste".*?figures__number">([\d.]+)', page, re.DOTALL)
    assert [kind for _url, kind, _number in numbers] == [kind.value for kind in K]
    for url, kind, number in numbers:
        listed = office.read(url)
        assert re.search(rf"result-count[^>]*>{number} ", listed), kind
    field = office.body.field_of_action_id
    narrowed = office.read(f"{PAGE}?field_of_action_id={field}&organisation_id={office.responsible.organisation_id}")
    assert "2 Einträge" in narrowed
    assert "Zweite Empfehlung" not in narrowed.split("<main")[1]
    empty = office.read(f"{PAGE}?kind=check&field_of_action_id={field}")
    assert "Nehmen Sie einen Filter weg" in empty
    sign_in(office.client, office.secretariat)
    assert office.client.get(f"{PAGE}?farbe=rot").status_code == 422


def test_several_are_reminded_at_once_and_never_twice_a_day(office: Office, clock: MovedClock) -> None:
    linked = office.mailbox("Landkreis Beispiel", "post@landkreis.example")
    lost = office.mailbox("Verein ohne Adresse", None)
    reports = [
        office.plan("Kurse", date(2026, 3, 10)),
        office.plan("Betreuung", date(2026, 2, 10), linked),
        office.plan("Fahrtkosten", date(2026, 2, 11), linked),
        office.plan("Räume", date(2026, 2, 12), lost),
    ]
    addressed = publish(office.world, office.body, [linked], title="Zweite Empfehlung")
    response = response_of(office.world, addressed, linked)
    before = office.mails()
    chosen = [*(f"measure:{key}" for key in reports), f"response:{response}"]
    done = office.remind(*chosen, query="?kind=report_overdue")
    assert (done.status_code, done.headers["location"]) == (303, f"{PAGE}?kind=report_overdue")
    said = notice_of(done)
    assert "4 Erinnerungen sind unterwegs." in said
    assert "Nicht erreichbar, ohne Konto und Postfach: Verein ohne Adresse." in said
    assert office.told(EventType.MEASURE_REPORT_REMINDED) == [office.responsible.person_id]
    new = office.mails()[len(before) :]
    assert sorted(new) == [
        ("report_asked", "post@landkreis.example"),
        ("response_reminder", "post@landkreis.example"),
    ], "two reports of one organisation are one mail"
    with office.database.read() as session:
        events = session.exec(select(Event).where(Event.type == EventType.MEASURE_REPORT_REMINDED)).all()
        assert {each.subject_id for each in events} == set(reports[:3])
        assert {each.person_id for each in events} == {office.secretariat.person_id}
        assert {each.subject_type for each in verify_record(session)} <= {"version"}
    again = office.remind(*chosen)
    assert "Es wurde niemand erinnert. Heute schon erinnert: 4." in notice_of(again)
    assert office.mails() == [*before, *new]
    assert "2. März 2026" in office.read(f"{PAGE}?kind=report_overdue").split("Zuletzt erinnert")[1]
    clock.advance(days=1)
    assert "4 Erinnerungen sind unterwegs." in notice_of(office.remind(*chosen))
    assert len(office.told(EventType.MEASURE_REPORT_REMINDED)) == 2


def test_all_that_is_shown_is_reminded_with_one_button(office: Office) -> None:
    keys = [office.plan(f"Maßnahme {number}", date(2026, 3, 10)) for number in range(3)]
    page = office.read(f"{PAGE}?kind=report_due")
    shown = re.findall(r'name="shown" value="([^"]+)"', page)
    assert sorted(shown) == sorted(f"measure:{key}" for key in keys)
    assert "3 Erinnerungen sind unterwegs." in notice_of(office.remind(shown=shown, all="true"))
    assert len(office.told(EventType.MEASURE_REPORT_REMINDED)) == 3


def test_what_is_settled_is_left_alone_and_nothing_chosen_says_so(office: Office) -> None:
    key = office.plan("Kurse", date(2026, 3, 10))
    refused = office.remind()
    assert (refused.status_code, "Bitte wählen Sie mindestens einen Eintrag." in refused.text) == (422, True)
    for wrong in ("measure:x", "farbe:rot", "x"):
        assert office.remind(wrong).status_code == 422
    unknown = office.remind(f"measure:{key}", f"response:{key}")
    assert unknown.status_code == 404
    assert office.told(EventType.MEASURE_REPORT_REMINDED) == [], "all or none"
    with office.database.write() as session:
        session.get_one(Measure, key).report_due_on = date(2027, 3, 10)
    assert "Inzwischen erledigt: eine." in notice_of(office.remind(f"measure:{key}"))


def test_programs_remind_as_pages_do(office: Office) -> None:
    key, lost = office.plan("Kurse", date(2026, 3, 10)), office.mailbox("Verein ohne Adresse", None)
    other = office.plan("Räume", date(2026, 3, 10), lost)
    sent = {"measure_ids": [str(key), str(other)]}
    done = office.client.post("/api/v1/reminders", json=sent, headers=office.secretariat.headers)
    assert done.status_code == 200, done.text
    assert done.json() == {
        "reminded": [str(key)],
        "reminded_today": [],
        "settled": [],
        "unreached": [{"id": str(other), "organisation_id": str(lost), "organisation": "Verein ohne Adresse"}],
    }
    again = office.client.post("/api/v1/reminders", json=sent, headers=office.secretariat.headers).json()
    assert (again["reminded"], again["reminded_today"]) == ([], [str(key)])
    for wrong, status in (({}, 422), ({"need_ids": []}, 422), ({"measure_ids": [str(lost)]}, 404)):
        refused = office.client.post("/api/v1/reminders", json=wrong, headers=office.secretariat.headers)
        assert refused.status_code == status, refused.text
    first = office.api(limit=1)
    second = office.api(limit=200, after=first["next"])
    assert first["items"][0] not in second["items"]
    assert len(second["items"]) + 1 == sum(first["figures"].values())


def test_only_the_geschaeftsstelle_reads_and_reminds(office: Office) -> None:
    key = office.plan("Kurse", date(2026, 3, 10))
    sign_out(office.client)
    assert office.client.get(PAGE).status_code == 303
    assert office.client.get("/api/v1/outstanding").status_code == 401
    sign_in(office.client, office.responsible)
    assert office.client.get(PAGE).status_code == 403
    assert PAGE not in office.client.get("/umsetzung").text
    assert office.remind(f"measure:{key}", known=office.responsible).status_code == 403
    headers = office.responsible.headers
    assert office.client.get("/api/v1/outstanding", headers=headers).status_code == 403
    sent = {"measure_ids": [str(key)]}
    assert office.client.post("/api/v1/reminders", json=sent, headers=headers).status_code == 403
    assert office.told(EventType.MEASURE_REPORT_REMINDED) == []
    assert f'href="{PAGE}"' in office.read("/umsetzung")


def test_the_page_asks_little_however_much_is_outstanding(office: Office, statements: StatementCounter) -> None:
    counts = []
    for many in (2, 25):
        for number in range(many):
            asked = office.world.organisation(f"Kreis {many} {number}", OrganisationKind.MUNICIPALITY)
            recommendation = publish(office.world, office.body, [asked], title=f"Empfehlung {number}")
            office.plan(f"Maßnahme {number}", date(2026, 3, 10), recommendation_id=recommendation)
        sign_in(office.client, office.secretariat)
        with statements:
            assert office.client.get(PAGE).status_code == 200
        counts.append(statements.count)
    assert counts[0] == counts[1] <= 12
