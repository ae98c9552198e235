"""Keeping what is typed before it is saved. No events: nothing has been said to anybody yet."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import delete
from sqlmodel import Session, col, select

from app.actions.permissions import require
from app.clock import now
from app.domain.actors import Actor
from app.domain.permissions import Permission
from app.errors import DraftOvertaken
from app.forms.drafts import DraftForm
from app.models.base import new_id
from app.models.drafts import Draft
from app.models.recommendations import Recommendation
from app.queries.drafts import own_draft

_FIELDS = {"addressee_ids", "note", "reason", "editorial", "seat_id"}


def keep_draft(session: Session, recommendation: Recommendation, form: DraftForm, *, actor: Actor) -> Draft:
    """Keep the text as the actor's own draft, whatever the state; the next keeping takes its place.

    Raises DraftOvertaken where another page of the same person kept something since, or the draft is gone.
    """
    require(Permission.RECOMMENDATION_DRAFT, recommendation, actor)
    assert actor.person_id is not None
    draft = _own_for_update(session, recommendation, actor)
    _refuse_overtaken(draft, form.writer_id, form.revision)
    moment = now(session)
    if draft is None:
        draft = Draft(
            id=new_id(moment),
            created_at=moment,
            recommendation_id=recommendation.id,
            person_id=actor.person_id,
            base_version=form.base_version,
            revision=0,
            writer_id=form.writer_id,
            updated_at=moment,
        )
    draft.base_version = form.base_version
    draft.revision += 1
    draft.writer_id = form.writer_id
    draft.updated_at = moment
    draft.title = form.title
    draft.blocks = None if form.blocks is None else [each.model_dump(mode="json") for each in form.blocks]
    draft.text = form.text if form.blocks is None else None
    draft.fields = form.model_dump(mode="json", include=_FIELDS)
    session.add(draft)
    session.flush()
    return draft


def discard_draft(session: Session, recommendation: Recommendation, *, actor: Actor) -> None:
    """Throw the actor's own draft away; without one nothing happens."""
    draft = _own_for_update(session, recommendation, actor)
    if draft is not None:
        session.delete(draft)


def settle_draft(
    session: Session, recommendation: Recommendation, *, writer_id: UUID | None, revision: int, actor: Actor
) -> None:
    """After its text was saved as a version, drop the draft; one that another page went on with stays."""
    draft = _own_for_update(session, recommendation, actor)
    if draft is not None and (draft.writer_id == writer_id or draft.revision == revision):
        session.delete(draft)


def forget_drafts(session: Session, person_id: UUID) -> None:
    """Delete whatever a person wrote and did not save."""
    session.connection().execute(delete(Draft).where(col(Draft.person_id) == person_id))


def redact_in_drafts(session: Session, recommendation_id: UUID, former: str, instead: str) -> None:
    """Take a text that was blacked out of the drafts that began with it, too."""
    statement = select(Draft).where(col(Draft.recommendation_id) == recommendation_id).with_for_update()
    for draft in session.exec(statement).all():
        draft.title = draft.title.replace(former, instead)[:300]
        draft.text = draft.text and draft.text.replace(former, instead)
        draft.blocks = draft.blocks and [
            {**block, "text": block["text"].replace(former, instead)} for block in draft.blocks
        ]


def _own_for_update(session: Session, recommendation: Recommendation, actor: Actor) -> Draft | None:
    statement = own_draft(recommendation.id, actor).with_for_update().execution_options(populate_existing=True)
    return session.exec(statement).one_or_none()


def _refuse_overtaken(draft: Draft | None, writer_id: UUID, revision: int) -> None:
    if draft is None:
        if revision:
            raise DraftOvertaken(0)
    elif draft.writer_id != writer_id and draft.revision != revision:
        raise DraftOvertaken(draft.revision)
