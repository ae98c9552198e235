"""How a sent form is read: strictly as UTF-8. What is none keeps a place that no field accepts, so it is named."""

from __future__ import annotations

from urllib.parse import parse_qsl

from fastapi import Request
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException, MultiPartParser

_MAXIMUM_FIELDS = 5_000
_MAXIMUM_FILES = 5
_MAXIMUM_PART = 1024 * 1024


class _StrictParts(MultiPartParser):
    """Reads the parts' texts as UTF-8 instead of guessing another encoding."""

    def on_part_end(self) -> None:
        part = self._current_part
        if part.file is None:
            self.items.append((part.field_name, part.data.decode("utf-8", "surrogateescape")))
        else:
            super().on_part_end()


async def read_form(request: Request) -> FormData:
    """The fields and files of the request; a body of another kind is a form without fields."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    try:
        if kind == "multipart/form-data":
            parts = _StrictParts(
                request.headers,
                request.stream(),
                max_files=_MAXIMUM_FILES,
                max_fields=_MAXIMUM_FIELDS,
                max_part_size=_MAXIMUM_PART,
            )
            return await parts.parse()
        if kind == "application/x-www-form-urlencoded":
            text = (await request.body()).decode("utf-8", "surrogateescape")
            fields = parse_qsl(text, keep_blank_values=True, errors="surrogateescape", max_num_fields=_MAXIMUM_FIELDS)
            return FormData([*fields])
    except (MultiPartException, ValueError) as error:
        raise HTTPException(422) from error
    return FormData()
