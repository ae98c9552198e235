"""A recommendation before its body's ballot, for tests of votes, dissenting opinions and co-signatures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import select
from starlette.testclient import TestClient

from app.actions.ballot_openings import open_ballot
from app.actions.record import record_creation
from app.actions.versions import save_version
from app.clock import now
from app.domain.actors import SYSTEM_ACTOR, MembershipRole
from app.domain.events import EventType
from app.domain.recommendations import RecommendationState
from app.domain.text.blocks import BlockKind, BlockPart
from app.forms.versions import BlockInput, VersionForm
from app.models.ballots import Ballot
from app.models.base import new_id
from app.models.bodies import Body
from app.models.programmes import Edition
from app.models.recommendations import Recommendation
from tests.factories import Known, World

TEXTS = (
    (BlockPart.PROBLEM_STATEMENT, "Zwischen Kurs und Ausbildung vergehen Monate."),
    (BlockPart.RECOMMENDATION, "Die Länder sollten Übergangsklassen einrichten."),
    (BlockPart.RECOMMENDATION, "Die Träger sollten Anschlüsse vereinbaren."),
)


@dataclass
class Assembly:
    """A body with a recommendation, its voters, and the ballot once it is open."""

    world: World
    client: TestClient
    body: Body
    chair: Known
    members: list[Known]
    recommendation_id: UUID
    block_ids: list[UUID]
    ballot_id: UUID = field(default_factory=new_id)

    @property
    def voters(self) -> list[Known]:
        """Chair and members: one entitled seat each."""
        return [self.chair, *self.members]

    @property
    def path(self) -> str:
        """The ballot's address in the API."""
        return f"/api/v1/ballots/{self.ballot_id}"

    @property
    def page(self) -> str:
        """The page of the decision."""
        return f"/empfehlungen/{self.recommendation_id}/beschluss"

    def open(self, closes_at: datetime | None = None, **more: Any) -> UUID:
        """Open a ballot on the newest version."""
        with self.world.database.write() as session:
            recommendation = session.get_one(Recommendation, self.recommendation_id)
            made = open_ballot(
                session,
                recommendation,
                version=recommendation.version,
                closes_at=closes_at,
                actor=SYSTEM_ACTOR,
                **more,
            )
            self.ballot_id = made.id
        return self.ballot_id

    def vote(self, known: Known, position: str, *, seat_id: UUID | None = None, **more: Any) -> Any:
        """Send a position for the person's seat; what was answered."""
        headers = {**known.headers, **more.pop("headers", {})}
        sent = {"seat_id": str(seat_id or known.seat_id), "position": position, **more}
        return self.client.put(f"{self.path}/position", json=sent, headers=headers)

    def all_vote(self, *positions: str) -> None:
        """One position for each voter, the chair's first; an empty one stays silent."""
        for known, position in zip(self.voters, positions, strict=False):
            if position:
                voted = self.vote(known, position, **({} if position in ("agree", "abstain") else {"reason": "Weil."}))
                assert voted.status_code == 200, voted.text

    def read(self, known: Known | None = None) -> Any:
        """The ballot as somebody sees it."""
        return self.client.get(self.path, headers=known.headers if known else {})

    def close(self, known: Known | None = None, **sent: Any) -> Any:
        """Close the ballot before its time."""
        return self.client.post(f"{self.path}/close", json=sent, headers=(known or self.chair).headers)

    def dissent(self, known: Known, **more: Any) -> Any:
        """File a dissenting opinion."""
        sent = {"text": "Der Text verschweigt die Kosten.", **more}
        return self.client.post(f"{self.path}/dissenting-opinions", json=sent, headers=known.headers)

    def waive(self, known: Known) -> Any:
        """Waive a dissenting opinion for the person's seat."""
        return self.client.post(
            f"{self.path}/dissent-waiver", json={"seat_id": str(known.seat_id)}, headers=known.headers
        )

    def stored(self) -> Ballot:
        """The ballot as the database has it."""
        with self.world.database.read() as session:
            return session.get_one(Ballot, self.ballot_id)

    def set_state(self, state: RecommendationState, **more: Any) -> None:
        """Put the recommendation where a test needs it."""
        from app.actions.record import record

        with self.world.database.write() as session:
            found = session.get_one(Recommendation, self.recommendation_id)
            found.state = state
            for name, value in more.items():
                setattr(found, name, value)
            record(session, EventType.RECOMMENDATION_CHANGED, found, actor=SYSTEM_ACTOR, to_state=state.value)

    def save_version(self, *texts: str) -> int:
        """A new version with other recommendation texts under the same blocks; its number."""
        with self.world.database.write() as session:
            recommendation = session.get_one(Recommendation, self.recommendation_id)
            changed = [TEXTS[0][1], *texts, *(text for _part, text in TEXTS[len(texts) + 1 :])]
            blocks = [
                BlockInput(id=key, part=part, kind=BlockKind.PARAGRAPH, text=text)
                for key, (part, _old), text in zip(self.block_ids, TEXTS, changed, strict=True)
            ]
            form = VersionForm(base_version=recommendation.version, blocks=blocks)
            actor = self.world.actor(self.chair, session)
            return save_version(session, recommendation, form, actor=actor, allow_after_decision=True).number


def assemble(
    world: World,
    client: TestClient,
    members: int = 3,
    *,
    groups: Sequence[str | None] = (),
    state: RecommendationState = RecommendationState.GROUP_DECISION,
    **rules: Any,
) -> Assembly:
    """A body of one chair and some members with a recommendation of one version; no ballot yet."""
    named = [*groups, *([None] * (members + 1 - len(groups)))]
    body = world.body(**rules)
    chair = world.member(body, MembershipRole.CHAIR, group=named[0])
    others = [world.member(body, group=named[place + 1]) for place in range(members)]
    blocks = [new_id() for _text in TEXTS]
    with world.database.write() as session:
        made = _recommendation(session, body, state)
        form = VersionForm(
            base_version=0,
            blocks=[BlockInput(id=key, part=part, text=text) for key, (part, text) in zip(blocks, TEXTS, strict=True)],
            addressee_ids=[chair.organisation_id],
        )
        session.flush()
        save_version(session, made, form, actor=world.actor(chair, session), allow_after_decision=True)
        key = made.id
    return Assembly(world, client, body, chair, others, key, blocks)


def _recommendation(session: Any, body: Body, state: RecommendationState) -> Recommendation:
    made = Recommendation(
        id=new_id(),
        created_at=now(session),
        body_id=body.id,
        edition_id=session.exec(select(Edition).limit(1)).one().id,
        field_of_action_id=body.field_of_action_id,
        title="Übergänge sichern",
        state=state,
        state_since=now(session),
    )
    record_creation(session, EventType.RECOMMENDATION_DRAFTED, made, actor=SYSTEM_ACTOR)
    return made
