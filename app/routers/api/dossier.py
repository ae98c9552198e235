"""Everything about one recommendation that the caller may see, in one answer: each noun as its own calls tell it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar
from uuid import UUID

from fastapi import APIRouter, Request
from pydantic import BaseModel
from sqlalchemy.orm import joinedload
from sqlmodel import Session, col, select
from starlette.responses import Response

from app.domain.actors import Actor
from app.domain.recommendations import FROZEN_STATES, PUBLIC_STATES
from app.models.ballots import DissentingOpinion
from app.models.base import Table
from app.models.goals import Goal
from app.models.needs import Need
from app.models.proposals import Proposal
from app.models.recommendations import Recommendation, RecommendationNeed, RecommendationProposal
from app.models.record import Event
from app.queries import (
    amendments,
    ballots,
    co_signatures,
    comments,
    consultations,
    decisions,
    events,
    evidence,
    goals,
    indicators,
    measures,
    needs,
    participation,
    proposals,
    responses,
)
from app.queries import commitments as commitment_queries
from app.queries import recommendations as queries
from app.queries import reports as report_queries
from app.queries.base import MAXIMUM_LIMIT, Page
from app.queries.contribution_details import details_of
from app.queries.errata import list_errata
from app.queries.recommendation_links import sources_of
from app.queries.theme_considerations import considerations_of
from app.queries.versions import list_versions
from app.routers.api import amendments as api_amendments
from app.routers.api import ballots as api_ballots
from app.routers.api import co_signatures as api_co_signatures
from app.routers.api import comments as api_comments
from app.routers.api import commitments as api_commitments
from app.routers.api import consultations as api_consultations
from app.routers.api import contributions as api_contributions
from app.routers.api import dissenting_opinions as api_dissents
from app.routers.api import goals as api_goals
from app.routers.api import indicators as api_indicators
from app.routers.api import measures as api_measures
from app.routers.api import needs as api_needs
from app.routers.api import proposals as api_proposals
from app.routers.api import reports as api_reports
from app.routers.api import responses as api_responses
from app.routers.api import theme_considerations as api_themes
from app.routers.api import versions as api_versions
from app.routers.api.common import answer
from app.routers.api.events import EventAnswer
from app.routers.api.participation import InvitationAnswer
from app.routers.api.recommendations import ErratumAnswer, RecommendationAnswer, represent_many
from app.routers.deps import ApiReader, ReadSession

router = APIRouter(prefix="/recommendations/{recommendation_id}", tags=["recommendations"])
T = TypeVar("T", bound=Table)


class Dossier(BaseModel):
    """One recommendation with all that belongs to it; what the caller may not see is not there."""

    recommendation: RecommendationAnswer
    versions: list[api_versions.VersionAnswer]
    errata: list[ErratumAnswer]
    needs: list[api_needs.NeedAnswer]
    proposals: list[api_proposals.ProposalAnswer]
    evidence: list[api_contributions.EvidenceAnswer]
    comments: list[api_comments.CommentAnswer]
    amendments: list[api_amendments.AmendmentAnswer]
    comment_rounds: list[api_consultations.RoundAnswer]
    statements: list[api_consultations.StatementAnswer]
    ballots: list[api_ballots.BallotAnswer]
    dissenting_opinions: list[api_dissents.DissentAnswer]
    co_signatures: list[api_co_signatures.CoSignatureAnswer]
    theme_considerations: list[api_themes.ThemeConsiderationAnswer]
    invitations: list[InvitationAnswer]
    adoption: dict[str, Any] | None
    responses: list[api_responses.ResponseShown]
    measures: list[api_measures.MeasureShown]
    reports: list[api_reports.ReportShown]
    commitments: list[api_commitments.CommitmentAnswer]
    goals: list[api_goals.GoalShown]
    indicators: list[api_indicators.IndicatorShown]
    events: list[EventAnswer]


@router.get("/dossier", response_model=Dossier)
def get_dossier(request: Request, session: ReadSession, actor: ApiReader, recommendation_id: UUID) -> Response:
    """Everything the caller may see about one recommendation."""
    recommendation = queries.get_recommendation(session, recommendation_id, actor)
    found_measures = _all(
        lambda **page: measures.list_measures(
            session, actor, measures.MeasureFilter(recommendation_id=recommendation.id), **page
        )
    )
    found_goals = goals.all_goals(session, actor, goals.GoalFilter(recommendation_id=recommendation.id))
    found_ballots = ballots.list_all_ballots(session, recommendation.id, actor)
    dossier = Dossier(
        recommendation=represent_many(session, [recommendation], actor)[0],
        versions=_versions(session, recommendation, actor),
        errata=[ErratumAnswer.model_validate(each) for each in list_errata(session, recommendation)]
        if recommendation.state in FROZEN_STATES
        else [],
        needs=_needs(session, recommendation, actor),
        proposals=_proposals(session, recommendation, actor),
        evidence=api_contributions.evidence_answers(
            _all(lambda **page: evidence.list_evidence(session, recommendation, actor, **page))
        ),
        comments=_comments(session, recommendation, actor),
        amendments=_amendments(session, recommendation, actor),
        comment_rounds=api_consultations.represent_rounds(
            session, consultations.list_rounds(session, recommendation.id, actor), actor
        ),
        statements=_statements(session, recommendation, actor),
        ballots=list(api_ballots.represent_all(session, found_ballots, recommendation, actor).values()),
        dissenting_opinions=_dissents(session, recommendation, actor),
        co_signatures=_co_signatures(session, recommendation, actor),
        theme_considerations=[api_themes.represent(each) for each in considerations_of(session, recommendation, actor)],
        invitations=_invitations(session, recommendation, actor),
        adoption=_adoption(recommendation),
        responses=[
            api_responses.represent(each)
            for each in _all(lambda **page: responses.list_responses(session, actor, recommendation.id, **page))
        ],
        measures=api_measures.represent_many(session, found_measures, actor),
        commitments=[
            api_commitments.represent(each, actor)
            for each in commitment_queries.commitments_to(session, recommendation, actor)
        ],
        reports=[each for measure in found_measures for each in _reports(session, measure, actor)],
        goals=api_goals.represent_many(session, found_goals, actor),
        indicators=_indicators(session, recommendation, found_goals, actor),
        events=_events(session, recommendation, actor),
    )
    return answer(request, dossier, actor)


def _all(fetch: Callable[..., Page[T]]) -> list[T]:
    """Every page of a list, one after the other."""
    page = fetch(limit=MAXIMUM_LIMIT, after=None)
    found = [*page.items]
    while page.next:
        page = fetch(limit=MAXIMUM_LIMIT, after=page.next)
        found += page.items
    return found


def _versions(session: Session, recommendation: Recommendation, actor: Actor) -> list[api_versions.VersionAnswer]:
    readable = queries.readable_versions(session, recommendation, actor)
    sources = sources_of(session, recommendation, actor)
    return [
        api_versions.represent(recommendation, queries.get_version(session, recommendation, each.number), sources)
        for each in list_versions(session, recommendation, readable)
    ]


def _needs(session: Session, recommendation: Recommendation, actor: Actor) -> list[api_needs.NeedAnswer]:
    statement = (
        select(Need)
        .join(RecommendationNeed, col(RecommendationNeed.need_id) == Need.id)
        .options(joinedload(Need.body), joinedload(Need.organisation))  # type: ignore[arg-type]
        .where(RecommendationNeed.recommendation_id == recommendation.id, needs.visible(actor))
        .order_by(col(Need.created_at), col(Need.id))
    )
    found = session.exec(statement).all()
    details = details_of(session, Need, found, actor)
    return [api_needs.represent(each, details[each.id], actor) for each in found]


def _proposals(session: Session, recommendation: Recommendation, actor: Actor) -> list[api_proposals.ProposalAnswer]:
    statement = (
        select(Proposal)
        .join(RecommendationProposal, col(RecommendationProposal.proposal_id) == Proposal.id)
        .options(joinedload(Proposal.body), joinedload(Proposal.organisation))  # type: ignore[arg-type]
        .where(RecommendationProposal.recommendation_id == recommendation.id, proposals.visible(actor))
        .order_by(col(Proposal.created_at), col(Proposal.id))
    )
    found = session.exec(statement).all()
    details = details_of(session, Proposal, found, actor)
    return [api_proposals.represent(each, details[each.id], actor) for each in found]


def _comments(session: Session, recommendation: Recommendation, actor: Actor) -> list[api_comments.CommentAnswer]:
    found = _all(lambda **page: comments.list_comments(session, recommendation.id, actor, **page))
    names = comments.names_of(session, found)
    return [api_comments.represent(each, names, actor) for each in found]


def _amendments(session: Session, recommendation: Recommendation, actor: Actor) -> list[api_amendments.AmendmentAnswer]:
    chosen = amendments.AmendmentFilter(recommendation_id=recommendation.id)
    found = _all(lambda **page: amendments.list_amendments(session, actor, chosen, **page))
    return api_amendments.represent_many(session, found, actor)


def _statements(
    session: Session, recommendation: Recommendation, actor: Actor
) -> list[api_consultations.StatementAnswer]:
    chosen = consultations.StatementFilter(recommendation_id=recommendation.id)
    found = _all(lambda **page: consultations.list_statements(session, actor, chosen, **page))
    return [api_consultations.represent(each, actor) for each in found]


def _co_signatures(
    session: Session, recommendation: Recommendation, actor: Actor
) -> list[api_co_signatures.CoSignatureAnswer]:
    found = co_signatures.list_co_signatures(session, recommendation.id, actor)
    answers = co_signatures.answers_of(session, [each.id for each in found])
    return [api_co_signatures.represent(each, recommendation, actor, answers[each.id]) for each in found]


def _dissents(session: Session, recommendation: Recommendation, actor: Actor) -> list[api_dissents.DissentAnswer]:
    """Those its page shows, on whichever of its ballots: they go wherever the recommendation goes."""
    shown = [each.id for each in decisions.decision_of(session, recommendation, actor).dissents]
    statement = select(DissentingOpinion).where(col(DissentingOpinion.id).in_(shown))
    found = session.exec(statement.order_by(col(DissentingOpinion.created_at).desc(), col(DissentingOpinion.id))).all()
    signers = decisions.co_signers_of(session, shown)
    return [api_dissents.represent(each, signers[each.id]) for each in found]


def _invitations(session: Session, recommendation: Recommendation, actor: Actor) -> list[InvitationAnswer]:
    """Open with the publication; before, only to who reads inside, who alone learns the references."""
    is_inside = queries.reads_inside(recommendation, actor)
    if not is_inside and recommendation.state not in PUBLIC_STATES:
        return []
    found = [
        InvitationAnswer.model_validate(each) for each in participation.list_invitations(session, recommendation.id)
    ]
    if participation.reads_references(recommendation, actor):
        return found
    return [each.model_copy(update={"reference": None}) for each in found]


def _adoption(recommendation: Recommendation) -> dict[str, Any] | None:
    if recommendation.decided_on is None:
        return None
    return {
        "deciding_body": recommendation.deciding_body,
        "decided_on": recommendation.decided_on.isoformat(),
        "decision_reference": recommendation.decision_reference,
        "version": recommendation.adopted_version,
        "reference": recommendation.reference,
    }


def _reports(session: Session, measure: Any, actor: Actor) -> list[api_reports.ReportShown]:
    found = _all(lambda **page: report_queries.list_reports(session, measure, actor, **page))
    given = report_queries.evidence_of(session, [each.id for each in found])
    return [api_reports.represent(each, given.get(each.id, []), actor) for each in found]


def _indicators(
    session: Session, recommendation: Recommendation, found_goals: Sequence[Goal], actor: Actor
) -> list[api_indicators.IndicatorShown]:
    """Those of its measures and of the goals it serves; context belongs to the field."""
    of_measures = indicators.all_indicators(
        session, actor, indicators.IndicatorFilter(recommendation_id=recommendation.id)
    )
    keys = [goal.id for goal in found_goals]
    of_goals = indicators.all_indicators(session, actor, indicators.IndicatorFilter(goal_ids=keys))
    return api_indicators.represent_many(session, [*of_measures, *of_goals])


def _events(session: Session, recommendation: Recommendation, actor: Actor) -> list[EventAnswer]:
    statement = select(Event).where(Event.recommendation_id == recommendation.id, events.visible(actor))
    found: Sequence[Event] = session.exec(statement.order_by(col(Event.created_at), col(Event.sequence))).all()
    return [EventAnswer.model_validate(each) for each in found]
