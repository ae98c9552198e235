"""Files of word processors made by hand for tests: as little of DOCX and ODT as their programs need."""

# ruff: noqa: E501  the XML of a file stays on one line
from __future__ import annotations

import io
import zipfile

_WORD = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
)
_RELATIONSHIPS = "http://schemas.openxmlformats.org/package/2006/relationships"
_TYPES = """<?xml version="1.0" encoding="UTF-8"?>
<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">
<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>
<Default Extension="xml" ContentType="application/xml"/>
<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/>
</Types>"""


def paragraph(text: str, style: str = "", *, extra: str = "") -> str:
    """A paragraph of Word; `extra` are further runs."""
    look = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
    return f'<w:p>{look}<w:r><w:t xml:space="preserve">{text}</w:t></w:r>{extra}</w:p>'


def bold(text: str) -> str:
    """A bold run of Word."""
    return f'<w:r><w:rPr><w:b/></w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def docx(body: str, *, more: dict[str, bytes] | None = None, footnote: str = "") -> bytes:
    """A DOCX with this body; a `<w:footnoteReference w:id="2"/>` in it leads to the footnote."""
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    styles = "".join(
        f'<w:style w:type="paragraph" w:styleId="{key}"><w:name w:val="{name}"/></w:style>'
        for key, name in (("Heading1", "heading 1"), ("Heading2", "heading 2"), ("Title", "Title"), ("List", "List Paragraph"))
    )  # fmt: skip
    files = {
        "[Content_Types].xml": _TYPES,
        "_rels/.rels": f'<Relationships xmlns="{_RELATIONSHIPS}"><Relationship Id="r1" Type="{office}/officeDocument" Target="word/document.xml"/></Relationships>',
        "word/document.xml": f"<w:document {_WORD}><w:body>{body}</w:body></w:document>",
        "word/styles.xml": f"<w:styles {_WORD}>{styles}</w:styles>",
        "word/numbering.xml": f'<w:numbering {_WORD}><w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0"><w:numFmt w:val="bullet"/></w:lvl></w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num></w:numbering>',
        "word/footnotes.xml": f'<w:footnotes {_WORD}><w:footnote w:id="2">{paragraph(footnote)}</w:footnote></w:footnotes>',
        "word/_rels/document.xml.rels": f'<Relationships xmlns="{_RELATIONSHIPS}"><Relationship Id="s" Type="{office}/styles" Target="styles.xml"/><Relationship Id="n" Type="{office}/numbering" Target="numbering.xml"/><Relationship Id="f" Type="{office}/footnotes" Target="footnotes.xml"/></Relationships>',
    }  # fmt: skip
    return packed({name: text.encode() for name, text in files.items()} | (more or {}))


def item(text: str) -> str:
    """An item of a list in Word."""
    return f'<w:p><w:pPr><w:pStyle w:val="List"/><w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr></w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>'


def table(*rows: tuple[str, ...]) -> str:
    """A table of Word."""
    cells = ["".join(f"<w:tc>{paragraph(cell)}</w:tc>" for cell in row) for row in rows]
    return f"<w:tbl>{''.join(f'<w:tr>{row}</w:tr>' for row in cells)}</w:tbl>"


def odt(body: str, *, more: dict[str, bytes] | None = None, head: str = "") -> bytes:
    """An ODT with this body."""
    names = " ".join(
        f'xmlns:{prefix}="{address}"'
        for prefix, address in (
            ("office", "urn:oasis:names:tc:opendocument:xmlns:office:1.0"),
            ("style", "urn:oasis:names:tc:opendocument:xmlns:style:1.0"),
            ("text", "urn:oasis:names:tc:opendocument:xmlns:text:1.0"),
            ("table", "urn:oasis:names:tc:opendocument:xmlns:table:1.0"),
            ("fo", "urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0"),
            ("xlink", "http://www.w3.org/1999/xlink"),
        )
    )
    styles = '<office:automatic-styles><style:style style:name="T1" style:family="text"><style:text-properties fo:font-weight="bold"/></style:style></office:automatic-styles>'
    content = f"{head}<office:document-content {names}>{styles}<office:body><office:text>{body}</office:text></office:body></office:document-content>"
    files = {"mimetype": b"application/vnd.oasis.opendocument.text", "content.xml": content.encode()}
    return packed(files | (more or {}))


def packed(files: dict[str, bytes]) -> bytes:
    """These files as one archive."""
    holder = io.BytesIO()
    with zipfile.ZipFile(holder, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return holder.getvalue()
