"""What an Umsetzungsbericht tells: all of an edition, or of one field of it, that everybody may read today."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col, select

from app.clock import now
from app.domain.actors import PUBLIC_ACTOR
from app.domain.recommendations import PUBLIC_STATES
from app.models.commitments import Commitment
from app.models.programmes import Edition, FieldOfAction
from app.models.recommendations import Recommendation
from app.models.responses import AddresseeResponse
from app.models.reuses import Reuse
from app.queries import editions, implementation, measures, monitoring, structure
from app.queries.annex import AnnexGoal, AnnexMeasure, annex_of
from app.queries.commitments import commitments_to_many
from app.queries.implementation import FOLLOWED_STATES, PartView, Tracked
from app.queries.indicators import Series
from app.queries.measures import ListedMeasure
from app.queries.need_reviews import ReviewedNeed, reviews_of_many
from app.queries.overdue import Look, look_of
from app.queries.published import dissent_counts
from app.queries.reports import MeasureReports, reports_with_evidence
from app.queries.responses import answers_of_members
from app.queries.reuses import reuses_of_many


@dataclass(frozen=True, slots=True)
class ReportedMeasure:
    """A measure with who contributes, its milestones and indicators, and the reports on it, the newest first."""

    listed: ListedMeasure
    entry: AnnexMeasure
    reports: MeasureReports


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportedRecommendation:
    """A recommendation that stands, with everything that followed its publication."""

    tracked: Tracked
    parts: Sequence[PartView]
    members: Sequence[AddresseeResponse]
    measures: Sequence[ReportedMeasure]
    commitments: Sequence[Commitment]
    reuses: Sequence[Reuse]
    reviews: Sequence[ReviewedNeed]
    dissents: int

    @property
    def recommendation(self) -> Recommendation:
        """The recommendation itself."""
        return self.tracked.recommendation


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportedField:
    """A field with its rows of the annex table, its context, and its recommendations by reference."""

    field: FieldOfAction
    branches: Sequence[AnnexGoal]
    context: Sequence[Series]
    recommendations: Sequence[ReportedRecommendation]

    @property
    def measures(self) -> list[ReportedMeasure]:
        """Every measure of its recommendations."""
        return [each for one in self.recommendations for each in one.measures]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportContents:
    """All of it, as it stands at this moment; `only_field` is None where every field is told of.

    `ended` are the recommendations of the edition that no longer hold and are not followed any more.
    """

    edition: Edition
    only_field: FieldOfAction | None
    moment: datetime
    look: Look
    fields: Sequence[ReportedField]
    ended: Sequence[Recommendation]

    @property
    def recommendations(self) -> list[ReportedRecommendation]:
        """Every recommendation that stands, field by field."""
        return [one for field in self.fields for one in field.recommendations]

    @property
    def tracked(self) -> list[Tracked]:
        """The same as the pictures count them."""
        return [one.tracked for one in self.recommendations]

    @property
    def is_example(self) -> bool:
        """True where something of the example programme is told of."""
        return any(one.recommendation.is_example for one in self.recommendations)


def contents_of(session: Session, edition_id: UUID, field_of_action_id: UUID | None = None) -> ReportContents:
    """What the public may read today of an edition; the number of statements does not grow with it."""
    edition = editions.get_edition(session, edition_id)
    fields = [
        each
        for each in structure.fields_of_programme(session, edition.programme_id)
        if field_of_action_id in (None, each.id)
    ]
    branches = annex_of(session, PUBLIC_ACTOR, edition_id=edition.id, field_of_action=field_of_action_id)
    tracked = [
        one
        for one in implementation.list_tracked(session, PUBLIC_ACTOR, edition_id=edition.id)
        if field_of_action_id in (None, one.recommendation.field_of_action_id)
    ]
    recommendations = _recommendations(session, tracked, branches)
    context = monitoring.context_of(session, PUBLIC_ACTOR, fields, field_of_action_id=field_of_action_id)
    series = {each.id: found for each, found in context}
    return ReportContents(
        edition=edition,
        only_field=fields[0] if field_of_action_id and fields else None,
        moment=now(session),
        look=look_of(session, PUBLIC_ACTOR),
        fields=[
            ReportedField(
                field=each,
                branches=_branches_of(each, branches),
                context=series.get(each.id, []),
                recommendations=[one for one in recommendations if one.recommendation.field_of_action_id == each.id],
            )
            for each in fields
        ],
        ended=_ended(session, edition, field_of_action_id),
    )


def _recommendations(
    session: Session, tracked: Sequence[Tracked], branches: Sequence[AnnexGoal]
) -> list[ReportedRecommendation]:
    """By reference."""
    keys = [one.recommendation.id for one in tracked]
    members = answers_of_members(session, keys)
    parts = measures.tracked_parts_of_many(session, keys)
    commitments = commitments_to_many(session, keys, PUBLIC_ACTOR)
    reuses = reuses_of_many(session, keys, PUBLIC_ACTOR)
    reviews = reviews_of_many(session, keys, PUBLIC_ACTOR)
    dissents = dissent_counts(session, keys)
    reported = _measures(session, branches)
    return [
        ReportedRecommendation(
            tracked=one,
            parts=implementation.parts_of_tracked(one, parts.get(key, [])),
            members=members.get(key, []),
            measures=reported.get(key, []),
            commitments=commitments.get(key, []),
            reuses=reuses.get(key, []),
            reviews=reviews.get(key, []),
            dissents=dissents.get(key, 0),
        )
        for one in sorted(tracked, key=lambda each: each.recommendation.reference or "")
        for key in [one.recommendation.id]
    ]


def _measures(session: Session, branches: Sequence[AnnexGoal]) -> Mapping[UUID, list[ReportedMeasure]]:
    """By recommendation."""
    entries = [entry for branch in branches for entry in branch.measures]
    reports = reports_with_evidence(session, [entry.measure.id for entry in entries], PUBLIC_ACTOR)
    look = look_of(session, PUBLIC_ACTOR)
    found: dict[UUID, list[ReportedMeasure]] = {}
    for entry in sorted(entries, key=_by_part):
        one = ReportedMeasure(measures.listed(entry.measure, look), entry, reports[entry.measure.id])
        found.setdefault(entry.measure.recommendation_id, []).append(one)
    return found


def _by_part(entry: AnnexMeasure) -> tuple[bool, str, datetime, UUID]:
    measure = entry.measure
    return measure.number is None, measure.number or "", measure.created_at, measure.id


def _branches_of(field: FieldOfAction, branches: Sequence[AnnexGoal]) -> list[AnnexGoal]:
    """The goals agreed in the field's bodies; of the measures that serve none, those of its recommendations."""
    found = []
    for branch in branches:
        if branch.goal is not None:
            if branch.goal.body is not None and branch.goal.body.field_of_action_id == field.id:
                found.append(branch)
            continue
        own = [entry for entry in branch.measures if _is_of(entry, field)]
        if own:
            found.append(AnnexGoal(None, None, measures=own))
    return found


def _is_of(entry: AnnexMeasure, field: FieldOfAction) -> bool:
    recommendation = entry.measure.recommendation
    return recommendation is not None and recommendation.field_of_action_id == field.id


def _ended(session: Session, edition: Edition, field_of_action_id: UUID | None) -> Sequence[Recommendation]:
    statement = select(Recommendation).where(
        Recommendation.edition_id == edition.id, col(Recommendation.state).in_(PUBLIC_STATES - FOLLOWED_STATES)
    )
    if field_of_action_id is not None:
        statement = statement.where(Recommendation.field_of_action_id == field_of_action_id)
    return session.exec(statement.order_by(col(Recommendation.reference), col(Recommendation.id))).all()
