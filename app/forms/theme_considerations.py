"""What is sent about a cross-cutting theme of a recommendation."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, Field

from app.domain.theme_considerations import LONGEST_SENTENCE, ThemeRelevance
from app.forms.base import Input, one_line


class ThemeConsiderationForm(Input):
    """How a theme is considered, or why it isn't relevant, in one sentence."""

    relevance: ThemeRelevance
    text: Annotated[str, Field(min_length=1, max_length=LONGEST_SENTENCE), AfterValidator(one_line)]
