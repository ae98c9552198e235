"""How a tie between two plans reads from its other end."""

from __future__ import annotations

from app.domain.cross_references import Relation
from app.i18n import _

_INVERSE = {
    Relation.TAKES_UP: _("aufgegriffen von"),
    Relation.FEEDS_INTO: _("hier eingebracht"),
    Relation.TAKEN_OVER_BY: _("hier übernommen"),
}


def inverse_label(relation: Relation) -> str:
    """What the item there says of the thing here."""
    return _INVERSE[relation]
