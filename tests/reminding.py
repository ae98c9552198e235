"""What tests of deadlines share: one deadline of each kind with who still has to act, and a worker that runs once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlmodel import Session, select
from starlette.testclient import TestClient

from app.actions.ballots import close_due_ballots
from app.actions.consultations import close_due_rounds
from app.actions.need_reviews import ask_about_needs
from app.actions.reminders import remind
from app.db import Database
from app.domain.actors import MembershipRole
from app.domain.deadline_reminders import DeadlineKind, ReminderStage
from app.domain.deadlines import add_months, berlin_date, end_of_day
from app.domain.notifications import Urgency
from app.domain.recommendations import RecommendationState
from app.models.ballots import Ballot
from app.models.bodies import Body, BodyResponsible
from app.models.measures import Measure
from app.models.need_reviews import NeedReview
from app.models.notifications import Notification
from app.models.recommendations import RecommendationNeed
from app.wording.notifications import reminder_about
from tests.conftest import MovedClock
from tests.drafting import draft
from tests.factories import Known, World
from tests.implementing import answered_need, publish, response_of
from tests.moving import make_move
from tests.voting import assemble

K = DeadlineKind
_WORKS: tuple[Callable[[Session], int], ...] = (close_due_rounds, close_due_ballots, remind)


@dataclass(frozen=True, kw_only=True)
class Running:
    """A deadline that runs: until when, who still has to act, who has acted, who hears that it was missed."""

    kind: DeadlineKind
    subject_id: UUID
    due_at: datetime
    owing: frozenset[UUID]
    overseeing: frozenset[UUID]
    act: Callable[[], None]


def work(database: Database) -> None:
    """What a worker does with deadlines, once."""
    for each in _WORKS:
        with database.write() as session:
            each(session)


def told(database: Database, kind: DeadlineKind, stage: ReminderStage) -> list[UUID]:
    """Who was told of a stage, sorted; every one as of a deadline."""
    with database.read() as session:
        statement = select(Notification).where(Notification.about == reminder_about(kind, stage))
        found = session.exec(statement).all()
    assert all(each.urgency is Urgency.DEADLINE for each in found)
    return sorted(each.person_id for each in found)


def run_a_deadline(kind: DeadlineKind, client: TestClient, world: World, clock: MovedClock) -> Running:
    """A deadline of this kind, far enough away that no stage is reached."""
    return _MAKERS[kind](client, world, clock)


def look_after(world: World, body: Body) -> Known:
    """Somebody of the Geschäftsstelle who is responsible for the body."""
    known = world.secretariat()
    with world.database.write() as session:
        session.add(BodyResponsible(body_id=body.id, person_id=known.person_id))
    return known


def _round(client: TestClient, world: World, clock: MovedClock) -> Running:
    drafted = draft(client, world)
    asked, other = world.person(), world.person()
    make_move(client, drafted, drafted.rapporteur, "start_review")
    day = berlin_date(clock() + timedelta(days=30))
    make_move(
        client,
        drafted,
        drafted.chair,
        "open_comments",
        audience="named",
        closes_at=day.isoformat(),
        organisation_ids=[str(known.organisation_id) for known in (asked, other)],
    )
    opened = client.get(f"{drafted.path}/comment-rounds", headers=drafted.chair.headers).json()["items"][0]
    body = (drafted.chair, drafted.rapporteur, drafted.member)

    def answer() -> None:
        path = f"/api/v1/comment-rounds/{opened['id']}/statements"
        said = client.post(path, json={"kind": "agreed"}, headers=other.headers)
        assert said.status_code == 201, said.text

    return Running(
        kind=K.COMMENT_ROUND,
        subject_id=UUID(opened["id"]),
        due_at=end_of_day(day),
        owing=frozenset(known.person_id for known in (asked, *body)),
        overseeing=frozenset({drafted.chair.person_id}),
        act=answer,
    )


def _ballot(client: TestClient, world: World, clock: MovedClock) -> Running:
    assembly = assemble(world, client)
    voted, silent, spoken_for = assembly.members[:3]
    deputy = world.member(assembly.body, MembershipRole.DEPUTY, seat_id=silent.seat_id)
    other_deputy = world.member(assembly.body, MembershipRole.DEPUTY, seat_id=spoken_for.seat_id)
    world.member(assembly.body, MembershipRole.OBSERVER)
    day = berlin_date(clock() + timedelta(days=30))
    key = assembly.open(end_of_day(day))

    def vote() -> None:
        assert assembly.vote(voted, "agree").status_code == 200
        assert assembly.vote(other_deputy, "agree").status_code == 200

    silent_ones = (assembly.chair, silent, deputy, *assembly.members[3:])
    return Running(
        kind=K.BALLOT,
        subject_id=key,
        due_at=end_of_day(day),
        owing=frozenset(known.person_id for known in silent_ones),
        overseeing=frozenset({assembly.chair.person_id}),
        act=vote,
    )


def _dissent(client: TestClient, world: World, clock: MovedClock) -> Running:
    assembly = assemble(world, client, 4)
    agreed, objected, filed, waived = assembly.members
    key = assembly.open()
    for known, position in ((agreed, "agree"), (objected, "object"), (filed, "object"), (waived, "abstain")):
        more = {"reason": "Weil."} if position == "object" else {}
        assert assembly.vote(known, position, **more).status_code == 200
    clock.moment = assembly.stored().closes_at
    work(world.database)
    with world.database.read() as session:
        due_at = session.get_one(Ballot, key).dissent_until
    assert due_at is not None

    def declare() -> None:
        assert assembly.dissent(filed).status_code == 201
        assert assembly.waive(waived).status_code == 200

    return Running(
        kind=K.DISSENTING_OPINION,
        subject_id=key,
        due_at=due_at,
        # The chair took no position at all.
        owing=frozenset({objected.person_id, assembly.chair.person_id}),
        overseeing=frozenset({assembly.chair.person_id}),
        act=declare,
    )


def _co_signature(client: TestClient, world: World, clock: MovedClock) -> Running:
    assembly = assemble(world, client, 1, state=RecommendationState.LEAD_REVIEW)
    secretariat = look_after(world, assembly.body)
    ministry, answered = world.person(), world.person()
    path = f"/api/v1/recommendations/{assembly.recommendation_id}/co-signatures"
    asked = [
        client.post(path, json={"organisation_id": str(known.organisation_id)}, headers=secretariat.headers).json()
        for known in (ministry, answered)
    ]

    def sign() -> None:
        reply = f"/api/v1/co-signatures/{asked[1]['id']}/answer"
        assert client.post(reply, json={"answer": "given"}, headers=answered.headers).status_code == 200

    return Running(
        kind=K.CO_SIGNATURE,
        subject_id=UUID(asked[0]["id"]),
        due_at=end_of_day(date.fromisoformat(asked[0]["due_on"])),
        owing=frozenset({ministry.person_id}),
        overseeing=frozenset({assembly.chair.person_id, secretariat.person_id}),
        act=sign,
    )


def _response(client: TestClient, world: World, clock: MovedClock) -> Running:
    body = world.body()
    secretariat, chair = look_after(world, body), world.member(body, MembershipRole.CHAIR)
    world.secretariat()
    silent, answered = world.person(), world.person()
    key = publish(world, body, [silent.organisation_id, answered.organisation_id])

    def answer() -> None:
        path = f"/api/v1/responses/{response_of(world, key, answered.organisation_id)}/answer"
        assert client.post(path, json={"answer": "committed"}, headers=answered.headers).status_code == 200

    return Running(
        kind=K.RESPONSE,
        subject_id=response_of(world, key, silent.organisation_id),
        due_at=end_of_day(berlin_date(clock()) + timedelta(days=56)),
        owing=frozenset({silent.person_id}),
        overseeing=frozenset({chair.person_id, secretariat.person_id}),
        act=answer,
    )


def _report(client: TestClient, world: World, clock: MovedClock) -> Running:
    running = _measure(client, world, clock)
    day = berlin_date(clock()) + timedelta(days=50)
    with world.database.write() as session:
        for measure in session.exec(select(Measure)):
            measure.due_on, measure.report_due_on = None, day
            session.add(measure)
    return replace(running, kind=K.REPORT, due_at=end_of_day(day))


def _measure(client: TestClient, world: World, clock: MovedClock) -> Running:
    body = world.body()
    secretariat, chair = look_after(world, body), world.member(body, MembershipRole.CHAIR)
    owner, reported = world.person(), world.person()
    recommendation_id = publish(world, body, [])
    day = berlin_date(clock()) + timedelta(days=60)
    measures = []
    for known in (owner, reported):
        sent = {
            "recommendation_id": str(recommendation_id),
            "title": "Anschlusskurse einrichten",
            "responsible_organisation_id": str(known.organisation_id),
            "due_on": day.isoformat(),
        }
        made = client.post("/api/v1/measures", json=sent, headers=secretariat.headers)
        assert made.status_code == 201, made.text
        measures.append(made.json()["id"])

    def report() -> None:
        path = f"/api/v1/measures/{measures[1]}/transitions"
        dropped = client.post(path, json={"transition": "drop", "reason": "Entfällt."}, headers=secretariat.headers)
        assert dropped.status_code == 200, dropped.text

    return Running(
        kind=K.MEASURE,
        subject_id=UUID(measures[0]),
        due_at=end_of_day(day),
        owing=frozenset({owner.person_id}),
        overseeing=frozenset({chair.person_id, secretariat.person_id}),
        act=report,
    )


def _verification(client: TestClient, world: World, clock: MovedClock) -> Running:
    body, other_body = world.body(), world.body()
    secretariat, chair = look_after(world, body), world.member(body, MembershipRole.CHAIR)
    other = look_after(world, other_body)
    today = berlin_date(clock())
    waiting = _report_done(client, world, secretariat, publish(world, body, []), today)
    verified = _report_done(client, world, other, publish(world, other_body, []), today)

    def verify() -> None:
        answer = client.post(f"{verified}/transitions", json={"transition": "verify"}, headers=other.headers)
        assert answer.status_code == 200, answer.text

    return Running(
        kind=K.VERIFICATION,
        subject_id=UUID(waiting.rpartition("/")[2]),
        due_at=end_of_day(today + timedelta(days=30)),
        owing=frozenset({secretariat.person_id}),
        overseeing=frozenset({chair.person_id}),
        act=verify,
    )


def _report_done(client: TestClient, world: World, verifier: Known, recommendation_id: UUID, today: date) -> str:
    """The path of a measure its organisation has just reported done."""
    owner = world.person()
    sent = {
        "recommendation_id": str(recommendation_id),
        "title": "Anschlusskurse einrichten",
        "responsible_organisation_id": str(owner.organisation_id),
    }
    key = client.post("/api/v1/measures", json=sent, headers=verifier.headers).json()["id"]
    path = f"/api/v1/measures/{key}"
    report = {
        "text": "Alle Kurse laufen.",
        "status_on": today.isoformat(),
        "evidence": [{"kind": "statistic", "source": "Auswertung der Kursdaten"}],
    }
    for to, body in (
        ("transitions", {"transition": "start"}),
        ("reports", report),
        ("transitions", {"transition": "report_done"}),
    ):
        answer = client.post(f"{path}/{to}", json=body, headers=owner.headers)
        assert answer.status_code in (200, 201), answer.text
    return path


def _commitment(client: TestClient, world: World, clock: MovedClock) -> Running:
    body = world.body()
    secretariat, chair = look_after(world, body), world.member(body, MembershipRole.CHAIR)
    owner, other = world.person(), world.person()
    recommendation_id = publish(world, body, [])
    day = berlin_date(clock()) + timedelta(days=60)
    made = []
    for known in (owner, other):
        sent = {
            "recommendation_id": str(recommendation_id),
            "organisation_id": str(known.organisation_id),
            "title": "Zehn Plätze mehr in unseren Kursen",
            "due_on": day.isoformat(),
        }
        answer = client.post("/api/v1/commitments", json=sent, headers=known.headers)
        assert answer.status_code == 201, answer.text
        made.append(answer.json()["id"])

    def fulfil() -> None:
        path = f"/api/v1/commitments/{made[1]}/transitions"
        assert client.post(path, json={"transition": "fulfil"}, headers=other.headers).status_code == 200

    return Running(
        kind=K.COMMITMENT,
        subject_id=UUID(made[0]),
        due_at=end_of_day(day),
        owing=frozenset({owner.person_id}),
        overseeing=frozenset({chair.person_id, secretariat.person_id}),
        act=fulfil,
    )


def _need_review(client: TestClient, world: World, clock: MovedClock) -> Running:
    body = world.body()
    secretariat = look_after(world, body)
    silent, answered = world.person(), world.person()
    recommendation_id = publish(world, body, [])
    for known in (silent, answered):
        need_id = answered_need(world, body, known.organisation_id, "Kurse mit Kinderbetreuung")
        with world.database.write() as session:
            session.add(RecommendationNeed(recommendation_id=recommendation_id, need_id=need_id))
    clock.advance(days=366)
    with world.database.write() as session:
        assert ask_about_needs(session) == 2
    with world.database.read() as session:
        asked = {each.organisation_id: each for each in session.exec(select(NeedReview))}
    review = asked[silent.organisation_id]

    def answer() -> None:
        path = f"/api/v1/need-reviews/{asked[answered.organisation_id].id}/answer"
        assert client.post(path, json={"answer": "reduced"}, headers=answered.headers).status_code == 200

    return Running(
        kind=K.NEED_REVIEW,
        subject_id=review.id,
        due_at=end_of_day(review.due_on),
        owing=frozenset({silent.person_id}),
        overseeing=frozenset({secretariat.person_id}),
        act=answer,
    )


def _reading(client: TestClient, world: World, clock: MovedClock) -> Running:
    body = world.body()
    secretariat = look_after(world, body)
    world.member(body, MembershipRole.CHAIR)
    owner, other = world.person(), world.person()
    recommendation_id = publish(world, body, [])
    made = []
    for known in (owner, other):
        measure = {
            "recommendation_id": str(recommendation_id),
            "title": "Anschlusskurse einrichten",
            "responsible_organisation_id": str(known.organisation_id),
        }
        key = client.post("/api/v1/measures", json=measure, headers=known.headers).json()["id"]
        sent = {"title": "Anteil der Kurse", "kind": "output", "unit": "%", "rhythm": "monthly", "measure_id": key}
        answer = client.post("/api/v1/indicators", json=sent, headers=known.headers)
        assert answer.status_code == 201, answer.text
        made.append(answer.json()["id"])
    today = berlin_date(clock())

    def enter() -> None:
        value = {"period": f"{today:%Y}", "value": "12"}
        answer = client.post(f"/api/v1/indicators/{made[1]}/readings", json=value, headers=other.headers)
        assert answer.status_code == 201, answer.text

    return Running(
        kind=K.READING,
        subject_id=UUID(made[0]),
        # A month, and three until the reading has to be there.
        due_at=end_of_day(add_months(today, 4)),
        owing=frozenset({owner.person_id}),
        overseeing=frozenset({secretariat.person_id}),
        act=enter,
    )


_MAKERS = {
    K.COMMENT_ROUND: _round,
    K.BALLOT: _ballot,
    K.DISSENTING_OPINION: _dissent,
    K.CO_SIGNATURE: _co_signature,
    K.RESPONSE: _response,
    K.REPORT: _report,
    K.MEASURE: _measure,
    K.VERIFICATION: _verification,
    K.COMMITMENT: _commitment,
    K.NEED_REVIEW: _need_review,
    K.READING: _reading,
}
"""Every kind but invitations, which nobody in the application is asked by."""
