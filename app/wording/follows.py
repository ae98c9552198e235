"""What a person follows, in German: the names of lists and of what they are narrowed by."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from uuid import UUID

from app.domain.events import SubjectType
from app.domain.follows import STATES, ListFilter
from app.domain.implementation import ImplementationStatus
from app.domain.reuses import Land, SizeClass
from app.domain.visibility import Visibility
from app.i18n import _
from app.wording.labels import label

_LISTS = {
    SubjectType.NEED: _("Bedarfe"),
    SubjectType.PROPOSAL: _("Vorschläge"),
    SubjectType.RECOMMENDATION: _("Empfehlungen"),
    SubjectType.MEASURE: _("Maßnahmen"),
    SubjectType.GOAL: _("Ziele und ihre Indikatoren"),
    SubjectType.INDICATOR: _("Kontextindikatoren"),
    SubjectType.REUSE: _("Nachnutzungen"),
    SubjectType.PUBLICATION: _("Publikationen"),
    SubjectType.COMMENT_ROUND: _("Stellungnahmeverfahren"),
}
_FILTERS = {
    "body_id": _("Gremium: {value}"),
    "field_of_action_id": _("Handlungsfeld: {value}"),
    "topic_id": _("Thema: {value}"),
    "guiding_question_id": _("Leitfrage: {value}"),
    "cross_cutting_theme_id": _("Querschnittsthema: {value}"),
    "target_group_id": _("Zielgruppe: {value}"),
    "organisation_id": _("Organisation: {value}"),
    "recommendation_id": _("Empfehlung: {value}"),
    "land": _("Land: {value}"),
    "size_class": _("Größe: {value}"),
    "state": _("Stand: {value}"),
    "visibility": _("Leserkreis: {value}"),
    "implementation_status": _("Stand der Umsetzung: {value}"),
    "year": _("Veröffentlicht im Jahr: {value}"),
    "words": _("Suche: {value}"),
}


def list_title(chosen: ListFilter) -> str:
    """What the list is of."""
    return _LISTS[chosen.noun]


def list_details(chosen: ListFilter, names: Mapping[UUID, str]) -> list[str]:
    """What the list is narrowed to, filter by filter; `names` are of every key in it."""
    return [
        _FILTERS[name].format(value=_value(chosen, name, value, names)) for name, value in chosen.narrowed_by.items()
    ]


def _value(chosen: ListFilter, name: str, value: object, names: Mapping[UUID, str]) -> str:
    if isinstance(value, UUID):
        return names[value]
    if isinstance(value, frozenset):
        return " ".join(sorted(value))
    if name == "state":
        return label(STATES[chosen.noun](str(value)))
    words: Mapping[str, type[StrEnum]] = {
        "land": Land,
        "size_class": SizeClass,
        "visibility": Visibility,
        "implementation_status": ImplementationStatus,
    }
    return label(words[name](str(value))) if name in words else str(value)
