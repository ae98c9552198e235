"""Being told by mail without an account: asked for, confirmed, told of what is public, ended, forgotten."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import update
from sqlmodel import SQLModel, select
from starlette.testclient import TestClient

from app.actions.record import record
from app.actions.subscriptions import forget_lapsed_subscriptions, mail_subscribers
from app.config import Settings
from app.db import Database
from app.domain.actors import SYSTEM_ACTOR
from app.domain.events import EventType
from app.domain.recommendations import RecommendationState as S
from app.models.base import new_id
from app.models.organisations import Organisation
from app.models.outbox import OutgoingMail, UndeliverableAddress
from app.models.people import Person
from app.models.programmes import FieldOfAction
from app.models.recommendations import Recommendation
from app.models.subscriptions import Subscription
from app.security import anonymous_form_token
from app.worker import Worker
from tests.browsing import StatementCounter, send, sign_in
from tests.conftest import MovedClock
from tests.drafting import Drafted, count_rows, draft
from tests.factories import World
from tests.implementing import publish
from tests.mails import html_of, links_of, list_mails, message_of, subject_of, text_of
from tests.moving import in_days, lead_to, make_move, open_comments

MAILBOX = "leserin@beispiel.example"


class Public:
    """A reader without an account, and the mailbox somebody of that name reads."""

    def __init__(self, client: TestClient, database: Database, settings: Settings) -> None:
        self.client, self.database = client, database
        self.token = anonymous_form_token(settings)

    def ask(self, *about: str, email: str = MAILBOX) -> Any:
        """Send the form."""
        self.client.cookies.clear()
        return self.client.post("/abonnieren", data={"form_token": self.token, "email": email, "about": list(about)})

    def post(self, path: str) -> Any:
        """Press the button of a page behind a link."""
        return self.client.post(path, data={"form_token": self.token})

    def subscribe(self, *about: str, email: str = MAILBOX) -> None:
        """Ask, open the mail, and confirm."""
        assert self.ask(*about, email=email).status_code == 303
        assert self.post(self.link("bestaetigen", self.mails(email)[-1])).status_code == 303

    def mails(self, email: str = MAILBOX) -> list[OutgoingMail]:
        """The mails written to a mailbox, oldest first."""
        return [each for each in list_mails(self.database) if each.address == email]

    def link(self, kind: str, mail: OutgoingMail, number: int = 0) -> str:
        """A link of a mail to confirm or to end."""
        return [path for path in links_of(self.database, mail) if path.startswith(f"/abonnieren/{kind}/")][number]

    def told(self) -> int:
        """What the worker writes now; how many mails."""
        with self.database.write() as session:
            return mail_subscribers(session)

    def everywhere(self, wanted: str = MAILBOX) -> list[str]:
        """The tables in which a text stands."""
        found: list[str] = []
        with self.database.read() as session:
            for table in SQLModel.metadata.sorted_tables:
                rows = session.connection().execute(table.select()).all()
                found += [table.name for row in rows if any(wanted in str(value) for value in row)]
        return found


@pytest.fixture
def public(client: TestClient, database: Database, settings: Settings) -> Public:
    return Public(client, database, settings)


@pytest.fixture
def field(database: Database) -> str:
    """The field that the bodies of the test world belong to, as a form names it."""
    with database.read() as session:
        return f"field_of_action:{session.exec(select(FieldOfAction.id).where(FieldOfAction.code == 'B')).one()}"


def about(drafted: Drafted) -> str:
    """The recommendation as a form names it."""
    return f"recommendation:{drafted.id}"


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


def forget(public: Public) -> int:
    """What the worker forgets now and then."""
    with public.database.write() as session:
        return forget_lapsed_subscriptions(session)


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


def test_asked_for_twice_at_once_it_is_one_subscription(public: Public) -> None:
    with ThreadPoolExecutor(4) as readers:
        answers = list(readers.map(lambda _number: public.ask("consultations"), range(4)))
    assert {each.status_code for each in answers} == {303}
    assert count_rows(public.database, Subscription) == 1


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
