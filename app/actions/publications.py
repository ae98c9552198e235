"""What the Geschäftsstelle does with publications: enter, change, take back."""

from __future__ import annotations

from uuid import UUID

from sqlmodel import Session

from app.actions.creations import find_already_created
from app.actions.permissions import require
from app.actions.record import record, record_creation
from app.clock import now
from app.domain.actors import Actor
from app.domain.deadlines import berlin_date
from app.domain.events import EventType
from app.domain.permissions import Permission
from app.domain.sorting import search_key
from app.errors import Conflict, FieldError, Invalid
from app.forms.publications import PublicationChange, PublicationForm, PublicationWithdrawal
from app.i18n import _
from app.models.base import Table, new_id
from app.models.programmes import Edition, FieldOfAction
from app.models.publications import Publication
from app.queries import publications as queries
from app.queries.base import get_for_update
from app.queries.implementation_reports import find_report_of

_EMPTIABLE = frozenset({"url", "field_of_action_id", "edition_id"})


def enter_publication(
    session: Session, form: PublicationForm, *, actor: Actor, is_example: bool = False
) -> tuple[Publication, bool]:
    """Enter what appeared; public at once. The flag is False where it stood already."""
    require(Permission.PUBLICATION_MANAGE, None, actor)
    earlier = find_already_created(session, Publication, form, actor=actor)
    if earlier:
        return earlier, False
    _check(session, form)
    moment = now(session)
    values = form.model_dump(exclude={"id"})
    made = Publication(id=form.id or new_id(moment), created_at=moment, is_example=is_example, **values)
    made.search_text = _search_text(made)
    record_creation(
        session,
        EventType.PUBLICATION_ENTERED,
        made,
        actor=actor,
        data={"published_on": made.published_on.isoformat(), "url": made.url},
    )
    session.flush()
    return made, True


def change_publication(session: Session, key: UUID, form: PublicationChange, *, actor: Actor) -> Publication:
    """Change an entry; what it said before stays in the record."""
    require(Permission.PUBLICATION_MANAGE, None, actor)
    entry = get_for_update(session, Publication, key, queries.visible())
    _check(session, form)
    sent = form.model_dump(exclude_unset=True)
    changes = {
        name: value
        for name, value in sent.items()
        if (value is not None or name in _EMPTIABLE) and getattr(entry, name) != value
    }
    for name, value in changes.items():
        setattr(entry, name, value)
    entry.search_text = _search_text(entry)
    if changes:
        texts = {name: str(changes[name]) for name in Publication.recorded_texts if name in changes}
        data = {"fields": sorted(changes)}
        record(session, EventType.PUBLICATION_CHANGED, entry, actor=actor, texts=texts, data=data)
    session.add(entry)
    return entry


def withdraw_publication(session: Session, key: UUID, form: PublicationWithdrawal, *, actor: Actor) -> None:
    """Take an entry back; nobody reads it any more, the record keeps that it was there.

    Conflict where it is an Umsetzungsbericht, which is taken back itself and its entry with it.
    """
    require(Permission.PUBLICATION_MANAGE, None, actor)
    report = find_report_of(session, key)
    if report is not None:
        raise Conflict(_("Diesen Eintrag nehmen Sie zurück, indem Sie den Umsetzungsbericht zurücknehmen."))
    entry = get_for_update(session, Publication, key, queries.visible())
    if not form.reason:
        raise Invalid(FieldError("reason", _("Bitte begründen Sie, warum der Eintrag zurückgenommen wird.")))
    withdraw_entry(session, entry, form.reason, actor=actor)


def withdraw_entry(session: Session, entry: Publication, reason: str, *, actor: Actor) -> None:
    """The same for who holds the entry and has asked who may."""
    entry.withdrawn_at = now(session)
    record(session, EventType.PUBLICATION_WITHDRAWN, entry, actor=actor, reason=reason)
    session.add(entry)


def _check(session: Session, form: PublicationForm | PublicationChange) -> None:
    errors = []
    if form.published_on is not None and form.published_on > berlin_date(now(session)):
        errors.append(FieldError("published_on", _("Bitte nennen Sie einen Tag, der schon war.")))
    tables: tuple[tuple[str, type[Table]], ...] = (("field_of_action_id", FieldOfAction), ("edition_id", Edition))
    for name, model in tables:
        key = getattr(form, name)
        if key is not None and session.get(model, key) is None:
            errors.append(FieldError(name, _("Diesen Eintrag gibt es nicht.")))
    if errors:
        raise Invalid(*errors)


def _search_text(entry: Publication) -> str:
    return search_key(entry.title, entry.author, entry.summary)
