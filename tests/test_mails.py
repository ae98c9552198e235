"""Mails of one's own account and seats: one template gives text and HTML, a deadline comes with a calendar file."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

import pytest
from icalendar import Calendar
from jinja2 import UndefinedError
from markupsafe import escape
from starlette.testclient import TestClient

from app.actions.mail import send_mail
from app.actions.people import invite_person
from app.config import PROJECT_ROOT
from app.db import Database
from app.documents.mails import render_mail
from app.domain.actors import SYSTEM_ACTOR
from app.models.outbox import OutgoingMail
from app.models.people import Person
from app.wording.outbox import MAILS
from tests.factories import World
from tests.mails import html_of, links_of, list_mails, message_of, subject_of, text_of

_NAMES = {"name": "Anna O'Neil <x>", "organisation": "Rat & Tat e. V.", "body": "AG „Übergang“"}
_LINK = {"path": "/einladung/geheim", "until": "14. März 2026"}
KEPT: dict[str, dict[str, Any]] = {
    "address_changed": {},
    "co_signature_withdrawn": {"name": _NAMES["name"], "kind": "Mitzeichnung"},
    "invitation": {**_NAMES, **_LINK},
    "invitation_reminder": {**_NAMES, **_LINK},
    "nomination_asked": {**_NAMES, **_LINK, "voting": True},
    "nomination_reminder": {**_NAMES, **_LINK},
    "password_changed": {},
    "password_forgotten": _LINK,
    "reuse_outcome": {"name": "Musterhausen", "title": "Anschluss", "url": "/x", "is_declined": True, "why": "Weil."},
    "room_invitation": {**_NAMES, **_LINK},
    "seated": {**_NAMES, **_LINK, "role": "Mitglied"},
    "seated_and_invited": {**_NAMES, **_LINK, "role": "Mitglied"},
}
MADE_WHEN_SENT = {
    "digest",
    "need_review_asked",
    "need_review_reminder",
    "report_asked",
    "response_asked",
    "response_reminder",
    "reuse_confirmation",
    "reuse_question",
    "statement_link",
    "statement_link_answered",
    "statement_link_extended",
    "statement_link_reminder",
    "subscription_confirmation",
    "subscription_digest",
}


def kept(database: Database, template: str, data: dict[str, Any], **more: Any) -> OutgoingMail:
    """A mail in the outbox."""
    with database.write() as session:
        return send_mail(session, address="anna@beispiel.example", template=template, data=data, **more)


def source(name: str) -> str:
    """A template as it is written."""
    return (PROJECT_ROOT / "templates" / "mails" / f"{name}.html").read_text()


def test_every_template_is_known_here_and_has_its_words() -> None:
    found = {file.stem for file in (PROJECT_ROOT / "templates" / "mails").iterdir()}
    templates = found - {"base", "parts_text", "parts_html"}
    assert templates == KEPT.keys() | MADE_WHEN_SENT
    assert templates <= MAILS.keys()


def test_mails_say_the_same_as_text_and_as_html(database: Database) -> None:
    for name, data in KEPT.items():
        mail = kept(database, name, data)
        subject, text, html = subject_of(database, mail), text_of(database, mail), html_of(database, mail)
        assert subject, name
        assert "\n" not in subject
        assert f"<title>{escape(subject)}</title>" in html
        # The text is for reading: no entity, no mark, no line that is longer than a link.
        assert not re.search(r"&\w+;|&#\d+;|<p|</", text), text
        longest = max(len(f"http://testserver{path}") for path in links_of(database, mail))
        assert max(map(len, text.splitlines())) <= max(72, longest + 13)
        if "Guten Tag %(name)s" in source(name):
            assert "Guten Tag Anna O'Neil <x>," in text
            assert "Guten Tag Anna O&#39;Neil &lt;x&gt;," in html
        if "path" in data:
            assert f"http://testserver{data['path']}\n" in text
            assert f'href="http://testserver{data["path"]}"' in html


def test_mails_need_what_their_template_names(database: Database) -> None:
    for name, data in KEPT.items():
        for missing in data:
            if re.search(rf"\b{missing}\b", source(name)):
                mail = kept(database, name, {each: value for each, value in data.items() if each != missing})
                with database.read() as session, pytest.raises(UndefinedError, match=missing):
                    render_mail(session, mail, database.settings)


def test_an_invitation_brings_its_end_for_the_calendar_and_not_its_secret(database: Database, world: World) -> None:
    known = world.person()
    with database.write() as session:
        person = session.get_one(Person, known.person_id)
        person.password_hash = person.joined_at = None
    with database.write() as session:
        invite_person(session, known.person_id, actor=SYSTEM_ACTOR)
    mail = list_mails(database)[-1]
    message = message_of(database, mail)
    (file,) = message.iter_attachments()
    raw = file.get_payload(decode=True)
    (event,) = Calendar.from_ical(raw).walk("VEVENT")
    assert event["SUMMARY"] == "Dialogforum: Ende der Einladung"
    assert event["DTSTART"].dt.replace(microsecond=0) == datetime(2026, 3, 9, 9, tzinfo=UTC)
    assert b"/einladung/" not in raw
    assert event["UID"] == f"invitation.{known.person_id}@testserver"
    assert message["References"] == f"<invitation.{known.person_id}@testserver>"
    assert "List-Unsubscribe" not in message


def test_headers_of_a_long_host_are_whole(database: Database) -> None:
    host = "dialogforum.integrationsprogramm.eine-behoerde-mit-langem-namen.bund.example"
    settings = database.settings.model_copy(update={"base_url": f"https://{host}"})
    mail = kept(database, "address_changed", {}, thread_id="recommendation.019cadc6-9a80-712b-84ea-c765743f9596")
    with database.read() as session:
        message = render_mail(session, mail, settings)
    assert message is not None
    raw = message.as_bytes().decode()
    assert f"\nReferences: <recommendation.019cadc6-9a80-712b-84ea-c765743f9596@{host}>\n" in raw


def test_a_nomination_and_what_follows_it_are_one_thread(client: TestClient, world: World) -> None:
    body, secretariat = world.body(), world.secretariat()
    sent = {"organisation_id": str(world.organisation()), "voting": True}
    seat = client.post(f"/api/v1/bodies/{body.id}/seats", json=sent, headers=secretariat.headers).json()
    asked = {"name": "Erika Amt", "email": "amt@verband.example"}
    client.post(f"/api/v1/seats/{seat['id']}/nomination", json=asked, headers=secretariat.headers)
    mail = list_mails(world.database)[-1]
    message = message_of(world.database, mail)
    assert message["References"] == f"<seat.{seat['id']}@testserver>"
    (file,) = message.iter_attachments()
    (event,) = Calendar.from_ical(file.get_payload(decode=True)).walk("VEVENT")
    assert event["UID"] == f"seat.{seat['id']}@testserver"
    assert b"/benennung/" not in file.get_payload(decode=True)
