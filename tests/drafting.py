"""What tests of recommendations share: a body with its people, a need, a draft and its first version."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from starlette.testclient import TestClient

from app.db import Database
from app.domain.actors import MembershipRole
from app.models.bodies import Body
from tests.factories import Known, World

BLOCKS = [
    {"part": "problem_statement", "text": "Zwischen Sprachkurs und Ausbildung vergehen Monate."},
    {"part": "recommendation", "number": "a", "text": "Die Länder sollten Übergangsklassen einrichten."},
    {"part": "recommendation", "number": "b", "text": "Die Träger sollten Anschlüsse verbindlich vereinbaren."},
    {"part": "implementation_note", "text": "Die Kosten trägt, wer die Klasse einrichtet."},
    {"part": "practice_example", "text": "In Musterstadt gelingt der Übergang in vier Wochen."},
]


@dataclass(frozen=True)
class Drafted:
    """A recommendation with a first version, and who works on it."""

    body: Body
    chair: Known
    rapporteur: Known
    member: Known
    secretariat: Known
    need_id: str
    addressee_id: UUID
    id: str

    @property
    def path(self) -> str:
        """Its address in the API."""
        return f"/api/v1/recommendations/{self.id}"

    @property
    def page(self) -> str:
        """Its page."""
        return f"/empfehlungen/{self.id}"


def draft(client: TestClient, world: World, *, with_text: bool = True, title: str = "Übergänge sichern") -> Drafted:
    """A draft of a fresh body, made through the API, with an accepted need behind it."""
    body = world.body()
    chair = world.member(body, MembershipRole.CHAIR)
    rapporteur = world.member(body, MembershipRole.RAPPORTEUR)
    member = world.member(body)
    secretariat = world.secretariat()
    addressee_id = world.organisation()
    need_id = accepted_need(client, body, member, chair)
    sent = {
        "body_id": str(body.id),
        "title": title,
        "need_ids": [need_id],
        "addressee_ids": [str(addressee_id)],
    }
    made = client.post("/api/v1/recommendations", json=sent, headers=rapporteur.headers)
    assert made.status_code == 201, made.text
    found = Drafted(body, chair, rapporteur, member, secretariat, need_id, addressee_id, made.json()["id"])
    if with_text:
        save(client, found, 0)
    return found


def accepted_need(client: TestClient, body: Body, member: Known, chair: Known, title: str = "Lange Wartezeiten") -> str:
    """A need that was posted, submitted and accepted."""
    sent = {"body_id": str(body.id), "title": title, "description": "Sie dauern Monate."}
    posted = client.post("/api/v1/needs", json=sent, headers=member.headers)
    assert posted.status_code == 201, posted.text
    key: str = posted.json()["id"]
    for name, known in (("submit", member), ("accept", chair)):
        moved = client.post(f"/api/v1/needs/{key}/transitions", json={"transition": name}, headers=known.headers)
        assert moved.status_code == 200, moved.text
    return key


def save(client: TestClient, drafted: Drafted, base: int, blocks: Any = BLOCKS, **more: Any) -> Any:
    """Save a version as the rapporteur; the answer as JSON."""
    sent = {"base_version": base, "blocks": blocks, **more}
    saved = client.post(f"{drafted.path}/versions", json=sent, headers=drafted.rapporteur.headers)
    assert saved.status_code == 201, saved.text
    return saved.json()


def count_rows(database: Database, model: Any) -> int:
    """How many rows a table has."""
    from sqlmodel import func, select

    with database.read() as session:
        return session.exec(select(func.count()).select_from(model)).one()
