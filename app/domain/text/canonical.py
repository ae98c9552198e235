"""The canonical form of a version, which is hashed. Holds ids and digests, never a word of anyone's text."""

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Final
from uuid import UUID

from app.domain.record import canonical_json
from app.domain.text.blocks import Block

FORMAT: Final = "dialogforum.version.1"

_DIGEST: Final = re.compile(r"[0-9a-f]{64}")


def canonical_form(
    title_digest: str,
    addressee_ids: Iterable[UUID],
    blocks: Sequence[Block],
    text_digests: Mapping[UUID, str],
) -> str:
    """The one text that stands for a version: JSON with sorted keys, no spaces, one line.

    `{"addressees":[…],"blocks":[{"id":…,"kind":…,"number":…,"part":…,"text":…},…],"format":…,"title":…}`
    where `addressees` are ids sorted as text and named once, `blocks` keep their order, ids have the form
    8-4-4-4-12 in small letters, `number` is null or a string, and `title` and each `text` are the salted
    digest of the free text (64 hexadecimal digits). KeyError where a block has no digest, ValueError where
    a digest is none.
    """
    form = {
        "addressees": sorted({str(addressee_id) for addressee_id in addressee_ids}),
        "blocks": [
            {
                "id": str(block.id),
                "kind": block.kind.value,
                "number": block.number,
                "part": block.part.value,
                "text": _digest(text_digests[block.id]),
            }
            for block in blocks
        ],
        "format": FORMAT,
        "title": _digest(title_digest),
    }
    return canonical_json(form)


def content_hash(canonical: str) -> str:
    """SHA-256 over the canonical form in UTF-8, as 64 hexadecimal digits."""
    return hashlib.sha256(canonical.encode()).hexdigest()


def _digest(text: str) -> str:
    if not _DIGEST.fullmatch(text):
        raise ValueError("not a digest")
    return text
