"""What Pydantic finds wrong, said in German so that a person can mend it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import ValidationError

from app.errors import FieldError, Invalid
from app.i18n import _

_MESSAGES = {
    "missing": _("Bitte füllen Sie dieses Feld aus."),
    "string_too_short": _("Bitte füllen Sie dieses Feld aus."),
    "too_short": _("Bitte wählen Sie mindestens einen Eintrag."),
    "string_too_long": _("Bitte kürzen Sie den Text auf höchstens {max_length} Zeichen."),
    "too_long": _("Bitte wählen Sie höchstens {max_length} Einträge."),
    "extra_forbidden": _("Dieses Feld gibt es hier nicht."),
    "enum": _("Bitte wählen Sie einen der angebotenen Werte: {expected}."),
    "literal_error": _("Bitte wählen Sie einen der angebotenen Werte: {expected}."),
    "uuid_parsing": _("Das ist keine gültige Kennung (UUID)."),
    "uuid_type": _("Das ist keine gültige Kennung (UUID)."),
    "date_from_datetime_parsing": _("Bitte geben Sie ein Datum an, zum Beispiel 2026-03-14."),
    "date_parsing": _("Bitte geben Sie ein Datum an, zum Beispiel 2026-03-14."),
    "date_type": _("Bitte geben Sie ein Datum an, zum Beispiel 2026-03-14."),
    "datetime_from_date_parsing": _("Bitte geben Sie Datum und Uhrzeit an, zum Beispiel 2026-03-14T10:30:00Z."),
    "datetime_parsing": _("Bitte geben Sie Datum und Uhrzeit an, zum Beispiel 2026-03-14T10:30:00Z."),
    "timezone_aware": _("Bitte geben Sie die Uhrzeit mit Zeitzone an, zum Beispiel 2026-03-14T10:30:00Z."),
    "int_parsing": _("Bitte geben Sie eine ganze Zahl an."),
    "int_type": _("Bitte geben Sie eine ganze Zahl an."),
    "bool_parsing": _("Bitte geben Sie ja oder nein an (true oder false)."),
    "bool_type": _("Bitte geben Sie ja oder nein an (true oder false)."),
    "greater_than_equal": _("Der Wert muss mindestens {ge} sein."),
    "less_than_equal": _("Der Wert darf höchstens {le} sein."),
    "string_type": _("Hier wird ein Text erwartet."),
    "list_type": _("Hier wird eine Liste erwartet."),
    "string_pattern_mismatch": _("Das hat nicht die erwartete Form."),
    "json_invalid": _("Der gesendete Text ist kein gültiges JSON."),
    "model_attributes_type": _("Hier wird ein JSON-Objekt erwartet."),
    "dict_type": _("Hier wird ein JSON-Objekt erwartet."),
    "out_of_range": _("Dieser Wert liegt außerhalb dessen, was hier möglich ist."),
    "unstorable": _("Der Text enthält Zeichen, die nicht gespeichert werden können."),
}
_BY_FIELD = {
    "contact": _("Das ist keine E-Mail-Adresse. Bitte schreiben Sie sie wie name@beispiel.de."),
    "email": _("Das ist keine E-Mail-Adresse. Bitte schreiben Sie sie wie name@beispiel.de."),
    "url": _("Bitte geben Sie eine vollständige Adresse an, die mit https:// beginnt."),
}
_PLACES = {"body", "query", "path", "header"}


def invalid_from(error: ValidationError) -> Invalid:
    """The refusal that names every field."""
    return invalid_from_details(error.errors(include_url=False))


def invalid_from_details(details: Iterable[Any]) -> Invalid:
    """The same from the plain details FastAPI collects."""
    return Invalid(*(FieldError(_field(detail["loc"]), _message(detail)) for detail in details))


def _field(place: Iterable[str | int]) -> str:
    names = [str(part) for part in place]
    if names and names[0] in _PLACES:
        names = names[1:]
    return ".".join(names) or "form"


def _message(detail: Mapping[str, Any]) -> str:
    kind = str(detail["type"])
    if kind in {"too_short", "too_long"} and isinstance(detail.get("input"), str):
        kind = f"string_{kind}"
    field = _field(detail["loc"]).rsplit(".", 1)[-1]
    if kind == "string_pattern_mismatch" and field in _BY_FIELD:
        return _BY_FIELD[field]
    if kind == "value_error" or kind not in _MESSAGES:
        return _MESSAGES.get(kind) or str(detail.get("ctx", {}).get("error") or _("Das ist hier nicht lesbar."))
    context = {key: _said(value) for key, value in detail.get("ctx", {}).items()}
    return _MESSAGES[kind].format(**context)


def _said(value: object) -> str:
    return str(value).replace(" or ", _(" oder "))
