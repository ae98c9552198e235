"""Refusing what an actor may not do; the table itself stands in `domain.permissions`."""

from __future__ import annotations

from app.domain.actors import Actor, ActorKind
from app.domain.permissions import Permission, Scope, capabilities, is_granted
from app.errors import NotAllowed, NotSignedIn
from app.i18n import _
from app.models.base import Table
from app.queries.scopes import scope_of
from app.wording import permission_refused


def require(permission: Permission, thing: Table | Scope | None, actor: Actor) -> None:
    """Raise NotAllowed (or NotSignedIn for the public) unless the actor may do this to the thing."""
    scope = thing if isinstance(thing, Scope) else scope_of(thing)
    if is_granted(permission, capabilities(actor, scope)):
        require_write(actor)
        return
    if actor.kind is ActorKind.PERSON and not actor.is_signed_in:
        raise NotSignedIn()
    raise NotAllowed(permission_refused(permission))


def require_write(actor: Actor) -> None:
    """Raise NotAllowed where the actor's token may only read."""
    if not actor.may_write:
        raise NotAllowed(_("Dieses Zugangstoken darf nur lesen. Legen Sie im Konto eines mit Schreibrecht an."))


def may(permission: Permission, thing: Table | Scope | None, actor: Actor) -> bool:
    """True where `require` would pass; for pages that show or hide a form."""
    scope = thing if isinstance(thing, Scope) else scope_of(thing)
    return actor.may_write and is_granted(permission, capabilities(actor, scope))
