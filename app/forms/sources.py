"""What is sent about where the blocks of a recommendation come from."""

from __future__ import annotations

from typing import Literal
from uuid import UUID

from pydantic import Field

from app.forms.base import Input
from app.forms.versions import SourceInput


class SourceForm(Input):
    """One thing that a block of the newest version comes from."""

    block_id: UUID
    source_type: Literal["need", "proposal", "statement", "amendment"]
    source_id: UUID


class BlockSourcesForm(Input):
    """Everything one block comes from; what the sender can't see stays."""

    sources: list[SourceInput] = Field(max_length=100)
