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


SPREADSHEET = b"application/vnd.oasis.opendocument.spreadsheet"
REFERENCE = '<w:r><w:footnoteReference w:id="2"/></w:r>'
WORD = docx(
    paragraph("Ein Entwurf", "Title")
    + paragraph("Aus der Praxis.")
    + paragraph("2. Empfehlung:", "Heading1")
    + paragraph("a) Die Länder sollten ", extra=bold("rasch") + REFERENCE + "<w:r><w:t> handeln.</w:t></w:r>")
    + paragraph("c) Die Träger sollten mithalten.")
    + item("Beratung")
    + item("Kinderbetreuung")
    + paragraph("Worum es geht", "Heading2")
    + table(("Wer", "Was | wie"), ("Länder", "Mittel")),
    footnote="Siehe [Bericht] 2026.",
)
LIBREOFFICE = odt(
    '<text:h text:outline-level="1">Begründung</text:h>'
    '<text:p>Seit<text:s/>2010 <text:span text:style-name="T1">steigt</text:span> der Bedarf'
    "<text:note><text:note-citation>1</text:note-citation><text:note-body><text:p>Statistik.</text:p></text:note-body></text:note>."
    '<office:annotation><text:p>Stimmt das?</text:p></office:annotation></text:p>'
    '<text:p><text:a xlink:href="javascript:alert(1)">Wort</text:a> <text:a xlink:href="https://a.example/x(1)">Ziel</text:a></text:p>'
    "<text:list><text:list-item><text:p>Eins</text:p><text:list><text:list-item><text:p>Innen</text:p></text:list-item></text:list></text:list-item></text:list>"
    "<table:table><table:table-row><table:table-cell><text:p>Wer</text:p></table:table-cell><table:table-cell><text:p>Was</text:p></table:table-cell></table:table-row></table:table>"
    '<text:h text:outline-level="1">Quellen</text:h><text:p>Bericht 2010</text:p>'
)  # fmt: skip
REFUSED: list[tuple[str, bytes, str]] = [
    ("", b"", "Bitte wählen Sie eine Datei."),
    ("leer.docx", b"", "nicht lesbar"),
    ("falsch.docx", b"%PDF-1.7", "nicht lesbar"),
    ("kaputt.docx", WORD[:-400], "nicht lesbar"),
    ("andere.docx", packed({"xl/workbook.xml": b"<a/>"}), "nicht lesbar"),
    ("ohne.docx", packed({"word/document.xml": b"<a"}), "nicht lesbar"),
    ("tabelle.odt", packed({"mimetype": SPREADSHEET, "content.xml": b"<a/>"}), "nicht lesbar"),
    ("alt.doc", bytes.fromhex("d0cf11e0a1b11ae1") * 100, "nicht lesbar"),
    ("makro.docm", WORD, "Makros"),
    ("makro.docx", docx(paragraph("x"), more={"word/vbaProject.bin": b"x"}), "Makros"),
    ("makro.odt", odt("<text:p>x</text:p>", more={"Basic/Standard/Module1.xml": b"<a/>"}), "Makros"),
    ("bombe.docx", docx(paragraph("x"), more={"word/media/a.xml": b"0" * (61 * 1024 * 1024)}), "entpackt zu groß"),
    ("lang.docx", docx("x" * (9 * 1024 * 1024)), "zu lang"),
    ("lachen.odt", odt("<text:p>&a;</text:p>", head='<!DOCTYPE a [<!ENTITY a "ha">]>'), "nicht lesbar"),
    ("leer.odt", odt("<text:p/>"), "kein Text"),
    ("absatz.docx", docx(paragraph("Wort " * 5_000)), "höchstens 20.000 Zeichen"),
    ("gross.docx", b"PK" + b"0" * (12 * 1024 * 1024), "höchstens 4 MB"),
]  # fmt: skip
"""Files that can't be read, by name and content, and what is said of each."""
