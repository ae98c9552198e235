"""The moves of a recommendation at the door of the API: what each needs, what blocks it, what it brings about."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlmodel import Session, col, select
from starlette.testclient import TestClient

from app.actions.consultations import close_due_rounds
from app.actions.publication import publish_due
from app.db import Database
from app.domain.actors import ActorKind
from app.domain.editions import EditionState
from app.domain.events import EventType
from app.domain.organisations import Level, OrganisationKind, ParticipationClass
from app.domain.recommendations import RecommendationState
from app.models.ballots import Ballot
from app.models.base import new_id
from app.models.bodies import Membership
from app.models.programmes import Edition
from app.models.recommendations import Recommendation
from app.models.record import Event
from tests.conftest import MovedClock
from tests.drafting import BLOCKS, Drafted, accepted_need, draft, save
from tests.factories import World
from tests.moving import (
    ADOPTION,
    ballots,
    decide,
    in_days,
    lead_to,
    make_move,
    open_comments,
    rounds,
    state_of,
    try_move,
    vote,
)

S = RecommendationState


@pytest.fixture
def lead(client: TestClient, world: World, clock: MovedClock) -> Callable[[RecommendationState], Drafted]:
    """Leads a fresh recommendation to a state."""
    return lambda state: lead_to(client, world, clock, state)


Lead = Callable[[RecommendationState], Drafted]


def _offer(client: TestClient, drafted: Drafted, name: str) -> Any:
    shown = client.get(drafted.path, headers=drafted.secretariat.headers).json()
    return next(each for each in shown["transitions"] if each["name"] == name)


def _refused(answer: Any, status: int, *words: str) -> None:
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    for word in words:
        assert word in answer.text


def test_a_review_starts_only_when_the_draft_is_complete(client: TestClient, world: World) -> None:
    drafted = draft(client, world, with_text=False)
    offer = _offer(client, drafted, "start_review")
    assert "Situationsbeschreibung" in offer["blocked_by"]
    assert "Empfehlung" in offer["blocked_by"]
    _refused(try_move(client, drafted, drafted.chair, "start_review"), 409, "Situationsbeschreibung")
    save(client, drafted, 0, BLOCKS[:1])
    _refused(try_move(client, drafted, drafted.chair, "start_review"), 409, "Empfehlung")
    assert state_of(client, drafted) == "draft"
    save(client, drafted, 1)
    assert _offer(client, drafted, "start_review")["blocked_by"] is None
    assert make_move(client, drafted, drafted.rapporteur, "start_review")["state"] == "group_review"


def test_a_review_needs_a_need_that_counts(client: TestClient, world: World) -> None:
    drafted = draft(client, world)
    path = f"/api/v1/needs/{drafted.need_id}/transitions"
    declined = client.post(path, json={"transition": "decline", "reason": "Doch nicht."}, headers=drafted.chair.headers)
    assert declined.status_code == 200
    _refused(try_move(client, drafted, drafted.chair, "start_review"), 409, "Bedarf")


def test_a_review_invites_every_organisation_with_a_seat_once(client: TestClient, world: World) -> None:
    drafted = draft(client, world)
    make_move(client, drafted, drafted.chair, "start_review")
    path = f"{drafted.path}/invitations"
    invited = client.get(path, headers=drafted.chair.headers).json()["items"]
    assert {each["channel"] for each in invited} == {"seat"}
    seated = {str(each.organisation_id) for each in (drafted.chair, drafted.rapporteur, drafted.member)}
    assert seated == {each["organisation_id"] for each in invited}
    make_move(client, drafted, drafted.chair, "return_to_draft", reason="Noch einmal.")
    make_move(client, drafted, drafted.chair, "start_review")
    assert len(client.get(path, headers=drafted.chair.headers).json()["items"]) == len(seated)


def test_a_move_names_what_it_needs_and_refuses_what_it_does_not_take(client: TestClient, lead: Lead) -> None:
    drafted = lead(S.GROUP_REVIEW)
    answer = try_move(client, drafted, drafted.chair, "open_comments")
    _refused(answer, 422)
    assert {each["field"] for each in answer.json()["errors"]} == {"audience", "closes_at"}
    _refused(try_move(client, drafted, drafted.chair, "call_decision", year=2026), 422, "year")
    _refused(try_move(client, drafted, drafted.chair, "fly"), 422, "transition")
    _refused(try_move(client, drafted, drafted.chair, "suspend"), 422, "reason")
    _refused(try_move(client, drafted, drafted.chair, "call_decision", colour="red"), 422, "colour")
    assert state_of(client, drafted) == "group_review"


def test_a_round_keeps_the_minimum_of_the_body_to_the_day(client: TestClient, lead: Lead, clock: MovedClock) -> None:
    drafted = lead(S.GROUP_REVIEW)
    short = try_move(client, drafted, drafted.chair, "open_comments", audience="body", closes_at=in_days(clock, 13))
    _refused(short, 422, "closes_at", "14 Tage")
    assert rounds(client, drafted) == []
    found = open_comments(client, clock, drafted)
    assert found["closes_at"].startswith((clock.moment + timedelta(days=14)).date().isoformat())
    assert found["closes_at"][11:16] in {"22:00", "23:00"}
    assert found["version"] == 1


def test_associations_before_laender_need_a_reason(client: TestClient, lead: Lead, clock: MovedClock) -> None:
    drafted = lead(S.GROUP_REVIEW)
    fields = {"audience": "associations", "closes_at": in_days(clock, 14)}
    _refused(try_move(client, drafted, drafted.chair, "open_comments", **fields), 422, "reason", "47")
    make_move(
        client, drafted, drafted.chair, "open_comments", audience="laender_municipal", closes_at=in_days(clock, 14)
    )
    make_move(client, drafted, drafted.chair, "close_comments", reason="Alle haben geantwortet.")
    make_move(client, drafted, drafted.chair, "open_comments", **fields)
    assert [each["audience"] for each in rounds(client, drafted)] == ["associations", "laender_municipal"]


def test_an_audience_is_fixed_when_the_round_opens(
    client: TestClient, world: World, lead: Lead, clock: MovedClock
) -> None:
    federal = world.organisation("Ein Ministerium", OrganisationKind.MINISTRY, Level.FEDERAL)
    world.organisation("Der Bund", OrganisationKind.COLLECTIVE, Level.FEDERAL)
    world.organisation("Ein Land", OrganisationKind.LAND, Level.STATE)
    drafted = lead(S.GROUP_REVIEW)
    official = world.person(organisation_id=federal)
    assert client.get(drafted.path, headers=official.headers).status_code == 404
    found = open_comments(client, clock, drafted, "federal")
    late = world.person(organisation_id=world.organisation("Spät", OrganisationKind.MINISTRY, Level.FEDERAL))
    assert client.get(drafted.path, headers=official.headers).status_code == 200
    assert client.get(drafted.path, headers=late.headers).status_code == 404
    invited = client.get(f"{drafted.path}/invitations", headers=drafted.chair.headers).json()["items"]
    assert [each["organisation_id"] for each in invited if each["channel"] == "round"] == [str(federal)]
    path = f"/api/v1/comment-rounds/{found['id']}/statements"
    assert client.post(path, json={"kind": "agreed"}, headers=official.headers).status_code == 201
    assert client.post(path, json={"kind": "agreed"}, headers=late.headers).status_code == 404
    assert client.post(path, json={"kind": "agreed"}, headers=drafted.member.headers).status_code == 201


def test_named_organisations_are_asked_by_name(client: TestClient, world: World, lead: Lead, clock: MovedClock) -> None:
    drafted = lead(S.GROUP_REVIEW)
    one = world.organisation()
    fields: dict[str, Any] = {"audience": "named", "closes_at": in_days(clock, 20)}
    _refused(try_move(client, drafted, drafted.chair, "open_comments", **fields), 422, "organisation_ids")
    unknown = {**fields, "organisation_ids": [str(new_id())]}
    _refused(try_move(client, drafted, drafted.chair, "open_comments", **unknown), 422, "organisation_ids")
    wrong = {**fields, "audience": "body", "organisation_ids": [str(one)]}
    _refused(try_move(client, drafted, drafted.chair, "open_comments", **wrong), 422, "organisation_ids")
    make_move(client, drafted, drafted.chair, "open_comments", **fields, organisation_ids=[str(one)])
    assert client.get(drafted.path, headers=world.person(organisation_id=one).headers).status_code == 200


def test_a_round_asks_questions_on_blocks_of_its_version(client: TestClient, lead: Lead, clock: MovedClock) -> None:
    drafted = lead(S.GROUP_REVIEW)
    block = client.get(f"{drafted.path}/versions/1", headers=drafted.chair.headers).json()["blocks"][1]["id"]
    strange = [{"text": "Reicht das?", "block_id": str(new_id())}]
    fields = {"audience": "body", "closes_at": in_days(clock, 14)}
    _refused(try_move(client, drafted, drafted.chair, "open_comments", **fields, questions=strange), 422, "questions.0")
    asked = [{"text": "Reicht das?", "block_id": block}, {"text": "Fehlt etwas?"}]
    found = open_comments(client, clock, drafted, questions=asked)
    said = [{name: each[name] for name in ("text", "block_id")} for each in found["questions"]]
    assert said == [asked[0], {**asked[1], "block_id": None}]


def test_the_clock_closes_a_round_and_the_worker_records_it(
    client: TestClient, lead: Lead, clock: MovedClock, database: Database
) -> None:
    drafted = lead(S.COMMENTING)
    found = rounds(client, drafted)[0]
    clock.advance(days=15)
    assert state_of(client, drafted) == "evaluation"
    assert rounds(client, drafted)[0]["state"] == "closed"
    offered = client.get(drafted.path, headers=drafted.chair.headers).json()["transitions"]
    assert "call_decision" in {each["name"] for each in offered}
    assert "close_comments" not in {each["name"] for each in offered}
    path = f"/api/v1/comment-rounds/{found['id']}/statements"
    _refused(client.post(path, json={"kind": "agreed"}, headers=drafted.member.headers), 409, "closed", "Frist")
    with database.write() as session:
        assert close_due_rounds(session) == 1
    with database.write() as session:
        assert close_due_rounds(session) == 0
        closed = session.exec(select(Event).where(Event.type == EventType.RECOMMENDATION_COMMENTS_CLOSED)).one()
        assert closed.actor_kind is ActorKind.SYSTEM
        assert closed.effective_at is not None
        assert closed.effective_at.isoformat()[:19] == found["closes_at"][:19]
    _refused(client.post(path, json={"kind": "agreed"}, headers=drafted.member.headers), 409, "closed")
    assert state_of(client, drafted) == "evaluation"


def test_the_next_write_records_what_the_clock_closed(client: TestClient, lead: Lead, clock: MovedClock) -> None:
    drafted = lead(S.COMMENTING)
    clock.advance(days=15)
    _refused(try_move(client, drafted, drafted.chair, "close_comments", reason="Früher."), 409)
    assert make_move(client, drafted, drafted.chair, "call_decision")["state"] == "group_decision"


def test_a_round_closed_early_prints_its_reason(client: TestClient, lead: Lead) -> None:
    drafted = lead(S.COMMENTING)
    _refused(try_move(client, drafted, drafted.chair, "close_comments"), 422, "reason")
    make_move(client, drafted, drafted.chair, "close_comments", reason="Alle haben geantwortet.")
    assert rounds(client, drafted)[0]["closing_reason"] == "Alle haben geantwortet."
    _refused(try_move(client, drafted, drafted.member, "close_comments", reason="Noch einmal."), 403)


def test_a_decision_waits_for_every_disposition(client: TestClient, lead: Lead) -> None:
    drafted = lead(S.COMMENTING)
    path = f"/api/v1/comment-rounds/{rounds(client, drafted)[0]['id']}/statements"
    posted = client.post(path, json={"text": "Bitte kürzer."}, headers=drafted.member.headers).json()
    make_move(client, drafted, drafted.chair, "close_comments", reason="Fertig.")
    _refused(try_move(client, drafted, drafted.chair, "call_decision"), 409, "Stellungnahmen", "1")
    assert ballots(client, drafted) == []
    disposed = client.post(
        f"/api/v1/statements/{posted['id']}/disposition",
        json={"disposition": "adopted", "reason": "Gekürzt."},
        headers=drafted.rapporteur.headers,
    )
    assert disposed.status_code == 200, disposed.text
    make_move(client, drafted, drafted.chair, "call_decision")
    assert ballots(client, drafted)[0]["version"] == 1


def test_a_decision_needs_a_seat_that_may_vote(
    client: TestClient, world: World, lead: Lead, database: Database
) -> None:
    drafted = lead(S.GROUP_REVIEW)
    with database.write() as session:
        for membership in session.exec(select(Membership)).all():
            membership.ended_on = membership.started_on
            session.add(membership)
    _refused(try_move(client, drafted, drafted.secretariat, "call_decision"), 409, "stimmberechtigt")
    assert state_of(client, drafted) == "group_review"


def test_a_majority_below_the_threshold_is_carried_with_dissent(
    client: TestClient, lead: Lead, clock: MovedClock
) -> None:
    drafted = lead(S.GROUP_DECISION)
    for name in ("carry", "carry_with_dissent", "repeat_decision", "reject"):
        _refused(try_move(client, drafted, drafted.chair, name, reason="Jetzt."), 409)
    decide(client, clock, drafted, "agree", "agree", "object")
    _refused(try_move(client, drafted, drafted.chair, "carry"), 409, "Mehrheit")
    _refused(try_move(client, drafted, drafted.chair, "repeat_decision", reason="Noch einmal."), 409)
    _refused(try_move(client, drafted, drafted.chair, "carry_with_dissent"), 422, "reason")
    moved = make_move(client, drafted, drafted.chair, "carry_with_dissent", reason="Zwei von drei.")
    assert moved["state"] == "lead_review"


def test_a_ballot_without_quorum_is_repeated_on_the_same_version(
    client: TestClient, lead: Lead, clock: MovedClock
) -> None:
    drafted = lead(S.GROUP_DECISION)
    clock.advance(days=15)
    _refused(try_move(client, drafted, drafted.chair, "carry_with_dissent", reason="So."), 409)
    make_move(client, drafted, drafted.chair, "repeat_decision", reason="Zu wenige.")
    found = ballots(client, drafted)
    assert [each["number"] for each in found] == [2, 1]
    assert found[0]["version"] == found[1]["version"]
    assert state_of(client, drafted) == "group_decision"


def test_endorsing_waits_for_co_signatures_and_mandatory_organisations(
    client: TestClient, world: World, lead: Lead
) -> None:
    drafted = lead(S.LEAD_REVIEW)
    mandatory = world.organisation(
        "Freie und Hansestadt Beispiel", OrganisationKind.LAND, participation_class=ParticipationClass.MANDATORY
    )
    ministry = world.organisation("Ressort Beispiel", OrganisationKind.MINISTRY, Level.FEDERAL)
    official = world.person(organisation_id=ministry)
    asked = client.post(
        f"{drafted.path}/co-signatures",
        json={"organisation_id": str(ministry)},
        headers=drafted.secretariat.headers,
    ).json()
    answer = try_move(client, drafted, drafted.secretariat, "endorse")
    _refused(answer, 409, "Freie und Hansestadt Beispiel", "Ressort Beispiel")
    assert len(answer.json()["missing"]) == 2
    entered = client.post(
        f"{drafted.path}/invitations",
        json={"organisation_id": str(mandatory), "invited_on": "2026-03-01", "channel": "entered"},
        headers=drafted.secretariat.headers,
    )
    assert entered.status_code == 201, entered.text
    path = f"/api/v1/co-signatures/{asked['id']}/answer"
    client.post(path, json={"answer": "reserved", "reason": "Kosten."}, headers=official.headers)
    _refused(try_move(client, drafted, drafted.secretariat, "endorse"), 409, "GGO")
    client.post(path, json={"answer": "given"}, headers=official.headers)
    assert make_move(client, drafted, drafted.secretariat, "endorse")["state"] == "steering_decision"


def test_adoption_freezes_the_voted_version_and_gives_a_number(
    client: TestClient, lead: Lead, clock: MovedClock, database: Database
) -> None:
    drafted = lead(S.STEERING_DECISION)
    for day, word in ((1, "Zukunft"), (-3, "endete")):
        answer = try_move(client, drafted, drafted.secretariat, "adopt", decided_on=in_days(clock, day), **ADOPTION)
        _refused(answer, 422, "decided_on", word)
    adopted = make_move(client, drafted, drafted.secretariat, "adopt", decided_on=in_days(clock, 0), **ADOPTION)
    assert adopted["reference"] == "IP-2026-B-01"
    assert adopted["adopted_version"] == 1
    assert client.get(drafted.path).status_code == 404
    second = lead(S.ADOPTED)
    shown = client.get(second.path, headers=second.secretariat.headers).json()
    assert shown["reference"] == "IP-2026-B-02"


def test_adoption_waits_for_dissenting_opinions(
    client: TestClient, lead: Lead, clock: MovedClock, world: World
) -> None:
    drafted = lead(S.GROUP_DECISION)
    for known in (drafted.chair, drafted.rapporteur):
        vote(client, drafted, known)
    others = [drafted.member]
    vote(client, drafted, others[0], "abstain")
    ballot = ballots(client, drafted)[0]["id"]
    assert client.post(f"/api/v1/ballots/{ballot}/close", headers=drafted.chair.headers).status_code == 200
    make_move(client, drafted, drafted.chair, "carry")
    make_move(client, drafted, drafted.secretariat, "endorse")
    fields = {"decided_on": in_days(clock, 0), **ADOPTION}
    _refused(try_move(client, drafted, drafted.secretariat, "adopt", **fields), 409, "Sondervoten")
    waived = client.post(
        f"/api/v1/ballots/{ballot}/dissent-waiver",
        json={"seat_id": str(drafted.member.seat_id)},
        headers=drafted.member.headers,
    )
    assert waived.status_code in {200, 201}, waived.text
    assert make_move(client, drafted, drafted.secretariat, "adopt", **fields)["state"] == "adopted"


def test_a_frozen_edition_is_adopted_as_a_whole(
    client: TestClient, lead: Lead, clock: MovedClock, database: Database
) -> None:
    drafted = lead(S.STEERING_DECISION)
    with database.read() as session:
        edition = session.exec(select(Edition).where(Edition.state == EditionState.OPEN)).one()
    frozen = client.post(
        f"/api/v1/editions/{edition.id}/transitions",
        json={"transition": "freeze", "recommendation_ids": [drafted.id]},
        headers=drafted.secretariat.headers,
    )
    assert frozen.status_code == 200, frozen.text
    fields = {"decided_on": in_days(clock, 0), **ADOPTION}
    _refused(try_move(client, drafted, drafted.secretariat, "adopt", **fields), 409, "Ganzes")
    adopted = client.post(
        f"/api/v1/editions/{edition.id}/transitions",
        json={"transition": "adopt", "recommendation_ids": [drafted.id], **fields},
        headers=drafted.secretariat.headers,
    )
    assert adopted.status_code == 200, adopted.text
    assert state_of(client, drafted) == "adopted"


def test_publishing_answers_needs_and_asks_addressees(client: TestClient, lead: Lead) -> None:
    drafted = lead(S.ADOPTED)
    assert client.get(drafted.path).status_code == 404
    make_move(client, drafted, drafted.secretariat, "publish")
    assert client.get(drafted.path).json()["state"] == "published"
    need = client.get(f"/api/v1/needs/{drafted.need_id}", headers=drafted.member.headers).json()
    assert need["state"] == "answered"
    responses = client.get(f"{drafted.path}/responses").json()["items"]
    assert [each["organisation_id"] for each in responses] == [str(drafted.addressee_id)]


def test_a_scheduled_publication_is_run_by_the_worker(
    client: TestClient, lead: Lead, clock: MovedClock, database: Database
) -> None:
    drafted = lead(S.ADOPTED)
    secretariat = drafted.secretariat
    past = (clock.moment - timedelta(hours=1)).isoformat()
    _refused(try_move(client, drafted, secretariat, "publish", publish_at=past), 422, "publish_at")
    _refused(try_move(client, drafted, secretariat, "publish", publish_at=in_days(clock, 3)), 422, "publish_at")
    when = (clock.moment + timedelta(days=3)).isoformat()
    assert make_move(client, drafted, secretariat, "publish", publish_at=when)["state"] == "adopted"
    _refused(try_move(client, drafted, secretariat, "publish", publish_at=when), 409, "geplant")
    with database.write() as session:
        assert publish_due(session) == 0
    make_move(client, drafted, secretariat, "unschedule", reason="Später.")
    clock.advance(days=4)
    with database.write() as session:
        assert publish_due(session) == 0
    when = (clock.moment + timedelta(hours=3)).isoformat()
    make_move(client, drafted, secretariat, "publish", publish_at=when)
    assert client.get(drafted.path).status_code == 404
    clock.advance(hours=4)
    with database.write() as session:
        assert publish_due(session) == 1
    assert client.get(drafted.path).status_code == 200
    need = client.get(f"/api/v1/needs/{drafted.need_id}", headers=drafted.member.headers).json()
    assert need["state"] == "answered"


def test_a_revision_makes_a_version_and_a_ballot_of_a_week(client: TestClient, lead: Lead, clock: MovedClock) -> None:
    drafted = lead(S.LEAD_REVIEW)
    blocks = client.get(f"{drafted.path}/versions/1", headers=drafted.chair.headers).json()["blocks"]
    kept = [{key: block[key] for key in ("id", "part", "kind", "number", "text")} for block in blocks]
    kept[1]["text"] = "Die Länder sollten überall Übergangsklassen einrichten."
    version = {"base_version": 1, "blocks": kept}
    fields: dict[str, Any] = {"reason": "Maßgabe eingearbeitet."}
    _refused(try_move(client, drafted, drafted.secretariat, "revise", **fields), 422, "version")
    early = {**fields, "version": version, "closes_at": in_days(clock, 5)}
    _refused(try_move(client, drafted, drafted.secretariat, "revise", **early), 422, "closes_at")
    stale = {**fields, "version": {**version, "base_version": 0}}
    _refused(try_move(client, drafted, drafted.secretariat, "revise", **stale), 409)
    assert client.get(drafted.path, headers=drafted.chair.headers).json()["version"] == 1
    moved = make_move(client, drafted, drafted.secretariat, "revise", **fields, version=version)
    assert (moved["state"], moved["version"]) == ("group_decision", 2)
    newest = ballots(client, drafted)[0]
    assert newest["version"] == 2
    assert newest["changed_block_ids"] == [kept[1]["id"]]
    assert newest["minimum_days"] == 7


def test_going_back_closes_the_round_and_makes_ballots_history(
    client: TestClient, lead: Lead, database: Database
) -> None:
    drafted = lead(S.COMMENTING)
    make_move(client, drafted, drafted.chair, "return_to_draft", reason="Von vorn.")
    assert rounds(client, drafted)[0]["state"] == "closed"
    decided = lead(S.GROUP_DECISION)
    make_move(client, decided, decided.chair, "return_to_draft", reason="Von vorn.")
    assert ballots(client, decided)[0]["state"] == "void"
    carried = lead(S.LEAD_REVIEW)
    _refused(try_move(client, carried, carried.chair, "return_to_draft", reason="Von vorn."), 403)
    make_move(client, carried, carried.secretariat, "return_to_draft", reason="Von vorn.")
    with database.read() as session:
        found = session.exec(select(Ballot).where(Ballot.recommendation_id == Recommendation.id)).all()
        assert all(each.is_history for each in found)


def test_a_dormant_recommendation_wakes_where_it_slept(client: TestClient, lead: Lead) -> None:
    drafted = lead(S.COMMENTING)
    _refused(try_move(client, drafted, drafted.chair, "suspend", reason="Pause."), 409, "läuft")
    make_move(client, drafted, drafted.chair, "close_comments", reason="Pause.")
    make_move(client, drafted, drafted.chair, "suspend", reason="Pause.")
    assert make_move(client, drafted, drafted.chair, "resume")["state"] == "evaluation"


def test_discontinuing_ends_what_runs(client: TestClient, lead: Lead) -> None:
    drafted = lead(S.COMMENTING)
    make_move(client, drafted, drafted.secretariat, "discontinue", reason="Erledigt.")
    assert rounds(client, drafted)[0]["state"] == "closed"
    decided = lead(S.GROUP_DECISION)
    make_move(client, decided, decided.secretariat, "discontinue", reason="Erledigt.")
    assert ballots(client, decided)[0]["state"] == "void"


def test_a_successor_must_be_published(client: TestClient, lead: Lead) -> None:
    old, new, draft_only = lead(S.PUBLISHED), lead(S.PUBLISHED), lead(S.DRAFT)
    secretariat = old.secretariat
    for keys, status in (
        ([], 422),
        ([str(new_id())], 422),
        ([old.id], 422),
        ([draft_only.id], 409),
        ([new.id, draft_only.id], 409),
    ):
        _refused(try_move(client, old, secretariat, "supersede", successor_ids=keys), status)
    assert make_move(client, old, secretariat, "supersede", successor_ids=[new.id])["state"] == "superseded"


def test_a_check_is_confirmed_with_its_year(client: TestClient, lead: Lead) -> None:
    drafted = lead(S.UNDER_REVIEW)
    _refused(try_move(client, drafted, drafted.secretariat, "confirm", year=2199), 422, "year")
    assert make_move(client, drafted, drafted.secretariat, "confirm")["confirmed_year"] == 2026


def test_tracking_is_closed_and_reopened(client: TestClient, lead: Lead) -> None:
    drafted = lead(S.PUBLISHED)
    closed = make_move(client, drafted, drafted.secretariat, "close_tracking", reason="Erledigt.")
    assert (closed["state"], closed["implementation_status"]) == ("published", "closed")
    _refused(try_move(client, drafted, drafted.secretariat, "close_tracking", reason="Doppelt."), 409)
    reopened = make_move(client, drafted, drafted.secretariat, "reopen_tracking", reason="Doch nicht.")
    assert reopened["implementation_status"] != "closed"


def test_of_several_moves_at_once_one_wins(
    client: TestClient, lead: Lead, clock: MovedClock, database: Database
) -> None:
    drafted = lead(S.GROUP_REVIEW)
    round_of_two_weeks = {"audience": "body", "closes_at": in_days(clock, 14)}
    moves: list[tuple[str, dict[str, str]]] = [
        ("call_decision", {}),
        ("suspend", {"reason": "Pause."}),
        ("open_comments", round_of_two_weeks),
    ]
    with ThreadPoolExecutor(3) as pool:
        answers = list(pool.map(lambda move: try_move(client, drafted, drafted.chair, move[0], **move[1]), moves))
    assert sorted(answer.status_code for answer in answers) == [200, 409, 409]
    with database.read() as session:
        _one_event_more(session, drafted)


def test_two_adoptions_at_once_get_two_numbers(client: TestClient, lead: Lead, clock: MovedClock) -> None:
    both = [lead(S.STEERING_DECISION), lead(S.STEERING_DECISION)]
    fields = {"decided_on": in_days(clock, 0), **ADOPTION}
    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(lambda each: try_move(client, each, each.secretariat, "adopt", **fields), both))
    assert {answer.json()["reference"] for answer in answers} == {"IP-2026-B-01", "IP-2026-B-02"}


def test_each_move_writes_one_event(client: TestClient, lead: Lead, database: Database) -> None:
    drafted = lead(S.PUBLISHED)
    with database.read() as session:
        found = session.exec(
            select(Event).where(col(Event.subject_id) == drafted_id(drafted)).order_by(col(Event.sequence))
        ).all()
    states = [(each.from_state, each.to_state) for each in found if each.from_state]
    assert [target for _source, target in states] == [
        "group_review",
        "group_decision",
        "lead_review",
        "steering_decision",
        "adopted",
        "published",
    ]


def drafted_id(drafted: Drafted) -> UUID:
    """Its key."""
    return UUID(drafted.id)


def _one_event_more(session: Session, drafted: Drafted) -> None:
    found = session.exec(select(Event).where(col(Event.subject_id) == drafted_id(drafted))).all()
    assert len([each for each in found if each.from_state == "group_review"]) == 1


def test_a_need_that_went_into_another_counts_as_that_one(client: TestClient, world: World) -> None:
    drafted = draft(client, world)
    targets = [
        accepted_need(client, drafted.body, drafted.member, drafted.chair, f"Zu lange Wege, {number}. Fassung")
        for number in range(6)
    ]
    for source, target in zip([drafted.need_id, *targets], targets, strict=False):
        sent = {"transition": "merge", "target_id": target, "reason": "Dasselbe."}
        merged = client.post(f"/api/v1/needs/{source}/transitions", json=sent, headers=drafted.chair.headers)
        assert merged.status_code == 200, merged.text
    assert _offer(client, drafted, "start_review")["blocked_by"] is None
    declined = {"transition": "decline", "reason": "Doch nicht."}
    client.post(f"/api/v1/needs/{targets[-1]}/transitions", json=declined, headers=drafted.chair.headers)
    _refused(try_move(client, drafted, drafted.rapporteur, "start_review"), 409)


def test_a_revision_changes_something(client: TestClient, lead: Lead) -> None:
    drafted = lead(S.LEAD_REVIEW)
    standing = client.get(f"{drafted.path}/versions/1", headers=drafted.secretariat.headers).json()
    names = ("id", "part", "kind", "number", "text")
    blocks = [{name: each[name] for name in names} for each in standing["blocks"]]
    sent = {"reason": "Nichts.", "version": {"base_version": 1, "blocks": blocks}}
    _refused(try_move(client, drafted, drafted.secretariat, "revise", **sent), 422, "version")
    shown = client.get(drafted.path, headers=drafted.secretariat.headers).json()
    assert (shown["state"], shown["version"]) == ("lead_review", 1)
    blocks[1]["text"] = "Die Länder sollten bald Übergangsklassen einrichten."
    make_move(client, drafted, drafted.secretariat, "revise", **sent)
    assert ballots(client, drafted)[0]["changed_block_ids"] == [blocks[1]["id"]]
