"""What a block is said to rest on while its text is written: what the page offers, and that nothing else is chosen."""

from __future__ import annotations

import json
from dataclasses import dataclass
from uuid import UUID

from sqlmodel import Session

from app.domain.actors import Actor
from app.errors import FieldError, Invalid
from app.forms.versions import SourceInput, VersionForm
from app.i18n import _
from app.models.recommendations import Recommendation
from app.queries.provenance import Origin, origins_of, sources_to_choose
from app.routers.edited_text import ChosenSources


@dataclass(frozen=True, slots=True)
class OfferedSources:
    """What can be chosen, as a form names it, and what stands behind the blocks already."""

    choices: list[tuple[str, str]]
    origins: tuple[Origin, ...]

    @property
    def stored(self) -> str:
        """By block what it rests on, as JSON for the editor."""
        found: dict[str, list[str]] = {}
        for origin in self.origins:
            for place in origin.places:
                found.setdefault(str(place.block_id), []).append(origin.key)
        return json.dumps(found)

    def includes(self, source: SourceInput) -> bool:
        """Whether this is among them."""
        return _key(source.type, source.id) in {key for key, _title in self.choices}

    def among(self, chosen: ChosenSources) -> ChosenSources:
        """What was chosen without that which is no longer offered and so could not be taken back."""
        return {block_id: [each for each in named if self.includes(each)] for block_id, named in chosen.items()}


def offered_sources(session: Session, recommendation: Recommendation, actor: Actor) -> OfferedSources:
    """What a block of the newest version can rest on, as far as the actor sees it. Three statements."""
    origins = origins_of(session, recommendation, recommendation.version, actor)
    return OfferedSources(sources_to_choose(session, recommendation, origins, actor), origins)


def require_offered(session: Session, recommendation: Recommendation, form: VersionForm, actor: Actor) -> None:
    """Invalid where a block rests on what the page does not offer; without a choice nothing is asked."""
    chosen = [each for block in form.blocks for each in block.sources or ()]
    if not chosen:
        return
    offered = offered_sources(session, recommendation, actor)
    if not all(offered.includes(each) for each in chosen):
        refused = _(
            "Ein Absatz stützt sich auf etwas, das mit dieser Empfehlung nicht verknüpft oder für Sie nicht einsehbar "
            "ist. Es ist jetzt nicht mehr angekreuzt; der Text ist noch da."
        )
        raise Invalid(FieldError("sources", refused))


def _key(kind: str, key: UUID) -> str:
    return f"{kind}:{key}"
