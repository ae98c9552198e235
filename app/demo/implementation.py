"""Plays what became of a published recommendation: answers of addressees, measures, reports, verification."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlmodel import Session, select

from app.actions.commitments import make_commitment
from app.actions.measures import plan_measure, transition_measure
from app.actions.need_reviews import answer_by_link as answer_review_by_link
from app.actions.need_reviews import answer_need_review, ask_about_needs
from app.actions.reports import write_report
from app.actions.response_links import answer_by_link
from app.actions.responses import answer_response
from app.actions.reuses import await_confirmation, confirm_reuse, transition_reuse
from app.demo.monitoring import link_goals, play_indicator
from app.demo.stage import NOBODYS_ADDRESS, Stage
from app.domain.actors import Actor
from app.domain.contact_addresses import mark_of
from app.domain.deadlines import add_months, berlin_date
from app.domain.implementation import AddresseeAnswer
from app.domain.measures import ReportedProgress
from app.domain.need_reviews import NeedReviewAnswer
from app.domain.needs import EvidenceKind
from app.forms.commitments import CommitmentForm
from app.forms.measures import MeasureForm, MeasureTransition, MilestoneInput, ReportEvidence, ReportForm
from app.forms.need_reviews import NeedReviewForm
from app.forms.responses import LinkedResponseAnswer, ResponseAnswer
from app.forms.reuses import ReuseForm, ReuseTransition
from app.models.need_reviews import NeedReview
from app.models.organisations import Organisation
from app.models.recommendations import Recommendation
from app.models.responses import AddresseeResponse


def play_implementation(stage: Stage, recommendation_id: UUID, content: dict[str, Any]) -> None:
    """From the publication to today."""
    _later(stage, 20)
    for each in content.get("antworten", []):
        _answer(stage, recommendation_id, each)
    link_goals(stage, recommendation_id, content.get("ziele", []))
    _later(stage, 10)
    for each in content.get("selbstverpflichtungen", []):
        _commit(stage, recommendation_id, each)
    for each in content.get("massnahmen", []):
        _measure(stage, recommendation_id, each)
    if content.get("nachfragen"):
        _ask_whether_it_helped(stage, recommendation_id, content["nachfragen"])
    for each in content.get("nachnutzungen", []):
        _reuse(stage, recommendation_id, each)


def _later(stage: Stage, days: int) -> None:
    stage.moment = min(stage.moment + timedelta(days=days), stage.today - timedelta(hours=1))


def _answer(stage: Stage, recommendation_id: UUID, content: dict[str, Any]) -> None:
    with stage.database.write() as session:
        addressee = stage.organisations[content["von"]]
        response = session.exec(
            select(AddresseeResponse).where(
                AddresseeResponse.recommendation_id == recommendation_id,
                AddresseeResponse.organisation_id == addressee,
            )
        ).one()
        form = ResponseAnswer(answer=AddresseeAnswer(content["antwort"]), reason=content.get("grund"))
        if content.get("per_link"):
            linked = LinkedResponseAnswer(answer=form.answer, reason=form.reason)
            answer_by_link(
                session, response.id, _mark(session, response.id, addressee), linked, address=NOBODYS_ADDRESS
            )
        else:
            answer_response(session, response.id, form, actor=_speaker(stage, session, addressee))


def _ask_whether_it_helped(stage: Stage, recommendation_id: UUID, answers: list[dict[str, Any]]) -> None:
    """A year on, who stood behind the needs is asked; some have answered by today."""
    begun = stage.moment
    with stage.database.read() as session:
        published_at = session.get_one(Recommendation, recommendation_id).published_at or begun
    stage.moment = published_at + timedelta(days=367)
    with stage.database.write() as session:
        ask_about_needs(session)
    for each in answers:
        _later(stage, 4)
        _say_whether_it_helped(stage, recommendation_id, each)
    stage.moment = begun


def _say_whether_it_helped(stage: Stage, recommendation_id: UUID, content: dict[str, Any]) -> None:
    with stage.database.write() as session:
        review = session.exec(
            select(NeedReview).where(
                NeedReview.recommendation_id == recommendation_id,
                NeedReview.need_id == stage.needs[content["bedarf"]],
                NeedReview.organisation_id == stage.organisations[content["von"]],
            )
        ).one()
        form = NeedReviewForm(
            answer=NeedReviewAnswer(content["antwort"]),
            sentence=content.get("satz"),
            publish=content.get("veroeffentlichen", False),
        )
        if content.get("per_link"):
            link = (review.id, _mark(session, review.id, review.organisation_id))
            answer_review_by_link(session, link, review.id, form, address=NOBODYS_ADDRESS)
        else:
            answer_need_review(session, review.id, form, actor=stage.somebody_of(session, content["von"]))


def _mark(session: Session, subject_id: UUID, organisation_id: UUID) -> UUID:
    """What binds a link to the mailbox of the organisation."""
    return mark_of(subject_id, session.get_one(Organisation, organisation_id).contact_address or "")


def _speaker(stage: Stage, session: Session, organisation_id: UUID) -> Actor:
    """Somebody of the organisation itself, or of the one that answers for a collective."""
    organisation = session.get_one(Organisation, organisation_id)
    key = organisation.answers_for_id or organisation_id
    name = next(name for name, known in stage.organisations.items() if known == key)
    return stage.somebody_of(session, name)


def _commit(stage: Stage, recommendation_id: UUID, content: dict[str, Any]) -> None:
    with stage.database.write() as session:
        form = CommitmentForm(
            recommendation_id=recommendation_id,
            organisation_id=stage.organisations[content["von"]],
            title=content["titel"],
            description=content.get("naeheres", ""),
            number=content.get("teil"),
            due_on=content.get("bis"),
        )
        make_commitment(session, form, actor=stage.somebody_of(session, content["von"]))


def _reuse(stage: Stage, recommendation_id: UUID, content: dict[str, Any]) -> None:
    """Confirmed by its mailbox; nobody is written to about what is only played."""
    begun = stage.moment
    _later(stage, 120)
    with stage.acting() as (session, actor):
        form = ReuseForm(
            name=content["wer"],
            land=content["land"],
            size_class=content["groesse"],
            since_on=berlin_date(stage.today) - timedelta(days=content["seit_tagen"]),
            effort=content["aufwand"],
            result=content["ergebnis"],
            mailbox=content["postfach"],
        )
        request = await_confirmation(session, recommendation_id, form)
        session.flush()
        confirm_reuse(session, request.id)
        session.flush()
        if content.get("frei"):
            transition_reuse(session, request.id, ReuseTransition(transition="release"), actor=actor)
    stage.moment = begun


def _measure(stage: Stage, recommendation_id: UUID, content: dict[str, Any]) -> None:
    begun = stage.moment
    with stage.acting() as (session, actor):
        published_at = session.get_one(Recommendation, recommendation_id).published_at or begun
        due_on = content.get("bis") or add_months(berlin_date(published_at), content["monate_nach_veroeffentlichung"])
        form = MeasureForm(
            recommendation_id=recommendation_id,
            title=content["titel"],
            responsible_organisation_id=stage.organisations[content["verantwortlich"]],
            contributing_organisation_ids=[stage.organisations[name] for name in content.get("partner", [])],
            number=content.get("teil"),
            due_on=due_on,
            budget_note=content.get("kosten", ""),
            goal_id=stage.goals[content["ziel"]] if "ziel" in content else None,
            milestones=[
                MilestoneInput(
                    title=title,
                    due_on=add_months(berlin_date(begun), months),
                    reached_on=add_months(berlin_date(begun), months) if is_reached else None,
                )
                for title, months, is_reached in content.get("meilensteine", [])
            ],
        )
        measure, _is_new = plan_measure(session, form, actor=actor)
    for each in content.get("indikatoren", []):
        play_indicator(stage, each, measure_id=measure.id)
        stage.moment = begun
    if content["stand"] != "geplant":
        _later(stage, 5)
        _as_responsible(stage, measure.id, content, "start")
    if "bericht" in content:
        _later(stage, 200)
        _report(stage, measure.id, content)
    if content["stand"] == "bestaetigt":
        _as_responsible(stage, measure.id, content, "report_done")
        _later(stage, 12)
        with stage.acting() as (session, actor):
            transition_measure(session, measure.id, MeasureTransition(transition="verify"), actor=actor)
    stage.moment = begun


def _as_responsible(stage: Stage, measure_id: UUID, content: dict[str, Any], name: str) -> None:
    with stage.database.write() as session:
        actor = stage.somebody_of(session, content["verantwortlich"])
        transition_measure(session, measure_id, MeasureTransition(transition=name), actor=actor)


def _report(stage: Stage, measure_id: UUID, content: dict[str, Any]) -> None:
    evidence = [ReportEvidence(kind=EvidenceKind.PRACTICE, source=content["beleg"])] if "beleg" in content else []
    with stage.database.write() as session:
        form = ReportForm(
            text=content["bericht"],
            progress=ReportedProgress(content.get("lauf", "on_schedule")),
            obstacles=content.get("hindernis", ""),
            next_steps=content.get("naechstes", ""),
            status_on=berlin_date(stage.moment),
            evidence=evidence,
        )
        write_report(session, measure_id, form, actor=stage.somebody_of(session, content["verantwortlich"]))
