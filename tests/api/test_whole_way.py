"""The whole way through the API alone, with tokens from the command line: from a need to a verified measure."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from starlette.testclient import TestClient

from app.cli import main
from app.config import Settings
from tests.conftest import MovedClock

Call = Callable[..., dict[str, Any]]
RULES = {"decision_rule": "qualified_majority", "threshold_percent": 60, "ballot_days": 14, "comment_days": 14}


@pytest.fixture
def token_for(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], clock: MovedClock
) -> Callable[..., str]:
    """Make a person and a token for it on the command line, as an operator does."""
    monkeypatch.setenv("DIALOGFORUM_DATABASE_URL", settings.database_url)
    monkeypatch.setenv("DIALOGFORUM_SECRET_KEY", settings.secret_key)
    monkeypatch.setattr("app.db.system_clock", clock)
    monkeypatch.setattr("app.cli.accounts.Database", lambda given: _database(given, clock))

    def make(name: str, organisation: str, role: str = "participant") -> str:
        email = f"{name.lower()}@beispiel.example"
        assert (
            main(["user", "create", "--email", email, "--name", name, "--organisation", organisation, "--role", role])
            == 0
        )
        capsys.readouterr()
        assert main(["token", "create", "--email", email, "--name", "Test", "--write"]) == 0
        return capsys.readouterr().out.strip()

    return make


def _database(settings: Settings, clock: MovedClock) -> Any:
    from app.db import Database

    return Database(settings, clock)


class Program:
    """A program that calls the API with one person's token."""

    def __init__(self, client: TestClient, token: str) -> None:
        self.client = client
        self.headers = {"Authorization": f"Bearer {token}"}
        self.person_id = ""

    def send(self, method: str, path: str, status: int, **content: Any) -> dict[str, Any]:
        """One call with the status that is expected."""
        response = self.client.request(method, f"/api/v1{path}", json=content or None, headers=self.headers)
        assert response.status_code == status, f"{method} {path}: {response.status_code} {response.text}"
        answer: dict[str, Any] = response.json()
        return answer

    def get(self, path: str) -> dict[str, Any]:
        return self.send("GET", path, 200)

    def post(self, path: str, **content: Any) -> dict[str, Any]:
        return self.send("POST", path, 201, **content)

    def move(self, path: str, transition: str, status: int = 200, **content: Any) -> dict[str, Any]:
        return self.send("POST", f"{path}/transitions", status, transition=transition, **content)


def test_from_a_need_to_a_verified_measure(
    client: TestClient, token_for: Callable[..., str], clock: MovedClock
) -> None:
    office = Program(client, token_for("Moderation", "Geschäftsstelle", "secretariat"))
    people = {
        name: Program(client, token_for(name, f"Verband {name}"))
        for name in ("Leitung", "Redaktion", "Mitglied", "Gegenstimme")
    }
    chair, rapporteur, member, objector = (people[name] for name in ("Leitung", "Redaktion", "Mitglied", "Gegenstimme"))
    land = office.post(
        "/organisations", name="Land Beispiel", kind="land", level="state", participation_class="mandatory"
    )
    stakeholder = Program(client, token_for("Landesvertretung", "Land Beispiel"))

    body, seats = _set_up_body(office, people)
    need = _post_and_accept_need(member, chair, body)
    proposal = _post_and_discuss_proposal(member, chair, body, need)
    recommendation, blocks = _draft(rapporteur, body, need, proposal, land)
    path = f"/recommendations/{recommendation['id']}"
    chair.move(f"/proposals/{proposal['id']}", "adopt", answer="In Absatz a eingegangen.", block_ids=[blocks[1]])

    rapporteur.move(path, "start_review")
    _comment(client, chair, rapporteur, stakeholder, path, clock)
    ballot = _decide(chair, people, seats, path, clock)
    assert ballot["result"]["carried"] is True
    assert (ballot["result"]["agree"], ballot["result"]["object"]) == (3, 1)

    objector.post(
        f"/ballots/{ballot['id']}/dissenting-opinions", text="Wir hätten c gestrichen.", seat_id=seats["Gegenstimme"]
    )
    chair.move(path, "carry")
    office.move(path, "endorse")
    refused = office.move(path, "adopt", 422)
    assert {error["field"] for error in refused["errors"]} >= {"deciding_body", "decided_on", "decision_reference"}
    clock.advance(days=16)
    today = clock().date().isoformat()
    adopted = office.move(
        path, "adopt", deciding_body="Steuerungsgruppe", decided_on=today, decision_reference="B 1/26"
    )
    assert adopted["reference"] == "IP-2026-B-01"
    assert client.get(f"/api/v1{path}").status_code == 404
    office.move(path, "publish")
    assert office.get(f"/needs/{need['id']}")["state"] == "answered"

    _carry_out(client, office, stakeholder, recommendation, land, path, clock)


def _set_up_body(office: Program, people: dict[str, Program]) -> tuple[dict[str, Any], dict[str, str]]:
    fields = {each["code"]: each["id"] for each in office.get("/fields-of-action")["items"]}
    body = office.post(
        "/bodies", title="AG Übergänge", kind="working_group", field_of_action_id=fields["B"], rules=RULES
    )
    known = {each["name"]: each for each in office.get("/people?limit=200")["items"]}
    roles = {"Leitung": "chair", "Redaktion": "rapporteur", "Mitglied": "member", "Gegenstimme": "member"}
    seats: dict[str, str] = {}
    for name, role in roles.items():
        seat = office.post(f"/bodies/{body['id']}/seats", organisation_id=known[name]["organisation_id"], voting=True)
        office.post(f"/seats/{seat['id']}/memberships", person_id=known[name]["id"], role=role)
        seats[name] = seat["id"]
    assert office.move(f"/bodies/{body['id']}", "activate")["state"] == "active"
    return body, seats


def _post_and_accept_need(member: Program, chair: Program, body: dict[str, Any]) -> dict[str, Any]:
    need = member.post("/needs", body_id=body["id"], title="Leerzeiten", description="Monate ohne Anschluss.")
    member.move(f"/needs/{need['id']}", "submit")
    chair.send("POST", f"/needs/{need['id']}/support", 201)
    assert chair.move(f"/needs/{need['id']}", "accept")["state"] == "accepted"
    return need


def _post_and_discuss_proposal(
    member: Program, chair: Program, body: dict[str, Any], need: dict[str, Any]
) -> dict[str, Any]:
    proposal = member.post(
        "/proposals",
        body_id=body["id"],
        title="Beratung vor Kursende",
        description="Vier Wochen vorher.",
        need_ids=[need["id"]],
    )
    member.move(f"/proposals/{proposal['id']}", "submit")
    chair.move(f"/proposals/{proposal['id']}", "discuss")
    member.post(f"/proposals/{proposal['id']}/comments", text="Auch für Teilzeitkurse.", stance="change")
    return proposal


def _draft(
    rapporteur: Program, body: dict[str, Any], need: dict[str, Any], proposal: dict[str, Any], land: dict[str, Any]
) -> tuple[dict[str, Any], list[str]]:
    recommendation = rapporteur.post(
        "/recommendations",
        body_id=body["id"],
        title="Übergänge gestalten",
        need_ids=[need["id"]],
        proposal_ids=[proposal["id"]],
        addressee_ids=[land["id"]],
    )
    path = f"/recommendations/{recommendation['id']}"
    blocked = {each["name"]: each["blocked_by"] for each in recommendation["transitions"]}
    assert blocked["start_review"], "without a text there is no review"
    rapporteur.move(path, "start_review", 409)
    blocks = [
        {"part": "problem_statement", "text": "Der Anschluss hängt vom Zufall ab."},
        {"part": "recommendation", "number": "a", "text": "Die Länder sollten eine Beratung verankern."},
        {"part": "recommendation", "number": "c", "text": "Betriebe sollten sich beteiligen."},
    ]
    rapporteur.post(f"{path}/versions", base_version=recommendation["version"], blocks=blocks)
    stale = rapporteur.send("POST", f"{path}/versions", 409, base_version=recommendation["version"], blocks=blocks)
    assert {"base", "yours", "theirs"} <= set(stale)
    newest = rapporteur.get(f"{path}/versions/1")
    return rapporteur.get(path), [each["id"] for each in newest["blocks"]]


def _comment(
    client: TestClient, chair: Program, rapporteur: Program, stakeholder: Program, path: str, clock: MovedClock
) -> None:
    closes_at = clock().replace(hour=22).isoformat().replace("+00:00", "Z")
    early = chair.move(path, "open_comments", 422, audience="laender_municipal", closes_at=closes_at)
    assert early["errors"][0]["field"] == "closes_at"
    assert stakeholder.client.get(f"/api/v1{path}", headers=stakeholder.headers).status_code == 404
    clock.advance(days=1)
    late = clock.moment.replace(hour=22, month=clock.moment.month + 1).isoformat().replace("+00:00", "Z")
    chair.move(path, "open_comments", audience="laender_municipal", closes_at=late)
    assert stakeholder.get(path)["version"] >= 1
    found = stakeholder.get(f"{path}/comment-rounds")["items"][0]
    statement = stakeholder.post(f"/comment-rounds/{found['id']}/statements", text="Bitte auch Teilzeit.", publish=True)
    clock.advance(days=40)
    stakeholder.send("POST", f"/comment-rounds/{found['id']}/statements", 409, text="Zu spät.")
    blocked = chair.move(path, "call_decision", 409)
    assert "Stellungnahme" in blocked["detail"]
    rapporteur.send(
        "POST", f"/statements/{statement['id']}/disposition", 200, disposition="adopted", reason="Aufgenommen."
    )


def _decide(
    chair: Program, people: dict[str, Program], seats: dict[str, str], path: str, clock: MovedClock
) -> dict[str, Any]:
    chair.move(path, "call_decision")
    ballot = chair.get(f"{path}/ballots")["items"][0]
    place = f"/ballots/{ballot['id']}/position"
    for name in ("Leitung", "Redaktion", "Mitglied"):
        people[name].send("PUT", place, 200, seat_id=seats[name], position="agree")
    objector = people["Gegenstimme"]
    objector.send("PUT", place, 422, seat_id=seats["Gegenstimme"], position="object")
    objector.send("PUT", place, 403, seat_id=seats["Mitglied"], position="abstain")
    objector.send("PUT", place, 200, seat_id=seats["Gegenstimme"], position="object", reason="Absatz c geht zu weit.")
    chair.move(path, "carry", 409)
    clock.advance(days=15)
    objector.send("PUT", place, 409, seat_id=seats["Gegenstimme"], position="agree")
    closed = chair.get(f"/ballots/{ballot['id']}")
    assert closed["state"] == "closed"
    return closed


def _carry_out(
    client: TestClient,
    office: Program,
    stakeholder: Program,
    recommendation: dict[str, Any],
    land: dict[str, Any],
    path: str,
    clock: MovedClock,
) -> None:
    public = client.get(f"/api/v1{path}")
    assert public.status_code == 200
    assert "Gegenstimme" not in public.text
    response = stakeholder.get(f"{path}/responses")["items"][0]
    stakeholder.send("POST", f"/responses/{response['id']}/answer", 200, answer="committed")
    measure = stakeholder.post(
        "/measures",
        recommendation_id=recommendation["id"],
        title="Beratungsstellen",
        responsible_organisation_id=land["id"],
        number="a",
    )
    place = f"/measures/{measure['id']}"
    stakeholder.move(place, "start")
    stakeholder.move(place, "report_done", 409)
    clock.advance(days=90)
    stakeholder.post(
        f"{place}/reports",
        text="Alle Stellen arbeiten.",
        status_on=clock().date().isoformat(),
        evidence=[{"kind": "practice", "source": "Bericht des Landes"}],
    )
    stakeholder.move(place, "report_done")
    stakeholder.move(place, "verify", 403)
    assert office.move(place, "verify")["state"] == "verified_done"
    seen = client.get(f"/api/v1{path}").json()
    assert seen["implementation_status"] == "done"
    page = client.get(f"/empfehlungen/{seen['reference']}")
    assert page.status_code == 200
    for text in (
        "Die Länder sollten eine Beratung verankern.",
        "Wir hätten c gestrichen.",
        "rechtlich nicht bindend",
        "Zugesagt",
    ):
        assert text in page.text
    dossier = client.get(f"/api/v1{path}/dossier").json()
    assert (
        dossier["id"] == recommendation["id"]
        if "id" in dossier
        else dossier["recommendation"]["id"] == recommendation["id"]
    )
