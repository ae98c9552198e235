"""What is due, what waits for verification, and what a successor takes over."""

from __future__ import annotations

from uuid import UUID

from sqlmodel import Session

from app.actions.measures import change_measure, plan_measure, transition_measure
from app.actions.reports import change_report, write_report
from app.actions.responses import answer_response
from app.db import Database
from app.forms.measures import MeasureChange, MeasureForm, MeasureTransition, ReportChange, ReportForm
from app.forms.responses import ResponseAnswer
from app.models.recommendations import Recommendation, Supersession
from app.queries import measures, responses
from app.queries.implementation import implementation_of_many
from app.queries.record import verify_record
from app.queries.tasks import list_tasks
from app.wording.tasks import TaskKind
from tests.factories import Known, World
from tests.implementing import publish, response_of

EVIDENCE = [{"kind": "statistic", "source": "Kursstatistik"}]


def plan(world: World, session: Session, known: Known, recommendation: UUID, **more: object) -> UUID:
    form = MeasureForm(
        recommendation_id=recommendation,
        responsible_organisation_id=known.organisation_id,
        **{"title": "Anschlusskurse", **more},
    )
    return plan_measure(session, form, actor=world.actor(known, session))[0].id


def test_what_is_due_first_stands_first(world: World, database: Database) -> None:
    known, stranger = world.person(), world.person()
    key = publish(world, world.body(), [known.organisation_id])
    with database.write() as session:
        far = plan(world, session, known, key)
        soon = plan(world, session, known, key, due_on="2026-03-20")
        late = plan(world, session, known, key, due_on="2026-02-01")
    with database.read() as session:
        found = measures.measures_in_charge(session, world.actor(known, session))
        assert [(each.measure.id, each.is_overdue) for each in found] == [(late, True), (soon, False), (far, False)]
        assert measures.measures_in_charge(session, world.actor(stranger, session)) == []


def test_what_was_reported_as_done_waits_for_somebody_else(world: World, database: Database) -> None:
    writer, speaker, third = (world.secretariat() for _ in range(3))
    known = world.person()
    key = publish(world, world.body(), [known.organisation_id])
    with database.write() as session:
        measure = plan(world, session, known, key)
        actor = world.actor(writer, session)
        transition_measure(session, measure, MeasureTransition(transition="start"), actor=actor)
        report = ReportForm(text="Fertig.", status_on="2026-03-01", evidence=EVIDENCE)
        write_report(session, measure, report, actor=actor)
        done = MeasureTransition(transition="report_done")
        transition_measure(session, measure, done, actor=world.actor(speaker, session))
    with database.read() as session:
        waiting = {
            each: [task.url for task in list_tasks(session, world.actor(each, session)) if task.kind is TaskKind.VERIFY]
            for each in (writer, speaker, third)
        }
        assert waiting == {writer: [], speaker: [], third: [f"/massnahmen/{measure}"]}


def test_open_measures_of_a_superseded_recommendation_show_on_both(world: World, database: Database) -> None:
    known = world.person()
    body = world.body()
    old, new = (publish(world, body, [known.organisation_id]) for _ in range(2))
    with database.write() as session:
        running = plan(world, session, known, old)
        dropped = plan(world, session, known, old)
        actor = world.actor(known, session)
        transition_measure(session, dropped, MeasureTransition(transition="drop", reason="Doppelt"), actor=actor)
        session.add(Supersession(recommendation_id=old, successor_id=new))
    with database.read() as session:
        actor = world.actor(known, session)
        shown = {
            key: [
                (each.measure.id, each.is_of_predecessor)
                for each in measures.measures_of(session, session.get_one(Recommendation, key), actor)
            ]
            for key in (old, new)
        }
        assert shown[old] == [(running, False), (dropped, False)]
        assert shown[new] == [(running, True)]
        views = implementation_of_many(session, [old, new], actor)
        assert (views[old].measures, views[new].measures) == (1, 0)


def test_the_record_vouches_for_every_text_that_stands(world: World, database: Database) -> None:
    known, secretariat = world.person(), world.secretariat()
    key = publish(world, world.body(), [known.organisation_id])
    response = response_of(world, key, known.organisation_id)
    with database.write() as session:
        actor = world.actor(known, session)
        told = ResponseAnswer(answer="committed", reason="Wir tun es.", source="Brief")
        answer_response(session, response, told, actor=world.actor(secretariat, session))
        answer_response(
            session, response, ResponseAnswer(answer="partly_committed", reason="Nur ein Teil."), actor=actor
        )
        measure = plan(world, session, known, key, description="Kurse")
        change_measure(session, measure, MeasureChange(description="", due_on="2026-12-31"), actor=actor)
        draft = ReportForm(text="Anfang.", status_on="2026-03-01", draft=True)
        report = write_report(session, measure, draft, actor=actor)[0]
        change_report(session, measure, report.id, ReportChange(text="Fertig.", evidence=EVIDENCE), actor=actor)
        change_report(session, measure, report.id, ReportChange(draft=False), actor=actor)
    with database.read() as session:
        assert not responses.get_response(session, response, world.actor(known, session)).source
        concerned = {response, measure, report.id}
        assert [each for each in verify_record(session) if each.subject_id in concerned] == []
