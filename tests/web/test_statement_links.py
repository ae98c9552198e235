"""Organisations without an account: their link, what it shows and takes, and what it no longer does."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import select
from starlette.testclient import TestClient

from app.db import Database
from app.domain.deadline_reminders import ReminderStage, stage_moment
from app.domain.deadlines import end_of_day
from app.domain.events import EventType
from app.domain.recommendations import RecommendationState
from app.models.base import new_id
from app.models.consultations import Statement, StatementLink
from app.models.outbox import OutgoingMail
from app.queries.record import verify_record
from app.worker import Worker
from tests.attaching import PDF
from tests.browsing import StatementCounter, send, sign_in, sign_out
from tests.conftest import MovedClock
from tests.drafting import Drafted, count_rows
from tests.factories import World
from tests.mails import entries_of, list_mails, message_of, text_of
from tests.moving import in_days, lead_to, make_move, open_comments
from tests.reminding import work
from tests.telling import told_of


@dataclass(frozen=True)
class Linked:
    """A round with an organisation that has a link."""

    drafted: Drafted
    round: Any
    organisation_id: str
    link: Any

    @property
    def path(self) -> str:
        """The page the link opens."""
        return str(self.link["url"]).removeprefix("http://testserver")


@pytest.fixture
def linked(client: TestClient, world: World, clock: MovedClock) -> Linked:
    """A round that asks one organisation without an account, which got a link by mail."""
    drafted = lead_to(client, world, clock, RecommendationState.GROUP_REVIEW)
    key = str(world.organisation("Frauenrat Beispiel"))
    block = client.get(f"{drafted.path}/versions/1", headers=drafted.chair.headers).json()["blocks"][1]["id"]
    asked = open_comments(
        client, clock, drafted, "named", organisation_ids=[key], questions=[{"text": "Reicht das?", "block_id": block}]
    )
    made = client.post(
        f"/api/v1/comment-rounds/{asked['id']}/links",
        json={"organisation_id": key, "address": "post@frauenrat.example"},
        headers=drafted.chair.headers,
    )
    assert made.status_code == 201, made.text
    return Linked(drafted, asked, key, made.json())


def _answer(client: TestClient, linked: Linked, file: tuple[str, bytes] | None = None, **fields: str) -> Any:
    sign_out(client)
    token = re.search(r'name="form_token" value="([^"]+)"', client.get(linked.path).text)
    sent = {"form_token": token.group(1) if token else "", "id": str(new_id()), **fields}
    return client.post(linked.path, data=sent, files={"file": file} if file else None)


def _mails(database: Database, template: str) -> list[str]:
    with database.read() as session:
        return list(session.exec(select(OutgoingMail.address).where(OutgoingMail.template == template)))


def _newest(database: Database, template: str) -> OutgoingMail:
    return [mail for mail in list_mails(database) if mail.template == template][-1]


def _entries(database: Database, template: str) -> list[Any]:
    """The calendar entries of the newest mail of the template."""
    return [entry for _name, entry in entries_of(message_of(database, _newest(database, template)))]


def _entry(database: Database, template: str) -> Any:
    (entry,) = _entries(database, template)
    return entry


def test_opening_shows_the_pinned_version_and_does_nothing(
    client: TestClient, linked: Linked, database: Database
) -> None:
    sign_out(client)
    shown = client.get(linked.path)
    assert shown.status_code == 200
    for words in ("Frauenrat Beispiel", "Übergangsklassen", "Reicht das?", "von der Bundesregierung nicht beschlossen"):
        assert words in shown.text
    assert shown.headers["cache-control"] == "no-store"
    assert "set-cookie" not in shown.headers
    assert count_rows(database, Statement) == 0
    assert client.get(linked.drafted.page).status_code == 404


def test_feedback_on_a_linked_page_does_not_carry_the_link(client: TestClient, linked: Linked) -> None:
    page = client.get(linked.path).text
    assert 'href="/feedback?page=/stellungnahme"' in page
    assert f"page={linked.path}" not in page


def test_a_text_with_a_file_one_click_and_a_request_for_time(
    client: TestClient, linked: Linked, database: Database
) -> None:
    sent = _answer(client, linked, ("Schreiben.pdf", PDF), kind="statement", text="Bitte ergänzen.", publish="true")
    assert sent.status_code == 303
    assert _answer(client, linked, ("Nur Datei.pdf", PDF + b"\n"), kind="statement").status_code == 303
    assert _answer(client, linked, kind="agreed").status_code == 303
    assert _answer(client, linked, kind="extension", text="Der Vorstand tagt später.").status_code == 303
    shown = client.get(linked.path).text
    for words in ("Bitte ergänzen.", "Siehe Anlage.", "Schreiben.pdf", "Keine Einwände", "Fristverlängerung erbeten"):
        assert words in shown
    address = re.search(r'href="(/stellungnahme/[^"]+/anlagen/[^"]+)"', shown)
    assert address
    assert client.get(address.group(1)).content.startswith(b"%PDF")
    said = client.get(
        f"/api/v1/comment-rounds/{linked.round['id']}/statements", headers=linked.drafted.chair.headers
    ).json()["items"]
    assert {each["organisation_id"] for each in said} == {linked.organisation_id}
    assert sorted(each["kind"] for each in said) == ["agreed", "extension", "statement", "statement"]
    proof = client.get(f"{linked.drafted.path}/participation", headers=linked.drafted.chair.headers).text
    assert linked.organisation_id in proof
    with database.read() as session:
        assert list(verify_record(session)) == []


def _withdraw(client: TestClient, linked: Linked, statement_id: str, *, path: str | None = None) -> Any:
    sign_out(client)
    token = re.search(r'name="form_token" value="([^"]+)"', client.get("/anmelden").text)
    assert token
    sent = {"form_token": token.group(1), "statement_id": statement_id}
    return client.post(f"{path or linked.path}/zurueckziehen", data=sent)


def test_the_holder_takes_back_what_was_sent_until_the_end(
    client: TestClient, linked: Linked, database: Database, clock: MovedClock
) -> None:
    for text in ("Ein Irrtum.", "Bleibt."):
        assert _answer(client, linked, kind="statement", text=text).status_code == 303
    assert _answer(client, linked, kind="agreed").status_code == 303
    chair = linked.drafted.chair
    path = f"/api/v1/comment-rounds/{linked.round['id']}/statements"
    keys = {each["text"]: each["id"] for each in client.get(path, headers=chair.headers).json()["items"]}
    sign_out(client)
    assert client.get(linked.path).text.count("/zurueckziehen") == 2, "one click is settled at once"
    by_account = client.post(path, json={"text": "Mit Konto."}, headers=linked.drafted.member.headers).json()["id"]
    assert _withdraw(client, linked, by_account).status_code == 404
    assert _withdraw(client, linked, keys[""]).status_code == 409
    assert client.post(f"{linked.path}/zurueckziehen", data={"statement_id": keys["Bleibt."]}).status_code == 403
    gone = _withdraw(client, linked, keys["Ein Irrtum."])
    assert gone.status_code == 303
    assert "Ihre Antwort ist zurückgezogen." in client.get(gone.headers["location"]).text
    assert _withdraw(client, linked, keys["Ein Irrtum."]).status_code == 409
    states = {each["text"]: each["state"] for each in client.get(path, headers=chair.headers).json()["items"]}
    assert (states["Ein Irrtum."], states["Bleibt."]) == ("withdrawn", "open")
    assert chair.person_id in told_of(database, EventType.STATEMENT_WITHDRAWN)
    with database.read() as session:
        assert list(verify_record(session)) == []
    clock.advance(days=15)
    late = _withdraw(client, linked, keys["Bleibt."])
    assert late.status_code == 409
    assert f'action="{linked.path}/zurueckziehen"' not in late.text


def test_a_refused_answer_keeps_its_text(client: TestClient, linked: Linked, database: Database) -> None:
    for file, fields, status in (
        (None, {"text": "  "}, 422),
        (("a.exe", b"MZ"), {"text": "Mein Text."}, 422),
        (("gross.txt", b"x" * (10 * 1024 * 1024 + 1)), {"text": "Mein Text."}, 413),
        (None, {"text": "Mein Text.", "block_id": str(new_id())}, 422),
        (None, {"text": "Mein Text.", "question_id": str(new_id())}, 422),
    ):
        refused = _answer(client, linked, file, kind="statement", **fields)
        assert refused.status_code == status
        assert fields["text"].strip() in refused.text
    assert count_rows(database, Statement) == 0
    sign_out(client)
    assert client.post(linked.path, data={"kind": "agreed"}).status_code == 403


@pytest.mark.parametrize("damage", ["cut", "changed", "other purpose", "nonsense"])
def test_an_altered_link_leads_to_a_clear_page(client: TestClient, linked: Linked, damage: str) -> None:
    path = {
        "cut": linked.path[:-4],
        "changed": linked.path[:-3] + ("A" if linked.path[-3] != "A" else "B") + linked.path[-2:],
        "other purpose": f"/stellungnahme/{linked.link['id']}",
        "nonsense": "/stellungnahme/%20%00",
    }[damage]
    sign_out(client)
    answer = client.get(path)
    assert answer.status_code == 404
    if damage != "nonsense":
        assert "unvollständig oder wurde verändert" in answer.text
        assert "Übergangsklassen" not in answer.text


def test_a_revoked_link_opens_nothing_and_a_new_one_replaces_it(
    client: TestClient, linked: Linked, database: Database
) -> None:
    drafted = linked.drafted
    assert _answer(client, linked, kind="statement", text="Gesagt ist gesagt.").status_code == 303
    page = f"{drafted.page}/stellungnahmen/links"
    refused = send(client, drafted.rapporteur, f"{page}/sperren", {"link_id": linked.link["id"], "round": "1"})
    assert refused.status_code == 403
    assert (
        send(client, drafted.chair, f"{page}/sperren", {"link_id": linked.link["id"], "round": "1"}).status_code == 303
    )
    sign_out(client)
    gone = client.get(linked.path)
    assert gone.status_code == 410
    assert "gesperrt" in gone.text
    assert "Übergangsklassen" not in gone.text
    assert "Gesagt ist gesagt." not in gone.text
    fields = {"organisation_id": linked.organisation_id, "round": "1", "id": str(new_id())}
    assert send(client, drafted.chair, page, fields).status_code == 303
    assert count_rows(database, StatementLink) == 2
    assert _mails(database, "statement_link") == ["post@frauenrat.example"]


def test_after_the_end_nothing_is_taken_and_the_text_is_not_lost(
    client: TestClient, linked: Linked, clock: MovedClock
) -> None:
    sign_out(client)
    page = client.get(linked.path).text
    token = re.search(r'name="form_token" value="([^"]+)"', page)
    assert token
    clock.advance(days=15)
    late = client.post(linked.path, data={"form_token": token.group(1), "kind": "statement", "text": "Zu spät."})
    assert late.status_code == 409
    assert "Zu spät." in late.text
    after = client.get(linked.path)
    assert after.status_code == 410
    assert "abgeschlossen" in after.text
    assert "Übergangsklassen" not in after.text


def test_only_the_leitung_makes_links_and_only_for_whom_the_round_asks(
    client: TestClient, world: World, linked: Linked, statements: StatementCounter
) -> None:
    drafted, path = linked.drafted, f"/api/v1/comment-rounds/{linked.round['id']}/links"
    for known in (drafted.member, drafted.rapporteur):
        assert (
            client.post(path, json={"organisation_id": linked.organisation_id}, headers=known.headers).status_code
            == 403
        )
        assert client.get(path, headers=known.headers).status_code == 403
    stranger = client.post(path, json={"organisation_id": str(world.organisation())}, headers=drafted.chair.headers)
    assert stranger.status_code == 422
    bad = {"organisation_id": linked.organisation_id, "address": "keine Adresse"}
    assert client.post(path, json=bad, headers=drafted.chair.headers).status_code == 422
    page = f"{drafted.page}/stellungnahmen/links"
    refused = send(client, drafted.chair, page, {**bad, "round": "1"})
    assert refused.status_code == 422
    assert "keine Adresse" in refused.text
    sign_in(client, drafted.secretariat)
    with statements:
        shown = client.get(page)
    assert shown.status_code == 200
    assert statements.count <= 12
    assert linked.link["url"] in shown.text
    assert "ohne Konto" in shown.text


def test_mails_bring_the_link_and_its_day_and_tell_of_more_time_and_what_became_of_it(
    client: TestClient, linked: Linked, database: Database, clock: MovedClock
) -> None:
    first = _entry(database, "statement_link")
    Worker(database).run_once()
    folder = Path(database.settings.mail_url.removeprefix("file:"))
    assert _mails(database, "statement_link") == ["post@frauenrat.example"]
    sent = "".join(file.read_text(errors="replace") for file in folder.glob("*"))
    assert linked.link["url"] in sent.replace("=\n", "")
    due_on = (clock.moment + timedelta(days=14)).date()
    assert (first["UID"], first["DTSTART"].dt) == (f"comment_round.{linked.round['id']}@testserver", due_on)
    assert "URL" not in first, "a link that opens by itself stays out of calendars"
    clock.advance(minutes=10)
    assert _answer(client, linked, kind="extension", text="Der Vorstand tagt später.").status_code == 303
    said = client.get(
        f"/api/v1/comment-rounds/{linked.round['id']}/statements", headers=linked.drafted.chair.headers
    ).json()["items"][0]
    sent_disposition = {"disposition": "adopted", "reason": "Ja.", "closes_at": in_days(clock, 20)}
    path = f"/api/v1/statements/{said['id']}/disposition"
    assert client.post(path, json=sent_disposition, headers=linked.drafted.chair.headers).status_code == 200
    assert _mails(database, "statement_link_extended") == ["post@frauenrat.example"]
    assert _mails(database, "statement_link_answered") == ["post@frauenrat.example"]
    moved = _entry(database, "statement_link_extended")
    assert (moved["UID"], moved["DTSTART"].dt) == (first["UID"], due_on + timedelta(days=6))
    assert moved["SEQUENCE"] > first["SEQUENCE"]
    assert _entries(database, "statement_link_answered") == []


def test_a_mailbox_is_reminded_before_and_at_the_end_until_its_organisation_answers(
    client: TestClient, linked: Linked, database: Database, clock: MovedClock
) -> None:
    due = end_of_day((clock.moment + timedelta(days=14)).date())
    assert _answer(client, linked, kind="extension", text="Der Vorstand tagt später.").status_code == 303
    for number, stage in enumerate((ReminderStage.SEVEN_DAYS, ReminderStage.TWO_DAYS, ReminderStage.ENDED), 1):
        clock.moment = stage_moment(stage, due)
        for _ in range(2):
            work(database)
        assert _mails(database, "statement_link_reminder") == ["post@frauenrat.example"] * number
        mail = _newest(database, "statement_link_reminder")
        text = text_of(database, mail)
        is_over = stage is ReminderStage.ENDED
        assert (linked.path in text, "nicht als Zustimmung" in text) == (not is_over, True)
        assert ("als Schweigen vermerkt" in text) == is_over
        assert bool(_entries(database, "statement_link_reminder")) is not is_over
    clock.moment = stage_moment(ReminderStage.MISSED, due)
    work(database)
    assert len(_mails(database, "statement_link_reminder")) == 3


def test_who_answered_by_the_link_is_not_reminded(
    client: TestClient, linked: Linked, database: Database, clock: MovedClock
) -> None:
    due = end_of_day((clock.moment + timedelta(days=14)).date())
    assert _answer(client, linked, kind="no_comment").status_code == 303
    for stage in ReminderStage:
        clock.moment = stage_moment(stage, due)
        work(database)
    assert _mails(database, "statement_link_reminder") == []


def test_a_link_is_bound_to_its_round(client: TestClient, linked: Linked, clock: MovedClock) -> None:
    drafted = linked.drafted
    make_move(client, drafted, drafted.chair, "close_comments", reason="Fertig.")
    open_comments(client, clock, drafted, "named", organisation_ids=[linked.organisation_id])
    sign_out(client)
    assert client.get(linked.path).status_code == 410
