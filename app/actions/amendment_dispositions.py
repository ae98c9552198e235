"""What became of amendments: taken into the next version, in whole or in part, declined with a reason, or withdrawn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from app.actions.moves import decide, move
from app.actions.sources import add_known_sources
from app.actions.versions import plain_block, save_version
from app.clock import now
from app.domain.actors import SYSTEM_ACTOR, Actor
from app.domain.amendments import AMENDMENT, AmendmentState
from app.domain.consultations import TAKING, Disposition
from app.domain.events import SubjectType
from app.domain.recommendations import WRITING_STATES
from app.domain.text import MAX_BLOCK_CHARACTERS, AmendedBlock, Block, Taking, take
from app.errors import Colliding, Conflict, FieldError, Invalid
from app.forms.amendments import AmendmentDispositionForm, AmendmentsDispositionForm, AmendmentTransition
from app.forms.versions import BlockInput, VersionForm
from app.i18n import _, ngettext
from app.models.amendments import Amendment
from app.models.recommendations import Recommendation
from app.queries import amendments as queries
from app.queries import recommendations
from app.queries.base import get_for_update
from app.queries.versions import VersionText, get_version
from app.wording import label
from app.wording.texts import text_problem

_FIELDS = ("disposition", "base_version", "decisions", "by_hand", "seat_id")


@dataclass(frozen=True, slots=True)
class _Taken:
    """What taking came to: the version made, None where the text said it all already, and who wrote what."""

    version: int | None = None
    written: frozenset[UUID] = field(default_factory=frozenset)


def dispose_amendment(session: Session, key: UUID, form: AmendmentDispositionForm, *, actor: Actor) -> Amendment:
    """Say what became of one amendment, and why; its author is told. Taking it makes the next version."""
    amendment = queries.get_amendment(session, key, actor)
    several = AmendmentsDispositionForm(amendment_ids=[key], **form.model_dump())
    return dispose_amendments(session, amendment.recommendation_id, several, actor=actor)[0]


def transition_amendment(session: Session, key: UUID, form: AmendmentTransition, *, actor: Actor) -> Amendment:
    """Make a move of an amendment: take it back, or say what became of it."""
    if form.transition != "dispose":
        amendment = get_for_update(session, Amendment, key, queries.visible(actor))
        move(session, amendment, AMENDMENT, form.transition, actor=actor, reason=form.reason)
        return amendment
    if form.disposition is None:
        raise Invalid(FieldError("disposition", _("Bitte wählen Sie, was aus dem Änderungsvorschlag wurde.")))
    if not form.reason:
        raise Invalid(FieldError("reason", _("Bitte begründen Sie diesen Schritt.")))
    values = {name: getattr(form, name) for name in _FIELDS}
    return dispose_amendment(session, key, AmendmentDispositionForm(reason=form.reason, **values), actor=actor)


def dispose_amendments(
    session: Session, recommendation_id: UUID, form: AmendmentsDispositionForm, *, actor: Actor
) -> Sequence[Amendment]:
    """The same for several amendments to one recommendation, all or none; those taken go into one version together.

    Raises Colliding where they meet in the same words and no wording is sent, StaleVersion where another version was
    saved since `base_version`; nothing has changed then.
    """
    visible = recommendations.visible(actor, now(session))
    recommendation = get_for_update(session, Recommendation, recommendation_id, visible)
    of_this = col(Amendment.recommendation_id) == recommendation.id
    keys = sorted(set(form.amendment_ids))
    amendments = [get_for_update(session, Amendment, key, queries.visible(actor), of_this) for key in keys]
    for amendment in amendments:
        decide(amendment, AMENDMENT, "dispose", actor=actor, reason=form.reason)
    taken = _Taken()
    if form.disposition not in TAKING:
        _refuse_wording(form)
    elif not form.by_hand:
        taken = _take(session, recommendation, amendments, form, actor)
    for amendment in amendments:
        _settle(session, amendment, form.disposition, form.reason, actor, taken=taken, by_hand=form.by_hand)
    return amendments


def settle_open_amendments(session: Session, recommendation: Recommendation, *, reason: str) -> None:
    """Settle what is still open of a recommendation nobody works on any more, so that it waits for nobody."""
    is_open = col(Amendment.state) == AmendmentState.OPEN
    statement = select(Amendment.id).where(Amendment.recommendation_id == recommendation.id, is_open)
    for key in session.exec(statement.order_by(col(Amendment.id))).all():
        amendment = get_for_update(session, Amendment, key)
        _settle(session, amendment, Disposition.SETTLED, reason, SYSTEM_ACTOR)


def _refuse_wording(form: AmendmentsDispositionForm) -> None:
    if form.decisions or form.by_hand:
        name = "decisions" if form.decisions else "by_hand"
        raise Invalid(FieldError(name, _("Ein Wortlaut gehört nur zu einem Vorschlag, der übernommen wird.")))


def _take(
    session: Session,
    recommendation: Recommendation,
    amendments: Sequence[Amendment],
    form: AmendmentsDispositionForm,
    actor: Actor,
) -> _Taken:
    """Bring the amendments together on the version the editor read, and save that as the next one."""
    if recommendation.state not in WRITING_STATES:
        raise Conflict(
            _("Im Stand „{state}“ wird der Text nicht mehr geändert.").format(state=label(recommendation.state)),
            state=recommendation.state.value,
        )
    number = form.base_version or recommendation.version
    if number > recommendation.version:
        raise Invalid(FieldError("base_version", _("Diese Fassung gibt es nicht.")))
    base = get_version(session, recommendation, number)
    changes = [each for group in queries.changes_of(session, amendments).values() for each in group]
    taking = take(base.blocks, changes)
    decisions = _decisions(form, taking)
    result = taking.result(decisions)
    made = None
    if result != base.blocks or number != recommendation.version:
        made = _save(session, recommendation, base, result, form, len(amendments), actor)
    living = {block.id for block in result}
    add_known_sources(
        session,
        recommendation,
        [(each.target_id, SubjectType.AMENDMENT, each.amendment_id) for each in changes if each.target_id in living],
        actor=actor,
    )
    written = {each.id for each in taking.blocks if each.id in decisions and _reads_otherwise(each, decisions)}
    return _Taken(made, frozenset(written))


def _decisions(form: AmendmentsDispositionForm, taking: Taking) -> dict[UUID, str | None]:
    """The wordings sent; raises what is missing or has no place."""
    concerned = {each.id for each in taking.blocks}
    strange = [
        FieldError(f"decisions.{number}.block_id", _("Diesen Absatz berührt keiner der gewählten Vorschläge."))
        for number, each in enumerate(form.decisions)
        if each.block_id not in concerned
    ]
    if strange:
        raise Invalid(*strange)
    decisions = {each.block_id: each.text or None for each in form.decisions}
    if form.disposition is Disposition.PARTLY_ADOPTED and not decisions and not taking.homeless:
        raise Invalid(
            FieldError("decisions", _("Bitte schreiben Sie mindestens zu einem Absatz, was übernommen wird."))
        )
    if form.disposition is Disposition.ADOPTED and taking.homeless:
        raise Conflict(
            _(
                "Ein Absatz, zu dem ein Vorschlag gehört, steht nicht mehr im Text. Arbeiten Sie ihn von Hand ein, "
                "oder übernehmen Sie ihn teilweise."
            ),
            homeless=[str(each.base.id) for each in taking.homeless],
        )
    undecided = [each for each in taking.collisions if each.id not in decisions]
    if undecided:
        raise Colliding(
            _("Mehrere Änderungen betreffen dieselben Wörter. Bitte schreiben Sie den Wortlaut, der gelten soll."),
            collisions=[_collision(each) for each in undecided],
        )
    return decisions


def _collision(each: Any) -> dict[str, Any]:
    return {
        "block_id": str(each.id),
        "present": plain_block(each.present),
        "wanted": [_wanted(change) for change in each.changes],
    }


def _wanted(change: AmendedBlock) -> dict[str, Any]:
    return {
        "amendment_id": str(change.amendment_id),
        "kind": change.kind.value,
        "base": plain_block(change.base),
        "text": change.text,
    }


def _reads_otherwise(each: Any, decisions: dict[UUID, str | None]) -> bool:
    proposed = each.proposed.text if each.proposed else None
    return each.collides or decisions[each.id] != proposed


def _save(
    session: Session,
    recommendation: Recommendation,
    base: VersionText,
    blocks: Sequence[Block],
    form: AmendmentsDispositionForm,
    count: int,
    actor: Actor,
) -> int:
    """Save the merged text as the next version."""
    if not blocks:
        raise Invalid(FieldError("decisions", _("Damit bliebe von der Empfehlung kein Text.")))
    if any(len(block.text) > MAX_BLOCK_CHARACTERS for block in blocks):
        raise Invalid(FieldError("decisions", text_problem("text_too_long")))
    note = ngettext("Ein Änderungsvorschlag eingearbeitet", "{count} Änderungsvorschläge eingearbeitet", count).format(
        count=count
    )
    version = VersionForm(
        base_version=base.number,
        blocks=[
            BlockInput(id=each.id, part=each.part, kind=each.kind, number=each.number, text=each.text)
            for each in blocks
        ],
        note=note,
        seat_id=form.seat_id,
    )
    return save_version(session, recommendation, version, actor=actor).number


def _settle(
    session: Session,
    amendment: Amendment,
    disposition: Disposition,
    reason: str,
    actor: Actor,
    *,
    taken: _Taken = _Taken(),
    by_hand: bool = False,
) -> None:
    data: dict[str, object] = {"disposition": disposition.value}
    if disposition in TAKING:
        data |= {"by_hand": by_hand, "written_block_ids": sorted(str(key) for key in taken.written)}
    move(session, amendment, AMENDMENT, "dispose", actor=actor, reason=reason, data=data, version=taken.version)
    amendment.disposition = disposition
    amendment.disposition_reason = reason
    amendment.disposed_at = now(session)
    amendment.disposed_by_id = actor.person_id
    amendment.taken_version = taken.version
    session.add(amendment)
