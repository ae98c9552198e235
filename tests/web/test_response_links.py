"""Addressees without an account: how they are asked, what their link shows and takes, and what it no longer does."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlmodel import col, select
from starlette.testclient import TestClient

from app.db import Database
from app.documents.mails import render_mail
from app.domain.actors import ActorKind
from app.domain.deadline_reminders import ReminderStage, stage_moment
from app.domain.deadlines import end_of_day
from app.domain.events import EventType
from app.domain.implementation import AddresseeAnswer
from app.domain.recommendations import RecommendationState
from app.models.organisations import Organisation
from app.models.outbox import OutgoingMail
from app.models.recommendations import Recommendation
from app.models.record import Event
from app.models.responses import AddresseeResponse
from app.queries.record import verify_record
from tests.browsing import StatementCounter, send, sign_in, sign_out, spend_links
from tests.conftest import MovedClock
from tests.factories import Known, World
from tests.implementing import collective, publish, response_of
from tests.mails import entries_of, links_of, message_of, text_of
from tests.reminding import work

MAILBOX = "integration@landkreis.example"
PAGE = "/empfehlungen/IP-2026-X-01/umsetzung"


@dataclass(frozen=True)
class Asked:
    """An organisation without an account that a published recommendation is addressed to."""

    client: TestClient
    world: World
    secretariat: Known
    organisation_id: UUID
    recommendation_id: UUID

    @property
    def database(self) -> Database:
        return self.world.database

    @property
    def response_id(self) -> UUID:
        return response_of(self.world, self.recommendation_id, self.organisation_id)

    def stored(self) -> AddresseeResponse:
        with self.database.read() as session:
            return session.get_one(AddresseeResponse, self.response_id)

    def mails(self, template: str) -> list[OutgoingMail]:
        with self.database.read() as session:
            return list(session.exec(select(OutgoingMail).where(OutgoingMail.template == template)))

    def path(self) -> str:
        """Where the first mail leads."""
        return self.link_in(self.mails("response_asked")[0])

    def link_in(self, mail: OutgoingMail) -> str:
        """Where the button of a mail leads."""
        return next(path for path in links_of(self.database, mail) if path.startswith("/rueckmeldung/"))

    def answer(self, path: str, **fields: str) -> Any:
        sign_out(self.client)
        token = re.search(r'name="form_token" value="([^"]+)"', self.client.get(path).text)
        return self.client.post(path, data={"form_token": token.group(1) if token else "", **fields})

    def enter(self, address: str | None) -> None:
        """The Geschäftsstelle enters the mailbox."""
        path = f"/api/v1/organisations/{self.organisation_id}"
        changed = self.client.patch(path, json={"contact_address": address}, headers=self.secretariat.headers)
        assert changed.status_code == 200, changed.text

    def move_to(self, state: RecommendationState) -> None:
        """What happens to the recommendation later; how it comes there is tested with its moves."""
        with self.database.engine.begin() as connection:
            connection.execute(Recommendation.__table__.update().values(state=state))  # type: ignore[attr-defined]


@pytest.fixture
def asked(client: TestClient, world: World) -> Asked:
    """An organisation with a mailbox and nobody who could sign in."""
    secretariat = world.secretariat()
    key = world.organisation("Landkreis Beispiel")
    with world.database.write() as session:
        session.get_one(Organisation, key).contact_address = MAILBOX
    return Asked(client, world, secretariat, key, publish(world, world.body(), [key]))


def test_the_mailbox_is_asked_and_opening_does_nothing(asked: Asked) -> None:
    (mail,) = asked.mails("response_asked")
    assert mail.address == MAILBOX
    assert "rueckmeldung" not in str(mail.data)
    path = asked.path()
    sign_out(asked.client)
    shown = asked.client.get(path)
    assert shown.status_code == 200
    for words in ("Landkreis Beispiel", "Kurse ohne Wartezeit", "Der Bund sollte Teil a tun.", "27. April 2026"):
        assert words in shown.text
    assert shown.headers["cache-control"] == "no-store"
    assert "set-cookie" not in shown.headers
    assert asked.stored().answer is AddresseeAnswer.PENDING


def test_an_answer_stands_beside_the_recommendation_and_says_who_gave_it(asked: Asked) -> None:
    path = asked.path()
    sent = asked.answer(path, answer="committed", reason="Wir richten die Kurse ein.")
    assert sent.status_code == 303, sent.text
    assert "Ihre Antwort ist eingegangen: Zugesagt." in asked.client.get(sent.headers["location"]).text
    public = asked.client.get(PAGE).text
    assert "Zugesagt" in public
    assert "Wir richten die Kurse ein." in public
    with asked.database.read() as session:
        event = session.exec(select(Event).where(Event.type == EventType.RESPONSE_ANSWERED)).one()
        assert (event.actor_kind, event.organisation_id, event.person_id) == (
            ActorKind.SYSTEM,
            asked.organisation_id,
            None,
        )
        # The version of these tests is no real one; the chain of the response is.
        assert {each.subject_type for each in verify_record(session)} <= {"version"}
    # Sent twice it is one answer.
    assert asked.answer(path, answer="committed", reason="Wir richten die Kurse ein.").status_code == 303
    with asked.database.read() as session:
        assert len(session.exec(select(Event).where(Event.type == EventType.RESPONSE_ANSWERED)).all()) == 1


def test_a_change_takes_a_reason_of_its_own(asked: Asked) -> None:
    path = asked.path()
    asked.answer(path, answer="committed", reason="Wir fangen an.")
    for reason in ("", "Wir fangen an."):
        refused = asked.answer(path, answer="partly_committed", reason=reason)
        assert refused.status_code == 422
        assert "warum sich die Antwort ändert" in refused.text
    assert asked.stored().answer is AddresseeAnswer.COMMITTED
    assert asked.answer(path, answer="partly_committed", reason="Die Mittel sind gekürzt.").status_code == 303
    assert asked.stored().answer is AddresseeAnswer.PARTLY_COMMITTED


def test_what_is_missing_or_unknown_is_refused(asked: Asked) -> None:
    path = asked.path()
    refused = asked.answer(path, answer="declined")
    assert refused.status_code == 422
    assert 'value="declined" checked' in refused.text
    assert asked.answer(path).status_code == 422
    assert asked.answer(path, answer="committed", source="Schreiben").status_code == 422
    assert asked.client.post(path, data={"answer": "committed"}).status_code == 403
    assert asked.stored().answer is AddresseeAnswer.PENDING


def test_a_deadline_closes_nothing_and_an_end_does(asked: Asked, clock: MovedClock) -> None:
    path = asked.path()
    clock.advance(days=400)
    assert asked.client.get(path).status_code == 200
    assert asked.answer(path, answer="committed").status_code == 303
    asked.move_to(RecommendationState.SUPERSEDED)
    over = asked.client.get(path)
    assert over.status_code == 410
    assert "ersetzt oder aufgehoben" in over.text
    assert "<form" not in over.text.split("<main")[1]
    refused = asked.answer(path, answer="declined", reason="Zu spät.")
    assert refused.status_code in (403, 409)
    assert asked.stored().answer is AddresseeAnswer.COMMITTED


def test_an_altered_link_says_what_to_do(asked: Asked) -> None:
    path = asked.path()
    for altered in (path[:-1], path.replace(".", "A."), "/rueckmeldung/x", path[: len(path) // 2]):
        shown = asked.client.get(altered)
        assert shown.status_code == 404
        assert "Öffnen Sie ihn bitte noch einmal aus der E-Mail" in shown.text


def test_a_new_mailbox_is_asked_and_ends_the_old_link(asked: Asked) -> None:
    path = asked.path()
    asked.enter("neu@landkreis.example")
    assert [mail.address for mail in asked.mails("response_asked")] == [MAILBOX, "neu@landkreis.example"]
    sign_out(asked.client)
    replaced = asked.client.get(path)
    assert replaced.status_code == 410
    assert "Dieser Link gilt nicht mehr." in replaced.text
    old, new = asked.mails("response_asked")
    with asked.database.read() as session:
        assert render_mail(session, old, asked.database.settings) is None, (
            "what waits for the old mailbox leaves to nobody"
        )
    assert asked.answer(asked.link_in(new), answer="committed").status_code == 303
    asked.enter("dritte@landkreis.example")
    assert len(asked.mails("response_asked")) == 2, "who has answered is asked no more"


def test_reminders_go_to_the_mailbox_until_it_has_answered(asked: Asked, clock: MovedClock) -> None:
    due_on = asked.stored().due_on
    assert due_on is not None
    for number, stage in enumerate((ReminderStage.SEVEN_DAYS, ReminderStage.TWO_DAYS, ReminderStage.ENDED), start=1):
        clock.moment = stage_moment(stage, end_of_day(due_on))
        for _ in range(2):
            work(asked.database)
        assert [mail.address for mail in asked.mails("response_reminder")] == [MAILBOX] * number
    *before, last = asked.mails("response_reminder")
    assert "abgelaufen" in text_of(asked.database, last)
    clock.moment = end_of_day(due_on) - timedelta(hours=1)
    for mail in (*asked.mails("response_asked"), *before):
        ((_name, entry),) = entries_of(message_of(asked.database, mail))
        assert (str(entry["UID"]), entry["DTSTART"].dt) == (f"response.{asked.response_id}@testserver", due_on)
        assert str(entry["URL"]) == f"http://testserver{PAGE}", "the link that answers stays out of calendars"
    clock.moment = end_of_day(due_on)
    assert entries_of(message_of(asked.database, last)) == []


def test_who_has_answered_is_not_reminded(asked: Asked, clock: MovedClock) -> None:
    due_on = asked.stored().due_on
    assert due_on is not None
    asked.answer(asked.path(), answer="committed")
    clock.moment = stage_moment(ReminderStage.SEVEN_DAYS, end_of_day(due_on))
    work(asked.database)
    assert asked.mails("response_reminder") == []


def test_the_secretariat_sees_whom_nobody_could_ask_and_passes_the_link_on(asked: Asked) -> None:
    sign_in(asked.client, asked.secretariat)
    assert f"Per E-Mail gefragt: {MAILBOX}" in re.sub(r"\s+", " ", asked.client.get(PAGE).text)
    asked.enter(None)
    sign_in(asked.client, asked.secretariat)
    page = asked.client.get(PAGE).text
    assert "Niemand konnte gefragt werden" in page
    link = re.search(r"http://testserver(/rueckmeldung/[^<]+)<", page)
    assert link
    by_api = asked.client.get(f"/api/v1/responses/{asked.response_id}/link", headers=asked.secretariat.headers).json()
    assert by_api == {"url": f"http://testserver{link[1]}", "addresses": [], "could_be_asked": False}
    assert asked.answer(link[1], answer="committed").status_code == 303


def test_nobody_else_reads_mailbox_or_link(asked: Asked) -> None:
    stranger = asked.world.person()
    path = f"/api/v1/responses/{asked.response_id}/link"
    assert asked.client.get(path).status_code == 401
    assert asked.client.get(path, headers=stranger.headers).status_code == 403
    shown = asked.client.get(f"/api/v1/organisations/{asked.organisation_id}", headers=stranger.headers).json()
    assert shown.get("contact_address") is None
    sign_in(asked.client, stranger)
    page = asked.client.get(PAGE).text
    assert MAILBOX not in page
    assert "/rueckmeldung/" not in page


def test_who_answers_for_a_collective_is_asked_in_its_place(client: TestClient, world: World) -> None:
    association = world.organisation("Landkreistag")
    with world.database.write() as session:
        session.get_one(Organisation, association).contact_address = MAILBOX
    circle = collective(world, "Kommunen", answered_by=association)
    asked = Asked(client, world, world.secretariat(), circle, publish(world, world.body(), [circle]))
    assert [mail.address for mail in asked.mails("response_asked")] == [MAILBOX]
    assert asked.answer(asked.path(), answer="committed").status_code == 303
    with world.database.read() as session:
        event = session.exec(select(Event).where(col(Event.type) == EventType.RESPONSE_ANSWERED)).one()
        assert (event.organisation_id, event.subject_id) == (association, asked.response_id)


def test_the_form_of_the_organisation_takes_a_mailbox(asked: Asked) -> None:
    path = f"/verwaltung/organisationen/{asked.organisation_id}"
    sign_in(asked.client, asked.secretariat)
    assert MAILBOX in asked.client.get(path).text
    fields = {
        "name": "Landkreis Beispiel",
        "kind": "municipality",
        "level": "municipal",
        "participation_class": "mandatory",
        "is_active": "true",
    }
    refused = send(asked.client, asked.secretariat, path, {**fields, "contact_address": "kein Postfach"})
    assert refused.status_code == 422
    assert "kein Postfach" in refused.text
    assert send(asked.client, asked.secretariat, path, fields).status_code == 303
    with asked.database.read() as session:
        assert session.get_one(Organisation, asked.organisation_id).contact_address is None


def test_the_page_of_the_link_asks_little(asked: Asked, statements: StatementCounter) -> None:
    path = asked.path()
    with statements:
        asked.client.get(path)
    assert statements.count <= 6


def test_who_sends_very_much_waits_and_keeps_the_text(asked: Asked, clock: MovedClock) -> None:
    spend_links(asked.database, but=2)
    path = asked.path()
    for reason in ("Wir fangen an.", "Wir fangen bald an."):
        assert asked.answer(path, answer="committed", reason=reason).status_code == 303
    refused = asked.answer(path, answer="partly_committed", reason="Die Mittel sind gekürzt.")
    assert refused.status_code == 429
    assert 0 < int(refused.headers["retry-after"]) <= 3600
    assert "Die Mittel sind gekürzt." in refused.text
    assert "in kurzer Zeit sehr viel" in refused.text
    assert asked.stored().answer is AddresseeAnswer.COMMITTED
    clock.advance(hours=1, seconds=1)
    assert asked.answer(path, answer="partly_committed", reason="Die Mittel sind gekürzt.").status_code == 303
