"""From its deadline on a Stellungnahmeverfahren is shown closed everywhere, though nobody has recorded it yet."""

from __future__ import annotations

import re
from html import unescape

import pytest
from sqlmodel import select
from starlette.testclient import TestClient

from app.actions.consultations import close_due_rounds
from app.domain.recommendations import RecommendationState
from app.models.programmes import Edition
from app.models.recommendations import Recommendation
from app.queries.tasks import list_tasks
from app.wording.tasks import TaskKind
from tests.browsing import StatementCounter, sign_in
from tests.conftest import MovedClock
from tests.drafting import Drafted
from tests.factories import Known, World
from tests.moving import decide, lead_to, make_move, open_comments

S = RecommendationState
RUNS, IS_OVER = "Stellungnahmeverfahren", "Auswertung"


@pytest.fixture
def drafted(client: TestClient, world: World, clock: MovedClock) -> Drafted:
    """Its round ended a minute ago, and no worker ran."""
    made = lead_to(client, world, clock, S.GROUP_REVIEW)
    open_comments(client, clock, made)
    clock.advance(days=15, minutes=1)
    return made


def words(client: TestClient, known: Known, path: str) -> str:
    """What is read on the main part of the page, without marks."""
    sign_in(client, known)
    answer = client.get(path)
    assert answer.status_code == 200, answer.text
    main = answer.text.partition("<main")[2].partition("</main>")[0]
    main = re.sub(r"<select.*?</select>|<nav.*?</nav>", " ", main, flags=re.DOTALL)
    return unescape(" ".join(re.sub(r"<[^>]+>", " ", main).split())).replace("\u00ad", "")


def edition_code(world: World) -> str:
    """The open edition's code."""
    with world.database.read() as session:
        return session.exec(select(Edition.code)).first() or ""


def test_every_page_shows_it_in_evaluation(client: TestClient, world: World, drafted: Drafted) -> None:
    for known, path in (
        (drafted.member, drafted.page),
        (drafted.member, f"{drafted.page}/beratung"),
        (drafted.member, f"{drafted.page}/entstehung"),
        (drafted.member, "/empfehlungen"),
        (drafted.member, f"/gremien/{drafted.body.slug}"),
        (drafted.member, f"/ausgaben/{edition_code(world)}"),
        (drafted.secretariat, f"/verwaltung/programm/ausgaben/{edition_code(world)}"),
        (drafted.secretariat, "/uebersicht?view=table"),
    ):
        page = words(client, known, path)
        assert IS_OVER in page, (path, page)
        assert f"{RUNS} " not in page.replace("Zum Stellungnahmeverfahren", ""), (path, page)
    assert "Das Stellungnahmeverfahren läuft" not in words(client, drafted.member, drafted.page)
    pages = (drafted.page, "/empfehlungen", f"/gremien/{drafted.body.slug}", f"{drafted.page}/stellungnahmen")
    before = [words(client, drafted.member, path) for path in pages]
    with world.database.write() as session:
        assert session.exec(select(Recommendation.state)).one() is S.COMMENTING
        assert close_due_rounds(session) == 1
    assert [words(client, drafted.member, path) for path in pages] == before


def test_lists_are_narrowed_by_what_they_show(client: TestClient, drafted: Drafted) -> None:
    for state, is_found in ((S.COMMENTING, False), (S.EVALUATION, True)):
        assert (drafted.page in _listed(client, drafted, state)) is is_found
        found = client.get(f"/api/v1/recommendations?state={state}", headers=drafted.member.headers).json()["items"]
        assert [each["state"] for each in found] == ([S.EVALUATION] if is_found else [])


def test_before_the_deadline_it_is_shown_running(client: TestClient, world: World, clock: MovedClock) -> None:
    drafted = lead_to(client, world, clock, S.COMMENTING)
    assert RUNS in words(client, drafted.member, drafted.page)
    assert drafted.page in _listed(client, drafted, S.COMMENTING)
    assert drafted.page not in _listed(client, drafted, S.EVALUATION)


def test_the_chair_has_it_to_conclude_and_the_body_reads_the_news(
    client: TestClient, world: World, clock: MovedClock
) -> None:
    drafted = lead_to(client, world, clock, S.COMMENTING)
    with world.database.read() as session:
        tasks = list_tasks(session, world.actor(drafted.chair, session))
    assert [task.kind for task in tasks] == [TaskKind.GIVE_STATEMENT]
    words(client, drafted.member, f"/gremien/{drafted.body.slug}")
    clock.advance(days=15)
    with world.database.read() as session:
        tasks = list_tasks(session, world.actor(drafted.chair, session))
    assert [task.kind for task in tasks] == [TaskKind.CONCLUDE_ROUND]
    assert "Jetzt im Stand „Auswertung“" in words(client, drafted.member, f"/gremien/{drafted.body.slug}")


def test_a_second_round_is_told_by_its_own_deadline(
    client: TestClient, clock: MovedClock, drafted: Drafted, statements: StatementCounter
) -> None:
    open_comments(client, clock, drafted)
    assert drafted.page in _listed(client, drafted, S.COMMENTING)
    make_move(client, drafted, drafted.chair, "close_comments", reason="Alle haben geantwortet.")
    assert drafted.page in _listed(client, drafted, S.EVALUATION)
    with statements:
        assert IS_OVER in words(client, drafted.member, drafted.page)
    assert statements.count <= 12, statements.texts


@pytest.mark.parametrize("had_round", [True, False])
def test_a_stellungnahmeverfahren_that_never_was_is_not_ticked(
    client: TestClient, world: World, clock: MovedClock, had_round: bool
) -> None:
    drafted = lead_to(client, world, clock, S.EVALUATION if had_round else S.GROUP_REVIEW)
    assert "ohne Stellungnahmeverfahren" not in words(client, drafted.member, drafted.page)
    make_move(client, drafted, drafted.chair, "call_decision")
    decide(client, clock, drafted)
    make_move(client, drafted, drafted.chair, "carry")
    page = words(client, drafted.member, drafted.page)
    assert ("ohne Stellungnahmeverfahren , übersprungen" in page) is not had_round
    assert ("Stellungnahmen , abgeschlossen" in page) is had_round


def _listed(client: TestClient, drafted: Drafted, state: RecommendationState) -> str:
    sign_in(client, drafted.member)
    return client.get(f"/empfehlungen?state={state.value}").text
