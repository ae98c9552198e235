"""The moves a reader has, in the shape the buttons are drawn from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.domain.workflow import Offer
from app.wording import blocker_sentence, transition_label


@dataclass(frozen=True, slots=True)
class ShownOffer:
    """One button: what it says, what it needs, and what blocks it."""

    name: str
    label: str
    needs: tuple[str, ...]
    takes: tuple[str, ...]
    reason_required: bool
    blocked_by: str | None


def shown_offers(noun: str, offers: Sequence[Offer]) -> list[ShownOffer]:
    """The buttons for these moves, in the table's order."""
    return [
        ShownOffer(
            name=offer.name,
            label=transition_label(noun, offer.name),
            needs=offer.transition.needs,
            takes=offer.transition.takes,
            reason_required=offer.transition.reason_required,
            blocked_by=" ".join(blocker_sentence(each) for each in offer.blockers) or None,
        )
        for offer in offers
    ]
