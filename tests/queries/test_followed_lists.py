"""Followed lists narrowed by what is derived: told as it stands when something happens."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import combinations_with_replacement
from uuid import UUID

import pytest
from selectolax.lexbor import LexborHTMLParser as HTMLParser
from sqlmodel import Session, select
from starlette.testclient import TestClient

from app.clock import now
from app.db import Database
from app.domain.actors import PUBLIC_ACTOR
from app.domain.implementation import AddresseeAnswer, ImplementationRule
from app.domain.measures import MeasureState
from app.models.base import new_id
from app.models.follows import FollowedList
from app.models.measures import Measure
from app.models.programmes import TargetGroup
from app.models.recommendations import Recommendation
from app.models.responses import AddresseeResponse
from app.queries.following import list_followed
from app.queries.implementation import implementation_of_many
from app.queries.implementation_status import has_status
from tests.api.test_needs import post
from tests.browsing import send, sign_in
from tests.factories import World
from tests.following import followers, say_of_list
from tests.implementing import publish
from tests.queries.test_follows import measure_of
from tests.web.test_follows import offered, press

ANSWERS = [*combinations_with_replacement(AddresseeAnswer, 1), *combinations_with_replacement(AddresseeAnswer, 2)]
STATES = [states for size in range(3) for states in combinations_with_replacement(MeasureState, size)]
FEWER_THAN_HALF = (MeasureState.VERIFIED_DONE, MeasureState.PLANNED, MeasureState.PLANNED)


def test_a_year_is_that_of_berlin_and_told_from_publication_on(
    client: TestClient, world: World, database: Database
) -> None:
    reader = world.person()
    assert say_of_list(client, reader, "recommendation", year=2026).status_code == 303
    recommendation_id = publish(world, world.body(), [world.organisation()])
    for moment, is_told in (
        (datetime(2025, 12, 31, 22, 59, tzinfo=UTC), False),
        (datetime(2025, 12, 31, 23, 0, tzinfo=UTC), True),
        (datetime(2026, 12, 31, 22, 59, tzinfo=UTC), True),
        (datetime(2026, 12, 31, 23, 0, tzinfo=UTC), False),
        (None, False),
    ):
        with database.write() as session:
            session.get_one(Recommendation, recommendation_id).published_at = moment
        assert (reader.person_id in followers(database, "recommendation", recommendation_id)) == is_told, moment
    with database.read() as session:
        page = list_followed(session, world.actor(reader, session))
        assert [each.chosen.year for each in page.lists if each.chosen] == [2026]


def test_a_status_is_told_of_the_recommendation_and_of_its_measures(
    client: TestClient, world: World, database: Database
) -> None:
    reader, other = world.person(), world.person()
    recommendation_id, measure_id = measure_of(client, world, world.body())
    say_of_list(client, reader, "recommendation", implementation_status="done")
    say_of_list(client, other, "recommendation", state="published")
    for state, is_told in ((MeasureState.IN_PROGRESS, False), (MeasureState.VERIFIED_DONE, True)):
        with database.write() as session:
            session.connection().execute(
                Measure.__table__.update().where(Measure.__table__.c.id == measure_id).values(state=state)  # type: ignore[attr-defined]
            )
        for noun, key in (("recommendation", recommendation_id), ("measure", measure_id)):
            assert (reader.person_id in followers(database, noun, key)) == is_told, (noun, state)
    assert other.person_id in followers(database, "recommendation", recommendation_id)
    assert other.person_id not in followers(database, "measure", measure_id)


def test_the_database_derives_the_status_as_the_domain_does(world: World, session: Session, database: Database) -> None:
    addressees = [world.organisation() for _each in range(2)]
    template = publish(world, world.body(), [])
    cases = [((), answers, False) for answers in ANSWERS]
    cases += [(states, (AddresseeAnswer.PENDING,), False) for states in [*STATES, FEWER_THAN_HALF]] + [((), (), True)]
    given = session.get_one(Recommendation, template).model_dump(exclude={"id", "reference", "number"})
    keys: list[UUID] = []
    for states, answers, is_closed in cases:
        key = new_id()
        keys.append(key)
        closed_at = now(session) if is_closed else None
        session.connection().execute(
            Recommendation.__table__.insert().values(**{**given, "id": key, "tracking_closed_at": closed_at})  # type: ignore[attr-defined]
        )
        shared = {"created_at": now(session), "recommendation_id": key}
        for state in states:
            row = {**shared, "id": new_id(), "title": "Kurse", "state": state, "state_since": now(session)}
            owner = {"responsible_organisation_id": addressees[0], "is_example": False}
            session.connection().execute(Measure.__table__.insert().values(**_filled(Measure, {**row, **owner})))  # type: ignore[attr-defined]
        for organisation_id, answer in zip(addressees, answers, strict=False):
            row = {**shared, "id": new_id(), "organisation_id": organisation_id, "answer": answer, "is_addressee": True}
            session.connection().execute(
                AddresseeResponse.__table__.insert().values(**_filled(AddresseeResponse, row))  # type: ignore[attr-defined]
            )
    views = implementation_of_many(session, keys, PUBLIC_ACTOR)
    assert {view.rule for view in views.values()} == set(ImplementationRule)
    for key, view in views.items():
        statuses = {each.status.value for each in views.values()}
        found = {word for word in statuses if session.exec(select(has_status(key, word))).one()}
        assert found == {view.status.value}, view


def _filled(model: type[Measure | AddresseeResponse], row: dict[str, object]) -> dict[str, object]:
    """The row with whatever else the table wants."""
    wanted = {column.name for column in model.__table__.columns}  # type: ignore[union-attr]
    made = model(**{name: value for name, value in row.items() if name in wanted}).model_dump()
    return {**made, **{name: value for name, value in row.items() if name in wanted}}


def test_several_target_groups_are_followed_as_one_list_each(
    client: TestClient, world: World, database: Database
) -> None:
    body = world.body()
    author, reader = world.member(body), world.member(body)
    with database.read() as session:
        first, second, third = session.exec(select(TargetGroup.id)).all()[:3]
    path = f"/bedarfe?target_group_ids={first}&target_group_ids={second}&visibility=body"
    assert offered(client, reader, path) == ["follow"]
    assert press_all(client, reader, path, "follow").status_code == 303
    assert offered(client, reader, path) == ["unfollow"]
    assert offered(client, reader, f"/bedarfe?target_group_ids={first}&visibility=body") == ["unfollow"]
    for groups, is_told in (([first], True), ([second, third], True), ([third], False)):
        need = post(client, author, body, target_group_ids=[str(each) for each in groups])
        assert (reader.person_id in followers(database, "need", need["id"])) == is_told, groups
    wide = post(client, author, body, target_group_ids=[str(first)], visibility="participants")
    assert reader.person_id not in followers(database, "need", wide["id"])
    sign_in(client, reader)
    assert len(HTMLParser(client.get("/konto/folgen").text).css("section:has(#listen) .entries__item")) == 2
    press_all(client, reader, path, "unfollow")
    with database.read() as session:
        assert session.exec(select(FollowedList)).all() == []


def press_all(client: TestClient, known: object, path: str, choice: str) -> object:
    """Send the form above a list with every value of a name."""
    found = HTMLParser(client.get(path).text).css(".follow form")[0]
    fields: dict[str, list[str]] = {}
    for each in found.css("input[type=hidden]"):
        fields.setdefault(str(each.attributes["name"]), []).append(each.attributes["value"] or "")
    return send(client, known, found.attributes["action"] or "", {**fields, "choice": choice})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/massnahmen?overdue=true&q=Kita", "entscheidet der Kalender"),
        ("/massnahmen?overdue=false", "entscheidet der Kalender"),
        ("/umsetzung?overdue=true", "entscheidet der Kalender"),
        ("/umsetzung?level=federal", "Nach Ebene und Antwort"),
    ],
)
def test_a_list_that_only_the_clock_changes_says_why_it_cannot_be_followed(
    client: TestClient, world: World, path: str, said: str
) -> None:
    assert offered(client, world.person(), path) == []
    assert said in client.get(path).text
    assert offered(client, None, path) == []
    assert said not in client.get(path).text


def test_too_many_at_once_are_refused_in_words(client: TestClient, world: World, database: Database) -> None:
    with database.write() as session:
        for number in range(30):
            session.add(
                TargetGroup(
                    created_at=database.clock(), name=f"Gruppe {number}", slug=f"g{number}", sort_key=f"{number}"
                )
            )
        session.flush()
        keys = session.exec(select(TargetGroup.id)).all()
    themes = [str(new_id()), str(new_id())]
    reader = world.person()
    chosen = "&".join(f"target_group_ids={key}" for key in keys[:20])
    path = f"/bedarfe?{chosen}&" + "&".join(f"cross_cutting_theme_ids={key}" for key in themes)
    assert offered(client, reader, path) == []
    assert "verbindet zu viele Merkmale" in client.get(path).text
    sent = {"target_group_id": [str(key) for key in keys[:20]], "cross_cutting_theme_id": themes}
    assert say_of_list(client, reader, "need", **sent).status_code == 422


def test_years_and_states_are_followed_from_their_pages(client: TestClient, world: World) -> None:
    reader = world.person()
    for path, words in (
        ("/empfehlungen?year=2026", "Veröffentlicht im Jahr: 2026"),
        ("/empfehlungen?implementation_status=done", "Stand der Umsetzung: Umgesetzt"),
        ("/vorschlaege?visibility=public", "Leserkreis: "),
        ("/umsetzung?status=started&year=2025", "Stand der Umsetzung: Begonnen"),
    ):
        assert press(client, reader, path, ".follow form", "follow").status_code == 303
        (link,) = (
            each for each in HTMLParser(client.get("/konto/folgen").text).css(".entries a") if words in each.text()
        )
        assert offered(client, reader, link.attributes["href"] or "") == ["unfollow"]
