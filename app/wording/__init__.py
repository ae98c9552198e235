"""The German words for what the code names: labels of enum words, moves, blockers, refusals, events."""

from app.wording.events import event_sentence
from app.wording.labels import label, options, tone
from app.wording.moves import blocker_sentence, permission_refused, transition_label

__all__ = [
    "blocker_sentence",
    "event_sentence",
    "label",
    "options",
    "permission_refused",
    "tone",
    "transition_label",
]
