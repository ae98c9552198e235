"""Being told by mail without an account: asked for, confirmed, ended, forgotten, and never a way to bother others."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import update
from sqlmodel import select
from starlette.testclient import TestClient

from app.domain.recommendations import RecommendationState as S
from app.models.base import new_id
from app.models.outbox import OutgoingMail, UndeliverableAddress
from app.models.people import Person
from app.models.subscriptions import Subscription
from app.worker import Worker
from tests.browsing import StatementCounter, send, sign_in
from tests.conftest import MovedClock
from tests.drafting import count_rows
from tests.factories import World
from tests.mails import links_of, message_of, subject_of
from tests.moving import lead_to, make_move
from tests.subscribing import MAILBOX, Public, about, forget


def test_one_of_two_ends_and_the_other_stays_until_nothing_is_left(
    client: TestClient, world: World, clock: MovedClock, public: Public, field: str
) -> None:
    first = lead_to(client, world, clock, S.PUBLISHED)
    public.subscribe(about(first))
    public.subscribe(field)
    make_move(client, first, first.secretariat, "check")
    assert Worker(public.database).run_once() > 0
    with public.database.read() as session:
        assert {each.sent_at is not None for each in session.exec(select(OutgoingMail)).all()} == {True}
    make_move(client, first, first.secretariat, "confirm")
    assert public.told() == 1
    of_one, of_other, of_all = (public.link("beenden", public.mails()[-1], number) for number in range(3))

    for _bot in range(2):
        assert client.get(of_one).status_code == client.head(of_one).status_code == 200
    assert count_rows(public.database, Subscription) == 2
    assert "Jetzt beenden" in client.get(of_one).text
    ended = client.post(of_one)
    assert (ended.status_code, "andere Abonnements" in ended.text) == (200, True)
    assert client.post(of_one).status_code == 200
    with public.database.read() as session:
        assert [each.target.value for each in session.exec(select(Subscription)).all()] == ["field_of_action"]
    assert links_of(public.database, public.mails()[-1]).count(of_other) == 1
    assert of_one not in links_of(public.database, public.mails()[-1])

    assert set(public.everywhere()) == {"subscription", "outgoing_mail"}
    assert client.post(of_other).status_code == 200
    assert public.everywhere() == []
    assert "ist beendet" in client.get(of_all).text
    assert client.post(of_all).status_code == 200
    make_move(client, first, first.secretariat, "check")
    assert public.told() == 0
    assert Worker(public.database).run_once() >= 0
    assert public.everywhere() == []


def test_all_of_an_address_end_together_also_from_the_mail_of_one(
    client: TestClient, world: World, clock: MovedClock, public: Public, field: str
) -> None:
    first = lead_to(client, world, clock, S.PUBLISHED)
    public.subscribe(about(first))
    public.subscribe("consultations", field)
    public.subscribe("consultations", email="andere@beispiel.example")
    make_move(client, first, first.secretariat, "check")
    public.told()
    ended = client.post(public.link("beenden", public.mails()[-1], 0))
    rest = re.search(r'action="(/abonnieren/beenden/[^"]+)"', ended.text)
    assert rest
    assert "zu keinem Thema mehr" in client.get(rest[1]).text
    assert "Mit dem letzten Abonnement" in client.post(rest[1]).text
    assert public.everywhere() == []
    assert count_rows(public.database, Subscription) == 1


def test_a_mail_program_ends_with_one_click(
    client: TestClient, world: World, clock: MovedClock, public: Public
) -> None:
    drafted = lead_to(client, world, clock, S.PUBLISHED)
    public.subscribe(about(drafted))
    make_move(client, drafted, drafted.secretariat, "check")
    public.told()
    message = message_of(public.database, public.mails()[-1])
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    path = message["List-Unsubscribe"].strip("<>").removeprefix("http://testserver")
    sign_in(client, drafted.member)
    foreign = {"Origin": "https://post.example", "Sec-Fetch-Site": "cross-site"}
    answer = client.post(path, data={"List-Unsubscribe": "One-Click"}, headers=foreign)
    assert (answer.status_code, "set-cookie" in answer.headers) == (200, False)
    assert public.everywhere() == []


def test_links_are_ours_and_good_for_one_thing(
    client: TestClient, world: World, clock: MovedClock, public: Public
) -> None:
    drafted = lead_to(client, world, clock, S.PUBLISHED)
    public.ask(about(drafted))
    link = public.link("bestaetigen", public.mails()[0])
    word = link.rsplit("/", 1)[1]
    forged = [word[:-2] + "AA", word.swapcase(), word.split(".")[0], f"{word.split('.')[0]}.", "ü", "%FF%FE", "." * 40]
    for path in [f"/abonnieren/beenden/{word}", *(f"/abonnieren/bestaetigen/{each}" for each in forged)]:
        assert client.get(path).status_code == 404, path
        assert public.post(path).status_code == 404, path
    assert public.client.post(link).status_code == 403, "a button of our own page, not any request, confirms"
    with public.database.read() as session:
        assert session.exec(select(Subscription)).one().confirmed_at is None
    public.post(link)
    make_move(client, drafted, drafted.secretariat, "check")
    public.told()
    end = public.link("beenden", public.mails()[-1])
    assert public.post(end.replace("beenden", "bestaetigen")).status_code == 404


def test_no_answer_tells_whether_an_address_is_known(public: Public) -> None:
    public.subscribe("consultations")
    known, unknown = public.ask("consultations"), public.ask("consultations", email="neu@beispiel.example")
    for one, other in ((known, unknown), (public.ask("consultations", email=MAILBOX.upper()), unknown)):
        assert (one.status_code, one.text, one.headers["location"]) == (
            other.status_code,
            other.text,
            other.headers["location"],
        )
    assert subject_of(public.database, public.mails()[-1]) == "Sie haben diese Nachrichten schon abonniert"
    assert public.link("beenden", public.mails()[-1])
    with public.database.read() as session:
        found = session.exec(select(Subscription).where(Subscription.address == MAILBOX)).one()
        assert found.confirmed_at is not None


def test_a_mailbox_is_not_flooded_and_nobody_is_told(public: Public, clock: MovedClock) -> None:
    answers = {public.ask("consultations").headers["location"] for _number in range(9)}
    assert answers == {"/abonnieren/angekommen"}
    assert len(public.mails()) == 5
    clock.advance(hours=1, minutes=1)
    for _number in range(9):
        public.ask("consultations")
    assert len(public.mails()) == 10
    clock.advance(hours=1, minutes=1)
    public.ask("consultations")
    assert len(public.mails()) == 10
    public.post(public.link("bestaetigen", public.mails()[0]))
    public.ask("consultations")
    assert len(public.mails()) == 11, "who confirms wants them"


def test_a_network_that_asks_too_often_waits_and_its_text_stays(public: Public, clock: MovedClock) -> None:
    for number in range(20):
        assert public.ask("consultations", email=f"leser{number}@beispiel.example").status_code == 303
    refused = public.ask("consultations", email="leser21@beispiel.example")
    assert refused.status_code == 429
    assert int(refused.headers["Retry-After"]) > 0
    assert 'value="leser21@beispiel.example"' in refused.text
    assert "viele Anfragen" in refused.text
    assert public.mails("leser21@beispiel.example") == []
    clock.advance(hours=1, minutes=1)
    assert public.ask("consultations", email="leser21@beispiel.example").status_code == 303


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "leserin",
        "leserin@",
        "@beispiel.example",
        "leserin@beispiel",
        "lese rin@beispiel.example",
        "eine@beispiel.example, andere@beispiel.example",
        "leserin@beispiel..example",
        "leserin@192.168.0.1",
        "leserin@beispiel.example\nBcc: andere@beispiel.example",
        '"><script>alert(1)</script>@beispiel.example',
        "<img src=x onerror=alert(1)>@beispiel.example",
        "jörg@beispiel.example",
        "x" * 65 + "@beispiel.example",
        "leserin@" + "x" * 64 + ".example",
        "leserin@" + "beispiel." * 40 + "example",
        "\x00@beispiel.example",
    ],
)
def test_what_is_no_address_is_said_in_german_and_shown_as_text(public: Public, typed: str) -> None:
    refused = public.ask("consultations", email=typed)
    assert refused.status_code == 422
    assert "feld-email-fehler" in refused.text
    assert any(
        words in refused.text for words in ("keine E-Mail-Adresse", "füllen Sie dieses Feld aus", "Umlauten", "Zeichen")
    )
    assert "<script>alert" not in refused.text
    assert "<img" not in refused.text
    assert "set-cookie" not in refused.headers
    assert count_rows(public.database, Subscription) == count_rows(public.database, OutgoingMail) == 0


def test_an_address_with_umlauts_in_its_domain_is_kept_as_servers_know_it(public: Public) -> None:
    assert public.ask("consultations", email="Leserin@Bücher.example").status_code == 303
    with public.database.read() as session:
        assert session.exec(select(Subscription.address)).one() == "leserin@xn--bcher-kva.example"


def test_what_cannot_be_subscribed_to_is_refused(client: TestClient, public: Public) -> None:
    for chosen in (
        (),
        ("",),
        ("person:1",),
        ("consultations; DROP",),
        (f"recommendation:{new_id()}",),
        ("addressee:",),
    ):
        refused = public.ask(*chosen)
        assert refused.status_code == 422, chosen
        assert "Abonnieren" in refused.text
    assert public.ask(*["consultations"] * 21).status_code == 422
    assert client.get("/abonnieren?about=etwas").status_code == 422
    assert count_rows(public.database, Subscription) == count_rows(public.database, OutgoingMail) == 0


def test_what_is_never_confirmed_is_forgotten_after_a_week(public: Public, clock: MovedClock) -> None:
    public.ask("consultations")
    link = public.link("bestaetigen", public.mails()[0])
    assert Worker(public.database).run_once() > 0
    clock.advance(days=6)
    assert forget(public) == 0
    public.ask("consultations")
    assert Worker(public.database).run_once() > 0
    clock.advance(days=6)
    assert forget(public) == 0, "asked for again, it has a week again"
    assert public.client.get(link).status_code == 200
    clock.advance(days=1, hours=1)
    expired = public.client.get(link)
    assert (expired.status_code, "gilt nicht mehr" in expired.text) == (410, True)
    public.post(link)
    assert forget(public) == 1
    assert public.everywhere() == []
    assert public.client.get(link).status_code == 410


def test_what_the_same_address_gets_as_a_person_stays(
    client: TestClient, world: World, public: Public, clock: MovedClock
) -> None:
    known = world.person()
    with public.database.read() as session:
        email = str(session.get_one(Person, known.person_id).email)
    client.post("/passwort-vergessen", data={"form_token": public.token, "email": email})
    public.subscribe("consultations", email=email)
    with public.database.write() as session:
        session.add(UndeliverableAddress(id=new_id(), created_at=clock(), refused_at=clock(), address=email))
        subscription = session.exec(select(Subscription)).one()
    from app.documents.subscription_mails import end_path

    assert client.post(end_path(public.database.settings, [subscription.id])).status_code == 200
    assert sorted(set(public.everywhere(email))) == ["outgoing_mail", "person", "undeliverable_address"]
    assert [each.template for each in public.mails(email)] == ["password_forgotten"]


def test_the_pages_ask_little_and_set_no_cookie(
    client: TestClient, world: World, clock: MovedClock, public: Public, statements: StatementCounter, field: str
) -> None:
    drafted = lead_to(client, world, clock, S.PUBLISHED)
    paths = ["/abonnieren", f"/abonnieren?about={about(drafted)}", "/abonnieren?about=consultations"]
    paths += [f"/abonnieren?about={field}", f"/abonnieren?about=addressee:{drafted.addressee_id}"]
    public.ask(about(drafted), field, "consultations", f"addressee:{drafted.addressee_id}")
    paths.append(public.link("bestaetigen", public.mails()[0]))
    public.post(paths[-1])
    make_move(client, drafted, drafted.secretariat, "check")
    public.told()
    paths.append(public.link("beenden", public.mails()[-1]))
    for path in paths:
        with statements:
            page = client.get(path)
        assert page.status_code == 200, path
        assert statements.count <= 6, (path, statements.texts)
        assert "set-cookie" not in page.headers
    chosen = client.get(paths[1]).text
    assert re.search(rf'value="{about(drafted)}" checked', chosen)


def test_who_is_forgotten_as_a_person_is_forgotten_as_a_subscriber(
    client: TestClient, world: World, public: Public, clock: MovedClock
) -> None:
    known = world.person()
    with public.database.write() as session:
        email = str(session.get_one(Person, known.person_id).email)
        session.add(UndeliverableAddress(id=new_id(), created_at=clock(), refused_at=clock(), address=email))
    public.subscribe("consultations", email=email)
    assert count_rows(public.database, UndeliverableAddress) == 0, "the link arrived"
    client.post("/passwort-vergessen", data={"form_token": public.token, "email": email})
    with public.database.write() as session:
        session.add(UndeliverableAddress(id=new_id(), created_at=clock(), refused_at=clock(), address=email))
        session.exec(update(OutgoingMail).values(last_error=f"550 {email}"))
    secretariat = world.secretariat()
    forgotten = send(
        client, secretariat, f"/verwaltung/personen/{known.person_id}/loeschen", {"reason": "Auf eigenen Wunsch."}
    )
    assert forgotten.status_code == 303
    assert public.everywhere(email) == []


def test_asked_for_twice_at_once_it_is_one_subscription(public: Public) -> None:
    with ThreadPoolExecutor(4) as readers:
        answers = list(readers.map(lambda _number: public.ask("consultations"), range(4)))
    assert {each.status_code for each in answers} == {303}
    assert count_rows(public.database, Subscription) == 1
