"""Opening and closing Stellungnahmeverfahren; the clock closes them, whoever writes next records it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col, func, select

from app.actions.audiences import organisations_meant
from app.actions.invitations import invite, organisations_with_a_seat
from app.actions.moves import move
from app.actions.record import record_creation
from app.clock import now
from app.domain.actors import SYSTEM_ACTOR, Actor
from app.domain.consensus import RulesOfProcedure
from app.domain.consultations import INVITING_AUDIENCES, ROUND, Audience, InvitationChannel, RoundState
from app.domain.deadlines import default_close, earliest_close, is_over, last_day
from app.domain.events import EventType
from app.domain.recommendations import RECOMMENDATION, RecommendationState
from app.errors import Closed, FieldError, Invalid
from app.forms.consultations import QuestionForm
from app.i18n import _
from app.models.base import new_id
from app.models.bodies import Body
from app.models.consultations import CommentRound, RoundOrganisation, RoundQuestion
from app.models.recommendations import Recommendation, Version, VersionBlock
from app.queries.base import get_for_update


def open_round(
    session: Session,
    recommendation: Recommendation,
    *,
    audience: Audience,
    closes_at: datetime,
    actor: Actor,
    organisation_ids: Sequence[UUID] = (),
    questions: Sequence[QuestionForm] = (),
    reason: str | None = None,
) -> CommentRound:
    """Open a round on the newest version; whom it asks is fixed now, and who is asked by name is told.

    Raises Invalid naming the field for a deadline below the body's minimum, an unknown organisation, a question on
    a block that isn't there, or associations asked before Länder and Kommunen without a reason (GGO § 47(3)).
    """
    _check(session, recommendation, audience, closes_at, questions, reason)
    asked = organisations_meant(session, recommendation, audience, organisation_ids)
    opened = _new_round(session, recommendation, audience, closes_at, reason)
    record_creation(
        session,
        EventType.ROUND_OPENED,
        opened,
        actor=actor,
        version=opened.version,
        data={"audience": audience.value, "closes_at": closes_at.isoformat()},
        texts=_texts(reason, questions),
    )
    session.flush()
    everybody = {*asked, *organisations_with_a_seat(session, recommendation.body_id)}
    session.add_all([RoundOrganisation(round_id=opened.id, organisation_id=key) for key in sorted(everybody)])
    session.add_all(_questions(opened, questions))
    if audience in INVITING_AUDIENCES:
        invite(session, recommendation, sorted(asked), InvitationChannel.ROUND, actor=actor, round_id=opened.id)
    return opened


def _new_round(
    session: Session, recommendation: Recommendation, audience: Audience, closes_at: datetime, reason: str | None
) -> CommentRound:
    moment = now(session)
    last = select(func.max(CommentRound.number)).where(CommentRound.recommendation_id == recommendation.id)
    return CommentRound(
        id=new_id(moment),
        created_at=moment,
        recommendation_id=recommendation.id,
        body_id=recommendation.body_id,
        number=(session.exec(last).one() or 0) + 1,
        version=recommendation.version,
        audience=audience,
        opened_at=moment,
        closes_at=closes_at,
        opening_reason=reason,
        is_example=recommendation.is_example,
    )


def _questions(opened: CommentRound, questions: Sequence[QuestionForm]) -> list[RoundQuestion]:
    return [
        RoundQuestion(
            created_at=opened.created_at,
            round_id=opened.id,
            position=place,
            text=question.text,
            block_id=question.block_id,
        )
        for place, question in enumerate(questions, start=1)
    ]


def close_round(
    session: Session,
    found: CommentRound,
    *,
    actor: Actor,
    reason: str | None = None,
    effective_at: datetime | None = None,
) -> None:
    """Close a round, before its time with the reason that is printed beside it. The recommendation stays."""
    found.closed_at = effective_at or now(session)
    found.closing_reason = reason
    move(session, found, ROUND, "close", actor=actor, reason=reason, effective_at=effective_at)


def find_open_round(session: Session, recommendation: Recommendation) -> CommentRound | None:
    """The round that is not recorded as closed, with its row held; None where there is none."""
    statement = (
        select(CommentRound)
        .where(CommentRound.recommendation_id == recommendation.id, CommentRound.state == RoundState.OPEN)
        .with_for_update(of=CommentRound, key_share=True)
        .execution_options(populate_existing=True)
    )
    return session.exec(statement).one_or_none()


def close_round_if_due(session: Session, recommendation: Recommendation) -> bool:
    """Record what the clock has closed, effective at the deadline; the caller holds the recommendation's row."""
    found = find_open_round(session, recommendation)
    if found is None or not is_over(found.closes_at, now(session)):
        return False
    close_round(session, found, actor=SYSTEM_ACTOR, effective_at=found.closes_at)
    if recommendation.state is RecommendationState.COMMENTING:
        move(
            session,
            recommendation,
            RECOMMENDATION,
            "close_comments",
            actor=SYSTEM_ACTOR,
            data={"round_id": str(found.id)},
            version=found.version,
            effective_at=found.closes_at,
        )
    return True


def close_due_rounds(session: Session) -> int:
    """Record every round the clock has closed; the worker's task. Returns how many."""
    due = select(CommentRound.recommendation_id).where(
        CommentRound.state == RoundState.OPEN, CommentRound.closes_at <= now(session)
    )
    closed = 0
    for key in sorted(session.exec(due).all()):
        recommendation = get_for_update(session, Recommendation, key)
        closed += close_round_if_due(session, recommendation)
    return closed


def _check(
    session: Session,
    recommendation: Recommendation,
    audience: Audience,
    closes_at: datetime,
    questions: Sequence[QuestionForm],
    reason: str | None,
) -> None:
    errors: list[FieldError] = []
    body = session.get_one(Body, recommendation.body_id)
    days = RulesOfProcedure.from_mapping(body.rules).comment_days
    if closes_at < earliest_close(now(session), days):
        earliest = last_day(default_close(now(session), days))
        errors.append(
            FieldError(
                "closes_at",
                _(
                    "Die Frist muss nach der Verfahrensordnung mindestens {days} Tage betragen, "
                    "also bis {date} oder später."
                ).format(days=days, date=earliest.strftime("%d.%m.%Y")),
            )
        )
    if audience is Audience.ASSOCIATIONS and not (reason or "").strip() and not _asked_laender(session, recommendation):
        errors.append(
            FieldError(
                "reason",
                _(
                    "Länder und Kommunen wurden noch nicht beteiligt. Bitte begründen Sie, warum die Verbände "
                    "früher gefragt werden (§ 47 Absatz 3 GGO)."
                ),
            )
        )
    errors += _unknown_blocks(session, recommendation, questions)
    if errors:
        raise Invalid(*errors)


def _asked_laender(session: Session, recommendation: Recommendation) -> bool:
    statement = select(CommentRound.id).where(
        CommentRound.recommendation_id == recommendation.id, CommentRound.audience == Audience.LAENDER_MUNICIPAL
    )
    return session.exec(statement.limit(1)).first() is not None


def _unknown_blocks(
    session: Session, recommendation: Recommendation, questions: Sequence[QuestionForm]
) -> list[FieldError]:
    wanted = {question.block_id for question in questions if question.block_id}
    if not wanted:
        return []
    known = blocks_in(session, recommendation.id, recommendation.version)
    return [
        FieldError(f"questions.{place}.block_id", _("Diesen Absatz gibt es in der Fassung nicht."))
        for place, question in enumerate(questions)
        if question.block_id and question.block_id not in known
    ]


def require_open(session: Session, found: CommentRound) -> None:
    """Raise Closed from the deadline on, recorded or not."""
    if found.state is RoundState.CLOSED and found.closed_at and found.closed_at < found.closes_at:
        raise Closed(_("Das Stellungnahmeverfahren wurde vorzeitig geschlossen."))
    if found.state is RoundState.CLOSED or is_over(found.closes_at, now(session)):
        day = last_day(found.closes_at).strftime("%d.%m.%Y")
        raise Closed(_("Die Frist für Stellungnahmen endete am {day}.").format(day=day))


def blocks_in(session: Session, recommendation_id: UUID, number: int) -> frozenset[UUID]:
    """The ids of the blocks of one version."""
    statement = (
        select(VersionBlock.block_id)
        .join(Version, col(Version.id) == VersionBlock.version_id)
        .where(Version.recommendation_id == recommendation_id, Version.number == number)
    )
    return frozenset(session.exec(statement).all())


def _texts(reason: str | None, questions: Sequence[QuestionForm]) -> dict[str, str]:
    texts = {f"question_{place}": question.text for place, question in enumerate(questions, start=1)}
    return {**texts, **({"reason": reason} if reason else {})}
