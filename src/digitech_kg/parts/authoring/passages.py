"""Cut a text into the passages that claims can cite: sections, headings, paragraphs, sentences, tables and cells.

In plain text an empty line ends a block, and a block of lines with tabs is a table. A short line of its own without a
full stop is a heading if text follows; where any line begins with "#", those lines are the headings and no others.

Names follow one pattern: `s2` section, `h02` heading, `p07` paragraph or table, `p07.s02` sentence 2 of it,
`p14.c3.r2` column 3, row 2 of a table, whose heads are row 0. The library that splits sentences knows abbreviations of
some 40 languages. Norwegian is not among them; Danish, which abbreviates nearly alike, is taken in its place.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache, partial
from itertools import groupby
from pathlib import Path
from typing import Final

from pyoxigraph import Literal, NamedNode, Quad
from yasbd import BoundaryDetector, UnsupportedLanguageError

from digitech_kg.namespaces import DK, RDF, RDFS, Namespaces
from digitech_kg.sources.document_texts import hash_text, read_document
from digitech_kg.sources.html import Block, BlockKind, Cell, Outline, find_cells, trim

_LINE: Final = re.compile(r"[^\n]+")
#: Lines that aren't empty up to one that is, and each such line alone, but for the rows of a table.
_FULL: Final = r"^[^\S\n]*+\S[^\n]*"
_ROW: Final = rf"(?=[^\n]*\t){_FULL}"
_LINES: Final = re.compile(rf"{_FULL}(?:\n{_FULL})*", re.MULTILINE)
_LINE_OR_TABLE: Final = re.compile(rf"{_ROW}(?:\n{_ROW})*|{_FULL}", re.MULTILINE)
_MARKED_HEADING: Final = re.compile(r"\f?#{1,6}[ \t]+(?=\S)")
#: What begins an item of a list. Bullets and numbers are not part of its text; "(a)" is what others refer to it by.
_BULLET: Final = re.compile(r"[ \t\f]*[-*•‣▪◦·–—][ \t]+(?=\S)")
_NUMBER: Final = re.compile(r"[ \t\f]*\d{1,3}[.)][ \t]+(?=\S)")
_LETTER: Final = re.compile(r"[ \t\f]*\((?:[a-z]{1,4}|\d{1,3})\)[ \t]*\S")
_ITEMS: Final = (_BULLET, _NUMBER, _LETTER)
#: How a line ends that an item of a list can follow.
_BEFORE_ITEM: Final = re.compile(r"(?:[:;.,：；。]|\b(?:or|and|eller|og))\s*$")
#: Words that a number follows: "Fig.2".
_NUMBERED: Final = r"(?i:art|ch|fig|kap|nos?|nr|par|pkt|pp|sec|tab|vol)\."
#: The mark of a note after a sentence: "traffic.[1]", "so.2", "in 2020.3". "3.2", "U.S.1" and "Fig.2" have none.
_NOTE_MARK: Final = (
    r"(?:[.!?][”’»\"')\]]*(?P<sign>(?:\[\d{1,3}\])+|[¹²³⁰-⁹]+)"
    rf"|(?:(?:(?<!\d)\d{{4}}|\b(?!{_NUMBERED})[^\W\d_]{{2,}}|[)\]”’»\"'%])[.!?]|[.!?][”’»\"')\]])"
    r"(?P<number>\d{1,3}(?:,\s?\d{1,3})*))"
)
_ENDS_SENTENCE: Final = re.compile(rf"(?:[.!?。！？…][\"”’»」』)\]]*|{_NOTE_MARK})\s*$")
#: A full stop that belongs to a name.
_ENDS_NAME: Final = re.compile(r"\b(?:co|corp|inc|ltd|s\.a)\.$", re.IGNORECASE)
#: A heading ends with none of these either.
_ENDS_CLAUSE: Final = re.compile(r"[:;,：；，]$")
_LONGEST_HEADING: Final = 120
_MOST_WORDS: Final = 16
#: More short lines in a row than so many are a list of names, not headings. A title page has more.
_MOST_HEADINGS_IN_A_ROW: Final = 3
_MOST_LINES_OF_TITLE: Final = 8
#: A text with longer lines than this is not broken into lines by hand.
_LONGEST_BROKEN_LINE: Final = 120


def outline_text(text: str) -> Outline:
    """Return the blocks of a text whose lines end with "\\n"."""
    marked = any(_MARKED_HEADING.match(line) for line in text.split("\n"))
    groups = _LINE_OR_TABLE if _line_is_paragraph(text) else _LINES
    blocks = [block for group in groups.finditer(text) for block in _read_lines(text, *group.span())]
    return Outline(text, tuple(blocks if marked else _guess_headings(text, blocks)))


def _line_is_paragraph(text: str) -> bool:
    """Whether paragraphs are not broken into lines: most of the text is in long ones, or each ends a sentence."""
    lines = [line for line in text.split("\n") if line.strip()]
    widths = [sum(2 if c >= "\u2e80" else 1 for c in line) for line in lines]
    if sum(width for width in widths if width > _LONGEST_BROKEN_LINE) > sum(widths) / 2:
        return True
    return "\n\n" not in text.strip() and sum(bool(_ENDS_SENTENCE.search(line)) for line in lines) > len(lines) / 2


def _read_lines(text: str, start: int, end: int) -> Iterator[Block]:
    """Yield a table, or the heading, paragraph and items of a list that the lines are."""
    rows = text[start:end].split("\n")
    if len(rows) > 1 and "\t" in rows[0].strip() and all("\t" in row for row in rows):
        yield Block(BlockKind.TABLE, *trim(text, start, end), find_cells(text, start, end, has_heads=True))
        return
    part_start, before, item = start, "", None
    for match in _LINE.finditer(text, start, end):
        line = match[0]
        if heading := _MARKED_HEADING.match(line):
            yield from _paragraph(text, part_start, match.start())
            yield Block(BlockKind.HEADING, *trim(text, match.start() + heading.end(), match.end()))
            part_start, before, item = match.end(), "", None
            continue
        mark = next((mark for mark in _ITEMS if mark.match(line)), None)
        if mark and (not before or mark is item or _BEFORE_ITEM.search(before)):
            yield from _paragraph(text, part_start, match.start())
            part_start, item = match.start(), mark
        before = line
    yield from _paragraph(text, part_start, end)


def _paragraph(text: str, start: int, end: int) -> Iterator[Block]:
    mark = _BULLET.match(text, start, end) or _NUMBER.match(text, start, end)
    first, last = trim(text, mark.end() if mark else start, end)
    if first < last:
        yield Block(BlockKind.PARAGRAPH, first, last)


def _guess_headings(text: str, blocks: list[Block]) -> Iterator[Block]:
    """Yield the blocks, with short lines that text follows as headings."""
    before = None
    for is_short, group in groupby(blocks, partial(_looks_like_heading, text)):
        run = list(group)
        is_end, is_introduced = run[-1] is blocks[-1], before is not None and text[before.end - 1] in ":："
        most = _MOST_HEADINGS_IN_A_ROW if before or is_end else _MOST_LINES_OF_TITLE
        may_begin = is_short and not is_introduced and not (is_end and len(run) <= most)
        headings = _count_headings(text, run, most) if may_begin else 0
        yield from (Block(BlockKind.HEADING, block.start, block.end) for block in run[:headings])
        yield from run[headings:]
        before = run[-1]


def _count_headings(text: str, run: list[Block], most: int) -> int:
    """Return how many of some short lines in a row are headings: not those of a list of names or numbered items."""
    numbered = [bool(_NUMBER.match(_with_its_mark(text, block))) for block in run]
    if sum(numbered) > 1:
        return numbered.index(True)
    return 1 if len(run) > most else len(run)


def _looks_like_heading(text: str, block: Block) -> bool:
    content, line = text[block.start : block.end], _with_its_mark(text, block)
    return (
        block.kind is BlockKind.PARAGRAPH
        and "\n" not in content
        and len(content) <= _LONGEST_HEADING
        and len(content.split()) <= _MOST_WORDS
        and not content[0].islower()
        and (not _ENDS_SENTENCE.search(content) or bool(_ENDS_NAME.search(content)))
        and not _ENDS_CLAUSE.search(content)
        and not _BULLET.match(line)
        and not _LETTER.match(line)
    )


def _with_its_mark(text: str, block: Block) -> str:
    """Return a paragraph with the bullet or number before it."""
    return text[text.rfind("\n", 0, block.start) + 1 : block.end]


def read_outline(path: Path) -> Outline:
    """Return the text of a file and its blocks. Raises `CallError` if the file can't be read or has no text."""
    found = read_document(path)
    return found if found.blocks else replace(outline_text(found.text), left_out=found.left_out)


_IN_PLACE_OF: Final = {"nb": "da", "nn": "da", "no": "da"}
_FALLBACK: Final = "en"
#: A sentence of Norwegian that ends so goes on.
_NORWEGIAN: Final = re.compile(
    r"\b(?:ang|avd|bl\.a|dvs|etc|evt|f\.eks|fork|gj|iht|ifm|ift|inkl|jf|jfr|kap|kgl|kl|mht|mill|mrd|nr|obs|off|"
    r"pga|pkt|pst|ref|res|sml|st|St\.meld|Meld|Prop|Innst|Ot\.prp|tab|tlf|vedr|vs)\.$"
)
#: Words of Norwegian that are abbreviations in Danish alone, where a word with a capital follows: not “art. 5”.
_NORWEGIAN_WORD: Final = re.compile(r"\b(?:art|det|fil|med|min)\.(?=\s+[“\"‘«(]?[A-ZÆØÅ][a-zæøå])")
_MARK_WITHIN: Final = re.compile(rf"{_NOTE_MARK}(?=\s+[“\"‘(]?[^\W\d_a-z])")
#: A new line within a paragraph doesn't end a sentence.
_SPACE: Final = str.maketrans("\n\t\f", "   ")
_DIGIT_BEFORE_MONTH: Final = re.compile(r"\b\d{1,2}\.$")
_LOWER: Final = re.compile(r"\s*[^\W\d_A-ZÆØÅ]")


def split_sentences(text: str, language: str) -> list[tuple[int, int]]:
    """Return the offsets of the sentences of a paragraph, without the space between them.

    A language that the library does not know is split as English is.

    >>> split_sentences("It is in the U.S. today. So is she.", "en")
    [(0, 24), (25, 35)]
    """
    text = text.translate(_SPACE)
    spans: list[tuple[int, int]] = []
    start = 0
    norwegian = language.partition("-")[0] in _IN_PLACE_OF
    for end in _sentence_ends(text, language):
        if end < len(text) and norwegian and _norwegian_goes_on(text, start, end):
            continue
        first, last = trim(text, start, end)
        if first < last:
            spans.append((first, last))
        start = end
    return spans


def _sentence_ends(text: str, language: str) -> list[int]:
    """Return where sentences may end: the mark of a note belongs to the sentence before it, and changes no end."""
    if item := _NUMBER.match(text):  # Else what follows is taken for a list.
        text = f"{' ' * item.end()}{text[item.end() :]}"
    marks = [found.span(found.lastgroup or 0) for found in _MARK_WITHIN.finditer(text)]
    for start, end in marks:
        text = f"{text[:start]}{' ' * (end - start)}{text[end:]}"
    ends = {*_detector(language).detect(text), len(text)}
    if language.partition("-")[0] in _IN_PLACE_OF:
        ends |= {found.end() for found in _NORWEGIAN_WORD.finditer(text)}
    return sorted({next((last for first, last in marks if first <= end < last), end) for end in ends})


def _norwegian_goes_on(text: str, start: int, end: int) -> bool:
    part = text[start:end].rstrip()
    return bool(_NORWEGIAN.search(part) or (_DIGIT_BEFORE_MONTH.search(part) and _LOWER.match(text, end)))


@cache
def _detector(language: str) -> BoundaryDetector:
    main = language.partition("-")[0].lower()
    try:
        return BoundaryDetector(_IN_PLACE_OF.get(main, main))
    except UnsupportedLanguageError:
        return BoundaryDetector(_FALLBACK)


@dataclass(frozen=True, slots=True)
class CutPassage:
    """A part of a text. `parent` is the name of the passage that it is part of; None if that is the document."""

    name: str
    type: NamedNode
    start: int
    end: int
    parent: str | None = None
    #: SHA-256 of the text; sections, which are only made of other passages, have none.
    text_hash: str | None = None
    #: Only of sections: the text of their heading.
    label: str | None = None
    row: int | None = None
    column: int | None = None


def cut_passages(outline: Outline, language: str) -> list[CutPassage]:
    """Return the passages of a text in their order; each heading begins a section."""
    sections: list[CutPassage] = []
    passages: list[CutPassage] = []
    paragraphs = 0
    for block in outline.blocks:
        if block.kind is BlockKind.HEADING:
            label = " ".join(outline.text[block.start : block.end].split())
            sections.append(CutPassage(f"s{len(sections) + 1}", DK.Section, block.start, block.end, label=label))
            heading = _make(outline, f"h{len(sections):02d}", DK.Heading, block, sections[-1].name)
            passages += [sections[-1], heading]
            continue
        paragraphs += 1
        section = sections[-1].name if sections else None
        passages += _cut_block(outline, block, f"p{paragraphs:02d}", section, language)
    ends = {passage.parent: passage.end for passage in passages if passage.parent}
    return [replace(passage, end=ends[passage.name]) if passage.label else passage for passage in passages]


def _make(outline: Outline, name: str, of_type: NamedNode, part: Block | Cell, parent: str | None) -> CutPassage:
    row, column = (part.row, part.column) if isinstance(part, Cell) else (None, None)
    text_hash = hash_text(outline.text[part.start : part.end])
    return CutPassage(name, of_type, part.start, part.end, parent, text_hash, row=row, column=column)


def _cut_block(outline: Outline, block: Block, name: str, section: str | None, language: str) -> Iterator[CutPassage]:
    is_table = block.kind is BlockKind.TABLE
    yield _make(outline, name, DK.Table if is_table else DK.Paragraph, block, section)
    for cell in block.cells:
        of_type = DK.HeaderCell if cell.row == 0 else DK.TableCell
        yield _make(outline, f"{name}.c{cell.column}.r{cell.row}", of_type, cell, name)
    for number, sentence in enumerate(() if is_table else _sentences(outline, block, language), start=1):
        yield _make(outline, f"{name}.s{number:02d}", DK.Sentence, sentence, name)


def _sentences(outline: Outline, block: Block, language: str) -> Iterator[Block]:
    content, start = outline.text[block.start : block.end], block.start
    for line in content.split("\n") if outline.line_ends_sentence else [content]:
        yield from (Block(block.kind, start + first, start + last) for first, last in split_sentences(line, language))
        start += len(line) + 1


def passage_quads(
    passages: list[CutPassage], outline: Outline, document: str, language: str, names: Namespaces
) -> Iterator[Quad]:
    """Yield what a document's graph says of its passages.

    Pages are known of a text with form feeds, which stand between them.
    """
    graph = names.graphs.document(document)
    pages = [place for place, character in enumerate(outline.text) if character == "\f"]
    order = 0
    for passage in passages:
        order += bool(passage.text_hash)
        page = _page(passage, pages) if pages and passage.text_hash else None
        said: dict[NamedNode, NamedNode | Literal | str | int | None] = {
            RDF.type: passage.type,
            DK.isPartOf: names.passage(document, passage.parent) if passage.parent else names.thing(document),
            DK.startOffset: passage.start,
            DK.endOffset: passage.end,
            DK.rowNumber: passage.row,
            DK.columnNumber: passage.column,
            DK.orderInDocument: order if passage.text_hash else None,
            DK.textHash: passage.text_hash,
            DK.pageLabel: page,
            DK.pageIsEstimated: False if page else None,
            RDFS.label: Literal(passage.label, language=language) if passage.label else None,
        }
        node = names.passage(document, passage.name)
        for prop, value in said.items():
            if value is not None:
                yield Quad(node, prop, Literal(value) if isinstance(value, str | int) else value, graph)


def _page(passage: CutPassage, pages: list[int]) -> str:
    first, last = (1 + bisect_right(pages, place) for place in (passage.start, passage.end - 1))
    return str(first) if first == last else f"{first}-{last}"
