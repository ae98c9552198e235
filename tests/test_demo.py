"""The example programme: something to show in every important state, a whole record, and marked as what it is."""

from __future__ import annotations

import io
import zipfile
from datetime import timedelta

from sqlmodel import col, func, select
from starlette.testclient import TestClient

from app.demo import load
from app.domain.events import EventType
from app.domain.measures import MeasureState
from app.domain.notifications import Urgency
from app.domain.recommendations import RecommendationState
from app.models.ballots import Ballot, DissentingOpinion, SeatPosition
from app.models.measures import Measure
from app.models.notifications import Notification
from app.models.outbox import OutgoingMail
from app.models.recommendations import Recommendation, Supersession
from app.models.record import Event
from app.models.theme_considerations import ThemeConsideration
from app.queries.record import verify_record
from tests.conftest import EXAMPLE_DAY, Example


def test_one_recommendation_stands_in_each_important_state(example: Example) -> None:
    with example.database.read() as session:
        states = list(session.exec(select(Recommendation.state)))
        assert set(states) == {
            RecommendationState.DRAFT,
            RecommendationState.COMMENTING,
            RecommendationState.GROUP_DECISION,
            RecommendationState.LEAD_REVIEW,
            RecommendationState.PUBLISHED,
            RecommendationState.SUPERSEDED,
        }
        today = select(Measure).where(Measure.created_at > EXAMPLE_DAY - timedelta(days=600))
        measures = {measure.state for measure in session.exec(today)}
        assert measures == {MeasureState.VERIFIED_DONE, MeasureState.IN_PROGRESS, MeasureState.PLANNED}
        assert session.exec(select(func.count()).select_from(DissentingOpinion)).one() == 2
        assert session.exec(select(func.count()).select_from(SeatPosition)).one() > 20
        overdue = select(Measure).where(
            col(Measure.due_on) < EXAMPLE_DAY.date(), Measure.state == MeasureState.IN_PROGRESS
        )
        assert session.exec(overdue).one()


def test_it_shows_how_decisions_go(example: Example) -> None:
    with example.database.read() as session:
        assert session.exec(select(Ballot).where(col(Ballot.held_on).is_not(None))).one().place
        recorded = select(SeatPosition).where(col(SeatPosition.recorded_by_id).is_not(None))
        assert len(session.exec(recorded).all()) == 3
        assert session.exec(select(Ballot).where(col(Ballot.postponed_from).is_not(None))).one().postponing_reason
        assert session.exec(select(Event).where(Event.type == EventType.CO_SIGNATURE_LIFTED)).one()
        assert session.exec(select(Supersession)).one()
        assert session.exec(select(Recommendation).where(col(Recommendation.confirmed_year).is_not(None))).one()
        assert len(session.exec(select(ThemeConsideration)).all()) > 5


def test_its_record_is_whole_and_nothing_lies_in_the_future(example: Example) -> None:
    with example.database.read() as session:
        assert list(verify_record(session)) == []
        assert session.exec(select(func.max(Event.created_at))).one() < EXAMPLE_DAY + timedelta(seconds=1)


def test_loading_it_twice_changes_nothing(example: Example) -> None:
    with example.database.read() as session:
        before = session.exec(select(func.count()).select_from(Event)).one()
    assert load(example.database.settings, EXAMPLE_DAY) is False
    with example.database.read() as session:
        assert session.exec(select(func.count()).select_from(Event)).one() == before


def test_a_few_fresh_notifications_wait_and_nobody_was_written_to(example: Example) -> None:
    with example.database.read() as session:
        told = session.exec(select(Notification)).all()
        assert session.exec(select(func.count()).select_from(OutgoingMail)).one() == 0
    fresh = [each for each in told if each.read_at is None]
    assert 10 < len(fresh) < len(told) / 10
    assert min(each.happened_at for each in fresh) > EXAMPLE_DAY - timedelta(days=30)
    assert {each.urgency for each in fresh} == set(Urgency)


def test_each_page_that_shows_it_says_so(example: Example) -> None:
    paths = (
        "/",
        "/empfehlungen",
        "/empfehlungen/IP-2026-B-01",
        "/umsetzung",
        "/beteiligung",
        "/beteiligte",
        "/gremien",
        "/handlungsfelder/bildung",
        "/handlungsfelder/berufliche-integration",
    )
    with TestClient(example.app) as client:
        for path in paths:
            assert "Beispieldaten" in client.get(path).text, path
        assert "Beispieldaten" not in client.get("/impressum").text
        paper = client.get("/empfehlungen/IP-2026-B-01/empfehlung.odt").content
        with zipfile.ZipFile(io.BytesIO(paper)) as file:
            assert "Beispieldaten" in file.read("content.xml").decode()
