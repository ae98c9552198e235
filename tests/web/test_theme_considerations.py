"""Querschnittsprüfung on the pages: stated on the working page, printed there, when published and in the story."""

from __future__ import annotations

from sqlmodel import select
from starlette.testclient import TestClient

from app.domain.recommendations import RecommendationState as S
from app.models.programmes import CrossCuttingTheme
from app.models.theme_considerations import ThemeConsideration
from tests.browsing import send, sign_in, sign_out
from tests.conftest import MovedClock
from tests.drafting import count_rows, draft
from tests.factories import World
from tests.moving import lead_to, make_move

SENTENCE = "Ehrenamtliche begleiten den Übergang."


def theme_id(world: World) -> str:
    """One of the themes a fresh database has."""
    with world.database.read() as session:
        return str(session.exec(select(CrossCuttingTheme.id).order_by(CrossCuttingTheme.sort_key)).first())


def test_a_refused_sentence_comes_back_as_it_was_typed(client: TestClient, world: World) -> None:
    drafted = draft(client, world)
    action = f"{drafted.page}/querschnittsthemen/{theme_id(world)}"
    sign_in(client, drafted.member)
    shown = client.get(drafted.page).text
    assert shown.count("noch nicht angegeben") == 2
    assert action not in shown
    assert send(client, drafted.member, action, {"relevance": "considered", "text": SENTENCE}).status_code == 403
    refused = send(client, drafted.rapporteur, action, {"text": SENTENCE})
    assert refused.status_code == 422
    assert SENTENCE in refused.text
    assert refused.text.count("data-focus") == 1
    assert count_rows(world.database, ThemeConsideration) == 0
    for _time in range(2):
        saved = send(client, drafted.rapporteur, action, {"relevance": "considered", "text": SENTENCE})
        assert saved.status_code == 303
        assert saved.headers["location"].endswith("#querschnittspruefung")
    assert count_rows(world.database, ThemeConsideration) == 1
    for path in (drafted.page, f"{drafted.page}/entstehung"):
        sign_in(client, drafted.member)
        shown = client.get(path).text
        assert SENTENCE in shown
        assert shown.count("noch nicht angegeben") == 1


def test_it_is_printed_with_what_is_published_and_stated_no_more(
    client: TestClient, world: World, clock: MovedClock
) -> None:
    drafted = lead_to(client, world, clock, S.LEAD_REVIEW)
    action = f"{drafted.page}/querschnittsthemen/{theme_id(world)}"
    assert send(client, drafted.chair, action, {"relevance": "not_relevant", "text": SENTENCE}).status_code == 303
    make_move(client, drafted, drafted.secretariat, "endorse")
    today = clock.moment.date().isoformat()
    adoption = {"deciding_body": "Kabinett", "decided_on": today, "decision_reference": "TOP 1"}
    make_move(client, drafted, drafted.secretariat, "adopt", **adoption)
    sign_in(client, drafted.secretariat)
    assert action not in client.get(drafted.page).text
    assert send(client, drafted.secretariat, action, {"relevance": "considered", "text": "Neu."}).status_code == 409
    make_move(client, drafted, drafted.secretariat, "publish")
    sign_out(client)
    for path in (drafted.page, f"{drafted.page}/entstehung"):
        shown = client.get(path).text
        assert "Nicht von Belang" in shown
        assert SENTENCE in shown
        assert "noch nicht angegeben" in shown
