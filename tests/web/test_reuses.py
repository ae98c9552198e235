"""Saying without an account that one carries a recommendation out: asked, confirmed by mail, released, asked again."""

from __future__ import annotations

from typing import Any

import pytest
from sqlmodel import select
from starlette.testclient import TestClient

from app.actions.reuses import ask_about_reuses, forget_unconfirmed_reuses
from app.config import Settings
from app.domain.recommendations import RecommendationState
from app.models.base import new_id
from app.models.outbox import OutgoingMail
from app.models.reuses import Reuse, ReuseRequest
from app.security import anonymous_form_token
from tests.browsing import StatementCounter, send, sign_in, sign_out
from tests.conftest import MovedClock
from tests.drafting import count_rows
from tests.factories import World
from tests.implementing import publish
from tests.mails import links_of, list_mails, subject_of, text_of

MAILBOX = "integration@stadt.example"
PAGE = "/empfehlungen/IP-2026-X-01/nachnutzung"
SENT = {
    "name": "Stadt Beispielhausen",
    "land": "he",
    "size_class": "under_100000",
    "since_on": "2026-01-15",
    "effort": "Eine halbe Stelle",
    "result": "Alle finden einen Anschlusskurs.",
    "material_url": "",
    "mailbox": MAILBOX,
}


class Scene:
    """A published recommendation and a town nobody asked."""

    def __init__(self, client: TestClient, world: World, settings: Settings) -> None:
        self.client, self.world, self.database = client, world, world.database
        self.secretariat, self.member = world.secretariat(), world.person()
        self.body = world.body()
        self.recommendation = publish(world, self.body, [])
        self.token = anonymous_form_token(settings)

    def post(self, path: str, **fields: str) -> Any:
        """Send a form without an account."""
        sign_out(self.client)
        return self.client.post(path, data={"form_token": self.token, **fields})

    def send(self, **more: str) -> Any:
        """Fill in the form."""
        return self.post(f"{PAGE}/neu", **{**SENT, "id": str(new_id()), **more})

    def link(self, number: int = -1) -> str:
        """The link of a mail to the town's mailbox."""
        mails = [mail for mail in list_mails(self.database) if mail.address == MAILBOX]
        return next(path for path in links_of(self.database, mails[number]) if path.startswith("/nachnutzung/"))

    def confirmed(self) -> str:
        """The key of an entry that waits to be released."""
        assert self.send().status_code == 303
        assert self.post(self.link()).status_code == 303
        with self.database.read() as session:
            return str(session.exec(select(Reuse.id)).one())

    def move(self, key: str, name: str, **more: str) -> Any:
        """A move of the Geschäftsstelle."""
        fields = {"transition": name, **more}
        return send(self.client, self.secretariat, f"/verwaltung/nachnutzungen/{key}/transitions", fields)

    def shown(self) -> str:
        """The public page."""
        sign_out(self.client)
        return self.client.get(PAGE).text


@pytest.fixture
def scene(client: TestClient, world: World, settings: Settings) -> Scene:
    return Scene(client, world, settings)


def test_a_town_says_so_confirms_it_and_is_released(scene: Scene, statements: StatementCounter) -> None:
    assert "Wir setzen diese Empfehlung um" in scene.shown()
    refused = scene.send(since_on="2026-03-03", land="")
    assert refused.status_code == 422
    assert SENT["effort"] in refused.text
    assert scene.send(mailbox="keine Adresse").status_code == 422
    assert list_mails(scene.database) == []
    key = scene.confirmed()
    assert SENT["name"] not in scene.shown()
    sign_in(scene.client, scene.member)
    assert SENT["name"] not in scene.client.get(PAGE).text
    assert scene.client.get("/verwaltung/nachnutzungen").status_code == 403
    sign_in(scene.client, scene.secretariat)
    assert SENT["name"] in scene.client.get("/verwaltung/nachnutzungen?state=confirmed").text
    assert scene.move(key, "release").status_code == 303
    with statements:
        page = scene.shown()
    assert statements.count <= 6
    assert SENT["name"] in page
    assert MAILBOX in page
    assert SENT["name"] not in scene.client.get(f"{PAGE}?land=by").text
    assert SENT["name"] in scene.client.get(f"{PAGE}?land=he&size_class=under_100000").text


def test_opening_a_link_changes_nothing_and_an_altered_one_opens_nothing(scene: Scene) -> None:
    scene.send()
    link = scene.link()
    for _ in range(2):
        assert "Ja, das stimmt" in scene.client.get(link).text
    assert count_rows(scene.database, Reuse) == 0
    # Not the last letter: part of it says nothing, so another one may sign the same.
    altered = link[:-5] + ("A" if link[-5] != "A" else "B") + link[-4:]
    assert scene.client.get(altered).status_code == 404
    assert scene.client.post(link).status_code == 403
    for _ in range(2):
        assert scene.post(link).status_code == 303
    assert count_rows(scene.database, Reuse) == 1
    assert "Ihr Eintrag ist bestätigt" in scene.client.get(link).text


def test_a_form_sent_again_after_it_was_confirmed_asks_nobody(scene: Scene) -> None:
    key = scene.confirmed()
    assert scene.send(id=key).status_code == 303
    assert len(list_mails(scene.database)) == 1
    assert count_rows(scene.database, ReuseRequest) == 0


def test_what_nobody_confirms_is_deleted_after_a_week(scene: Scene, clock: MovedClock) -> None:
    scene.send()
    link = scene.link()
    clock.advance(days=7, minutes=1)
    assert scene.client.get(link).status_code == 410
    scene.post(link)
    assert count_rows(scene.database, Reuse) == 0
    with scene.database.write() as session:
        assert forget_unconfirmed_reuses(session) == 1
    assert count_rows(scene.database, ReuseRequest) == 0


def test_once_a_year_it_is_asked_whether_it_is_still_so(scene: Scene, clock: MovedClock) -> None:
    key = scene.confirmed()
    scene.move(key, "release")
    clock.advance(days=364)
    assert asked(scene) == 0
    clock.advance(days=1)
    assert [asked(scene), asked(scene)] == [1, 0]
    link = scene.link()
    assert "Ja, es ist noch so" in scene.client.get(link).text
    assert scene.post(link, answer="yes").status_code == 303
    assert "2. März 2027" in scene.shown()
    clock.advance(days=366)  # 2028 is a leap year
    assert asked(scene) == 1
    assert scene.post(link, answer="no").status_code == 303
    assert SENT["name"] not in scene.shown()
    assert scene.client.get(link).status_code == 410
    with scene.database.read() as session:
        assert session.exec(select(Reuse.mailbox)).one() == ""
    clock.advance(days=400)
    assert asked(scene) == 0


def test_declining_needs_a_reason_and_forgets_the_mailbox(scene: Scene) -> None:
    key = scene.confirmed()
    assert scene.move(key, "decline").status_code == 422
    assert scene.move(key, "decline", reason="Werbung").status_code == 303
    assert scene.move(key, "release").status_code == 409
    with scene.database.read() as session:
        assert session.exec(select(Reuse.mailbox)).one() == ""
    last = list_mails(scene.database)[-1]
    assert last.address == MAILBOX
    assert subject_of(scene.database, last) == "Ihre Nachnutzung wird nicht veröffentlicht"
    assert "Begründung: Werbung" in text_of(scene.database, last)


def test_the_mailbox_is_told_once_that_the_secretariat_ended_it_and_not_what_it_ended_itself(scene: Scene) -> None:
    key = scene.confirmed()
    scene.move(key, "release")
    assert scene.move(key, "end").status_code == 303
    last = list_mails(scene.database)[-1]
    assert subject_of(scene.database, last) == "Ihre Nachnutzung ist beendet"
    assert "Begründung" not in text_of(scene.database, last)
    assert scene.move(key, "end").status_code == 409
    assert len(list_mails(scene.database)) == 2


def test_one_mailbox_and_one_network_are_not_flooded(scene: Scene) -> None:
    statuses = [scene.send().status_code for _ in range(21)]
    assert statuses == [303] * 20 + [429]
    with scene.database.read() as session:
        assert len(session.exec(select(OutgoingMail)).all()) == 5


def test_programs_read_send_and_move(scene: Scene, world: World) -> None:
    path = f"/api/v1/recommendations/{scene.recommendation}/reuses"
    sent = {**{name: value for name, value in SENT.items() if value}, "id": str(new_id())}
    assert [scene.client.post(path, json=sent).status_code for _ in range(2)] == [202, 202]
    assert len(list_mails(scene.database)) == 1
    assert scene.client.post(path, json={**sent, "colour": "red"}).status_code == 422
    scene.post(scene.link())
    assert scene.client.get(path).json()["items"] == []
    listed = scene.client.get(path, headers=scene.secretariat.headers).json()["items"]
    assert [each["name"] for each in listed[0]["transitions"]] == ["release", "decline", "end"]
    move = f"/api/v1/reuses/{listed[0]['id']}/transitions"
    assert scene.client.post(move, json={"transition": "release"}, headers=scene.member.headers).status_code == 404
    released = scene.client.post(move, json={"transition": "release"}, headers=scene.secretariat.headers)
    assert released.json()["state"] == "released"
    assert [each["name"] for each in scene.client.get(path).json()["items"]] == [SENT["name"]]


def test_what_is_unpublished_takes_none(scene: Scene) -> None:
    hidden = publish(scene.world, scene.body, [], state=RecommendationState.ADOPTED)
    assert scene.client.get(f"/empfehlungen/{hidden}/nachnutzung").status_code == 404
    sent = {name: value for name, value in SENT.items() if value}
    assert scene.client.post(f"/api/v1/recommendations/{hidden}/reuses", json=sent).status_code == 404


def asked(scene: Scene) -> int:
    """How many mailboxes the worker asks now."""
    with scene.database.write() as session:
        return ask_about_reuses(session)
