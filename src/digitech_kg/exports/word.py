"""Word documents with headings, paragraphs, real footnotes and tables, written as the packages that they are.

ECMA-376, Office Open XML, part 1 (WordprocessingML) and part 2 (packages). The libraries for it write no footnotes.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from xml.sax.saxutils import escape, quoteattr

_W: Final = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_R: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_TYPES: Final = "http://schemas.openxmlformats.org/package/2006/content-types"
_RELATIONS: Final = "http://schemas.openxmlformats.org/package/2006/relationships"
_HEAD: Final = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MEDIA: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml"
#: Characters that XML cannot hold.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
#: The first two footnotes are the separator lines.
_FIRST_NOTE: Final = 2


@dataclass
class WordDocument:
    """A document that is built from top to bottom."""

    title: str
    language: str
    _body: list[str] = field(default_factory=list)
    _notes: list[str] = field(default_factory=list)

    def heading(self, text: str, level: int = 1) -> None:
        """Add a heading."""
        self._body.append(_paragraph(_run(text), f"Heading{level}"))

    def paragraph(self, text: str, notes: Sequence[str] = ()) -> None:
        """Add a paragraph, and footnotes at its end."""
        marks = _run(",", raised=True).join(self._note(note) for note in notes)
        self._body.append(_paragraph(_run(text) + marks))

    def table(self, head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        """Add a table whose head is repeated on each page."""
        borders = "".join(
            f'<w:{side} w:val="single" w:sz="4" w:color="999999"/>' for side in ("top", "bottom", "insideH")
        )
        grid = "<w:gridCol/>" * len(head)
        properties = f'<w:tblPr><w:tblW w:w="5000" w:type="pct"/><w:tblBorders>{borders}</w:tblBorders></w:tblPr>'
        lines = [_row(head, is_head=True), *(_row(row) for row in rows)]
        # A paragraph has to follow a table.
        self._body.append(f"<w:tbl>{properties}<w:tblGrid>{grid}</w:tblGrid>{''.join(lines)}</w:tbl><w:p/>")

    def _note(self, text: str) -> str:
        number = len(self._notes) + _FIRST_NOTE
        mark = '<w:r><w:rPr><w:vertAlign w:val="superscript"/></w:rPr><w:footnoteRef/></w:r>'
        self._notes.append(
            f'<w:footnote w:id="{number}">{_paragraph(mark + _run(" " + text), "FootnoteText")}</w:footnote>'
        )
        return f'<w:r><w:rPr><w:vertAlign w:val="superscript"/></w:rPr><w:footnoteReference w:id="{number}"/></w:r>'

    def to_bytes(self, created: datetime) -> bytes:
        """Return the file; equal documents of one date give equal bytes."""
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
            for name, text in self._parts(created).items():
                info = zipfile.ZipInfo(name, (max(created.year, 1980), created.month, created.day, 0, 0, 0))
                info.compress_type = zipfile.ZIP_DEFLATED
                package.writestr(info, _HEAD + text)
        return out.getvalue()

    def _parts(self, created: datetime) -> dict[str, str]:
        separators = "".join(
            f'<w:footnote w:type="{kind}" w:id="{number}"><w:p><w:r><w:{kind}/></w:r></w:p></w:footnote>'
            for number, kind in enumerate(("separator", "continuationSeparator"))
        )
        space = f'xmlns:w="{_W}" xmlns:r="{_R}"'
        return {
            "[Content_Types].xml": _content_types(),
            "_rels/.rels": _relations(("officeDocument", "word/document.xml"), ("core", "docProps/core.xml")),
            "docProps/core.xml": _core(self.title, self.language, created),
            "word/document.xml": f"<w:document {space}><w:body>{''.join(self._body)}<w:sectPr/></w:body></w:document>",
            "word/footnotes.xml": f"<w:footnotes {space}>{separators}{''.join(self._notes)}</w:footnotes>",
            "word/styles.xml": f"<w:styles {space}>{_styles(self.language)}</w:styles>",
            "word/_rels/document.xml.rels": _relations(("styles", "styles.xml"), ("footnotes", "footnotes.xml")),
        }


def _run(text: str, *, bold: bool = False, raised: bool = False) -> str:
    looks = ("<w:b/>" if bold else "") + ('<w:vertAlign w:val="superscript"/>' if raised else "")
    looks = f"<w:rPr>{looks}</w:rPr>" if looks else ""
    return f'<w:r>{looks}<w:t xml:space="preserve">{escape(_FORBIDDEN.sub("", text))}</w:t></w:r>'


def _paragraph(content: str, style: str = "") -> str:
    return f"<w:p>{f'<w:pPr><w:pStyle w:val={quoteattr(style)}/></w:pPr>' if style else ''}{content}</w:p>"


def _row(cells: Sequence[str], *, is_head: bool = False) -> str:
    told = "<w:trPr><w:tblHeader/></w:trPr>" if is_head else ""
    texts = "".join(f"<w:tc>{_paragraph(_run(cell, bold=is_head))}</w:tc>" for cell in cells)
    return f"<w:tr>{told}{texts}</w:tr>"


def _content_types() -> str:
    parts = {
        "word/document.xml": f"{_MEDIA}.document.main+xml",
        "word/styles.xml": f"{_MEDIA}.styles+xml",
        "word/footnotes.xml": f"{_MEDIA}.footnotes+xml",
        "docProps/core.xml": "application/vnd.openxmlformats-package.core-properties+xml",
    }
    overrides = "".join(f'<Override PartName="/{name}" ContentType="{kind}"/>' for name, kind in parts.items())
    relations = "application/vnd.openxmlformats-package.relationships+xml"
    return f'<Types xmlns="{_TYPES}"><Default Extension="rels" ContentType="{relations}"/>{overrides}</Types>'


def _relations(*parts: tuple[str, str]) -> str:
    core = "http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties"
    links = "".join(
        f'<Relationship Id="r{number}" Type="{core if kind == "core" else f"{_R}/{kind}"}" Target="{target}"/>'
        for number, (kind, target) in enumerate(parts, start=1)
    )
    return f'<Relationships xmlns="{_RELATIONS}">{links}</Relationships>'


def _core(title: str, language: str, created: datetime) -> str:
    date = created.strftime("%Y-%m-%dT%H:%M:%SZ")
    return (
        '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" '
        'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        f"<dc:title>{escape(_FORBIDDEN.sub('', title))}</dc:title><dc:language>{escape(language)}</dc:language>"
        f'<dcterms:created xsi:type="dcterms:W3CDTF">{date}</dcterms:created></cp:coreProperties>'
    )


def _styles(language: str) -> str:
    def style(name: str, title: str, size: int, *, bold: bool = False, before: int = 0) -> str:
        looks = f'{"<w:b/>" if bold else ""}<w:sz w:val="{size}"/>'
        return (
            f'<w:style w:type="paragraph" w:styleId="{name}"><w:name w:val="{title}"/><w:basedOn w:val="Normal"/>'
            f'<w:pPr><w:spacing w:before="{before}" w:after="80"/></w:pPr><w:rPr>{looks}</w:rPr></w:style>'
        )

    default = f'<w:lang w:val="{escape(language)}"/><w:sz w:val="22"/>'
    return (
        f"<w:docDefaults><w:rPrDefault><w:rPr>{default}</w:rPr></w:rPrDefault></w:docDefaults>"
        '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/>'
        '<w:pPr><w:spacing w:after="120"/></w:pPr></w:style>'
        + style("Heading1", "heading 1", 34, bold=True)
        + style("Heading2", "heading 2", 26, bold=True, before=240)
        + style("FootnoteText", "footnote text", 18)
    )
