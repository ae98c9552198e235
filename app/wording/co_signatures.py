"""What being asked to sign means, and what each answer brings about."""

from __future__ import annotations

from app.domain.co_signatures import CoSignatureKind, CoSignatureState
from app.i18n import _

KIND_MEANINGS: dict[CoSignatureKind, str] = {
    CoSignatureKind.CO_SIGN: _(
        "Die Organisation trägt den Text mit. Maßgabe, Vorbehalt oder Ablehnung halten ihn auf."
    ),
    CoSignatureKind.AGREEMENT: _("Ohne Zustimmung der Organisation geht es nicht weiter."),
    CoSignatureKind.HEARING: _("Die Organisation wird gehört; ihre Antwort muss vorliegen, bindet aber nicht."),
}

ANSWER_MEANINGS: dict[CoSignatureState, str] = {
    CoSignatureState.GIVEN: _("Ihre Organisation ist mit dieser Fassung einverstanden."),
    CoSignatureState.CONDITIONAL: _("Einverstanden, wenn die genannte Maßgabe erfüllt wird. Bitte nennen Sie sie."),
    CoSignatureState.RESERVED: _("Noch nicht einverstanden. Bitte nennen Sie, was zu klären ist."),
    CoSignatureState.REFUSED: _("Nicht einverstanden. Bitte nennen Sie den Grund."),
}
