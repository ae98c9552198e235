"""Reads behind the links of organisations without an account: the signed key alone says for whom, in which round."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import and_, exists
from sqlalchemy.orm import joinedload
from sqlmodel import Session, col, select

from app.clock import now
from app.domain.consultations import RoundState
from app.errors import NotFound
from app.models.attachments import Attachment
from app.models.consultations import CommentRound, RoundOrganisation, Statement, StatementLink
from app.models.organisations import Organisation
from app.models.people import Person
from app.models.recommendations import Recommendation
from app.queries.base import DEFAULT_LIMIT, Page, page_of
from app.queries.consultations import effective_state, has_answered
from app.queries.persons import takes_part


@dataclass(frozen=True, slots=True)
class Followed:
    """A link somebody followed, with its round; `is_open` while statements are taken by it."""

    link: StatementLink
    round: CommentRound
    recommendation: Recommendation
    organisation: Organisation
    is_open: bool


@dataclass(frozen=True, slots=True)
class AskedOrganisation:
    """An organisation a round asks: whether it has an account or answered, its link, and where one is sent."""

    organisation: Organisation
    has_account: bool
    has_answered: bool
    link: StatementLink | None
    address: str


def follow(session: Session, link_id: UUID) -> Followed | None:
    """What a link leads to, whether it can still be answered by or not; None for an unknown one."""
    statement = (
        select(StatementLink, CommentRound, Recommendation, Organisation)
        .join(CommentRound, col(CommentRound.id) == StatementLink.round_id)
        .join(Recommendation, col(Recommendation.id) == CommentRound.recommendation_id)
        .join(Organisation, col(Organisation.id) == StatementLink.organisation_id)
        .where(StatementLink.id == link_id)
    )
    found = session.exec(statement).one_or_none()
    if found is None:
        return None
    link, asked, recommendation, organisation = found
    is_open = link.revoked_at is None and effective_state(asked, now(session)) is RoundState.OPEN
    return Followed(link, asked, recommendation, organisation, is_open)


def list_sent(session: Session, link_id: UUID) -> Sequence[Statement]:
    """What was said by a link, newest first."""
    statement = (
        select(Statement)
        .where(Statement.link_id == link_id)
        .order_by(col(Statement.created_at).desc(), col(Statement.id).desc())
    )
    return session.exec(statement).all()


def get_sent_file(session: Session, link_id: UUID, key: UUID) -> Attachment:
    """A file sent by a link; NotFound where it is none of these, or was removed."""
    statement = (
        select(Attachment)
        .join(Statement, col(Statement.id) == Attachment.on_id)
        .where(Attachment.id == key, Statement.link_id == link_id, col(Attachment.removed_at).is_(None))
    )
    found = session.exec(statement).one_or_none()
    if found is None:
        raise NotFound()
    return found


def list_open_links(session: Session, round_id: UUID) -> Sequence[StatementLink]:
    """The links of a round that were not revoked, with their organisations, oldest first."""
    found: Sequence[StatementLink] = session.exec(_open_links(round_id)).all()
    return found


def page_of_open_links(
    session: Session, round_id: UUID, *, limit: int = DEFAULT_LIMIT, after: str | None = None
) -> Page[StatementLink]:
    """The same, newest first, page by page."""
    statement = _open_links(round_id).order_by(None)
    return page_of(session, statement, StatementLink, limit=limit, after=after)


def list_unanswered(session: Session, round_id: UUID) -> Sequence[StatementLink]:
    """Those of them whose organisation has said nothing, in whatever way."""
    silent = _open_links(round_id).where(~has_answered(StatementLink.round_id, StatementLink.organisation_id))
    found: Sequence[StatementLink] = session.exec(silent).all()
    return found


def list_organisations(session: Session, round_id: UUID) -> list[AskedOrganisation]:
    """Everybody a round asks by name, who has no account first, in German order; two statements."""
    account = exists().where(and_(col(Person.organisation_id) == Organisation.id, takes_part()))
    columns: list[Any] = [Organisation, account, has_answered(round_id, Organisation.id), StatementLink]
    statement = (
        select(*columns)
        .join(RoundOrganisation, col(RoundOrganisation.organisation_id) == Organisation.id)
        .outerjoin(
            StatementLink,
            and_(
                col(StatementLink.round_id) == round_id,
                col(StatementLink.organisation_id) == Organisation.id,
                col(StatementLink.revoked_at).is_(None),
            ),
        )
        .where(RoundOrganisation.round_id == round_id)
        .order_by(account, col(Organisation.sort_key), col(Organisation.id))
    )
    rows = session.exec(statement).all()
    former = _former_addresses(session, [row[0].id for row in rows])
    return [
        AskedOrganisation(
            each, bool(has_account), bool(has_answered), link, each.contact_address or former.get(each.id, "")
        )
        for each, has_account, has_answered, link in rows
    ]


def _former_addresses(session: Session, keys: Sequence[UUID]) -> dict[UUID, str]:
    """Where the last link of each was sent, whatever became of it."""
    statement = (
        select(StatementLink.organisation_id, StatementLink.address)
        .where(col(StatementLink.organisation_id).in_(keys), StatementLink.address != "")
        .order_by(col(StatementLink.created_at), col(StatementLink.id))
    )
    return dict(session.exec(statement).all())


def _open_links(round_id: UUID) -> Any:
    return (
        select(StatementLink)
        .options(joinedload(StatementLink.organisation))  # type: ignore[arg-type]
        .where(StatementLink.round_id == round_id, col(StatementLink.revoked_at).is_(None))
        .order_by(col(StatementLink.created_at), col(StatementLink.id))
    )
