"""Filing an amendment: changes to the blocks of one version, with a reason, for a seat."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlmodel import Session, col, select

from app.actions.creations import find_already_created
from app.actions.permissions import require
from app.actions.record import record_creation
from app.actions.speaking import speaking_in
from app.clock import now
from app.domain.actors import WRITING_ROLES, Actor
from app.domain.amendments import FILING_STATES
from app.domain.events import EventType
from app.domain.permissions import Permission
from app.domain.text import AmendingKind, Block, BlockKind, BlockPart
from app.errors import Conflict, FieldError, Invalid
from app.forms.amendments import AmendmentForm, ChangeInput
from app.i18n import _
from app.models.amendments import Amendment, AmendmentChange
from app.models.base import new_id
from app.models.recommendations import Recommendation
from app.models.record import RecordText
from app.queries import recommendations
from app.queries.base import get_for_update
from app.queries.versions import blocks_of_number
from app.wording import label


def file_amendment(
    session: Session, recommendation_id: UUID, form: AmendmentForm, *, actor: Actor
) -> tuple[Amendment, bool]:
    """Propose changes to the blocks of one version; the flag is False where this very input was sent before.

    Filed while the body reviews, comments or evaluates the draft, else Conflict; Invalid names each change that can't
    be made or changes nothing.
    """
    visible = recommendations.visible(actor, now(session))
    recommendation = get_for_update(session, Recommendation, recommendation_id, visible)
    require(Permission.AMENDMENT_FILE, recommendation, actor)
    earlier = find_already_created(session, Amendment, form, actor=actor)
    if earlier:
        return earlier, False
    if recommendation.state not in FILING_STATES:
        raise Conflict(
            _("Im Stand „{state}“ werden keine Änderungsvorschläge angenommen.").format(
                state=label(recommendation.state)
            ),
            state=recommendation.state.value,
        )
    blocks = _pinned_blocks(session, recommendation, form.version)
    _check(form.changes, blocks)
    speaker = speaking_in(actor, recommendation.body_id, form.seat_id, roles=WRITING_ROLES)
    return _file(session, recommendation, form, blocks, speaker), True


def _pinned_blocks(session: Session, recommendation: Recommendation, number: int) -> dict[UUID, Block]:
    if number > recommendation.version:
        raise Invalid(FieldError("version", _("Diese Fassung gibt es nicht.")))
    return {block.id: block for block in blocks_of_number(session, recommendation, number)}


def _check(changes: Sequence[ChangeInput], blocks: Mapping[UUID, Block]) -> None:
    """Raise Invalid for a change of an unknown block, one that says nothing, and two that contradict each other."""
    if not changes:
        raise Invalid(FieldError("changes", _("Ihr Vorschlag ändert noch nichts. Bitte ändern Sie einen Absatz.")))
    errors = []
    written: set[tuple[UUID, bool]] = set()
    for number, change in enumerate(changes):
        problem = _problem_of(change, blocks.get(change.block_id))
        place = (change.block_id, change.kind is AmendingKind.ADD_AFTER)
        if problem is None and place in written and change.kind is not AmendingKind.ADD_AFTER:
            problem = ("block_id", _("Zu diesem Absatz steht schon eine Änderung in Ihrem Vorschlag."))
        written.add(place)
        if problem is not None:
            field, message = problem
            errors.append(FieldError(f"changes.{number}.{field}", message))
    if errors:
        raise Invalid(*errors)


def _problem_of(change: ChangeInput, block: Block | None) -> tuple[str, str] | None:
    if block is None:
        return "block_id", _("Diesen Absatz gibt es in der Fassung nicht.")
    is_added = change.kind is AmendingKind.ADD_AFTER
    if not is_added and (change.part or change.block_kind):
        return "part", _("Teil und Art nennt nur ein neuer Absatz.")
    if change.kind is AmendingKind.REMOVE:
        return ("text", _("Ein Absatz, der entfällt, hat keinen neuen Wortlaut.")) if change.text else None
    if not change.text:
        return "text", _("Hier fehlt der Wortlaut. Soll der Absatz entfallen, wählen Sie bitte „Absatz streichen“.")
    if not is_added and change.text.strip() == block.text.strip():
        return "text", _("Das ist Wort für Wort der jetzige Absatz. Bitte ändern Sie ihn.")
    return None


def _file(
    session: Session,
    recommendation: Recommendation,
    form: AmendmentForm,
    blocks: Mapping[UUID, Block],
    speaker: Actor,
) -> Amendment:
    """Store it with its changes; of several blocks added at one place the ids rise in their order."""
    moment = now(session)
    amendment = Amendment(
        id=form.id or new_id(moment),
        created_at=moment,
        recommendation_id=recommendation.id,
        body_id=recommendation.body_id,
        version=form.version,
        grounds=form.reason,
        author_id=speaker.person_id,
        organisation_id=speaker.organisation_id,
        seat_id=speaker.seat_id,
        is_example=recommendation.is_example,
    )
    keys = sorted(new_id(moment) for _change in form.changes)
    entry = record_creation(
        session,
        EventType.AMENDMENT_FILED,
        amendment,
        actor=speaker,
        version=form.version,
        data={
            "changes": [
                {"id": str(key), "kind": change.kind.value, "block_id": str(change.block_id)}
                for key, change in zip(keys, form.changes, strict=True)
            ]
        },
        texts={f"change-{key}": change.text for key, change in zip(keys, form.changes, strict=True) if change.text},
    )
    session.flush()
    kept = select(RecordText.field, RecordText.id).where(col(RecordText.owner_id) == entry.id)
    texts = dict(session.exec(kept).all())
    for position, (key, change) in enumerate(zip(keys, form.changes, strict=True)):
        row = AmendmentChange(
            id=key,
            created_at=moment,
            amendment_id=amendment.id,
            position=position,
            kind=change.kind,
            block_id=change.block_id,
            text_id=texts.get(f"change-{key}"),
        )
        if change.kind is AmendingKind.ADD_AFTER:
            row.part, row.block_kind = _place_of(change, blocks[change.block_id])
        session.add(row)
    session.flush()
    return amendment


def _place_of(change: ChangeInput, before: Block) -> tuple[BlockPart, BlockKind]:
    kind = BlockKind.PARAGRAPH if before.kind is BlockKind.SUBHEADING else before.kind
    return change.part or before.part, change.block_kind or kind
