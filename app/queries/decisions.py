"""The decision as it stands with its recommendation: the result that counts, and every dissenting opinion."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from app.domain.actors import Actor
from app.domain.ballots import BallotState
from app.domain.consensus import Result
from app.domain.recommendations import PUBLIC_STATES, RecommendationState
from app.domain.text import WordSpan, compare_words
from app.models.ballots import Ballot, DissentCoSigner, DissentingOpinion
from app.models.bodies import Seat
from app.models.organisations import Organisation
from app.models.recommendations import Recommendation, Version, VersionBlock
from app.models.record import RecordText
from app.queries.ballots import BallotView, reads_inside, views_of
from app.queries.base import DEFAULT_LIMIT, Page, page_of

_WITH_SIGNERS = frozenset(
    {RecommendationState.LEAD_REVIEW, RecommendationState.STEERING_DECISION, RecommendationState.ADOPTED}
)
"""Here whoever is asked to sign the decided text reads the dissenting opinions with it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dissent:
    """A Sondervotum as it is shown: organisations, never persons.

    `adopted` is what the paragraph it is about says in the text decided on; None for the whole text, and for one on
    an earlier ballot, whose wording is not open to everybody.
    """

    id: UUID
    ballot_id: UUID
    seat_id: UUID | None
    organisation: str
    co_signers: tuple[str, ...]
    version: int
    block_id: UUID | None
    paragraph: int | None
    text: str
    alternative: str
    adopted: str | None = None
    filed_at: datetime
    is_former: bool

    @property
    def organisations(self) -> str:
        """Everyone who signed, the filing organisation first."""
        return ", ".join((self.organisation, *self.co_signers))

    @property
    def comparison(self) -> tuple[WordSpan, ...]:
        """How the wording it proposes differs from the one adopted; empty where there is nothing to compare."""
        return compare_words(self.adopted, self.alternative).spans if self.adopted and self.alternative else ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What came out for a recommendation, as far as the reader may see; `ballot` is None where it may not."""

    ballot: BallotView | None = None
    dissents: tuple[Dissent, ...] = ()

    @property
    def result(self) -> Result | None:
        """The counts, once the ballot is closed."""
        return self.ballot.result if self.ballot else None


def decision_of(session: Session, recommendation: Recommendation, actor: Actor) -> Decision:
    """The newest decision and all dissenting opinions; one statement for the public, two for the body."""
    rows = _rows(session, recommendation.id)
    newest = _newest(rows)
    is_public = recommendation.state in PUBLIC_STATES
    inside = bool(rows) and reads_inside(rows[0][0], actor)
    if not (inside or is_public or recommendation.state in _WITH_SIGNERS):
        return Decision()
    dissents = dissents_from(rows, newest.id if newest else None)
    if not inside and not is_public:
        return Decision(dissents=tuple(each for each in dissents if not each.is_former))
    if newest is None or (not inside and newest.state is not BallotState.CLOSED):
        return Decision(dissents=dissents)
    return Decision(ballot=views_of(session, [newest], actor)[0], dissents=dissents)


def decision_with(session: Session, recommendation: Recommendation, current: BallotView | None) -> Decision:
    """The same for a page that has read the ballots already: one statement, for the dissenting opinions."""
    rows = _rows(session, recommendation.id)
    return Decision(ballot=current, dissents=dissents_from(rows, current.ballot.id if current else None))


def dissents_of_many(session: Session, recommendation_ids: Collection[UUID]) -> dict[UUID, tuple[Dissent, ...]]:
    """The dissenting opinions of each, as its page shows them; one statement. For published ones: it asks nobody."""
    statement = _opinions().where(col(Ballot.recommendation_id).in_(recommendation_ids))
    rows: dict[UUID, list[Sequence[Any]]] = {}
    for row in session.exec(statement).all():
        rows.setdefault(row[0].recommendation_id, []).append(row)
    found = {}
    for key, own in rows.items():
        newest = _newest(own)
        found[key] = dissents_from(own, newest.id if newest else None)
    return found


def page_of_dissents(
    session: Session, ballot: Ballot, *, limit: int = DEFAULT_LIMIT, after: str | None = None
) -> Page[DissentingOpinion]:
    """The dissenting opinions on a ballot, newest first. The caller has checked that the reader may see it."""
    statement = select(DissentingOpinion).where(DissentingOpinion.ballot_id == ballot.id)
    return page_of(session, statement, DissentingOpinion, limit=limit, after=after)


def co_signers_of(session: Session, opinion_ids: Collection[UUID]) -> dict[UUID, list[UUID]]:
    """The seats that sign each of these opinions beside the one that filed it."""
    found: dict[UUID, list[UUID]] = {key: [] for key in opinion_ids}
    statement = select(DissentCoSigner).where(col(DissentCoSigner.dissenting_opinion_id).in_(opinion_ids))
    for signer in session.exec(statement.order_by(col(DissentCoSigner.seat_id))):
        found[signer.dissenting_opinion_id].append(signer.seat_id)
    return found


def signers_among(session: Session, ballot_id: UUID, seat_ids: Collection[UUID]) -> dict[UUID, list[UUID]]:
    """By opinion on a ballot: which of these seats are named under it. One statement."""
    statement = (
        select(DissentCoSigner)
        .join(DissentingOpinion, col(DissentingOpinion.id) == DissentCoSigner.dissenting_opinion_id)
        .where(DissentingOpinion.ballot_id == ballot_id, col(DissentCoSigner.seat_id).in_(seat_ids))
    )
    found: dict[UUID, list[UUID]] = {}
    for signer in session.exec(statement):
        found.setdefault(signer.dissenting_opinion_id, []).append(signer.seat_id)
    return found


def dissents_from(rows: Iterable[Sequence[Any]], newest_id: UUID | None) -> tuple[Dissent, ...]:
    """The opinions in the rows, those on the ballot that counts first, each with who signs it."""
    signers: dict[UUID, list[str]] = {}
    opinions: dict[UUID, tuple[DissentingOpinion, str, int | None, str | None]] = {}
    for _ballot, opinion, name, paragraph, adopted, signer in rows:
        if opinion is not None:
            opinions[opinion.id] = (opinion, name or "", paragraph, adopted)
            if signer and signer not in signers.setdefault(opinion.id, []):
                signers[opinion.id].append(signer)
    shown = [
        Dissent(
            id=opinion.id,
            ballot_id=opinion.ballot_id,
            seat_id=opinion.seat_id,
            organisation=name,
            co_signers=tuple(signers.get(opinion.id, ())),
            version=opinion.version,
            block_id=opinion.block_id,
            paragraph=None if paragraph is None else paragraph + 1,
            text=opinion.text,
            alternative=opinion.alternative,
            adopted=adopted if opinion.ballot_id == newest_id else None,
            filed_at=opinion.created_at,
            is_former=opinion.ballot_id != newest_id,
        )
        for opinion, name, paragraph, adopted in opinions.values()
    ]
    return tuple(sorted(shown, key=lambda each: (each.is_former, each.filed_at, each.id)))


def _newest(rows: Iterable[Sequence[Any]]) -> Ballot | None:
    """The newest ballot that counts."""
    standing: list[Ballot] = [ballot for ballot, *_rest in rows if not ballot.is_history]
    return max(standing, key=lambda ballot: ballot.number, default=None)


def _rows(session: Session, recommendation_id: UUID) -> Sequence[Sequence[Any]]:
    rows: Sequence[Sequence[Any]] = session.exec(
        _opinions_of_one(), params={"recommendation_id": recommendation_id}
    ).all()
    return rows


@cache
def _opinions() -> Any:
    signer = aliased(Organisation)
    paragraph = _of_its_block(VersionBlock.position)
    adopted = _of_its_block(RecordText.text)
    return (
        select(Ballot, DissentingOpinion, Organisation.name, paragraph, adopted, signer.name)  # type: ignore[call-overload]
        .outerjoin(DissentingOpinion, col(DissentingOpinion.ballot_id) == Ballot.id)
        .outerjoin(Organisation, col(DissentingOpinion.organisation_id) == Organisation.id)
        .outerjoin(DissentCoSigner, col(DissentCoSigner.dissenting_opinion_id) == DissentingOpinion.id)
        .outerjoin(Seat, col(DissentCoSigner.seat_id) == Seat.id)
        .outerjoin(signer, col(Seat.organisation_id) == signer.id)
        .order_by(col(Ballot.number).desc(), signer.sort_key)
    )


def _of_its_block(column: Any) -> Any:
    """Something of the paragraph an opinion is about, in the version it is about."""
    return (
        select(column)
        .select_from(VersionBlock)
        .join(Version, col(VersionBlock.version_id) == Version.id)
        .join(RecordText, col(VersionBlock.text_id) == RecordText.id)
        .where(
            Version.recommendation_id == DissentingOpinion.recommendation_id,
            Version.number == DissentingOpinion.version,
            VersionBlock.block_id == DissentingOpinion.block_id,
        )
        .limit(1)
        .correlate(DissentingOpinion)
        .scalar_subquery()
    )


@cache
def _opinions_of_one() -> Any:
    return _opinions().where(Ballot.recommendation_id == bindparam("recommendation_id"))
