"""What subscribers are told: only what is public, once, grouped, and to whom still wants it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlmodel import Session
from starlette.testclient import TestClient

from app.actions import subscriptions
from app.actions.mail import send_mail
from app.actions.record import record, record_creation
from app.domain.actors import SYSTEM_ACTOR
from app.domain.consultations import Audience
from app.domain.events import EventType
from app.domain.follows import SubscriptionTarget
from app.domain.recommendations import RecommendationState as S
from app.models.base import new_id
from app.models.consultations import CommentRound
from app.models.organisations import Organisation
from app.models.outbox import OutgoingMail, UndeliverableAddress
from app.models.recommendations import Recommendation
from app.models.subscriptions import Subscription
from app.worker import Worker
from tests.browsing import StatementCounter
from tests.conftest import MovedClock
from tests.drafting import Drafted, count_rows, draft
from tests.factories import World
from tests.implementing import publish
from tests.mails import html_of, links_of, list_mails, subject_of, text_of
from tests.moving import in_days, lead_to, make_move, open_comments
from tests.subscribing import MAILBOX, Public, about, forget


def test_an_address_confirms_and_is_told_of_a_publication(
    client: TestClient, world: World, clock: MovedClock, public: Public, field: str
) -> None:
    drafted = lead_to(client, world, clock, S.ADOPTED)
    assert public.ask(field).headers["location"] == "/abonnieren/angekommen"
    asked = client.get("/abonnieren/angekommen")
    assert (asked.status_code, "set-cookie" in asked.headers) == (200, False)
    mail = public.mails()[0]
    assert subject_of(public.database, mail) == "Bitte bestätigen Sie Ihr Abonnement"
    link = public.link("bestaetigen", mail)
    for _look in range(2):
        page = client.get(link)
        assert "Ja, abonnieren" in page.text
        assert client.head(link).status_code == 200
    assert (page.headers["Cache-Control"], page.headers["Referrer-Policy"]) == ("no-store", "same-origin")
    make_move(client, drafted, drafted.secretariat, "publish")
    assert public.told() == 0

    confirmed = public.post(link)
    assert (confirmed.status_code, confirmed.headers["location"]) == (303, link)
    assert "Ihr Abonnement ist bestätigt" in client.get(link).text
    assert public.post(link).status_code == 303
    assert public.told() == 0, "what happened before is not told"

    other = lead_to(client, world, clock, S.PUBLISHED)
    assert public.told() == 1
    assert public.told() == 0
    told = public.mails()[-1]
    assert subject_of(public.database, told) == "Neues zu: Übergänge sichern"
    for words in (text_of(public.database, told), html_of(public.database, told)):
        assert "Veröffentlicht am" in words
        assert "Ins Gremium gegeben" not in words
    assert [path for path in links_of(public.database, told) if path.startswith("/empfehlungen/")] == [
        f"/empfehlungen/{reference_of(client, other)}"
    ]


def reference_of(client: TestClient, drafted: Drafted) -> str:
    """What the public calls it."""
    found: str = client.get(drafted.path).json()["reference"]
    return found


def test_several_things_are_told_in_one_mail(
    client: TestClient, world: World, clock: MovedClock, public: Public, field: str
) -> None:
    first = lead_to(client, world, clock, S.PUBLISHED)
    public.subscribe(field, about(first), f"addressee:{first.addressee_id}", "consultations")
    assert len(public.mails()) == 1
    second = draft(client, world, title="Anschlüsse vereinbaren")
    make_move(client, second, second.chair, "start_review")
    round_ = open_comments(client, clock, second, "public", reason="Alle sind gefragt.")
    planned = {"recommendation_id": first.id, "title": "Klassen einrichten"}
    planned["responsible_organisation_id"] = str(first.addressee_id)
    made = client.post("/api/v1/measures", json=planned, headers=first.secretariat.headers)
    assert made.status_code == 201, made.text
    make_move(client, first, first.secretariat, "check")
    assert public.told() == 1
    mail = public.mails()[-1]
    words = " ".join(text_of(public.database, mail).split())
    assert subject_of(public.database, mail) == "Neues aus dem Dialogforum zu 2 Empfehlungen"
    assert "Öffentliches Stellungnahmeverfahren: Sie können bis zum" in words
    assert f"/empfehlungen/{second.id}/stellungnahmen?round={round_['number']}" in words
    assert "Maßnahme geplant am" in words
    assert "(Klassen einrichten)" in words
    assert "Überprüfung begonnen" in words
    assert words.count("/abonnieren/beenden/") == 5


@pytest.mark.parametrize("state", [S.DRAFT, S.GROUP_REVIEW, S.GROUP_DECISION, S.LEAD_REVIEW, S.ADOPTED, S.DORMANT])
def test_nothing_unpublished_is_ever_told(
    client: TestClient, world: World, clock: MovedClock, public: Public, field: str, state: S
) -> None:
    published = lead_to(client, world, clock, S.PUBLISHED)
    public.subscribe(field, "consultations", f"addressee:{published.addressee_id}")
    hidden = lead_to(client, world, clock, state)
    assert public.told() == 0
    assert len(public.mails()) == 1
    assert public.ask(about(hidden)).status_code == 422
    assert client.get(f"/abonnieren?about={about(hidden)}").status_code == 404
    assert public.ask(f"addressee:{hidden.addressee_id}").status_code == 422


def test_a_round_for_others_is_not_told_and_a_public_one_only_while_it_is_open(
    client: TestClient, world: World, clock: MovedClock, public: Public, field: str
) -> None:
    public.subscribe("consultations", field)
    for audience in ("body", "participants"):
        drafted = draft(client, world, title=f"Nur für {audience}")
        make_move(client, drafted, drafted.chair, "start_review")
        open_comments(client, clock, drafted, audience)
    assert public.told() == 0
    drafted = draft(client, world, title="Für alle")
    make_move(client, drafted, drafted.chair, "start_review")
    open_comments(client, clock, drafted, "public", reason="Alle sind gefragt.")
    assert public.told() == 1
    mail = public.mails()[-1]
    assert "Für alle" in text_of(public.database, mail)
    assert public.ask(about(drafted)).status_code == 303
    clock.advance(days=15)
    assert Worker(public.database).run_once() > 0
    with public.database.read() as session:
        found = session.get_one(OutgoingMail, mail.id)
        assert (found.sent_at, found.dropped_at is not None) == (None, True)
    assert public.ask(about(drafted)).status_code == 422


def test_what_is_told_is_asked_again_when_the_mail_leaves(
    client: TestClient, world: World, clock: MovedClock, public: Public, field: str
) -> None:
    public.subscribe(field)
    lead_to(client, world, clock, S.PUBLISHED)
    assert public.told() == 1
    mail = public.mails()[-1]
    client.post(public.link("beenden", mail, 0))
    assert Worker(public.database).run_once() >= 0
    with public.database.read() as session:
        found = session.get_one(OutgoingMail, mail.id)
        assert (found.address, found.data, found.sent_at, found.dropped_at is not None) == ("", {}, None, True)
    assert public.everywhere() == []


def test_an_address_that_takes_no_mail_gets_none_and_is_forgotten_after_a_month(
    client: TestClient, world: World, clock: MovedClock, public: Public, field: str
) -> None:
    public.subscribe(field)
    public.subscribe(field, email="andere@beispiel.example")
    with public.database.write() as session:
        refused = {"created_at": clock(), "refused_at": clock(), "reason": "550 kein Postfach"}
        session.add(UndeliverableAddress(id=new_id(), address=MAILBOX, **refused))
    lead_to(client, world, clock, S.PUBLISHED)
    assert public.told() == 1
    assert len(public.mails()) == 1
    assert forget(public) == 0
    clock.advance(days=31)
    assert forget(public) == 1
    assert public.everywhere() == []
    assert count_rows(public.database, UndeliverableAddress) == 0
    assert count_rows(public.database, Subscription) == 1


def test_ten_times_the_subscribers_are_told_in_as_many_statements(
    client: TestClient, world: World, clock: MovedClock, public: Public, statements: StatementCounter, field: str
) -> None:
    counts = []
    for crowd in (3, 30):
        with public.database.write() as session:
            key = UUID(field.partition(":")[2])
            for number in range(crowd):
                row = {"created_at": clock(), "confirmed_at": clock(), "target": "field_of_action", "key": str(key)}
                address = f"leser{crowd}-{number}@beispiel.example"
                session.add(Subscription(id=new_id(), address=address, target_id=key, **row))
        drafted = lead_to(client, world, clock, S.ADOPTED)
        with statements:
            make_move(client, drafted, drafted.secretariat, "publish")
        asked = statements.count
        with statements:
            assert public.told() >= crowd
        counts.append((asked, statements.count))
    assert counts[0] == counts[1]


def test_answers_measures_and_reports_are_told_by_name_and_day_alone(
    client: TestClient, world: World, clock: MovedClock, public: Public
) -> None:
    drafted = lead_to(client, world, clock, S.PUBLISHED)
    addressee = world.person(organisation_id=drafted.addressee_id, name="Erika Geheim")
    public.subscribe(about(drafted))
    public.subscribe(f"addressee:{drafted.addressee_id}", email="andere@beispiel.example")
    response = client.get(f"{drafted.path}/responses").json()["items"][0]["id"]
    answer = {"answer": "declined", "reason": "Dafür fehlt das Geld."}
    assert (
        client.post(f"/api/v1/responses/{response}/answer", json=answer, headers=addressee.headers).status_code == 200
    )
    planned = {"recommendation_id": drafted.id, "title": "Klassen einrichten"}
    planned["responsible_organisation_id"] = str(addressee.organisation_id)
    measure = client.post("/api/v1/measures", json=planned, headers=drafted.secretariat.headers).json()["id"]
    report = {"text": "Zwei laufen.", "status_on": in_days(clock, 0), "draft": True}
    path = f"/api/v1/measures/{measure}/reports"
    assert client.post(path, json=report, headers=addressee.headers).status_code == 201
    elsewhere = {**planned, "title": "Anderes", "responsible_organisation_id": str(world.organisation())}
    assert client.post("/api/v1/measures", json=elsewhere, headers=drafted.secretariat.headers).status_code == 201
    assert public.told() == 2
    words = " ".join(text_of(public.database, public.mails()[-1]).split())
    with public.database.read() as session:
        name = session.get_one(Organisation, drafted.addressee_id).name
    assert f"({name})" in words
    assert "(Klassen einrichten)" in words
    assert "(Anderes)" in words
    assert "Sachstandsbericht" not in words
    for hidden in ("Dafür fehlt das Geld", "Erika Geheim", "Zwei laufen"):
        assert hidden not in words
    other = " ".join(text_of(public.database, public.mails("andere@beispiel.example")[-1]).split())
    assert "(Klassen einrichten)" in other
    assert "Anderes" not in other
    submitted = {**report, "draft": False}
    assert client.post(path, json=submitted, headers=addressee.headers).status_code == 201
    assert public.told() == 2
    words = " ".join(text_of(public.database, public.mails()[-1]).split())
    assert "Sachstandsbericht eingereicht am" in words
    assert "Zwei laufen" not in words


def test_two_workers_at_once_tell_once(client: TestClient, world: World, clock: MovedClock, public: Public) -> None:
    drafted = lead_to(client, world, clock, S.PUBLISHED)
    public.subscribe(about(drafted))
    for name in ("check", "confirm", "check", "confirm"):
        make_move(client, drafted, drafted.secretariat, name)
        with ThreadPoolExecutor(4) as workers:
            assert sum(workers.map(lambda _number: public.told(), range(4))) == 1
    assert len(public.mails()) == 5


def test_many_are_told_in_portions_and_an_interrupted_run_is_gone_on_with(
    client: TestClient, world: World, clock: MovedClock, public: Public, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(subscriptions, "PORTION", 2)
    drafted = lead_to(client, world, clock, S.PUBLISHED)
    boxes = [f"leser{number}@beispiel.example" for number in range(5)]
    with public.database.write() as session:
        for box in boxes:
            for target, key in (
                (SubscriptionTarget.RECOMMENDATION, drafted.id),
                (SubscriptionTarget.CONSULTATIONS, ""),
            ):
                session.add(
                    Subscription(
                        id=new_id(clock()),
                        created_at=clock(),
                        address=box,
                        target=target,
                        target_id=UUID(key) if key else None,
                        key=key,
                        confirmed_at=clock(),
                    )
                )
    make_move(client, drafted, drafted.secretariat, "check")
    sent = list[str]()

    def interrupted(session: Session, *, address: str, **more: Any) -> None:
        if address == boxes[2] and address not in sent:
            sent.append(address)
            raise RuntimeError("the worker ends here")
        send_mail(session, address=address, **more)

    monkeypatch.setattr(subscriptions, "send_mail", interrupted)
    with pytest.raises(RuntimeError):
        public.told()
    digests = [each.address for each in list_mails(public.database) if each.template == "subscription_digest"]
    assert digests == boxes[:2], "what was written before stays written"
    assert public.told() == 3
    assert public.told() == 0
    digests = [each.address for each in list_mails(public.database) if each.template == "subscription_digest"]
    assert digests == boxes
    make_move(client, drafted, drafted.secretariat, "confirm")
    assert public.told() == 5


def test_a_recommendation_and_its_round_count_as_one(
    client: TestClient, world: World, clock: MovedClock, public: Public
) -> None:
    first = lead_to(client, world, clock, S.PUBLISHED)
    public.subscribe(about(first), "consultations")
    with public.database.write() as session:
        recommendation = session.get_one(Recommendation, UUID(first.id))
        round_ = CommentRound(
            id=new_id(clock()),
            created_at=clock(),
            recommendation_id=recommendation.id,
            body_id=recommendation.body_id,
            number=7,
            version=1,
            audience=Audience.PUBLIC,
            state_since=clock(),
            opened_at=clock(),
            closes_at=clock() + timedelta(days=14),
        )
        record_creation(session, EventType.ROUND_OPENED, round_, actor=SYSTEM_ACTOR)
        record(session, EventType.RECOMMENDATION_CHECKED, recommendation, actor=SYSTEM_ACTOR)
    assert public.told() == 1
    mail = public.mails()[-1]
    assert "round=7" in text_of(public.database, mail)
    assert subject_of(public.database, mail) == "Neues zu: Übergänge sichern"


def test_very_much_news_is_cut_and_the_rest_is_counted(
    client: TestClient, world: World, public: Public, field: str, clock: MovedClock
) -> None:
    public.subscribe(field)
    body = world.body()
    for number in range(42):
        key = publish(world, body, [world.organisation()], title=f"Empfehlung {number:02}")
        with public.database.write() as session:
            recommendation = session.get_one(Recommendation, key)
            record(session, EventType.RECOMMENDATION_PUBLISHED, recommendation, actor=SYSTEM_ACTOR)
    assert public.told() == 1
    mail = public.mails()[-1]
    words = text_of(public.database, mail)
    assert subject_of(public.database, mail) == "Neues aus dem Dialogforum zu 42 Empfehlungen"
    assert ("Empfehlung 39" in words, "Empfehlung 40" in words) == (True, False)
    assert "Und 2 weitere Empfehlungen" in words
