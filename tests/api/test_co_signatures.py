"""Co-signatures at the door of the API: asking, answering, and setting back."""

from __future__ import annotations

from typing import Any

import pytest
from sqlmodel import select
from starlette.testclient import TestClient

from app.actions.co_signatures import renew_co_signatures, reset_co_signatures
from app.domain.events import EventType
from app.domain.notifications import Urgency
from app.domain.recommendations import RecommendationState
from app.models.base import new_id
from app.models.co_signatures import CoSignature
from app.models.recommendations import Recommendation
from app.queries.record import verify_record
from tests.conftest import MovedClock
from tests.factories import Known, World
from tests.telling import notifications_of
from tests.voting import Assembly, assemble


@pytest.fixture
def held(world: World, client: TestClient) -> Assembly:
    """A decided recommendation with the Geschäftsstelle."""
    return assemble(world, client, 1, state=RecommendationState.LEAD_REVIEW)


def ask(held: Assembly, secretariat: Known, ministry: Known, **more: Any) -> Any:
    sent = {"organisation_id": str(ministry.organisation_id), **more}
    path = f"/api/v1/recommendations/{held.recommendation_id}/co-signatures"
    return held.client.post(path, json=sent, headers=secretariat.headers)


def reply(held: Assembly, known: Known, key: str, answer: str, **more: Any) -> Any:
    return held.client.post(
        f"/api/v1/co-signatures/{key}/answer", json={"answer": answer, **more}, headers=known.headers
    )


def test_an_organisation_is_asked_sees_its_version_and_answers(held: Assembly, world: World) -> None:
    secretariat, ministry, stranger = world.secretariat(), world.person(), world.person()
    page = f"/api/v1/recommendations/{held.recommendation_id}"
    assert held.client.get(page, headers=ministry.headers).status_code == 404
    assert ask(held, held.chair, ministry).status_code == 403
    asked = ask(held, secretariat, ministry, scope="Nur Absatz 2", due_on="2026-03-20")
    assert asked.status_code == 201, asked.text
    key = asked.json()["id"]
    assert (asked.json()["state"], asked.json()["version"], asked.json()["kind"]) == ("requested", 1, "co_sign")
    assert held.client.get(page, headers=ministry.headers).status_code == 200
    assert held.client.get(f"/api/v1/co-signatures/{key}", headers=stranger.headers).status_code == 404
    assert held.client.get(f"/api/v1/co-signatures/{key}").status_code == 404
    assert reply(held, ministry, key, "conditional").status_code == 422
    assert reply(held, secretariat, key, "given").status_code == 403
    assert reply(held, held.members[0], key, "given").status_code == 403
    conditional = reply(held, ministry, key, "conditional", reason="Ohne Frist.")
    assert (conditional.json()["state"], conditional.json()["reason"]) == ("conditional", "Ohne Frist.")
    given = reply(held, ministry, key, "given")
    assert (given.json()["state"], given.json()["reason"]) == ("given", "")
    listed = held.client.get(f"{page}/co-signatures", headers=held.members[0].headers).json()["items"]
    assert [each["state"] for each in listed] == ["given"]
    assert held.client.get(f"{page}/co-signatures", headers=ministry.headers).json()["items"] == [given.json()]
    with world.database.read() as session:
        assert list(verify_record(session)) == []


def test_asking_twice_makes_one(held: Assembly, world: World) -> None:
    secretariat, ministry = world.secretariat(), world.person()
    key = str(new_id())
    assert ask(held, secretariat, ministry, id=key).status_code == 201
    assert ask(held, secretariat, ministry, id=key).status_code == 200
    assert ask(held, secretariat, ministry).status_code == 409
    assert ask(held, secretariat, ministry, kind="agreement").status_code == 201
    withdrawn = held.client.post(
        f"/api/v1/co-signatures/{key}/transitions",
        json={"transition": "withdraw", "reason": "Falsche Stelle."},
        headers=secretariat.headers,
    )
    assert withdrawn.json()["state"] == "withdrawn"
    assert held.client.get(f"/api/v1/co-signatures/{key}", headers=ministry.headers).status_code == 404
    assert ask(held, secretariat, ministry).status_code == 201


def test_withdrawing_takes_a_reason_and_the_secretariat(held: Assembly, world: World) -> None:
    secretariat, ministry = world.secretariat(), world.person()
    key = ask(held, secretariat, ministry).json()["id"]
    path = f"/api/v1/co-signatures/{key}/transitions"
    assert held.client.post(path, json={"transition": "withdraw"}, headers=secretariat.headers).status_code == 422
    sent = {"transition": "withdraw", "reason": "Weil."}
    assert held.client.post(path, json=sent, headers=ministry.headers).status_code == 403
    assert held.client.post(path, json={"transition": "request_again"}, headers=secretariat.headers).status_code == 403
    assert held.client.get(f"/api/v1/co-signatures/{key}", headers=ministry.headers).json()["state"] == "requested"


def test_after_endorsing_nothing_is_asked_or_answered(held: Assembly, world: World) -> None:
    secretariat, ministry, other = world.secretariat(), world.person(), world.person()
    key = ask(held, secretariat, ministry).json()["id"]
    assert reply(held, ministry, key, "given").status_code == 200
    held.set_state(RecommendationState.STEERING_DECISION)
    assert reply(held, ministry, key, "refused", reason="Doch nicht.").status_code == 409
    assert ask(held, secretariat, other).status_code == 409
    shown = held.client.get(f"/api/v1/co-signatures/{key}", headers=ministry.headers).json()
    assert (shown["state"], shown["transitions"]) == ("given", [])


def test_a_new_text_sets_the_answers_back(held: Assembly, world: World) -> None:
    secretariat, ministry, other = world.secretariat(), world.person(), world.person()
    answered = ask(held, secretariat, ministry).json()["id"]
    waiting = ask(held, secretariat, other).json()["id"]
    reply(held, ministry, answered, "refused", reason="Zu teuer.")
    version = held.save_version("Die Länder sollten Klassen einrichten.")
    for action in (renew_co_signatures, reset_co_signatures):
        with world.database.write() as session:
            recommendation = session.get_one(Recommendation, held.recommendation_id)
            action(session, recommendation, version=version)
    with world.database.read() as session:
        rows = {str(each.id): each for each in session.exec(select(CoSignature))}
        assert list(verify_record(session)) == []
    for key in (answered, waiting):
        assert (rows[key].state, rows[key].version, rows[key].reason) == ("requested", version, "")
    asked = notifications_of(world.database, EventType.CO_SIGNATURE_REQUESTED)
    again = notifications_of(world.database, EventType.CO_SIGNATURE_REQUESTED_AGAIN)
    assert {each.person_id for each in asked} == {ministry.person_id, other.person_id}
    assert [(each.person_id, each.urgency) for each in again] == [(ministry.person_id, Urgency.TASK)]


def test_an_organisation_has_four_weeks_or_the_day_named_and_as_many_days_when_asked_again(
    held: Assembly, world: World, clock: MovedClock
) -> None:
    secretariat, ministry, other = world.secretariat(), world.person(), world.person()
    left_open = ask(held, secretariat, ministry).json()
    named = ask(held, secretariat, other, due_on="2026-03-12").json()
    assert (left_open["due_on"], named["due_on"]) == ("2026-03-30", "2026-03-12")
    reply(held, ministry, left_open["id"], "given")
    reply(held, other, named["id"], "given")
    clock.advance(days=8)
    with world.database.write() as session:
        reset_co_signatures(session, session.get_one(Recommendation, held.recommendation_id), version=1)
    again = [
        held.client.get(f"/api/v1/co-signatures/{each['id']}", headers=secretariat.headers).json()["due_on"]
        for each in (left_open, named)
    ]
    assert again == ["2026-04-07", "2026-03-20"]


def test_a_stale_answer_is_refused(held: Assembly, world: World) -> None:
    secretariat, ministry = world.secretariat(), world.person()
    key = ask(held, secretariat, ministry).json()["id"]
    tag = held.client.get(f"/api/v1/co-signatures/{key}", headers=ministry.headers).headers["etag"]
    assert reply(held, ministry, key, "given").status_code == 200
    stale = held.client.post(
        f"/api/v1/co-signatures/{key}/answer",
        json={"answer": "refused", "reason": "Nein."},
        headers={**ministry.headers, "If-Match": tag},
    )
    assert stale.status_code == 412


def test_a_request_names_an_organisation_and_a_coming_day(held: Assembly, world: World) -> None:
    secretariat, ministry = world.secretariat(), world.person()
    past = ask(held, secretariat, ministry, due_on="2026-03-01")
    assert past.json()["errors"][0]["field"] == "due_on"
    path = f"/api/v1/recommendations/{held.recommendation_id}/co-signatures"
    unknown = held.client.post(path, json={"organisation_id": str(new_id())}, headers=secretariat.headers)
    assert unknown.json()["errors"][0]["field"] == "organisation_id"
    assert ask(held, secretariat, ministry, colour="red").status_code == 422
    assert held.client.get(path, headers=secretariat.headers).json()["items"] == []


def test_a_condition_is_lifted_with_a_reason_and_its_history_stays(held: Assembly, world: World) -> None:
    secretariat, ministry = world.secretariat(), world.person()
    key = ask(held, secretariat, ministry).json()["id"]
    path = f"/api/v1/co-signatures/{key}/transitions"

    def lift(known: Known, **more: Any) -> Any:
        return held.client.post(path, json={"transition": "lift", **more}, headers=known.headers)

    assert lift(ministry, reason="Nichts aufzuheben.").status_code == 409
    reply(held, ministry, key, "conditional", reason="Ohne Rechtsgrundlage geht es nicht.")
    assert lift(ministry).status_code == 422
    assert lift(secretariat, reason="Erledigt.").status_code == 403
    assert lift(held.chair, reason="Erledigt.").status_code == 403
    shown = held.client.get(f"/api/v1/co-signatures/{key}", headers=ministry.headers).json()
    assert shown["state"] == "conditional"
    lifted = lift(ministry, reason="Die Rechtsgrundlage steht jetzt im Text.")
    assert lifted.status_code == 200, lifted.text
    assert lifted.json()["state"] == "given"
    assert [(each["type"], each["reason"]) for each in lifted.json()["history"]] == [
        ("co_signature.requested", ""),
        ("co_signature.conditional", "Ohne Rechtsgrundlage geht es nicht."),
        ("co_signature.lifted", "Die Rechtsgrundlage steht jetzt im Text."),
    ]
    assert len(notifications_of(world.database, EventType.CO_SIGNATURE_LIFTED)) >= 1
    with world.database.read() as session:
        assert list(verify_record(session)) == []


def test_a_refusal_is_not_lifted_but_answered_anew(held: Assembly, world: World) -> None:
    secretariat, ministry = world.secretariat(), world.person()
    key = ask(held, secretariat, ministry, kind="agreement").json()["id"]
    reply(held, ministry, key, "refused", reason="Nein.")
    path = f"/api/v1/co-signatures/{key}/transitions"
    sent = {"transition": "lift", "reason": "Doch."}
    assert held.client.post(path, json=sent, headers=ministry.headers).status_code == 409
    assert reply(held, ministry, key, "given").status_code == 200
