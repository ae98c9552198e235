"""No way through the real actions reaches `adopted` past what process.md asks for, whoever calls what in what order.

What must hold is looked up in the tables and counted here anew; no guard and no count of the application is asked.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from datetime import datetime, timedelta
from typing import Any, ClassVar

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from sqlmodel import Session, col, select

from app.actions.amendment_dispositions import dispose_amendment, transition_amendment
from app.actions.amendments import file_amendment
from app.actions.ballots import transition_ballot
from app.actions.co_signatures import request_co_signature, transition_co_signature
from app.actions.dissents import waive_dissent
from app.actions.positions import record_position, take_position
from app.actions.recommendation_transitions import transition_recommendation
from app.actions.recommendations import draft_recommendation
from app.actions.statements import dispose_statement, post_statement, transition_statement
from app.actions.versions import post_version
from app.domain.actors import Actor, MembershipRole
from app.domain.amendments import AmendmentState
from app.domain.ballots import BallotState
from app.domain.co_signatures import CoSignatureKind, CoSignatureState
from app.domain.consensus import Position
from app.domain.consultations import Disposition, StatementKind, StatementState
from app.domain.recommendations import RecommendationState
from app.domain.text.blocks import BlockPart
from app.errors import ApplicationError
from app.forms.amendments import AmendmentDispositionForm, AmendmentForm, AmendmentTransition, ChangeInput
from app.forms.ballots import BallotTransition, PositionForm, RecordedPositionForm, WaiverForm
from app.forms.co_signatures import CoSignatureForm, CoSignatureTransition
from app.forms.consultations import DispositionForm, StatementForm, StatementTransition
from app.forms.recommendation_transitions import RecommendationTransition
from app.forms.recommendations import RecommendationForm
from app.forms.versions import BlockInput, VersionForm
from app.models.amendments import Amendment
from app.models.ballots import Ballot, BallotSeat, SeatPosition
from app.models.bodies import Body
from app.models.co_signatures import CoSignature
from app.models.consultations import CommentRound, Statement
from app.models.recommendations import Recommendation
from app.queries.versions import get_version
from tests.conftest import MovedClock
from tests.drafting import accepted_need
from tests.factories import Known, World

S = RecommendationState
BEGINNING = datetime.fromisoformat("2026-03-02T09:00:00+00:00")
WHO = st.sampled_from(("chair", "rapporteur", "first", "second", "secretariat", "ministry"))
SEATS = st.sampled_from(("chair", "rapporteur", "first", "second"))
MOVES = st.sampled_from(
    (
        "start_review",
        "open_comments",
        "close_comments",
        "call_decision",
        "carry",
        "carry_with_dissent",
        "repeat_decision",
        "endorse",
        "adopt",
        "revise",
        "return_to_draft",
        "suspend",
        "resume",
    )
)
# What leads on from each state, so that many ways get far and not only a few.
ONWARD: dict[S, tuple[tuple[str, str], ...]] = {
    S.DRAFT: (("rapporteur", "start_review"),),
    S.GROUP_REVIEW: (("chair", "call_decision"),),
    S.COMMENTING: (("chair", "close_comments"),),
    S.EVALUATION: (("chair", "call_decision"),),
    S.GROUP_DECISION: (("chair", "carry"), ("chair", "carry_with_dissent"), ("chair", "repeat_decision")),
    S.LEAD_REVIEW: (("secretariat", "endorse"),),
    S.STEERING_DECISION: (("secretariat", "adopt"),),
    S.DORMANT: (("chair", "resume"),),
}


class EveryWay(RuleBasedStateMachine):
    """People of one body and around it call what they like; each call is an action that passes or is refused whole."""

    world: ClassVar[World]
    clock: ClassVar[MovedClock]
    body: ClassVar[Body]
    people: ClassVar[dict[str, Known]]
    need_id: ClassVar[Any]
    reached: ClassVar[Counter[str]]

    def __init__(self) -> None:
        super().__init__()
        self.clock.moment = BEGINNING
        self.opened = ExitStack()
        database = self.world.database
        self.session: Session = self.opened.enter_context(database._session(database._writing))

    def teardown(self) -> None:
        """Nothing of it stays."""
        self.reached[self.state] += 1
        self.session.rollback()
        self.opened.close()

    @property
    def recommendation(self) -> Recommendation:
        return self.session.get_one(Recommendation, self.key)

    @property
    def state(self) -> S:
        return self.recommendation.state

    def actor(self, who: str) -> Actor:
        return self.world.actor(self.people[who], self.session)

    def call(self, action: Callable[..., Any], *arguments: Any, who: str) -> bool:
        """Call an action as somebody; refused, it has changed nothing."""
        self.clock.advance(minutes=1)
        try:
            with self.session.begin_nested():
                action(self.session, *arguments, actor=self.actor(who))
                self.session.flush()
        except ApplicationError:
            self.session.expire_all()
            return False
        return True

    def newest(self, model: Any) -> Any:
        """The last made of a noun, None where there is none."""
        mine = select(model).where(model.recommendation_id == self.key)
        return self.session.exec(mine.order_by(col(model.created_at).desc(), col(model.id).desc()).limit(1)).first()

    @initialize()
    def draft(self) -> None:
        form = RecommendationForm(
            body_id=self.body.id,
            title="Übergänge sichern",
            need_ids=[self.need_id],
            addressee_ids=[self.people["ministry"].organisation_id],
        )
        made, _is_new = draft_recommendation(self.session, form, actor=self.actor("rapporteur"))
        self.key = made.id
        texts = ((BlockPart.PROBLEM_STATEMENT, "Es dauert."), (BlockPart.RECOMMENDATION, "Es sollte schneller gehen."))
        blocks = [BlockInput(part=part, text=text) for part, text in texts]
        form_of_version = VersionForm(base_version=0, blocks=blocks)
        post_version(self.session, self.key, form_of_version, actor=self.actor("rapporteur"))
        self.session.flush()

    def fields_of(self, name: str) -> dict[str, Any]:
        today = self.clock.moment.date()
        match name:
            case "open_comments":
                return {"audience": "body", "closes_at": self.clock.moment + timedelta(days=15)}
            case "adopt":
                return {"deciding_body": "Kabinett", "decided_on": today, "decision_reference": "TOP 1"}
            case "revise":
                return {"version": self.changed_text()}
            case _:
                return {}

    def changed_text(self) -> VersionForm:
        now_read = get_version(self.session, self.recommendation, self.recommendation.version)
        last = now_read.blocks[-1]
        blocks = [BlockInput(id=each.id, part=each.part, kind=each.kind, text=each.text) for each in now_read.blocks]
        blocks[-1] = BlockInput(id=last.id, part=last.part, kind=last.kind, text=f"{last.text} Bald.")
        return VersionForm(base_version=self.recommendation.version, blocks=blocks)

    def move(self, who: str, name: str) -> bool:
        form = RecommendationTransition(transition=name, reason="So beraten.", **self.fields_of(name))
        return self.call(transition_recommendation, self.key, form, who=who)

    @rule(who=WHO, name=MOVES)
    def make_any_move(self, who: str, name: str) -> None:
        self.move(who, name)

    @rule(steps=st.integers(1, 4))
    def go_on(self, steps: int) -> None:
        """What most people do: vote for it, let the time go by, and take the next step."""
        for _step in range(steps):
            if self.state is S.GROUP_DECISION:
                self.all_vote_alike_and_time_goes_by(Position.AGREE)
            elif self.state is S.STEERING_DECISION:
                self.clock.advance(days=16)
            any(self.move(who, name) for who, name in ONWARD.get(self.state, ()))

    @rule(steps=st.integers(1, 4))
    def go_on_again(self, steps: int) -> None:
        self.go_on(steps)

    @rule()
    def answer_whatever_waits(self) -> None:
        for _each in range(3):
            self.answer_a_statement("chair", Disposition.SETTLED)
            self.answer_an_amendment("chair", Disposition.NOT_ADOPTED)
        self.answer_to_sign("ministry", "given")

    @rule(kind=st.sampled_from(CoSignatureKind), name=st.sampled_from(("given", "conditional", "reserved", "refused")))
    def ask_and_be_answered(self, kind: CoSignatureKind, name: str) -> None:
        self.ask_to_sign(kind)
        self.answer_to_sign("ministry", name)

    @rule()
    def consult(self) -> None:
        self.move("chair", "open_comments")

    @rule(days=st.sampled_from((1, 8, 16, 31)))
    def let_time_go_by(self, days: int) -> None:
        self.clock.advance(days=days)

    @rule(who=SEATS, kind=st.sampled_from(StatementKind))
    def say_something(self, who: str, kind: StatementKind) -> None:
        opened = self.newest(CommentRound)
        if opened is not None:
            text = "Die Frist ist zu kurz." if kind is StatementKind.STATEMENT else ""
            self.call(post_statement, opened.id, StatementForm(kind=kind, text=text), who=who)

    @rule(who=WHO, disposition=st.sampled_from(Disposition))
    def answer_a_statement(self, who: str, disposition: Disposition) -> None:
        said = self.newest(Statement)
        if said is not None:
            self.call(dispose_statement, said.id, DispositionForm(disposition=disposition, reason="Gut."), who=who)

    @rule(who=SEATS)
    def take_a_statement_back(self, who: str) -> None:
        said = self.newest(Statement)
        if said is not None:
            self.call(transition_statement, said.id, StatementTransition(transition="withdraw"), who=who)

    @rule(who=SEATS)
    def amend(self, who: str) -> None:
        text = get_version(self.session, self.recommendation, self.recommendation.version)
        change = ChangeInput(block_id=text.blocks[-1].id, text=f"{text.blocks[-1].text} Sofort.")
        form = AmendmentForm(version=self.recommendation.version, changes=[change], reason="Es eilt.")
        self.call(file_amendment, self.key, form, who=who)

    @rule(who=SEATS, disposition=st.sampled_from((Disposition.ADOPTED, Disposition.NOT_ADOPTED)))
    def answer_an_amendment(self, who: str, disposition: Disposition) -> None:
        wanted = self.newest(Amendment)
        if wanted is not None:
            form = AmendmentDispositionForm(disposition=disposition, reason="Beraten.")
            self.call(dispose_amendment, wanted.id, form, who=who)

    @rule(who=SEATS)
    def take_an_amendment_back(self, who: str) -> None:
        wanted = self.newest(Amendment)
        if wanted is not None:
            self.call(transition_amendment, wanted.id, AmendmentTransition(transition="withdraw"), who=who)

    @rule(who=SEATS, position=st.sampled_from(Position))
    def vote(self, who: str, position: Position) -> None:
        ballot = self.newest(Ballot)
        if ballot is not None:
            seat_id = self.people[who].seat_id
            form = PositionForm(seat_id=seat_id, position=position, reason="Weil es so ist.")
            self.call(take_position, ballot.id, form, who=who)

    @rule(position=st.sampled_from((Position.AGREE, Position.AGREE, Position.OBJECT)))
    def all_vote_alike_and_time_goes_by(self, position: Position) -> None:
        for who in ("chair", "rapporteur", "first", "second"):
            self.vote(who, position)
        self.clock.advance(days=16)

    @rule(who=WHO, seat=SEATS)
    def record_for_a_seat(self, who: str, seat: str) -> None:
        ballot = self.newest(Ballot)
        if ballot is not None:
            form = RecordedPositionForm(seat_id=self.people[seat].seat_id, position=Position.AGREE)
            self.call(record_position, ballot.id, form, who=who)

    @rule(who=WHO, name=st.sampled_from(("close", "void", "postpone")))
    def manage_the_ballot(self, who: str, name: str) -> None:
        ballot = self.newest(Ballot)
        if ballot is not None:
            closes_at = ballot.closes_at + timedelta(days=3) if name == "postpone" else None
            form = BallotTransition(transition=name, reason="So beraten.", closes_at=closes_at)
            self.call(transition_ballot, ballot.id, form, who=who)

    @rule(who=SEATS)
    def waive(self, who: str) -> None:
        ballot = self.newest(Ballot)
        if ballot is not None:
            self.call(waive_dissent, ballot.id, WaiverForm(seat_id=self.people[who].seat_id), who=who)

    @rule(kind=st.sampled_from(CoSignatureKind))
    def ask_to_sign(self, kind: CoSignatureKind) -> None:
        form = CoSignatureForm(organisation_id=self.people["ministry"].organisation_id, kind=kind)
        self.call(request_co_signature, self.key, form, who="secretariat")

    @rule(
        who=st.sampled_from(("ministry", "ministry", "secretariat")),
        name=st.sampled_from(("given", "conditional", "reserved", "refused", "lift", "withdraw")),
    )
    def answer_to_sign(self, who: str, name: str) -> None:
        for asked in self.session.exec(select(CoSignature).where(CoSignature.recommendation_id == self.key)).all():
            form = CoSignatureTransition(transition=name, reason="Nach Prüfung.")
            self.call(transition_co_signature, asked.id, form, who=who)

    @rule()
    def write_another_version(self) -> None:
        self.call(post_version, self.key, self.changed_text(), who="rapporteur")

    @invariant()
    def nothing_is_adopted_past_the_rules(self) -> None:
        if not hasattr(self, "key") or self.state is not S.ADOPTED:
            return
        mine = self.recommendation
        assert self._open_things(Statement, StatementState.OPEN) == 0
        assert self._open_things(Amendment, AmendmentState.OPEN) == 0
        binding = {CoSignatureKind.CO_SIGN, CoSignatureKind.AGREEMENT}
        for asked in self.session.exec(select(CoSignature).where(CoSignature.recommendation_id == mine.id)):
            standing = {CoSignatureState.GIVEN, CoSignatureState.WITHDRAWN}
            refusal = set() if asked.kind in binding else set(CoSignatureState) - {CoSignatureState.REQUESTED}
            assert asked.state in standing | refusal, asked
        ballot = self.session.exec(
            select(Ballot).where(Ballot.recommendation_id == mine.id).order_by(col(Ballot.number).desc()).limit(1)
        ).one()
        assert (ballot.state, ballot.is_history) == (BallotState.CLOSED, False)
        assert mine.adopted_version == mine.version == ballot.version
        said = Counter(
            each.position for each in self.session.exec(select(SeatPosition).where(SeatPosition.ballot_id == ballot.id))
        )
        seats = len(self.session.exec(select(BallotSeat).where(BallotSeat.ballot_id == ballot.id)).all())
        yes = said[Position.AGREE] + said[Position.AGREE_WITH_RESERVATION]
        cast = yes + said[Position.OBJECT] + said[Position.ABSTAIN]
        assert 2 * cast > seats - said[Position.RECUSED], "the quorum of the rules is more than half"
        assert yes > said[Position.OBJECT]

    def _open_things(self, model: Any, state: Any) -> int:
        standing = select(model.id).where(model.recommendation_id == self.key, model.state == state)
        return len(self.session.exec(standing).all())


@pytest.fixture
def way(world: World, clock: MovedClock, client: Any) -> type[EveryWay]:
    """The machine with its people, once for every way it goes."""
    body = world.body()
    people = {
        "chair": world.member(body, MembershipRole.CHAIR),
        "rapporteur": world.member(body, MembershipRole.RAPPORTEUR),
        "first": world.member(body),
        "second": world.member(body),
        "secretariat": world.secretariat(),
        "ministry": world.person(),
    }
    EveryWay.world, EveryWay.clock, EveryWay.body, EveryWay.people = world, clock, body, people
    EveryWay.need_id = accepted_need(client, body, people["first"], people["chair"])
    EveryWay.reached = Counter()
    return EveryWay


def test_no_way_reaches_adopted_past_the_rules(way: type[EveryWay]) -> None:
    run_state_machine_as_test(
        way,
        settings=settings(
            max_examples=60,
            stateful_step_count=30,
            deadline=None,
            derandomize=True,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
    assert way.reached[S.ADOPTED] > 10, f"too few ways get so far to say anything: {way.reached}"
