"""Two versions of a recommendation compared whole: title, addressees and text, once for page, API and documents."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlmodel import Session

from app.domain.actors import Actor
from app.domain.text import Block, BlockChange, ChangeKind, WordChanges, compare, compare_words
from app.errors import NotFound
from app.models.organisations import Organisation
from app.models.recommendations import Recommendation
from app.queries.versions import Readable, VersionText, get_version, readable_versions


@dataclass(frozen=True, slots=True)
class VersionComparison:
    """What changed from one version to another; for reading only."""

    old: VersionText
    new: VersionText
    title: WordChanges
    added: tuple[Organisation, ...]
    removed: tuple[Organisation, ...]
    changes: Sequence[BlockChange]

    @property
    def changed(self) -> list[BlockChange]:
        """The blocks that did not stay as they were; a moved one once, where it stands now."""
        unchanged = (ChangeKind.UNCHANGED, ChangeKind.MOVED_AWAY)
        return [each for each in self.changes if each.kind not in unchanged]

    @property
    def is_title_changed(self) -> bool:
        """Whether the title reads differently."""
        return self.old.title != self.new.title

    @property
    def count(self) -> int:
        """How many things changed: title, addressees as a whole, and each block."""
        return self.is_title_changed + bool(self.added or self.removed) + len(self.changed)

    @property
    def old_numbers(self) -> dict[UUID, int]:
        """How to quote the blocks of the old version."""
        return _numbers(self.old.blocks)

    @property
    def new_numbers(self) -> dict[UUID, int]:
        """How to quote the blocks of the new version."""
        return _numbers(self.new.blocks)


def compare_texts(old: VersionText, new: VersionText) -> VersionComparison:
    """Both versions as they differ."""
    before, after = {each.id for each in old.addressees}, {each.id for each in new.addressees}
    return VersionComparison(
        old=old,
        new=new,
        title=compare_words(old.title, new.title),
        added=tuple(each for each in new.addressees if each.id not in before),
        removed=tuple(each for each in old.addressees if each.id not in after),
        changes=compare(old.blocks, new.blocks, with_departures=True),
    )


def comparison_of(
    session: Session, recommendation: Recommendation, since: int, to: int, actor: Actor
) -> tuple[VersionComparison, Readable]:
    """Two versions the reader may see, compared, and which others may be; NotFound where one is hidden or absent."""
    readable = readable_versions(session, recommendation, actor)
    if not (readable.includes(since) and readable.includes(to)):
        raise NotFound()
    old = get_version(session, recommendation, since)
    return compare_texts(old, old if to == since else get_version(session, recommendation, to)), readable


def _numbers(blocks: Sequence[Block]) -> dict[UUID, int]:
    return {block.id: place for place, block in enumerate(blocks, start=1)}
