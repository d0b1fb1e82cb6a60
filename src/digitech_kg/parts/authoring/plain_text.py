"""The blocks of plain text: headings, paragraphs, items of lists and tables.

An empty line ends a block. A block of lines with tabs is a table. A short line of its own without a full stop is a
heading if text follows; where any line begins with "#", those lines are the headings and no others.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from digitech_kg.sources.document_texts import read_document
from digitech_kg.sources.html import Block, Kind, Outline, find_cells, trim

_LINE: Final = re.compile(r"[^\n]+")
_MARKED_HEADING: Final = re.compile(r"#{1,6}[ \t]+(?=\S)")
#: What begins an item of a list. Bullets and numbers are not part of its text; "(a)" is what others refer to it by.
_BULLET: Final = re.compile(r"[ \t\f]*[-*•‣▪◦·–—][ \t]+(?=\S)")
_NUMBER: Final = re.compile(r"[ \t\f]*\d{1,3}[.)][ \t]+(?=\S)")
_LETTER: Final = re.compile(r"[ \t\f]*\((?:[a-z]{1,4}|\d{1,3})\)[ \t]*\S")
_ITEMS: Final = (_BULLET, _NUMBER, _LETTER)
#: How a line ends that an item of a list can follow.
_BEFORE_ITEM: Final = re.compile(r"(?:[:;.,：；。]|\b(?:or|and|eller|og))\s*$")
_ENDS_SENTENCE: Final = re.compile(r"[.!?。！？…][\"”’»」』)\]]*\s*$")
#: A full stop that belongs to a name.
_ENDS_NAME: Final = re.compile(r"\b(?:co|corp|inc|ltd|s\.a)\.$", re.IGNORECASE)
#: A heading ends with none of these either.
_ENDS_CLAUSE: Final = re.compile(r"[:;,：；，]$")
_LONGEST_HEADING: Final = 120
_MOST_WORDS: Final = 16
#: So many short lines in a row are a list of names, not headings.
_MOST_HEADINGS_IN_A_ROW: Final = 3
#: A text with longer lines than this is not broken into lines by hand.
_LONGEST_BROKEN_LINE: Final = 120


def outline_text(text: str) -> Outline:
    """Return the blocks of a text whose lines end with "\\n"."""
    marked = any(_MARKED_HEADING.match(line) for line in text.split("\n"))
    blocks = [block for start, end in _split(text) for block in _read_lines(text, start, end)]
    return Outline(text, tuple(blocks if marked else _guess_headings(text, blocks)))


def _split(text: str) -> Iterator[tuple[int, int]]:
    """Yield groups of lines: between empty ones, or each line where a line is a paragraph. Rows of a table stay."""
    lines = [match.span() for match in _LINE.finditer(text) if match[0].strip()]
    apart = _line_is_paragraph(text, lines)
    group: list[tuple[int, int]] = []
    for start, end in lines:
        in_table = bool(group) and "\t" in text[group[-1][0] : group[-1][1]] and "\t" in text[start:end]
        ends = apart and not in_table
        if group and (ends or start - group[-1][1] > 1):
            yield group[0][0], group[-1][1]
            group = []
        group.append((start, end))
    if group:
        yield group[0][0], group[-1][1]


def _line_is_paragraph(text: str, lines: list[tuple[int, int]]) -> bool:
    """Whether paragraphs are not broken into lines: most of the text is in long ones, or each ends a sentence."""
    widths = [sum(2 if c >= "\u2e80" else 1 for c in text[start:end]) for start, end in lines]
    if sum(width for width in widths if width > _LONGEST_BROKEN_LINE) > sum(widths) / 2:
        return True
    ending = sum(bool(_ENDS_SENTENCE.search(text[start:end])) for start, end in lines)
    return "\n\n" not in text.strip() and ending > len(lines) / 2


def _read_lines(text: str, start: int, end: int) -> Iterator[Block]:
    """Yield a table, or the heading, paragraph and items of a list that the lines are."""
    rows = text[start:end].split("\n")
    if len(rows) > 1 and "\t" in rows[0].strip() and all("\t" in row for row in rows):
        yield Block(Kind.TABLE, *trim(text, start, end), find_cells(text, start, end, has_heads=True))
        return
    part_start, before, item = start, "", None
    for match in _LINE.finditer(text, start, end):
        line = match[0]
        if heading := _MARKED_HEADING.match(line):
            yield from _paragraph(text, part_start, match.start())
            yield Block(Kind.HEADING, *trim(text, match.start() + heading.end(), match.end()))
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
        yield Block(Kind.PARAGRAPH, first, last)


def _guess_headings(text: str, blocks: list[Block]) -> Iterator[Block]:
    """Yield the blocks, with short lines that text follows as headings."""
    short = [_looks_like_heading(text, block) for block in blocks]
    place = 0
    while place < len(blocks):
        end = place
        while end < len(blocks) and short[end]:
            end += 1
        run = blocks[place:end]
        headings = 0 if end == len(blocks) and len(run) <= _MOST_HEADINGS_IN_A_ROW else _count_headings(text, run)
        if place > 0 and text[blocks[place - 1].end - 1] in ":：":
            headings = 0
        yield from (Block(Kind.HEADING, block.start, block.end) for block in run[:headings])
        yield from run[headings:]
        yield from blocks[end : end + 1]
        place = end + 1


def _count_headings(text: str, run: list[Block]) -> int:
    """Return how many of some short lines in a row are headings: not those of a list of names or numbered items."""
    numbered = [bool(_NUMBER.match(_whole_line(text, block))) for block in run]
    if sum(numbered) > 1:
        return numbered.index(True)
    return 1 if len(run) > _MOST_HEADINGS_IN_A_ROW else len(run)


def _looks_like_heading(text: str, block: Block) -> bool:
    content, line = text[block.start : block.end], _whole_line(text, block)
    return (
        block.kind is Kind.PARAGRAPH
        and "\n" not in content
        and len(content) <= _LONGEST_HEADING
        and len(content.split()) <= _MOST_WORDS
        and not content[0].islower()
        and (not _ENDS_SENTENCE.search(content) or bool(_ENDS_NAME.search(content)))
        and not _ENDS_CLAUSE.search(content)
        and not _BULLET.match(line)
        and not _LETTER.match(line)
    )


def _whole_line(text: str, block: Block) -> str:
    """Return a paragraph with the bullet or number before it."""
    return text[text.rfind("\n", 0, block.start) + 1 : block.end]


def read_outline(path: Path) -> Outline:
    """Return the text of a file and its blocks. Raises `CallError` if the file can't be read or has no text."""
    found = read_document(path)
    return outline_text(found) if isinstance(found, str) else found
