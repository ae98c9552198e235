"""One form for all reports an organisation owes: with an account, and behind the link it was mailed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlmodel import col, select
from starlette.testclient import TestClient

from app.actions.measures import plan_measure
from app.db import Database
from app.documents.mails import render_mail
from app.domain.actors import ActorKind
from app.domain.deadline_reminders import ReminderStage, stage_moment
from app.domain.deadlines import end_of_day
from app.domain.events import EventType
from app.domain.measures import MeasureState
from app.forms.measures import MeasureForm
from app.models.base import new_id
from app.models.measures import Measure, ProgressReport
from app.models.organisations import Organisation
from app.models.outbox import OutgoingMail
from app.models.record import Event
from app.queries.record import verify_record
from tests.browsing import StatementCounter, send, sign_in, sign_out, spend_links
from tests.conftest import MovedClock
from tests.factories import Known, World
from tests.implementing import publish
from tests.mails import links_of, text_of
from tests.reminding import work

MAILBOX = "integration@landkreis.example"
FORM = "/meine-massnahmen/bericht"
TODAY = "2026-03-02"


@dataclass
class Reporting:
    """An organisation responsible for measures of a published recommendation; its report is due on a day."""

    client: TestClient
    world: World
    secretariat: Known
    organisation_id: UUID
    recommendation_id: UUID
    token: str = ""

    @property
    def database(self) -> Database:
        return self.world.database

    def plan(self, title: str, due_on: date | None, *, organisation_id: UUID | None = None, begun: bool = True) -> UUID:
        """A measure whose next report is due then."""
        with self.database.write() as session:
            form = MeasureForm(
                recommendation_id=self.recommendation_id,
                title=title,
                responsible_organisation_id=organisation_id or self.organisation_id,
            )
            measure, _is_new = plan_measure(session, form, actor=self.world.actor(self.secretariat, session))
            measure.report_due_on = due_on
            key = measure.id
        if begun:
            path = f"/api/v1/measures/{key}/transitions"
            started = self.client.post(path, json={"transition": "start"}, headers=self.secretariat.headers)
            assert started.status_code == 200, started.text
        return key

    def measure(self, key: UUID) -> Measure:
        with self.database.read() as session:
            return session.get_one(Measure, key)

    def reports(self) -> list[ProgressReport]:
        with self.database.read() as session:
            return list(session.exec(select(ProgressReport).order_by(col(ProgressReport.created_at))))

    def mails(self) -> list[OutgoingMail]:
        with self.database.read() as session:
            return list(session.exec(select(OutgoingMail).where(OutgoingMail.template == "report_asked")))

    def path(self, mail: OutgoingMail | None = None) -> str:
        """Where a mail leads."""
        found = links_of(self.database, mail or self.mails()[0])
        return next(path for path in found if path.startswith("/sachstand/"))

    def report(self, path: str, fields: dict[str, str]) -> Any:
        """Send the form behind the link, or the one that was opened before."""
        sign_out(self.client)
        found = re.search(r'name="form_token" value="([^"]+)"', self.client.get(path).text)
        self.token = found.group(1) if found else self.token
        return self.client.post(path, data={"form_token": self.token, "status_on": TODAY, **fields})


def fields_of(measure_id: UUID, *, key: UUID | None = None, **fields: str) -> dict[str, str]:
    """What a browser sends for one measure; names of sources are written `evidence_0_kind`."""
    named = {name.replace("evidence_0_", "evidence.0."): value for name, value in fields.items()}
    return {f"{measure_id}.id": str(key or new_id()), **{f"{measure_id}.{name}": text for name, text in named.items()}}


@pytest.fixture
def reporting(client: TestClient, world: World) -> Reporting:
    """An organisation with a mailbox and nobody who could sign in."""
    secretariat = world.secretariat()
    key = world.organisation("Landkreis Beispiel")
    with world.database.write() as session:
        session.get_one(Organisation, key).contact_address = MAILBOX
    return Reporting(client, world, secretariat, key, publish(world, world.body(), []))


@pytest.fixture
def colleague(reporting: Reporting) -> Known:
    """Somebody with an account in that organisation."""
    return reporting.world.person(organisation_id=reporting.organisation_id)


def test_all_that_is_due_is_reported_in_one_form(reporting: Reporting, colleague: Known) -> None:
    first = reporting.plan("Anschlusskurse", date(2026, 3, 10))
    second = reporting.plan("Kinderbetreuung", date(2026, 2, 20))
    later = reporting.plan("Fahrtkosten", date(2026, 9, 1))
    other = reporting.plan("Fremde Maßnahme", date(2026, 3, 5), organisation_id=reporting.world.organisation("Andere"))
    sign_in(reporting.client, colleague)
    overview = reporting.client.get("/meine-massnahmen").text
    assert "2 Sachstandsberichte sind fällig" in overview
    assert "Fremde Maßnahme" not in overview
    form = reporting.client.get(FORM).text
    assert form.index("Kinderbetreuung") < form.index("Anschlusskurse"), "what is due first stands first"
    assert "Fahrtkosten" not in form
    assert str(other) not in form
    sent = {
        "status_on": TODAY,
        **fields_of(first, text="Alle Kurse laufen.", progress="on_schedule", obstacles="Räume", next_steps="Mieten"),
        **fields_of(second, text=""),
    }
    for _ in range(2):
        assert send(reporting.client, colleague, FORM, sent).status_code == 303, "sent twice it is one report"
    (made,) = reporting.reports()
    assert (made.measure_id, made.text, made.obstacles, made.next_steps) == (
        first,
        "Alle Kurse laufen.",
        "Räume",
        "Mieten",
    )
    assert reporting.measure(first).report_due_on == date(2027, 3, 2)
    assert reporting.measure(second).report_due_on == date(2026, 2, 20)
    assert reporting.measure(later).report_due_on == date(2026, 9, 1)
    assert "Ein Sachstandsbericht ist fällig" in reporting.client.get("/meine-massnahmen").text


def test_one_mistake_undoes_all_and_keeps_all_that_was_typed(reporting: Reporting, colleague: Known) -> None:
    first, second = reporting.plan("Anschlusskurse", date(2026, 3, 10)), reporting.plan("Betreuung", date(2026, 3, 9))
    sent = {
        "status_on": TODAY,
        **fields_of(first, text="Alle Kurse laufen.", evidence_0_source="Jahresbericht"),
        **fields_of(second, obstacles="Es fehlt Personal."),
    }
    refused = send(reporting.client, colleague, FORM, sent)
    assert refused.status_code == 422
    for words in ("Alle Kurse laufen.", "Es fehlt Personal.", "Jahresbericht"):
        assert words in refused.text
    assert f'href="#feld-{first}.evidence.0.kind"' in refused.text
    assert "„Anschlusskurse“, Beleg:" in refused.text
    assert f'href="#feld-{second}.text"' in refused.text
    assert "„Betreuung“, Was ist erreicht?" in refused.text
    done = {**sent, **fields_of(second, text="Fertig.", done="true"), f"{first}.evidence.0.kind": "statistic"}
    refused = send(reporting.client, colleague, FORM, done)
    assert refused.status_code == 422
    assert "„Betreuung“, Die Maßnahme ist damit umgesetzt:" in refused.text
    future = send(reporting.client, colleague, FORM, {**fields_of(first, text="Läuft."), "status_on": "2026-03-03"})
    assert (future.status_code, "in der Zukunft" in future.text) == (422, True)
    nothing = send(reporting.client, colleague, FORM, {"status_on": TODAY, **fields_of(first, text=" ")})
    assert (nothing.status_code, "zu mindestens einer Maßnahme" in nothing.text) == (422, True)
    assert reporting.reports() == []
    assert reporting.measure(second).state is MeasureState.IN_PROGRESS


def test_drafts_are_kept_together_and_submitted_together(reporting: Reporting, colleague: Known) -> None:
    first, second = reporting.plan("Anschlusskurse", date(2026, 3, 10)), reporting.plan("Betreuung", date(2026, 3, 9))
    drafted = {
        "status_on": TODAY,
        **fields_of(first, text="Noch offen."),
        **fields_of(second, text="Fertig.", evidence_0_kind="statistic", evidence_0_source="Kursstatistik"),
    }
    assert send(reporting.client, colleague, FORM, {**drafted, "draft": "true"}).status_code == 303
    assert [each.is_draft for each in reporting.reports()] == [True, True]
    assert reporting.measure(first).report_due_on == date(2026, 3, 10), "a draft silences no reminder"
    form = reporting.client.get(FORM).text
    for words in ("Noch offen.", "Kursstatistik", f'value="{drafted[f"{first}.id"]}"'):
        assert words in form
    final = {**drafted, f"{first}.text": "Alle Kurse laufen.", f"{second}.done": "true"}
    for _ in range(2):
        assert send(reporting.client, colleague, FORM, final).status_code == 303
    assert [each.is_draft for each in reporting.reports()] == [False, False]
    assert {each.text for each in reporting.reports()} == {"Alle Kurse laufen.", "Fertig."}
    assert reporting.measure(second).state is MeasureState.REPORTED_DONE
    changed = send(reporting.client, colleague, FORM, {**final, f"{first}.text": "Doch nicht."})
    assert (changed.status_code, "Doch nicht." in changed.text) == (422, True)


def test_nobody_reports_on_what_is_not_theirs(reporting: Reporting, colleague: Known, clock: MovedClock) -> None:
    clock.advance(days=-10)
    other = reporting.plan("Fremde Maßnahme", date(2026, 3, 10), organisation_id=reporting.world.organisation("Andere"))
    reporting.plan("Anschlusskurse", date(2026, 3, 10))
    _ask(reporting)
    refused = send(reporting.client, colleague, FORM, {"status_on": TODAY, **fields_of(other, text="Läuft.")})
    assert refused.status_code == 403
    answer = reporting.report(reporting.path(), fields_of(other, text="Läuft."))
    assert answer.status_code == 404
    assert reporting.reports() == []


def _ask(reporting: Reporting) -> None:
    """What the worker does on the morning seven days before the nearest day."""
    clock = reporting.database.clock
    with reporting.database.read() as session:
        nearest = min(day for day in session.exec(select(Measure.report_due_on)) if day)
    assert isinstance(clock, MovedClock)
    clock.moment = max(clock.moment, stage_moment(ReminderStage.SEVEN_DAYS, end_of_day(nearest)))
    work(reporting.database)


def test_without_an_account_all_is_reported_by_one_link(reporting: Reporting, clock: MovedClock) -> None:
    clock.advance(days=-10)
    first, second = reporting.plan("Anschlusskurse", date(2026, 3, 10)), reporting.plan("Betreuung", date(2026, 3, 10))
    work(reporting.database)
    assert reporting.mails() == []
    _ask(reporting)
    (mail,) = reporting.mails()
    assert mail.address == MAILBOX
    assert "sachstand" not in str(mail.data)
    told = text_of(reporting.database, mail)
    for words in ("Anschlusskurse", "Betreuung", "bis zum 10. März 2026", "kein Benutzerkonto"):
        assert words in told
    path = reporting.path()
    sign_out(reporting.client)
    shown = reporting.client.get(path)
    assert shown.status_code == 200
    assert (shown.headers["cache-control"], "set-cookie" in shown.headers) == ("no-store", False)
    assert reporting.reports() == [], "opening does nothing"
    sent = {
        "status_on": "2026-03-03",
        **fields_of(first, text="Alle Kurse laufen."),
        **fields_of(second, text="Fertig.", done="true", evidence_0_kind="statistic", evidence_0_source="Statistik"),
    }
    for _ in range(2):
        answer = reporting.report(path, sent)
        assert answer.status_code == 303, answer.text
    assert len(reporting.reports()) == 2
    assert reporting.measure(second).state is MeasureState.REPORTED_DONE
    thanked = reporting.client.get(answer.headers["location"]).text
    assert "2 Berichte sind eingegangen." in thanked
    assert "Zurzeit ist kein Bericht fällig." in thanked
    assert "Alle Kurse laufen." in reporting.client.get(f"/massnahmen/{first}").text
    with reporting.database.read() as session:
        events = session.exec(select(Event).where(Event.type == EventType.REPORT_SUBMITTED)).all()
        assert {(each.actor_kind, each.organisation_id, each.person_id) for each in events} == {
            (ActorKind.SYSTEM, reporting.organisation_id, None)
        }
        assert {each.subject_type for each in verify_record(session)} <= {"version"}
        assert render_mail(session, mail, reporting.database.settings) is None, "nothing is owed any more"
    verified = send(
        reporting.client, reporting.secretariat, f"/massnahmen/{second}/transitions", {"transition": "verify"}
    )
    assert verified.status_code == 303


def test_a_link_says_clearly_what_it_no_longer_does(reporting: Reporting, clock: MovedClock) -> None:
    clock.advance(days=-10)
    measure = reporting.plan("Anschlusskurse", date(2026, 3, 10))
    _ask(reporting)
    path = reporting.path()
    for altered in (path[:-1], path.replace(".", "A."), "/sachstand/x"):
        assert reporting.client.get(altered).status_code == 404
    refused = reporting.report(path, fields_of(measure, obstacles="Es fehlt Personal."))
    assert (refused.status_code, "Es fehlt Personal." in refused.text) == (422, True)
    drafted = reporting.report(path, {**fields_of(measure, text="Läuft."), "draft": "true"})
    assert drafted.status_code == 303, "without an account nothing is drafted: what is sent is submitted"
    assert [each.is_draft for each in reporting.reports()] == [False]
    stale = reporting.client.get(path)
    assert "Ihr nächster Bericht ist bis zum 3. März 2027 erbeten" in stale.text
    entered = reporting.client.patch(
        f"/api/v1/organisations/{reporting.organisation_id}",
        json={"contact_address": "neu@landkreis.example"},
        headers=reporting.secretariat.headers,
    )
    assert entered.status_code == 200
    gone = reporting.client.get(path)
    assert (gone.status_code, "Dieser Link gilt nicht mehr." in gone.text) == (410, True)
    lost = reporting.report(path, fields_of(measure, text="Alles anders."))
    assert lost.status_code in (403, 409)
    assert len(reporting.reports()) == 1


def test_a_mailbox_is_asked_once_a_day_and_for_what_was_asked_back(reporting: Reporting, clock: MovedClock) -> None:
    clock.advance(days=-10)
    measure = reporting.plan("Anschlusskurse", date(2026, 3, 10))
    reporting.plan("Betreuung", date(2026, 3, 5))
    _ask(reporting)
    assert len(reporting.mails()) == 1
    clock.moment = stage_moment(ReminderStage.SEVEN_DAYS, end_of_day(date(2026, 3, 10)))
    work(reporting.database)
    assert len(reporting.mails()) == 2, "two stages on one morning are one mail"
    path = reporting.path()
    assert reporting.report(path, fields_of(measure, text="Läuft.")).status_code == 303
    clock.advance(days=20)
    (report,) = reporting.reports()
    asked = reporting.client.post(
        f"/api/v1/measures/{measure}/reports/{report.id}/question",
        json={"question": "Wie viele Kurse sind es?"},
        headers=reporting.secretariat.headers,
    )
    assert asked.status_code == 200, asked.text
    newest = reporting.mails()[-1]
    assert "die Geschäftsstelle fragt nach" in text_of(reporting.database, newest)
    assert "Wie viele Kurse sind es?" in reporting.client.get(reporting.path(newest)).text


def test_a_new_mailbox_is_asked_for_what_is_owed(reporting: Reporting, clock: MovedClock) -> None:
    reporting.plan("Anschlusskurse", date(2026, 3, 10))
    path = f"/api/v1/organisations/{reporting.organisation_id}"
    reporting.client.patch(path, json={"contact_address": "neu@kreis.example"}, headers=reporting.secretariat.headers)
    assert [mail.address for mail in reporting.mails()] == ["neu@kreis.example"]


def test_who_sends_very_much_waits_and_keeps_the_text(reporting: Reporting, clock: MovedClock) -> None:
    clock.advance(days=-10)
    measure = reporting.plan("Anschlusskurse", date(2026, 3, 10))
    _ask(reporting)
    path = reporting.path()
    spend_links(reporting.database, but=0)
    refused = reporting.report(path, fields_of(measure, text="Alle Kurse laufen."))
    assert (refused.status_code, "retry-after" in refused.headers) == (429, True)
    assert "Alle Kurse laufen." in refused.text
    assert reporting.reports() == []


def test_the_pages_ask_little_however_many_measures_there_are(
    reporting: Reporting, colleague: Known, statements: StatementCounter, clock: MovedClock
) -> None:
    counts: dict[str, list[int]] = {}
    clock.advance(days=-10)
    for many in (2, 12):
        for number in range(many):
            reporting.plan(f"Maßnahme {number}", date(2026, 3, 10) + timedelta(days=number % 3), begun=False)
        _ask(reporting)
        link = reporting.path()
        sign_in(reporting.client, colleague)
        for name, path in (("own", "/meine-massnahmen"), ("form", FORM), ("link", link)):
            with statements:
                assert reporting.client.get(path).status_code == 200
            counts.setdefault(name, []).append(statements.count)
    assert {name: found for name, found in counts.items() if found[0] != found[1] or found[1] > 12} == {}
    assert counts["link"][1] <= 6
