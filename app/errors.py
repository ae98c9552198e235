"""Every refusal the application gives, one class a situation; it renders nothing.

ApplicationError
├── NotFound 404            absent or hidden, the same for both
├── NotSignedIn 401
├── NotAllowed 403          seen, but not yours to do
├── ForeignRequest 403      another origin, a missing or old form token
├── Conflict 409
│   ├── MoveNotPossible     the state has no such move
│   ├── MoveBlocked         a guard is not met
│   ├── StaleVersion        somebody saved in between
│   ├── Colliding           changes of the same words that a person must bring together
│   ├── DifferentBody       the same id was used for something else
│   ├── DraftOvertaken      another page of the same person kept something since
│   └── Closed              the clock closed it
├── PreconditionFailed 412  If-Match names an old state
├── TooLarge 413
├── Invalid 422             input that names its fields
├── TooMany 429
└── Unavailable 503
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from app.i18n import _


@dataclass(frozen=True, slots=True)
class FieldError:
    """One field that must be mended, and how."""

    field: str
    message: str


class ApplicationError(Exception):
    """A refusal with its HTTP status, a code that names the situation, and a German sentence."""

    status = 400
    code = "error"

    def __init__(self, detail: str = "", **fields: object) -> None:
        super().__init__(detail)
        self.detail = detail
        self.fields: Mapping[str, object] = fields

    @property
    def title(self) -> str:
        """The situation in a few words; the same for every instance of a class."""
        return TITLES.get(self.code, _("Das ist nicht möglich."))


class NotFound(ApplicationError):
    """Absent, or hidden from this reader: nothing in the answer tells which."""

    status = 404
    code = "not-found"

    def __init__(self, detail: str | None = None) -> None:
        super().__init__(
            detail
            or _("Diese Seite gibt es nicht, oder sie ist für Sie nicht einsehbar. Prüfen Sie bitte die Adresse.")
        )


class NotSignedIn(ApplicationError):
    """A person is needed here, or the token is not valid."""

    status = 401
    code = "not-signed-in"

    def __init__(self, detail: str | None = None) -> None:
        super().__init__(detail or _("Bitte melden Sie sich an, um fortzufahren."))


class NotAllowed(ApplicationError):
    """Seen, but not this actor's to do; the detail says why."""

    status = 403
    code = "not-allowed"

    def __init__(self, detail: str | None = None) -> None:
        super().__init__(
            detail or _("Dafür haben Sie hier keine Berechtigung. Wenden Sie sich an die Geschäftsstelle.")
        )


class ForeignRequest(ApplicationError):
    """A form that did not come from our own page, or whose token is missing or too old."""

    status = 403
    code = "foreign-request"

    def __init__(self, detail: str | None = None) -> None:
        super().__init__(
            detail
            or _(
                "Das Formular ist abgelaufen oder kam von einer anderen Seite. Laden Sie die Seite neu und senden Sie es noch einmal."
            )
        )


class Conflict(ApplicationError):
    """The state or version of the object forbids it; nothing was changed."""

    status = 409
    code = "conflict"


class MoveNotPossible(Conflict):
    """The state has no such move."""

    code = "move-not-possible"


class MoveBlocked(Conflict):
    """A guard is not met; `missing` names each."""

    code = "move-blocked"

    def __init__(self, missing: Iterable[str]) -> None:
        self.missing = tuple(missing)
        super().__init__(" ".join(self.missing), missing=list(self.missing))


class StaleVersion(Conflict):
    """Somebody saved in between; the fields carry base, yours and theirs."""

    code = "stale-version"


class Overtaken(Conflict):
    """Somebody changed the thing while its form was open; `theirs` says what some of its fields hold now."""

    code = "stale-version"

    def __init__(self, theirs: Mapping[str, str]) -> None:
        self.theirs = dict(theirs)
        super().__init__(
            _(
                "Inzwischen wurde hier etwas geändert. Ihre Eingaben stehen noch da; vergleichen Sie und speichern Sie erneut."
            ),
            theirs=self.theirs,
        )


class Colliding(Conflict):
    """Changes meet in the same words; the fields carry each block with its present wording and those wanted."""

    code = "colliding"


class DifferentBody(Conflict):
    """The id sent by the client already names something else."""

    code = "different-body"

    def __init__(self) -> None:
        super().__init__(
            _("Unter dieser Kennung wurde schon etwas anderes gespeichert. Bitte laden Sie das Formular neu.")
        )


class DraftOvertaken(Conflict):
    """The person's own draft was kept, saved or discarded by another page; `revision` is the newest, 0 where gone."""

    code = "draft-overtaken"

    def __init__(self, revision: int) -> None:
        self.revision = revision
        detail = _("Ihr Entwurf wurde inzwischen in einem anderen Fenster oder auf einem anderen Gerät geändert.")
        if revision == 0:
            detail = _("Ihr Entwurf wurde inzwischen in einem anderen Fenster gespeichert oder verworfen.")
        super().__init__(detail, revision=revision)


class Closed(Conflict):
    """The time is over; the clock closed it."""

    code = "closed"


class PreconditionFailed(ApplicationError):
    """`If-Match` names a state that is no longer the newest."""

    status = 412
    code = "precondition-failed"

    def __init__(self) -> None:
        super().__init__(_("Der Stand, auf den Sie sich beziehen, ist nicht mehr der neueste. Bitte laden Sie neu."))


class TooLarge(ApplicationError):
    """The request body is over the limit."""

    status = 413
    code = "too-large"

    def __init__(self, detail: str | None = None) -> None:
        super().__init__(detail or _("Die Eingabe ist zu groß. Bitte kürzen Sie sie oder teilen Sie sie auf."))


class Invalid(ApplicationError):
    """Input that must be mended; every field with a sentence that says how."""

    status = 422
    code = "invalid"

    def __init__(self, *errors: FieldError, detail: str | None = None) -> None:
        self.errors = errors
        super().__init__(
            detail or _("Bitte prüfen Sie Ihre Eingaben."),
            errors=[{"field": error.field, "message": error.message} for error in errors],
        )


class FileTooLarge(Invalid):
    """A file over the limit; what was typed beside it is kept, as with every mistake in a form."""

    status = 413
    code = "too-large"


class TooMany(ApplicationError):
    """Too many attempts; `retry_after` in seconds."""

    status = 429
    code = "too-many"

    def __init__(self, retry_after: int, detail: str | None = None) -> None:
        self.retry_after = retry_after
        super().__init__(detail or _("Zu viele Versuche. Bitte warten Sie einige Minuten."))


class Unavailable(ApplicationError):
    """The database can't be reached; trying again later helps."""

    status = 503
    code = "unavailable"
    retry_after = 5

    def __init__(self) -> None:
        super().__init__(
            _(
                "Der Dienst ist gerade nicht erreichbar. Es ist nichts verloren gegangen, was schon bestätigt war. Versuchen Sie es in einer Minute noch einmal."
            )
        )


TITLES: dict[str, str] = {
    "not-found": _("Nicht gefunden"),
    "not-signed-in": _("Anmeldung nötig"),
    "not-allowed": _("Nicht erlaubt"),
    "foreign-request": _("Formular abgelehnt"),
    "conflict": _("Im jetzigen Stand nicht möglich"),
    "move-not-possible": _("Schritt im jetzigen Stand nicht möglich"),
    "move-blocked": _("Es fehlt noch etwas"),
    "stale-version": _("Inzwischen gibt es eine neuere Fassung"),
    "colliding": _("Zwei Änderungen vertragen sich nicht"),
    "different-body": _("Kennung schon vergeben"),
    "draft-overtaken": _("Ihr Entwurf ist anderswo weitergegangen"),
    "closed": _("Die Frist ist abgelaufen"),
    "precondition-failed": _("Inzwischen geändert"),
    "too-large": _("Eingabe zu groß"),
    "invalid": _("Bitte prüfen Sie Ihre Eingaben"),
    "too-many": _("Zu viele Versuche"),
    "unavailable": _("Dienst nicht erreichbar"),
}
