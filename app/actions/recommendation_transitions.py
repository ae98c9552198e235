"""Every move of a recommendation: checked by its table, carried out with all it brings about, recorded."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from sqlmodel import Session, col, select

from app.actions.adoption import adopt_recommendation
from app.actions.amendment_dispositions import settle_open_amendments
from app.actions.ballot_openings import MeetingHeld, open_ballot
from app.actions.ballots import make_ballots_history, settle_ballots, void_open_ballot
from app.actions.co_signatures import renew_co_signatures, reset_co_signatures
from app.actions.consultations import close_round, close_round_if_due, find_open_round, open_round
from app.actions.invitations import invite_seats
from app.actions.moves import decide, move
from app.actions.publication import publish_if_due, publish_recommendation, schedule_publication
from app.actions.versions import save_version
from app.clock import now
from app.domain.actors import Actor
from app.domain.deadlines import berlin_date
from app.domain.recommendations import RECOMMENDATION, RecommendationState
from app.domain.text import Block
from app.domain.workflow import Transition
from app.errors import Conflict, FieldError, Invalid
from app.forms.recommendation_transitions import RecommendationTransition
from app.i18n import _
from app.models.recommendations import Recommendation, Supersession
from app.queries import recommendations
from app.queries.ballots import find_newest_ballot
from app.queries.base import get_for_update
from app.queries.recommendation_facts import facts_of
from app.queries.versions import VersionText


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the event of a move vouches for beside reason and states."""

    data: dict[str, object] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    version: int | None = None


def transition_recommendation(
    session: Session, key: UUID, form: RecommendationTransition, *, actor: Actor
) -> Recommendation:
    """Make a move with what it needs; refused, it raises what is missing and nothing has changed.

    What the clock has done in the meantime is recorded first.
    """
    recommendation = get_for_update(session, Recommendation, key, recommendations.visible(actor, now(session)))
    settle_clock(session, recommendation)
    facts = facts_of(session, recommendation, actor=actor)
    row = decide(recommendation, RECOMMENDATION, form.transition, actor=actor, facts=facts, reason=form.reason)
    _check_fields(row, form)
    if row.name == "adopt":
        assert form.deciding_body
        assert form.decided_on
        assert form.decision_reference
        return adopt_recommendation(
            session,
            recommendation,
            deciding_body=form.deciding_body,
            decided_on=form.decided_on,
            decision_reference=form.decision_reference,
            actor=actor,
            reason=form.reason,
        )
    if row.name == "publish":
        if form.publish_at is not None:
            return schedule_publication(session, recommendation, form.publish_at, actor=actor)
        return publish_recommendation(session, recommendation, actor=actor, reason=form.reason)
    outcome = _carry_out(session, recommendation, row, form, actor)
    move(
        session,
        recommendation,
        RECOMMENDATION,
        form.transition,
        actor=actor,
        facts=facts,
        reason=form.reason,
        data=outcome.data,
        texts=outcome.texts,
        version=outcome.version or recommendation.version or None,
    )
    session.flush()
    return recommendation


def settle_clock(session: Session, recommendation: Recommendation) -> None:
    """Record what the clock has closed or opened; the caller holds the recommendation's row."""
    close_round_if_due(session, recommendation)
    settle_ballots(session, recommendation)
    publish_if_due(session, recommendation)


def _check_fields(row: Transition, form: RecommendationTransition) -> None:
    """Raise Invalid for a field the move needs and hasn't got, and for one it doesn't take."""
    sent = form.model_fields_set - {"transition", "reason"}
    missing = [name for name in row.needs if getattr(form, name) in (None, [])]
    strange = [name for name in sorted(sent) if name not in {*row.needs, *row.takes} and getattr(form, name)]
    errors = [FieldError(name, _("Bitte füllen Sie dieses Feld aus.")) for name in missing]
    errors += [FieldError(name, _("Dieses Feld gehört nicht zu diesem Schritt.")) for name in strange]
    if errors:
        raise Invalid(*errors)


def _carry_out(
    session: Session,
    recommendation: Recommendation,
    row: Transition,
    form: RecommendationTransition,
    actor: Actor,
) -> Outcome:
    """Do what the move brings about beyond the state; moves that bring about nothing have no entry."""
    step = _STEPS.get(row.name)
    return step(session, recommendation, form, actor) if step else Outcome()


def _start_review(
    session: Session, recommendation: Recommendation, _form: RecommendationTransition, actor: Actor
) -> Outcome:
    invited = invite_seats(session, recommendation, actor=actor)
    return Outcome({"organisation_ids": [str(key) for key in invited]})


def _open_comments(
    session: Session, recommendation: Recommendation, form: RecommendationTransition, actor: Actor
) -> Outcome:
    assert form.audience
    assert form.closes_at
    opened = open_round(
        session,
        recommendation,
        audience=form.audience,
        closes_at=form.closes_at,
        organisation_ids=form.organisation_ids or (),
        questions=form.questions or (),
        reason=form.reason,
        actor=actor,
    )
    data = {"round_id": str(opened.id), "audience": opened.audience.value, "closes_at": opened.closes_at.isoformat()}
    return Outcome(dict(data), version=opened.version)


def _close_comments(
    session: Session, recommendation: Recommendation, form: RecommendationTransition, actor: Actor
) -> Outcome:
    found = find_open_round(session, recommendation)
    if found is None:
        return Outcome()
    close_round(session, found, actor=actor, reason=form.reason)
    return Outcome({"round_id": str(found.id)}, version=found.version)


def _call_decision(
    session: Session, recommendation: Recommendation, form: RecommendationTransition, actor: Actor
) -> Outcome:
    ballot = open_ballot(
        session,
        recommendation,
        version=recommendation.version,
        closes_at=form.closes_at,
        meeting=_meeting(form),
        actor=actor,
    )
    return Outcome({"ballot_id": str(ballot.id)}, version=ballot.version)


def _meeting(form: RecommendationTransition) -> MeetingHeld | None:
    """When and where the body meets to decide; None for a ballot by circulation."""
    if form.in_meeting:
        if form.held_on and form.place:
            return MeetingHeld(form.held_on, form.place)
        missing = [name for name in ("held_on", "place") if not getattr(form, name)]
        raise Invalid(*(FieldError(name, _("Bitte füllen Sie dieses Feld aus.")) for name in missing))
    strange = [name for name in ("held_on", "place") if getattr(form, name)]
    if strange:
        sentence = _("Tag und Ort gehören zu einer Sitzung. Wählen Sie „in einer Sitzung“, oder lassen Sie sie leer.")
        raise Invalid(*(FieldError(name, sentence) for name in strange))
    return None


def _carry(session: Session, recommendation: Recommendation, _form: RecommendationTransition, _actor: Actor) -> Outcome:
    """Who was asked to sign another version than the one decided on is asked again."""
    ballot = find_newest_ballot(session, recommendation.id)
    version = ballot.version if ballot else recommendation.version
    renew_co_signatures(session, recommendation, version=version)
    return Outcome(version=version)


def _repeat_decision(
    session: Session, recommendation: Recommendation, form: RecommendationTransition, actor: Actor
) -> Outcome:
    former = find_newest_ballot(session, recommendation.id)
    version = former.version if former else recommendation.version
    ballot = open_ballot(
        session,
        recommendation,
        version=version,
        closes_at=form.closes_at,
        meeting=_meeting(form),
        actor=actor,
        changed_block_ids=[UUID(str(key)) for key in former.changed_block_ids] if former else (),
    )
    return Outcome({"ballot_id": str(ballot.id)}, version=version)


def _revise(session: Session, recommendation: Recommendation, form: RecommendationTransition, actor: Actor) -> Outcome:
    assert form.version
    former = find_newest_ballot(session, recommendation.id)
    before = recommendations.get_version(session, recommendation, recommendation.version)
    saved = save_version(session, recommendation, form.version, actor=actor, allow_after_decision=True)
    session.flush()
    after = recommendations.get_version(session, recommendation, saved.number)
    if _reads_the_same(before, after):
        raise Invalid(FieldError("version", _("Diese Fassung ist Wort für Wort die beschlossene. Ändern Sie sie.")))
    changed = changed_blocks(before.blocks, after.blocks)
    ballot = open_ballot(
        session,
        recommendation,
        version=saved.number,
        closes_at=form.closes_at,
        meeting=_meeting(form),
        actor=actor,
        revision_of=former,
        changed_block_ids=changed,
    )
    reset_co_signatures(session, recommendation, version=saved.number)
    return Outcome({"ballot_id": str(ballot.id)}, version=saved.number)


def _reads_the_same(before: VersionText, after: VersionText) -> bool:
    return (before.title, before.blocks, before.addressees) == (after.title, after.blocks, after.addressees)


def changed_blocks(before: Sequence[Block], after: Sequence[Block]) -> list[UUID]:
    """The blocks that are not word for word what they were, by their ids alone: no likeness is computed."""
    old = {block.id: block for block in before}
    new = {block.id: block for block in after}
    return [key for key in {**old, **new} if old.get(key) != new.get(key)]


def _return_to_draft(
    session: Session, recommendation: Recommendation, form: RecommendationTransition, actor: Actor
) -> Outcome:
    _end_what_runs(session, recommendation, form, actor)
    make_ballots_history(session, recommendation)
    reset_co_signatures(session, recommendation, version=recommendation.version)
    return Outcome()


def _discontinue(
    session: Session, recommendation: Recommendation, form: RecommendationTransition, actor: Actor
) -> Outcome:
    """Nobody works on the text any more, so what is still proposed to change in it is settled."""
    _end_what_runs(session, recommendation, form, actor)
    settle_open_amendments(session, recommendation, reason=_("Die Arbeit an der Empfehlung wurde eingestellt."))
    return Outcome()


def _end_what_runs(
    session: Session, recommendation: Recommendation, form: RecommendationTransition, actor: Actor
) -> None:
    found = find_open_round(session, recommendation)
    if found is not None:
        close_round(session, found, actor=actor, reason=form.reason)
    void_open_ballot(session, recommendation, reason=form.reason or "", actor=actor)


def _unschedule(
    _session: Session, recommendation: Recommendation, _form: RecommendationTransition, _actor: Actor
) -> Outcome:
    planned = recommendation.publish_at
    recommendation.publish_at = None
    return Outcome({"publish_at": planned.isoformat() if planned else None})


def _confirm(
    session: Session, recommendation: Recommendation, form: RecommendationTransition, _actor: Actor
) -> Outcome:
    this_year = berlin_date(now(session)).year
    year = form.year or this_year
    if year > this_year:
        raise Invalid(FieldError("year", _("Das Jahr der Bestätigung darf nicht in der Zukunft liegen.")))
    recommendation.confirmed_year = year
    return Outcome({"year": year})


def _supersede(
    session: Session, recommendation: Recommendation, form: RecommendationTransition, actor: Actor
) -> Outcome:
    keys = list(dict.fromkeys(form.successor_ids or ()))
    if recommendation.id in keys:
        raise Invalid(FieldError("successor_ids", _("Eine Empfehlung kann sich nicht selbst ersetzen.")))
    statement = select(Recommendation).where(
        col(Recommendation.id).in_(keys), recommendations.visible(actor, now(session))
    )
    found = session.exec(statement).all()
    if len(found) != len(keys):
        raise Invalid(FieldError("successor_ids", _("Eine der Empfehlungen gibt es nicht.")))
    unpublished = [each for each in found if each.state not in _IN_FORCE]
    if unpublished:
        raise Conflict(
            _("Ersetzen können nur veröffentlichte Empfehlungen. Noch nicht veröffentlicht: {titles}.").format(
                titles=", ".join(f"„{each.title}“" for each in unpublished)
            )
        )
    session.add_all([Supersession(recommendation_id=recommendation.id, successor_id=key) for key in keys])
    return Outcome({"successor_ids": [str(key) for key in keys]})


def _close_tracking(
    session: Session, recommendation: Recommendation, form: RecommendationTransition, _actor: Actor
) -> Outcome:
    recommendation.tracking_closed_at = now(session)
    recommendation.tracking_closed_reason = form.reason
    return Outcome()


def _reopen_tracking(
    _session: Session, recommendation: Recommendation, _form: RecommendationTransition, _actor: Actor
) -> Outcome:
    recommendation.tracking_closed_at = None
    recommendation.tracking_closed_reason = None
    return Outcome()


_IN_FORCE = frozenset({RecommendationState.PUBLISHED, RecommendationState.UNDER_REVIEW})
_STEPS: dict[str, Callable[[Session, Recommendation, RecommendationTransition, Actor], Outcome]] = {
    "start_review": _start_review,
    "open_comments": _open_comments,
    "close_comments": _close_comments,
    "call_decision": _call_decision,
    "carry": _carry,
    "carry_with_dissent": _carry,
    "repeat_decision": _repeat_decision,
    "revise": _revise,
    "return_to_draft": _return_to_draft,
    "discontinue": _discontinue,
    "unschedule": _unschedule,
    "confirm": _confirm,
    "supersede": _supersede,
    "close_tracking": _close_tracking,
    "reopen_tracking": _reopen_tracking,
}
