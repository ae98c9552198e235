"""Organisations: kinds, levels, participation classes, and which audience each belongs to."""

from __future__ import annotations

from enum import StrEnum


class OrganisationKind(StrEnum):
    """What kind of organisation it is; a collective is addressed, but has no persons."""

    LAND = "land"
    MUNICIPALITY = "municipality"
    MUNICIPAL_ASSOCIATION = "municipal_association"
    COMMISSIONER = "commissioner"
    MINISTRY = "ministry"
    WELFARE = "welfare"
    UNION = "union"
    EMPLOYERS = "employers"
    RELIGIOUS = "religious"
    MIGRANT_ORGANISATION = "migrant_organisation"
    INTEREST_GROUP = "interest_group"
    PROVIDER = "provider"
    SCIENCE = "science"
    COLLECTIVE = "collective"
    OTHER = "other"


class Level(StrEnum):
    """The level of government an organisation belongs to."""

    FEDERAL = "federal"
    STATE = "state"
    MUNICIPAL = "municipal"
    NONE = "none"


class ParticipationClass(StrEnum):
    """How § 45 AufenthG places an organisation: Satz 3 (mandatory), Satz 4 (should), or neither."""

    MANDATORY = "mandatory"
    SHOULD = "should"
    OTHER = "other"


LAENDER_MUNICIPAL_KINDS = frozenset(
    {OrganisationKind.LAND, OrganisationKind.MUNICIPALITY, OrganisationKind.MUNICIPAL_ASSOCIATION}
)
ASSOCIATION_KINDS = frozenset(
    {
        OrganisationKind.WELFARE,
        OrganisationKind.UNION,
        OrganisationKind.EMPLOYERS,
        OrganisationKind.RELIGIOUS,
        OrganisationKind.MIGRANT_ORGANISATION,
        OrganisationKind.INTEREST_GROUP,
    }
)
