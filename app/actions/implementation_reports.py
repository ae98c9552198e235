"""What becomes of an Umsetzungsbericht: frozen with its files, published as a publication, discarded or taken back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlmodel import Session

from app.actions.creations import find_already_created
from app.actions.moves import move
from app.actions.permissions import require
from app.actions.publications import enter_publication, withdraw_entry
from app.actions.record import record_creation
from app.actions.redaction import redact_texts_of
from app.clock import now
from app.domain.actors import Actor
from app.domain.attachments import AttachmentKind
from app.domain.deadlines import berlin_date
from app.domain.events import EventType
from app.domain.implementation_reports import IMPLEMENTATION_REPORT
from app.domain.permissions import Permission
from app.errors import FieldError, Invalid
from app.files import Staged
from app.forms.implementation_reports import ImplementationReportForm, ImplementationReportTransition
from app.forms.publications import PublicationForm
from app.i18n import _
from app.models.base import new_id
from app.models.implementation_reports import ImplementationReport, ImplementationReportFile
from app.models.programmes import Edition, FieldOfAction
from app.models.publications import Publication
from app.queries import implementation_reports as queries
from app.queries.base import get_for_update

AUTHOR = _("Geschäftsstelle des Dialogforums")


@dataclass(frozen=True, slots=True)
class FrozenFile:
    """One form of the report as it lies on the disk, and how it is called when it is saved."""

    kind: AttachmentKind
    name: str
    staged: Staged


@dataclass(frozen=True, slots=True)
class FrozenContent:
    """What was told on one day, written before the transaction opened."""

    title: str
    summary: str
    as_of: date
    files: Sequence[FrozenFile]
    is_example: bool = False


def freeze_report(
    session: Session, form: ImplementationReportForm, content: FrozenContent, *, actor: Actor
) -> tuple[ImplementationReport, bool]:
    """Keep the report as it stands; the flag is False where this very sending was kept already.

    Its first event vouches for each file. Only the Geschäftsstelle reads it until it is published.
    """
    require(Permission.PUBLICATION_MANAGE, None, actor)
    earlier = find_already_created(session, ImplementationReport, form, actor=actor)
    if earlier:
        return earlier, False
    check_choice(session, form)
    moment = now(session)
    made = ImplementationReport(
        id=form.id or new_id(moment),
        created_at=moment,
        edition_id=form.edition_id,
        field_of_action_id=form.field_of_action_id,
        title=content.title,
        summary=content.summary,
        preface=form.preface,
        as_of=content.as_of,
        state_since=moment,
        author_id=actor.person_id,
        organisation_id=actor.organisation_id,
        is_example=content.is_example,
    )
    record_creation(session, EventType.IMPLEMENTATION_REPORT_FROZEN, made, actor=actor, data=_vouched(form, content))
    session.flush()
    for each in content.files:
        staged = each.staged
        session.add(
            ImplementationReportFile(
                created_at=moment,
                report_id=made.id,
                kind=each.kind,
                name=each.name,
                size=staged.size,
                digest=staged.digest,
            )
        )
    session.flush()
    for each in content.files:
        each.staged.keep()
    return made, True


def transition_report(
    session: Session, key: UUID, form: ImplementationReportTransition, *, actor: Actor
) -> ImplementationReport:
    """Make a move of the table: published it stands among the publications, withdrawn nowhere any more.

    Of a redacted one the worker takes the files away; nobody opens them from now on.
    """
    report = get_for_update(session, ImplementationReport, key, queries.visible(actor))
    move(session, report, IMPLEMENTATION_REPORT, form.transition, actor=actor, reason=form.reason)
    if form.transition == "publish":
        report.publication_id = _enter(session, report, actor).id
    if form.transition == "withdraw":
        entry = get_for_update(session, Publication, report.publication_id or report.id)
        withdraw_entry(session, entry, form.reason or "", actor=actor)
    if form.transition == "redact":
        redact_texts_of(session, report, reason=form.reason or "", actor=actor)
    session.add(report)
    return report


def check_choice(session: Session, form: ImplementationReportForm) -> None:
    """Raise Invalid where the edition or the field is none, or the field of another programme."""
    edition = session.get(Edition, form.edition_id)
    if edition is None:
        raise Invalid(FieldError("edition_id", _("Diese Ausgabe gibt es nicht.")))
    if form.field_of_action_id is None:
        return
    field = session.get(FieldOfAction, form.field_of_action_id)
    if field is None or field.programme_id != edition.programme_id:
        raise Invalid(
            FieldError("field_of_action_id", _("Dieses Handlungsfeld gehört nicht zum Programm der Ausgabe."))
        )


def _enter(session: Session, report: ImplementationReport, actor: Actor) -> Publication:
    form = PublicationForm(
        title=report.title,
        author=AUTHOR,
        published_on=berlin_date(now(session)),
        summary=report.summary,
        field_of_action_id=report.field_of_action_id,
        edition_id=report.edition_id,
    )
    return enter_publication(session, form, actor=actor, is_example=report.is_example)[0]


def _vouched(form: ImplementationReportForm, content: FrozenContent) -> dict[str, object]:
    return {
        "edition_id": str(form.edition_id),
        "field_of_action_id": str(form.field_of_action_id) if form.field_of_action_id else None,
        "as_of": content.as_of.isoformat(),
        "files": [
            {"kind": each.kind.value, "size": each.staged.size, "digest": each.staged.digest} for each in content.files
        ],
    }
