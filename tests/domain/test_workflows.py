"""The tables, exhaustively: every state reachable, every move labelled, nobody moves what the table doesn't grant."""

from __future__ import annotations

from enum import StrEnum
from itertools import product
from uuid import uuid4

import pytest

from app.domain.actors import (
    IMPORT_ACTOR,
    PUBLIC_ACTOR,
    SYSTEM_ACTOR,
    Actor,
    MembershipRole,
    PersonRole,
    SeatHeld,
)
from app.domain.events import EventType, SubjectType, is_about
from app.domain.permissions import GRANTS, Capability, Permission, Scope, capabilities, is_granted
from app.domain.workflow import Workflow
from app.domain.workflows import WORKFLOWS
from app.wording import event_sentence, transition_label
from app.wording.labels import LABELS_BY_MEMBER

BODY, OTHER_BODY, ORGANISATION, SEAT, AUTHOR = (uuid4() for _ in range(5))
INITIAL = {
    "need": "draft",
    "proposal": "draft",
    "recommendation": "draft",
    "comment_round": "open",
    "statement": "open",
    "amendment": "open",
    "ballot": "open",
    "co_signature": "requested",
    "goal": "proposed",
    "measure": "planned",
    "commitment": "standing",
    "reuse": "confirmed",
    "body": "planned",
    "seat": "offered",
    "edition": "open",
    "implementation_report": "frozen",
}
each_workflow = pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda workflow: workflow.noun)


@each_workflow
def test_every_state_can_be_reached(workflow: Workflow) -> None:
    reached = {INITIAL[workflow.noun]}
    for _ in workflow.states:
        for row in workflow:
            if row.target and {state.value for state in row.sources} & reached:
                reached.add(row.target.value)
    assert reached == {state.value for state in workflow.states}


@each_workflow
def test_every_move_has_a_button_an_event_and_somebody_to_make_it(workflow: Workflow) -> None:
    for row in workflow:
        assert transition_label(workflow.noun, row.name)
        assert row.event.value.startswith(f"{workflow.noun}.")
        assert GRANTS[row.permission]


@each_workflow
def test_every_state_has_a_label(workflow: Workflow) -> None:
    assert {(workflow.states, state.value) for state in workflow.states} <= set(LABELS_BY_MEMBER)


@each_workflow
def test_a_move_is_offered_exactly_where_the_table_grants_it(workflow: Workflow) -> None:
    for state, capability in product(workflow.states, Capability):
        offered = {offer.name for offer in _offers_without_guards(workflow, state, capability)}
        wanted = {row.name for row in workflow if state in row.sources and capability in GRANTS[row.permission]}
        assert offered == wanted


def _offers_without_guards(workflow: Workflow, state: StrEnum, capability: Capability):  # type: ignore[no-untyped-def]
    bare = Workflow(
        workflow.noun,
        workflow.states,
        *(type(row)(**{name: getattr(row, name) for name in row.__slots__} | {"guards": ()}) for row in workflow),
    )
    return bare.offers(state, frozenset({capability}))


def test_every_event_has_a_sentence_and_a_noun() -> None:

    for event_type in EventType:
        assert event_sentence(event_type)
        assert any(is_about(event_type, subject) for subject in SubjectType)


def test_every_permission_is_granted_to_somebody() -> None:
    assert set(GRANTS) == set(Permission)


def person(role: PersonRole = PersonRole.PARTICIPANT, *seats: SeatHeld) -> Actor:
    return Actor(
        person_id=AUTHOR, organisation_id=ORGANISATION, role=role, seats=seats, acts_for=frozenset({ORGANISATION})
    )


def seat(role: MembershipRole, *, voting: bool = True) -> SeatHeld:
    return SeatHeld(seat_id=SEAT, body_id=BODY, organisation_id=ORGANISATION, role=role, voting=voting)


@pytest.mark.parametrize(
    ("role", "granted", "refused"),
    [
        (
            MembershipRole.CHAIR,
            {Permission.NEED_SCREEN, Permission.NEED_POST, Permission.BALLOT_VOTE},
            {Permission.RECOMMENDATION_ADVANCE},
        ),
        (MembershipRole.VICE_CHAIR, {Permission.RECOMMENDATION_DECIDE}, {Permission.RECOMMENDATION_ADVANCE}),
        (
            MembershipRole.RAPPORTEUR,
            {Permission.RECOMMENDATION_DRAFT, Permission.STATEMENT_DISPOSE, Permission.BALLOT_VOTE},
            {Permission.NEED_SCREEN, Permission.BALLOT_MANAGE},
        ),
        (
            MembershipRole.MEMBER,
            {Permission.NEED_POST, Permission.BALLOT_VOTE, Permission.SUPPORT},
            {Permission.RECOMMENDATION_DRAFT, Permission.NEED_SCREEN},
        ),
        (MembershipRole.DEPUTY, {Permission.NEED_POST, Permission.BALLOT_VOTE}, {Permission.NEED_SCREEN}),
        (MembershipRole.ADVISOR, {Permission.NEED_POST, Permission.COMMENT_POST}, {Permission.BALLOT_VOTE}),
        (
            MembershipRole.OBSERVER,
            {Permission.BODY_READ},
            {Permission.NEED_POST, Permission.COMMENT_POST, Permission.BALLOT_VOTE},
        ),
        (
            MembershipRole.STAFF,
            {Permission.COMMENT_POST, Permission.NEED_POST},
            {Permission.NEED_SUBMIT, Permission.BALLOT_VOTE},
        ),
    ],
)
def test_what_each_role_may_do_in_its_body(
    role: MembershipRole, granted: set[Permission], refused: set[Permission]
) -> None:
    voting = role is not MembershipRole.ADVISOR
    actor = person(PersonRole.PARTICIPANT, seat(role, voting=voting))
    held = capabilities(actor, Scope(body_id=BODY, author_seat_id=None))
    assert {each for each in granted if is_granted(each, held)} == granted
    assert not {each for each in refused if is_granted(each, held)}
    elsewhere = capabilities(actor, Scope(body_id=OTHER_BODY))
    assert not {each for each in granted if is_granted(each, elsewhere)}


def test_staff_never_submits_what_it_drafted_for_a_seat() -> None:
    staff = person(PersonRole.PARTICIPANT, seat(MembershipRole.STAFF))
    held = capabilities(staff, Scope(body_id=BODY, author_seat_id=SEAT))
    assert is_granted(Permission.NEED_EDIT, held)
    assert not is_granted(Permission.NEED_SUBMIT, held)


def test_the_public_may_do_nothing_and_an_admin_touches_no_content() -> None:
    assert capabilities(PUBLIC_ACTOR, Scope(body_id=BODY)) == frozenset()
    admin = capabilities(person(PersonRole.ADMIN), Scope(body_id=BODY))
    content = [
        each for each in Permission if each.value.split(".")[0] in {"need", "proposal", "recommendation", "ballot"}
    ]
    assert not [each for each in content if is_granted(each, admin)]


def test_the_clock_and_an_import_are_no_persons() -> None:
    for actor in (SYSTEM_ACTOR, IMPORT_ACTOR):
        assert capabilities(actor, Scope(body_id=BODY, author_id=AUTHOR)) == frozenset({Capability.SYSTEM})
