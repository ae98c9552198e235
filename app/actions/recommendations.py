"""Drafting a recommendation and what is linked with it; its text is saved by `actions.versions`."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlmodel import Session, col, select

from app.actions.contributions import check_references, require_active
from app.actions.creations import find_already_created
from app.actions.edition_contents import move_to_edition
from app.actions.links import LINKS, add_links, change_links, linked_ids
from app.actions.permissions import require
from app.actions.record import record, record_creation
from app.actions.speaking import speaking_in
from app.clock import now
from app.domain.actors import Actor
from app.domain.events import EventType
from app.domain.permissions import Permission
from app.domain.recommendations import FROZEN_STATES, RecommendationState
from app.domain.sorting import search_key
from app.errors import Conflict, FieldError, Invalid
from app.forms.recommendations import ErratumForm, RecommendationChange, RecommendationForm
from app.i18n import _
from app.models.base import new_id
from app.models.organisations import Organisation
from app.models.programmes import FieldOfAction, Topic
from app.models.recommendations import Erratum, Recommendation, RecommendationAddressee
from app.queries import bodies, needs, programmes, proposals
from app.queries.base import get_for_update
from app.queries.recommendations import visible
from app.queries.versions import blocks_of_number
from app.wording import label

_ENDED_STATES = FROZEN_STATES | {RecommendationState.REJECTED, RecommendationState.DISCONTINUED}


def draft_recommendation(session: Session, form: RecommendationForm, *, actor: Actor) -> tuple[Recommendation, bool]:
    """Draft a recommendation of a body for the open edition. The flag is False where it stood already."""
    body = bodies.get_body(session, form.body_id, actor)
    require(Permission.RECOMMENDATION_DRAFT, body, actor)
    earlier = find_already_created(session, Recommendation, form, actor=actor)
    if earlier:
        return earlier, False
    require_active(body)
    speaker = speaking_in(actor, body.id, form.seat_id)
    _check(session, form, actor)
    programme_id = session.exec(
        select(FieldOfAction.programme_id).where(FieldOfAction.id == body.field_of_action_id)
    ).one()
    moment = now(session)
    recommendation = Recommendation(
        id=form.id or new_id(moment),
        created_at=moment,
        body_id=body.id,
        edition_id=programmes.open_edition(session, programme_id).id,
        field_of_action_id=body.field_of_action_id,
        topic_id=form.topic_id,
        file_reference=form.file_reference,
        title=form.title,
        search_text=search_key(form.title),
        state_since=moment,
        author_id=actor.person_id,
        organisation_id=speaker.organisation_id,
        seat_id=speaker.seat_id,
        is_example=body.is_example,
    )
    links = {field: list(dict.fromkeys(getattr(form, field))) for field in LINKS}
    addressee_ids = list(dict.fromkeys(form.addressee_ids))
    record_creation(
        session,
        EventType.RECOMMENDATION_DRAFTED,
        recommendation,
        actor=speaker,
        texts={"title": form.title},
        data={
            "body_id": str(body.id),
            "edition_id": str(recommendation.edition_id),
            "addressee_ids": [str(key) for key in addressee_ids],
            **{field: [str(key) for key in keys] for field, keys in links.items()},
        },
    )
    session.flush()
    for field, keys in links.items():
        add_links(session, recommendation, field, keys)
    session.add_all(
        RecommendationAddressee(recommendation_id=recommendation.id, organisation_id=key, position=position)
        for position, key in enumerate(addressee_ids)
    )
    return recommendation, True


def change_recommendation(session: Session, key: UUID, form: RecommendationChange, *, actor: Actor) -> Recommendation:
    """Link it anew with needs, proposals and what it is sorted by; the secretariat may move it to another edition.

    What the actor can't see stays linked.
    """
    recommendation = get_for_update(session, Recommendation, key, visible(actor, now(session)))
    require(Permission.RECOMMENDATION_DRAFT, recommendation, actor)
    if recommendation.state in _ENDED_STATES and form.model_fields_set - {"file_reference"}:
        raise Conflict(
            _("Im Stand „{state}“ ändert sich daran nichts mehr.").format(state=label(recommendation.state)),
            state=recommendation.state.value,
        )
    _check(session, form, actor)
    changes: dict[str, object] = {}
    for field in LINKS:
        wanted = getattr(form, field)
        if wanted is not None:
            found = change_links(
                session, recommendation, field, wanted, _hidden_from(session, recommendation, field, actor)
            )
            if found:
                changes[field] = found
    if "topic_id" in form.model_fields_set and form.topic_id != recommendation.topic_id:
        recommendation.topic_id = form.topic_id
        changes["topic_id"] = None if form.topic_id is None else str(form.topic_id)
    texts = {}
    if "file_reference" in form.model_fields_set and form.file_reference != recommendation.file_reference:
        recommendation.file_reference = form.file_reference
        changes["file_reference"] = form.file_reference is not None
        texts = {"file_reference": form.file_reference} if form.file_reference else {}
    if changes:
        record(session, EventType.RECOMMENDATION_CHANGED, recommendation, actor=actor, data=changes, texts=texts)
    if form.edition_id is not None and form.edition_id != recommendation.edition_id:
        move_to_edition(session, recommendation, form.edition_id, actor=actor)
    return recommendation


def add_erratum(session: Session, key: UUID, form: ErratumForm, *, actor: Actor) -> tuple[Erratum, bool]:
    """Set a note beside a frozen text; the text itself stays. The flag is False where it stood already."""
    recommendation = get_for_update(session, Recommendation, key, visible(actor, now(session)))
    require(Permission.ERRATUM_ADD, recommendation, actor)
    earlier = find_already_created(session, Erratum, form, actor=actor)
    if earlier:
        return earlier, False
    if recommendation.state not in FROZEN_STATES or recommendation.adopted_version is None:
        raise Conflict(_("Solange der Text nicht verabschiedet ist, wird er geändert statt berichtigt."))
    if form.block_id is not None:
        blocks = blocks_of_number(session, recommendation, recommendation.adopted_version)
        if form.block_id not in {block.id for block in blocks}:
            raise Invalid(FieldError("block_id", _("Diesen Absatz gibt es im verabschiedeten Text nicht.")))
    erratum = Erratum(
        id=form.id or new_id(now(session)),
        created_at=now(session),
        recommendation_id=recommendation.id,
        block_id=form.block_id,
        text=form.text,
        author_id=actor.person_id,
    )
    session.add(erratum)
    record(
        session,
        EventType.RECOMMENDATION_ERRATUM_ADDED,
        recommendation,
        actor=actor,
        data={"erratum_id": str(erratum.id), "block_id": str(form.block_id) if form.block_id else None},
        texts={"text": form.text},
    )
    return erratum, True


def _check(session: Session, form: RecommendationForm | RecommendationChange, actor: Actor) -> None:
    """Everything named exists, and needs and proposals can be seen by who names them."""
    references = [(field, link.model, getattr(form, field) or []) for field, link in LINKS.items()]
    check_references(
        session,
        *references,
        ("topic_id", Topic, [form.topic_id] if form.topic_id else []),
        ("addressee_ids", Organisation, getattr(form, "addressee_ids", [])),
    )
    hidden = [
        FieldError(field, _("Diesen Eintrag gibt es nicht."))
        for field in ("need_ids", "proposal_ids")
        if _seen(session, field, getattr(form, field) or [], actor) != set(getattr(form, field) or [])
    ]
    if hidden:
        raise Invalid(*hidden)


def _seen(session: Session, field: str, keys: Sequence[UUID], actor: Actor) -> set[UUID]:
    """Those of the needs or proposals that the actor may see."""
    if not keys:
        return set()
    link = LINKS[field]
    condition = needs.visible(actor) if field == "need_ids" else proposals.visible(actor)
    key = col(link.model.id)  # type: ignore[attr-defined]
    return set(session.exec(select(key).where(key.in_(keys), condition)))


def _hidden_from(session: Session, recommendation: Recommendation, field: str, actor: Actor) -> set[UUID]:
    if field not in ("need_ids", "proposal_ids"):
        return set()
    present = linked_ids(session, recommendation, field)
    return present - _seen(session, field, list(present), actor)
