"""A document as PDF/A-2a and PDF/UA-1 in one file, set by Typst. Needs no network and no font of the machine."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import typst

from app.documents.document import (
    DRAFT_MARK,
    ISSUER,
    Cell,
    Document,
    Facts,
    Figure,
    Heading,
    Items,
    Mark,
    Notice,
    Paragraph,
    Part,
    Picture,
    Run,
    Table,
    Words,
    cell_text,
    readable,
    runs_of,
)
from app.documents.glyphs import printable
from app.i18n import _
from app.wording.dates import german_date

_DESIGN: Final = Path(__file__).parent / "design"

Json = dict[str, Any]


def pdf_of(document: Document, *, pictures: Path = _DESIGN) -> bytes:
    """The document as PDF. A character that no font holds is shown as an empty box.

    `pictures` is the folder below which its pictures lie; nothing outside of it can be read. Raises TypstError where
    one of them is broken, or in colours that PDF/A does not know.
    """
    data = json.dumps(described(document), ensure_ascii=False)
    try:
        return _set(data, document, pictures)
    except typst.TypstError:
        return _set(printable(data), document, pictures)


def _set(data: str, document: Document, pictures: Path) -> bytes:
    compiler = typst.Compiler((_DESIGN / "document.typ").read_bytes(), root=str(pictures), ignore_system_fonts=True)
    made = compiler.compile(
        format="pdf",
        sys_inputs={"document": data},
        pdf_standards=["a-2a", "ua-1"],
        timestamp=document.made_at.replace(microsecond=0),
    )
    assert isinstance(made, bytes)
    return made


def described(document: Document) -> Json:
    """The document as plain data, each part with its kind: what the form of the PDF and the preview read."""
    return {
        "title": readable(document.title),
        "kind": document.kind,
        "running_title": readable(document.running_title),
        "issuer": ISSUER,
        "stand": _("Stand: {date}").format(date=german_date(document.made_at)),
        "draft": document.is_draft,
        "draft_mark": DRAFT_MARK,
        "landscape": document.is_landscape,
        "contents": document.has_contents,
        "parts": [_part(part) for part in document.parts],
    }


def _part(part: Part) -> Json:
    kind, write = _WRITERS[type(part)]
    return {"kind": kind, **write(part)}


def _heading(part: Heading) -> Json:
    return {"level": part.level, "remark": part.remark, "runs": _runs(part.text)}


def _paragraph(part: Paragraph) -> Json:
    return {"tone": part.tone.value, "label": part.label, "remark": part.remark, "runs": _runs(part.text)}


def _items(part: Items) -> Json:
    return {"items": [{"label": item.label, "runs": _runs(item.text)} for item in part.items]}


def _facts(part: Facts) -> Json:
    return {"pairs": [{"name": name, "runs": _runs(words)} for name, words in part.pairs if words is not None]}


def _table(part: Table) -> Json:
    columns = range(len(part.head))
    return {
        "caption": readable(part.caption),
        "head": [readable(name) for name in part.head],
        "widths": list(part.widths) or [1 for _column in columns],
        "numeric": [_is_numeric([row[column] for row in part.rows]) for column in columns],
        "rows": [[{"runs": _cell(cell)} for cell in row] for row in part.rows],
    }


def _figure(part: Figure) -> Json:
    described = {"svg": part.svg, "alternative": readable(part.alternative), "caption": readable(part.caption)}
    return described | ({"table": _table(part.table)} if part.table else {})


def _picture(part: Picture) -> Json:
    described = {"alternative": readable(part.alternative), "caption": readable(part.caption)}
    return described | {"place": f"/{part.place}"}


def _notice(part: Notice) -> Json:
    return {"title": readable(part.title), "parts": [_part(each) for each in part.parts]}


_WRITERS: Final[dict[type, tuple[str, Callable[[Any], Json]]]] = {
    Heading: ("heading", _heading),
    Paragraph: ("paragraph", _paragraph),
    Items: ("items", _items),
    Facts: ("facts", _facts),
    Table: ("table", _table),
    Figure: ("figure", _figure),
    Picture: ("picture", _picture),
    Notice: ("notice", _notice),
}


def _runs(words: Words) -> list[Json]:
    return [_run(run) for run in runs_of(words)]


def _run(run: Run) -> Json:
    told: Json = {"text": readable(run.text)}
    if run.is_bold:
        told["bold"] = True
    if run.is_italic:
        told["italic"] = True
    if run.mark is not Mark.NONE:
        told["mark"] = run.mark.value
    if run.address:
        told["address"] = run.address
    if run.note:
        told["note"] = _runs(run.note)
    return told


def _cell(cell: Cell) -> list[Json]:
    return _runs(cell if isinstance(cell, tuple) else cell_text(cell))


def _is_numeric(cells: Sequence[Cell]) -> bool:
    """Whether a column holds numbers alone, and at least one."""
    said = [cell for cell in cells if cell is not None]
    return bool(said) and all(isinstance(cell, int | Decimal) and not isinstance(cell, bool) for cell in said)
