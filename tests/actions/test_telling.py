"""Telling of events: in their transaction, each in one statement, whoever is concerned and nobody else."""

from __future__ import annotations

from uuid import UUID

import pytest
from sqlmodel import Session, col, func, select

from app.actions.comments import post_comment
from app.actions.moves import move
from app.actions.needs import post_need, transition_need
from app.actions.notifications import _telling, tell
from app.actions.record import record, record_creation
from app.clock import now
from app.db import Database, count_inserted
from app.domain.actors import SYSTEM_ACTOR, MembershipRole, PersonRole
from app.domain.events import EventType, SubjectType
from app.domain.follows import FollowTarget
from app.domain.measures import MEASURE
from app.domain.notifications import OWN_PLACES, PLACES, RULES, Urgency
from app.domain.recommendations import RecommendationState
from app.forms.comments import CommentForm
from app.forms.needs import NeedForm, NeedTransition
from app.models.base import new_id
from app.models.bodies import Body, BodyResponsible, Seat
from app.models.follows import Follow
from app.models.measures import Measure
from app.models.notifications import Notification
from app.models.people import Person
from app.models.recommendations import Recommendation
from app.queries.actors import actor_of
from app.queries.notifications import visible
from tests.browsing import StatementCounter
from tests.conftest import Example, MovedClock
from tests.crowd import gather_followers
from tests.factories import Known, World
from tests.implementing import collective, publish
from tests.telling import notifications_of, told_of

MANY = 10_000
DISCUSSED = (SubjectType.NEED, SubjectType.PROPOSAL, SubjectType.RECOMMENDATION, SubjectType.MEASURE)


def follow(
    world: World, known: Known, target: FollowTarget, target_id: UUID, *, is_muted: bool = False, **more: object
) -> None:
    """Let a person follow or mute something."""
    with world.database.write() as session:
        session.add(
            Follow(
                created_at=now(session),
                person_id=known.person_id,
                target=target,
                target_id=target_id,
                key=str(target_id),
                is_muted=is_muted,
                **more,
            )
        )


def need_of(world: World, known: Known, body: Body) -> UUID:
    """A need this person wrote, still a draft."""
    with world.database.write() as session:
        form = NeedForm(body_id=body.id, title="Lange Wartezeiten", description="Sie dauern Monate.")
        return post_need(session, form, actor=world.actor(known, session))[0].id


def step(world: World, known: Known, need_id: UUID, name: str, **more: object) -> None:
    """A move of a need."""
    with world.database.write() as session:
        form = NeedTransition(transition=name, **more)
        transition_need(session, need_id, form, actor=world.actor(known, session))


def say(world: World, known: Known, need_id: UUID, parent_id: UUID | None = None) -> UUID:
    """A comment on a need."""
    with world.database.write() as session:
        form = CommentForm(text="Das sehen wir auch so.", parent_id=parent_id)
        return post_comment(session, SubjectType.NEED, need_id, form, actor=world.actor(known, session))[0].id


def happen(world: World, event_type: EventType, recommendation_id: UUID) -> None:
    """An event of a recommendation, done by the system."""
    with world.database.write() as session:
        record(session, event_type, session.get_one(Recommendation, recommendation_id), actor=SYSTEM_ACTOR)


@pytest.mark.parametrize("event_type", list(RULES))
def test_every_rule_is_a_statement_the_database_takes(session: Session, event_type: EventType) -> None:
    noun = SubjectType(event_type.value.split(".", 1)[0])
    place = OWN_PLACES.get(event_type) or PLACES.get(noun, (noun, ""))
    for place_type in DISCUSSED if noun is SubjectType.COMMENT else (place[0],):
        keys = dict.fromkeys(("occasion", "doer", "subject_id", "place_id", "body_id", "recommendation_id"), new_id())
        connection = session.connection()
        statement = _telling(connection.dialect.name, event_type, place_type)
        told = connection.execute(statement, {**keys, "happened": now(session)})
        assert count_inserted(connection, told) == 0


def test_a_draft_is_nobodys_business_and_what_is_submitted_is_its_leaderships(world: World) -> None:
    body, follower = world.body(), world.person()
    author, chair, member = world.member(body), world.member(body, MembershipRole.CHAIR), world.member(body)
    follow(world, member, FollowTarget.BODY, body.id)
    follow(world, follower, FollowTarget.BODY, body.id)
    need_id = need_of(world, author, body)
    say(world, author, need_id)
    assert told_of(world.database, EventType.COMMENT_POSTED) == {}
    step(world, author, need_id, "submit")
    told = told_of(world.database, EventType.NEED_SUBMITTED)
    assert told == {chair.person_id: Urgency.TASK, member.person_id: Urgency.NEWS}
    step(world, chair, need_id, "accept")
    accepted = notifications_of(world.database, EventType.NEED_ACCEPTED)
    assert {each.person_id for each in accepted} == {author.person_id, member.person_id}
    assert {(each.place_type, each.place_id, each.body_id) for each in accepted} == {
        (SubjectType.NEED, need_id, body.id)
    }


def test_a_withdrawn_draft_is_told_to_nobody(world: World) -> None:
    body = world.body()
    author, chair = world.member(body), world.member(body, MembershipRole.CHAIR)
    follow(world, chair, FollowTarget.BODY, body.id)
    step(world, author, need_of(world, author, body), "withdraw")
    assert told_of(world.database, EventType.NEED_WITHDRAWN) == {}


def test_a_comment_is_told_to_the_author_to_who_takes_part_in_the_exchange_and_to_who_follows(world: World) -> None:
    body, stranger = world.body(), world.person()
    author, first, second, silent, muted = (world.member(body) for _number in range(5))
    need_id = need_of(world, author, body)
    step(world, author, need_id, "submit")
    for known in (stranger, muted):
        follow(world, known, FollowTarget.BODY, body.id)
    follow(world, muted, FollowTarget.NEED, need_id, is_muted=True)
    root = say(world, first, need_id)
    say(world, second, need_id, root)
    told = [each.person_id for each in notifications_of(world.database, EventType.COMMENT_POSTED)]
    assert sorted(told) == sorted([author.person_id, author.person_id, first.person_id])
    assert silent.person_id not in told


def test_who_muted_a_thing_still_hears_of_its_task(world: World) -> None:
    body = world.body()
    author, chair = world.member(body), world.member(body, MembershipRole.CHAIR)
    follow(world, chair, FollowTarget.BODY, body.id, is_muted=True)
    need_id = need_of(world, author, body)
    step(world, author, need_id, "submit")
    say(world, author, need_id)
    assert told_of(world.database, EventType.NEED_SUBMITTED) == {chair.person_id: Urgency.TASK}
    assert told_of(world.database, EventType.COMMENT_POSTED) == {}


def test_where_nobody_leads_the_body_its_office_is_told_and_else_the_whole_of_it(world: World) -> None:
    body = world.body()
    author, chair = world.member(body), world.member(body, MembershipRole.CHAIR)
    responsible, cover, other = world.secretariat(), world.secretariat(), world.secretariat()
    with world.database.write() as session:
        session.get_one(Person, chair.person_id).ended_at = now(session)
    step(world, author, need_of(world, author, body), "submit")
    assert set(told_of(world.database, EventType.NEED_SUBMITTED)) == {
        each.person_id for each in (responsible, cover, other)
    }
    with world.database.write() as session:
        session.add_all(
            BodyResponsible(body_id=body.id, person_id=each.person_id, is_cover=each is cover)
            for each in (responsible, cover)
        )
        seat = session.get_one(Seat, author.seat_id)
        record(session, EventType.SEAT_VACATED, seat, actor=SYSTEM_ACTOR)
    assert told_of(world.database, EventType.SEAT_VACATED) == {
        responsible.person_id: Urgency.TASK,
        cover.person_id: Urgency.TASK,
    }


def test_a_collective_is_asked_through_who_answers_for_it(world: World) -> None:
    body, speaker, colleague, addressed = world.body(), world.person(), world.person(), world.person()
    municipalities = collective(world, "Kommunen", colleague.organisation_id, answered_by=speaker.organisation_id)
    publish(world, body, [municipalities, addressed.organisation_id])
    assert told_of(world.database, EventType.RESPONSE_ASKED) == {
        speaker.person_id: Urgency.TASK,
        addressed.person_id: Urgency.TASK,
    }
    told = notifications_of(world.database, EventType.RESPONSE_ASKED)
    assert {each.body_id for each in told} == {body.id}


def test_of_what_happens_inside_those_outside_are_not_told_and_of_what_is_public_they_are(world: World) -> None:
    body, outsider, office = world.body(), world.person(), world.secretariat()
    member = world.member(body)
    recommendation_id = publish(world, body, [world.organisation()])
    for known in (outsider, office, member):
        follow(world, known, FollowTarget.FIELD_OF_ACTION, body.field_of_action_id)
    happen(world, EventType.RECOMMENDATION_PUBLICATION_SCHEDULED, recommendation_id)
    happen(world, EventType.RECOMMENDATION_EDITION_CHANGED, recommendation_id)
    happen(world, EventType.RECOMMENDATION_CONFIRMED, recommendation_id)
    inside = {member.person_id, office.person_id}
    assert set(told_of(world.database, EventType.RECOMMENDATION_EDITION_CHANGED)) == inside
    assert set(told_of(world.database, EventType.RECOMMENDATION_CONFIRMED)) == {*inside, outsider.person_id}


def test_before_publication_followers_from_outside_hear_nothing_that_would_show_up_later(world: World) -> None:
    body, outsider = world.body(), world.person()
    member = world.member(body)
    recommendation_id = publish(world, body, [], state=RecommendationState.GROUP_REVIEW)
    for known in (outsider, member):
        follow(world, known, FollowTarget.BODY, body.id)
    happen(world, EventType.RECOMMENDATION_REVIEW_STARTED, recommendation_id)
    assert set(told_of(world.database, EventType.RECOMMENDATION_REVIEW_STARTED)) == {member.person_id}


def test_a_measures_news_name_its_recommendations_body(world: World) -> None:
    body, responsible, office = world.body(), world.person(), world.secretariat()
    recommendation_id = publish(world, body, [responsible.organisation_id])
    with world.database.write() as session:
        measure = Measure(
            id=new_id(),
            created_at=now(session),
            recommendation_id=recommendation_id,
            title="Kurse verbinden",
            responsible_organisation_id=responsible.organisation_id,
            state_since=now(session),
        )
        record_creation(session, EventType.MEASURE_PLANNED, measure, actor=SYSTEM_ACTOR)
        session.flush()
        move(session, measure, MEASURE, "start", actor=world.actor(responsible, session))
    for word in (EventType.MEASURE_PLANNED, EventType.MEASURE_STARTED):
        assert {each.body_id for each in notifications_of(world.database, word)} == {body.id}
    assert set(told_of(world.database, EventType.MEASURE_PLANNED)) == {responsible.person_id, office.person_id}
    assert set(told_of(world.database, EventType.MEASURE_STARTED)) == {office.person_id}


def test_what_is_rolled_back_is_told_to_nobody(world: World, session: Session) -> None:
    body = world.body()
    world.member(body)
    found = session.get_one(Body, body.id)
    record(session, EventType.BODY_CHANGED, found, actor=SYSTEM_ACTOR)
    session.rollback()
    record(session, EventType.BODY_PAUSED, session.get_one(Body, body.id), actor=SYSTEM_ACTOR)
    tell(session)
    session.commit()
    assert told_of(world.database, EventType.BODY_CHANGED) == {}
    assert len(told_of(world.database, EventType.BODY_PAUSED)) == 1


def test_who_has_no_part_any_more_is_told_nothing(world: World) -> None:
    body = world.body()
    there, gone = world.member(body), world.member(body)
    with world.database.write() as session:
        session.get_one(Person, gone.person_id).ended_at = now(session)
    with world.database.write() as session:
        record(session, EventType.BODY_CHANGED, session.get_one(Body, body.id), actor=SYSTEM_ACTOR)
    assert set(told_of(world.database, EventType.BODY_CHANGED)) == {there.person_id}


@pytest.mark.slow
def test_ten_thousand_are_told_of_a_publication_in_one_statement(
    world: World, database: Database, clock: MovedClock, statements: StatementCounter
) -> None:
    body, organisation_id = world.body(), world.organisation()
    recommendation_id = publish(world, body, [organisation_id])
    with database.write() as session:
        target = FollowTarget.RECOMMENDATION
        crowd = gather_followers(session, MANY, organisation_id, target, recommendation_id, clock.moment)
    with statements:
        happen(world, EventType.RECOMMENDATION_PUBLISHED, recommendation_id)
    writing = [text for text in statements.texts if "notification" in text]
    assert len(writing) == 1
    assert "INSERT INTO notification" in writing[0]
    assert statements.count <= 6
    with database.read() as session:
        told = select(func.count()).select_from(Notification).where(col(Notification.person_id).in_(crowd[:100]))
        assert session.exec(select(func.count()).select_from(Notification)).one() == MANY
        assert session.exec(told).one() == 100


def test_telling_is_one_statement_however_many_are_told(world: World, statements: StatementCounter) -> None:
    body = world.body()
    author = world.member(body)
    need_id = need_of(world, author, body)
    step(world, author, need_id, "submit")
    counts = []
    for _number in range(2):
        with statements:
            say(world, author, need_id)
        counts.append(len([text for text in statements.texts if "INSERT INTO notification" in text]))
        for each in (world.member(body), world.person(PersonRole.SECRETARIAT)):
            follow(world, each, FollowTarget.NEED, need_id)
    assert counts == [1, 1]


@pytest.mark.slow
def test_in_the_example_nobody_was_told_of_what_it_may_not_read(example: Example) -> None:
    hidden = []
    with example.database.read() as session:
        for person in session.exec(select(Person)).all():
            mine = col(Notification.person_id) == person.id
            seen = visible(actor_of(session, person), example.clock())
            hidden += session.exec(select(Notification.about).where(mine, ~seen)).all()
    assert hidden == []
