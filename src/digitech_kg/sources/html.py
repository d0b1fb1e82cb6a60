"""Turn HTML into text with its headings, paragraphs and tables. Only this module uses the HTML parser.

Blocks are offsets in the text, in characters. The text has a line per paragraph, an empty line between blocks, and a
line per row of a table with tabs between the cells, like plain text that people write.
"""

import re
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from enum import Enum
from typing import Final

from selectolax.lexbor import LexborHTMLParser, LexborNode

from digitech_kg.sources.project import is_language


class BlockKind(Enum):
    HEADING = "heading"
    PARAGRAPH = "paragraph"
    TABLE = "table"


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a table that is not empty. Row 0 is the heads, and columns count from 1."""

    row: int
    column: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Block:
    """A part of the text, without the space around it."""

    kind: BlockKind
    start: int
    end: int
    cells: tuple[Cell, ...] = ()


@dataclass(frozen=True, slots=True)
class Outline:
    """A text, its blocks in their order, and what the text calls itself."""

    text: str
    blocks: tuple[Block, ...]
    title: str | None = None
    #: Whether a new line within a paragraph ends a sentence: so in HTML, where only `<br>` makes one.
    line_ends_sentence: bool = False
    #: The tag of its language, its day, month or year and who wrote it, if it says so.
    language: str | None = None
    published: str | None = None
    authors: tuple[str, ...] = ()
    #: How the parts of a page begin that were taken for menus and the like; what belongs to printed pages.
    left_out: tuple[str, ...] = ()


def trim(text: str, start: int, end: int) -> tuple[int, int]:
    """Return the offsets of a part of a text without the space around it.

    >>> trim("a  b ", 1, 5)
    (3, 4)
    """
    part = text[start:end]
    return start + len(part) - len(part.lstrip()), end - (len(part) - len(part.rstrip()))


def find_cells(text: str, start: int, end: int, *, has_heads: bool) -> tuple[Cell, ...]:
    """Return the cells of a table that is written as one line per row, with tabs between the cells."""
    cells: list[Cell] = []
    place = start
    for row, line in enumerate(text[start:end].split("\n"), start=0 if has_heads else 1):
        for column, content in enumerate(line.split("\t"), start=1):
            first, last = trim(text, place, place + len(content))
            if first < last:
                cells.append(Cell(row, column, first, last))
            place += len(content) + 1
    return tuple(cells)


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_HEADINGS: Final = _words("h1 h2 h3 h4 h5 h6")
#: Elements that begin and end a paragraph.
_BLOCKS: Final = _words(
    "address article blockquote body caption center dd details div dl dt fieldset figcaption figure header hgroup hr "
    "legend li main ol p pre section summary table tbody td tfoot th thead tr ul"
)
#: Elements about the page, not part of its text; of these only menus and dialogs have words that people read.
_SKIPPED: Final = _words(
    "audio button canvas dialog embed form head iframe input math menu nav noscript object script select style svg "
    "template textarea video"
)
_SILENT: Final = _SKIPPED - _words("dialog form menu nav")
#: Elements that are about the page, or belong to what is around them: the speaker below a quotation, a box of facts.
_BESIDE: Final = _words("aside footer header")
_CONTENT: Final = _words("article blockquote figure main section")
#: A raised number is the mark of a note after the end of a sentence, or part of one, and after a word that is no unit;
#: else it is a power or an index. A number that leads to another place of the page is one after any word.
_BEFORE_MARK: Final = re.compile(
    r"(?:[.,;:!?\"')\]’”»]\s*|(?<![^\W\d_])(?!(?:\w*met(?:er|re)s?|feet|foot|inch(?:es)?|miles?)$)[^\W\d_]{4,})$"
)
_BEFORE_LINK: Final = re.compile(r"[^\s([/–-]$")
_MARK: Final = re.compile(r"[\[(]?[\d*†‡§,–]{1,12}[\])]?")
_BACK: Final = frozenset(["↩", "↑", "⏎", "^", "↵"])
#: Names of `<meta>` that tell the author and the date, the surest first. Before some stands that of Dublin Core.
_AUTHOR: Final = ("citation_author", "creator", "author", "article:author")
_DATE: Final = ("citation_publication_date", "citation_date", "issued", "article:published_time", "date")
_DUBLIN_CORE: Final = re.compile(r"^dc(?:terms)?[.:]")
_DAY: Final = re.compile(r"\d{4}(?:[-/]\d\d){0,2}(?!\d)")
#: How many characters of a part that was left out are reported.
_TOLD: Final = 50
#: Characters that only tell programs where a word may be broken.
_INVISIBLE: Final = str.maketrans("", "", "\u00ad\u200b\u200c\u200d\u2060\ufeff")
_SPACE: Final = re.compile(r"\s+")


def outline_html(source: str) -> Outline:
    """Return the text of a page and its blocks, and how the parts begin that were left out of it.

    Menus, forms and the header and footer of the page are left out; of a page that says which part is the main one,
    that part is taken.
    """
    tree = LexborHTMLParser(source)
    writer = _Writer()
    root = _main_part(tree)
    if root is not None:
        _walk(root, writer)
    writer.end_block(BlockKind.PARAGRAPH)
    names = (root and root.css_first("h1"), tree.css_first("h1"), tree.css_first("title"))
    named = next((_one_line_text(node) for node in names if node is not None and _one_line_text(node)), None)
    tag = (tree.root.attributes.get("lang") if tree.root is not None else None) or ""
    # Pages in bokmål often say only that they are Norwegian.
    tag = re.sub(r"(?i)^no(?=-|$)", "nb", tag)
    language = tag if is_language(tag) else None
    authors, (day, *_) = _meta(tree, _AUTHOR), (*_meta(tree, _DATE), "")
    found = Outline(writer.text, tuple(writer.blocks), named, line_ends_sentence=True, language=language)
    return replace(found, left_out=tuple(filter(None, writer.left_out)), authors=authors, published=read_day(day))


def read_day(text: str) -> str | None:
    """Return the day, month or year that a text begins with.

    >>> read_day("2024/05/17 08:00"), read_day("2024-05"), read_day("17 May 2024")
    ('2024-05-17', '2024-05', None)
    """
    found = _DAY.match(text)
    return found and found[0].replace("/", "-")


def _meta(tree: LexborHTMLParser, names: tuple[str, ...]) -> tuple[str, ...]:
    """Return what a page says of itself under the first of some names that it has."""
    said: dict[str, list[str]] = {}
    for node in tree.css("meta"):
        name, text = node.attributes.get("name") or node.attributes.get("property"), node.attributes.get("content")
        if name and text and not text.startswith("http"):
            said.setdefault(_DUBLIN_CORE.sub("", name.lower()), []).append(" ".join(text.split()))
    return tuple(next((said[name] for name in names if name in said), ()))


def _main_part(tree: LexborHTMLParser) -> LexborNode | None:
    articles = tree.css("article")
    found = tree.css_first("main, [role=main]") or (articles[0] if len(articles) == 1 else None)
    return found if found is not None and _one_line_text(found) else tree.body


@dataclass
class _Writer:
    """Puts blocks one after the other into a text."""

    text: str = ""
    blocks: list[Block] = field(default_factory=list)
    #: The text read so far of the block that has not ended yet.
    pending: list[str] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)

    def ends_with(self, pattern: re.Pattern[str]) -> bool:
        return pattern.search("".join(self.pending[-2:])) is not None

    def end_block(self, kind: BlockKind) -> None:
        """Write what is pending: two line breaks in a row end a paragraph."""
        lines = [" ".join(line.split()) for line in "".join(self.pending).split("\n")]
        self.pending.clear()
        for part in re.split(r"\n{2,}", "\n".join(lines)):
            if part.strip():
                self.add(kind, part.strip("\n"))

    def add(self, kind: BlockKind, content: str) -> None:
        self.text += "\n\n" * bool(self.text)
        start = len(self.text)
        self.text += content
        self.blocks.append(Block(kind, start, len(self.text)))

    def add_table(self, rows: list[list[str]], has_heads: bool) -> None:
        self.add(BlockKind.TABLE, "\n".join("\t".join(row) for row in rows))
        start, end = self.blocks[-1].start, self.blocks[-1].end
        cells = find_cells(self.text, start, end, has_heads=has_heads)
        self.blocks[-1] = Block(BlockKind.TABLE, cells[0].start, cells[-1].end, cells)


def _walk(root: LexborNode, writer: _Writer) -> None:
    """Read an element and all below it. Pages may be nested more deeply than functions can be."""
    stack: list[tuple[LexborNode, bool]] = [(root, False)]
    while stack:
        node, is_read = stack.pop()
        tag = node.tag or ""
        if tag == "-text":
            writer.pending.append(_SPACE.sub(" ", (node.text_content or "").translate(_INVISIBLE)))
        elif tag == "br":
            writer.pending.append("\n")
        elif is_read:
            writer.end_block(BlockKind.HEADING if tag in _HEADINGS else BlockKind.PARAGRAPH)
        elif tag in _SILENT or _is_hidden(node) or _is_note_mark(node, writer):
            continue
        elif tag in _SKIPPED or _is_about_the_page(node):
            writer.left_out.append(textwrap.shorten(node.text(separator=" ") or "", _TOLD, placeholder=" …"))
        elif tag == "table" and (rows := _rows_of_data(node)):
            _read_table(node, rows, writer)
        else:
            if tag in _BLOCKS or tag in _HEADINGS:
                writer.end_block(BlockKind.PARAGRAPH)
                stack.append((node, True))
            stack += [(child, False) for child in reversed(list(node.iter(include_text=True)))]


def _is_hidden(node: LexborNode) -> bool:
    marks = node.attributes
    style = (marks.get("style") or "").replace(" ", "")
    return "hidden" in marks or marks.get("aria-hidden") == "true" or "display:none" in style


def _is_note_mark(node: LexborNode, writer: _Writer) -> bool:
    """Whether an element is the raised number that leads to a note, or the arrow that leads back from it.

    Such a number would join two sentences, or change the word before it.
    """
    if node.attributes.get("role") in ("doc-noteref", "doc-backlink"):
        return True
    if node.tag not in ("a", "sup"):
        return False
    text = "".join((node.text() or "").split()).strip("\ufe0e\ufe0f")
    is_mark = _MARK.fullmatch(text) is not None
    if node.tag == "sup":
        return node.css_first("a") is not None or (is_mark and writer.ends_with(_BEFORE_MARK))
    stays_here = (node.attributes.get("href") or "").startswith("#")
    is_raised = node.css_first("sup") is not None or writer.ends_with(_BEFORE_LINK)
    return text in _BACK or (stays_here and is_mark and is_raised)


def _is_about_the_page(node: LexborNode) -> bool:
    """Whether an element is a header, footer or aside, and isn't within a part of the text or is made of links."""
    if node.tag not in _BESIDE:
        return False
    text = len((node.text() or "").strip())
    linked = sum(len((link.text() or "").strip()) for link in node.css("a"))
    around = node.parent
    while around is not None and around.tag not in _CONTENT:
        around = around.parent
    return around is None or 2 * linked > text


def _rows_of_data(table: LexborNode) -> list[LexborNode]:
    """Return the rows of a table; none of one that only puts blocks beside each other."""
    if table.css_first("table table, h1, h2, h3, h4, h5, h6, ul, ol") is not None:
        return []
    rows = table.css("tr")
    return rows if len(rows) > 1 and any(len(list(_cells_of(row))) > 1 for row in rows) else []


def _cells_of(row: LexborNode) -> Iterator[LexborNode]:
    return (cell for cell in row.iter() if cell.tag in ("td", "th"))


def _read_table(table: LexborNode, rows: list[LexborNode], writer: _Writer) -> None:
    writer.end_block(BlockKind.PARAGRAPH)
    caption = table.css_first("caption")
    if caption is not None and _one_line_text(caption):
        writer.add(BlockKind.PARAGRAPH, _one_line_text(caption))
    has_heads = all(cell.tag == "th" for cell in _cells_of(rows[0])) or table.css_first("thead tr") is not None
    grid = _texts_by_row_and_column(rows)
    if any(any(row) for row in grid):
        writer.add_table(grid, has_heads)


def _texts_by_row_and_column(rows: list[LexborNode]) -> list[list[str]]:
    """Return the texts of the cells by row and column; a cell that spans several is in the first of them."""
    taken: dict[tuple[int, int], str] = {}
    for number, row in enumerate(rows):
        column = 0
        for cell in _cells_of(row):
            while (number, column) in taken:
                column += 1
            height, width = _span(cell, "rowspan"), _span(cell, "colspan")
            for place in ((number + down, column + right) for down in range(height) for right in range(width)):
                taken[place] = ""
            taken[number, column] = _one_line_text(cell)
    width = 1 + max((column for _, column in taken), default=-1)
    return [[taken.get((number, column), "") for column in range(width)] for number in range(len(rows))]


def _span(cell: LexborNode, name: str) -> int:
    value = cell.attributes.get(name) or ""
    return min(int(value), 100) if value.isdecimal() and int(value) else 1


def _one_line_text(node: LexborNode) -> str:
    writer = _Writer()
    _walk(node, writer)
    writer.end_block(BlockKind.PARAGRAPH)
    return " ".join(writer.text.split())
