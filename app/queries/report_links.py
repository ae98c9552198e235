"""Reads behind the links by which an organisation reports on its measures without an account."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy.orm import joinedload
from sqlmodel import Session, col, select

from app.domain.actors import Actor, ActorKind
from app.domain.implementation import UNFINISHED
from app.domain.recommendations import PUBLIC_STATES
from app.models.measures import Measure
from app.models.organisations import Organisation
from app.models.recommendations import Recommendation
from app.queries.contact_addresses import speaker_by_mark
from app.queries.owed_reports import ReportedMeasure, owed_reports


@dataclass(frozen=True, slots=True)
class AskedReports:
    """What a link leads to: the measure it was sent for, and all its organisation owes a report on now.

    `speaker_id` is None once the mailbox the link was made for was replaced.
    """

    measure: Measure
    organisation: Organisation
    owed: tuple[ReportedMeasure, ...]
    speaker_id: UUID | None

    @property
    def is_open(self) -> bool:
        """True while a report is taken."""
        return self.speaker_id is not None and bool(self.owed)

    @property
    def next_due_on(self) -> date | None:
        """Until when the next report on the measure is asked for; None where none is any more."""
        return self.measure.report_due_on if self.measure.state in UNFINISHED else None

    @property
    def speaker(self) -> Actor:
        """Who reports by the link: nobody in person, for the organisation."""
        return speaker_of(self.organisation.id, self.speaker_id)


def speaker_of(organisation_id: UUID, speaker_id: UUID | None) -> Actor:
    """The system, speaking from a mailbox for the organisation that answers for measures."""
    return Actor(kind=ActorKind.SYSTEM, organisation_id=speaker_id, acts_for=frozenset({organisation_id}))


def follow(session: Session, measure_id: UUID, mark: UUID) -> AskedReports | None:
    """What a link leads to, whether or not it still takes a report; None for an unknown one."""
    statement = (
        select(Measure)
        .join(Recommendation, col(Recommendation.id) == Measure.recommendation_id)
        .options(joinedload(Measure.responsible_organisation))  # type: ignore[arg-type]
        .where(Measure.id == measure_id, col(Recommendation.state).in_(PUBLIC_STATES))
    )
    measure = session.exec(statement).one_or_none()
    organisation = measure.responsible_organisation if measure else None
    if measure is None or organisation is None:
        return None
    speaker_id = speaker_by_mark(session, measure.id, organisation.id, mark)
    owed = owed_reports(session, [organisation.id], speaker_of(organisation.id, speaker_id)) if speaker_id else []
    return AskedReports(measure, organisation, tuple(owed), speaker_id)


def first_owed(session: Session, organisation_id: UUID) -> Measure | None:
    """The measure the organisation's next link is sent for; None where it owes nothing now."""
    owed = owed_reports(session, [organisation_id], speaker_of(organisation_id, organisation_id))
    return owed[0].measure if owed else None
