"""Did it help? Who is asked, when and how often; what is counted, what is published, and what it comes to."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlmodel import select
from starlette.testclient import TestClient

from app.actions.need_reviews import ask_about_needs
from app.db import Database
from app.documents.document import Document
from app.documents.implementation import effect_parts
from app.documents.odt import odt_of
from app.domain.actors import PUBLIC_ACTOR, ActorKind, MembershipRole
from app.domain.deadline_reminders import ReminderStage, stage_moment
from app.domain.deadlines import end_of_day
from app.domain.events import EventType, SubjectType
from app.domain.need_reviews import NeedReviewAnswer, NeedReviewCounts
from app.models.base import new_id
from app.models.need_reviews import NeedReview
from app.models.needs import Support
from app.models.organisations import Organisation
from app.models.outbox import OutgoingMail
from app.models.recommendations import Recommendation, RecommendationNeed
from app.models.record import Event
from app.queries.need_reviews import reviewed_needs, reviewed_recommendations
from tests.browsing import StatementCounter, send, sign_in, sign_out, spend_links
from tests.conftest import MovedClock
from tests.documents.reading import ReadOdt
from tests.factories import Known, World
from tests.implementing import answered_need, publish
from tests.mails import entries_of, links_of, message_of, text_of
from tests.reminding import work

PAGE = "/empfehlungen/IP-2026-X-01/wirkung"
OWED = (ReminderStage.SEVEN_DAYS, ReminderStage.TWO_DAYS, ReminderStage.ENDED)


@dataclass(frozen=True)
class Reviewed:
    """A published recommendation that answers a need; one was merged into it, and organisations stand behind both."""

    client: TestClient
    world: World
    secretariat: Known
    author: Known
    supporter_id: UUID
    merged_id: UUID
    need_id: UUID
    recommendation_id: UUID

    @property
    def database(self) -> Database:
        return self.world.database

    def work(self) -> int:
        """What the worker does, once."""
        with self.database.write() as session:
            return ask_about_needs(session)

    def reviews(self) -> dict[UUID, NeedReview]:
        """The newest question to each organisation."""
        with self.database.read() as session:
            found = session.exec(select(NeedReview).order_by(NeedReview.months)).all()
            return {each.organisation_id: each for each in found}

    def all_reviews(self) -> list[NeedReview]:
        with self.database.read() as session:
            return list(session.exec(select(NeedReview)))

    def mails(self, template: str) -> list[OutgoingMail]:
        with self.database.read() as session:
            return list(session.exec(select(OutgoingMail).where(OutgoingMail.template == template)))

    def path(self, number: int = 0) -> str:
        """Where a mail leads."""
        mail = self.mails("need_review_asked")[number]
        return next(path for path in links_of(self.database, mail) if path.startswith("/nachfrage/"))

    def answer(self, path: str, review_id: UUID, **fields: str) -> Any:
        sign_out(self.client)
        token = re.search(r'name="form_token" value="([^"]+)"', self.client.get(path).text)
        sent = {"form_token": token.group(1) if token else "", **fields}
        return self.client.post(f"{path}/{review_id}", data=sent)

    def counts(self) -> Any:
        """The rounds as the public reads them."""
        return self.client.get(f"/api/v1/recommendations/{self.recommendation_id}/need-reviews").json()["rounds"]


@pytest.fixture
def reviewed(client: TestClient, world: World) -> Reviewed:
    """The author has an account, the supporter and the author of the merged need have mailboxes."""
    body, secretariat, author = world.body(), world.secretariat(), world.person()
    supporter_id, merged_id = world.organisation("Frauenrat Beispiel"), world.organisation("Jugendring Beispiel")
    with world.database.write() as session:
        for key, address in ((supporter_id, "post@frauenrat.example"), (merged_id, "post@jugendring.example")):
            session.get_one(Organisation, key).contact_address = address
    recommendation_id = publish(world, body, [])
    need_id = answered_need(world, body, author.organisation_id, "Kurse mit Kinderbetreuung")
    merged = answered_need(world, body, merged_id, "Betreuung während der Kurse", merged_into_id=need_id)
    with world.database.write() as session:
        session.add(RecommendationNeed(recommendation_id=recommendation_id, need_id=merged))
        session.add(
            Support(
                id=new_id(),
                created_at=world.database.clock(),
                subject_type=SubjectType.NEED,
                subject_id=need_id,
                organisation_id=supporter_id,
            )
        )
    return Reviewed(client, world, secretariat, author, supporter_id, merged_id, need_id, recommendation_id)


def test_whoever_stood_behind_the_need_is_asked_once_in_each_round(reviewed: Reviewed, clock: MovedClock) -> None:
    assert reviewed.work() == 0
    clock.advance(days=364)
    assert reviewed.work() == 0
    clock.advance(days=2)
    assert reviewed.work() == 3
    assert reviewed.work() == 0
    asked = reviewed.reviews()
    assert asked.keys() == {reviewed.author.organisation_id, reviewed.supporter_id, reviewed.merged_id}
    assert {(each.need_id, each.months) for each in asked.values()} == {(reviewed.need_id, 12)}
    addresses = ["post@frauenrat.example", "post@jugendring.example"]
    assert [mail.address for mail in reviewed.mails("need_review_asked")] == addresses
    clock.advance(days=2 * 366)
    assert reviewed.work() == 3
    assert {each.months for each in reviewed.reviews().values()} == {36}
    assert len(reviewed.mails("need_review_asked")) == 4


def test_a_worker_that_slept_through_a_round_asks_only_in_the_last(reviewed: Reviewed, clock: MovedClock) -> None:
    clock.advance(days=3 * 366)
    assert reviewed.work() == 3
    assert {each.months for each in reviewed.reviews().values()} == {36}


def test_the_link_counts_and_keeps_the_sentence_unless_it_may_be_published(
    reviewed: Reviewed, clock: MovedClock
) -> None:
    clock.advance(days=366)
    reviewed.work()
    asked = reviewed.reviews()
    path = reviewed.path()
    shown = reviewed.client.get(path)
    assert shown.status_code == 200
    assert "Kurse mit Kinderbetreuung" in shown.text
    assert shown.headers["cache-control"] == "no-store"
    assert reviewed.reviews()[reviewed.supporter_id].answer is NeedReviewAnswer.PENDING
    key = asked[reviewed.supporter_id].id
    assert reviewed.answer(path, key).status_code == 422
    sent = reviewed.answer(path, key, answer="reduced", sentence="Zwei Kurse haben Betreuung.")
    assert sent.status_code == 303, sent.text
    (counted,) = reviewed.counts()
    assert (counted["asked"], counted["answered"], counted["reduced"], counted["sentences"]) == (3, 1, 1, [])
    assert "Zwei Kurse" not in reviewed.client.get(PAGE).text
    fields = {"answer": "reduced", "sentence": "Zwei Kurse haben Betreuung.", "publish": "true"}
    for _ in range(2):
        assert reviewed.answer(path, key, **fields).status_code == 303
    public = reviewed.client.get(PAGE).text
    assert "Zwei Kurse haben Betreuung." in public
    assert "Frauenrat Beispiel" in public
    need = reviewed.client.get(f"/bedarfe/{reviewed.need_id}").text
    assert "nach 12 Monaten" in need
    with reviewed.database.read() as session:
        events = session.exec(select(Event).where(Event.type == EventType.NEED_REVIEW_ANSWERED)).all()
    assert [(each.actor_kind, each.organisation_id) for each in events] == [
        (ActorKind.SYSTEM, reviewed.supporter_id)
    ] * 2


def test_a_link_opens_nothing_of_others_and_says_when_it_is_over(reviewed: Reviewed, clock: MovedClock) -> None:
    clock.advance(days=366)
    reviewed.work()
    asked = reviewed.reviews()
    path = reviewed.path()
    assert reviewed.answer(path, asked[reviewed.merged_id].id, answer="met").status_code == 404
    assert reviewed.client.get(path[:-1]).status_code == 404
    clock.advance(days=56)
    assert reviewed.client.get(path).status_code == 200
    clock.advance(days=1)
    over = reviewed.client.get(path)
    assert over.status_code == 410
    assert "Diese Nachfrage ist abgeschlossen." in over.text
    assert reviewed.answer(path, asked[reviewed.supporter_id].id, answer="met").status_code in (403, 409)
    assert reviewed.counts()[0]["answered"] == 0


def test_the_mailbox_of_who_is_silent_is_reminded_at_each_stage_of_all_it_is_asked(
    reviewed: Reviewed, clock: MovedClock
) -> None:
    world = reviewed.world
    second = answered_need(world, world.body(), reviewed.merged_id, "Kurse am Abend")
    with world.database.write() as session:
        session.add(RecommendationNeed(recommendation_id=reviewed.recommendation_id, need_id=second))
    clock.advance(days=366)
    assert reviewed.work() == 4
    asked = reviewed.reviews()
    reviewed.answer(reviewed.path(), asked[reviewed.supporter_id].id, answer="met")
    due_at = end_of_day(asked[reviewed.merged_id].due_on)
    uids = set()
    for number, stage in enumerate(OWED, 1):
        clock.moment = stage_moment(stage, due_at) - timedelta(seconds=1)
        work(world.database)
        assert len(reviewed.mails("need_review_reminder")) == number - 1
        clock.moment = stage_moment(stage, due_at)
        for _ in range(2):
            work(world.database)
        mails = reviewed.mails("need_review_reminder")
        assert [mail.address for mail in mails] == ["post@jugendring.example"] * number
        text = text_of(world.database, mails[-1])
        entries = entries_of(message_of(world.database, mails[-1]))
        if stage is ReminderStage.ENDED:
            assert "Eine Antwort liegt uns nicht vor" in text
            assert "/nachfrage/" not in text
            assert entries == []
            continue
        assert ("Kurse mit Kinderbetreuung" in text, "Kurse am Abend" in text) == (number == 1, True)
        ((_name, entry),) = entries
        assert entry["DTSTART"].dt == asked[reviewed.merged_id].due_on
        assert "/nachfrage/" not in str(entry["URL"])
        uids.add(str(entry["UID"]))
        if number == 1:
            path = next(path for path in links_of(world.database, mails[0]) if path.startswith("/nachfrage/"))
            first = next(
                each
                for each in reviewed.all_reviews()
                if each.need_id == reviewed.need_id and each.organisation_id == reviewed.merged_id
            )
            assert reviewed.answer(path, first.id, answer="met").status_code == 303
    assert len(uids) == 1, "what is answered meanwhile makes no second entry"
    clock.moment = stage_moment(ReminderStage.MISSED, due_at)
    work(world.database)
    assert len(reviewed.mails("need_review_reminder")) == 3


def test_with_an_account_it_is_a_task_and_the_same_answer(reviewed: Reviewed, clock: MovedClock) -> None:
    clock.advance(days=366)
    reviewed.work()
    client, author = reviewed.client, reviewed.author
    review = reviewed.reviews()[author.organisation_id]
    sign_in(client, author)
    assert "Sagen, ob der Bedarf fortbesteht" in client.get("/aufgaben").text
    assert "Ihre Organisation ist gefragt" in client.get(PAGE).text
    stranger = reviewed.world.person()
    assert send(client, stranger, f"{PAGE}/{review.id}", {"answer": "met"}).status_code == 404
    assert send(client, reviewed.secretariat, f"{PAGE}/{review.id}", {"answer": "met"}).status_code == 403
    refused = send(client, author, f"{PAGE}/{review.id}", {"sentence": "Noch immer."})
    assert refused.status_code == 422
    assert "Noch immer." in refused.text
    assert send(client, author, f"{PAGE}/{review.id}", {"answer": "persists"}).status_code == 303
    sign_in(client, author)
    assert "Sagen, ob der Bedarf fortbesteht" not in client.get("/aufgaben").text
    path = f"/api/v1/need-reviews/{review.id}"
    assert client.get(path, headers=stranger.headers).status_code == 404
    changed = client.post(f"{path}/answer", json={"answer": "reduced"}, headers=author.headers)
    assert (changed.status_code, changed.json()["answer"]) == (200, "reduced")
    own = client.get("/api/v1/need-reviews", headers=author.headers).json()["items"]
    assert [each["id"] for each in own] == [str(review.id)]
    assert client.get("/api/v1/need-reviews").status_code == 401
    assert client.post(f"{path}/answer", json={"answer": "pending"}, headers=author.headers).status_code == 422


def test_half_who_say_it_persists_call_for_a_check(reviewed: Reviewed, clock: MovedClock) -> None:
    clock.advance(days=366)
    reviewed.work()
    asked = reviewed.reviews()
    reviewed.answer(reviewed.path(0), asked[reviewed.supporter_id].id, answer="persists")
    reviewed.answer(reviewed.path(1), asked[reviewed.merged_id].id, answer="met")
    client, secretariat = reviewed.client, reviewed.secretariat

    def is_listed() -> tuple[bool, bool]:
        sign_in(client, secretariat)
        in_overview = "Kurse ohne Wartezeit" in client.get("/uebersicht?check=yes").text
        return "Überprüfen: Der Bedarf besteht fort" in client.get("/aufgaben").text, in_overview

    assert is_listed() == (False, False)
    clock.advance(days=57)
    assert is_listed() == (True, True)
    assert "Überprüfung angezeigt" in client.get("/uebersicht").text
    assert "Überprüfung angezeigt" in client.get(PAGE).text
    assert reviewed.counts()[0]["calls_for_check"] is True
    sign_out(client)
    assert "Überprüfung angezeigt" not in client.get(PAGE).text
    path = f"/api/v1/recommendations/{reviewed.recommendation_id}/transitions"
    for step in ({"transition": "check"}, {"transition": "confirm", "year": 2027}):
        moved = client.post(path, json=step, headers=secretariat.headers)
        assert moved.status_code == 200, moved.text
        assert is_listed() == (False, False)


def test_fewer_than_half_or_silence_calls_for_nothing(reviewed: Reviewed, clock: MovedClock) -> None:
    clock.advance(days=366)
    reviewed.work()
    asked = reviewed.reviews()
    reviewed.answer(reviewed.path(0), asked[reviewed.supporter_id].id, answer="reduced")
    clock.advance(days=57)
    sign_in(reviewed.client, reviewed.secretariat)
    assert "Überprüfen: Der Bedarf besteht fort" not in reviewed.client.get("/aufgaben").text


def test_the_pages_ask_little_however_many_there_are(
    reviewed: Reviewed, clock: MovedClock, statements: StatementCounter
) -> None:
    clock.advance(days=366)
    reviewed.work()
    member = reviewed.world.member(reviewed.world.body(), MembershipRole.MEMBER)
    link = reviewed.path()
    for known, pages, limit in (
        (None, (PAGE, f"/bedarfe/{reviewed.need_id}", link), 6),
        (member, (PAGE, f"/bedarfe/{reviewed.need_id}", "/aufgaben"), 12),
        (reviewed.secretariat, (PAGE, "/uebersicht", "/aufgaben"), 12),
    ):
        if known:
            sign_in(reviewed.client, known)
        else:
            sign_out(reviewed.client)
        for page in pages:
            with statements:
                assert reviewed.client.get(page).status_code == 200
            assert statements.count <= limit, (page, statements.count)


def test_the_counts_stand_beside_the_indicators_and_on_paper(reviewed: Reviewed, clock: MovedClock) -> None:
    clock.advance(days=366)
    reviewed.work()
    path = reviewed.path()
    key = reviewed.reviews()[reviewed.supporter_id].id
    sent = reviewed.answer(path, key, answer="persists", sentence="Es fehlen Plätze.", publish="true")
    assert sent.status_code == 303
    with reviewed.database.read() as session:
        recommendation = session.get_one(Recommendation, reviewed.recommendation_id)
        field_id = recommendation.field_of_action_id
        counted = reviewed_recommendations(session, PUBLIC_ACTOR, field_of_action_id=field_id)
        assert [(each.months, each.counts) for each in counted] == [(12, NeedReviewCounts(asked=3, persists=1))]
        assert reviewed_recommendations(session, PUBLIC_ACTOR, field_of_action_id=new_id()) == []
        found = effect_parts(
            reviewed_needs(session, PUBLIC_ACTOR, recommendation_id=recommendation.id), "Hat es geholfen?"
        )
    told = "\n".join(ReadOdt(odt_of(Document(title="Wirkung", parts=found, made_at=clock()))).accepted())
    assert "Kurse mit Kinderbetreuung" in told
    assert "Es fehlen Plätze." in told


def test_who_sends_very_many_answers_waits_and_keeps_the_sentence(reviewed: Reviewed, clock: MovedClock) -> None:
    clock.advance(days=366)
    reviewed.work()
    spend_links(reviewed.database, but=1)
    path, key = reviewed.path(), reviewed.reviews()[reviewed.supporter_id].id
    assert reviewed.answer(path, key, answer="met").status_code == 303
    refused = reviewed.answer(path, key, answer="persists", sentence="Doch nicht.")
    assert (refused.status_code, "retry-after" in refused.headers) == (429, True)
    assert "Doch nicht." in refused.text
    assert reviewed.reviews()[reviewed.supporter_id].answer is NeedReviewAnswer.MET
