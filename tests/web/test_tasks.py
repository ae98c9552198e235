"""„Was ist zu tun?“: what waits for whom, in which order, and that it costs the same however much there is."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from sqlmodel import select
from starlette.testclient import TestClient

from app.actions.ballots import close_due_ballots
from app.actions.reuses import await_confirmation, confirm_reuse
from app.actions.seats import end_membership, seat_person
from app.domain.actors import SYSTEM_ACTOR, MembershipRole, PersonRole
from app.domain.deadlines import berlin_date
from app.domain.events import EventType
from app.domain.notifications import RULES
from app.domain.recommendations import RecommendationState
from app.forms.reuses import ReuseForm
from app.models.bodies import Body, BodyResponsible, Membership, Seat
from app.models.people import Person
from app.queries.notifications import list_notifications
from app.queries.tasks import Circle, Task, list_tasks
from app.queries.waiting import ASKED_BY, still_waiting
from app.wording.tasks import TaskKind
from tests.browsing import StatementCounter, send, sign_in, sign_out
from tests.conftest import MovedClock
from tests.drafting import draft
from tests.factories import Known, World
from tests.implementing import publish
from tests.moving import lead_to, try_move
from tests.reminding import look_after
from tests.voting import assemble


def _tasks(world: World, known: Known) -> list[Task]:
    with world.database.read() as session:
        return list_tasks(session, world.actor(known, session))


def _kinds(world: World, known: Known) -> set[TaskKind]:
    return {task.kind for task in _tasks(world, known)}


def _post_need(client: TestClient, body: Body, known: Known, *, submit: bool = True) -> str:
    sent = {"body_id": str(body.id), "title": "Lange Wartezeiten", "description": "Sie dauern Monate."}
    key = client.post("/api/v1/needs", json=sent, headers=known.headers).json()["id"]
    if submit:
        client.post(f"/api/v1/needs/{key}/transitions", json={"transition": "submit"}, headers=known.headers)
    return str(key)


def _look_after(world: World, body: Body, known: Known, *, is_cover: bool = False) -> None:
    with world.database.write() as session:
        session.add(BodyResponsible(body_id=body.id, person_id=known.person_id, is_cover=is_cover))


def _join(world: World, known: Known, seat_id: UUID | None, role: MembershipRole) -> None:
    assert seat_id is not None
    with world.database.write() as session:
        seat_person(session, session.get_one(Seat, seat_id), known.person_id, role, actor=SYSTEM_ACTOR)


def test_nobody_signed_in_is_led_to_the_sign_in(client: TestClient) -> None:
    answer = client.get("/aufgaben")
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/anmelden")


def test_a_page_without_tasks_is_friendly(client: TestClient, world: World) -> None:
    member, auditor = world.member(world.body()), world.person(PersonRole.AUDITOR)
    sign_in(client, member)
    assert "Im Moment wartet nichts auf Sie." in client.get("/aufgaben").text
    sign_in(client, auditor)
    assert "Sie lesen hier mit" in client.get("/aufgaben").text


def test_drafts_are_their_authors_and_submitted_needs_their_chairs(client: TestClient, world: World) -> None:
    body = world.body("AG Aufgaben")
    member, chair, other = world.member(body), world.member(body, MembershipRole.CHAIR), world.member(body)
    _post_need(client, body, member, submit=False)
    assert _kinds(world, member) == {TaskKind.SUBMIT_NEED}
    assert _kinds(world, chair) == set()
    for _ in range(2):
        _post_need(client, body, member)
    assert _kinds(world, chair) == {TaskKind.SCREEN_NEEDS}
    assert _kinds(world, other) == set()
    sign_in(client, chair)
    page = client.get("/aufgaben").text
    assert "2 Bedarfe sichten" in page
    assert "AG Aufgaben" in page
    assert f"/bedarfe?body_id={body.id}&amp;state=submitted" in page


def test_what_staff_drafted_is_the_members_to_submit(client: TestClient, world: World) -> None:
    body = world.body()
    member = world.member(body)
    staff = world.member(body, MembershipRole.STAFF, seat_id=member.seat_id)
    _post_need(client, body, staff, submit=False)
    assert (_kinds(world, staff), _kinds(world, member)) == ({TaskKind.FINISH_DRAFT}, {TaskKind.SUBMIT_NEED})


def _waits(world: World, known: Known, event_type: EventType = EventType.BALLOT_OPENED) -> bool:
    """A mail would say that what this event told of still waits for the person."""
    with world.database.read() as session:
        actor = world.actor(known, session)
        told = [
            each for each in list_notifications(session, actor).items if each.notification.about == event_type.value
        ]
        return bool(still_waiting(session, actor, told))


def test_a_ballot_waits_for_each_seat_that_has_said_nothing(
    client: TestClient, world: World, clock: MovedClock
) -> None:
    assembly = assemble(world, client)
    deputy = world.member(assembly.body, MembershipRole.DEPUTY, seat_id=assembly.members[0].seat_id)
    observer = world.member(assembly.body, MembershipRole.OBSERVER)
    assembly.open()
    for known in [*assembly.voters, deputy]:
        assert _kinds(world, known) == {TaskKind.VOTE}
    assert _kinds(world, observer) == set()
    task = _tasks(world, assembly.chair)[0]
    assert task.effort == "Abstimmen, eine Seite"
    assert task.url == assembly.page
    assert task.days is not None
    assert task.days >= 14
    assert _waits(world, assembly.members[0])
    assembly.vote(deputy, "agree")
    assert _kinds(world, deputy) == set()
    (covered,), (open_to_all,) = _tasks(world, assembly.members[0]), _tasks(world, assembly.members[1])
    said = "Ihre Stellvertretung hat abgestimmt (Zustimmung); Ihre Position zählt, wenn Sie selbst abstimmen."
    assert (covered.kind, covered.covered_by, open_to_all.covered_by) == (TaskKind.VOTE, said, "")
    sign_in(client, assembly.members[0])
    assert said in client.get("/aufgaben").text
    assert (_waits(world, assembly.members[0]), _waits(world, assembly.members[1])) == (False, True)
    assembly.vote(assembly.members[0], "agree")
    assert _kinds(world, assembly.members[0]) == set()
    clock.advance(days=20)
    assert _kinds(world, assembly.members[1]) == set()
    assert _kinds(world, assembly.chair) == {TaskKind.CONCLUDE_BALLOT}


def test_a_round_waits_for_who_was_asked_and_its_statements_for_who_answers(
    client: TestClient, world: World, clock: MovedClock
) -> None:
    asked = world.person(organisation_id=world.organisation("Verband Gefragt"))
    drafted = draft(client, world)
    assert try_move(client, drafted, drafted.rapporteur, "start_review").status_code == 200
    opened = try_move(
        client,
        drafted,
        drafted.chair,
        "open_comments",
        audience="named",
        organisation_ids=[str(asked.organisation_id)],
        closes_at=(clock() + timedelta(days=20)).isoformat(),
    )
    assert opened.status_code == 200, opened.text
    assert _kinds(world, asked) == {TaskKind.GIVE_STATEMENT}
    task = _tasks(world, asked)[0]
    assert task.effort == "Stellung nehmen, eine Seite"
    assert task.context == "Verband Gefragt"
    rounds = client.get(f"{drafted.path}/comment-rounds", headers=drafted.chair.headers).json()["items"]
    sent = {"kind": "statement", "text": "Bitte die Kosten nennen."}
    said = client.post(f"/api/v1/comment-rounds/{rounds[0]['id']}/statements", json=sent, headers=asked.headers)
    assert said.status_code == 201, said.text
    assert _kinds(world, asked) == set()
    for editor in (drafted.chair, drafted.rapporteur):
        assert TaskKind.DISPOSE_STATEMENTS in _kinds(world, editor)
    assert TaskKind.DISPOSE_STATEMENTS not in _kinds(world, drafted.member)


def test_addressees_are_asked_to_answer_and_the_secretariat_sees_its_own_bodies_first(
    client: TestClient, world: World
) -> None:
    addressee = world.person()
    secretariat = world.secretariat()
    publish(world, world.body(), [addressee.organisation_id])
    assert _kinds(world, addressee) == {TaskKind.RESPOND}
    assert _tasks(world, addressee)[0].due_on == date(2026, 4, 27)
    first, second = assemble(world, client), assemble(world, client)
    first.set_state(RecommendationState.LEAD_REVIEW)
    second.set_state(RecommendationState.STEERING_DECISION)
    _look_after(world, second.body, secretariat)
    found = _tasks(world, secretariat)
    assert [(task.kind, task.circle) for task in found] == [
        (TaskKind.ADOPT, Circle.OWN),
        (TaskKind.REVIEW, Circle.OTHER),
    ]
    assert _kinds(world, first.chair) == set()


def test_cover_shows_a_body_only_while_its_person_is_absent(
    client: TestClient, world: World, clock: MovedClock
) -> None:
    body = world.body("AG Vertretung")
    responsible, cover = world.secretariat(), world.secretariat()
    _look_after(world, body, responsible)
    _look_after(world, body, cover, is_cover=True)
    _post_need(client, body, world.member(body))
    assert _kinds(world, responsible) == {TaskKind.SCREEN_NEEDS}
    assert _kinds(world, cover) == set()
    with world.database.write() as session:
        session.get_one(Person, responsible.person_id).absent_until = berlin_date(clock())
    assert [(task.kind, task.circle) for task in _tasks(world, cover)] == [(TaskKind.SCREEN_NEEDS, Circle.COVER)]
    clock.advance(days=1)
    assert _kinds(world, cover) == set()


def test_next_deadline_comes_first(client: TestClient, world: World, clock: MovedClock) -> None:
    late, soon = assemble(world, client), assemble(world, client)
    known = late.chair
    _join(world, known, soon.members[0].seat_id, MembershipRole.DEPUTY)
    late.open(clock() + timedelta(days=40))
    soon.open(clock() + timedelta(days=16))
    _post_need(client, late.body, known, submit=False)
    found = _tasks(world, known)
    assert [task.kind for task in found] == [TaskKind.VOTE, TaskKind.VOTE, TaskKind.SUBMIT_NEED]
    assert found[0].due_at is not None
    assert found[1].due_at is not None
    assert found[0].due_at < found[1].due_at


def test_what_is_overdue_stays_and_is_first(client: TestClient, world: World, clock: MovedClock) -> None:
    assembly = assemble(world, client)
    member = assembly.members[0]
    recommendation_id = publish(world, world.body(), [member.organisation_id])
    sent = {
        "recommendation_id": str(recommendation_id),
        "title": "Anschlusskurse einrichten",
        "responsible_organisation_id": str(member.organisation_id),
    }
    made = client.post("/api/v1/measures", json=sent, headers=world.secretariat().headers)
    assert made.status_code == 201, made.text
    assert TaskKind.REPORT not in _kinds(world, member)
    clock.advance(days=365 - 42)
    assert TaskKind.REPORT in _kinds(world, member)
    for days in (60, 400):
        clock.advance(days=days)
        assembly.open()
        found = _tasks(world, member)
        assert [task.kind for task in found] == [TaskKind.RESPOND, TaskKind.REPORT, TaskKind.VOTE]
        overdue = [-task.days for task in found if task.days is not None and task.days < 0]
        assert len(overdue) == 2
        sign_in(client, member)
        page = client.get("/aufgaben").text
        assert page.index("Anschlusskurse einrichten") < page.index("Übergänge sichern")
        for days_over in overdue:
            assert f"seit {days_over} Tagen überfällig" in page
        clock.advance(days=30)
        with world.database.write() as session:
            assert close_due_ballots(session) == 1


def test_the_page_takes_at_most_twelve_statements_however_much_there_is(
    client: TestClient, world: World, statements: StatementCounter
) -> None:
    counts = []
    secretariat = world.secretariat()
    body = world.body()
    member = world.member(body)
    _join(world, secretariat, world.seat(body), MembershipRole.CHAIR)
    for number in (3, 27):
        for _ in range(number):
            made = assemble(world, client, 1, state=RecommendationState.LEAD_REVIEW)
            _look_after(world, made.body, secretariat)
            _post_need(client, body, member)
            publish(world, body, [secretariat.organisation_id], title="Kurse verbinden")
        sign_in(client, secretariat)
        with statements:
            page = client.get("/aufgaben")
        assert page.status_code == 200
        counts.append(statements.count)
    assert counts[0] == counts[1]
    assert counts[0] <= 12
    sign_out(client)


def test_every_event_that_gives_a_task_names_the_tasks_of_the_page() -> None:
    given = {event_type for event_type, rule in RULES.items() if rule.tasks}
    by_hand = {EventType.RESPONSE_REMINDED, EventType.MEASURE_REPORT_REMINDED, EventType.NEED_REVIEW_REMINDED}
    assert given | by_hand == set(ASKED_BY)
    assert set().union(*ASKED_BY.values()) <= set(TaskKind)


def test_a_draft_given_back_a_goal_a_seat_and_a_reuse_wait_until_somebody_has_acted(
    client: TestClient, world: World, clock: MovedClock
) -> None:
    drafted = lead_to(client, world, clock, RecommendationState.GROUP_REVIEW)
    assert TaskKind.REVISE_DRAFT not in _kinds(world, drafted.rapporteur)
    back = try_move(client, drafted, drafted.chair, "return_to_draft", reason="Die Kosten fehlen.")
    assert back.status_code == 200, back.text
    assert TaskKind.REVISE_DRAFT in _kinds(world, drafted.rapporteur)
    assert TaskKind.REVISE_DRAFT not in _kinds(world, drafted.member)
    assert _waits(world, drafted.rapporteur, EventType.RECOMMENDATION_RETURNED)
    assert try_move(client, drafted, drafted.rapporteur, "start_review").status_code == 200
    assert TaskKind.REVISE_DRAFT not in _kinds(world, drafted.rapporteur)
    assert not _waits(world, drafted.rapporteur, EventType.RECOMMENDATION_RETURNED)
    goal = {"body_id": str(drafted.body.id), "kind": "strategic", "title": "Wege sind verbunden"}
    made = client.post("/api/v1/goals", json=goal, headers=drafted.member.headers).json()
    assert TaskKind.DECIDE_GOALS in _kinds(world, drafted.chair)
    assert _waits(world, drafted.chair, EventType.GOAL_PROPOSED)
    agreed = {"transition": "agree", "decided_on": "2026-03-01", "decision_reference": "Protokoll"}
    path = f"/api/v1/goals/{made['id']}/transitions"
    assert client.post(path, json=agreed, headers=drafted.chair.headers).status_code == 200
    assert TaskKind.DECIDE_GOALS not in _kinds(world, drafted.chair)
    assert not _waits(world, drafted.chair, EventType.GOAL_PROPOSED)


_REUSE = {
    "name": "Stadt Beispiel",
    "land": "he",
    "size_class": "under_100000",
    "since_on": "2026-01-15",
    "mailbox": "integration@stadt.example",
}


def test_a_free_seat_and_an_unreleased_reuse_wait_for_the_secretariat(client: TestClient, world: World) -> None:
    body = world.body("AG Plätze")
    secretariat, member = look_after(world, body), world.member(body)
    assert _kinds(world, secretariat) == set()
    with world.database.write() as session:
        membership = session.exec(select(Membership).where(Membership.person_id == member.person_id)).one()
        end_membership(session, membership.id, actor=world.actor(secretariat, session))
    recommendation_id = publish(world, body, [])
    with world.database.write() as session:
        key = await_confirmation(session, recommendation_id, ReuseForm.model_validate(_REUSE)).id
    with world.database.write() as session:
        assert confirm_reuse(session, key)
    assert _kinds(world, secretariat) == {TaskKind.FILL_SEAT, TaskKind.RELEASE_REUSE}
    assert _waits(world, secretariat, EventType.REUSE_CONFIRMED)
    sign_in(client, secretariat)
    page = client.get("/aufgaben").text
    for words in ("Freien Sitz neu besetzen", "AG Plätze", "Nachnutzung prüfen und freigeben", "Stadt Beispiel"):
        assert words in page
    for task in _tasks(world, secretariat):
        assert client.get(task.url).status_code == 200
    released = send(client, secretariat, f"/verwaltung/nachnutzungen/{key}/transitions", {"transition": "release"})
    assert released.status_code == 303
    assert _kinds(world, secretariat) == {TaskKind.FILL_SEAT}
    assert not _waits(world, secretariat, EventType.REUSE_CONFIRMED)
