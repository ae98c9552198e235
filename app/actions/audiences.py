"""Whom the audience of a Stellungnahmeverfahren means: the organisations, as they are registered on the day."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, and_
from sqlmodel import Session, col, select

from app.actions.invitations import organisations_with_a_seat
from app.domain.consultations import Audience
from app.domain.organisations import ASSOCIATION_KINDS, LAENDER_MUNICIPAL_KINDS, Level, OrganisationKind
from app.errors import FieldError, Invalid
from app.i18n import _
from app.models.organisations import Organisation
from app.models.recommendations import Recommendation


def organisations_meant(
    session: Session, recommendation: Recommendation, audience: Audience, organisation_ids: Sequence[UUID]
) -> set[UUID]:
    """Whom the audience means today, by id; participants and the public are not listed.

    Raises Invalid for an unknown organisation, none where some must be named, and some where none are.
    """
    if audience is Audience.NAMED:
        return _named(session, organisation_ids)
    if organisation_ids:
        raise Invalid(
            FieldError(
                "organisation_ids", _("Einzelne Organisationen benennen Sie nur für einen einzeln benannten Kreis.")
            )
        )
    if audience is Audience.BODY:
        return organisations_with_a_seat(session, recommendation.body_id)
    kinds: ColumnElement[bool]
    match audience:
        case Audience.FEDERAL:
            kinds = and_(
                col(Organisation.level) == Level.FEDERAL, col(Organisation.kind) != OrganisationKind.COLLECTIVE
            )
        case Audience.LAENDER_MUNICIPAL:
            kinds = col(Organisation.kind).in_(LAENDER_MUNICIPAL_KINDS)
        case Audience.ASSOCIATIONS:
            kinds = col(Organisation.kind).in_(ASSOCIATION_KINDS)
        case _:
            return set()
    return set(session.exec(select(Organisation.id).where(col(Organisation.is_active), kinds)).all())


def _named(session: Session, keys: Sequence[UUID]) -> set[UUID]:
    if not keys:
        raise Invalid(FieldError("organisation_ids", _("Bitte benennen Sie mindestens eine Organisation.")))
    statement = select(Organisation.id).where(col(Organisation.id).in_(keys), col(Organisation.is_active))
    known = set(session.exec(statement).all())
    if known != set(keys):
        raise Invalid(FieldError("organisation_ids", _("Eine der Organisationen gibt es nicht oder nicht mehr.")))
    return known
